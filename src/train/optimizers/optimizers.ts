/** How a step follows from the gradients: the optimizers with their updates (Adam in adam.ts), and the table of them. */

import type { Kernels } from '../../kernels/kernels.ts';
import type { Parameter } from '../../network/layer.ts';
import { Adam, AdamW } from './adam.ts';
import {
  expectNotNegative,
  expectPositive,
  expectShare,
  type Optimizer,
  type OptimizerSettings,
  type OptimizerState,
  StatefulOptimizer,
} from './optimizer.ts';

/**
 * Stochastic gradient descent (X1): w ← w − η ∂L/∂w. The 1/N of the notes' step α/N (A4, A5, A7) is already in
 * the gradient. Robbins and Monro 1951, Annals of Mathematical Statistics 22.
 */
export class Sgd implements Optimizer {
  steps = 0;
  readonly state: readonly OptimizerState[] = [];
  readonly #kernels: Kernels;
  readonly #parameters: readonly Parameter[];

  constructor(kernels: Kernels, parameters: readonly Parameter[]) {
    this.#kernels = kernels;
    this.#parameters = parameters;
  }

  /** @throws RangeError if the learning rate η is negative or not finite */
  step(learningRate: number): void {
    expectNotNegative('Sgd', 'a learning rate', learningRate);
    for (const { value, gradient } of this.#parameters) {
      this.#kernels.addScaled(gradient, -learningRate, value);
    }
    this.steps++;
  }
}

/** What the two with a velocity v share: μ, how much of v goes on from step to step. */
abstract class VelocityOptimizer extends StatefulOptimizer {
  readonly momentum: number;

  constructor(
    kernels: Kernels,
    parameters: readonly Parameter[],
    { momentum = 0.9 }: OptimizerSettings = {},
  ) {
    super(kernels, parameters, ['velocity']);
    this.momentum = expectShare(new.target.name, 'μ', momentum);
  }
}

/**
 * The heavy ball (X2): v ← μ v + ∂L/∂w, w ← w − η v. Polyak 1964, USSR Computational Mathematics and Mathematical
 * Physics 4. The learning rate stands outside of v, so that a change of it acts at once.
 *
 * @throws RangeError if μ is not in [0, 1)
 */
export class Momentum extends VelocityOptimizer {
  /** @throws RangeError if the learning rate η is negative or not finite */
  step(learningRate: number): void {
    expectNotNegative('Momentum', 'a learning rate', learningRate);
    for (const { parameter, matrices } of this.remembered) {
      this.kernels.momentumStep(
        parameter.gradient,
        matrices[0],
        this.momentum,
        learningRate,
        parameter.value,
      );
    }
    this.steps++;
  }
}

/**
 * Nesterov's accelerated gradient (X3): v ← μ v + ∂L/∂w, w ← w − η (∂L/∂w + μ v). Nesterov 1983, Soviet Mathematics
 * Doklady 27, in the form of Sutskever, Martens, Dahl and Hinton 2013, ICML, with w standing for the point looked ahead
 * to, where the gradient is taken.
 *
 * @throws RangeError if μ is not in [0, 1)
 */
export class Nesterov extends VelocityOptimizer {
  /** @throws RangeError if the learning rate η is negative or not finite */
  step(learningRate: number): void {
    expectNotNegative('Nesterov', 'a learning rate', learningRate);
    for (const { parameter, matrices } of this.remembered) {
      this.kernels.nesterovStep(
        parameter.gradient,
        matrices[0],
        this.momentum,
        learningRate,
        parameter.value,
      );
    }
    this.steps++;
  }
}

/**
 * RMSProp (X4): s ← ρ s + (1 − ρ) (∂L/∂w)², w ← w − η ∂L/∂w / (√s + ε). Tieleman and Hinton 2012, Neural Networks for
 * Machine Learning, lecture 6.5.
 *
 * @throws RangeError if ρ is not in [0, 1), or ε not above 0
 */
export class RmsProp extends StatefulOptimizer {
  readonly rho: number;
  readonly epsilon: number;

  constructor(
    kernels: Kernels,
    parameters: readonly Parameter[],
    { rho = 0.9, epsilon = 1e-8 }: OptimizerSettings = {},
  ) {
    super(kernels, parameters, ['squares']);
    this.rho = expectShare('RmsProp', 'ρ', rho);
    this.epsilon = expectPositive('RmsProp', 'ε', epsilon);
  }

  /** @throws RangeError if the learning rate η is negative or not finite */
  step(learningRate: number): void {
    expectNotNegative('RmsProp', 'a learning rate', learningRate);
    const { rho, epsilon } = this;
    for (const { parameter, matrices } of this.remembered) {
      const { gradient, value } = parameter;
      this.kernels.rmsPropStep(gradient, matrices[0], rho, learningRate, epsilon, value);
    }
    this.steps++;
  }
}

/** Every optimizer by its name on the command line. */
export const OPTIMIZERS = {
  sgd: Sgd,
  momentum: Momentum,
  nesterov: Nesterov,
  rmsprop: RmsProp,
  adam: Adam,
  adamw: AdamW,
} as const satisfies Record<
  string,
  new (
    kernels: Kernels,
    parameters: readonly Parameter[],
    settings: OptimizerSettings,
  ) => Optimizer
>;

export type OptimizerName = keyof typeof OPTIMIZERS;

export const OPTIMIZER_NAMES = Object.keys(OPTIMIZERS) as OptimizerName[];

/** How many matrices of each parameter's shape an optimizer remembers. */
export const REMEMBERED_MATRICES: Readonly<Record<OptimizerName, number>> = {
  sgd: 0,
  momentum: 1,
  nesterov: 1,
  rmsprop: 1,
  adam: 2,
  adamw: 2,
};

/** Which optimizer, and the numbers of its formula. */
export interface OptimizerOptions extends OptimizerSettings {
  readonly name: OptimizerName;
}

/**
 * An optimizer of these parameters.
 *
 * @throws RangeError if a number of its formula is out of range
 */
export function makeOptimizer(
  kernels: Kernels,
  parameters: readonly Parameter[],
  { name, ...settings }: OptimizerOptions,
): Optimizer {
  return new OPTIMIZERS[name](kernels, parameters, settings);
}
