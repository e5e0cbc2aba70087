/** How well a network does on samples it was not trained on. */

import type { Kernels } from '../kernels/kernels.ts';
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

/** Runs the network forward over the samples, in their own order, in batches of the network's size. */
export function evaluate(kernels: Kernels, network: Network, subset: Subset): Evaluation {
  const batches = new Batches(kernels, subset, network.batchSize);
  const predicted = kernels.matrix(network.batchSize, 1);
  const confusion = Array.from({ length: network.classes }, () => new Array<number>(network.classes).fill(0));
  let loss = 0;
  for (let i = 0; i < batches.count; i++) {
    const count = batches.load(i);
    kernels.argmax(network.forward(batches.x), predicted);
    loss += network.loss(batches.y).values[0] * count;
    for (let n = 0; n < count; n++) {
      const label = subset.samples.labels[subset.rows[i * network.batchSize + n]];
      confusion[label][predicted.values[n]]++;
    }
  }
  const correct = confusion.reduce((sum, row, label) => sum + row[label], 0);
  const samples = batches.size;
  return { samples, correct, accuracy: correct / samples, loss: loss / samples, confusion };
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
