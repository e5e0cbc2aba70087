/** Checkpoints: when a run's state is saved, and what goes into it. */

import type { Kernels } from '../../kernels/kernels.ts';
import type { Network } from '../../network/network.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { Regulariser } from '../regularisation.ts';
import type { DivergenceGuard } from './divergence-guard.ts';
import type { Progress } from './progress.ts';
import { type RunState, saveOptimizer, type TrainerCourse } from './run-state.ts';

/** What a checkpoint reads besides the progress. */
export interface CheckpointSources {
  readonly kernels: Kernels;
  readonly network: Network;
  readonly optimizer: Optimizer;
  readonly regulariser: Regulariser;
  readonly guard: DivergenceGuard;
}

export class Checkpoints {
  readonly #sources: CheckpointSources;
  readonly #progress: Progress;
  readonly #receive: ((state: RunState) => void) | undefined;
  readonly #every: number | undefined;

  constructor(sources: CheckpointSources, progress: Progress, course: TrainerCourse) {
    this.#sources = sources;
    this.#progress = progress;
    this.#receive = course.checkpoint;
    this.#every = course.checkpointEvery;
  }

  /** Whether one is due after a step within an epoch; without `checkpointEvery` there are none. */
  isDueWithinEpoch(): boolean {
    return this.#receive !== undefined && this.#every !== undefined && this.#isDue(this.#every);
  }

  /** Whether one is due between two epochs; without `checkpointEvery` there always is. */
  isDueBetweenEpochs(): boolean {
    return this.#receive !== undefined && this.#isDue(this.#every ?? 1);
  }

  /** @throws DivergenceError if a weight is not finite: such a state is never saved */
  save(): void {
    if (this.#receive === undefined) return;
    const { kernels, network, optimizer, regulariser, guard } = this.#sources;
    const { epoch, batch, steps, lossSum, correctSum, samples, clock, last, best } = this.#progress;
    guard.requireFinite(epoch, batch);
    this.#receive({
      ...{ epoch, batch, steps, lossSum, correctSum, samples },
      epochSeconds: clock.epochSeconds,
      seconds: clock.earlierSeconds,
      parameters: network.tensors(),
      optimizer: saveOptimizer(kernels, optimizer),
      generators: { shuffle: this.#progress.shuffleState, dropout: regulariser.save() },
      ...(last && { last }),
      ...(best && { best }),
    });
  }

  #isDue(every: number): boolean {
    return this.#progress.steps % every === 0;
  }
}
