/** How far float32 arithmetic can be from exact arithmetic: bounds of sums, products, exponentials and of softmax. */

import { sigmoid } from '../../kernels/elementary.ts';
import type { Matrix } from '../../kernels/matrix.ts';

/** u: rounding to float32 changes a number by at most this share of it. */
export const U = 2 ** -24;

/** The least float32 above 0: underflow takes at most half of it from a product or a quotient. */
export const LEAST = 2 ** -149;

/**
 * What the float32 exponential loses at most, relative: 0.35 u in the reduced argument, 0.85 u in the series, which
 * is cut, and u in the last sum.
 */
export const EXP = 3 * U;

/** What σ and tanh in float32 lose at most, relative: 3 units in the last place. */
export const SIGMOID = 6 * U;

/**
 * What ln(1 + e^{−|z|}) in float32 loses at most, relative: EXP of the exponential, 2.5 u in s = x / (2 + x), the rest in the
 * series and the sum.
 */
export const SOFTPLUS = 9 * U;

/** γₙ = n u / (1 − n u): what n roundings, one on top of the other, change at most, relative. */
export const gamma = (n: number): number => (n * U) / (1 - n * U);

/** A dense float64 matrix, and beside each entry how far the float32 one can be from it. */
export interface BoundedMatrix extends Matrix {
  readonly values: Float64Array;
  /** Row-major, as `values`. */
  readonly bound: Float64Array;
}

/** @throws RangeError if the matrix was made by other kernels */
export function bounded(x: Matrix): BoundedMatrix {
  if ('bound' in x) return x as BoundedMatrix;
  throw new RangeError('Float32Bounds: expected a matrix of its own, got one of other kernels');
}

/** How far off a number is that should be `value`, was off by `shift`, and then went through so many roundings. */
export const off = (value: number, shift: number, roundings: number): number =>
  value === 0 && shift === 0 ? 0 : shift + gamma(roundings) * (Math.abs(value) + shift) + roundings * LEAST;

/** Bounds an output entry by entry; `out` may be the input. */
export function boundEach(x: Matrix, out: Matrix, bound: (k: number) => number): void {
  const outs = bounded(out).bound;
  for (let k = 0; k < x.rows * x.cols; k++) outs[k] = bound(k);
}

/** How far off d g is, where d is off by dOff, and g by gOff besides two roundings. */
export function offScaled(d: number, dOff: number, g: number, gOff: number): number {
  if (d === 0 && dOff === 0) return 0;
  const [distance, size] = [Math.abs(d), Math.abs(g) + gOff];
  const shifted = dOff * size + distance * gOff;
  return shifted + gamma(3) * (distance + dOff) * size + LEAST * (1 + distance + dOff);
}

/** How far off σ(v) is of a v that is off by e: σ′ where it is steepest on the way, and what the float32 σ loses. */
export function offSigmoid(v: number, e: number): number {
  const nearest = sigmoid(-Math.max(0, Math.abs(v) - e));
  const shifted = e * nearest * (1 - nearest);
  return shifted + SIGMOID * (sigmoid(v) + shifted) + 3 * LEAST;
}

/** Bounds out[i] by `bound` of the places where row i of x starts and ends. */
export function boundRows(x: Matrix, out: Matrix, bound: (start: number, end: number) => number): void {
  const outs = bounded(out).bound;
  for (let i = 0; i < x.rows; i++) outs[i] = bound(i * x.cols, (i + 1) * x.cols);
}

/** Adds the rounding of a float64 result that is stored as float32. */
export function roundStored(x: Matrix): void {
  const { values, bound } = bounded(x);
  for (let k = 0; k < x.rows * x.cols; k++) bound[k] = off(values[k], bound[k], 1);
}

/** A factor of a product: entry (i, j) at i · byRow + j · byColumn, so that a transpose needs no copy. */
export type Factor = readonly [matrix: Matrix, byRow: number, byColumn: number];

/** Bounds out = a b, or start + a b; `inner` is the number of columns of a. */
export function boundProduct(
  out: Matrix,
  [a, aRow, aColumn]: Factor,
  [b, bRow, bColumn]: Factor,
  inner: number,
  start?: Matrix,
): void {
  const [left, right, { bound }] = [bounded(a), bounded(b), bounded(out)];
  const first = start && bounded(start);
  const sizes = right.values.map((value, k) => Math.abs(value) + right.bound[k]);
  const n = out.cols;
  for (let i = 0; i < out.rows; i++) {
    let terms = 0;
    for (let k = 0; k < inner; k++) {
      const at = i * aRow + k * aColumn;
      if (left.values[at] !== 0 || left.bound[at] !== 0) terms++;
    }
    const g = gamma(first === undefined ? terms : terms + 1);
    for (let j = 0; j < n; j++) {
      const shift =
        first === undefined ? 0 : first.bound[j] + g * (Math.abs(first.values[j]) + first.bound[j]);
      bound[i * n + j] = shift + terms * LEAST;
    }
    for (let k = 0; k < inner; k++) {
      const at = i * aRow + k * aColumn;
      const [size, e] = [Math.abs(left.values[at]), left.bound[at]];
      if (size === 0 && e === 0) continue;
      const share = e + g * (size + e);
      for (let j = 0; j < n; j++) {
        const to = k * bRow + j * bColumn;
        bound[i * n + j] += share * sizes[to] + size * right.bound[to];
      }
    }
  }
}
