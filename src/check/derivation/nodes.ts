/** Nodes that are put into an expression: they stand nowhere in what was typed. */

import type { Span } from '../../formulas/language/errors.ts';
import { nameText } from '../../formulas/language/format.ts';
import type { FunctionName } from '../../formulas/language/functions.ts';
import type { Expression, SymbolNode } from '../../formulas/language/syntax.ts';

/** Where such a node stands; no edit speaks of it. */
export const NOWHERE: Span = { start: 0, end: 0 };

/** A symbol of the net. */
export const symbol = (name: string): SymbolNode => ({
  kind: 'symbol',
  name,
  text: nameText(name),
  span: NOWHERE,
});

/** A number. */
export const number = (value: number): Expression => ({
  kind: 'number',
  value,
  text: String(value),
  span: NOWHERE,
});

/** ½. */
export const HALF: Expression = { kind: 'number', value: 0.5, text: '½', span: NOWHERE };

/** A function of an argument, at the argument's place. */
export const call = (name: FunctionName, prime: boolean, arg: Expression): Expression => {
  return { kind: 'call', name, prime, args: [arg], span: arg.span };
};

/** A product at the place of the factor that was there before. */
export const product = (sign: '*' | '⊙' | '/', left: Expression, right: Expression): Expression => {
  if (left.kind === 'negate') return { ...left, operand: product(sign, left.operand, right) };
  return { kind: 'product', sign, left, right, span: left.span === NOWHERE ? right.span : left.span };
};
