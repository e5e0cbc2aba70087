/** How the formulas' letters are written down. */

import type { FormulaSymbol } from '../formula.ts';

/** LaTeX as it stands, its backslashes included. */
export const tex = String.raw;

/** A letter of a formula: in Unicode, in LaTeX, its shape and its meaning. */
export function letter(symbol: string, latex: string, shape: string, meaning: string): FormulaSymbol {
  return { symbol, latex, shape, meaning };
}
