/** The figures of every step of a run, in an amount that does not grow with the run. */

import type { RunSteps } from '../../../protocol.ts';
import type { Value } from '../../charts/aligned-data.ts';
import { SmoothedAverage } from './smoothed-average.ts';

/** Beyond so many points every second one is let go. */
export const MAX_POINTS = 20_000;

/** Parallel lists, an entry a step; with a stride above 1 an entry every so many steps. */
export class StepCurves {
  /** Steps are numbered from 1. */
  steps: number[] = [];
  losses: Value[] = [];
  accuracies: Value[] = [];
  learningRates: Value[] = [];
  /** Averages of the steps up to each. */
  smoothLosses: Value[] = [];
  smoothAccuracies: Value[] = [];
  /** The number of the newest step, which may have been let go. */
  newest = 0;
  readonly #most: number;
  readonly #loss: SmoothedAverage;
  readonly #accuracy: SmoothedAverage;
  #stride = 1;

  /** @param batchesPerEpoch a twentieth of them is smoothed over, within bounds */
  constructor(batchesPerEpoch: number, most = MAX_POINTS) {
    const memory = Math.max(5, Math.min(100, batchesPerEpoch / 20));
    this.#loss = new SmoothedAverage(memory);
    this.#accuracy = new SmoothedAverage(memory);
    this.#most = most;
  }

  /** Steps from one entry to the next. */
  get stride(): number {
    return this.#stride;
  }

  /** Takes steps that come after those that are here; others are passed over. */
  add({ firstStep, stride, losses, accuracies, learningRates }: RunSteps): void {
    for (let i = 0; i < losses.length; i++) {
      const step = firstStep + i * stride;
      if (step <= this.newest) continue;
      const gap = this.newest === 0 ? 1 : step - this.newest;
      this.newest = step;
      // JSON has no NaN and no infinity: they come as null, and break no curve.
      const loss = finite(losses[i]);
      const accuracy = finite(accuracies[i]);
      const smoothLoss = this.#loss.add(loss, gap);
      const smoothAccuracy = this.#accuracy.add(accuracy, gap);
      const last = this.steps.at(-1);
      if (last !== undefined && step < last + this.#stride) continue;
      this.steps.push(step);
      this.losses.push(loss);
      this.accuracies.push(accuracy);
      this.learningRates.push(finite(learningRates[i]));
      this.smoothLosses.push(smoothLoss);
      this.smoothAccuracies.push(smoothAccuracy);
      if (this.steps.length > this.#most) this.#thin();
    }
  }

  #thin(): void {
    this.#stride *= 2;
    this.steps = everySecond(this.steps);
    this.losses = everySecond(this.losses);
    this.accuracies = everySecond(this.accuracies);
    this.learningRates = everySecond(this.learningRates);
    this.smoothLosses = everySecond(this.smoothLosses);
    this.smoothAccuracies = everySecond(this.smoothAccuracies);
  }
}

/** The first, the third, … */
export function everySecond<T>(list: readonly T[]): T[] {
  return list.filter((_, i) => i % 2 === 0);
}

const finite = (value: number | null | undefined): Value =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
