/** A formula of the registry that a step is, and which of its letters is which of the step's. */

import type { FormulaId } from '../formulas/formula.ts';
import { formula } from '../formulas/registry.ts';

export interface Citation {
  readonly id: FormulaId;
  /** The place of the equation among the formula's; of formulas without equations, of the line. */
  readonly equation: number;
  /** The part of the equation that computes the step's result, where it is not the whole. */
  readonly part?: string;
  /** The symbol of the step for each letter of the formula's net: `{ X: 'x0', W1: 'W1' }`. */
  readonly letters: Readonly<Record<string, string>>;
}

/** The lines of the formula that are cited: the one of the equation, or all where its lines are not its equations. */
export function citedLines({ id, equation }: Citation, notation: 'unicode' | 'latex'): readonly string[] {
  const { equations, [notation]: lines } = formula(id);
  return equations.length === 0 || equations.length === lines.length ? [lines[equation]] : lines;
}
