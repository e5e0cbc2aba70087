/** How often values fall into ranges of equal width. */

/** Bins of equal width between `from` and `to`; the last takes in `to` itself. */
export interface Histogram {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}

export const HISTOGRAM_BINS = 40;

/**
 * A histogram of 40 bins from the smallest to the largest value; if all values are equal, from ½ below to ½ above.
 * Values that are not finite are dropped, so the counts add up to the number of finite ones.
 */
export function histogram(values: ArrayLike<number>): Histogram {
  let from = Infinity;
  let to = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    if (value < from) from = value;
    if (value > to) to = value;
  }
  const counts = new Array<number>(HISTOGRAM_BINS).fill(0);
  if (from > to) return { from: 0, to: 1, counts };
  if (from === to) {
    from -= 0.5;
    to += 0.5;
  }
  const perBin = HISTOGRAM_BINS / (to - from);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    counts[Math.min(HISTOGRAM_BINS - 1, Math.floor((value - from) * perBin))]++;
  }
  return { from, to, counts };
}
