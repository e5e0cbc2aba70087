/** A formula of the registry that a step is, and which of its letters is which of the step's. */

import type { FormulaId } from '../formulas/formula.ts';
import { formula } from '../formulas/registry.ts';

export interface Citation {
  readonly id: FormulaId;
  /** The places of the lines among the formula's, counted from 0. */
  readonly lines: readonly number[];
  /** The part of the line that computes the step's result, where it is not the whole. */
  readonly part?: string;
  /** The symbol of the step for each letter of the formula's net: `{ X: 'x0', W1: 'W1' }`. */
  readonly letters: Readonly<Record<string, string>>;
}

/** The lines of the formula that are cited. */
export function citedLines(
  { id, lines }: Pick<Citation, 'id' | 'lines'>,
  notation: 'unicode' | 'latex',
): readonly string[] {
  return lines.map((line) => formula(id)[notation][line]);
}
