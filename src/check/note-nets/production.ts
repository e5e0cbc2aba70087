/** What the project itself computes on a note's network: the forward's values, and the backward's gradients. */

import type { Tensor } from '../../formulas/language/tensor.ts';
import type { TensorSource } from '../../formulas/nets/definitions.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import type { Draw } from './draw.ts';
import { probabilitiesOf } from './exact.ts';

/** Values and gradients in the project's orientation; gradients are of the mean loss plus the L2 term. */
export class Production {
  readonly #draw: Draw;
  readonly #outputs: Tensor[] = [];
  readonly #deltas: (Tensor | undefined)[] = [];
  readonly #gradients: Tensor[];
  readonly #losses: Tensor;
  /** The mean loss plus the L2 term. */
  readonly loss: number;
  /** The L2 term. */
  readonly penalty: number;

  constructor(draw: Draw) {
    this.#draw = draw;
    const { network, x, y } = draw;
    let out = x;
    for (const layer of network.layers) {
      out = layer.forward(out);
      this.#outputs.push(copyOf(out));
    }
    network.forward(x);
    this.#losses = lossesOf(network, () => network.loss(y));
    this.penalty = network.penalty().values[0];
    this.loss = network.loss(y).values[0] + this.penalty;
    // The δ of each layer, which `Network.backward` keeps to itself, by the same layers one at a time.
    let delta: Matrix | undefined = network.lossLayer.backward();
    for (let l = network.layers.length - 1; l >= 0 && delta !== undefined; l--) {
      this.#deltas[l] = copyOf(delta);
      delta = network.layers[l].backward(delta);
    }
    network.backward();
    this.#gradients = network.parameters.map(({ gradient }) => copyOf(gradient));
  }

  value(source: TensorSource): Tensor {
    const { network, x, y } = this.#draw;
    switch (source.kind) {
      case 'input':
        return copyOf(x);
      case 'targets':
        return copyOf(y);
      case 'parameter':
        return copyOf(network.parameters[source.index].value);
      case 'layer':
        return this.#outputs[source.index];
      case 'losses':
        return this.#losses;
      case 'penalty':
        return { rows: 1, cols: 1, values: Float64Array.of(this.penalty) };
      case 'probabilities':
        return copyOf(probabilitiesOf(network) as Matrix);
    }
  }

  /** The backward's ∂/∂source; undefined of the input, of which the first layer computes none. */
  gradient(source: TensorSource): Tensor | undefined {
    if (source.kind === 'parameter') return this.#gradients[source.index];
    return source.kind === 'layer' ? this.#deltas[source.index] : undefined;
  }
}

function lossesOf(network: Draw['network'], forward: () => void): Tensor {
  forward();
  return copyOf(network.lossLayer.losses);
}

const copyOf = ({ rows, cols, values }: Matrix): Tensor => ({
  rows,
  cols,
  values: Float64Array.from(values.subarray(0, rows * cols)),
});
