/** Single changes of an expression that a slip of the pen would need undone: transposes, signs, factors, parentheses. */

import { expressionText, factorText } from '../../formulas/language/format.ts';
import { DIFFERENTIABLE, type FunctionName } from '../../formulas/language/functions.ts';
import {
  type Comparison,
  childrenOf,
  type Expression,
  withChildren,
} from '../../formulas/language/syntax.ts';
import { NOWHERE } from './nodes.ts';

/** One change of an expression. */
export interface Edit {
  /** The whole expression after it. */
  readonly result: Expression;
  /** How far-fetched it is; the least is believed. */
  readonly cost: number;
  /** The change, after «it would be right»: `with X1ᵀ instead of X1 at character 7`. */
  readonly phrase: string;
  /** Why, as a sentence, where there is more to say. */
  readonly because?: string;
}

/** A place in an expression, and the whole with something else put there. */
export interface Place {
  readonly node: Expression;
  readonly parent: Expression | undefined;
  /** Whether it is a whole term: no factor of a product, and not inside a transpose or minus. */
  readonly isTerm: boolean;
  replaced(by: Expression): Expression;
}

/** Every place of an expression, the whole first. */
export function placesOf(
  node: Expression,
  parent?: Expression,
  replaced: (by: Expression) => Expression = (by) => by,
): Place[] {
  const inside =
    parent !== undefined && ['product', 'transpose', 'negate', 'power', 'entry'].includes(parent.kind);
  // The sizes of `ones` and `I` are no expressions to change.
  const isSized = node.kind === 'call' && (node.name === 'ones' || node.name === 'identity');
  const children = isSized ? [] : childrenOf(node);
  return [
    ...(node.span === NOWHERE ? [] : [{ node, parent, isTerm: !inside, replaced }]),
    ...children.flatMap((child, k) =>
      placesOf(child, node, (by) => replaced(withChildren(node, children.with(k, by)))),
    ),
  ];
}

/** `at character 7`. */
export const at = ({ span }: Expression): string => `at character ${span.start + 1}`;

/** Whether an expression is a number, 1 × 1. */
export type IsNumber = (expression: Expression) => boolean;

/** The edits that take no more of the net than which expressions are numbers. */
export function plainEdits(expression: Expression, isNumber: IsNumber): Edit[] {
  return placesOf(expression).flatMap((place) => [
    ...transposes(place, isNumber),
    ...signs(place),
    ...dropped(place, isNumber),
    ...operators(place, isNumber),
    ...regrouped(place),
    ...functions(place),
  ]);
}

/** What a node becomes, told as «with … instead of …». */
export function instead(place: Place, by: Expression, cost: number, because?: string): Edit {
  const [now, then] = [expressionText(place.node), expressionText(by)];
  const phrase = `with ${then} instead of ${now} ${at(place.node)}`;
  return { result: place.replaced(by), cost, phrase, ...(because !== undefined && { because }) };
}

function transposes(place: Place, isNumber: IsNumber): Edit[] {
  const { node, parent } = place;
  if (parent?.kind === 'transpose' || node.kind === 'negate' || isNumber(node)) return [];
  if (node.kind === 'transpose') return [instead(place, { ...node.operand, span: node.span }, 1)];
  const costs: Partial<Record<Expression['kind'], number>> = {
    symbol: 1,
    derivative: 1,
    sum: 1.1,
    call: 1.2,
    literal: 2,
  };
  return [instead(place, transposed(node, isNumber), costs[node.kind] ?? 1.5)];
}

/** The transpose, as one would write it: (A·B/N)ᵀ is Bᵀ·Aᵀ/N. */
export function transposed(node: Expression, isNumber: IsNumber): Expression {
  if (node.kind === 'transpose') return node.operand;
  if (isNumber(node)) return node;
  if (node.kind === 'negate') return { ...node, operand: transposed(node.operand, isNumber) };
  if (node.kind === 'product' && node.sign !== '⊙') {
    const [left, right] = [transposed(node.left, isNumber), transposed(node.right, isNumber)];
    if (isNumber(node.left) || isNumber(node.right)) return { ...node, left, right };
    if (node.sign === '*') return { ...node, left: right, right: left };
  }
  if (node.kind === 'sum' && node.left.kind === 'transpose' && node.right.kind === 'transpose') {
    return { ...node, left: node.left.operand, right: node.right.operand };
  }
  return { kind: 'transpose', operand: node, span: node.span };
}

function signs(place: Place): Edit[] {
  const { node, parent, isTerm } = place;
  const edits: Edit[] = [];
  if (node.kind === 'sum') {
    const { sign, left, right } = node;
    if (sign === '-') edits.push(instead(place, { ...node, left: right, right: left }, 0.9));
    const [now, then] = sign === '+' ? ['+', '−'] : ['−', '+'];
    edits.push({
      result: place.replaced({ ...node, sign: sign === '+' ? '-' : '+' }),
      cost: 1,
      phrase: `with ${then} instead of ${now} before ${expressionText(right)} ${at(right)}`,
    });
  }
  if (node.kind === 'negate') {
    edits.push({ result: place.replaced(node.operand), cost: 1, phrase: `without the minus ${at(node)}` });
  } else if (isTerm && parent?.kind !== 'sum') {
    const whole =
      parent === undefined
        ? 'with the opposite sign'
        : `with a minus before ${expressionText(node)} ${at(node)}`;
    edits.push({ result: place.replaced(negated(node)), cost: 1.4, phrase: whole });
  } else if (parent?.kind === 'sum' && parent.left === node) {
    edits.push({
      result: place.replaced(negated(node)),
      cost: 1.2,
      phrase: `with a minus before ${expressionText(node)} ${at(node)}`,
    });
  }
  return edits;
}

/** −a, written where a sum's first term can take the minus. */
function negated(node: Expression): Expression {
  if (node.kind === 'sum' && node.sign === '-') return { ...node, left: node.right, right: node.left };
  return { kind: 'negate', operand: node, span: node.span };
}

function dropped(place: Place, isNumber: IsNumber): Edit[] {
  const { node } = place;
  const without = (what: string, where: Expression, by: Expression, cost: number): Edit => ({
    result: place.replaced(by),
    cost,
    phrase: `without ${what} ${at(where)}`,
  });
  const costOf = (factor: Expression) =>
    isNumber(factor) ? 1 : node.kind === 'product' && node.sign === '⊙' ? 1.3 : 1.9;
  switch (node.kind) {
    case 'product': {
      const { sign, left, right } = node;
      const written = { '*': 'the factor ', '⊙': '⊙ ', '/': '/' }[sign];
      const edits = [without(`${written}${factorText(right)}`, right, left, costOf(right))];
      if (sign !== '/') edits.push(without(`the factor ${factorText(left)}`, left, right, costOf(left)));
      else if (left.kind !== 'number') edits.push(instead(place, { ...node, left: one(left) }, 1.5));
      return edits;
    }
    case 'sum':
      return [
        without(
          `${node.sign === '+' ? '+' : '−'} ${expressionText(node.right)}`,
          node.right,
          node.left,
          1.15,
        ),
        ...(node.sign === '+' ? [without(expressionText(node.left), node.left, node.right, 1.9)] : []),
      ];
    case 'call':
      return node.args.length === 1 && node.name !== 'identity' ? [instead(place, node.args[0], 1.9)] : [];
    case 'power':
      return [instead(place, node.operand, 1.3)];
    default:
      return [];
  }
}

const one = ({ span }: Expression): Expression => ({ kind: 'number', value: 1, text: '1', span });

function operators(place: Place, isNumber: IsNumber): Edit[] {
  const { node } = place;
  if (node.kind === 'indicator') {
    const opposite: Record<Comparison, Comparison> = { '>': '<', '>=': '<=', '<': '>', '<=': '>=' };
    return [instead(place, { ...node, sign: opposite[node.sign] }, 1)];
  }
  if (node.kind !== 'product') return [];
  const { sign, left, right } = node;
  const as = (to: '*' | '⊙' | '/', cost: number) => instead(place, { ...node, sign: to }, cost);
  if (sign === '⊙') return [as('*', 1.2)];
  if (sign === '/') return [as('*', 1.3)];
  if (isNumber(left) || isNumber(right)) return isNumber(right) ? [as('/', 1.3)] : [];
  const turn = (e: Expression) => transposed(e, isNumber);
  const order = 'The order of a matrix product matters.';
  const swap = (a: Expression, b: Expression, cost: number) =>
    instead(place, { ...node, left: a, right: b }, cost, order);
  return [
    as('⊙', 1.2),
    swap(right, left, 1.3),
    swap(right, turn(left), 1.6),
    swap(turn(right), left, 1.6),
    instead(place, { ...node, left: turn(left), right: turn(right) }, 1.7),
  ];
}

/** Parentheses that were forgotten, or went round too little. */
function regrouped(place: Place): Edit[] {
  const { node } = place;
  const edits: Edit[] = [];
  const because =
    node.kind === 'product' && node.sign === '⊙'
      ? 'What is multiplied entry by entry stays together, inside the parentheses.'
      : undefined;
  const move = (by: Expression) => edits.push(instead(place, by, 1.05, because));
  if (node.kind === 'sum') {
    // a − b/c where (a − b)/c is meant, and a·b − c where a·(b − c) is.
    const first = firstFactor(node.right);
    if (first !== undefined) move(first.replaced({ ...node, right: first.node }));
    const last = lastFactor(node.left);
    if (last !== undefined) move(last.replaced({ ...node, left: last.node }));
  }
  const isAssociative = (inner: Expression) =>
    node.kind === 'product' && inner.kind === 'product' && node.sign === inner.sign && node.sign !== '/';
  if (node.kind === 'product' && node.left.kind === 'product' && !isAssociative(node.left)) {
    // (a·b) ⊙ c where a·(b ⊙ c) is meant.
    const { left, right } = node;
    move({ ...left, right: { ...node, left: left.right, right } });
  }
  if (node.kind === 'product' && node.right.kind === 'product' && !isAssociative(node.right)) {
    const { left, right } = node;
    move({ ...right, left: { ...node, left, right: right.left } });
  }
  return edits;
}

function firstFactor(node: Expression): Place | undefined {
  if (node.kind !== 'product') return undefined;
  const inner = firstFactor(node.left);
  const replaced = (by: Expression): Expression => ({
    ...node,
    left: inner === undefined ? by : inner.replaced(by),
  });
  return { node: inner?.node ?? node.left, parent: node, isTerm: false, replaced };
}

function lastFactor(node: Expression): Place | undefined {
  if (node.kind !== 'product' || node.sign === '/') return undefined;
  return { node: node.right, parent: node, isTerm: false, replaced: (by) => ({ ...node, right: by }) };
}

function functions(place: Place): Edit[] {
  const { node } = place;
  if (node.kind !== 'call') return [];
  const as = (name: FunctionName, prime: boolean, cost: number) =>
    instead(place, { ...node, name, prime }, cost);
  if (node.name === 'rowsum') return [as('colsum', false, 1.3)];
  if (node.name === 'colsum') return [as('rowsum', false, 1.3)];
  if (node.name === 'exp') return [as('log', false, 1.9)];
  if (node.name === 'log') return [as('exp', false, 1.9)];
  if (node.name === 'softmax') return [as('sigmoid', false, 1.5)];
  if (!DIFFERENTIABLE.includes(node.name)) return [];
  const others = DIFFERENTIABLE.filter((name) => name !== node.name);
  return [
    as(node.name, !node.prime, 0.8),
    ...others.map((name) => as(name, node.prime, 1.5)),
    ...(node.name === 'sigmoid' && !node.prime ? [as('softmax', false, 1.5)] : []),
  ];
}
