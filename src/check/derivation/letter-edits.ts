/** Single changes of an expression that put one letter for another, or one more. */

import { expressionText, factorText } from '../../formulas/language/format.ts';
import type { DiagnosisScope } from '../../formulas/language/scope.ts';
import type { Expression, Left } from '../../formulas/language/syntax.ts';
import { at, type Edit, instead, type Place, placesOf, transposed } from './edits.ts';
import { NOWHERE, product, symbol } from './nodes.ts';

/** The edits by every letter of the net: far more than others, and rarely a slip beside another slip. */
export function letterEdits(expression: Expression, left: Left, net: DiagnosisScope): Edit[] {
  const edits = new LetterEdits(left, net);
  return placesOf(expression).flatMap((place) => [...edits.letters(place), ...edits.factors(place)]);
}

/** φ′ at the pre-activation instead of at another tensor. */
export function primeEdits(expression: Expression, net: DiagnosisScope): Edit[] {
  return placesOf(expression).flatMap((place) => {
    const { node, parent } = place;
    if (node.kind !== 'symbol' || parent?.kind !== 'call' || !parent.prime) return [];
    const others = net.preActivations.filter((name) => name !== node.name);
    const because = 'The derivative is taken at the pre-activation.';
    return others.map((name) => instead(place, { ...symbol(name), span: node.span }, 1.1, because));
  });
}

class LetterEdits {
  readonly #left: Left;
  readonly #net: DiagnosisScope;

  constructor(left: Left, net: DiagnosisScope) {
    this.#left = left;
    this.#net = net;
  }

  /** One letter for another. */
  letters(place: Place): Edit[] {
    const { node } = place;
    const { tensorNames, preActivations, biases, numberNames } = this.#net;
    const as = (by: Expression, cost: number, because?: string) =>
      instead(place, { ...by, span: node.span }, cost, because);
    if (node.kind === 'number' || (node.kind === 'call' && node.name === 'ones')) {
      const chain = 'The 1 is ∂z/∂b alone; the chain rule multiplies it by what comes from above.';
      const isOne = node.kind === 'call' || node.value === 1;
      const ofBias = this.#left.kind === 'gradient' && biases.includes(this.#left.by) && isOne;
      const gradients = this.#gradients().map((by) =>
        as(this.#derivative(by), 1.9, ofBias ? chain : undefined),
      );
      return [...gradients, ...numberNames.map((name) => as(symbol(name), 1.5))];
    }
    if (node.kind === 'derivative' && node.of === null) {
      // Rather δ for δ than δ for the gradient of a parameter.
      const cost = (by: string) =>
        preActivations.includes(by) === preActivations.includes(node.by) ? 1.8 : 1.9;
      const others = this.#gradients().filter((by) => by !== node.by);
      return [
        ...others.map((by) => as(this.#derivative(by), cost(by))),
        ...(this.#isOwn(node.by) ? [] : [as(symbol(node.by), 2.6)]),
      ];
    }
    if (node.kind !== 'symbol') return [];
    if (numberNames.includes(node.name)) {
      return numberNames.filter((name) => name !== node.name).map((name) => as(symbol(name), 2.2));
    }
    const others = tensorNames.filter((name) => name !== node.name && !this.#isOwn(name));
    return [
      ...others.map((name) => as(symbol(name), 1.8)),
      ...(this.#gradients().includes(node.name) ? [as(this.#derivative(node.name), 2.6)] : []),
    ];
  }

  /** A factor that is missing: a tensor, its transpose, or a gradient. */
  factors(place: Place): Edit[] {
    const { node, isTerm } = place;
    if (!isTerm) return [];
    const edit = (by: Expression, what: string, cost: number): Edit => ({
      result: place.replaced(by),
      cost,
      phrase: `with ${what} ${expressionText(node)} ${at(node)}`,
    });
    const around = (factor: Expression, cost: number): Edit[] => [
      edit(product('*', factor, node), `${factorText(factor)}· before`, cost),
      edit(product('*', node, factor), `·${factorText(factor)} after`, cost),
      edit(product('⊙', node, factor), `⊙ ${factorText(factor)} after`, cost),
    ];
    const tensors = this.#net.tensorNames.filter((name) => !this.#isOwn(name)).map(symbol);
    return [
      ...tensors.flatMap((tensor) => [
        ...around(tensor, 2.3),
        ...around({ ...transposed(tensor, () => false), span: NOWHERE }, 2.3),
      ]),
      ...this.#gradients().flatMap((by) => around(this.#derivative(by), 2.5)),
    ];
  }

  /** The tensors whose gradients may stand on the right. */
  #gradients(): string[] {
    const { kind } = this.#left;
    const own = kind === 'gradient' || kind === 'step' ? this.#left.by : undefined;
    return this.#net.differentiable.filter((by) => by !== own);
  }

  #derivative(by: string): Expression {
    return { kind: 'derivative', of: null, by, text: this.#net.gradientText(by), span: NOWHERE };
  }

  #isOwn(name: string): boolean {
    return this.#left.kind === 'value' && this.#left.name === name;
  }
}
