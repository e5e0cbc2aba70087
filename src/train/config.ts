/** What a training run needs to know: its configuration, its data, and how to stop it. */

import type { Samples } from '../kernels/matrix.ts';
import type { NetworkSpec } from '../network/network.ts';
import type { AugmentationOptions } from './augmentation.ts';
import type { Subset } from './batches.ts';
import type { OptimizerOptions } from './optimizers/optimizers.ts';
import type { ScheduleOptions } from './optimizers/schedules.ts';
import type { Regularisation } from './regularisation.ts';

export interface TrainConfig {
  readonly network: NetworkSpec;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Decides the initial weights and every shuffle; an integer from 0 to 2³² − 1. */
  readonly seed: number;
  /** Ends the run after this many epochs without a better validation result (default: never). */
  readonly patience?: number;
  /** How a step follows from the gradients (default: plain SGD). */
  readonly optimizer?: OptimizerOptions;
  /** How the learning rate changes over the run (default: constant). */
  readonly schedule?: ScheduleOptions;
  /** Besides L2, which is part of the network (default: none). */
  readonly regularisation?: Regularisation;
  /** How training images are distorted (default: not at all). */
  readonly augmentation?: AugmentationOptions;
}

export interface TrainData {
  readonly train: Subset;
  readonly validation?: Subset;
  readonly test?: Samples;
}

/** An AbortSignal, or anything with the same flag. It is read once after every step. */
export interface StopSignal {
  readonly aborted: boolean;
}

/** @throws RangeError if the configuration is out of range or does not fit the data */
export function requireValid({ epochs, patience, learningRate }: TrainConfig, data: TrainData): void {
  if (data.train.rows.length === 0)
    throw new RangeError('Trainer: expected at least one training sample, got none');
  if (!Number.isInteger(epochs) || epochs < 1) {
    throw new RangeError(`Trainer: expected a positive whole number of epochs, got ${epochs}`);
  }
  if (patience !== undefined && (!Number.isInteger(patience) || patience < 1)) {
    throw new RangeError(`Trainer: expected a patience of 1 or more epochs, got ${patience}`);
  }
  if (patience !== undefined && data.validation === undefined) {
    throw new RangeError('Trainer: expected samples held out for patience to go by, got none');
  }
  if (!(learningRate > 0) || !Number.isFinite(learningRate)) {
    throw new RangeError(`Trainer: expected a learning rate above 0, got ${learningRate}`);
  }
}

/** @throws RangeError if the network cannot read the samples */
export function requireFit(
  network: { readonly inputs: number; readonly classes: number },
  { cols, classes, labels }: Samples,
): void {
  if (cols !== network.inputs) {
    throw new RangeError(`Trainer: expected samples of ${network.inputs} values, got ${cols}`);
  }
  if (classes !== network.classes) {
    throw new RangeError(`Trainer: expected samples of ${network.classes} classes, got ${classes}`);
  }
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong !== -1) {
    throw new RangeError(
      `Trainer: expected labels below ${classes}, got ${labels[wrong]} at sample ${wrong}`,
    );
  }
}
