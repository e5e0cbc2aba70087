/** The «did you mean» of messages. */

import { distance } from 'fastest-levenshtein';

/** ` (did you mean "x"?)` for the nearest of the names, whatever their case, or nothing where none is near. */
export function didYouMean(word: string, names: readonly string[]): string {
  const typed = word.toLowerCase();
  const far = (name: string) => distance(typed, name.toLowerCase());
  const [near] = names.toSorted((a, b) => far(a) - far(b));
  if (near === undefined) return '';
  // A third of a name may be mistyped, but not all of a short one.
  const most = Math.min(Math.max(2, Math.floor(near.length / 3)), near.length - 1);
  return far(near) <= most ? ` (did you mean "${near}"?)` : '';
}
