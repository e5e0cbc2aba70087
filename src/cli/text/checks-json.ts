/** The JSON of checks. */

import type { Check } from '../../check/result.ts';

/** The JSON of the contract; a relative error that is infinite, as of a shape that does not fit, is null. */
export function checksJson(checks: readonly Check[]): string {
  return JSON.stringify({ passed: checks.every(({ passed }) => passed), checks });
}
