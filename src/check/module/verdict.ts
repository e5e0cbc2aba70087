/** Whether a gradient is what the differences say, and whether a second backward repeats it. */

import { isFlat } from '../diagnosis/batch.ts';
import { compare, relativeError } from '../gradients/derivative.ts';
import type { Differences } from './differences.ts';
import type { FoundGradient } from './gradients.ts';

/**
 * Compares a gradient with its differences. Only the differences are excused by the rounding of forward: an analytic
 * gradient beside differences that are all noise has to be 0 but for a rounding of its own.
 *
 * @param drawn the entries that were drawn; undefined for all
 * @param zero up to which an analytic value is such a 0
 * @returns max |a − n| / max |n|, Infinity where the gradient is missing or does not fit; and whether it fails by no more
 *   than the rounding of the differences
 */
export function judge(
  { gradient, problem }: FoundGradient,
  derivative: Differences,
  drawn: Uint32Array | undefined,
  zero: number,
  tolerance: number,
): { error: number; drowned: boolean } {
  if (gradient === undefined || problem !== null) return { error: Infinity, drowned: false };
  const { values, kinks, noise } = derivative;
  const analytic = drawn === undefined ? gradient.values : entriesOf(gradient.values, drawn);
  const isNoise = values.every((n, k) => Math.abs(n) <= noise[k]);
  if (kinks.size === 0 && isNoise && gradient.values.every((a) => Math.abs(a) <= zero)) {
    return { error: 0, drowned: false };
  }
  const { error } = compare(analytic, derivative);
  if (error <= tolerance || kinks.size === values.length) return { error, drowned: false };
  const isWithin = analytic.every((a, k) => {
    const [low, high] = kinks.get(k) ?? [values[k], values[k]];
    return a >= low - noise[k] && a <= high + noise[k];
  });
  return { error, drowned: isWithin || (isNoise && !isFlat(values, analytic)) };
}

/** Some of a tensor's entries. */
export const entriesOf = (values: Float64Array, places: Uint32Array): Float64Array =>
  Float64Array.from(places, (k) => values[k]);

/** How far the second of two gradients is from the first. */
export function change(first: FoundGradient, second: FoundGradient | undefined): number {
  if (first.gradient === undefined) return 0;
  const values = second?.gradient?.values;
  if (values === undefined || values.length !== first.gradient.values.length) return Infinity;
  return values.every((value, k) => Object.is(value, first.gradient?.values[k]))
    ? 0
    : relativeError(values, first.gradient.values);
}
