/** The activation layer: forward is φ(z), backward δ ⊙ φ′(z), by the name of φ. Beside it, what else is true of each φ. */

import { type ActivationName, activationFunctions } from '../kernels/activations.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Matrix } from '../kernels/matrix.ts';
import { glorotUniform, heUniform, type WeightInit } from './init.ts';
import { expectColumns, expectRemembered, expectSize, type Layer, type Parameter, titleOf } from './layer.ts';

export { ACTIVATION_NAMES, type ActivationName } from '../kernels/activations.ts';

/**
 * φ entry by entry, and φ′: both hold the formula's numbers in kernels/activations.ts. A layer with no parameters.
 * Formulas: D1, D2, D4, D5 of every φ, B1, B8, C1, C6, A1, A4, A6, A7 of ReLU, X20 to X23 of those that no note has.
 */
export class Activation implements Layer {
  readonly name: ActivationName;
  readonly inputs: number;
  readonly outputs: number;
  readonly parameters: readonly Parameter[] = [];
  readonly #kernels: Kernels;
  readonly #title: string;
  readonly #fromOutput: boolean;
  readonly #x: Matrix;
  readonly #dz: Matrix;
  #z: Matrix | undefined;

  /** @throws RangeError on a width or batch size that is not a positive integer */
  constructor(kernels: Kernels, name: ActivationName, width: number, batchSize: number) {
    this.#title = titleOf(name);
    expectSize(this.#title, 'units', width);
    expectSize(this.#title, 'rows in a batch', batchSize);
    this.name = name;
    this.inputs = width;
    this.outputs = width;
    this.#kernels = kernels;
    this.#fromOutput = activationFunctions(name).from === 'x';
    this.#x = kernels.matrix(batchSize, width);
    this.#dz = kernels.matrix(batchSize, width);
  }

  /** x = φ(z). */
  forward(z: Matrix): Matrix {
    expectColumns(this.#title, 'input', z, this.inputs);
    this.#z = z;
    this.#kernels.activation(this.name, z, this.#x);
    return this.#x;
  }

  /** ∂L/∂z = δ ⊙ φ′(z), φ′ from z or from x = φ(z), whichever is simpler. */
  backward(delta: Matrix): Matrix {
    expectColumns(this.#title, 'delta', delta, this.outputs);
    const z = expectRemembered(this.#title, this.#z, delta);
    this.#kernels.activationGradient(this.name, delta, this.#fromOutput ? this.#x : z, this.#dz);
    return this.#dz;
  }
}

/** What is true of an activation beside its numbers. */
export interface ActivationEntry {
  /** How the weights before it begin. */
  readonly init: WeightInit;
  /** Whether its values lie between 0 and 1, as one-hot targets do. */
  readonly unitRange: boolean;
  /** Whether a unit that is 0 on every sample learns no more: φ′ is 0 wherever φ is. */
  readonly dies: boolean;
  /**
   * The learning rates with which SGD trains a network of it well at batch 128: with a cross-entropy on the scores, and
   * with squared error on outputs that lie between 0 and 1 or anywhere.
   */
  readonly learningRates: {
    readonly crossEntropy: number;
    readonly unitOutputs: number;
    readonly outputs: number;
  };
}

/** The activations by the name that `--activation` and model.json give them. */
export const ACTIVATIONS: Readonly<Record<ActivationName, ActivationEntry>> = {
  relu: {
    init: heUniform,
    unitRange: false,
    dies: true,
    learningRates: { crossEntropy: 0.6, unitOutputs: 1, outputs: 0.2 },
  },
  sigmoid: {
    init: glorotUniform,
    unitRange: true,
    dies: false,
    learningRates: { crossEntropy: 1, unitOutputs: 3, outputs: 0.2 },
  },
  tanh: {
    init: glorotUniform,
    unitRange: false,
    dies: false,
    learningRates: { crossEntropy: 0.6, unitOutputs: 1, outputs: 0.2 },
  },
  identity: {
    init: glorotUniform,
    unitRange: false,
    dies: false,
    learningRates: { crossEntropy: 0.05, unitOutputs: 1, outputs: 0.01 },
  },
  'leaky-relu': {
    init: heUniform,
    unitRange: false,
    dies: false,
    learningRates: { crossEntropy: 0.6, unitOutputs: 1, outputs: 0.2 },
  },
  // On small inputs ELU and softplus are close to linear, and with He's weights ELU diverges at rates that the others take.
  elu: {
    init: glorotUniform,
    unitRange: false,
    dies: false,
    learningRates: { crossEntropy: 0.3, unitOutputs: 0.5, outputs: 0.05 },
  },
  gelu: {
    init: heUniform,
    unitRange: false,
    dies: false,
    learningRates: { crossEntropy: 0.6, unitOutputs: 1, outputs: 0.2 },
  },
  softplus: {
    init: glorotUniform,
    unitRange: false,
    dies: false,
    learningRates: { crossEntropy: 0.6, unitOutputs: 0.5, outputs: 0.05 },
  },
  silu: {
    init: heUniform,
    unitRange: false,
    dies: false,
    learningRates: { crossEntropy: 0.6, unitOutputs: 1, outputs: 0.2 },
  },
};
