/** How well a network does on samples it was not trained on. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Matrix } from '../kernels/matrix.ts';
import type { Network } from '../network/network.ts';
import { Batches, type Subset } from './batches.ts';

export interface Evaluation {
  readonly samples: number;
  readonly correct: number;
  /** correct / samples. */
  readonly accuracy: number;
  /** Mean loss per sample in nats, without the L2 term. */
  readonly loss: number;
  /** [classes, classes]: how many samples of the row's class were taken for the column's. */
  readonly confusion: readonly (readonly number[])[];
}

/** A class's share of the confusion matrix; a ratio with nothing below the line is 0. */
export interface ClassMetrics {
  readonly class: string;
  /** Of those taken for this class, the fraction that are. */
  readonly precision: number;
  /** Of those of this class, the fraction that were taken for it. */
  readonly recall: number;
  /** The harmonic mean of precision and recall. */
  readonly f1: number;
  /** How many samples are of this class. */
  readonly support: number;
}

/**
 * Runs a network forward over samples, in their own order, in batches of the network's size, and drops nothing. Its memory is laid out
 * when it is made; `run` may be called as often as wanted.
 */
export class Evaluator {
  readonly #kernels: Kernels;
  readonly #network: Network;
  readonly #subset: Subset;
  readonly #batches: Batches;
  readonly #predicted: Matrix;

  constructor(kernels: Kernels, network: Network, subset: Subset) {
    this.#kernels = kernels;
    this.#network = network;
    this.#subset = subset;
    this.#batches = new Batches(kernels, subset, network.batchSize);
    this.#predicted = kernels.matrix(network.batchSize, 1);
  }

  run(): Evaluation {
    const network = this.#network;
    network.clearMasks();
    const kernels = this.#kernels;
    const { samples, rows } = this.#subset;
    const confusion = Array.from({ length: network.classes }, () =>
      new Array<number>(network.classes).fill(0),
    );
    let loss = 0;
    for (let i = 0; i < this.#batches.count; i++) {
      const count = this.#batches.load(i);
      kernels.argmax(network.forward(this.#batches.x), this.#predicted);
      network.loss(this.#batches.y);
      const classes = kernels.read(this.#predicted);
      const losses = kernels.read(network.losses);
      for (let n = 0; n < count; n++) {
        const label = samples.labels[rows[i * network.batchSize + n]];
        confusion[label][classes[n]]++;
        loss += losses[n]; // one by one, so that the sum does not depend on the size of the batches
      }
    }
    const correct = confusion.reduce((sum, row, label) => sum + row[label], 0);
    const count = this.#batches.size;
    return { samples: count, correct, accuracy: correct / count, loss: loss / count, confusion };
  }
}

/** One run of an `Evaluator`. */
export function evaluate(kernels: Kernels, network: Network, subset: Subset): Evaluation {
  return new Evaluator(kernels, network, subset).run();
}

/** Means over the classes. */
export type MeanMetrics = Pick<ClassMetrics, 'precision' | 'recall' | 'f1'>;

/** The means of each figure over the classes: `macro` counts every class once, `weighted` by its samples. */
export function meanMetrics(perClass: readonly ClassMetrics[]): {
  macro: MeanMetrics;
  weighted: MeanMetrics;
} {
  const mean = (weightOf: (metrics: ClassMetrics) => number): MeanMetrics => {
    const whole = perClass.reduce((sum, metrics) => sum + weightOf(metrics), 0);
    const of = (key: keyof MeanMetrics) =>
      whole === 0 ? 0 : perClass.reduce((sum, metrics) => sum + weightOf(metrics) * metrics[key], 0) / whole;
    return { precision: of('precision'), recall: of('recall'), f1: of('f1') };
  };
  return { macro: mean(() => 1), weighted: mean(({ support }) => support) };
}

/** Precision, recall and F1 of each class. */
export function classMetrics(confusion: Evaluation['confusion'], classes: readonly string[]): ClassMetrics[] {
  const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return classes.map((name, c) => {
    const support = confusion[c].reduce((sum, n) => sum + n, 0);
    const taken = confusion.reduce((sum, row) => sum + row[c], 0);
    const hit = confusion[c][c];
    return {
      class: name,
      precision: ratio(hit, taken),
      recall: ratio(hit, support),
      f1: ratio(2 * hit, support + taken),
      support,
    };
  });
}
