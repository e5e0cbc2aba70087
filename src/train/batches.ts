/** Samples in minibatches. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Matrix, Samples } from '../kernels/matrix.ts';
import type { Random } from '../kernels/random.ts';

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
  readonly #rows: Uint32Array;
  readonly #batchSize: number;
  readonly #order: Uint32Array;

  constructor(kernels: Kernels, { samples, rows }: Subset, batchSize: number) {
    this.#kernels = kernels;
    this.#samples = kernels.load(samples);
    this.#rows = rows;
    this.#order = rows.slice();
    this.#batchSize = batchSize;
    this.size = rows.length;
    this.count = Math.ceil(rows.length / batchSize);
    this.x = kernels.batch(this.#samples, batchSize);
    this.y = kernels.matrix(batchSize, samples.classes);
  }

  /** A new order for the epoch to come; it depends on the generator's state alone, not on the order before. */
  shuffle(random: Random): void {
    this.#order.set(this.#rows);
    random.shuffle(this.#order);
  }

  /** Fills `x` and `y` with batch i, counted from 0, and gives its number of samples. */
  load(i: number): number {
    const from = i * this.#batchSize;
    const count = Math.min(this.#batchSize, this.size - from);
    this.#kernels.gather(this.#samples, this.#order, from, count, this.x, this.y);
    return count;
  }
}
