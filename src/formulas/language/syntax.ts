/** The syntax tree of an equation. */

import type { Span } from './errors.ts';
import type { FunctionName } from './functions.ts';
import type { Index } from './indices.ts';

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
      /** Whether a column and a row are repeated along each other, as numpy does. */
      readonly broadcasts?: boolean;
      readonly span: Span;
    }
  | {
      /** `*` is the matrix product, or scaling; `⊙` and `/` work by elements, or with a number. */
      readonly kind: 'product';
      readonly sign: '*' | '⊙' | '/';
      readonly left: Expression;
      readonly right: Expression;
      /** Whether an ASCII `*` was typed, which means other things elsewhere. */
      readonly isStar?: boolean;
      /** Whether vectors are repeated along the other factor, as numpy does. */
      readonly broadcasts?: boolean;
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
      /** One index of a vector, row and column of a matrix; of a Jacobian those of both tensors. */
      readonly indices: readonly Index[];
      readonly span: Span;
    }
  | {
      /** Σ over the values of a letter, without those where it is `except`. */
      readonly kind: 'bigsum';
      readonly letter: string;
      readonly except: Index | null;
      /** The upper limit as it is written. */
      readonly upTo: string | null;
      readonly operand: Expression;
      readonly span: Span;
    }
  /** 1 where two indices are equal, or are not, else 0: δᵢⱼ, 𝟙[j ≠ yᵢ]. */
  | {
      readonly kind: 'kronecker';
      readonly left: Index;
      readonly right: Index;
      readonly isEqual: boolean;
      readonly span: Span;
    };

/** What every left side has; `text` is how it is printed, `indices` are empty where it is a whole tensor. */
interface LeftSide {
  readonly text: string;
  readonly indices: readonly Index[];
  readonly span: Span;
}

/** What may stand on the left of an equation. */
export type Left =
  /** A value that the net computes. */
  | (LeftSide & { readonly kind: 'value'; readonly name: string })
  /** ∂L/∂by. */
  | (LeftSide & { readonly kind: 'gradient'; readonly by: string })
  /** −α ∂L/∂by. */
  | (LeftSide & { readonly kind: 'step'; readonly by: string })
  /** The Jacobian ∂of/∂by: a row an entry of `of`, a column an entry of `by`. */
  | (LeftSide & { readonly kind: 'jacobian'; readonly of: string; readonly by: string });

/** Where an equation of indices holds: `for j ≠ yᵢ`. */
export type Condition = Expression & { readonly kind: 'kronecker' };

export interface Equation {
  readonly text: string;
  readonly left: Left;
  readonly right: Expression;
  /** Where it holds; null for everywhere. */
  readonly condition: Condition | null;
}

/** The sub-expressions right below an expression. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'symbol':
    case 'derivative':
    case 'kronecker':
      return [];
    case 'negate':
    case 'transpose':
    case 'power':
    case 'entry':
    case 'bigsum':
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
    case 'kronecker':
      return expression;
    case 'negate':
    case 'transpose':
    case 'power':
    case 'entry':
    case 'bigsum':
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
