/** The float64 reference kernels, with a bound beside each number of how far float32 kernels can be from it. */

import type { DropoutMask } from '../../kernels/dropout-mask.ts';
import { maskFactor } from '../../kernels/dropout-mask.ts';
import { exp, expm1, LEAK, sigmoid, softplus, tanh } from '../../kernels/elementary.ts';
import type { Matrix, Samples } from '../../kernels/matrix.ts';
import { ReferenceKernels } from '../../kernels/reference.ts';
import { offGelu, offGeluSlope } from './gelu.ts';
import {
  type BoundedMatrix,
  boundDifference,
  boundEach,
  bounded,
  boundProduct,
  boundRows,
  boundScaled,
  boundSoftmax,
  EXP,
  forEachMargin,
  gamma,
  LEAST,
  off,
  roundStored,
  SIGMOID,
  SOFTPLUS,
  sumWithout,
  U,
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

  override relu(z: Matrix, x: Matrix): void {
    const { values, bound } = bounded(z);
    boundEach(z, x, (k) => {
      this.#compare(values[k], bound[k], k, z);
      return values[k] <= -bound[k] ? 0 : bound[k];
    });
    super.relu(z, x);
  }

  override reluGradient(delta: Matrix, z: Matrix, dz: Matrix): void {
    const [d, at] = [bounded(delta), bounded(z)];
    boundEach(delta, dz, (k) => {
      if (at.values[k] > at.bound[k]) return d.bound[k];
      return at.values[k] <= -at.bound[k] ? 0 : Math.abs(d.values[k]) + d.bound[k];
    });
    super.reluGradient(delta, z, dz);
  }

  override sigmoid(z: Matrix, x: Matrix): void {
    const { values, bound } = bounded(z);
    boundEach(z, x, (k) => offSigmoid(values[k], bound[k]));
    super.sigmoid(z, x);
  }

  override sigmoidGradient(delta: Matrix, x: Matrix, dz: Matrix): void {
    const { values, bound } = bounded(x);
    boundScaled(delta, dz, (k) => {
      const [v, e] = [values[k], bound[k]];
      return [v * (1 - v), e * (Math.abs(1 - 2 * v) + e)];
    });
    super.sigmoidGradient(delta, x, dz);
  }

  override tanh(z: Matrix, x: Matrix): void {
    const { values, bound } = bounded(z);
    boundEach(z, x, (k) => {
      const nearest = sigmoid(-2 * Math.max(0, Math.abs(values[k]) - bound[k]));
      const shifted = bound[k] * 4 * nearest * (1 - nearest);
      return shifted + SIGMOID * (Math.abs(tanh(values[k])) + shifted) + 3 * LEAST;
    });
    super.tanh(z, x);
  }

  override tanhGradient(delta: Matrix, x: Matrix, dz: Matrix): void {
    const { values, bound } = bounded(x);
    boundScaled(delta, dz, (k) => {
      const [v, e] = [Math.abs(values[k]), bound[k]];
      return [1 - v * v, e * (2 * v + e) + U * (v + e) ** 2 + LEAST];
    });
    super.tanhGradient(delta, x, dz);
  }

  override leakyRelu(z: Matrix, x: Matrix): void {
    const { values, bound } = bounded(z);
    boundEach(z, x, (k) => {
      const [v, e] = [values[k], bound[k]];
      this.#compare(v, e, k, z);
      if (v > e) return e;
      const small = off(LEAK * v, LEAK * e, 2);
      return v <= -e ? small : e + small;
    });
    super.leakyRelu(z, x);
  }

  override leakyReluGradient(delta: Matrix, z: Matrix, dz: Matrix): void {
    const [d, at] = [bounded(delta), bounded(z)];
    boundEach(delta, dz, (k) => {
      if (at.values[k] > at.bound[k]) return d.bound[k];
      const small = off(LEAK * d.values[k], LEAK * d.bound[k], 2);
      return at.values[k] <= -at.bound[k] ? small : Math.abs(d.values[k]) + d.bound[k] + small;
    });
    super.leakyReluGradient(delta, z, dz);
  }

  override elu(z: Matrix, x: Matrix): void {
    const { values, bound } = bounded(z);
    boundEach(z, x, (k) => {
      const [v, e] = [values[k], bound[k]];
      if (v > e) return e;
      // The slope is e^z at most, and 1 above 0.
      const shifted = e * exp(Math.min(0, v + e));
      return shifted + SIGMOID * (Math.abs(v > 0 ? v : expm1(v)) + shifted) + 3 * LEAST;
    });
    super.elu(z, x);
  }

  override eluGradient(delta: Matrix, x: Matrix, dz: Matrix): void {
    const [{ bound: d }, at] = [bounded(delta), bounded(x)];
    const sure = Float64Array.from(d.subarray(0, delta.rows * delta.cols));
    boundScaled(delta, dz, (k) => [Math.min(0, at.values[k]) + 1, at.bound[k]]);
    boundEach(dz, dz, (k) => (at.values[k] > at.bound[k] ? sure[k] : bounded(dz).bound[k]));
    super.eluGradient(delta, x, dz);
  }

  override gelu(z: Matrix, x: Matrix): void {
    const { values, bound } = bounded(z);
    boundEach(z, x, (k) => offGelu(values[k], bound[k]));
    super.gelu(z, x);
  }

  override geluGradient(delta: Matrix, z: Matrix, dz: Matrix): void {
    const { values, bound } = bounded(z);
    boundScaled(delta, dz, (k) => offGeluSlope(values[k], bound[k]));
    super.geluGradient(delta, z, dz);
  }

  override softplus(z: Matrix, x: Matrix): void {
    const { values, bound } = bounded(z);
    boundEach(z, x, (k) => {
      const [v, e] = [values[k], bound[k]];
      const shifted = e * sigmoid(v + e);
      return shifted + (SOFTPLUS + U) * (softplus(v) + shifted) + 3 * LEAST;
    });
    super.softplus(z, x);
  }

  override softplusGradient(delta: Matrix, z: Matrix, dz: Matrix): void {
    const { values, bound } = bounded(z);
    boundScaled(delta, dz, (k) => [sigmoid(values[k]), offSigmoid(values[k], bound[k])]);
    super.softplusGradient(delta, z, dz);
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

  override squaredError(x: Matrix, y: Matrix, losses: Matrix): void {
    const { values, bound } = bounded(x);
    boundRows(x, losses, (start, end) => {
      let sum = 0;
      for (let k = start; k < end; k++) sum += bound[k] * (2 * Math.abs(values[k] - y.values[k]) + bound[k]);
      return sum / 2;
    });
    super.squaredError(x, y, losses);
    roundStored(losses);
  }

  override squaredErrorGradient(x: Matrix, y: Matrix, scale: number, delta: Matrix): void {
    boundDifference(x, y, scale, delta);
    super.squaredErrorGradient(x, y, scale, delta);
  }

  override softmaxCrossEntropy(s: Matrix, y: Matrix, p: Matrix, losses: Matrix): void {
    const outs = bounded(p).bound;
    boundRows(s, losses, (start, end) => {
      const row = boundSoftmax(bounded(s), y, start, end);
      outs.set(row.p, start);
      return row.loss;
    });
    super.softmaxCrossEntropy(s, y, p, losses);
    roundStored(losses);
  }

  override softmaxCrossEntropyGradient(p: Matrix, y: Matrix, scale: number, delta: Matrix): void {
    const [{ values, bound }, out] = [bounded(p), bounded(delta).bound];
    for (let start = 0; start < p.rows * p.cols; start += p.cols) {
      let sumOff = 0;
      for (let k = start; k < start + p.cols; k++) sumOff += bound[k];
      const row = values.subarray(start, start + p.cols);
      for (let k = start; k < start + p.cols; k++) {
        const target = y.values[k];
        const rest = target === 0 ? 0 : sumWithout(row, k - start);
        const size = (1 - target) * values[k] + target * rest;
        const shifted = (1 - target) * bound[k] + target * (sumOff - bound[k]);
        // (1 − y) p − y · rest, times a scale that was rounded: 1 − y or the rest, a product, −, scale and product.
        out[k] = off(size * scale, shifted * scale, 5);
      }
    }
    super.softmaxCrossEntropyGradient(p, y, scale, delta);
  }

  override sigmoidCrossEntropy(s: Matrix, y: Matrix, p: Matrix, losses: Matrix): void {
    const { values, bound } = bounded(s);
    boundRows(s, losses, (start, end) => {
      let sum = 0;
      for (let k = start; k < end; k++) {
        const [v, e, target] = [values[k], bound[k], y.values[k]];
        // ln(1 + e^{−|s|}) is made in float64, of a float32 exponential.
        const tail = exp(-Math.max(0, Math.abs(v) - e));
        const slope = target * sigmoid(e - v) + (1 - target) * sigmoid(v + e);
        sum += e * slope + (EXP * tail) / (1 + tail) + LEAST;
      }
      return sum;
    });
    super.sigmoidCrossEntropy(s, y, p, losses); // p by this.sigmoid
    roundStored(losses);
  }

  override sigmoidCrossEntropyGradient(s: Matrix, y: Matrix, scale: number, delta: Matrix): void {
    const { values, bound } = bounded(s);
    boundEach(s, delta, (k) => {
      const [v, e, target] = [values[k], bound[k], y.values[k]];
      const size = (1 - target) * sigmoid(v) + target * sigmoid(-v);
      const shifted = (1 - target) * offSigmoid(v, e) + target * offSigmoid(-v, e);
      // (1 − y) σ(s) − y σ(−s), times a scale that was rounded: 1 − y, a product, −, scale and product.
      return off(size * scale, shifted * scale, 5);
    });
    super.sigmoidCrossEntropyGradient(s, y, scale, delta);
  }

  override svm(s: Matrix, y: Matrix, losses: Matrix): void {
    boundRows(s, losses, (start, end) => {
      let sum = 0;
      forEachMargin(bounded(s), y, start, end, (k, margin, e) => {
        this.#compare(margin, e, k, s);
        if (margin > -e) sum += e;
      });
      return sum;
    });
    super.svm(s, y, losses);
    roundStored(losses);
  }

  override svmGradient(s: Matrix, y: Matrix, scale: number, delta: Matrix): void {
    const out = bounded(delta).bound;
    for (let start = 0; start < s.rows * s.cols; start += s.cols) {
      let [violations, doubts] = [0, 0];
      const c = forEachMargin(bounded(s), y, start, start + s.cols, (k, margin, e) => {
        const doubtful = e > 0 && Math.abs(margin) <= e;
        const violates = margin > 0 || doubtful;
        if (violates) violations++;
        if (doubtful) doubts++;
        out[k] = violates ? off(scale, doubtful ? scale : 0, 1) : 0;
      });
      out[c] = off(violations * scale, doubts * scale, 2);
    }
    super.svmGradient(s, y, scale, delta);
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

/** How far off σ(v) is of a v that is off by e: σ′ where it is steepest on the way, and what the float32 σ loses. */
function offSigmoid(v: number, e: number): number {
  const nearest = sigmoid(-Math.max(0, Math.abs(v) - e));
  const shifted = e * nearest * (1 - nearest);
  return shifted + SIGMOID * (sigmoid(v) + shifted) + 3 * LEAST;
}

const unbounded = (operation: string) =>
  new RangeError(`Float32Bounds: expected an operation with a derivative, got ${operation}`);
