/** A numeric derivative, and how far an analytic one is from it. */

/** The derivative of a scalar by every entry of a tensor, as one of the methods gives it. */
export interface Derivative {
  /** Row-major, an entry for each of the tensor's. */
  readonly values: Float64Array;
  /**
   * The entries at a kink, by index, with the lower and the higher of the slopes on its two sides: there is no
   * derivative there, and `values` holds nothing to compare with.
   */
  readonly kinks: ReadonlyMap<number, readonly [low: number, high: number]>;
}

/** An analytic gradient beside a numeric one. */
export interface GradientComparison {
  /**
   * max |a − n| / max |n| over the tensor, where a at a kink counts by how far it lies outside of the one-sided slopes;
   * Infinity where only n is all 0, where an entry is infinite or NaN, or where every entry lies at a kink.
   */
  readonly error: number;
  /** How many entries lie at a kink. */
  readonly unchecked: number;
}

/**
 * Compares a gradient with a derivative.
 *
 * @param analytic a, by the formula under test, row-major
 * @throws RangeError if the lengths differ
 */
export function compare(analytic: ArrayLike<number>, { values, kinks }: Derivative): GradientComparison {
  if (analytic.length !== values.length) {
    throw new RangeError(`compare: expected ${values.length} entries, got ${analytic.length}`);
  }
  if (kinks.size > 0 && kinks.size === values.length) return { error: Infinity, unchecked: kinks.size };
  const nearest = values.map((n, k) => {
    const slopes = kinks.get(k);
    return slopes === undefined ? n : Math.min(Math.max(analytic[k], slopes[0]), slopes[1]);
  });
  return { error: relativeError(analytic, nearest), unchecked: kinks.size };
}

/**
 * How far an analytic gradient is from a numeric one: max |a − n| over the tensor / max |n| over the tensor. By the
 * whole tensor, because the error of a difference quotient is an absolute one: an entry near 0 has no digits of its own.
 *
 * @param analytic a, by the formula under test
 * @param numeric n, of the same length
 * @returns 0 where both are all 0; Infinity where only n is all 0, or where an entry of either is infinite or NaN
 * @throws RangeError if the lengths differ
 */
export function relativeError(analytic: ArrayLike<number>, numeric: ArrayLike<number>): number {
  if (analytic.length !== numeric.length) {
    throw new RangeError(`relativeError: expected ${numeric.length} entries, got ${analytic.length}`);
  }
  let difference = 0;
  let largest = 0;
  for (let k = 0; k < numeric.length; k++) {
    const d = Math.abs(analytic[k] - numeric[k]);
    if (!Number.isFinite(d)) return Infinity;
    difference = Math.max(difference, d);
    largest = Math.max(largest, Math.abs(numeric[k]));
  }
  if (largest === 0) return difference === 0 ? 0 : Infinity;
  return difference / largest;
}
