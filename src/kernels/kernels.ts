/** The one interface through which layers, losses and optimizers touch numbers. */

import type { ActivationName } from './activations.ts';
import type { Warp } from './distortion.ts';
import type { DropoutMask } from './dropout-mask.ts';
import type { LossName } from './losses.ts';
import type { Floats, Matrix, Samples } from './matrix.ts';

/** The numbers of one step of Adam (X5, X6). */
export interface AdamStep {
  /** How much of the mean of the gradients, and of their squares, is kept. */
  readonly beta1: number;
  readonly beta2: number;
  /** The learning rate over 1 − β₁ᵗ. */
  readonly rate: number;
  /** 1 / (1 − β₂ᵗ). */
  readonly squareScale: number;
  readonly epsilon: number;
  /** What decoupled decay leaves of a weight: 1 − ηλ; 1 without. */
  readonly shrink: number;
}

/**
 * Arithmetic on matrices. The conventions of every operation:
 *
 * - The output is passed in and overwritten (`add…` adds to it); nothing is allocated after the matrices are made.
 * - An output of one row a sample takes the row count of its input (`z.rows = x.rows`).
 * - Each output entry is a sum in one fixed order, which follows from the shapes alone, and no entry depends on another
 *   of the same output. So the output columns may be divided: computed in ranges, by whomever, they have the same bits.
 * - Shapes are the caller's duty; layers and losses check theirs when they are made and fed.
 *
 * B is the number of rows (samples) of a batch. An elementwise output may be the same matrix as its input.
 */
export interface Kernels {
  /** A matrix of zeros with room for `capacity` rows, all in use. */
  matrix(capacity: number, cols: number): Matrix;

  /** A matrix of zeros for the weights, or their gradients, between `inputs` and `outputs` units. */
  weights(inputs: number, outputs: number): Matrix;

  /** The entries in use, row-major, as a copy; not of a batch. */
  read(x: Matrix): Floats;

  /** Sets the entries in use from as many values, row-major; not of a batch. */
  write(x: Matrix, values: ArrayLike<number>): void;

  /** Takes samples in, once, in whatever form this implementation reads them best. */
  load(samples: Samples): Samples;

  /** A matrix that `gather` fills with up to `capacity` of these samples; sparse if most of their values are 0. */
  batch(samples: Samples, capacity: number): Matrix;

  /**
   * The inputs and targets of the samples `order[from … from + count)`: x[i] = values · scale, y[i] one-hot.
   *
   * @param x a matrix from `batch` for the same samples, [B, cols]
   * @param y [B, classes]
   */
  gather(samples: Samples, order: Uint32Array, from: number, count: number, x: Matrix, y: Matrix): void;

  /**
   * Room for `capacity` distorted samples, in the form that these samples have: `gather` takes it with any batch of theirs.
   *
   * @throws RangeError if they are no byte images of that shape
   */
  sampleSlot(samples: Samples, capacity: number, shape: Warp['shape']): Samples;

  /**
   * Sample `place` of a slot becomes sample `row` of `samples`, seen through the warp, with its label. A slot is filled
   * from place 0 on, each after the one before it.
   *
   * @param slot from `sampleSlot` for the same samples and the warp's shape
   */
  distort(samples: Samples, row: number, warp: Warp, slot: Samples, place: number): void;

  /** z = x w + b, the sum over k taken from b on in the order of k. x [B, nIn], w [nIn, nOut], b [1, nOut]. */
  affine(x: Matrix, w: Matrix, b: Matrix, z: Matrix): void;

  /**
   * dw = xᵀ delta, summed in the order of the samples. x [B, nIn], delta [B, nOut], dw [nIn, nOut].
   *
   * dw is sure to hold until x or delta is overwritten: an implementation may put the product off until dw is used.
   */
  weightGradient(x: Matrix, delta: Matrix, dw: Matrix): void;

  /** db = the column sums of delta. delta [B, n], db [1, n]. */
  columnSums(delta: Matrix, db: Matrix): void;

  /** dx = delta wᵀ. delta [B, nOut], w [nIn, nOut], dx [B, nIn]. */
  inputGradient(delta: Matrix, w: Matrix, dx: Matrix): void;

  /** x = φ(z), entry by entry. */
  activation(name: ActivationName, z: Matrix, x: Matrix): void;
  /** dz = delta ⊙ φ′, where `at` is the z or the x of `activation`, as the activation's entry says (`from`). */
  activationGradient(name: ActivationName, delta: Matrix, at: Matrix, dz: Matrix): void;

  /**
   * out[i, j] = x[i, j] / (1 − rate), or x[i, j] · 0 where the mask drops it, so that NaN stays NaN. x may be a batch that
   * was just gathered: then `out` is the batch itself, and it may be done once.
   */
  dropout(x: Matrix, mask: DropoutMask, out: Matrix): void;

  /** y = (1 − epsilon) y + epsilon / C, in place. y [B, C]. */
  smoothTargets(y: Matrix, epsilon: number): void;

  /**
   * losses[n] = the loss of row n; where the loss makes probabilities, p are they, and otherwise p is left alone. x, y and
   * p [B, C], losses [B, 1].
   */
  loss(name: LossName, x: Matrix, y: Matrix, p: Matrix, losses: Matrix): void;
  /**
   * delta = ∂losses[n]/∂x[n] · scale, row by row, where `at` is the x or the p of `loss`, as the loss's entry says
   * (`from`). The rows of y sum to 1 where they are compared with probabilities that do.
   */
  lossGradient(name: LossName, at: Matrix, y: Matrix, scale: number, delta: Matrix): void;

  /** out = the mean of losses [B, 1]; out [1, 1]. */
  mean(losses: Matrix, out: Matrix): void;
  /** out += factor · Σ w²; out [1, 1]. */
  addSumOfSquares(w: Matrix, factor: number, out: Matrix): void;
  /** out += factor · Σ |w|; out [1, 1]. */
  addSumOfMagnitudes(w: Matrix, factor: number, out: Matrix): void;
  /** y += factor · sign(x), sign(0) = 0, the shapes equal. */
  addScaledSign(x: Matrix, factor: number, y: Matrix): void;
  /** Each column of w whose Euclidean norm is above `limit` is scaled back to it. w [nIn, nOut]. */
  limitColumnNorms(w: Matrix, limit: number): void;
  /** y += factor · x, the shapes equal. */
  addScaled(x: Matrix, factor: number, y: Matrix): void;

  /*
   * The steps of optimizers, entry by entry on matrices of one shape. What they remember (v, s, m) may become 0 where
   * it is smaller than any normal number of the precision.
   */

  /** v = momentum · v + gradient, then w −= rate · v (X2). */
  momentumStep(gradient: Matrix, v: Matrix, momentum: number, rate: number, w: Matrix): void;
  /** v = momentum · v + gradient, then w −= rate · (gradient + momentum · v) (X3). */
  nesterovStep(gradient: Matrix, v: Matrix, momentum: number, rate: number, w: Matrix): void;
  /** s = rho · s + (1 − rho) · gradient², then w −= rate · gradient / (√s + epsilon) (X4). */
  rmsPropStep(gradient: Matrix, s: Matrix, rho: number, rate: number, epsilon: number, w: Matrix): void;
  /**
   * m = β₁ m + (1 − β₁) gradient and s = β₂ s + (1 − β₂) gradient², then
   * w = shrink · w − rate · m / (√(squareScale · s) + epsilon) (X5, X6).
   */
  adamStep(gradient: Matrix, m: Matrix, s: Matrix, numbers: AdamStep, w: Matrix): void;

  /** Every entry in use becomes `value`. */
  fill(x: Matrix, value: number): void;

  /** classes[n] = the index of the largest entry of row n, the first of equals. classes [B, 1]. */
  argmax(scores: Matrix, classes: Matrix): void;
  /** out = how many rows have their largest entry where y has. scores and y [B, C], out [1, 1]. */
  countCorrect(scores: Matrix, y: Matrix, out: Matrix): void;
  /** Whether no entry in use is infinite or NaN. */
  allFinite(x: Matrix): boolean;
}

export type { Floats, Matrix, Samples };
