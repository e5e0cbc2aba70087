/** Backwards that are wrong, each in one way that a derivation or a program goes wrong; a check must reject them. */

import type { Kernels } from '../../src/kernels/kernels.ts';
import type { Matrix } from '../../src/kernels/matrix.ts';
import { Relu, Sigmoid, Tanh } from '../../src/network/activations.ts';
import { Dense, type DenseOptions } from '../../src/network/dense.ts';
import type { Loss } from '../../src/network/losses.ts';
import type { Network } from '../../src/network/network.ts';

/** A Dense whose subclasses spoil what the right backward has computed. */
abstract class SpoiledDense extends Dense {
  protected readonly kernels: Kernels;
  protected x: Matrix | undefined;

  constructor(kernels: Kernels, inputs: number, outputs: number, options: DenseOptions) {
    super(kernels, inputs, outputs, options);
    this.kernels = kernels;
  }

  override forward(x: Matrix): Matrix {
    this.x = x;
    return super.forward(x);
  }

  override backward(delta: Matrix): Matrix | undefined {
    const dx = super.backward(delta);
    this.spoil(delta, dx as Matrix, this.x as Matrix);
    return dx;
  }

  protected abstract spoil(delta: Matrix, dx: Matrix, x: Matrix): void;
}

/** dX = δW for δWᵀ; W square. */
export class UntransposedW extends SpoiledDense {
  protected spoil(delta: Matrix, dx: Matrix): void {
    this.kernels.affine(delta, this.w, this.kernels.matrix(1, this.inputs), dx);
  }
}

/** dW = δᵀX for Xᵀδ; W square. */
export class TransposedDw extends SpoiledDense {
  protected spoil(delta: Matrix, _dx: Matrix, x: Matrix): void {
    this.kernels.weightGradient(delta, x, this.dw);
  }
}

/** db = the mean of δ's rows for their sum: 1/B twice. */
export class MeanDb extends SpoiledDense {
  protected spoil(delta: Matrix): void {
    scale(this.db, 1 / delta.rows);
  }
}

/** db = δ of the first sample, the sum forgotten. */
export class UnsummedDb extends SpoiledDense {
  protected spoil(delta: Matrix): void {
    this.db.values.set(delta.values.subarray(0, delta.cols));
  }
}

/** ∂L/∂b = 1, which is ∂z/∂b (slip-D2). */
export class OneDb extends SpoiledDense {
  protected spoil(): void {
    this.db.values.fill(1);
  }
}

/** dX, dW and db with the wrong sign. */
export class FlippedDense extends SpoiledDense {
  protected spoil(_delta: Matrix, dx: Matrix): void {
    for (const gradient of [dx, this.dw, this.db]) scale(gradient, -1);
  }
}

/** A right gradient that puts δ to another use afterwards. */
export class DeltaOverwritingDense extends SpoiledDense {
  protected spoil(delta: Matrix): void {
    scale(delta, 2);
  }
}

/** A right gradient that leaves its input scaled. */
export class InputOverwritingDense extends SpoiledDense {
  protected spoil(_delta: Matrix, _dx: Matrix, x: Matrix): void {
    scale(x, 0.5);
  }
}

/** A backward that takes a step on the weights itself. */
export class SteppingDense extends SpoiledDense {
  protected spoil(): void {
    this.kernels.addScaled(this.dw, -0.1, this.w);
  }
}

/** dW and db added to what stood there. */
export class AccumulatingDense extends Dense {
  override backward(delta: Matrix): Matrix | undefined {
    const before = this.parameters.map(({ gradient }) => gradient.values.slice());
    const dx = super.backward(delta);
    for (const [i, { gradient }] of this.parameters.entries()) {
      for (let k = 0; k < gradient.values.length; k++) gradient.values[k] += before[i][k];
    }
    return dx;
  }
}

/** dW from the batch before. */
export class StaleDense extends Dense {
  #stale: Matrix | undefined;
  #x: Matrix | undefined;

  override forward(x: Matrix): Matrix {
    this.#stale = this.#x ?? x;
    this.#x = { ...x, values: x.values.slice() };
    return super.forward(x);
  }

  override backward(delta: Matrix): Matrix | undefined {
    const z = super.forward(this.#stale as Matrix);
    z.rows = delta.rows;
    return super.backward(delta);
  }
}

type Spoil = (delta: Matrix, z: Matrix, x: Matrix, dz: Matrix) => void;

/** An activation whose backward is followed by a mistake that may read δ, z and x = φ(z), and writes ∂L/∂z. */
function spoiled<A extends typeof Relu | typeof Sigmoid | typeof Tanh>(Right: A, spoil: Spoil): typeof Relu {
  return class extends (Right as typeof Relu) {
    #z: Matrix | undefined;

    override forward(z: Matrix): Matrix {
      this.#z = z;
      return super.forward(z);
    }

    override backward(delta: Matrix): Matrix {
      const dz = super.backward(delta);
      spoil(delta, this.#z as Matrix, this.x, dz);
      return dz;
    }
  };
}

const entries = (f: (delta: number, z: number, x: number, dz: number) => number): Spoil => {
  return (delta, z, x, dz) => {
    for (let k = 0; k < dz.rows * dz.cols; k++) {
      dz.values[k] = f(delta.values[k], z.values[k], x.values[k], dz.values[k]);
    }
  };
};

const noPhiPrime = entries((delta) => delta);
const phiForPhiPrime = entries((delta, _z, x) => delta * x);
const flipped = entries((_delta, _z, _x, dz) => -dz);

/** φ′ at the x = φ(z) of the batch before. */
const stale = (phiPrime: (x: number) => number): Spoil => {
  const seen: Float64Array[] = [];
  return (delta, _z, x, dz) => {
    seen.push(Float64Array.from(x.values));
    const before = seen[Math.max(0, seen.length - 2)];
    for (let k = 0; k < dz.rows * dz.cols; k++) dz.values[k] = delta.values[k] * phiPrime(before[k]);
  };
};

/** Each wrong activation with the right one beside it. */
export const BROKEN_ACTIVATIONS = (
  [
    ['relu', Relu, (x: number) => (x > 0 ? 1 : 0)],
    ['sigmoid', Sigmoid, (x: number) => x * (1 - x)],
    ['tanh', Tanh, (x: number) => 1 - x * x],
  ] as const
).flatMap(([name, Right, phiPrime]) => [
  { mistake: `${name} without φ′`, Right, Wrong: spoiled(Right, noPhiPrime), fails: 'dx' },
  { mistake: `${name} with φ for φ′`, Right, Wrong: spoiled(Right, phiForPhiPrime), fails: 'dx' },
  { mistake: `${name} with the sign flipped`, Right, Wrong: spoiled(Right, flipped), fails: 'dx' },
  {
    mistake: `${name} with φ′ of the batch before`,
    Right,
    Wrong: spoiled(Right, stale(phiPrime)),
    fails: 'dx',
  },
  {
    mistake: `${name} that writes to δ`,
    Right,
    Wrong: spoiled(Right, (delta) => scale(delta, 0)),
    fails: 'delta unchanged',
  },
  {
    mistake: `${name} that writes to z`,
    Right,
    Wrong: spoiled(Right, (_delta, z, x) => z.values.set(x.values)),
    fails: 'x unchanged',
  },
]);

/** A loss whose δ is scaled by a factor of the number of rows and of classes: right where that is 1. */
export function scaledLoss(loss: Loss, factor: (rows: number, classes: number) => number): Loss {
  let delta: Matrix | undefined;
  return {
    losses: loss.losses,
    forward: (x, y) => loss.forward(x, y),
    backward() {
      const right = loss.backward();
      delta = { ...right, values: right.values.slice() };
      return scale(delta, factor(right.rows, right.cols));
    },
  };
}

/** A network whose gradients are wrong by so many λW, and its bias gradients by so many λb. */
export function decayed(network: Network, onWeights: number, onBiases: number) {
  const { parameters } = network;
  return {
    parameters,
    forward: (x: Matrix) => network.forward(x),
    loss: (y: Matrix) => network.loss(y),
    penalty: () => network.penalty(),
    backward() {
      network.backward();
      for (const { value, gradient, decays } of parameters) {
        const factor = network.spec.l2 * (decays ? onWeights : onBiases);
        for (let k = 0; k < value.values.length; k++) gradient.values[k] += factor * value.values[k];
      }
    },
  };
}

function scale(matrix: Matrix, factor: number): Matrix {
  for (let k = 0; k < matrix.rows * matrix.cols; k++) matrix.values[k] *= factor;
  return matrix;
}
