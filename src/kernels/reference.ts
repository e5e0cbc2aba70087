/** `Kernels` in plain loops: the executable specification that every other implementation is tested against. */

import { distorted, requireImages, type Warp } from './distortion.ts';
import { type DropoutMask, maskFactor } from './dropout-mask.ts';
import {
  exp,
  expm1,
  GELU_CUBE,
  GELU_SCALE,
  gelu,
  LEAK,
  log1p,
  sigmoid,
  softplus,
  tanh,
} from './elementary.ts';
import type { AdamStep, Kernels } from './kernels.ts';
import type { Floats, Matrix, Nonzeros, Samples } from './matrix.ts';

export type Precision = 'float32' | 'float64';

/** A range of output columns, from `from` up to, not including, `to`: what the products can be asked to compute. */
export interface Columns {
  readonly from: number;
  readonly to: number;
}

/** Below this share of nonzero values, following the nonzeros is faster than looking at every entry. */
const SPARSE_BELOW = 0.5;

/** Plain loops in the order of the formulas, on float64 matrices or on float32 ones, rounded at every store. */
export class ReferenceKernels implements Kernels {
  readonly precision: Precision;

  constructor(precision: Precision = 'float64') {
    this.precision = precision;
  }

  #floats(length: number): Floats {
    return this.precision === 'float32' ? new Float32Array(length) : new Float64Array(length);
  }

  matrix(capacity: number, cols: number): Matrix {
    return { capacity, rows: capacity, cols, values: this.#floats(capacity * cols) };
  }

  weights(inputs: number, outputs: number): Matrix {
    return this.matrix(inputs, outputs);
  }

  read(x: Matrix): Floats {
    return x.values.slice(0, x.rows * x.cols);
  }

  write(x: Matrix, values: ArrayLike<number>): void {
    x.values.set(values);
  }

  load(samples: Samples): Samples {
    return samples;
  }

  batch(samples: Samples, capacity: number): Matrix {
    if (nonzeroShare(samples) >= SPARSE_BELOW) return this.matrix(capacity, samples.cols);
    const room = capacity * samples.cols;
    const columns = samples.cols <= 65536 ? new Uint16Array(room) : new Uint32Array(room);
    const nonzeros = { starts: new Uint32Array(capacity + 1), columns };
    return { capacity, rows: capacity, cols: samples.cols, values: this.#floats(room), nonzeros };
  }

  gather(samples: Samples, order: Uint32Array, from: number, count: number, x: Matrix, y: Matrix): void {
    useRows(x, count);
    useRows(y, count);
    y.values.fill(0, 0, count * y.cols);
    const { cols, values, scale, labels } = samples;
    const sparse = x.nonzeros;
    let next = 0;
    for (let i = 0; i < count; i++) {
      const sample = order[from + i];
      y.values[i * y.cols + labels[sample]] = 1;
      const start = sample * cols;
      if (sparse === undefined) {
        for (let k = 0; k < cols; k++) x.values[next++] = values[start + k] * scale;
      } else {
        for (let k = 0; k < cols; k++) {
          const value = values[start + k];
          if (value === 0) continue;
          x.values[next] = value * scale;
          sparse.columns[next++] = k;
        }
        sparse.starts[i + 1] = next;
      }
    }
  }

  sampleSlot({ cols, values, scale, classes }: Samples, capacity: number, shape: Warp['shape']): Samples {
    requireImages(values instanceof Uint8Array, cols, shape);
    const [pixels, labels] = [new Uint8Array(capacity * cols), new Uint8Array(capacity)];
    return { count: capacity, cols, values: pixels, scale, labels, classes };
  }

  distort({ cols, values, labels }: Samples, row: number, warp: Warp, slot: Samples, place: number): void {
    const image = values.subarray(row * cols, (row + 1) * cols) as Uint8Array;
    slot.values.set(distorted(image, warp), place * cols);
    slot.labels[place] = labels[row];
  }

  affine(x: Matrix, w: Matrix, b: Matrix, z: Matrix, columns: Columns = allOf(z)): void {
    useRows(z, x.rows);
    const n = z.cols;
    const { from, to } = columns;
    for (let i = 0; i < x.rows; i++) {
      for (let j = from; j < to; j++) z.values[i * n + j] = b.values[j];
      forEachNonzero(x, i, (k, value) => addRow(value, w.values, k * n, z.values, i * n, from, to));
    }
  }

  weightGradient(x: Matrix, delta: Matrix, dw: Matrix, columns: Columns = allOf(dw)): void {
    const n = dw.cols;
    const { from, to } = columns;
    for (let k = 0; k < dw.rows; k++) dw.values.fill(0, k * n + from, k * n + to);
    for (let i = 0; i < x.rows; i++) {
      forEachNonzero(x, i, (k, value) => addRow(value, delta.values, i * n, dw.values, k * n, from, to));
    }
  }

  columnSums(delta: Matrix, db: Matrix, columns: Columns = allOf(db)): void {
    const { from, to } = columns;
    db.values.fill(0, from, to);
    for (let i = 0; i < delta.rows; i++) addRow(1, delta.values, i * delta.cols, db.values, 0, from, to);
  }

  inputGradient(delta: Matrix, w: Matrix, dx: Matrix, columns: Columns = allOf(dx)): void {
    useRows(dx, delta.rows);
    const n = delta.cols;
    for (let i = 0; i < delta.rows; i++) {
      for (let k = columns.from; k < columns.to; k++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += delta.values[i * n + j] * w.values[k * n + j];
        dx.values[i * dx.cols + k] = sum;
      }
    }
  }

  relu(z: Matrix, x: Matrix): void {
    map(z, x, (v) => Math.max(0, v)); // NaN stays NaN, so that a diverged run is seen
  }

  reluGradient(delta: Matrix, z: Matrix, dz: Matrix): void {
    zip(delta, z, dz, (d, v) => (v > 0 ? d : 0));
  }

  sigmoid(z: Matrix, x: Matrix): void {
    map(z, x, sigmoid);
  }

  sigmoidGradient(delta: Matrix, x: Matrix, dz: Matrix): void {
    zip(delta, x, dz, (d, v) => d * (v * (1 - v)));
  }

  tanh(z: Matrix, x: Matrix): void {
    map(z, x, tanh);
  }

  tanhGradient(delta: Matrix, x: Matrix, dz: Matrix): void {
    zip(delta, x, dz, (d, v) => d * (1 - v * v));
  }

  leakyRelu(z: Matrix, x: Matrix): void {
    map(z, x, (v) => (v > 0 ? v : LEAK * v));
  }

  leakyReluGradient(delta: Matrix, z: Matrix, dz: Matrix): void {
    zip(delta, z, dz, (d, v) => (v > 0 ? d : LEAK * d));
  }

  elu(z: Matrix, x: Matrix): void {
    map(z, x, (v) => (v > 0 ? v : expm1(v)));
  }

  eluGradient(delta: Matrix, x: Matrix, dz: Matrix): void {
    zip(delta, x, dz, (d, v) => (v > 0 ? d : d * (v + 1)));
  }

  gelu(z: Matrix, x: Matrix): void {
    map(z, x, gelu);
  }

  geluGradient(delta: Matrix, z: Matrix, dz: Matrix): void {
    zip(delta, z, dz, (d, v) => {
      const t = GELU_SCALE * (v + GELU_CUBE * (v * v * v));
      const slope = GELU_SCALE * (1 + 3 * GELU_CUBE * (v * v));
      return d * (sigmoid(t) + v * sigmoid(t) * sigmoid(-t) * slope);
    });
  }

  softplus(z: Matrix, x: Matrix): void {
    map(z, x, softplus);
  }

  softplusGradient(delta: Matrix, z: Matrix, dz: Matrix): void {
    zip(delta, z, dz, (d, v) => d * sigmoid(v));
  }

  dropout(x: Matrix, mask: DropoutMask, out: Matrix): void {
    if (x.nonzeros === undefined) map(x, out, (v, k) => v * maskFactor(mask, k));
    else dropNonzeros(x, x.nonzeros, mask);
  }

  smoothTargets(y: Matrix, epsilon: number): void {
    map(y, y, (target) => (1 - epsilon) * target + epsilon / y.cols);
  }

  squaredError(x: Matrix, y: Matrix, losses: Matrix): void {
    eachRow(x, losses, (start, end) => {
      let sum = 0;
      for (let k = start; k < end; k++) sum += (x.values[k] - y.values[k]) * (x.values[k] - y.values[k]);
      return sum / 2;
    });
  }

  squaredErrorGradient(x: Matrix, y: Matrix, scale: number, delta: Matrix): void {
    zip(x, y, delta, (v, target) => (v - target) * scale);
  }

  softmaxCrossEntropy(s: Matrix, y: Matrix, p: Matrix, losses: Matrix): void {
    useRows(p, s.rows);
    eachRow(s, losses, (start, end) => {
      const top = largestAt(s, start, end);
      const max = s.values[top];
      let others = 0;
      for (let j = start; j < end; j++) {
        const e = exp(s.values[j] - max);
        p.values[j] = e;
        if (j !== top) others += e;
      }
      // The largest term is e⁰ = 1, so the sum is 1 + others and its log keeps the digits of a small `others`.
      const logSum = log1p(others);
      let loss = 0;
      for (let j = start; j < end; j++) {
        p.values[j] /= 1 + others;
        if (y.values[j] !== 0) loss += y.values[j] * (logSum + (max - s.values[j]));
      }
      return loss;
    });
  }

  softmaxCrossEntropyGradient(p: Matrix, y: Matrix, scale: number, delta: Matrix): void {
    useRows(delta, p.rows);
    const n = p.cols;
    for (let i = 0; i < p.rows; i++) {
      for (let j = i * n; j < (i + 1) * n; j++) {
        const target = y.values[j];
        // 1 − pⱼ as the sum of the others: near pⱼ = 1 the subtraction would leave only rounding errors.
        let rest = 0;
        if (target !== 0) for (let k = i * n; k < (i + 1) * n; k++) if (k !== j) rest += p.values[k];
        delta.values[j] = ((1 - target) * p.values[j] - target * rest) * scale;
      }
    }
  }

  sigmoidCrossEntropy(s: Matrix, y: Matrix, p: Matrix, losses: Matrix): void {
    this.sigmoid(s, p);
    eachRow(s, losses, (start, end) => {
      let loss = 0;
      for (let j = start; j < end; j++) {
        const target = y.values[j];
        loss += target * softplus(-s.values[j]) + (1 - target) * softplus(s.values[j]);
      }
      return loss;
    });
  }

  sigmoidCrossEntropyGradient(s: Matrix, y: Matrix, scale: number, delta: Matrix): void {
    // 1 − σ(s) as σ(−s): near σ(s) = 1 the subtraction would leave only rounding errors.
    zip(s, y, delta, (v, target) => ((1 - target) * sigmoid(v) - target * sigmoid(-v)) * scale);
  }

  svm(s: Matrix, y: Matrix, losses: Matrix): void {
    eachRow(s, losses, (start, end) => {
      const c = largestAt(y, start, end);
      let loss = 0;
      for (let j = start; j < end; j++) {
        const margin = s.values[j] - s.values[c] + 1;
        if (j !== c && !(margin <= 0)) loss += margin;
      }
      return loss;
    });
  }

  svmGradient(s: Matrix, y: Matrix, scale: number, delta: Matrix): void {
    useRows(delta, s.rows);
    for (let i = 0; i < s.rows; i++) {
      const start = i * s.cols;
      const c = largestAt(y, start, start + s.cols);
      let violations = 0;
      for (let j = start; j < start + s.cols; j++) {
        const violates = j !== c && s.values[j] - s.values[c] + 1 > 0;
        if (violates) violations++;
        delta.values[j] = violates ? scale : 0;
      }
      delta.values[c] = -violations * scale;
    }
  }

  mean(losses: Matrix, out: Matrix): void {
    let sum = 0;
    for (let i = 0; i < losses.rows; i++) sum += losses.values[i];
    out.values[0] = sum / losses.rows;
  }

  addSumOfSquares(w: Matrix, factor: number, out: Matrix): void {
    let sum = 0;
    for (let k = 0; k < w.rows * w.cols; k++) sum += w.values[k] * w.values[k];
    out.values[0] += factor * sum;
  }

  addSumOfMagnitudes(w: Matrix, factor: number, out: Matrix): void {
    let sum = 0;
    for (let k = 0; k < w.rows * w.cols; k++) sum += Math.abs(w.values[k]);
    out.values[0] += factor * sum;
  }

  addScaledSign(x: Matrix, factor: number, y: Matrix): void {
    zip(y, x, y, (v, w) => v + factor * Math.sign(w));
  }

  limitColumnNorms(w: Matrix, limit: number): void {
    for (let j = 0; j < w.cols; j++) {
      let squares = 0;
      for (let k = j; k < w.rows * w.cols; k += w.cols) squares += w.values[k] * w.values[k];
      const norm = Math.sqrt(squares);
      if (norm > limit) for (let k = j; k < w.rows * w.cols; k += w.cols) w.values[k] *= limit / norm;
    }
  }

  addScaled(x: Matrix, factor: number, y: Matrix): void {
    addRow(factor, x.values, 0, y.values, 0, 0, x.rows * x.cols);
  }

  momentumStep(gradient: Matrix, v: Matrix, momentum: number, rate: number, w: Matrix): void {
    for (let k = 0; k < w.rows * w.cols; k++) {
      v.values[k] = momentum * v.values[k] + gradient.values[k];
      w.values[k] -= rate * v.values[k];
    }
  }

  nesterovStep(gradient: Matrix, v: Matrix, momentum: number, rate: number, w: Matrix): void {
    for (let k = 0; k < w.rows * w.cols; k++) {
      v.values[k] = momentum * v.values[k] + gradient.values[k];
      w.values[k] -= rate * (gradient.values[k] + momentum * v.values[k]);
    }
  }

  rmsPropStep(gradient: Matrix, s: Matrix, rho: number, rate: number, epsilon: number, w: Matrix): void {
    for (let k = 0; k < w.rows * w.cols; k++) {
      const g = gradient.values[k];
      s.values[k] = rho * s.values[k] + (1 - rho) * (g * g);
      w.values[k] -= (rate * g) / (Math.sqrt(s.values[k]) + epsilon);
    }
  }

  adamStep(gradient: Matrix, m: Matrix, s: Matrix, numbers: AdamStep, w: Matrix): void {
    const { beta1, beta2, rate, squareScale, epsilon, shrink } = numbers;
    for (let k = 0; k < w.rows * w.cols; k++) {
      const g = gradient.values[k];
      m.values[k] = beta1 * m.values[k] + (1 - beta1) * g;
      s.values[k] = beta2 * s.values[k] + (1 - beta2) * (g * g);
      const root = Math.sqrt(squareScale * s.values[k]);
      w.values[k] = shrink * w.values[k] - (rate * m.values[k]) / (root + epsilon);
    }
  }

  fill(x: Matrix, value: number): void {
    x.values.fill(value, 0, x.rows * x.cols);
  }

  argmax(scores: Matrix, classes: Matrix): void {
    eachRow(scores, classes, (start, end) => largestAt(scores, start, end) - start);
  }

  countCorrect(scores: Matrix, y: Matrix, out: Matrix): void {
    let correct = 0;
    for (let i = 0; i < scores.rows; i++) {
      const start = i * scores.cols;
      if (largestAt(scores, start, start + scores.cols) === largestAt(y, start, start + scores.cols))
        correct++;
    }
    out.values[0] = correct;
  }

  allFinite(x: Matrix): boolean {
    const entries = x.nonzeros === undefined ? x.rows * x.cols : x.nonzeros.starts[x.rows];
    for (let k = 0; k < entries; k++) if (!Number.isFinite(x.values[k])) return false;
    return true;
  }
}

/** Sets how many rows of an output are in use. */
function useRows(x: Matrix, rows: number): void {
  if (rows > x.capacity) throw new RangeError(`kernels: expected at most ${x.capacity} rows, got ${rows}`);
  x.rows = rows;
}

const allOf = (x: Matrix): Columns => ({ from: 0, to: x.cols });

/** Calls `visit` with column and value of each entry of row i that is not 0. */
function forEachNonzero(x: Matrix, i: number, visit: (column: number, value: number) => void): void {
  const sparse: Nonzeros | undefined = x.nonzeros;
  if (sparse === undefined) {
    for (let k = 0; k < x.cols; k++) {
      const value = x.values[i * x.cols + k];
      if (value !== 0) visit(k, value);
    }
  } else {
    for (let e = sparse.starts[i]; e < sparse.starts[i + 1]; e++) visit(sparse.columns[e], x.values[e]);
  }
}

/** to[j] += factor · from[j] for j in [start, end), counted from the two offsets. */
function addRow(
  factor: number,
  from: Floats,
  fromOffset: number,
  to: Floats,
  toOffset: number,
  start: number,
  end: number,
): void {
  for (let j = start; j < end; j++) to[toOffset + j] += factor * from[fromOffset + j];
}

function map(z: Matrix, x: Matrix, f: (value: number, k: number) => number): void {
  useRows(x, z.rows);
  for (let k = 0; k < z.rows * z.cols; k++) x.values[k] = f(z.values[k], k);
}

/** Drops from a sparse matrix, in place. */
function dropNonzeros(x: Matrix, { starts, columns }: Nonzeros, mask: DropoutMask): void {
  for (let i = 0; i < x.rows; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) x.values[e] *= maskFactor(mask, i * x.cols + columns[e]);
  }
}

function zip(a: Matrix, b: Matrix, out: Matrix, f: (a: number, b: number) => number): void {
  useRows(out, a.rows);
  for (let k = 0; k < a.rows * a.cols; k++) out.values[k] = f(a.values[k], b.values[k]);
}

/** out[i] = f(start, end), the bounds of row i in x. */
function eachRow(x: Matrix, out: Matrix, f: (start: number, end: number) => number): void {
  useRows(out, x.rows);
  for (let i = 0; i < x.rows; i++) out.values[i] = f(i * x.cols, (i + 1) * x.cols);
}

/** The place of the largest entry from `start` to `end`, the first of equals. */
function largestAt(x: Matrix, start: number, end: number): number {
  let at = start;
  for (let j = start + 1; j < end; j++) if (x.values[j] > x.values[at]) at = j;
  return at;
}

/** The share of values that are not 0, read off at most about 1000 rows spread over the samples. */
function nonzeroShare(samples: Samples): number {
  const { count, cols, values } = samples;
  const step = Math.max(1, Math.floor(count / 1000));
  let nonzero = 0;
  let seen = 0;
  for (let i = 0; i < count; i += step) {
    for (let k = i * cols; k < (i + 1) * cols; k++) if (values[k] !== 0) nonzero++;
    seen += cols;
  }
  return seen === 0 ? 1 : nonzero / seen;
}
