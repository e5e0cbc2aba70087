/** The little matrix arithmetic in which the tests write the notes down: nested arrays, nothing of the project. */

import { expect } from 'vitest';

/** A matrix as a list of its rows; a column vector is n × 1, a row vector 1 × n. */
export type Rows = number[][];

export const shape = (a: Rows): [rows: number, cols: number] => [a.length, a[0].length];

/** Entry (i, j) = f(i, j), drawn row after row. */
export function fill(rows: number, cols: number, f: (i: number, j: number) => number): Rows {
  return Array.from({ length: rows }, (_, i) => Array.from({ length: cols }, (_, j) => f(i, j)));
}

/** Row n is 1 at labels[n] and 0 elsewhere. */
export const oneHot = (labels: readonly number[], classes: number): Rows =>
  fill(labels.length, classes, (n, j) => (labels[n] === j ? 1 : 0));

/** A vector of n ones, as a column: A · 1 are the row sums of A. */
export const ones = (n: number): Rows => fill(n, 1, () => 1);

export const transpose = (a: Rows): Rows => fill(a[0].length, a.length, (i, j) => a[j][i]);

/** @throws RangeError if the product does not exist */
export function multiply(a: Rows, b: Rows): Rows {
  if (a[0].length !== b.length) {
    throw new RangeError(`multiply: ${shape(a).join(' × ')} by ${shape(b).join(' × ')}`);
  }
  return fill(a.length, b[0].length, (i, j) => {
    let sum = 0;
    for (let k = 0; k < b.length; k++) sum += a[i][k] * b[k][j];
    return sum;
  });
}

export const map = (a: Rows, f: (value: number) => number): Rows => a.map((row) => row.map(f));

/** @throws RangeError if the shapes differ */
export function zip(a: Rows, b: Rows, f: (a: number, b: number) => number): Rows {
  if (a.length !== b.length || a[0].length !== b[0].length) {
    throw new RangeError(`zip: ${shape(a).join(' × ')} with ${shape(b).join(' × ')}`);
  }
  return a.map((row, i) => row.map((value, j) => f(value, b[i][j])));
}

export const add = (a: Rows, b: Rows): Rows => zip(a, b, (x, y) => x + y);
export const subtract = (a: Rows, b: Rows): Rows => zip(a, b, (x, y) => x - y);
export const hadamard = (a: Rows, b: Rows): Rows => zip(a, b, (x, y) => x * y);
export const scale = (factor: number, a: Rows): Rows => map(a, (value) => factor * value);

/** a with the column vector b added to each of its columns. */
export const addColumn = (a: Rows, b: Rows): Rows => add(a, multiply(b, transpose(ones(a[0].length))));

/** a with the row vector b added to each of its rows. */
export const addRow = (a: Rows, b: Rows): Rows => add(a, multiply(ones(a.length), b));

export const columnSums = (a: Rows): Rows => multiply(transpose(ones(a.length)), a);

export const sum = (a: Rows): number => a.flat().reduce((total, value) => total + value, 0);

/** R(z) = max(0, z). */
export const relu = (z: number): number => Math.max(0, z);
/** R′(z) = 𝟙[z > 0]. */
export const reluDerivative = (z: number): number => (z > 0 ? 1 : 0);

/** e^{s_j} / Σₖ e^{s_k} in each row, as the notes write it. */
export function softmaxByRows(s: Rows): Rows {
  return s.map((row) => {
    const total = row.reduce((sum, value) => sum + Math.exp(value), 0);
    return row.map((value) => Math.exp(value) / total);
  });
}

/** max |aᵢⱼ|; NaN if an entry is NaN, which every expectation below refuses. */
const largestEntry = (a: Rows): number =>
  a.flat().reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);

/** How far apart the project's tensor and the literal one may be, relative to the literal one's largest entry. */
const TOLERANCE = 1e-12;

/**
 * Expects max |actual − literal| / max |literal| to be at most 1e-12.
 *
 * @throws RangeError if the shapes differ
 */
export function expectAgreement(name: string, actual: Rows | number, literal: Rows | number): void {
  const a = typeof actual === 'number' ? [[actual]] : actual;
  const b = typeof literal === 'number' ? [[literal]] : literal;
  const difference = largestEntry(subtract(a, b));
  const largest = largestEntry(b);
  // Two tensors of zeros would agree whatever the formula, so that the comparison would show nothing.
  expect(largest, `${name}: largest literal entry`).toBeGreaterThan(0);
  expect(difference / largest, `${name}: relative difference`).toBeLessThanOrEqual(TOLERANCE);
}

/** Expects that `expectAgreement` finds a difference between tensors of equal shape. */
export function expectDisagreement(name: string, actual: Rows | number, literal: Rows | number): void {
  expect(() => expectAgreement(name, actual, literal)).toThrow(`${name}: relative difference`);
}

/**
 * Expects entries on both sides of 0, as a ReLU's pre-activations and an SVM's margins must have if the test is to
 * see its derivative, and none so near to 0 that rounding could decide its side.
 */
export function expectBothSides(z: Rows): void {
  const values = z.flat();
  expect(values.filter((value) => value > 0).length).toBeGreaterThan(0);
  expect(values.filter((value) => value < 0).length).toBeGreaterThan(0);
  expect(Math.min(...values.map(Math.abs))).toBeGreaterThan(1e-9);
}

/** Expects at least `classes` different labels. */
export function expectClasses(labels: readonly number[], classes: number): void {
  expect(new Set(labels).size).toBeGreaterThanOrEqual(classes);
}
