/** Types of code-lines.mjs. */

import type { CodeReference, Formula } from '../../src/formulas/registry.ts';

/** The source text of one function, method or class, and the line where it begins. */
export interface CodeLines {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export function codeLines(reference: CodeReference, source: string): CodeLines;
export function allCodeLines(formulas: readonly Formula[]): Record<string, CodeLines>;
