/** The activations φ, each a layer with no parameters: forward is φ(z), backward δ ⊙ φ′(z). */

import type { Kernels } from '../kernels/kernels.ts';
import type { Matrix } from '../kernels/matrix.ts';
import { expectColumns, expectRemembered, expectSize, type Layer, type Parameter } from './layer.ts';

/** What the activations share: equal widths, no parameters, and room for x = φ(z) and for ∂L/∂z. */
abstract class Activation implements Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly parameters: readonly Parameter[] = [];
  protected readonly kernels: Kernels;
  protected readonly x: Matrix;
  protected readonly dz: Matrix;
  #z: Matrix | undefined;

  /** @throws RangeError on a width or batch size that is not a positive integer */
  constructor(kernels: Kernels, width: number, batchSize: number) {
    expectSize(this.constructor.name, 'units', width);
    expectSize(this.constructor.name, 'rows in a batch', batchSize);
    this.inputs = width;
    this.outputs = width;
    this.kernels = kernels;
    this.x = kernels.matrix(batchSize, width);
    this.dz = kernels.matrix(batchSize, width);
  }

  abstract forward(z: Matrix): Matrix;
  abstract backward(delta: Matrix): Matrix;

  protected remember(z: Matrix): void {
    expectColumns(this.constructor.name, 'input', z, this.inputs);
    this.#z = z;
  }

  protected remembered(delta: Matrix): Matrix {
    expectColumns(this.constructor.name, 'delta', delta, this.outputs);
    return expectRemembered(this.constructor.name, this.#z, delta);
  }
}

/** φ(z) = max(0, z), φ′(z) = 𝟙[z > 0], so φ′(0) = 0. Formulas: B1, B8, C1, C6, A1, A4, A6, A7. */
export class Relu extends Activation {
  forward(z: Matrix): Matrix {
    this.remember(z);
    this.kernels.relu(z, this.x);
    return this.x;
  }

  backward(delta: Matrix): Matrix {
    this.kernels.reluGradient(delta, this.remembered(delta), this.dz);
    return this.dz;
  }
}

/** φ(z) = σ(z) = 1 / (1 + e^{−z}), φ′ = σ(1 − σ). Formulas: D1, D2, D4, D5. */
export class Sigmoid extends Activation {
  forward(z: Matrix): Matrix {
    this.remember(z);
    this.kernels.sigmoid(z, this.x);
    return this.x;
  }

  backward(delta: Matrix): Matrix {
    this.remembered(delta);
    this.kernels.sigmoidGradient(delta, this.x, this.dz);
    return this.dz;
  }
}

/** φ(z) = tanh z, φ′ = 1 − tanh² z. Formulas: D1, D2, D4, D5. */
export class Tanh extends Activation {
  forward(z: Matrix): Matrix {
    this.remember(z);
    this.kernels.tanh(z, this.x);
    return this.x;
  }

  backward(delta: Matrix): Matrix {
    this.remembered(delta);
    this.kernels.tanhGradient(delta, this.x, this.dz);
    return this.dz;
  }
}

/** φ(z) = z, φ′ = 1: both directions hand on what they are given. Formulas: D1, D2, D4, D5. */
export class Identity extends Activation {
  forward(z: Matrix): Matrix {
    this.remember(z);
    return z;
  }

  backward(delta: Matrix): Matrix {
    this.remembered(delta);
    return delta;
  }
}

/** φ(z) = z where z > 0, 0.01 z elsewhere; φ′(z) = 1 where z > 0, 0.01 elsewhere, at 0 too. Formula: X20. */
export class LeakyRelu extends Activation {
  forward(z: Matrix): Matrix {
    this.remember(z);
    this.kernels.leakyRelu(z, this.x);
    return this.x;
  }

  backward(delta: Matrix): Matrix {
    this.kernels.leakyReluGradient(delta, this.remembered(delta), this.dz);
    return this.dz;
  }
}

/** φ(z) = z where z > 0, e^z − 1 elsewhere; φ′ = 1 where z > 0, e^z = φ(z) + 1 elsewhere. Formula: X21. */
export class Elu extends Activation {
  forward(z: Matrix): Matrix {
    this.remember(z);
    this.kernels.elu(z, this.x);
    return this.x;
  }

  backward(delta: Matrix): Matrix {
    this.remembered(delta);
    this.kernels.eluGradient(delta, this.x, this.dz);
    return this.dz;
  }
}

/**
 * φ(z) = z σ(t) with t = 2 √(2/π) (z + 0.044715 z³), the tanh form of GELU; φ′ = σ(t) + z σ(t) σ(−t) t′. The form with the
 * error function differs by less than 5 · 10⁻⁴ and would need an erf with the same bits everywhere. Formula: X22.
 */
export class Gelu extends Activation {
  forward(z: Matrix): Matrix {
    this.remember(z);
    this.kernels.gelu(z, this.x);
    return this.x;
  }

  backward(delta: Matrix): Matrix {
    this.kernels.geluGradient(delta, this.remembered(delta), this.dz);
    return this.dz;
  }
}

/** φ(z) = ln(1 + e^z), φ′ = σ(z). Formula: X23. */
export class Softplus extends Activation {
  forward(z: Matrix): Matrix {
    this.remember(z);
    this.kernels.softplus(z, this.x);
    return this.x;
  }

  backward(delta: Matrix): Matrix {
    this.kernels.softplusGradient(delta, this.remembered(delta), this.dz);
    return this.dz;
  }
}

/** The activations by the name that `--activation` and model.json give them. */
export const ACTIVATIONS = {
  relu: Relu,
  sigmoid: Sigmoid,
  tanh: Tanh,
  identity: Identity,
  'leaky-relu': LeakyRelu,
  elu: Elu,
  gelu: Gelu,
  softplus: Softplus,
} as const;

export type ActivationName = keyof typeof ACTIVATIONS;

export const ACTIVATION_NAMES = Object.keys(ACTIVATIONS) as ActivationName[];
