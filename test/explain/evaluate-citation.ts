/** What a citation says on the numbers of an explanation: the registry's own equation, evaluated by its language. */

import { expect } from 'vitest';
import { sidesOf } from '../../src/check/derivation/sides.ts';
import { type Citation, citedLines } from '../../src/explain/citation.ts';
import type { Explanation } from '../../src/explain/explain.ts';
import { networkLetters } from '../../src/explain/network-letters.ts';
import {
  type Quantity,
  type RegistryEquation,
  registryEquations,
} from '../../src/explain/registry-equations.ts';
import type { Step } from '../../src/explain/walk.ts';
import { evaluate } from '../../src/formulas/language/evaluate.ts';
import { SAMPLE_LOSSES } from '../../src/formulas/language/names.ts';
import type { Reference, Scope } from '../../src/formulas/language/scope.ts';
import { ONE, SCALAR, type Shape } from '../../src/formulas/language/shape.ts';
import { scalar, type Tensor, transpose } from '../../src/formulas/language/tensor.ts';
import type { TensorDefinition } from '../../src/formulas/nets/definitions.ts';
import type { ActivationName } from '../../src/network/activations.ts';
import type { Network, NetworkSpec } from '../../src/network/network.ts';

/** The values of an explanation's symbols, before its first step and then after each. */
export class Known {
  readonly #values = new Map<string, Tensor>();

  constructor(network: Network, label: number, rate: number, l1: number) {
    for (const { name, value } of network.parameters) this.#values.set(name, copyOf(value));
    const y = new Float64Array(network.classes);
    y[label] = 1;
    this.#values.set('y', { rows: 1, cols: y.length, values: y });
    for (const [symbol, value] of [
      ['λ', network.spec.l2],
      ['λ₁', l1],
      ['α', rate],
    ] as const)
      this.#values.set(symbol, scalar(value));
  }

  get(symbol: string): Tensor {
    const found = this.#values.get(symbol);
    if (found === undefined) throw new Error(`no values of ${symbol}`);
    return found;
  }

  set({ symbol, shape, values }: Step): void {
    const [rows, cols] = shape.length === 2 ? shape : [1, shape[0] ?? 1];
    this.#values.set(symbol, { rows, cols, values: Float64Array.from(values) });
  }
}

const copyOf = ({ rows, cols, values }: Tensor | Network['parameters'][number]['value']): Tensor => ({
  rows,
  cols,
  values: Float64Array.from(values),
});

/** The formulas whose letters are those of any weight, as their lines state them. */
const ANY_WEIGHT: Readonly<Record<string, (before: number, get: (letter: string) => number) => number>> = {
  'w ← w − η g': (w, get) => w - get('η') * get('g'),
  '∂R/∂w = λ w': (_, get) => get('λ') * get('w'),
  '∂R/∂w = λ sign(w), sign(0) = 0': (_, get) => get('λ') * Math.sign(get('w')),
};

const TERMS: Readonly<Record<string, (lambda: number, weights: readonly number[]) => number>> = {
  'R = (λ/2) Σ w²': (lambda, weights) => (lambda / 2) * weights.reduce((sum, w) => sum + w * w, 0),
  'R = λ Σ ∣w∣': (lambda, weights) => lambda * weights.reduce((sum, w) => sum + Math.abs(w), 0),
};

/**
 * How far a citation is from the values of its step, relative to the largest of them.
 *
 * @param known the values before the step
 */
export function citationError(
  spec: NetworkSpec,
  activation: ActivationName,
  step: Step,
  citation: Citation,
  known: Known,
): number {
  const equation = registryEquations().find(
    ({ formula: { id }, indices, part }) =>
      id === citation.id && indices.join() === citation.lines.join() && part === citation.part,
  );
  if (equation === undefined) return anyWeightError(spec, step, citation, known);
  const gradients = gradientSymbols(spec);
  const oriented = (tensor: TensorDefinition, value: Tensor) =>
    (tensor.transposed ?? equation.net.samples === 'columns') ? transpose(value) : value;
  const scope = scopeOf(
    equation,
    activation,
    ({ tensor, gradient }) => {
      const symbol = citation.letters[tensor.name];
      return oriented(tensor, known.get(gradient ? (gradients.get(symbol) as string) : symbol));
    },
    {
      lambda: known.get('λ').values[0],
      alpha: known.get('α').values[0],
      loss: Number.NaN,
      label: known.get('y').values.indexOf(1),
      weights: weightsOf(spec, (symbol) => known.get(symbol).values),
    },
  );
  const [rows, cols] = step.shape.length === 2 ? step.shape : [1, step.shape[0] ?? 1];
  const toNote = (tensor: Tensor) =>
    equation.result === 'loss' ? tensor : oriented(equation.result.tensor, tensor);
  const shown = toNote({ rows, cols, values: Float64Array.from(step.values) });
  // A step is added to the parameter, whose value afterwards is what is shown.
  const before = equation.isStep ? toNote(known.get(step.symbol)) : undefined;
  return equationError(equation, scope, shown, before);
}

/**
 * How far the lines of an equation are from what is shown of its result.
 *
 * @param before what the right side is added to
 */
export function equationError(
  { lines, formula: { id } }: RegistryEquation,
  scope: Scope,
  shown: Tensor,
  before?: Tensor,
): number {
  const errors = lines.map(({ left, right, condition }) => {
    if (left === undefined || left.indices.length === 0) {
      const got = evaluate(right, scope);
      expect([got.rows, got.cols], id).toEqual([shown.rows, shown.cols]);
      const added = before === undefined ? got.values : got.values.map((v, k) => v + before.values[k]);
      return distance(added, shown.values);
    }
    const name = left.kind === 'value' ? left.name : left.by;
    const of = left.kind === 'jacobian' ? left.of : null;
    const { text, span } = left;
    const reference: Reference =
      left.kind === 'value'
        ? { kind: 'symbol', name, text, span }
        : { kind: 'derivative', of, by: name, text, span };
    const isLeft = (other: Reference) =>
      other.kind === 'symbol'
        ? left.kind === 'value' && other.name === name
        : other.of === of && other.by === name;
    const { analytic, exact } = sidesOf({ left, condition }, right, {
      ...scope,
      value: (other) => (isLeft(other) ? shown : scope.value(other)),
      leftReference: () => reference,
      leftFactor: () => 1,
      leftValue: () => shown,
    });
    expect(exact.values.length, id).toBeGreaterThan(0);
    return distance(analytic.values, exact.values);
  });
  return Math.max(...errors);
}

/** All weights, of the lowest layer first. */
function weightsOf(spec: NetworkSpec, values: (symbol: string) => ArrayLike<number>): Tensor {
  const all = spec.layers
    .filter(({ type }) => type === 'dense')
    .flatMap((_, n) => Array.from(values(`W${n + 1}`)));
  return { rows: all.length, cols: 1, values: Float64Array.from(all) };
}

function anyWeightError(spec: NetworkSpec, step: Step, citation: Citation, known: Known): number {
  const [line] = citedLines(citation, 'unicode');
  const before = (symbol: string) => known.get(symbol).values;
  const term = TERMS[line];
  if (term !== undefined) {
    const { values } = weightsOf(spec, before);
    return distance([term(before(citation.letters.λ)[0], [...values])], step.values);
  }
  const rule = ANY_WEIGHT[line];
  expect(rule, `${citation.id}: ${line}`).toBeDefined();
  const isStep = citation.letters.g !== undefined;
  const w = isStep ? step.symbol : step.symbol.replace('∂L/∂', '');
  const wanted = Float64Array.from(step.values, (v, k) => (isStep ? v : v - before(step.symbol)[k]));
  const got = wanted.map((_, k) =>
    rule(before(w)[k], (letter) => {
      const values = before(letter === 'w' ? w : citation.letters[letter]);
      return values.length === 1 ? values[0] : values[k];
    }),
  );
  return distance(got, wanted);
}

/** The symbol of ∂L by each symbol. */
function gradientSymbols(spec: NetworkSpec): Map<string, string> {
  const { between, dense } = networkLetters(spec);
  const pairs = [
    ...between.map(({ value, gradient }) => [value, gradient] as const),
    ...dense.flatMap((own) =>
      own === undefined
        ? []
        : ([
            [own.w, own.dw],
            [own.b, own.db],
          ] as const),
    ),
  ];
  return new Map(pairs.map(([value, gradient]) => [value.symbol, gradient.symbol]));
}

/** The numbers that an equation has besides its letters. */
export interface Explained {
  readonly lambda: number;
  readonly alpha: number;
  readonly loss: number;
  /** The sample's class, counted from 0. */
  readonly label: number;
  /** All weights, as a column. */
  readonly weights: Tensor;
}

export function scopeOf(
  { net, operands, result }: RegistryEquation,
  activation: ActivationName,
  value: (quantity: Quantity) => Tensor,
  given: Explained,
): Scope {
  const tensorOf = (name: string) => net.tensors.find((each) => each.name === name);
  const dimension = (letter: string): number | undefined => {
    if (letter === net.sampleLetter) return 1;
    for (const quantity of [...operands, ...(result === 'loss' ? [] : [result])]) {
      const { rows, cols } = quantity.tensor;
      if (rows === letter) return value(quantity).rows;
      if (cols === letter) return value(quantity).cols;
    }
    return undefined;
  };
  const size = (letter: string) => (letter === '1' ? ONE : { size: dimension(letter) ?? Number.NaN, letter });
  const samples = size(net.sampleLetter ?? '1');
  return {
    name: net.name,
    samples: net.samples,
    sampleLetter: net.sampleLetter,
    activation: net.activationIsOpen ? activation : net.activation,
    dimension,
    limit: (text) =>
      net.dimensions.find(({ letter, inNote }) => letter === text || String(inNote) === text)?.letter,
    classOf: () => given.label + 1,
    shape: (reference): Shape => {
      const name = reference.kind === 'symbol' ? reference.name : reference.by;
      if (name === SAMPLE_LOSSES || name === '𝟏') return { rows: samples, cols: ONE };
      if (name === 'w') return { rows: { size: given.weights.rows, letter: null }, cols: ONE };
      const tensor = tensorOf(name);
      return tensor === undefined ? SCALAR : { rows: size(tensor.rows), cols: size(tensor.cols) };
    },
    value: (reference) => {
      const name = reference.kind === 'symbol' ? reference.name : reference.by;
      const tensor = tensorOf(name);
      if (tensor !== undefined) return value({ tensor, gradient: reference.kind === 'derivative' });
      if (name === 'w') return given.weights;
      if (name === '𝟏') return scalar(1);
      if (name === 'lambda') return scalar(given.lambda);
      if (name === 'alpha') return scalar(given.alpha);
      if (name === net.lossName || name === SAMPLE_LOSSES) return scalar(given.loss);
      const found = dimension(name);
      if (found === undefined) throw new Error(`${net.name}: no value of ${name}`);
      return scalar(found);
    },
  };
}

export function distance(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(got.length).toBe(wanted.length);
  const largest = Math.max(...Array.from(wanted, Math.abs), Number.MIN_VALUE);
  const off = Math.max(...Array.from(got, (v, k) => Math.abs(v - wanted[k])));
  return off === 0 ? 0 : off / Math.max(largest, 1e-12);
}

/** Every citation of an explanation with its error. */
export function citationErrors(
  network: Network,
  activation: ActivationName,
  label: number,
  { steps, learningRate, l1 }: Explanation,
): { step: Step; citation: Citation; error: number }[] {
  const known = new Known(network, label, learningRate, l1);
  return steps.flatMap((step) => {
    const errors =
      // Its values are of the network after the step.
      step.role === 'lossAfter'
        ? []
        : step.citations.map((citation) => ({
            step,
            citation,
            error: citationError(network.spec, activation, step, citation, known),
          }));
    // The formulas of a step speak of the parameters before any of them has moved.
    if (step.direction !== 'step') known.set(step);
    return errors;
  });
}
