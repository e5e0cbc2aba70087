/** One line of mathematics of a network: `z1 = x0 W1 + b1`. */

import type { FormulaId } from '../formulas/formula.ts';
import type { Citation } from './citation.ts';
import type { Letter } from './letter.ts';
import { ARROW, latexOf, line, type Piece, textOf } from './pieces.ts';

/** What a formula computes; a gradient is named by what it is taken of. */
export type Role =
  | 'input'
  | 'affine'
  | 'activation'
  | 'probabilities'
  | 'loss'
  | 'penalty'
  | 'l1Penalty'
  | 'delta'
  | 'weightGradient'
  | 'biasGradient'
  | 'inputGradient'
  | 'activationGradient'
  | 'decay'
  | 'l1Decay'
  | 'weightStep'
  | 'biasStep'
  | 'lossAfter';

/** Which part of a step of gradient descent computes each role. */
const DIRECTIONS = {
  input: 'forward',
  affine: 'forward',
  activation: 'forward',
  probabilities: 'forward',
  loss: 'forward',
  penalty: 'forward',
  l1Penalty: 'forward',
  delta: 'backward',
  weightGradient: 'backward',
  biasGradient: 'backward',
  inputGradient: 'backward',
  activationGradient: 'backward',
  decay: 'backward',
  l1Decay: 'backward',
  weightStep: 'step',
  biasStep: 'step',
  lossAfter: 'step',
} as const satisfies Record<Role, string>;

export type Direction = (typeof DIRECTIONS)[Role];

/** A formula of one network, for one sample as a row. */
export interface StepFormula {
  readonly role: Role;
  readonly direction: Direction;
  /** The index in the spec's layers of the layer that it belongs to; null of the input, the loss and the terms beside it. */
  readonly layer: number | null;
  /** The formulas of the registry that state this, the most fitting first; of the input there is none. */
  readonly citations: readonly Citation[];
  /** Their ids. */
  readonly formulas: readonly FormulaId[];
  /** What it computes, in words. */
  readonly name: string;
  /** What it computes, as a letter, and that letter's symbol and shape. */
  readonly result: Letter;
  readonly symbol: string;
  readonly shape: readonly number[];
  /** The whole line, left side included, in pieces and as a text of each kind. */
  readonly pieces: readonly Piece[];
  readonly text: string;
  readonly latex: string;
  /** What the right side is computed from. */
  readonly operands: readonly Letter[];
}

/** What distinguishes one formula from another; the rest follows. */
interface Parts extends Pick<StepFormula, 'role' | 'layer' | 'name' | 'result' | 'operands'> {
  readonly right: readonly Piece[];
  /** Whether the left side is changed rather than defined. */
  readonly changes?: boolean;
}

/** Makes the formulas of one network. */
export type MakeFormula = (parts: Parts) => StepFormula;

/** The formula `result = right`, or `result ← right` where a value changes. */
export function stepFormula(
  { right, changes = false, ...parts }: Parts,
  citations: readonly Citation[],
): StepFormula {
  const { role, result } = parts;
  const pieces = changes ? line`${result}${ARROW}${right}` : line`${result} = ${right}`;
  return {
    ...parts,
    citations,
    formulas: citations.map(({ id }) => id),
    direction: DIRECTIONS[role],
    symbol: result.symbol,
    shape: result.shape,
    pieces,
    text: textOf(pieces),
    latex: latexOf(pieces),
  };
}
