/** The events of a run, made from its progress. */

import type { BatchEvent, EndEvent, EpochEvent } from '../events.ts';
import { StepList } from '../watch/step-list.ts';
import type { Progress } from './progress.ts';

/** After this many milliseconds of training there is a `batch` event, and others get a turn. */
const REPORT_EVERY = 50;

/** Collects the figures of single steps until the next `batch` event. */
export class BatchReports {
  readonly #progress: Progress;
  readonly #steps: StepList;

  constructor(progress: Progress) {
    this.#progress = progress;
    this.#steps = new StepList(progress.steps);
  }

  addStep(loss: number, accuracy: number, learningRate: number): void {
    this.#steps.add(loss, accuracy, learningRate);
  }

  /** Whether enough time has passed for the next event; an epoch's last batch is always reported. */
  isDue(lastBatch: boolean): boolean {
    return lastBatch || this.#progress.clock.sinceStart >= REPORT_EVERY;
  }

  /** An event with all steps since the one before. */
  next(): BatchEvent {
    const { epoch, batch, trainLoss } = this.#progress;
    return { event: 'batch', epoch, batch, trainLoss, steps: this.#steps.take() };
  }

  /** The steps that have not been reported, if there are any: before the run pauses or ends. */
  *pending(): Generator<BatchEvent, void, void> {
    if (this.#steps.length > 0) yield this.next();
  }
}

/** The event of the epoch that has just been completed and evaluated. */
export function epochEvent({ last, learningRate, samples, clock }: Progress): EpochEvent {
  if (last === undefined) throw new RangeError('Trainer: expected a completed epoch, got none');
  const seconds = clock.epochSeconds;
  return { event: 'epoch', ...last, learningRate, seconds, samplesPerSecond: samples / seconds };
}

/** The last event, with the figures of the epoch whose weights are kept. */
export function endEvent(
  { steps, last, best, clock }: Progress,
  end: Pick<EndEvent, 'epochs' | 'interrupted' | 'stoppedEarly' | 'testLoss' | 'testAccuracy'>,
): EndEvent {
  const { epochs, interrupted, ...optional } = end;
  const { epoch: _, ...figures } = best?.figures ?? last ?? { epoch: 0 };
  const bestEpoch = best && { bestEpoch: best.figures.epoch };
  return {
    ...{ event: 'end', epochs, steps, ...figures, ...bestEpoch, ...optional },
    ...{ seconds: clock.seconds, interrupted },
  };
}
