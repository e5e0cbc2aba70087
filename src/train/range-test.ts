/** The learning-rate range test: the loss of a run whose learning rate rises from step to step. */

import { exp, log } from '../kernels/elementary.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { Random } from '../kernels/random.ts';
import { Network } from '../network/network.ts';
import { distorterFor } from './augmentation.ts';
import { Batches, type Subset } from './batches.ts';
import type { StopSignal, TrainConfig } from './config.ts';
import { makeOptimizer } from './optimizers/optimizers.ts';
import { Regulariser } from './regularisation.ts';

/** The learning rates of the first step and of the last. */
export const LOWEST_RATE = 1e-5;
export const HIGHEST_RATE = 10;

/** It takes one epoch, but not fewer steps than the first and not more than the second. */
const MIN_TEST_STEPS = 100;
const MAX_TEST_STEPS = 1000;

/** How many steps the loss is smoothed over: those of a quarter of a decade of learning rates. */
const SMOOTHED_DECADES = 1 / 4;

/** The loss diverges where, smoothed, it is above this many times the least so far. */
const DIVERGED = 4;

/** After this many milliseconds there is a turn. */
const TURN_EVERY = 50;

/** One step of the test. */
export interface RangePoint {
  readonly learningRate: number;
  /** The loss of the step's batch before the step, in nats per sample, without the L2 term. */
  readonly loss: number;
  /** The mean of the losses so far, older ones weighing less and less. */
  readonly smoothedLoss: number;
}

/** What a range test has found. */
export interface RangeTest {
  readonly points: readonly RangePoint[];
  /** The learning rate at which the smoothed loss falls fastest; null where it never falls. */
  readonly suggestion: number | null;
  /** The learning rate at which the loss diverged; null where it did not. */
  readonly divergence: number | null;
  /** Whether it was stopped. */
  readonly interrupted: boolean;
}

/** The learning rate of a step, from the lowest at step 0 to the highest at the last, each the same factor above the last. */
export function rateAt(step: number, steps: number): number {
  return LOWEST_RATE * exp((step / (steps - 1)) * log(HIGHEST_RATE / LOWEST_RATE));
}

/** How many steps a test takes of samples that make this many batches. */
export function rangeSteps(batchesPerEpoch: number): number {
  return Math.min(MAX_TEST_STEPS, Math.max(MIN_TEST_STEPS, batchesPerEpoch));
}

/**
 * Trains a network that is made for it, with the optimizer, regularisation and augmentation of the config, at learning rates from
 * 1e-5 to 10, and records the loss of each step (Smith 2017, WACV, arXiv:1506.01186). It ends early where the loss
 * diverges. The config's learning rate, schedule and epochs are not used.
 *
 * @param turn awaited now and then so that others get their turn; nothing if null
 * @throws RangeError if the config does not fit the samples
 */
export async function rangeTest(
  kernels: Kernels,
  config: TrainConfig,
  train: Subset,
  signal?: StopSignal,
  turn: (() => Promise<void>) | null = null,
): Promise<RangeTest> {
  const { network: spec, seed } = config;
  const regulariser = new Regulariser(kernels, config.regularisation ?? {}, spec.loss.name, seed);
  const batchSize = Math.min(config.batchSize, train.rows.length);
  const network = new Network(kernels, spec, batchSize, regulariser.terms);
  network.initialize(new Random(seed, 'weights'));
  const optimizer = makeOptimizer(kernels, network.parameters, config.optimizer ?? { name: 'sgd' });
  const distorted = distorterFor(kernels, config, train.samples, network.batchSize);
  const batches = new Batches(kernels, train, network.batchSize, distorted);
  const shuffles = new Random(seed, 'shuffle');
  const steps = rangeSteps(batches.count);
  const smoothing = new Smoothing(smoothedSteps(steps));
  const points: RangePoint[] = [];
  const found = (divergence: number | null, interrupted = false): RangeTest => ({
    points,
    suggestion: steepest(points, Math.round(smoothedSteps(steps))),
    divergence,
    interrupted,
  });
  let least = Infinity;
  let started = performance.now();
  for (let step = 0; step < steps; step++) {
    const batch = step % batches.count;
    if (batch === 0) batches.shuffle(shuffles);
    batches.load(batch, 1 + Math.floor(step / batches.count));
    regulariser.prepare(network, batches.x, batches.y);
    network.forward(batches.x);
    const loss = network.loss(batches.y).values[0];
    const learningRate = rateAt(step, steps);
    if (!Number.isFinite(loss)) return found(learningRate);
    const smoothedLoss = smoothing.add(loss);
    points.push({ learningRate, loss, smoothedLoss });
    least = Math.min(least, smoothedLoss);
    if (smoothedLoss > DIVERGED * least) return found(learningRate);
    network.backward();
    optimizer.step(learningRate);
    regulariser.constrain(network);
    if (turn !== null && performance.now() - started >= TURN_EVERY) {
      await turn();
      started = performance.now();
    }
    if (signal?.aborted === true) return found(null, true);
  }
  return found(null);
}

const smoothedSteps = (steps: number) =>
  (SMOOTHED_DECADES * (steps - 1) * log(10)) / log(HIGHEST_RATE / LOWEST_RATE);

/** A mean in which each older value weighs 1 − 1/n of the next. */
class Smoothing {
  readonly #kept: number;
  #sum = 0;
  #weight = 0;

  constructor(n: number) {
    this.#kept = 1 - 1 / n;
  }

  add(value: number): number {
    this.#sum = this.#kept * this.#sum + value;
    this.#weight = this.#kept * this.#weight + 1;
    return this.#sum / this.#weight;
  }
}

/**
 * The learning rate at which the loss falls fastest: the smoothed loss is compared over four times the `lag` by which
 * it comes late, so that the noise of single batches does not decide, and the rate is that of the middle less the lag.
 * The first means, which are of few losses, do not count.
 */
function steepest(points: readonly RangePoint[], lag: number): number | null {
  let most = 0;
  let at: number | null = null;
  for (let k = lag; k + 4 * lag < points.length; k++) {
    const fall = points[k].smoothedLoss - points[k + 4 * lag].smoothedLoss;
    if (fall > most) {
      most = fall;
      at = points[k + lag].learningRate;
    }
  }
  return at;
}
