/** `Kernels` in plain loops: the executable specification that every other implementation is tested against. */

import { type ActivationName, activationFunctions } from './activations.ts';
import { distorted, requireImages, type Warp } from './distortion.ts';
import { type DropoutMask, maskFactor } from './dropout-mask.ts';
import type { AdamStep, Kernels } from './kernels.ts';
import { type LossName, largestAt, lossFunctions } from './losses.ts';
import type { Floats, Matrix, Nonzeros, Samples } from './matrix.ts';

export type Precision = 'float32' | 'float64';

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

  affine(x: Matrix, w: Matrix, b: Matrix, z: Matrix): void {
    useRows(z, x.rows);
    const n = z.cols;
    for (let i = 0; i < x.rows; i++) {
      for (let j = 0; j < n; j++) z.values[i * n + j] = b.values[j];
      forEachNonzero(x, i, (k, value) => addRow(value, w.values, k * n, z.values, i * n, n));
    }
  }

  weightGradient(x: Matrix, delta: Matrix, dw: Matrix): void {
    const n = dw.cols;
    dw.values.fill(0, 0, dw.rows * n);
    for (let i = 0; i < x.rows; i++) {
      forEachNonzero(x, i, (k, value) => addRow(value, delta.values, i * n, dw.values, k * n, n));
    }
  }

  columnSums(delta: Matrix, db: Matrix): void {
    const n = db.cols;
    db.values.fill(0, 0, n);
    for (let i = 0; i < delta.rows; i++) addRow(1, delta.values, i * n, db.values, 0, n);
  }

  inputGradient(delta: Matrix, w: Matrix, dx: Matrix): void {
    useRows(dx, delta.rows);
    const n = delta.cols;
    for (let i = 0; i < delta.rows; i++) {
      for (let k = 0; k < dx.cols; k++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += delta.values[i * n + j] * w.values[k * n + j];
        dx.values[i * dx.cols + k] = sum;
      }
    }
  }

  activation(name: ActivationName, z: Matrix, x: Matrix): void {
    map(z, x, activationFunctions(name).forward);
  }

  activationGradient(name: ActivationName, delta: Matrix, at: Matrix, dz: Matrix): void {
    zip(delta, at, dz, activationFunctions(name).gradient);
  }

  dropout(x: Matrix, mask: DropoutMask, out: Matrix): void {
    if (x.nonzeros === undefined) map(x, out, (v, k) => v * maskFactor(mask, k));
    else dropNonzeros(x, x.nonzeros, mask);
  }

  smoothTargets(y: Matrix, epsilon: number): void {
    map(y, y, (target) => (1 - epsilon) * target + epsilon / y.cols);
  }

  loss(name: LossName, x: Matrix, y: Matrix, p: Matrix, losses: Matrix): void {
    const { forward, probabilities } = lossFunctions(name);
    if (probabilities) useRows(p, x.rows);
    eachRow(x, losses, (start, end) => forward(x.values, y.values, p.values, start, end));
  }

  lossGradient(name: LossName, at: Matrix, y: Matrix, scale: number, delta: Matrix): void {
    const { gradient } = lossFunctions(name);
    useRows(delta, at.rows);
    for (let start = 0; start < at.rows * at.cols; start += at.cols) {
      gradient(at.values, y.values, scale, delta.values, start, start + at.cols);
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
    addRow(factor, x.values, 0, y.values, 0, x.rows * x.cols);
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
    eachRow(scores, classes, (start, end) => largestAt(scores.values, start, end) - start);
  }

  countCorrect(scores: Matrix, y: Matrix, out: Matrix): void {
    let correct = 0;
    for (let i = 0; i < scores.rows; i++) {
      const start = i * scores.cols;
      if (
        largestAt(scores.values, start, start + scores.cols) ===
        largestAt(y.values, start, start + scores.cols)
      )
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

/** to[j] += factor · from[j] for the first `count` j, counted from the two offsets. */
function addRow(
  factor: number,
  from: Floats,
  fromOffset: number,
  to: Floats,
  toOffset: number,
  count: number,
): void {
  for (let j = 0; j < count; j++) to[toOffset + j] += factor * from[fromOffset + j];
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
