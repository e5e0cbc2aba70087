/** What a diagnosis goes by, and what it may conclude. */

import { compare, type Derivative, relativeError } from '../gradients/derivative.ts';
import type { Float64Tensor, TensorShape } from '../module/arrays.ts';
import type { Point } from '../module/point.ts';

/** A wrong gradient beside the right one, and as much of where they come from as is known. */
export interface Evidence {
  /** Whose gradient it is: `W1`, `x`. */
  readonly tensor: string;
  readonly shape: TensorShape;
  /** a, as backward gave it, row-major. */
  readonly analytic: Float64Array;
  /** The shape in which backward gave it, if that is another one. */
  readonly analyticShape?: TensorShape | undefined;
  /** n. */
  readonly numeric: Derivative;
  /** The largest relative error that passes. */
  readonly tolerance: number;
  /** The inputs, parameters, targets and δ. */
  readonly point?: Point;
  /** What forward gives there; of a loss, one number. */
  readonly output?: Float64Tensor;
  /** Whether the scalar is a loss, averaged over a batch, and not Σ δ ⊙ output. */
  readonly loss?: boolean;
  /** λ, where the module says it. */
  readonly lambda?: number | undefined;
  /** How far n may be off where forward does not change at all (default 1e-9). */
  readonly noise?: number;
  /** The tensors whose gradients are wrong, this one among them. */
  readonly failing?: readonly string[];
  /** Whether everything is transposed here, because the user's samples are columns. */
  readonly columns?: boolean;
  /** Whether the entries are a random choice of the tensor's, in no shape. */
  readonly sampled?: boolean;
  /** Where forward and backward were called before. */
  readonly earlier?: readonly Point[];
  /** What a second backward at the same point gave. */
  readonly second?: Float64Array | undefined;
  /** What was written to: `x by forward`. */
  readonly modified?: readonly string[];
  /** The numeric derivative of the scalar by a tensor at another point. */
  derivative?(tensor: string, point: Point): Float64Array;
  /** The scalar at another point. */
  scalar?(point: Point): number;
  /** The gradient that backward gives if it is handed copies of its own. */
  untouched?(): Float64Array | undefined;
}

/** An explanation, as far as it has been computed. */
export interface Suspect {
  /** What is wrong and how to mend it, after the tensor's name and a colon. */
  readonly text: string;
  /** The gradient with the mistake mended. */
  readonly right: ArrayLike<number>;
  /** The gradient with the mistake made, where that can be computed; else `right` is what follows from a itself. */
  readonly wrong?: ArrayLike<number>;
}

/** Finds explanations; it need not see whether they hold. */
export type SuspectSearch = (evidence: Evidence) => Iterable<Suspect>;

/** Whether a suspect explains the evidence: mended, the gradient passes; with the mistake, it is what backward gave. */
export function explains({ right, wrong }: Suspect, { analytic, numeric, tolerance }: Evidence): boolean {
  if (right.length !== numeric.values.length) return false;
  if (wrong !== undefined) {
    if (wrong.length !== analytic.length || relativeError(wrong, analytic) > tolerance) return false;
  }
  return compare(right, numeric).error <= tolerance;
}

/** c for which c u is nearest to v. */
export function factorOf(u: ArrayLike<number>, v: ArrayLike<number>): number {
  let [uv, uu] = [0, 0];
  for (let k = 0; k < u.length; k++) {
    uv += u[k] * v[k];
    uu += u[k] * u[k];
  }
  return uu === 0 ? 0 : uv / uu;
}

/** c u. */
export const scaled = (u: ArrayLike<number>, c: number): Float64Array =>
  Float64Array.from(u, (value) => c * value);

/** u + c v. */
export const plus = (u: ArrayLike<number>, c: number, v: ArrayLike<number>): Float64Array =>
  Float64Array.from(u, (value, k) => value + c * v[k]);

/** u ⊙ v. */
export const times = (u: ArrayLike<number>, v: ArrayLike<number>): Float64Array =>
  Float64Array.from(u, (value, k) => value * v[k]);

/** The transpose of a matrix [rows, cols]. */
export function transposeValues(values: ArrayLike<number>, rows: number, cols: number): Float64Array {
  return Float64Array.from(
    { length: rows * cols },
    (_, k) => values[(k % rows) * cols + Math.floor(k / rows)],
  );
}

/** The product of a [n, m] and b [m, p]. */
export function multiplyValues(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  n: number,
  m: number,
  p: number,
): Float64Array {
  const out = new Float64Array(n * p);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) {
      for (let k = 0; k < m; k++) out[i * p + j] += a[i * m + k] * b[k * p + j];
    }
  }
  return out;
}

/** The sums of a matrix [rows, cols] over its rows: one number for each column. */
export function sumColumns(values: ArrayLike<number>, cols: number): Float64Array {
  const sums = new Float64Array(cols);
  for (let k = 0; k < values.length; k++) sums[k % cols] += values[k];
  return sums;
}
