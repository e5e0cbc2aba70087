/** The losses: forward is the mean over the batch, backward the first δ, where the 1/B is applied, once. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Matrix } from '../kernels/matrix.ts';
import { expectColumns, expectRemembered, expectSize } from './layer.ts';

/** A scalar function of a network's outputs and their targets. */
export interface Loss {
  /** x the network's outputs and y the targets, both [B, C], to the mean loss over the batch, [1, 1], in nats. */
  forward(x: Matrix, y: Matrix): Matrix;
  /** δ = ∂L/∂x [B, C] of the last forward, with the 1/B of the mean. */
  backward(): Matrix;
  /** The loss of each sample in the last forward, [B, 1]. */
  readonly losses: Matrix;
}

/** What the losses share: room for the loss of each sample, their mean and δ. */
abstract class MeanLoss implements Loss {
  protected readonly kernels: Kernels;
  readonly losses: Matrix;
  protected readonly delta: Matrix;
  readonly #mean: Matrix;
  readonly #classes: number;
  #x: Matrix | undefined;
  #y: Matrix | undefined;

  /** @throws RangeError on a number of classes or a batch size that is not a positive integer */
  constructor(kernels: Kernels, classes: number, batchSize: number) {
    expectSize(this.constructor.name, 'classes', classes);
    expectSize(this.constructor.name, 'rows in a batch', batchSize);
    this.kernels = kernels;
    this.losses = kernels.matrix(batchSize, 1);
    this.delta = kernels.matrix(batchSize, classes);
    this.#mean = kernels.matrix(1, 1);
    this.#classes = classes;
  }

  /** Fills `losses` with each sample's loss. */
  protected abstract each(x: Matrix, y: Matrix): void;
  /** Fills `delta` with each sample's gradient times `scale`. */
  protected abstract gradient(x: Matrix, y: Matrix, scale: number): void;

  /** L = (1/B) Σₙ Lₙ. */
  forward(x: Matrix, y: Matrix): Matrix {
    expectColumns(this.constructor.name, 'input', x, this.#classes);
    expectColumns(this.constructor.name, 'target', y, this.#classes);
    if (x.rows !== y.rows) {
      throw new RangeError(`${this.constructor.name}: expected ${x.rows} rows of targets, got ${y.rows}`);
    }
    this.#x = x;
    this.#y = y;
    this.each(x, y);
    this.kernels.mean(this.losses, this.#mean);
    return this.#mean;
  }

  /** δ = (1/B) ∂Lₙ/∂x by rows: the one place where the batch mean enters the gradients. */
  backward(): Matrix {
    const y = this.#y as Matrix;
    const x = expectRemembered(this.constructor.name, this.#x, y);
    this.gradient(x, y, 1 / x.rows);
    return this.delta;
  }
}

/** Lₙ = ½ Σₖ (xₖ − yₖ)², ∂Lₙ/∂x = x − y; with the output activation's φ′ this is δ = (x − y) ⊙ φ′(z). D3, D4. */
export class SquaredError extends MeanLoss {
  protected each(x: Matrix, y: Matrix): void {
    this.kernels.squaredError(x, y, this.losses);
  }

  protected gradient(x: Matrix, y: Matrix, scale: number): void {
    this.kernels.squaredErrorGradient(x, y, scale, this.delta);
  }
}

/**
 * P = softmax(S) by rows, Lₙ = −Σⱼ yₙⱼ log Pₙⱼ, ∂L/∂S = (P − Y)/B. The rows of Y sum to 1.
 * Formulas: B2 to B5, C1 to C3, E3, A1, A2.
 */
export class SoftmaxCrossEntropy extends MeanLoss {
  /** The probabilities of the last forward, [B, C]. */
  readonly p: Matrix;

  constructor(kernels: Kernels, classes: number, batchSize: number) {
    super(kernels, classes, batchSize);
    this.p = kernels.matrix(batchSize, classes);
  }

  protected each(s: Matrix, y: Matrix): void {
    this.kernels.softmaxCrossEntropy(s, y, this.p, this.losses);
  }

  protected gradient(_s: Matrix, y: Matrix, scale: number): void {
    this.kernels.softmaxCrossEntropyGradient(this.p, y, scale, this.delta);
  }
}

/**
 * P = σ(S) for each class, Lₙ = −Σⱼ (y log P + (1 − y) log(1 − P)), ∂L/∂S = (P − Y)/B, from S itself, so that it keeps its
 * digits where P is near Y. Formula: X15, not in the notes.
 */
export class SigmoidCrossEntropy extends MeanLoss {
  /** The probabilities of the last forward, [B, C]. */
  readonly p: Matrix;

  constructor(kernels: Kernels, classes: number, batchSize: number) {
    super(kernels, classes, batchSize);
    this.p = kernels.matrix(batchSize, classes);
  }

  protected each(s: Matrix, y: Matrix): void {
    this.kernels.sigmoidCrossEntropy(s, y, this.p, this.losses);
  }

  protected gradient(s: Matrix, y: Matrix, scale: number): void {
    this.kernels.sigmoidCrossEntropyGradient(s, y, scale, this.delta);
  }
}

/**
 * Multi-class SVM with margin 1: Lₙ = Σ_{j ≠ c} max(0, sⱼ − s_c + 1), c the sample's class (E4);
 * ∂Lₙ/∂sⱼ = 𝟙[sⱼ − s_c + 1 > 0] for j ≠ c and ∂Lₙ/∂s_c = −Σ_{j ≠ c} 𝟙[sⱼ − s_c + 1 > 0] (E5).
 */
export class Svm extends MeanLoss {
  protected each(s: Matrix, y: Matrix): void {
    this.kernels.svm(s, y, this.losses);
  }

  protected gradient(s: Matrix, y: Matrix, scale: number): void {
    this.kernels.svmGradient(s, y, scale, this.delta);
  }
}

/** The losses by the name that `--loss` and model.json give them. */
export const LOSSES = {
  'softmax-cross-entropy': SoftmaxCrossEntropy,
  'squared-error': SquaredError,
  'sigmoid-cross-entropy': SigmoidCrossEntropy,
  svm: Svm,
} as const;

export type LossName = keyof typeof LOSSES;

export const LOSS_NAMES = Object.keys(LOSSES) as LossName[];
