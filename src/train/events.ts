/** The events that a training run emits. The terminal, `--json` and the tests read the same events. */

export interface StartEvent {
  readonly event: 'start';
  readonly parameters: number;
  readonly trainSamples: number;
  readonly validationSamples: number;
  readonly testSamples: number;
  readonly batchesPerEpoch: number;
  readonly epochs: number;
}

/** The figures of some steps (batches) in a row; all lists are of one length. */
export interface StepFigures {
  /** The number of the first of them in the whole run, counted from 1. */
  readonly firstStep: number;
  /** The mean loss of each batch before its step, in nats per sample, without the L2 term. */
  readonly losses: readonly number[];
  /** The fraction of each batch that was right before its step. */
  readonly accuracies: readonly number[];
  readonly learningRates: readonly number[];
}

/** The progress of an epoch; emitted a few times a second, and before the run pauses or ends. */
export interface BatchEvent {
  readonly event: 'batch';
  /** Counted from 1. */
  readonly epoch: number;
  /** Batches of this epoch done so far. */
  readonly batch: number;
  /** Mean loss per sample over this epoch so far, in nats, without the L2 term. */
  readonly trainLoss: number;
  /** Every step since the event before: all of them together are the whole run. */
  readonly steps: StepFigures;
}

export interface EpochEvent {
  readonly event: 'epoch';
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean over the epoch's batches as they were trained on, in nats per sample, without the L2 term. */
  readonly trainLoss: number;
  /** Fraction of the epoch's samples that were right as they were trained on. */
  readonly trainAccuracy: number;
  /** The learning rate of the epoch's last step. */
  readonly learningRate: number;
  /** After the epoch, on the samples held out; absent without any. */
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
  /** Training time of this epoch alone. */
  readonly seconds: number;
  readonly samplesPerSecond: number;
}

export interface EndEvent {
  readonly event: 'end';
  /** Epochs completed. */
  readonly epochs: number;
  /** Steps (batches) taken, those of an epoch cut short included. */
  readonly steps: number;
  /** The figures of the epoch whose weights are kept: the best by validation, without samples held out the last. */
  readonly trainLoss?: number;
  readonly trainAccuracy?: number;
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
  /** The epoch whose weights are kept, counted from 1; absent without samples held out. */
  readonly bestEpoch?: number;
  /** Whether patience ended the run. */
  readonly stoppedEarly?: boolean;
  /** On the test set, with the weights that are kept; absent without one, and when the run was interrupted. */
  readonly testLoss?: number;
  readonly testAccuracy?: number;
  /** Training time alone. */
  readonly seconds: number;
  /** Whether the run was stopped before its last step. */
  readonly interrupted: boolean;
}

export type TrainEvent = StartEvent | BatchEvent | EpochEvent | EndEvent;
