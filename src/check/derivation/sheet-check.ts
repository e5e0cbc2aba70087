/** Derivation sheets on numbers: each line against the exact values and against the line before it. */

import type { NoteNet } from '../../formulas/formula.ts';
import { EquationError } from '../../formulas/language/errors.ts';
import { checkEquation, DERIVATION_TOLERANCE, type DerivationOptions, NetPool } from './derivation.ts';
import { checkLines } from './lines.ts';
import type { SheetLine } from './sheet.ts';

/** How a line fares: `follows` is wrong only because the wrong line before it is. */
export type Verdict = 'right' | 'wrong' | 'follows' | 'open';

export interface SheetLineCheck {
  readonly line: number;
  readonly equation: string;
  readonly verdict: Verdict;
  /** What is wrong with the first wrong line, if that can be said. */
  readonly diagnosis: string | null;
}

export interface SheetCheck {
  /** Whether every line is right and none is open. */
  readonly passed: boolean;
  /** The line of the file with the first wrong step; null where there is none. */
  readonly firstWrong: number | null;
  readonly lines: readonly SheetLineCheck[];
}

/** A line of a sheet that cannot be read. */
export class SheetError extends Error {
  override readonly name = 'SheetError';
  readonly line: number;

  constructor(line: number, cause: EquationError) {
    super(cause.message, { cause });
    this.line = line;
  }
}

/**
 * Checks the lines of a sheet in their order.
 *
 * @throws SheetError on a line that cannot be read
 */
export function checkSheet(
  lines: readonly SheetLine[],
  net: NoteNet,
  options: DerivationOptions = {},
): SheetCheck {
  const pool = new NetPool();
  const checks: SheetLineCheck[] = [];
  let firstWrong: number | null = null;
  for (const [k, { line, equation, isOpen }] of lines.entries()) {
    if (isOpen) {
      checks.push({ line, equation, verdict: 'open', diagnosis: null });
      continue;
    }
    try {
      const check = checkEquation(equation, net, { ...options, pool, diagnose: firstWrong === null });
      const before = checks.at(-1);
      const isAfterWrong = before?.verdict === 'wrong' || before?.verdict === 'follows';
      const follows =
        !check.passed && isAfterWrong && isSame([lines[k - 1].equation, equation], net, { ...options, pool });
      const verdict = check.passed ? 'right' : follows ? 'follows' : 'wrong';
      if (verdict === 'wrong') firstWrong ??= line;
      checks.push({ line, equation, verdict, diagnosis: check.diagnosis });
    } catch (error) {
      if (error instanceof EquationError) throw new SheetError(line, error);
      throw error;
    }
  }
  return { passed: checks.every(({ verdict }) => verdict === 'right'), firstWrong, lines: checks };
}

/** Whether the second line has the values of the first. */
function isSame(pair: readonly [string, string], net: NoteNet, options: DerivationOptions): boolean {
  const step = checkLines(pair, net, options)[1].step;
  return step !== null && step <= DERIVATION_TOLERANCE;
}
