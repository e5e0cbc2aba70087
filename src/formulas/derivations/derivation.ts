/** What a derivation is: lines from the definition to a formula, each with the rule that leads to it. */

import type { ActivationName } from '../../kernels/activations.ts';
import type { FormulaId, NoteNet } from '../formula.ts';

/** The id of the formula that is derived, or the name of a question that has a derivation of its own. */
export type DerivationId = FormulaId | 'transpose';

/** A line of the registry: its formula, and which of its lines, counted from 0. */
export interface CitedLine {
  readonly id: FormulaId;
  readonly line: number;
}

/**
 * A line and its rule. The line is LaTeX: a whole equation, or `= …`, which continues the left side above it. A line that
 * the registry has is cited, not written again.
 */
export type WrittenLine = readonly [line: string | CitedLine, rule: string];

/** Lines that are all equal, one after the other. */
export type WrittenChain = readonly WrittenLine[];

export interface WrittenDerivation {
  readonly id: DerivationId;
  /** Of a derivation that is no formula's: what it answers, and the network on whose numbers it is evaluated. */
  readonly question?: { readonly title: string; readonly net: NoteNet };
  readonly chains: readonly WrittenChain[];
}

/** A line of a derivation. */
export interface DerivationLine {
  /** The equation, its left side included. */
  readonly equation: string;
  /** As it is shown below the line before: without the left side where that is the same. */
  readonly latex: string;
  readonly unicode: string;
  /** The rule that leads to it. */
  readonly rule: string;
  /** The formula that the line is, if the registry has it. */
  readonly formula: FormulaId | null;
}

export interface Derivation {
  readonly id: DerivationId;
  readonly title: string;
  readonly net: NoteNet;
  /** The φ that it is about; without one it holds for every φ of the net. */
  readonly activation?: ActivationName;
  readonly chains: readonly (readonly DerivationLine[])[];
}

/** A line of the registry, cited. */
export const cited = (id: FormulaId, line = 0): CitedLine => ({ id, line });
