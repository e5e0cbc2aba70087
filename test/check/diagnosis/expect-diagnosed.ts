/** What the checks of a module said, for the tests of the diagnosis. */

import { expect } from 'vitest';
import { checkModule } from '../../../src/check/module/module.ts';

/** The failed checks by name, each with its diagnosis. */
export function failures(module: object, seed = 1): Record<string, string | null> {
  const failed = checkModule(module, { seed }).checks.filter(({ passed }) => !passed);
  return Object.fromEntries(failed.map(({ name, diagnosis }) => [name, diagnosis]));
}

/** These checks fail and no others, each with a diagnosis of these words, wherever it is drawn. */
export function expectDiagnosed(module: object, expected: Record<string, RegExp>): void {
  for (const seed of [1, 5]) {
    const found = failures(module, seed);
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [name, words] of Object.entries(expected)) expect(found[name], name).toMatch(words);
  }
}
