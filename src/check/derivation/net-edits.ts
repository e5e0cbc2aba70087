/** Single changes of an expression that take the net to know: a λ term, 1/N, a factor φ′, a bias. */

import { expressionText, nameText } from '../../formulas/language/format.ts';
import type { DiagnosisScope } from '../../formulas/language/scope.ts';
import { sameShape } from '../../formulas/language/shape.ts';
import { shapeOf } from '../../formulas/language/shapes.ts';
import { childrenOf, type Expression, type Left } from '../../formulas/language/syntax.ts';
import { at, type Edit, type IsNumber, instead, type Place, placesOf } from './edits.ts';
import { call, HALF, NOWHERE, number, product, symbol } from './nodes.ts';

/** The edits that follow from what the net has, but for its letters. */
export function netEdits(
  expression: Expression,
  left: Left,
  net: DiagnosisScope,
  isNumber: IsNumber,
): Edit[] {
  const edits = new NetEdits(left, net, isNumber);
  return [...edits.decay(expression), ...placesOf(expression).flatMap((place) => edits.at(place))];
}

class NetEdits {
  readonly #left: Left;
  readonly #net: DiagnosisScope;
  readonly #isNumber: IsNumber;
  /** Whether the left side is a value: then it is about the forward, else about the way back. */
  readonly #isForward: boolean;

  constructor(left: Left, net: DiagnosisScope, isNumber: IsNumber) {
    this.#left = left;
    this.#net = net;
    this.#isNumber = isNumber;
    this.#isForward = left.kind === 'value';
  }

  at(place: Place): Edit[] {
    return [
      ...this.#sizes(place),
      ...this.#constants(place),
      ...this.#sums(place),
      ...(this.#isForward ? this.#functions(place) : this.#derivatives(place)),
      ...this.#biases(place),
      ...this.#superfluous(place),
    ];
  }

  /** The λ term added to the whole. */
  decay(expression: Expression): Edit[] {
    const { decaying } = this.#net;
    if (decaying.length === 0) return [];
    const lambda = symbol('lambda');
    const add = (term: Expression, because: string): Edit => ({
      result: { kind: 'sum', sign: '+', left: expression, right: term, span: expression.span },
      cost: 1,
      phrase: `with + ${expressionText(term)} at its end`,
      because,
    });
    if (this.#left.kind === 'gradient' && decaying.includes(this.#left.by)) {
      return [
        add(
          product('*', lambda, symbol(this.#left.by)),
          'The term (λ/2) Σ w² of the loss has the gradient λW.',
        ),
      ];
    }
    if (this.#left.kind !== 'value' || this.#left.name !== 'L') return [];
    const squares = decaying.map((name): Expression => {
      return call('sum', false, { kind: 'power', operand: symbol(name), exponent: 2, span: NOWHERE });
    });
    const total = squares.reduce(
      (a, b): Expression => ({ kind: 'sum', sign: '+', left: a, right: b, span: NOWHERE }),
    );
    const term = product('*', product('/', lambda, number(2)), total);
    return [add(term, 'The loss of this net has the term (λ/2) Σ w² over all weights.')];
  }

  /** The letter of a dimension for a number that is its size on the draw whose shapes are told. */
  #sizes(place: Place): Edit[] {
    const { node } = place;
    if (node.kind !== 'number') return [];
    return this.#net.numberNames
      .filter((name) => this.#net.dimension(name) === node.value)
      .map((name) =>
        instead(
          place,
          { ...symbol(name), span: node.span },
          0.7,
          `${node.text} is ${name} here by chance: write ${name}.`,
        ),
      );
  }

  /** A term times or divided by a constant. */
  #constants(place: Place): Edit[] {
    const { node, isTerm, parent } = place;
    if (!isTerm || node.kind === 'number') return [];
    const { sampleLetter, numberNames, reduction } = this.#net;
    const edit = (by: Expression, phrase: string, cost: number, because?: string): Edit =>
      parent === undefined
        ? { result: by, cost, phrase, ...(because !== undefined && { because }) }
        : instead(place, by, cost + 0.1, because);
    return [
      edit(product('*', HALF, node), 'with a factor ½', 1.4),
      edit(product('*', number(2), node), 'with a factor 2', 1.4),
      ...numberNames.flatMap((name) => {
        const isSamples = name === sampleLetter;
        const text = nameText(name);
        const cost = isSamples ? 1.1 : name.length > 1 ? 1.6 : 2.4;
        const because =
          isSamples && reduction === 'mean' ? 'The loss is the mean over the N samples.' : undefined;
        return [
          edit(product('/', node, symbol(name)), `divided by ${text}`, cost, because),
          edit(product('*', symbol(name), node), `times ${text}`, cost),
        ];
      }),
    ];
  }

  /** A factor φ′(z) where the shapes let it stand. */
  #derivatives(place: Place): Edit[] {
    const { node } = place;
    const { parent } = place;
    if (node.kind === 'indicator' || (node.kind === 'call' && node.prime) || this.#isNumber(node)) return [];
    if (parent?.kind === 'indicator' || parent?.kind === 'call') return [];
    const shape = shapeOf(node, this.#net);
    return this.#net.preActivations
      .filter((z) => shape !== undefined && sameShape(this.#net.shape(symbol(z)), shape))
      .map((z) => {
        const prime = {
          ...call(this.#net.activation === 'relu' ? 'relu' : 'phi', true, symbol(z)),
          span: NOWHERE,
        };
        const factor = expressionText(prime);
        return {
          result: place.replaced(product('⊙', node, prime)),
          cost: place.isTerm ? 1.1 : 1.2,
          phrase: `with ⊙ ${factor} after ${expressionText(node)} ${at(node)}`,
          because: `On the way back through the activation the chain rule multiplies by ${factor}.`,
        };
      });
  }

  /** A function of a term that is missing. */
  #functions(place: Place): Edit[] {
    const { node } = place;
    if (node.kind === 'number') return [];
    const { activation } = this.#net;
    const isLoss = this.#left.kind === 'value' && this.#net.shape(symbol(this.#left.name)).rows.size === 1;
    const square: Expression = { kind: 'power', operand: node, exponent: 2, span: node.span };
    return [
      ...(activation === null
        ? []
        : [instead(place, call(activation === 'relu' ? 'relu' : 'phi', false, node), 1)]),
      instead(place, call('softmax', false, node), 1.4),
      ...(isLoss ? [instead(place, call('log', false, node), 1.4)] : []),
      ...(isLoss && !this.#isNumber(node)
        ? [instead(place, call('sum', false, node), 1.4), instead(place, square, 1.4)]
        : []),
    ];
  }

  /** Σ over the samples, or 𝟏 for a plain 1. */
  #sums(place: Place): Edit[] {
    const { node, isTerm } = place;
    if (this.#net.sampleLetter === null) return [];
    if (node.kind === 'number' && node.value === 1) {
      const phrase = `with the column of ones 𝟏 instead of the number 1 ${at(node)}`;
      return [{ result: place.replaced({ ...symbol('𝟏'), span: node.span }), cost: 1, phrase }];
    }
    if (!isTerm || node.kind === 'call' || this.#isNumber(node)) return [];
    const because = 'Every sample adds its share to the gradient.';
    return [instead(place, call('sumOverSamples', false, node), 1.1, this.#isForward ? undefined : because)];
  }

  /** A bias added to a term. */
  #biases(place: Place): Edit[] {
    const { node, isTerm } = place;
    if (!isTerm || node.kind !== 'product' || node.sign !== '*') return [];
    return this.#net.biases.map((name) => ({
      result: place.replaced({ kind: 'sum', sign: '+', left: node, right: symbol(name), span: node.span }),
      cost: 1.4,
      phrase: `with + ${name} after ${expressionText(node)} ${at(node)}`,
    }));
  }

  /** What another net has, or another tensor of this one: the λ term of a bias, the 1/N of a sum. */
  #superfluous(place: Place): Edit[] {
    const { node } = place;
    const { biases, decaying, reduction, sampleLetter } = this.#net;
    const without = (what: string, where: Expression, by: Expression, because: string): Edit[] => [
      { result: place.replaced(by), cost: 0.95, phrase: `without ${what} ${at(where)}`, because },
    ];
    if (node.kind === 'sum' && this.#left.kind === 'gradient' && has(node.right, 'lambda')) {
      const isBias = biases.includes(this.#left.by);
      const because = isBias
        ? 'The term (λ/2) Σ w² is over the weights alone: biases are not decayed.'
        : 'The term (λ/2) Σ w² depends on the weights alone.';
      if (decaying.includes(this.#left.by)) return [];
      return without(
        `${node.sign === '+' ? '+' : '−'} ${expressionText(node.right)}`,
        node.right,
        node.left,
        because,
      );
    }
    if (node.kind === 'product' && node.sign === '/' && reduction === 'sum' && sampleLetter !== null) {
      if (node.right.kind !== 'symbol' || node.right.name !== sampleLetter) return [];
      return without(
        `/${sampleLetter}`,
        node.right,
        node.left,
        'The loss of this net is the sum over the rows, not their mean.',
      );
    }
    return [];
  }
}

const has = (node: Expression, name: string): boolean =>
  (node.kind === 'symbol' && node.name === name) || childrenOf(node).some((child) => has(child, name));
