/**
 * The optimizers against their updates unrolled: the weights after several steps as one sum over all gradients, which
 * remembers nothing, where the code goes from step to step.
 */

import type { Matrix } from '../../kernels/matrix.ts';
import { Random } from '../../kernels/random.ts';
import { ReferenceKernels } from '../../kernels/reference.ts';
import type { Parameter } from '../../network/layer.ts';
import {
  makeOptimizer,
  type OptimizerName,
  type OptimizerOptions,
} from '../../train/optimizers/optimizers.ts';
import { relativeError } from '../gradients/derivative.ts';

const STEPS = 12;
const MU = 0.8;
const RHO = 0.85;
const BETA1 = 0.85;
const BETA2 = 0.98;
const EPSILON = 1e-3;
const LAMBDA = 0.3;

/** What one entry of a parameter meets: its first value, and gradients and learning rates from the first step on. */
interface Entry {
  readonly first: number;
  readonly gradients: readonly number[];
  readonly rates: readonly number[];
  /** Whether it is a weight, which decays, or a bias. */
  readonly isWeight: boolean;
}

/** By optimizer: how far its weights are from the unrolled ones, relative to the largest. */
export const OPTIMIZER_ERRORS: Readonly<Record<OptimizerName, (seed: number) => number>> = {
  sgd: (seed) => errorOf({ name: 'sgd' }, seed, ({ gradients }) => gradients),
  momentum: (seed) =>
    errorOf({ name: 'momentum', momentum: MU }, seed, ({ gradients }) =>
      gradients.map((_, t) => discounted(gradients, t, MU)),
    ),
  nesterov: (seed) =>
    errorOf({ name: 'nesterov', momentum: MU }, seed, ({ gradients }) =>
      gradients.map((g, t) => g + MU * discounted(gradients, t, MU)),
    ),
  rmsprop: (seed) =>
    errorOf({ name: 'rmsprop', rho: RHO, epsilon: EPSILON }, seed, ({ gradients }) =>
      gradients.map((g, t) => g / (Math.sqrt((1 - RHO) * discounted(squares(gradients), t, RHO)) + EPSILON)),
    ),
  adam: (seed) =>
    errorOf({ name: 'adam', beta1: BETA1, beta2: BETA2, epsilon: EPSILON }, seed, adamDirections),
  adamw: (seed) =>
    errorOf(
      { name: 'adamw', beta1: BETA1, beta2: BETA2, epsilon: EPSILON, weightDecay: LAMBDA },
      seed,
      adamDirections,
      LAMBDA,
    ),
};

/** Σᵢ βᵗ⁻ⁱ gᵢ over i = 0 … t. */
function discounted(values: readonly number[], t: number, beta: number): number {
  let sum = 0;
  let weight = 1;
  for (let i = t; i >= 0; i--) {
    sum += weight * values[i];
    weight *= beta;
  }
  return sum;
}

const squares = (values: readonly number[]) => values.map((value) => value * value);

/** The weighted mean of the values up to t, where each older one weighs β of the next. */
const meanOf = (values: readonly number[], t: number, beta: number) =>
  discounted(values, t, beta) /
  discounted(
    values.map(() => 1),
    t,
    beta,
  );

const adamDirections = ({ gradients }: Entry) =>
  gradients.map(
    (_, t) => meanOf(gradients, t, BETA1) / (Math.sqrt(meanOf(squares(gradients), t, BETA2)) + EPSILON),
  );

/** Runs the optimizer on gradients that are drawn, and every entry's sum beside it. */
function errorOf(
  options: OptimizerOptions,
  seed: number,
  directions: (entry: Entry) => readonly number[],
  decay = 0,
): number {
  const kernels = new ReferenceKernels('float64');
  const random = new Random(seed, `check ${options.name}`);
  const parameters: Parameter[] = [
    { name: 'W1', value: kernels.weights(3, 4), gradient: kernels.weights(3, 4), isWeight: true },
    { name: 'b1', value: kernels.matrix(1, 4), gradient: kernels.matrix(1, 4), isWeight: false },
  ];
  const entries = parameters.flatMap(({ value, isWeight }) =>
    Array.from({ length: value.rows * value.cols }, () => ({
      first: random.uniform(-1, 1),
      gradients: Array.from({ length: STEPS }, () => random.uniform(-2, 2)),
      isWeight,
    })),
  );
  const rates = Array.from({ length: STEPS }, () => random.uniform(0.01, 0.2));
  const fill = (which: 'value' | 'gradient', numberAt: (k: number) => number) => {
    let k = 0;
    for (const parameter of parameters) {
      const matrix: Matrix = parameter[which];
      for (let i = 0; i < matrix.values.length; i++) matrix.values[i] = numberAt(k++);
    }
  };
  fill('value', (k) => entries[k].first);
  const optimizer = makeOptimizer(kernels, parameters, options);
  for (let step = 0; step < STEPS; step++) {
    fill('gradient', (k) => entries[k].gradients[step]);
    optimizer.step(rates[step]);
  }
  const got = parameters.flatMap(({ value }) => [...value.values]);
  const want = entries.map((entry) => {
    const moves = directions({ ...entry, rates });
    /** What is left at the end of what was there before step t. */
    const left = (t: number) =>
      rates.slice(t).reduce((product, rate) => product * (entry.isWeight ? 1 - rate * decay : 1), 1);
    return moves.reduce((sum, move, t) => sum - rates[t] * move * left(t + 1), entry.first * left(0));
  });
  return relativeError(got, want);
}
