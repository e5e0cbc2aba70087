/** The value of an expression on the numbers of a net, in float64. */

import { ENTRY_FUNCTIONS, phiOf } from './functions.ts';
import { type Index, type Indices, indexValue, NO_INDICES } from './indices.ts';
import { agreed, freeLetters, usesOf } from './ranges.ts';
import type { Scope } from './scope.ts';
import { entrySizes, tensorSizes } from './shapes.ts';
import type { Comparison, Expression } from './syntax.ts';
import {
  columnSums,
  fill,
  isScalar,
  map,
  multiply,
  rowSums,
  scalar,
  type Tensor,
  transpose,
  zip,
} from './tensor.ts';

const HOLDS: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
};

/**
 * The value of an expression whose shapes `checkShapes` has found to fit.
 *
 * @param indices the values of the letters that no Σ of it counts
 */
export function evaluate(expression: Expression, scope: Scope, indices: Indices = NO_INDICES): Tensor {
  return new Evaluation(scope).value(expression, indices);
}

/** The values of one expression for several values of its letters: what has none of them is computed once. */
export class Evaluation {
  readonly #scope: Scope;
  readonly #letters = new Map<Expression, readonly string[]>();
  readonly #known = new Map<Expression, Map<string, Tensor>>();
  readonly #sizes = new Map<Expression, number>();
  readonly #slices = new Map<Expression, boolean>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  value(expression: Expression, indices: Indices = NO_INDICES): Tensor {
    // Only what takes long is kept: sums, and what an entry is taken of.
    if (expression.kind !== 'bigsum' && expression.kind !== 'call') return this.#compute(expression, indices);
    const letters = this.#lettersOf(expression);
    const key = letters.map((letter) => indices.get(letter)).join();
    let values = this.#known.get(expression);
    if (values === undefined) {
      values = new Map();
      this.#known.set(expression, values);
    }
    let value = values.get(key);
    if (value === undefined) {
      value = this.#compute(expression, indices);
      values.set(key, value);
    }
    return value;
  }

  #lettersOf(expression: Expression): readonly string[] {
    let letters = this.#letters.get(expression);
    if (letters === undefined) {
      letters = freeLetters(expression);
      this.#letters.set(expression, letters);
    }
    return letters;
  }

  #compute(expression: Expression, indices: Indices): Tensor {
    const scope = this.#scope;
    const value = (e: Expression) => this.value(e, indices);
    switch (expression.kind) {
      case 'number':
        return scalar(expression.value);
      case 'symbol':
      case 'derivative':
        return scope.value(expression);
      case 'negate':
        return map(value(expression.operand), (v) => -v);
      case 'transpose':
        return transpose(value(expression.operand));
      case 'power':
        return map(value(expression.operand), (v) => power(v, expression.exponent));
      case 'sum': {
        const add =
          expression.sign === '+' ? (a: number, b: number) => a + b : (a: number, b: number) => a - b;
        return zip(value(expression.left), value(expression.right), add);
      }
      case 'product':
        return product(expression.sign, value(expression.left), value(expression.right));
      case 'indicator': {
        const holds = HOLDS[expression.sign];
        return zip(value(expression.left), value(expression.right), (a, b) => (holds(a, b) ? 1 : 0));
      }
      case 'call':
        return call(expression, scope, value);
      case 'literal': {
        const rows = expression.rows.map((row) => row.map((entry) => value(entry).values[0]));
        return fill(rows.length, rows[0].length, (i, j) => rows[i][j]);
      }
      case 'kronecker': {
        const equal = this.#index(expression.left, indices) === this.#index(expression.right, indices);
        return scalar(equal === expression.isEqual ? 1 : 0);
      }
      case 'bigsum':
        return this.#sum(expression, indices);
      case 'entry':
        return this.#entry(expression, indices);
    }
  }

  #index(index: Index, indices: Indices): number {
    return indexValue(index, indices, (sample) => this.#scope.classOf(sample));
  }

  #sum(expression: Expression & { kind: 'bigsum' }, indices: Indices): Tensor {
    const { letter, except, operand } = expression;
    let size = this.#sizes.get(expression);
    if (size === undefined) {
      size = agreed(letter, usesOf(letter, operand, this.#scope, entrySizes), operand).size;
      this.#sizes.set(expression, size);
    }
    let total: Tensor | undefined;
    const left = except === null ? Number.NaN : this.#index(except, indices);
    for (let k = 1; k <= size; k++) {
      if (k === left) continue;
      const term = this.value(operand, new Map(indices).set(letter, k));
      total = total === undefined ? term : zip(total, term, (a, b) => a + b);
    }
    return total ?? scalar(0);
  }

  #entry(expression: Expression & { kind: 'entry' }, indices: Indices): Tensor {
    const { operand } = expression;
    const at = expression.indices.map((index) => this.#index(index, indices) - 1);
    const value = this.value(operand, indices);
    if (operand.kind === 'derivative' && operand.of !== null) {
      const sizes = [operand.of, operand.by].flatMap((name) => tensorSizes(name, this.#scope));
      return scalar(value.values[at.reduce((flat, k, axis) => flat * sizes[axis].size + k, 0)]);
    }
    if (at.length === 2) return scalar(value.values[at[0] * value.cols + at[1]]);
    if ((value.rows === 1 || value.cols === 1) && !this.#isSlice(expression))
      return scalar(value.values[at[0]]);
    const [k] = at;
    return this.#scope.samples === 'rows'
      ? fill(1, value.cols, (_, j) => value.values[k * value.cols + j])
      : fill(value.rows, 1, (i) => value.values[i * value.cols + k]);
  }

  /** Whether one index of two is given: a sample's row or column, which of a batch of one is all there is. */
  #isSlice(expression: Expression & { kind: 'entry' }): boolean {
    let isSlice = this.#slices.get(expression);
    if (isSlice === undefined) {
      isSlice = entrySizes(expression, this.#scope).length > expression.indices.length;
      this.#slices.set(expression, isSlice);
    }
    return isSlice;
  }
}

function product(sign: '*' | '⊙' | '/', a: Tensor, b: Tensor): Tensor {
  if (sign === '/') return zip(a, b, (x, y) => x / y);
  if (sign === '*' && !isScalar(a) && !isScalar(b)) return multiply(a, b);
  return zip(a, b, (x, y) => x * y);
}

function call(
  expression: Expression & { kind: 'call' },
  scope: Scope,
  evaluated: (argument: Expression) => Tensor,
): Tensor {
  const { name, prime, args } = expression;
  const value = (i = 0) => evaluated(args[i]);
  switch (name) {
    case 'ones':
      return fill(dimension(args[0], scope), dimension(args[1], scope), () => 1);
    case 'identity': {
      const n = dimension(args[0], scope);
      return fill(n, n, (i, j) => (i === j ? 1 : 0));
    }
    case 'max':
      return zip(value(0), value(1), Math.max);
    case 'diag': {
      const { values } = value();
      return fill(values.length, values.length, (i, j) => (i === j ? values[i] : 0));
    }
    case 'sum':
      return scalar(value().values.reduce((sum, v) => sum + v, 0));
    case 'rowsum':
      return rowSums(value());
    case 'colsum':
      return columnSums(value());
    case 'sumOverSamples':
      return scope.samples === 'rows' ? columnSums(value()) : rowSums(value());
    case 'softmax':
      return scope.samples === 'rows' ? softmaxByRows(value()) : transpose(softmaxByRows(transpose(value())));
    case 'phi':
    case 'relu':
    case 'sigmoid':
    case 'tanh': {
      const { phi, prime: derivative } = phiOf(name === 'phi' ? (scope.activation ?? 'identity') : name);
      return map(value(), prime ? derivative : phi);
    }
    case 'min':
      return zip(value(0), value(1), Math.min);
    case 'pow':
      return zip(value(0), value(1), (a, b) => a ** b);
    case 'outer': {
      const [a, b] = [value(0).values, value(1).values];
      return fill(a.length, b.length, (i, j) => a[i] * b[j]);
    }
    case 'mean':
      return scalar(value().values.reduce((sum, v) => sum + v, 0) / value().values.length);
    case 'colmean':
      return map(columnSums(value()), (v) => v / value().rows);
    case 'rowmean':
      return map(rowSums(value()), (v) => v / value().cols);
    case 'exp':
    case 'log':
    case 'sqrt':
    case 'abs':
    case 'sign':
    case 'ismorethan':
    case 'cos':
      return map(value(), ENTRY_FUNCTIONS[name] as (x: number) => number);
  }
}

function dimension(expression: Expression, scope: Scope): number {
  if (expression.kind === 'number') return expression.value;
  return expression.kind === 'symbol' ? (scope.dimension(expression.name) ?? 0) : 0;
}

function power(value: number, exponent: number): number {
  if (exponent < 0) return 1 / power(value, -exponent);
  let result = 1;
  for (let k = 0; k < exponent; k++) result *= value;
  return result;
}

/** e^{sⱼ − max} / Σₖ e^{sₖ − max} in each row. */
function softmaxByRows(s: Tensor): Tensor {
  const exp = ENTRY_FUNCTIONS.exp as (x: number) => number;
  const max = Array.from({ length: s.rows }, (_, i) =>
    s.values.subarray(i * s.cols, (i + 1) * s.cols).reduce((a, b) => Math.max(a, b)),
  );
  const e = fill(s.rows, s.cols, (i, j) => exp(s.values[i * s.cols + j] - max[i]));
  const sums = rowSums(e);
  return zip(e, sums, (x, sum) => x / sum);
}
