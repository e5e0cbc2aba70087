/** What the registry holds: formulas and slips, their statements, letters and code. */

import type { ActivationName } from '../kernels/activations.ts';

/** A note, or X for the formulas that no note has and the project derives itself. */
export type NoteName = 'A' | 'B' | 'C' | 'D' | 'E' | 'X';

/** The id of a formula (`D4`) or of a place where a note slips (`slip-C2`). */
export type FormulaId = `${NoteName}${number}`;
export type SlipId = `slip-${NoteName}${number}`;

/** The networks that the notes derive, in their own orientation and letters; see `nets/definitions.ts`. */
export type NoteNet = 'A' | 'A2' | 'B' | 'C' | 'C-sigmoid' | 'D' | 'E' | 'E-example' | 'E-bias' | 'E-svm';

/** A letter of a formula. */
export interface FormulaSymbol {
  /** As the Unicode statement writes it: `W²`. */
  readonly symbol: string;
  readonly latex: string;
  /** `K × 10`, or `scalar`. */
  readonly shape: string;
  readonly meaning: string;
}

/** A function or class that computes a formula. */
export interface CodeReference {
  /** Path from the root of the project: `src/network/dense.ts`. */
  readonly file: string;
  /** `Dense.backward`, `softmaxJacobian`. */
  readonly name: string;
}

/** What a formula and a slip have in common: the lines of a note. */
export interface Statement {
  readonly note: NoteName;
  /** What it is, in a few words: `the softmax Jacobian`. */
  readonly title: string;
  /** One entry a line: LaTeX without delimiters, which on a net is the equation that is evaluated. */
  readonly latex: readonly string[];
  /** The same lines in Unicode, made of the LaTeX. */
  readonly unicode: readonly string[];
  /** The network on whose numbers the lines are evaluated; only of X may there be none, where a check of its own is. */
  readonly net?: NoteNet;
}

/** One formula of the notes. */
export interface Formula extends Statement {
  readonly id: FormulaId;
  readonly symbols: readonly FormulaSymbol[];
  /** The code that computes it; at least one. */
  readonly code: readonly CodeReference[];
  /** Of X: the φ that the lines are about; without one they hold for every φ of the net. */
  readonly activation?: ActivationName;
  /** Of X: how it follows from what it starts with, in a few sentences. */
  readonly derivation?: string;
  /** Of X: where it was published. */
  readonly source?: string;
}

/**
 * A place where a note slips. Its lines are as the note has them. A *gradient* slip is wrong by
 * value, so that its check must fail; of a *shape* slip the product does not exist, so that it must be refused; of a
 * *convention* the note has two readings, and the lines are those of the reading that the project does not take.
 */
export interface Slip extends Statement {
  readonly id: SlipId;
  readonly net: NoteNet;
  readonly kind: 'gradient' | 'shape' | 'convention';
  /** What is wrong with it, in a sentence. */
  readonly why: string;
  /** The right lines in LaTeX, beside each of `latex`; of a convention, the reading that the project takes. */
  readonly right: readonly string[];
  /** The formulas that the right equations belong to. */
  readonly formulas: readonly FormulaId[];
}

/** A formula and a slip as they are written, before the Unicode is made. */
export type WrittenFormula = Omit<Formula, 'unicode'>;
export type WrittenSlip = Omit<Slip, 'unicode'>;

/** What one note has, as it is written. */
export interface WrittenNote {
  readonly name: NoteName;
  readonly title: string;
  readonly formulas: readonly WrittenFormula[];
  readonly slips: readonly WrittenSlip[];
}

/** What one note has. */
export interface Note {
  readonly name: NoteName;
  /** What it derives, in a sentence. */
  readonly title: string;
  readonly formulas: readonly Formula[];
  readonly slips: readonly Slip[];
}
