/** The left side of an equation: what it asks to be compared with. */

import { EquationError } from './errors.ts';
import { entryText } from './format.ts';
import { type Index, indicesText } from './indices.ts';
import type { Vocabulary } from './scope.ts';
import { childrenOf, type Expression, type Left } from './syntax.ts';

const EXPECTED =
  'expected on the left a value (X1), a gradient (dW2, ∂L/∂W2, ∇W2), a step (-α∇W) or a Jacobian (∂p/∂o)';

/**
 * What an expression on the left means.
 *
 * @throws EquationError if it is none of the four kinds
 */
export function leftOf(expression: Expression, vocabulary: Vocabulary): Left {
  const { span } = expression;
  if (expression.kind === 'entry') {
    const { operand, indices } = expression;
    if (operand.kind === 'symbol' || operand.kind === 'derivative') {
      return { ...leftOf(operand, vocabulary), indices, text: entryText(expression), span };
    }
  }
  if (expression.kind === 'symbol') {
    const why = vocabulary.whyNotComputed(expression.name);
    if (why !== undefined) throw new EquationError(`${why}, at character ${span.start + 1}`, span);
    return { kind: 'value', name: expression.name, text: expression.text, indices: [], span };
  }
  if (expression.kind === 'derivative') {
    const { of, by, text } = expression;
    return of === null
      ? { kind: 'gradient', by, text, indices: [], span }
      : { kind: 'jacobian', of, by, text, indices: [], span };
  }
  const step = stepOf(expression);
  if (step !== undefined) {
    const { by, indices } = step;
    const index = indices.length === 0 ? '' : indicesText(indices);
    return { kind: 'step', by, text: `−α∇${by}${index}`, indices, span };
  }
  throw new EquationError(`${EXPECTED}, got something else at character ${span.start + 1}`, span);
}

/** The W of −α∇W, whichever way the minus is read. */
function stepOf(expression: Expression): { by: string; indices: readonly Index[] } | undefined {
  const negated = expression.kind === 'negate';
  const product = negated ? expression.operand : expression;
  if (product.kind !== 'product' || product.sign !== '*') return undefined;
  const { left, right } = product;
  const alpha = !negated && left.kind === 'negate' ? left.operand : negated ? left : undefined;
  if (alpha?.kind !== 'symbol' || alpha.name !== 'alpha') return undefined;
  const [by, indices] = right.kind === 'entry' ? [right.operand, right.indices] : [right, []];
  return by.kind === 'derivative' && by.of === null ? { by: by.by, indices } : undefined;
}

/**
 * Refuses an equation that proves itself: dW2 = dW2.
 *
 * @throws EquationError if the right side has what stands on the left
 */
export function refuseOwnName(left: Left, right: Expression): void {
  const own = (node: Expression): boolean => {
    if (left.kind === 'value') return node.kind === 'symbol' && node.name === left.name;
    if (node.kind !== 'derivative' || node.by !== left.by) return false;
    return left.kind === 'jacobian' ? node.of === left.of : node.of === null;
  };
  const find = (node: Expression): Expression | undefined => {
    if (own(node)) return node;
    for (const child of childrenOf(node)) {
      const found = find(child);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const found = find(right);
  if (found === undefined) return;
  const at = found.span.start + 1;
  throw new EquationError(
    `expected on the right what the left side follows from, got the left side itself at character ${at}`,
    found.span,
  );
}
