/** Where a training run stands between two steps: all that decides how it goes on. */

import type { Kernels } from '../../kernels/kernels.ts';
import type { Random } from '../../kernels/random.ts';
import type { NamedTensor, Network } from '../../network/network.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { RunControl, StepRequests, WeightSnapshot } from '../watch/run-control.ts';

/** How an epoch went. */
export interface EpochFigures {
  /** Counted from 1. */
  readonly epoch: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  /** Absent without samples held out. */
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
}

/** A run between two steps, as plain data: a run continued from it ends with the same bits. */
export interface RunState {
  /** The epoch it is in, counted from 1; one more than there are once all are done. */
  readonly epoch: number;
  /** Batches of that epoch done. */
  readonly batch: number;
  /** Steps taken in all. */
  readonly steps: number;
  /** Sums over the epoch's samples so far. */
  readonly lossSum: number;
  readonly correctSum: number;
  readonly samples: number;
  /** Training time of the epoch so far, and of the epochs before it. */
  readonly epochSeconds: number;
  readonly seconds: number;
  /** States of `Random` by stream: `shuffle` as it was before the epoch's order was drawn, `dropout` as it is now. */
  readonly generators: Readonly<Record<string, readonly number[]>>;
  /** W1, b1, W2, b2, … */
  readonly parameters: readonly NamedTensor[];
  readonly optimizer: { readonly steps: number; readonly state: readonly NamedTensor[] };
  /** The last epoch completed. */
  readonly last?: EpochFigures;
  /** The best epoch by validation, and the parameters after it. */
  readonly best?: { readonly figures: EpochFigures; readonly parameters: readonly NamedTensor[] };
}

/** A state is that of another network, optimizer or length of run. */
export class StateError extends RangeError {
  override readonly name = 'StateError';
}

/** How a run is to be continued and kept, beside its configuration: none of it changes the trained weights. */
export interface RunCourse {
  /** The state of an earlier run with the same configuration and data. */
  readonly from?: RunState;
  /**
   * Receives the state every `checkpointEvery` steps (without that: where an epoch ends), when the run is stopped,
   * and when it is done. Never one whose weights are not finite.
   */
  readonly checkpoint?: (state: RunState) => void;
  readonly checkpointEvery?: number;
  /** Pauses the run and asks for its weights. */
  readonly control?: RunControl;
  /** Receives the weights where `control` has asked for them, as copies. */
  readonly snapshot?: (snapshot: WeightSnapshot) => void;
  /** Called with true when the run has paused, and with false when it resumes or is about to end. */
  readonly paused?: (paused: boolean) => void;
}

/** The same for a `Trainer`, which does not know where requests come from. */
export interface TrainerCourse extends Omit<RunCourse, 'control'> {
  readonly control?: StepRequests;
}

/** What a checkpoint keeps of an optimizer besides the parameters. */
type OptimizerMemory = Pick<Optimizer, 'steps' | 'state'>;

/** A copy of an optimizer's state. */
export function saveOptimizer(kernels: Kernels, { steps, state }: OptimizerMemory): RunState['optimizer'] {
  return {
    steps,
    state: state.map(({ name, value }) => ({
      name,
      shape: [value.rows, value.cols],
      values: kernels.read(value),
    })),
  };
}

/**
 * Restores network, optimizer and generators.
 *
 * @throws StateError if the state is that of another network, optimizer or generator
 */
export function restore(
  kernels: Kernels,
  { parameters, optimizer: saved, generators }: RunState,
  network: Network,
  optimizer: OptimizerMemory,
  streams: Readonly<Record<string, Pick<Random, 'restore'>>>,
): void {
  asStateError(() => network.setTensors(parameters));
  for (const { name, value } of optimizer.state) {
    const tensor = saved.state.find((candidate) => candidate.name === name);
    if (tensor?.shape.join() !== `${value.rows},${value.cols}`) {
      throw new StateError(
        `Trainer: expected optimizer state ${name} of shape [${value.rows},${value.cols}], got ${tensor ? `[${tensor.shape}]` : 'none'}`,
      );
    }
    kernels.write(value, tensor.values);
  }
  optimizer.steps = saved.steps;
  for (const [name, stream] of Object.entries(streams)) {
    const state = generators[name];
    if (state === undefined)
      throw new StateError(`Trainer: expected the state of generator ${name}, got none`);
    asStateError(() => stream.restore(state));
  }
}

function asStateError(restorePart: () => void): void {
  try {
    restorePart();
  } catch (error) {
    throw error instanceof RangeError ? new StateError(error.message, { cause: error }) : error;
  }
}

/** Whether an epoch is better than the best so far: higher validation accuracy, and of equals a lower loss. */
export function isBetter(figures: EpochFigures, best: EpochFigures | undefined): boolean {
  if (best === undefined) return true;
  const { validationAccuracy: accuracy = 0, validationLoss: loss = Infinity } = figures;
  const { validationAccuracy: bestAccuracy = 0, validationLoss: bestLoss = Infinity } = best;
  return accuracy > bestAccuracy || (accuracy === bestAccuracy && loss < bestLoss);
}
