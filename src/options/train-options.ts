/** The options of a training run, and what the trainer makes of them. */

import { OPTIMIZERS, type OptimizerOptions } from '../train/optimizers/optimizers.ts';
import type { ScheduleOptions } from '../train/optimizers/schedules.ts';
import type { Chosen, Given, OptionRows } from './option-row.ts';
import { DATA_ROWS } from './rows/data-rows.ts';
import { DISTORTION_ROWS } from './rows/distortion-rows.ts';
import { NETWORK_ROWS } from './rows/network-rows.ts';
import { REGULARISATION_ROWS } from './rows/regularisation-rows.ts';
import { RECIPE_ROWS, RUN_ROWS } from './rows/run-rows.ts';
import { TRAINING_ROWS } from './rows/training-rows.ts';

/** What command, library, page and sweep have in common; the command has more. */
export const TRAIN_OPTIONS = {
  ...RECIPE_ROWS,
  ...DATA_ROWS,
  ...NETWORK_ROWS,
  ...TRAINING_ROWS,
  ...REGULARISATION_ROWS,
  ...DISTORTION_ROWS,
  ...RUN_ROWS,
} as const satisfies OptionRows;

/** What is given of the options of a run. */
export type GivenOptions = Given<typeof TRAIN_OPTIONS>;

/** All options of a run, every default chosen. */
export type TrainOptions = Chosen<typeof TRAIN_OPTIONS>;

/** The optimizer as the trainer expects it; a decoupled decay is the optimizer's own. */
export function optimizerOf({ optimizer, momentum, l2 }: TrainOptions): OptimizerOptions {
  return {
    name: optimizer,
    ...(momentum !== undefined && { momentum }),
    ...(OPTIMIZERS[optimizer].decoupledDecay && { weightDecay: l2 }),
  };
}

/** The schedule as the trainer expects it. */
export function scheduleOf({ schedule, decay, warmUp }: TrainOptions): ScheduleOptions {
  return { name: schedule, warmUp, ...(decay !== undefined && { decay }) };
}

/** λ of the loss's L2 term, which is none where the decay is decoupled from the loss. */
export const penaltyOf = ({ optimizer, l2 }: Pick<TrainOptions, 'optimizer' | 'l2'>): number =>
  OPTIMIZERS[optimizer].decoupledDecay ? 0 : l2;
