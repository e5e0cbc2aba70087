/** An explanation as a walk: for each formula its LaTeX, the values of all its symbols, and the code that computes it. */

import type { Explanation, Step } from '../../../../explain/explain.ts';
import type { Model } from '../../../../formats/model.ts';
import type { LayerSpec } from '../../../../network/network.ts';
import { type CodePlace, codeOf } from './code-places.ts';
import { statementLatex, symbolLatex } from './latex.ts';
import { meaningOf } from './meaning.ts';

/** What a formula computes. */
export type Kind =
  | 'input'
  | 'affine'
  | 'activation'
  | 'probabilities'
  | 'loss'
  | 'penalty'
  | 'l1Penalty'
  | 'delta'
  | 'weightGradient'
  | 'biasGradient'
  | 'inputGradient'
  | 'activationGradient'
  | 'decay'
  | 'l1Decay'
  | 'update'
  | 'lossAfter';

/** A symbol of a formula with its numbers at that moment. */
export interface Quantity {
  readonly symbol: string;
  readonly latex: string;
  readonly meaning: string;
  /** [1, n] of a row, [inputs, outputs] of weights, [outputs] of biases, empty of a scalar. */
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: ArrayLike<number>;
  /** Whether its last axis counts the classes. */
  readonly perClass: boolean;
  /** Of a symbol that the formula changes: which of the two it is. */
  readonly when?: 'before' | 'after';
}

/** One formula of the walk. */
export interface Stop {
  readonly step: Step;
  readonly kind: Kind;
  /** The index in the spec's layers of the layer concerned; of the loss and what belongs to it, their number. */
  readonly layer: number;
  /** The statement, its symbols marked by their place in `quantities`. */
  readonly latex: string;
  /** What stands on the left, then what stands on the right. */
  readonly quantities: readonly [Quantity, ...Quantity[]];
  /** Layer code first, then kernels. */
  readonly code: readonly CodePlace[];
}

interface Known {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/**
 * All formulas of an explanation, in their order.
 *
 * @throws RangeError if a symbol has no values at its place
 */
export function walkthrough(model: Model, explanation: Explanation): Stop[] {
  const { spec, classes } = model;
  const known = new Map<string, Known>(model.tensors.map((tensor) => [tensor.name, tensor]));
  const scalar = (value: number): Known => ({ shape: [], values: [value] });
  known.set('λ', scalar(spec.l2));
  known.set('λ₁', scalar(explanation.l1));
  known.set('α', scalar(explanation.learningRate));
  const target = Float64Array.from(classes, (_, j) => (j === explanation.label ? 1 : 0));
  known.set('y', { shape: [1, classes.length], values: target });

  const depth = spec.layers.filter(({ type }) => type === 'dense').length;
  const quantity = (symbol: string, { shape, values }: Known, when?: 'before' | 'after'): Quantity => ({
    symbol,
    latex: symbolLatex(symbol),
    meaning: meaningOf(symbol, depth),
    shape,
    values,
    perClass: isPerClass(symbol, depth),
    ...(when && { when }),
  });

  const place = new Place(spec.layers);
  return explanation.steps.map((step) => {
    const { symbol, text, shape, values } = step;
    const { kind, layer } = place.next(step);
    const operands = step.operands.map((operand) => operand.symbol);
    // What the text speaks of besides: the z of φ′(z), where φ′ is computed from x.
    const mentioned = [...known.keys()].filter(
      (name) => name !== symbol && !operands.includes(name) && speaksOf(text, name),
    );
    const right = [...operands, ...mentioned];
    const changes = operands.includes(symbol);
    const quantities: [Quantity, ...Quantity[]] = [
      quantity(symbol, { shape, values }, changes ? 'after' : undefined),
      ...right.map((name) => {
        const found = known.get(name);
        if (found === undefined)
          throw new RangeError(`formula "${text}": expected values of ${name}, found none`);
        return quantity(name, found, name === symbol ? 'before' : undefined);
      }),
    ];
    known.set(symbol, { shape, values });
    const code = codeOf(kind, spec.layers[layer], spec.loss.name);
    return { step, kind, layer, latex: statementLatex(text, symbol, right), quantities, code };
  });
}

function speaksOf(text: string, name: string): boolean {
  return new RegExp(`(?<![A-Za-z∂])${name}(?![A-Za-z0-9₁′])`, 'u').test(text);
}

function isPerClass(symbol: string, depth: number): boolean {
  const of = symbol.replace('∂L/∂', '').replaceAll('′', '');
  return ['s', 'p', 'y', ...['x', 'z', 'δ', 'b', 'W'].map((letter) => letter + depth)].includes(of);
}

/** Follows the steps through the layers, up and down again. */
class Place {
  readonly #layers: readonly LayerSpec[];
  #up = 0;
  #down: number;
  #dense = -1;

  constructor(layers: readonly LayerSpec[]) {
    this.#layers = layers;
    this.#down = layers.length - 1;
  }

  next(step: Step): { readonly kind: Kind; readonly layer: number } {
    const { direction, symbol, operands } = step;
    const has = (letter: string) => operands.some((operand) => operand.symbol === letter);
    const top = this.#layers.length;
    if (direction === 'forward') {
      if (operands.length === 0) return { kind: 'input', layer: -1 };
      if (symbol === 'p') return { kind: 'probabilities', layer: top };
      if (symbol === 'L') return { kind: 'loss', layer: top };
      if (symbol === 'L2' || symbol === 'L1') {
        return { kind: symbol === 'L2' ? 'penalty' : 'l1Penalty', layer: top };
      }
      const layer = this.#up++;
      return { kind: this.#layers[layer].type === 'dense' ? 'affine' : 'activation', layer };
    }
    if (direction === 'step') {
      if (symbol === 'L′') return { kind: 'lossAfter', layer: top };
      return { kind: 'update', layer: this.#denseLayer(symbol) };
    }
    if (has('λ')) return { kind: 'decay', layer: this.#denseLayer(symbol) };
    if (has('λ₁')) return { kind: 'l1Decay', layer: this.#denseLayer(symbol) };
    if (/^∂L\/∂[Wb]/.test(symbol)) {
      this.#dense = this.#denseLayer(symbol);
      return { kind: symbol.includes('W') ? 'weightGradient' : 'biasGradient', layer: this.#dense };
    }
    if (has('y')) return { kind: 'delta', layer: top };
    if (this.#dense >= 0) {
      const layer = this.#dense;
      this.#down = layer - 1;
      this.#dense = -1;
      return { kind: 'inputGradient', layer };
    }
    return { kind: 'activationGradient', layer: this.#down-- };
  }

  /** Of `W2`, `b2` or `∂L/∂W2`: the second dense layer. */
  #denseLayer(symbol: string): number {
    const number = Number(/\d+$/.exec(symbol)?.[0]);
    const dense = this.#layers.flatMap(({ type }, layer) => (type === 'dense' ? [layer] : []));
    return dense[number - 1];
  }
}
