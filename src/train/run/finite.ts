/** Where the first value of a step that is not finite stands, found from what the step has left behind. */

import type { Kernels } from '../../kernels/kernels.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { Dense } from '../../network/dense.ts';
import { Dropout } from '../../network/dropout.ts';
import type { Network } from '../../network/network.ts';

/**
 * Remembers where the outputs of a network's layers lie, so that they can be looked at once a step has failed. An
 * observer that the network has already goes on hearing of everything.
 */
export class LayerTrace {
  readonly #kernels: Kernels;
  readonly #network: Network;
  readonly #outputs: Matrix[] = [];

  constructor(kernels: Kernels, network: Network) {
    this.#kernels = kernels;
    this.#network = network;
    const before = network.observer;
    network.observer = (event) => {
      if (event.type === 'forward') this.#outputs[event.layer] = event.output;
      before?.(event);
    };
  }

  /**
   * In words, where the loss of the last forward and loss got a value that is not finite from; to be asked before
   * anything else runs. Parameters come first: what is wrong in them was so before this step.
   */
  origin(): string | undefined {
    const parameter = this.brokenParameter();
    if (parameter !== undefined) return `${parameter} left the finite numbers in an earlier step`;
    const layer = this.#outputs.findIndex((output) => !this.#kernels.allFinite(output));
    return layer === -1 ? 'in the loss itself' : `first in the output of ${this.#name(layer)}`;
  }

  /** The name of the first parameter that is not finite. */
  brokenParameter(): string | undefined {
    return this.#network.parameters.find(({ value }) => !this.#kernels.allFinite(value))?.name;
  }

  /** `layer 2 (200 → 10)`, counted by dense layers as W2 and b2 are, `the activation of layer 2` or `the dropout of layer 2`. */
  #name(index: number): string {
    const { layers } = this.#network;
    const number = layers.slice(0, index + 1).filter((layer) => layer instanceof Dense).length;
    const layer = layers[index];
    if (layer instanceof Dense) return `layer ${number} (${layer.inputs} → ${layer.outputs})`;
    return `the ${layer instanceof Dropout ? 'dropout' : 'activation'} of layer ${number}`;
  }
}
