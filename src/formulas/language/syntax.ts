/** The syntax tree of an equation. */

import type { Span } from './errors.ts';
import type { FunctionName } from './functions.ts';

/** A tensor or number of the net, under its own name (`W2`, not one of its aliases). */
export interface SymbolNode {
  readonly kind: 'symbol';
  readonly name: string;
  /** As it is printed: the name, or the alias that was typed. */
  readonly text: string;
  readonly span: Span;
}

/** ∂L/∂by, where `of` is null, or else the Jacobian ∂of/∂by. */
export interface DerivativeNode {
  readonly kind: 'derivative';
  readonly of: string | null;
  readonly by: string;
  /** As it is printed: `dW2`, `δ2`, `∂p/∂o`. */
  readonly text: string;
  readonly span: Span;
}

export type Comparison = '>' | '>=' | '<' | '<=';

/** A sub-expression; `span` is where it stands in the text. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly span: Span }
  | SymbolNode
  | DerivativeNode
  | { readonly kind: 'negate'; readonly operand: Expression; readonly span: Span }
  | {
      readonly kind: 'sum';
      readonly sign: '+' | '-';
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  | {
      /** `*` is the matrix product, or scaling; `⊙` and `/` work by elements, or with a number. */
      readonly kind: 'product';
      readonly sign: '*' | '⊙' | '/';
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  | { readonly kind: 'transpose'; readonly operand: Expression; readonly span: Span }
  | {
      readonly kind: 'power';
      readonly operand: Expression;
      /** A whole number; below 0 of numbers only. */
      readonly exponent: number;
      readonly span: Span;
    }
  | {
      readonly kind: 'call';
      readonly name: FunctionName;
      /** Whether it is the function's derivative: φ′. */
      readonly prime: boolean;
      readonly args: readonly Expression[];
      readonly span: Span;
    }
  | {
      /** 1 where it holds and 0 elsewhere, by elements. */
      readonly kind: 'indicator';
      readonly sign: Comparison;
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  | { readonly kind: 'literal'; readonly rows: readonly (readonly Expression[])[]; readonly span: Span }
  | {
      readonly kind: 'entry';
      readonly operand: Expression;
      /** Counted from 1; one index of a vector, else row and column. */
      readonly indices: readonly number[];
      readonly span: Span;
    };

/** What may stand on the left of an equation; `text` is how it is printed. */
export type Left =
  /** A value that the net computes. */
  | { readonly kind: 'value'; readonly name: string; readonly text: string; readonly span: Span }
  /** ∂L/∂by. */
  | { readonly kind: 'gradient'; readonly by: string; readonly text: string; readonly span: Span }
  /** −α ∂L/∂by. */
  | { readonly kind: 'step'; readonly by: string; readonly text: string; readonly span: Span }
  /** The Jacobian ∂of/∂by: a row an entry of `of`, a column an entry of `by`. */
  | {
      readonly kind: 'jacobian';
      readonly of: string;
      readonly by: string;
      readonly text: string;
      readonly span: Span;
    };

export interface Equation {
  readonly text: string;
  readonly left: Left;
  readonly right: Expression;
}

/** The sub-expressions right below an expression. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'symbol':
    case 'derivative':
      return [];
    case 'negate':
    case 'transpose':
    case 'power':
    case 'entry':
      return [expression.operand];
    case 'sum':
    case 'product':
    case 'indicator':
      return [expression.left, expression.right];
    case 'call':
      return expression.args;
    case 'literal':
      return expression.rows.flat();
  }
}

/** The same expression with other sub-expressions, as many as `childrenOf` gives and in that order. */
export function withChildren(expression: Expression, children: readonly Expression[]): Expression {
  switch (expression.kind) {
    case 'number':
    case 'symbol':
    case 'derivative':
      return expression;
    case 'negate':
    case 'transpose':
    case 'power':
    case 'entry':
      return { ...expression, operand: children[0] };
    case 'sum':
    case 'product':
    case 'indicator':
      return { ...expression, left: children[0], right: children[1] };
    case 'call':
      return { ...expression, args: children };
    case 'literal': {
      let next = 0;
      return { ...expression, rows: expression.rows.map((row) => row.map(() => children[next++])) };
    }
  }
}
