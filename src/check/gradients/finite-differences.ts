/** Central differences: the derivative of a scalar function by evaluating it to both sides, knowing no formula. */

import type { Derivative } from './derivative.ts';

/**
 * The default step h = 2⁻¹². The truncation error of the formula, h⁴ f⁽⁵⁾ / 30, is then about 10⁻¹⁶ and the
 * rounding of f, 10⁻¹⁶ |f| / h, about 10⁻¹²; a power of two, so that v ± h to v ± 3h are nearly always exact.
 */
export const STEP = 2 ** -12;

/** How far from an entry's value f is evaluated, in steps. */
export const REACH = 3;

/** A jump of the slope by less than this share of the gradient's largest entry spoils no digit that is looked at. */
const MIN_JUMP = 1e-7;

/**
 * The derivative of a scalar function by every entry of a tensor, by central differences of order 4:
 *
 * ∂f/∂v ≈ (8 (f(v + h) − f(v − h)) − (f(v + 2h) − f(v − 2h))) / 12h
 *
 * Seven evaluations an entry, from v − 3h to v + 3h, also show whether f has a kink there: a fifth difference of a
 * smooth f is about h⁵ f⁽⁵⁾, where the slope jumps by J it is up to 3h J, and of two that overlap one always sees it.
 *
 * @param values what f reads; each entry is changed and put back
 * @param f evaluates the function on what `values` holds at that moment
 * @param step h
 * @throws RangeError if the step is not above 0 and finite
 */
export function centralDifferences(values: Float64Array, f: () => number, step: number = STEP): Derivative {
  if (!(step > 0) || !Number.isFinite(step)) {
    throw new RangeError(`centralDifferences: expected a step above 0, got ${step}`);
  }
  const stencils = Array.from(values, (value, k) => {
    const at = Array.from({ length: 2 * REACH + 1 }, (_, i) => {
      values[k] = value + (i - REACH) * step;
      return f();
    });
    values[k] = value;
    return at;
  });

  const slopes = stencils.map((at) => at.slice(1).map((right, i) => (right - at[i]) / step));
  const steepest = slopes.flat().reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
  const largest = stencils.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const noise = (64 * Number.EPSILON * largest) / step;

  const kinks = new Map<number, readonly [number, number]>();
  const derivative = stencils.map((at, k) => {
    const jump = Math.max(...[0, 1].map((i) => Math.abs(fifthDifference(at, i)))) / step;
    if (jump > MIN_JUMP * steepest + noise) {
      // Beside a single kink one of the one-sided slopes is the derivative; those of a curved f's intervals are not.
      const sides = [...slopes[k], -oneSided(at.slice(0, 4).reverse(), step), oneSided(at.slice(3), step)];
      kinks.set(k, [Math.min(...sides), Math.max(...sides)]);
    }
    return (8 * (at[4] - at[2]) - (at[5] - at[1])) / (12 * step);
  });
  return { values: Float64Array.from(derivative), kinks };
}

/** Of the six values from `at[i]` on. */
const fifthDifference = (at: readonly number[], i: number): number =>
  at[i + 5] - 5 * at[i + 4] + 10 * at[i + 3] - 10 * at[i + 2] + 5 * at[i + 1] - at[i];

/** The slope at the first of four values, by the three after it; of order 3. */
const oneSided = ([f0, f1, f2, f3]: readonly number[], step: number): number =>
  (18 * f1 - 11 * f0 - 9 * f2 + 2 * f3) / (6 * step);
