/** The values of expressions, against the little matrix arithmetic of the notes' tests. */

import { describe, expect, test } from 'vitest';
import {
  add,
  addColumn,
  addRow,
  columnSums,
  hadamard,
  map,
  multiply,
  ones,
  type Rows,
  scale,
  softmaxByRows,
  subtract,
  sum,
  transpose,
} from '../../support/notes-matrix.ts';
import { lambda, rows, worthOf } from './vocabulary.ts';

const [X, W, W2, b, c, x, Y] = ['X', 'W', 'W2', 'b', 'c', 'x', 'Y'].map(rows);
const sigma = (z: number) => 1 / (1 + Math.exp(-z));
const rowSums = (a: Rows) => multiply(a, ones(a[0].length));

function expectClose(actual: Rows, literal: Rows): void {
  expect([actual.length, actual[0].length]).toEqual([literal.length, literal[0].length]);
  for (const [k, value] of actual.flat().entries()) expect(value).toBeCloseTo(literal.flat()[k], 13);
}

describe('an expression is worth what it says:', () => {
  test.each<[string, Rows]>([
    ['X W', multiply(X, W)],
    ["W' X'", transpose(multiply(X, W))],
    ['X W + b', addRow(multiply(X, W), b)],
    ['b + X W', addRow(multiply(X, W), b)],
    [
      'X - c',
      subtract(
        X,
        addColumn(
          map(X, () => 0),
          c,
        ),
      ),
    ],
    [
      'c - X',
      subtract(
        addColumn(
          map(X, () => 0),
          c,
        ),
        X,
      ),
    ],
    ['2 - X', map(X, (v) => 2 - v)],
    ['λ W2 + W', add(scale(lambda, W2), W)],
    ['X/N', scale(1 / 4, X)],
    ['Y/Y', map(Y, () => 1)],
    ['N/Y', map(Y, (v) => 4 / v)],
    ['Y ⊙ Y - Y', subtract(hadamard(Y, Y), Y)],
    ['(Y - 1)^2', map(Y, (v) => (v - 1) ** 2)],
    ['W^0', map(W, () => 1)],
    ['-X', scale(-1, X)],
    ['N⁻¹ X', scale(1 / 4, X)],
    ['N^-2', [[1 / 16]]],
    ['(N + 1)⁻¹', [[1 / 5]]],
    ['‖X‖²', [[sum(hadamard(X, X))]]],
    ['¼ ‖X W‖²', [[sum(hadamard(multiply(X, W), multiply(X, W))) / 4]]],
    ['Y ⊙ X W', hadamard(Y, multiply(X, W))],
    ["x' x", [[sum(hadamard(x, x))]]],
    ["(x' x) X", scale(sum(hadamard(x, x)), X)],
    ["x x'", multiply(x, transpose(x))],
    ['R(X)', map(X, (v) => Math.max(0, v))],
    ["R'(X)", map(X, (v) => (v > 0 ? 1 : 0))],
    ['σ(X)', map(X, sigma)],
    ["σ'(X)", map(X, (v) => sigma(v) * (1 - sigma(v)))],
    ['tanh(X)', map(X, Math.tanh)],
    ["phi'(X)", map(X, (v) => 1 - Math.tanh(v) ** 2)],
    ['softmax(Y)', softmaxByRows(Y)],
    ['exp(Y)', map(Y, Math.exp)],
    ['log(Y^2)', map(Y, (v) => Math.log(v * v))],
    ['max(0, X)', map(X, (v) => Math.max(0, v))],
    ['max(X, -X)', map(X, Math.abs)],
    ['1[X > 0]', map(X, (v) => (v > 0 ? 1 : 0))],
    ['𝟙[X <= c·ones(1, D)]', X.map((row, i) => row.map((v) => (v <= c[i][0] ? 1 : 0)))],
    ['1[0 >= 0]', [[1]]],
    ['1[[0] < 0]', [[0]]],
    ['sum(X)', [[sum(X)]]],
    ['rowsum(X)', rowSums(X)],
    ['colsum(X)', columnSums(X)],
    ['Σₙ X', columnSums(X)],
    ['Σₙ X/N', scale(1 / 4, columnSums(X))],
    ['diag(x)', x.map((_, i) => x.map(([v], j) => (i === j ? v : 0)))],
    ['diag(b)', b[0].map((v, i) => b[0].map((_, j) => (i === j ? v : 0)))],
    ['I(3)', [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? 1 : 0)))],
    ['ones(N, 1)', ones(4)],
    [
      '[1, λ; -2, N]',
      [
        [1, lambda],
        [-2, 4],
      ],
    ],
    ['b [1, 0; 0, 2]', [[b[0][0], 2 * b[0][1]]]],
    ['Y[2, 1]', [[Y[1][0]]]],
    ['x[3]', [[x[2][0]]]],
    ['b[2]', [[b[0][1]]]],
    ['(X W)[4, 2]', [[multiply(X, W)[3][1]]]],
  ])('%s', (text, literal) => expectClose(worthOf(text), literal));
});

test('softmax of scores that overflow exp', () => {
  expectClose(worthOf('softmax([1000, 0; 0, -1000])'), [
    [1, 0],
    [1, 0],
  ]);
});

test('a logarithm of a negative number is not a number, and no error', () => {
  expect(worthOf('log(0 - 1)')[0][0]).toBeNaN();
});
