/** Holds samples out of a training set, for validation or as a test set. */

import type { Random } from '../kernels/random.ts';

/** Row numbers, each ascending; together every row once. */
export interface HeldOutRows {
  readonly train: Uint32Array;
  readonly heldOut: Uint32Array;
}

/**
 * Draws the rows to hold out at random, stratified: of n_c samples of class c among n, either ⌊held · n_c / n⌋ or
 * one more. The classes with the largest remainders give the one more (of equals, the lower class), so that the
 * total is exact.
 *
 * @param labels the class of each row, [n]
 * @param classes how many classes there are
 * @param held how many rows to hold out (a whole number, 1 to n − 1), or which fraction (between 0 and 1, of n,
 *   rounded to whole rows)
 * @param random decides which rows; the same state gives the same split
 * @param name what the rows are held out for, as used in messages
 * @throws {RangeError} `held` is neither, or leaves no row on one of the sides; a label is not below `classes`
 */
export function holdOut(
  labels: Uint8Array,
  classes: number,
  held: number,
  random: Pick<Random, 'below'>,
  name = 'validation',
): HeldOutRows {
  const n = labels.length;
  const rows = heldRows(held, n, name);
  const rowsOfClass: number[][] = Array.from({ length: classes }, () => []);
  for (const [row, label] of labels.entries()) {
    if (label >= classes) {
      throw new RangeError(`${name}: expected labels below ${classes}, got ${label} at sample ${row}`);
    }
    rowsOfClass[label].push(row);
  }

  const isHeld = new Uint8Array(n);
  const shares = apportion(
    rowsOfClass.map((members) => members.length),
    rows,
  );
  for (const [label, members] of rowsOfClass.entries()) {
    for (let i = 0; i < shares[label]; i++) {
      const j = i + random.below(members.length - i);
      isHeld[members[j]] = 1;
      members[j] = members[i];
    }
  }

  const train = new Uint32Array(n - rows);
  const heldOut = new Uint32Array(rows);
  let trainCount = 0;
  let heldOutCount = 0;
  for (let row = 0; row < n; row++) {
    if (isHeld[row]) heldOut[heldOutCount++] = row;
    else train[trainCount++] = row;
  }
  return { train, heldOut };
}

/** How many of n rows `held` means. */
function heldRows(held: number, n: number, name: string): number {
  if (!(held > 0) || (held >= 1 && !Number.isInteger(held))) {
    throw new RangeError(`${name}: expected a whole number of samples or a fraction below 1, got ${held}`);
  }
  const rows = held < 1 ? Math.round(held * n) : held;
  if (rows < 1 || rows >= n) {
    const meaning = held < 1 ? ` (${held} of ${n})` : '';
    throw new RangeError(
      `${name}: expected to hold out 1 to ${n - 1} of ${n} samples, got ${rows}${meaning}`,
    );
  }
  return rows;
}

/** Shares `total` out in proportion to `counts` by largest remainder; in whole numbers, so that no tie is rounded. */
function apportion(counts: readonly number[], total: number): number[] {
  const sum = counts.reduce((a, b) => a + b, 0);
  const remainders = counts.map((count) => (total * count) % sum);
  const shares = counts.map((count, i) => (total * count - remainders[i]) / sum);
  const missing = total - shares.reduce((a, b) => a + b, 0);
  const byRemainder = [...counts.keys()].sort((a, b) => remainders[b] - remainders[a] || a - b);
  for (const i of byRemainder.slice(0, missing)) shares[i]++;
  return shares;
}
