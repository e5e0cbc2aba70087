/** How far a run has come: the counters and sums that its events report and its checkpoints keep. */

import type { EpochFigures, RunState } from './run-state.ts';

/** Measures training time. It stops while a run is paused, reports or evaluates. */
export class TrainingClock {
  /** Of the epochs before this one. */
  earlierSeconds: number;
  /** Of this epoch, up to the last `stop`. */
  epochSeconds: number;
  #startedAt = performance.now();

  constructor(earlierSeconds: number, epochSeconds: number) {
    this.earlierSeconds = earlierSeconds;
    this.epochSeconds = epochSeconds;
  }

  get seconds(): number {
    return this.earlierSeconds + this.epochSeconds;
  }

  /** Milliseconds since the last `start`. */
  get sinceStart(): number {
    return performance.now() - this.#startedAt;
  }

  start(): void {
    this.#startedAt = performance.now();
  }

  stop(): void {
    this.epochSeconds += this.sinceStart / 1000;
  }

  endEpoch(): void {
    this.earlierSeconds += this.epochSeconds;
    this.epochSeconds = 0;
  }
}

export class Progress {
  /** The epoch that the run is in, counted from 1; one more than the last when all are done. */
  epoch: number;
  /** Batches of that epoch done. */
  batch: number;
  /** Steps done in all. */
  steps: number;
  /** Sums over the samples of this epoch so far. */
  lossSum: number;
  correctSum: number;
  samples: number;
  /** The learning rate of the last step. */
  learningRate: number;
  /** The last epoch completed. */
  last: EpochFigures | undefined;
  /** The best epoch by validation, and the parameters after it. */
  best: RunState['best'];
  /** The state of the shuffle generator before this epoch's order was drawn. */
  shuffleState: readonly number[];
  readonly clock: TrainingClock;

  constructor(learningRate: number, shuffleState: readonly number[], from?: RunState) {
    this.epoch = from?.epoch ?? 1;
    this.batch = from?.batch ?? 0;
    this.steps = from?.steps ?? 0;
    this.lossSum = from?.lossSum ?? 0;
    this.correctSum = from?.correctSum ?? 0;
    this.samples = from?.samples ?? 0;
    this.learningRate = learningRate;
    this.last = from?.last;
    this.best = from?.best;
    this.shuffleState = shuffleState;
    this.clock = new TrainingClock(from?.seconds ?? 0, from?.epochSeconds ?? 0);
  }

  /** Mean loss per sample of this epoch so far. */
  get trainLoss(): number {
    return this.lossSum / this.samples;
  }

  get trainAccuracy(): number {
    return this.correctSum / this.samples;
  }

  /** @param loss the batch's mean loss per sample */
  addStep(loss: number, correct: number, samples: number, learningRate: number): void {
    this.batch++;
    this.steps++;
    this.lossSum += loss * samples;
    this.correctSum += correct;
    this.samples += samples;
    this.learningRate = learningRate;
  }

  nextEpoch(shuffleState: readonly number[]): void {
    this.epoch++;
    this.batch = 0;
    this.lossSum = 0;
    this.correctSum = 0;
    this.samples = 0;
    this.shuffleState = shuffleState;
    this.clock.endEpoch();
  }

  /** Whether all epochs are done, or the last `patience` epochs were no better than the best. */
  isOver(epochs: number, patience: number): boolean {
    const exhausted = this.best !== undefined && this.epoch - 1 - this.best.figures.epoch >= patience;
    return this.epoch > epochs || exhausted;
  }
}
