/** Layers, losses and networks that do a whole step on a longer batch before each forward, to show what is left of it. */

import type { CheckedNetwork } from '../../src/check/gradients/gradient-check.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import type { Random } from '../../src/kernels/random.ts';
import type { Layer } from '../../src/network/layer.ts';
import type { Loss } from '../../src/network/losses.ts';
import type { Network } from '../../src/network/network.ts';
import { drawn, oneHot } from './samples.ts';

/** @param rows those of the longer batch, for which the layer has room */
export function layerAfter(layer: Layer, rows: number, kernels: Kernels, random: Random): Layer {
  const { inputs, outputs, parameters } = layer;
  const [x, delta] = [drawn(kernels, rows, inputs, random), drawn(kernels, rows, outputs, random)];
  return {
    inputs,
    outputs,
    parameters,
    forward(next) {
      layer.forward(x);
      layer.backward(delta);
      return layer.forward(next);
    },
    backward: (next) => layer.backward(next),
  };
}

/** @param rows those of the longer batch, for which the loss has room */
export function lossAfter(loss: Loss, rows: number, cols: number, kernels: Kernels, random: Random): Loss {
  const [x, y] = [drawn(kernels, rows, cols, random), oneHot(kernels, rows, cols)];
  return {
    losses: loss.losses,
    forward(nextX, nextY) {
      loss.forward(x, y);
      loss.backward();
      return loss.forward(nextX, nextY);
    },
    backward: () => loss.backward(),
  };
}

/** @param rows those of the longer batch, for which the network has room */
export function networkAfter(
  network: Network,
  rows: number,
  kernels: Kernels,
  random: Random,
): CheckedNetwork {
  const x = drawn(kernels, rows, network.inputs, random);
  const y = oneHot(kernels, rows, network.classes);
  return {
    parameters: network.parameters,
    forward(next) {
      network.forward(x);
      network.loss(y);
      network.backward();
      return network.forward(next);
    },
    loss: (next) => network.loss(next),
    penalty: () => network.penalty(),
    backward: () => network.backward(),
  };
}
