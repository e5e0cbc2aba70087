/** The value of an expression on the numbers of a net, in float64. */

import { ENTRY_FUNCTIONS, phiOf } from './functions.ts';
import type { Scope } from './scope.ts';
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

/** The value of an expression whose shapes `checkShapes` has found to fit. */
export function evaluate(expression: Expression, scope: Scope): Tensor {
  const value = (e: Expression) => evaluate(e, scope);
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
      const add = expression.sign === '+' ? (a: number, b: number) => a + b : (a: number, b: number) => a - b;
      return zip(value(expression.left), value(expression.right), add);
    }
    case 'product':
      return product(expression.sign, value(expression.left), value(expression.right));
    case 'indicator': {
      const holds = HOLDS[expression.sign];
      return zip(value(expression.left), value(expression.right), (a, b) => (holds(a, b) ? 1 : 0));
    }
    case 'call':
      return call(expression, scope);
    case 'literal': {
      const rows = expression.rows.map((row) => row.map((entry) => value(entry).values[0]));
      return fill(rows.length, rows[0].length, (i, j) => rows[i][j]);
    }
    case 'entry': {
      const { indices } = expression;
      const operand = value(expression.operand);
      if (indices.length === 1) return scalar(operand.values[indices[0] - 1]);
      return scalar(operand.values[(indices[0] - 1) * operand.cols + indices[1] - 1]);
    }
  }
}

function product(sign: '*' | '⊙' | '/', a: Tensor, b: Tensor): Tensor {
  if (sign === '/') return zip(a, b, (x, y) => x / y);
  if (sign === '*' && !isScalar(a) && !isScalar(b)) return multiply(a, b);
  return zip(a, b, (x, y) => x * y);
}

function call(expression: Expression & { kind: 'call' }, scope: Scope): Tensor {
  const { name, prime, args } = expression;
  const value = (i = 0) => evaluate(args[i], scope);
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
    case 'exp':
    case 'log':
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
