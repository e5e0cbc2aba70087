/** The «did you mean» of messages. */

import { closest, distance } from 'fastest-levenshtein';

/** ` (did you mean "x"?)` for the nearest of the names, or nothing where none is near. */
export function didYouMean(word: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const near = closest(word.toLowerCase(), names as string[]);
  const most = Math.max(2, Math.floor(near.length / 3));
  return distance(word.toLowerCase(), near.toLowerCase()) <= most ? ` (did you mean "${near}"?)` : '';
}
