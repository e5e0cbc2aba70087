/** The samples that a run trains on, as every kind of data provides them. */

import type { DataSource } from '../../data/data-source.ts';
import type { Preprocessing } from '../../data/preprocessing.ts';
import type { TestPlace } from '../../formats/training-record.ts';
import type { Samples } from '../../kernels/matrix.ts';

/** Samples to train on, with what a model must remember of them. */
export interface TrainingData extends DataSource {
  readonly train: Samples;
  readonly preprocessing: Omit<Preprocessing, 'scale' | 'shape'>;
  /** Absent where the data bring their own test set, or none. */
  readonly testPlace?: TestPlace;
  /**
   * The same data for a run of another seed. There only where its held-out samples change more than which samples train:
   * the statistics of a table's columns.
   */
  readonly ofSeed?: (seed: number) => TrainingData;
}
