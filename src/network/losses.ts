/** The losses: forward is the mean over the batch, backward the first δ, where the 1/B is applied, once. */

import type { Kernels } from '../kernels/kernels.ts';
import { LOSS_NAMES, type LossName, lossFunctions } from '../kernels/losses.ts';
import type { Matrix } from '../kernels/matrix.ts';
import type { ActivationEntry, ActivationName } from './activations.ts';
import { expectColumns, expectRemembered, expectSize, titleOf } from './layer.ts';

export { LOSS_NAMES, type LossName } from '../kernels/losses.ts';

/** A scalar function of a network's outputs and their targets. */
export interface Loss {
  /** x the network's outputs and y the targets, both [B, C], to the mean loss over the batch, [1, 1], in nats. */
  forward(x: Matrix, y: Matrix): Matrix;
  /** δ = ∂L/∂x [B, C] of the last forward, with the 1/B of the mean. */
  backward(): Matrix;
  /** The loss of each sample in the last forward, [B, 1]. */
  readonly losses: Matrix;
  /** The probabilities of the last forward, [B, C]; absent of losses that make none. */
  readonly probabilities?: Matrix | undefined;
}

/**
 * The mean over the batch of the loss of a name; the loss of a row and its derivative are in kernels/losses.ts. Formulas:
 * B2 to B5, C1 to C3, E3 and A1 and A2 of softmax cross-entropy, X15 of sigmoid cross-entropy, D3 and D4 of squared error,
 * E4 and E5 of the SVM.
 */
export class MeanLoss implements Loss {
  readonly name: LossName;
  readonly losses: Matrix;
  readonly probabilities: Matrix | undefined;
  readonly #kernels: Kernels;
  readonly #title: string;
  readonly #fromProbabilities: boolean;
  readonly #p: Matrix;
  readonly #delta: Matrix;
  readonly #mean: Matrix;
  readonly #classes: number;
  #x: Matrix | undefined;
  #y: Matrix | undefined;

  /** @throws RangeError on a number of classes or a batch size that is not a positive integer */
  constructor(kernels: Kernels, name: LossName, classes: number, batchSize: number) {
    this.#title = titleOf(name);
    expectSize(this.#title, 'classes', classes);
    expectSize(this.#title, 'rows in a batch', batchSize);
    const { probabilities, from } = lossFunctions(name);
    this.name = name;
    this.#kernels = kernels;
    this.#classes = classes;
    this.losses = kernels.matrix(batchSize, 1);
    this.#delta = kernels.matrix(batchSize, classes);
    this.#mean = kernels.matrix(1, 1);
    this.#p = kernels.matrix(batchSize, classes);
    this.#fromProbabilities = from === 'p';
    this.probabilities = probabilities ? this.#p : undefined;
  }

  /** L = (1/B) Σₙ Lₙ. */
  forward(x: Matrix, y: Matrix): Matrix {
    expectColumns(this.#title, 'input', x, this.#classes);
    expectColumns(this.#title, 'target', y, this.#classes);
    if (x.rows !== y.rows) {
      throw new RangeError(`${this.#title}: expected ${x.rows} rows of targets, got ${y.rows}`);
    }
    this.#x = x;
    this.#y = y;
    this.#kernels.loss(this.name, x, y, this.#p, this.losses);
    this.#kernels.mean(this.losses, this.#mean);
    return this.#mean;
  }

  /** δ = (1/B) ∂Lₙ/∂x by rows: the one place where the batch mean enters the gradients. */
  backward(): Matrix {
    const y = this.#y as Matrix;
    const x = expectRemembered(this.#title, this.#x, y);
    const at = this.#fromProbabilities ? this.#p : x;
    this.#kernels.lossGradient(this.name, at, y, 1 / x.rows, this.#delta);
    return this.#delta;
  }
}

/** What is true of a loss beside its numbers. */
export interface LossEntry {
  /** Whether it takes the last dense layer's scores, or else an activation of them (D2). */
  readonly scores: boolean;
  /** The activation of hidden layers where none is chosen. */
  readonly activation: ActivationName;
  /** Whether its targets are probabilities, so that they may be smoothed (X27). */
  readonly smoothable: boolean;
  /** The learning rate with which SGD trains well at batch 128, by the hidden layers' activation and the output's. */
  readonly learningRate: (hidden: ActivationEntry, output: ActivationEntry) => number;
  /** The notes' network whose formulas those with it follow; C stands for A, C and E, by the number of layers. */
  readonly net: 'C' | 'C-sigmoid' | 'D' | 'E-svm';
}

/** The losses by the name that `--loss` and model.json give them. */
export const LOSSES: Readonly<Record<LossName, LossEntry>> = {
  'softmax-cross-entropy': {
    net: 'C',
    scores: true,
    activation: 'relu',
    smoothable: true,
    learningRate: ({ learningRates }) => learningRates.crossEntropy,
  },
  // The gradients of a saturating output are far smaller.
  'squared-error': {
    net: 'D',
    scores: false,
    activation: 'sigmoid',
    smoothable: false,
    learningRate: ({ learningRates }, { unitRange }) =>
      unitRange ? learningRates.unitOutputs : learningRates.outputs,
  },
  'sigmoid-cross-entropy': {
    net: 'C-sigmoid',
    scores: true,
    activation: 'relu',
    smoothable: true,
    learningRate: ({ learningRates }) => learningRates.crossEntropy,
  },
  svm: {
    net: 'E-svm',
    scores: true,
    activation: 'relu',
    smoothable: false,
    learningRate: () => 0.1,
  },
};

/** The losses whose targets may be smoothed. */
export const SMOOTHABLE_LOSSES = LOSS_NAMES.filter((name) => LOSSES[name].smoothable);

/** The losses of an activation of the scores, which may be chosen. */
export const ACTIVATED_LOSSES = LOSS_NAMES.filter((name) => !LOSSES[name].scores);
