/** Gradient checks for programs and tests: a function, and a matcher for vitest and jest. */

import { type CheckModuleOptions, checkModule, type TensorResult } from './module/module.ts';
import { reportText } from './module/report.ts';
import type { Check } from './result.ts';

/** What `checkGradients` found. */
export interface GradientReport {
  /** Whether every check passed. */
  readonly passed: boolean;
  /** The gradients, and then that inputs stay unchanged and gradients are overwritten; as in `--json`. */
  readonly checks: readonly Check[];
  /** The gradients entry by entry. */
  readonly tensors: readonly TensorResult[];
  /** The whole report in plain text, with what is wrong and how to mend it. */
  readonly report: string;
}

/**
 * Checks every gradient of a layer or loss against central differences of its forward, and diagnoses what is wrong.
 *
 * @param module an object, a module's exports, or a class that is made without arguments, with forward and backward
 * @throws ModuleError if it cannot be checked, in one line
 * @throws RangeError if an option is out of range
 */
export function checkGradients(module: object, options: CheckModuleOptions = {}): GradientReport {
  const report = checkModule(module, { name: nameOf(module), ...options });
  return {
    passed: report.passed,
    checks: report.checks,
    tensors: report.tensors,
    report: reportText(report),
  };
}

/** What a test runner wants to know of a matcher. */
export interface MatcherResult {
  readonly pass: boolean;
  message(): string;
}

/**
 * Matchers for `expect.extend`: `expect(layer).toHaveCorrectGradients(options?)`. A failure's message is the whole
 * report. A module that cannot be checked fails with or without `.not`.
 */
export const gradientMatchers = {
  toHaveCorrectGradients(received: unknown, options: CheckModuleOptions = {}): MatcherResult {
    const { passed, report } = checkGradients(received as object, options);
    return {
      pass: passed,
      message: () => `expected ${passed ? 'wrong' : 'correct'} gradients\n\n${report}`,
    };
  },
};

function nameOf(module: unknown): string {
  if (typeof module === 'function') return module.name || 'class';
  const name = module?.constructor?.name;
  return name === undefined || name === 'Object' || name === 'Module' ? 'module' : name;
}
