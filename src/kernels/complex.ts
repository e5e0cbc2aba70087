/** `Kernels` on complex numbers: the forward operations alone, for exact derivatives by the complex step. */

import type { ActivationName } from './activations.ts';
import { COMPLEX_ACTIVATIONS } from './complex-activations.ts';
import { add, type Complex, multiply, subtract } from './complex-elementary.ts';
import { COMPLEX_LOSSES } from './complex-losses.ts';
import type { Warp } from './distortion.ts';
import { type DropoutMask, maskFactor } from './dropout-mask.ts';
import type { Kernels } from './kernels.ts';
import { type LossName, lossFunctions } from './losses.ts';
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

  activation(name: ActivationName, z: Matrix, x: Matrix): void {
    const phi = COMPLEX_ACTIVATIONS[name];
    map(z, x, (value) => phi(value, this.#isPositive));
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

  loss(name: LossName, x: Matrix, y: Matrix, p: Matrix, losses: Matrix): void {
    const { probabilities } = lossFunctions(name);
    if (probabilities) useRows(p, x.rows);
    useRows(losses, x.rows);
    for (let i = 0; i < x.rows; i++) {
      const row = { x: rowOf(x, i), y: rowOf(y, i), p: [] };
      set(losses, i, COMPLEX_LOSSES[name](row, this.#isPositive));
      row.p.forEach((value, j) => {
        set(p, i * x.cols + j, value);
      });
    }
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

  activationGradient(): void {
    throw forwardOnly('activationGradient');
  }

  addScaledSign(): void {
    throw forwardOnly('addScaledSign');
  }

  limitColumnNorms(): void {
    throw forwardOnly('limitColumnNorms');
  }

  lossGradient(): void {
    throw forwardOnly('lossGradient');
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

  readonly #isPositive = (re: number, im: number): boolean => {
    if (re !== 0 || im === 0) return re > 0;
    this.kinks++;
    return this.side * im > 0;
  };
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

/** The entries of row i. */
const rowOf = (x: Matrix, i: number): Complex[] =>
  Array.from({ length: x.cols }, (_, j) => entry(x, i * x.cols + j));

/** Sets how many rows of an output are in use. */
function useRows(x: Matrix, rows: number): void {
  if (rows > x.capacity) throw new RangeError(`kernels: expected at most ${x.capacity} rows, got ${rows}`);
  x.rows = rows;
}

function map(z: Matrix, x: Matrix, f: (value: Complex) => Complex): void {
  useRows(x, z.rows);
  for (let k = 0; k < z.rows * z.cols; k++) set(x, k, f(entry(z, k)));
}
