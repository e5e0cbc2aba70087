/** How a step follows from the gradients: the optimizers with their updates (Adam in adam.ts), and the facts of each. */

import type { FormulaId } from '../../formulas/formula.ts';
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

/** What is true of an optimizer beside its update. */
export interface OptimizerEntry {
  readonly make: new (
    kernels: Kernels,
    parameters: readonly Parameter[],
    settings: OptimizerSettings,
  ) => Optimizer;
  /** The formula of its step. */
  readonly formula: FormulaId;
  /** Whether its step is the notes' own, −η ∂L/∂w (A4, A5, A7). */
  readonly plain: boolean;
  /** How many matrices of each parameter's shape it remembers. */
  readonly matrices: number;
  /** μ where none is given; absent of those that have no μ. */
  readonly momentum?: number;
  /** Whether the size of its steps does not depend on that of the gradients. */
  readonly normalised: boolean;
  /** Whether the decay of weights is part of its step, and not a term of the loss. */
  readonly decoupledDecay: boolean;
  /** The learning rate where none is given, by the one with which plain SGD trains the network well, and by μ. */
  readonly learningRate: (sgdRate: number, momentum: number) => number;
}

/** The default learning rate of an optimizer whose steps are normalised. */
export const NORMALISED_RATE = 0.001;

/** In the long run a gradient counts 1 / (1 − μ) times. */
const withVelocity = {
  plain: false,
  matrices: 1,
  momentum: 0.9,
  normalised: false,
  decoupledDecay: false,
  learningRate: (sgdRate: number, momentum: number) => (1 - momentum) * sgdRate,
};

const normalisedStep = {
  plain: false,
  normalised: true,
  decoupledDecay: false,
  learningRate: () => NORMALISED_RATE,
};

const ENTRIES = {
  sgd: {
    make: Sgd,
    formula: 'X1',
    plain: true,
    matrices: 0,
    normalised: false,
    decoupledDecay: false,
    learningRate: (sgdRate) => sgdRate,
  },
  momentum: { ...withVelocity, make: Momentum, formula: 'X2' },
  nesterov: { ...withVelocity, make: Nesterov, formula: 'X3' },
  rmsprop: { ...normalisedStep, make: RmsProp, formula: 'X4', matrices: 1 },
  adam: { ...normalisedStep, make: Adam, formula: 'X5', matrices: 2 },
  adamw: { ...normalisedStep, make: AdamW, formula: 'X6', matrices: 2, decoupledDecay: true },
} as const satisfies Readonly<Record<string, OptimizerEntry>>;

export type OptimizerName = keyof typeof ENTRIES;

/** Every optimizer by its name on the command line. */
export const OPTIMIZERS: Readonly<Record<OptimizerName, OptimizerEntry>> = ENTRIES;

export const OPTIMIZER_NAMES = Object.keys(OPTIMIZERS) as OptimizerName[];

/** The entry of a recorded name; undefined of one that this version does not know. */
export const optimizerNamed = (name: string): OptimizerEntry | undefined =>
  Object.hasOwn(OPTIMIZERS, name) ? OPTIMIZERS[name as OptimizerName] : undefined;

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
  return new OPTIMIZERS[name].make(kernels, parameters, settings);
}
