/** What the commands that check have in common: the seed, and the JSON of checks. */

import type { Check } from '../check/result.ts';
import { MAX_SEED } from '../kernels/random.ts';
import { UsageError } from '../options/errors.ts';

/** @throws UsageError if the flag's text is not a whole number from 0 to `MAX_SEED` */
export function seedOf(text = '1'): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= MAX_SEED) return seed;
  throw new UsageError(`--seed: expected a whole number from 0 to ${MAX_SEED}, got ${text}`);
}

/** The JSON of the contract; a relative error that is infinite, as of a shape that does not fit, is null. */
export function checksJson(checks: readonly Check[]): string {
  return JSON.stringify({ passed: checks.every(({ passed }) => passed), checks });
}
