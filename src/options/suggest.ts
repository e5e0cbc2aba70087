/** The «did you mean» of messages. */

import { distance } from 'fastest-levenshtein';
import type { OptionRow } from './option-row.ts';

/**
 * ` (did you mean "x"?)` for the name that another program has a word for, or else the nearest of the names, whatever
 * their case; nothing where none is near.
 *
 * @param elsewhere the words of other programs, each with the name here
 */
export function didYouMean(
  word: string,
  names: readonly string[],
  elsewhere: Readonly<Record<string, string>> = {},
): string {
  const known = new Map(Object.entries(elsewhere).map(([other, name]) => [plain(other), name]));
  const name = known.get(plain(word)) ?? nearest(word, names);
  return name === undefined ? '' : ` (did you mean "${name}"?)`;
}

/** The same of a key, by the names of the rows in other programs and here. */
export function otherName(word: string, rows: ReadonlyMap<string, OptionRow>, show = (key: string) => key) {
  const elsewhere = [...rows].flatMap(([key, { alsoKnownAs = [] }]) =>
    alsoKnownAs.map((name) => [name, show(key)]),
  );
  return didYouMean(word, [...rows.keys()].map(show), Object.fromEntries(elsewhere));
}

/** `num_epochs`, `numEpochs` and `--num-epochs` are one word. */
const plain = (word: string) => word.toLowerCase().replaceAll(/[-_ ]/g, '');

function nearest(word: string, names: readonly string[]): string | undefined {
  const bare = (name: string) => name.toLowerCase().replace(/^-+/, '');
  const far = (name: string) => distance(bare(word), bare(name));
  const [near] = names.toSorted((a, b) => far(a) - far(b));
  if (near === undefined) return undefined;
  // A third of a name may be mistyped, but not all of a short one.
  const most = Math.min(Math.max(2, Math.floor(near.length / 3)), near.length - 1);
  return far(near) <= most ? near : undefined;
}
