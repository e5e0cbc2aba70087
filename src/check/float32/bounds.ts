/** The float64 reference kernels, with a bound beside each number of how far float32 kernels can be from it. */

import { type ActivationName, activationFunctions } from '../../kernels/activations.ts';
import { type DropoutMask, maskFactor } from '../../kernels/dropout-mask.ts';
import type { LossName } from '../../kernels/losses.ts';
import type { Matrix, Samples } from '../../kernels/matrix.ts';
import { ReferenceKernels } from '../../kernels/reference.ts';
import { ACTIVATION_BOUNDS } from './activations.ts';
import { LOSS_BOUNDS } from './losses.ts';
import {
  type BoundedMatrix,
  boundEach,
  bounded,
  boundProduct,
  boundRows,
  gamma,
  off,
  roundStored,
} from './rounding.ts';

/**
 * A forward error analysis that runs along with a network (Higham 2002, Accuracy and Stability of Numerical
 * Algorithms, chapter 3). The values are those of the float64 reference. The bounds are derived, none is measured:
 *
 * - A sum of n products is within γₙ Σ |a| |b| of the exact one, in whatever order it is made; products with 0 do not
 *   count, for they add nothing and round nothing.
 * - What is off in an operation's inputs comes through it by its slope at most, taken over all of the inputs' bounds.
 * - Sums that the float32 kernels make in float64 (of losses and of squares) are rounded once, when they are stored.
 *
 * They hold for numbers that do not overflow float32. The targets are taken to be exact and to sum to 1 in each row.
 */
export class Float32Bounds extends ReferenceKernels {
  /**
   * The row of each entry so near to the corner of a ReLU or of the SVM that float32 may come out on its other side.
   * The bounds allow for both, so one such entry makes them wide.
   */
  readonly doubts: number[] = [];

  constructor() {
    super('float64');
  }

  override matrix(capacity: number, cols: number): BoundedMatrix {
    const [values, bound] = [new Float64Array(capacity * cols), new Float64Array(capacity * cols)];
    return { capacity, rows: capacity, cols, values, bound };
  }

  /** The bounds of the entries in use, row-major, as a copy. */
  readBounds(x: Matrix): Float64Array {
    return bounded(x).bound.slice(0, x.rows * x.cols);
  }

  override write(x: Matrix, values: ArrayLike<number>): void {
    super.write(x, values);
    const { bound } = bounded(x);
    for (let k = 0; k < values.length; k++) bound[k] = Math.abs(values[k] - Math.fround(values[k]));
  }

  override fill(x: Matrix, value: number): void {
    super.fill(x, value);
    bounded(x).bound.fill(Math.abs(value - Math.fround(value)), 0, x.rows * x.cols);
  }

  /** Always dense. */
  override batch(samples: Samples, capacity: number): BoundedMatrix {
    return this.matrix(capacity, samples.cols);
  }

  /** The scale is rounded, and its product with the value. */
  override gather(
    samples: Samples,
    order: Uint32Array,
    from: number,
    count: number,
    x: Matrix,
    y: Matrix,
  ): void {
    super.gather(samples, order, from, count, x, y);
    const { values, bound } = bounded(x);
    const roundings = samples.scale === 1 ? 0 : 2;
    for (let k = 0; k < count * x.cols; k++) bound[k] = off(values[k], 0, roundings);
    bounded(y).bound.fill(0);
  }

  override affine(x: Matrix, w: Matrix, b: Matrix, z: Matrix): void {
    super.affine(x, w, b, z);
    boundProduct(z, [x, x.cols, 1], [w, w.cols, 1], x.cols, b);
  }

  override weightGradient(x: Matrix, delta: Matrix, dw: Matrix): void {
    super.weightGradient(x, delta, dw);
    boundProduct(dw, [x, 1, x.cols], [delta, delta.cols, 1], x.rows);
  }

  override inputGradient(delta: Matrix, w: Matrix, dx: Matrix): void {
    super.inputGradient(delta, w, dx);
    boundProduct(dx, [delta, delta.cols, 1], [w, 1, w.cols], delta.cols);
  }

  override columnSums(delta: Matrix, db: Matrix): void {
    super.columnSums(delta, db);
    const [{ values, bound }, out] = [bounded(delta), bounded(db).bound];
    out.fill(0);
    const g = gamma(delta.rows - 1);
    for (let k = 0; k < delta.rows * delta.cols; k++) {
      out[k % delta.cols] += bound[k] + g * (Math.abs(values[k]) + bound[k]);
    }
  }

  override activation(name: ActivationName, z: Matrix, x: Matrix): void {
    const { jump } = activationFunctions(name);
    const { forward } = ACTIVATION_BOUNDS[name];
    const { values, bound } = bounded(z);
    boundEach(z, x, (k) => {
      if (jump === 'slope') this.#compare(values[k], bound[k], k, z);
      return forward(values[k], bound[k]);
    });
    super.activation(name, z, x);
  }

  override activationGradient(name: ActivationName, delta: Matrix, at: Matrix, dz: Matrix): void {
    const [d, { values, bound }] = [bounded(delta), bounded(at)];
    const { gradient } = ACTIVATION_BOUNDS[name];
    boundEach(delta, dz, (k) => gradient(d.values[k], d.bound[k], values[k], bound[k]));
    super.activationGradient(name, delta, at, dz);
  }

  /** The scale is rounded, and its product with the entry; what is dropped is exactly 0. */
  override dropout(x: Matrix, mask: DropoutMask, out: Matrix): void {
    const { values, bound } = bounded(x);
    boundEach(x, out, (k) => {
      const factor = maskFactor(mask, k);
      return factor === 0 ? 0 : off(factor * values[k], factor * bound[k], 2);
    });
    super.dropout(x, mask, out);
  }

  override smoothTargets(): void {
    throw unbounded('smoothTargets');
  }

  override loss(name: LossName, x: Matrix, y: Matrix, p: Matrix, losses: Matrix): void {
    const rows = { x: bounded(x), y: y.values, p: bounded(p).bound };
    const doubt = (margin: number, bound: number, k: number) => this.#compare(margin, bound, k, x);
    boundRows(x, losses, (start, end) => LOSS_BOUNDS[name].forward(rows, start, end, doubt));
    super.loss(name, x, y, p, losses);
    roundStored(losses);
  }

  override lossGradient(name: LossName, at: Matrix, y: Matrix, scale: number, delta: Matrix): void {
    const rows = { at: bounded(at), y: y.values, scale, delta: bounded(delta).bound };
    for (let start = 0; start < at.rows * at.cols; start += at.cols) {
      LOSS_BOUNDS[name].gradient(rows, start, start + at.cols);
    }
    super.lossGradient(name, at, y, scale, delta);
  }

  override mean(losses: Matrix, out: Matrix): void {
    const { bound } = bounded(losses);
    let sum = 0;
    for (let i = 0; i < losses.rows; i++) sum += bound[i];
    super.mean(losses, out);
    bounded(out).bound[0] = sum / losses.rows;
    roundStored(out);
  }

  override addSumOfSquares(w: Matrix, factor: number, out: Matrix): void {
    const { values, bound } = bounded(w);
    let sum = 0;
    for (let k = 0; k < w.rows * w.cols; k++) sum += bound[k] * (2 * Math.abs(values[k]) + bound[k]);
    super.addSumOfSquares(w, factor, out);
    bounded(out).bound[0] += Math.abs(factor) * sum;
    roundStored(out);
  }

  override addSumOfMagnitudes(w: Matrix, factor: number, out: Matrix): void {
    const { bound } = bounded(w);
    let sum = 0;
    for (let k = 0; k < w.rows * w.cols; k++) sum += bound[k];
    super.addSumOfMagnitudes(w, factor, out);
    bounded(out).bound[0] += Math.abs(factor) * sum;
    roundStored(out);
  }

  override addScaledSign(x: Matrix, factor: number, y: Matrix): void {
    const [from, to] = [bounded(x), bounded(y)];
    for (let k = 0; k < x.rows * x.cols; k++) {
      this.#compare(from.values[k], from.bound[k], k, x);
      const doubtful = from.bound[k] > 0 && Math.abs(from.values[k]) <= from.bound[k];
      const term = off(factor, doubtful ? 2 * Math.abs(factor) : 0, 1);
      to.bound[k] = off(Math.abs(to.values[k]) + Math.abs(factor), to.bound[k] + term, 1);
    }
    super.addScaledSign(x, factor, y);
  }

  override limitColumnNorms(): void {
    throw unbounded('limitColumnNorms');
  }

  override addScaled(x: Matrix, factor: number, y: Matrix): void {
    const [from, to] = [bounded(x), bounded(y)];
    const f = Math.abs(factor);
    for (let k = 0; k < x.rows * x.cols; k++) {
      // The factor and the product are rounded, then the sum.
      const term = off(f * from.values[k], f * from.bound[k], 2);
      const size = Math.abs(to.values[k]) + f * Math.abs(from.values[k]);
      to.bound[k] = off(size, to.bound[k] + term, 1);
    }
    super.addScaled(x, factor, y);
  }

  override momentumStep(): void {
    throw unbounded('momentumStep');
  }

  override nesterovStep(): void {
    throw unbounded('nesterovStep');
  }

  override rmsPropStep(): void {
    throw unbounded('rmsPropStep');
  }

  override adamStep(): void {
    throw unbounded('adamStep');
  }

  override argmax(): void {
    throw unbounded('argmax');
  }

  override countCorrect(): void {
    throw unbounded('countCorrect');
  }

  /** Notes the entry k of a matrix if it is compared with 0 and may be on either side of it. */
  #compare(value: number, bound: number, k: number, { cols }: Matrix): void {
    if (bound > 0 && Math.abs(value) <= bound) this.doubts.push(Math.floor(k / cols));
  }
}

const unbounded = (operation: string) =>
  new RangeError(`Float32Bounds: expected an operation with a derivative, got ${operation}`);
