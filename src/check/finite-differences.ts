/** Central differences: the derivative of a scalar function by evaluating it to both sides, knowing no formula. */

import type { Matrix } from '../kernels/matrix.ts';

/**
 * The default step h = 2⁻¹². The truncation error of the formula, h⁴ f⁽⁵⁾ / 30, is then about 10⁻¹⁶ and the
 * rounding of f, 10⁻¹⁶ |f| / h, about 10⁻¹²; a power of two, so that v ± h and v ± 2h are nearly always exact.
 */
export const STEP = 2 ** -12;

/** How far from an entry's value f is evaluated, in steps: nearer than that, a kink spoils the derivative. */
export const REACH = 2;

/**
 * The derivative of a scalar function with respect to every entry of a matrix, by central differences of order 4:
 *
 * ∂f/∂v ≈ (8 (f(v + h) − f(v − h)) − (f(v + 2h) − f(v − 2h))) / 12h
 *
 * @param x the matrix that f reads, [rows, cols], float64 and dense; each entry is changed and put back
 * @param f evaluates the function on what x holds at that moment
 * @param step h
 * @returns ∂f/∂x, row-major, [rows, cols]
 * @throws RangeError if x is sparse or float32, or if the step is not above 0 and finite
 */
export function centralDifferences(x: Matrix, f: () => number, step: number = STEP): Float64Array {
  const { values } = x;
  if (x.nonzeros !== undefined)
    throw new RangeError('centralDifferences: expected a dense matrix, got sparse');
  if (!(values instanceof Float64Array)) {
    throw new RangeError('centralDifferences: expected float64 values, got float32');
  }
  if (!(step > 0) || !Number.isFinite(step)) {
    throw new RangeError(`centralDifferences: expected a step above 0, got ${step}`);
  }
  const gradient = new Float64Array(x.rows * x.cols);
  for (let k = 0; k < gradient.length; k++) {
    const value = values[k];
    const at = (v: number): number => {
      values[k] = v;
      return f();
    };
    const near = at(value + step) - at(value - step);
    const far = at(value + 2 * step) - at(value - 2 * step);
    values[k] = value;
    gradient[k] = (8 * near - far) / (12 * step);
  }
  return gradient;
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
