/** What a citation says on the numbers of an explanation: the registry's own equation, evaluated by its language. */

import { expect } from 'vitest';
import type { Citation } from '../../src/explain/citation.ts';
import type { Explanation } from '../../src/explain/explain.ts';
import { networkLetters } from '../../src/explain/network-letters.ts';
import { type RegistryEquation, registryEquations } from '../../src/explain/registry-equations.ts';
import type { Step } from '../../src/explain/walk.ts';
import { evaluate } from '../../src/formulas/language/evaluate.ts';
import type { Scope } from '../../src/formulas/language/scope.ts';
import { ONE, type Shape } from '../../src/formulas/language/shape.ts';
import { scalar, type Tensor, transpose } from '../../src/formulas/language/tensor.ts';
import type { TensorDefinition } from '../../src/formulas/nets/definitions.ts';
import { formula } from '../../src/formulas/registry.ts';
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
    ({ formula: { id }, index, part }) =>
      id === citation.id && index === citation.equation && part === citation.part,
  );
  if (equation === undefined) return anyWeightError(spec, step, citation, known);
  const gradients = gradientSymbols(spec);
  const oriented = (tensor: TensorDefinition, value: Tensor) =>
    (tensor.transposed ?? equation.net.samples === 'columns') ? transpose(value) : value;
  const scope = scopeOf(
    equation,
    activation,
    (tensor, gradient) => {
      const symbol = citation.letters[tensor.name];
      return oriented(tensor, known.get(gradient ? (gradients.get(symbol) as string) : symbol));
    },
    known,
  );
  const got = evaluate(equation.right, scope);
  const [rows, cols] = step.shape.length === 2 ? step.shape : [1, step.shape[0] ?? 1];
  const toNote = (tensor: Tensor) =>
    equation.result === 'loss' ? tensor : oriented(equation.result.tensor, tensor);
  const shown = toNote({ rows, cols, values: Float64Array.from(step.values) });
  expect([got.rows, got.cols], `${citation.id} for ${step.text}`).toEqual([shown.rows, shown.cols]);
  // A step is added to the parameter, whose value afterwards is what is shown.
  const before = equation.isStep ? toNote(known.get(step.symbol)).values : undefined;
  return distance(before === undefined ? got.values : got.values.map((v, k) => v + before[k]), shown.values);
}

function anyWeightError(spec: NetworkSpec, step: Step, citation: Citation, known: Known): number {
  const line = formula(citation.id).unicode[citation.equation];
  const before = (symbol: string) => known.get(symbol).values;
  const term = TERMS[line];
  if (term !== undefined) {
    const weights = spec.layers
      .filter(({ type }) => type === 'dense')
      .flatMap((_, n) => [...before(`W${n + 1}`)]);
    return distance([term(before(citation.letters.λ)[0], weights)], step.values);
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

function scopeOf(
  { net, operands, result }: RegistryEquation,
  activation: ActivationName,
  value: (tensor: TensorDefinition, gradient: boolean) => Tensor,
  known: Known,
): Scope {
  const dimension = (letter: string): number | undefined => {
    if (letter === net.sampleLetter) return 1;
    const all = [...operands, ...(result === 'loss' ? [] : [result])];
    for (const { tensor } of all) {
      if (tensor.rows === letter) return value(tensor, false).rows;
      if (tensor.cols === letter) return value(tensor, false).cols;
    }
    return undefined;
  };
  return {
    name: net.name,
    samples: net.samples,
    sampleLetter: net.sampleLetter,
    activation: net.activationIsOpen ? activation : net.activation,
    dimension,
    shape: (): Shape => ({ rows: ONE, cols: ONE }),
    value: (reference) => {
      const name = reference.kind === 'symbol' ? reference.name : reference.by;
      const tensor = net.tensors.find((each) => each.name === name);
      if (tensor !== undefined) return value(tensor, reference.kind === 'derivative');
      if (name === '𝟏') return scalar(1);
      if (name === 'lambda') return known.get('λ');
      if (name === 'alpha') return known.get('α');
      const size = dimension(name);
      if (size === undefined) throw new Error(`${net.name}: no value of ${name}`);
      return scalar(size);
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
