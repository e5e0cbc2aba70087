/** A small change of a source text, and the place that it is made at. */

import type { Code, NamedFunction } from './code.ts';

/** Tokens `from` to `to`, both included, replaced by other text. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Where an operator is asked for its edits. */
export interface Place {
  readonly code: Code;
  readonly fn: NamedFunction;
  /** The token. */
  readonly i: number;
  readonly matrices: readonly string[];
  /** The operations of the kernels with the number of their arguments. */
  readonly operations: ReadonlyMap<string, number>;
}
