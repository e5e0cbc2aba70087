/** Samples in minibatches. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Matrix, Samples } from '../kernels/matrix.ts';
import type { Random } from '../kernels/random.ts';
import type { DistortedBatches } from './augmentation.ts';

/** Some rows of a set of samples. */
export interface Subset {
  readonly samples: Samples;
  /** Row numbers, each below `samples.count`. */
  readonly rows: Uint32Array;
}

/** All rows of a set of samples. */
export function allOf(samples: Samples): Subset {
  return { samples, rows: Uint32Array.from({ length: samples.count }, (_, i) => i) };
}

/** The rows of a subset in the order of an epoch, cut into batches. */
export class EpochOrder {
  /** The rows in their order; overwritten by `shuffle`. */
  readonly order: Uint32Array;
  /** How many batches make an epoch. */
  readonly count: number;
  readonly #rows: Uint32Array;
  readonly #batchSize: number;

  constructor(rows: Uint32Array, batchSize: number) {
    this.order = rows.slice();
    this.count = Math.ceil(rows.length / batchSize);
    this.#rows = rows;
    this.#batchSize = batchSize;
  }

  /** A new order for the epoch to come; it depends on the generator's state alone, not on the order before. */
  shuffle(random: Random): void {
    this.order.set(this.#rows);
    random.shuffle(this.order);
  }

  /** Where in the order batch i begins, counted from 0, and how many samples it has. */
  batch(i: number): { readonly from: number; readonly count: number } {
    const from = i * this.#batchSize;
    return { from, count: Math.min(this.#batchSize, this.order.length - from) };
  }
}

/**
 * The rows of a subset in batches of `batchSize`, the last one short if they do not divide evenly. `load(i)` fills
 * `x` [B, inputs] and `y` [B, classes], which belong to the batches and are overwritten by the next load.
 */
export class Batches {
  readonly x: Matrix;
  readonly y: Matrix;
  /** How many batches make an epoch. */
  readonly count: number;
  /** How many samples make an epoch. */
  readonly size: number;
  readonly #kernels: Kernels;
  readonly #samples: Samples;
  readonly #order: EpochOrder;
  readonly #distorted: DistortedBatches | undefined;
  /** The places of distorted samples: 0, 1, 2, … */
  readonly #places: Uint32Array;

  /** @param distorted where the batches come from instead, distorted: batches of the same samples */
  constructor(
    kernels: Kernels,
    { samples, rows }: Subset,
    batchSize: number,
    distorted?: DistortedBatches | undefined,
  ) {
    this.#kernels = kernels;
    this.#samples = kernels.load(samples);
    this.#order = new EpochOrder(rows, batchSize);
    this.#distorted = distorted;
    this.#places = Uint32Array.from({ length: distorted ? batchSize : 0 }, (_, i) => i);
    this.size = rows.length;
    this.count = this.#order.count;
    this.x = kernels.batch(this.#samples, batchSize);
    this.y = kernels.matrix(batchSize, samples.classes);
  }

  /** A new order for the epoch to come; it depends on the generator's state alone, not on the order before. */
  shuffle(random: Random): void {
    this.#order.shuffle(random);
  }

  /**
   * Fills `x` and `y` with batch i, counted from 0, and gives its number of samples.
   *
   * @param epoch counted from 1; it decides how samples are distorted
   */
  load(i: number, epoch = 1): number {
    const { order } = this.#order;
    const { from, count } = this.#order.batch(i);
    if (this.#distorted === undefined) {
      this.#kernels.gather(this.#samples, order, from, count, this.x, this.y);
    } else {
      const samples = this.#distorted.next(epoch, order, from, count);
      this.#kernels.gather(samples, this.#places, 0, count, this.x, this.y);
    }
    return count;
  }
}
