/** What a check of the battery found, and the equality checks beside the gradient checks of `src/check`. */

import type { GradientCheck } from '../../src/check/gradients/gradient-check.ts';

/** The part of a gradient check that decides whether a mutant lives. */
export type Finding = Pick<GradientCheck, 'what' | 'error' | 'passed'>;

/** Equal numbers, entry by entry, 0 and −0 alike: the error is 0, or Infinity. */
export function equal(what: string, got: ArrayLike<number>, expected: ArrayLike<number>): Finding {
  const passed = got.length === expected.length && Array.from(got).every((value, k) => value === expected[k]);
  return { what, error: passed ? 0 : Infinity, passed };
}
