/** `Kernels` on complex numbers: the forward operations alone, for exact derivatives by the complex step. */

import {
  type Complex,
  complexExp,
  complexExpm1,
  complexGelu,
  complexLog1p,
  complexSigmoid,
  complexSoftplus,
  complexTanh,
  divide,
  multiply,
} from './complex-elementary.ts';
import type { Warp } from './distortion.ts';
import { type DropoutMask, maskFactor } from './dropout-mask.ts';
import { LEAK } from './elementary.ts';
import type { Kernels } from './kernels.ts';
import type { Matrix, Samples } from './matrix.ts';
import { ReferenceKernels } from './reference.ts';

/** A dense matrix of complex numbers: `values` are the real parts, row-major. */
export interface ComplexMatrix extends Matrix {
  readonly values: Float64Array;
  /** The imaginary parts, row-major. */
  readonly imaginary: Float64Array;
}

/**
 * The forward operations of `Kernels` on complex numbers, in the order of sums of the reference kernels, so that layers
 * and losses run here as they are. With an imaginary part of h at one input, the imaginary part of the result is h
 * times the derivative (Squire and Trapp 1998, SIAM Review 40): nothing is subtracted, so h may be so small that the
 * error h² vanishes.
 *
 * - Comparisons look at the real part; nothing is conjugated.
 * - Real inputs give the bits of the float64 reference kernels, with imaginary parts of 0.
 * - Operations that only a backward or an optimizer needs throw: what is to be proven cannot stand in its own proof.
 */
export class ComplexKernels implements Kernels {
  /**
   * Which way a comparison with 0 goes where the real part is exactly 0: by the value there (0), or by where the
   * imaginary part leads, forwards (1) or backwards (−1). The last two give the one-sided derivatives at a kink.
   */
  side: -1 | 0 | 1 = 0;
  /** How many comparisons since this was last set to 0 met a real part of 0 and an imaginary one that is not. */
  kinks = 0;
  readonly #real = new ReferenceKernels('float64');

  matrix(capacity: number, cols: number): ComplexMatrix {
    const size = capacity * cols;
    const [values, imaginary] = [new Float64Array(size), new Float64Array(size)];
    return { capacity, rows: capacity, cols, values, imaginary };
  }

  weights(inputs: number, outputs: number): ComplexMatrix {
    return this.matrix(inputs, outputs);
  }

  /** The real parts. */
  read(x: Matrix): Float64Array {
    return Float64Array.from(x.values.subarray(0, x.rows * x.cols));
  }

  /** The imaginary parts of the entries in use, row-major, as a copy. */
  readImaginary(x: Matrix): Float64Array {
    return complex(x).imaginary.slice(0, x.rows * x.cols);
  }

  /** Sets the real parts, and the imaginary ones to 0. */
  write(x: Matrix, values: ArrayLike<number>): void {
    x.values.set(values);
    complex(x).imaginary.fill(0);
  }

  load(samples: Samples): Samples {
    return samples;
  }

  /** Always dense, so that the derivative by an input of 0 can be taken too. */
  batch(samples: Samples, capacity: number): ComplexMatrix {
    return this.matrix(capacity, samples.cols);
  }

  gather(samples: Samples, order: Uint32Array, from: number, count: number, x: Matrix, y: Matrix): void {
    this.#real.gather(samples, order, from, count, x, y);
    complex(x).imaginary.fill(0);
    complex(y).imaginary.fill(0);
  }

  sampleSlot(samples: Samples, capacity: number, shape: Warp['shape']): Samples {
    return this.#real.sampleSlot(samples, capacity, shape);
  }

  distort(samples: Samples, row: number, warp: Warp, slot: Samples, place: number): void {
    this.#real.distort(samples, row, warp, slot, place);
  }

  affine(x: Matrix, w: Matrix, b: Matrix, z: Matrix): void {
    useRows(z, x.rows);
    const n = z.cols;
    for (let i = 0; i < x.rows; i++) {
      for (let j = 0; j < n; j++) {
        let [re, im] = entry(b, j);
        for (let k = 0; k < x.cols; k++) {
          const value = entry(x, i * x.cols + k);
          if (value[0] === 0 && value[1] === 0) continue; // as the reference does: 0 times a weight of NaN adds nothing
          const [productRe, productIm] = multiply(value, entry(w, k * n + j));
          re += productRe;
          im += productIm;
        }
        set(z, i * n + j, [re, im]);
      }
    }
  }

  relu(z: Matrix, x: Matrix): void {
    map(z, x, ([re, im]) => {
      if (this.#isPositive(re, im)) return [re, im];
      return Number.isNaN(re) ? [re, im] : [0, 0];
    });
  }

  sigmoid(z: Matrix, x: Matrix): void {
    map(z, x, complexSigmoid);
  }

  tanh(z: Matrix, x: Matrix): void {
    map(z, x, complexTanh);
  }

  leakyRelu(z: Matrix, x: Matrix): void {
    map(z, x, ([re, im]) => (this.#isPositive(re, im) ? [re, im] : [LEAK * re, LEAK * im]));
  }

  /** Both branches have the slope 1 at 0, which is no kink. */
  elu(z: Matrix, x: Matrix): void {
    map(z, x, ([re, im]) => (re > 0 ? [re, im] : complexExpm1([re, im])));
  }

  gelu(z: Matrix, x: Matrix): void {
    map(z, x, complexGelu);
  }

  softplus(z: Matrix, x: Matrix): void {
    map(z, x, complexSoftplus);
  }

  dropout(x: Matrix, mask: DropoutMask, out: Matrix): void {
    useRows(out, x.rows);
    for (let k = 0; k < x.rows * x.cols; k++) {
      const factor = maskFactor(mask, k);
      const [re, im] = entry(x, k);
      set(out, k, [re * factor, im * factor]);
    }
  }

  smoothTargets(y: Matrix, epsilon: number): void {
    map(y, y, ([re, im]) => [(1 - epsilon) * re + epsilon / y.cols, (1 - epsilon) * im]);
  }

  squaredError(x: Matrix, y: Matrix, losses: Matrix): void {
    eachRow(x, losses, (start, end) => {
      let [re, im] = [0, 0];
      for (let k = start; k < end; k++) {
        const difference = subtract(entry(x, k), entry(y, k));
        [re, im] = add([re, im], multiply(difference, difference));
      }
      return [re / 2, im / 2];
    });
  }

  softmaxCrossEntropy(s: Matrix, y: Matrix, p: Matrix, losses: Matrix): void {
    useRows(p, s.rows);
    eachRow(s, losses, (start, end) => {
      let top = start;
      for (let j = start + 1; j < end; j++) if (s.values[j] > s.values[top]) top = j;
      const max = entry(s, top);
      let others: Complex = [0, 0];
      for (let j = start; j < end; j++) {
        const e = complexExp(subtract(entry(s, j), max));
        set(p, j, e);
        if (j !== top) others = add(others, e);
      }
      const logSum = complexLog1p(others);
      let loss: Complex = [0, 0];
      for (let j = start; j < end; j++) {
        set(p, j, divide(entry(p, j), add([1, 0], others)));
        const target = entry(y, j);
        if (target[0] === 0 && target[1] === 0) continue;
        loss = add(loss, multiply(target, add(logSum, subtract(max, entry(s, j)))));
      }
      return loss;
    });
  }

  sigmoidCrossEntropy(s: Matrix, y: Matrix, p: Matrix, losses: Matrix): void {
    this.sigmoid(s, p);
    eachRow(s, losses, (start, end) => {
      let loss: Complex = [0, 0];
      for (let j = start; j < end; j++) {
        const target = entry(y, j);
        const [re, im] = entry(s, j);
        const on = multiply(target, complexSoftplus([-re, -im]));
        const off = multiply(subtract([1, 0], target), complexSoftplus([re, im]));
        loss = add(loss, add(on, off));
      }
      return loss;
    });
  }

  svm(s: Matrix, y: Matrix, losses: Matrix): void {
    eachRow(s, losses, (start, end) => {
      let c = start;
      for (let j = start + 1; j < end; j++) if (y.values[j] > y.values[c]) c = j;
      let loss: Complex = [0, 0];
      for (let j = start; j < end; j++) {
        if (j === c) continue;
        const margin = add(subtract(entry(s, j), entry(s, c)), [1, 0]);
        if (this.#isPositive(...margin) || Number.isNaN(margin[0])) loss = add(loss, margin);
      }
      return loss;
    });
  }

  mean(losses: Matrix, out: Matrix): void {
    let sum: Complex = [0, 0];
    for (let i = 0; i < losses.rows; i++) sum = add(sum, entry(losses, i));
    set(out, 0, [sum[0] / losses.rows, sum[1] / losses.rows]);
  }

  addSumOfSquares(w: Matrix, factor: number, out: Matrix): void {
    let sum: Complex = [0, 0];
    for (let k = 0; k < w.rows * w.cols; k++) sum = add(sum, multiply(entry(w, k), entry(w, k)));
    set(out, 0, add(entry(out, 0), [factor * sum[0], factor * sum[1]]));
  }

  addSumOfMagnitudes(w: Matrix, factor: number, out: Matrix): void {
    let sum: Complex = [0, 0];
    for (let k = 0; k < w.rows * w.cols; k++) {
      const [re, im] = entry(w, k);
      if (this.#isPositive(re, im)) sum = add(sum, [re, im]);
      else if (this.#isPositive(-re, -im) || Number.isNaN(re)) sum = subtract(sum, [re, im]);
    }
    set(out, 0, add(entry(out, 0), [factor * sum[0], factor * sum[1]]));
  }

  addScaled(x: Matrix, factor: number, y: Matrix): void {
    for (let k = 0; k < x.rows * x.cols; k++) {
      const [re, im] = entry(x, k);
      set(y, k, add(entry(y, k), [factor * re, factor * im]));
    }
  }

  fill(x: Matrix, value: number): void {
    for (let k = 0; k < x.rows * x.cols; k++) set(x, k, [value, 0]);
  }

  argmax(scores: Matrix, classes: Matrix): void {
    this.#real.argmax(scores, classes);
    complex(classes).imaginary.fill(0);
  }

  countCorrect(scores: Matrix, y: Matrix, out: Matrix): void {
    this.#real.countCorrect(scores, y, out);
    complex(out).imaginary.fill(0);
  }

  allFinite(x: Matrix): boolean {
    for (let k = 0; k < x.rows * x.cols; k++) if (!entry(x, k).every(Number.isFinite)) return false;
    return true;
  }

  weightGradient(): void {
    throw forwardOnly('weightGradient');
  }

  columnSums(): void {
    throw forwardOnly('columnSums');
  }

  inputGradient(): void {
    throw forwardOnly('inputGradient');
  }

  reluGradient(): void {
    throw forwardOnly('reluGradient');
  }

  sigmoidGradient(): void {
    throw forwardOnly('sigmoidGradient');
  }

  tanhGradient(): void {
    throw forwardOnly('tanhGradient');
  }

  leakyReluGradient(): void {
    throw forwardOnly('leakyReluGradient');
  }

  eluGradient(): void {
    throw forwardOnly('eluGradient');
  }

  geluGradient(): void {
    throw forwardOnly('geluGradient');
  }

  softplusGradient(): void {
    throw forwardOnly('softplusGradient');
  }

  addScaledSign(): void {
    throw forwardOnly('addScaledSign');
  }

  limitColumnNorms(): void {
    throw forwardOnly('limitColumnNorms');
  }

  squaredErrorGradient(): void {
    throw forwardOnly('squaredErrorGradient');
  }

  softmaxCrossEntropyGradient(): void {
    throw forwardOnly('softmaxCrossEntropyGradient');
  }

  sigmoidCrossEntropyGradient(): void {
    throw forwardOnly('sigmoidCrossEntropyGradient');
  }

  svmGradient(): void {
    throw forwardOnly('svmGradient');
  }

  momentumStep(): void {
    throw forwardOnly('momentumStep');
  }

  nesterovStep(): void {
    throw forwardOnly('nesterovStep');
  }

  rmsPropStep(): void {
    throw forwardOnly('rmsPropStep');
  }

  adamStep(): void {
    throw forwardOnly('adamStep');
  }

  #isPositive(re: number, im: number): boolean {
    if (re !== 0 || im === 0) return re > 0;
    this.kinks++;
    return this.side * im > 0;
  }
}

const forwardOnly = (operation: string) =>
  new RangeError(`ComplexKernels: expected a forward operation, got ${operation}`);

function complex(x: Matrix): ComplexMatrix {
  if ('imaginary' in x) return x as ComplexMatrix;
  throw new RangeError('ComplexKernels: expected a matrix of complex numbers, got real ones');
}

const entry = (x: Matrix, k: number): Complex => [x.values[k], complex(x).imaginary[k]];

function set(x: Matrix, k: number, [re, im]: Complex): void {
  x.values[k] = re;
  complex(x).imaginary[k] = im;
}

const add = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];
const subtract = ([a, b]: Complex, [c, d]: Complex): Complex => [a - c, b - d];

/** Sets how many rows of an output are in use. */
function useRows(x: Matrix, rows: number): void {
  if (rows > x.capacity) throw new RangeError(`kernels: expected at most ${x.capacity} rows, got ${rows}`);
  x.rows = rows;
}

function map(z: Matrix, x: Matrix, f: (value: Complex) => Complex): void {
  useRows(x, z.rows);
  for (let k = 0; k < z.rows * z.cols; k++) set(x, k, f(entry(z, k)));
}

/** out[i] = f(start, end), the bounds of row i in x. */
function eachRow(x: Matrix, out: Matrix, f: (start: number, end: number) => Complex): void {
  useRows(out, x.rows);
  for (let i = 0; i < x.rows; i++) set(out, i, f(i * x.cols, (i + 1) * x.cols));
}
