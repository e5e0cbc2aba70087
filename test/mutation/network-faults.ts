/** The semantic mutants of a whole network's backward: which layer runs when, and on what. */

import type { Matrix } from '../../src/kernels/matrix.ts';
import type { Layer } from '../../src/network/layer.ts';
import type { Network } from '../../src/network/network.ts';
import type { Site, Subject } from './sites.ts';

/** What a fault may do in place of the δ recursion; λW is added afterwards. */
interface Recursion {
  readonly network: Network;
  readonly layers: readonly Layer[];
  /** The loss's δ. */
  readonly delta: Matrix;
  /** The inputs of the last batch and of the one before. */
  readonly batches: readonly Matrix[];
}

/** A wrong recursion. */
export interface NetworkFault {
  readonly name: string;
  run(recursion: Recursion): void;
  /** Why it computes the same, by activation. */
  readonly equivalent?: Readonly<Partial<Record<Site['activation'], string>>>;
}

/** The layers from the last on, in the order given, each on the δ of the one before. */
function through(layers: readonly Layer[], first: Matrix): void {
  let delta: Matrix | undefined = first;
  for (const layer of layers) delta = delta && layer.backward(delta);
}

const LINEAR = 'a φ′ of 1 can stand anywhere';
const isActivation = ({ parameters }: Layer) => parameters.length === 0;

/** Adds so many λW. */
function decay({ parameters, spec }: Network, factor: number): void {
  for (const { value, gradient, isWeight } of parameters) {
    if (!isWeight) continue;
    value.values.forEach((w, k) => {
      gradient.values[k] += factor * spec.l2 * w;
    });
  }
}

/** The rows of the last table. */
export const NETWORK_FAULTS: readonly NetworkFault[] = [
  {
    name: 'layers from the first to the last',
    run: ({ layers, delta }) => through([...layers].reverse(), delta),
  },
  {
    name: 'φ′ of the layer after Wᵀ, not before',
    run: ({ layers, delta }) => {
      const order = [...layers];
      for (let l = 0; l + 1 < order.length; l++) {
        if (isActivation(order[l])) [order[l], order[l + 1]] = [order[l + 1], order[l], l++];
      }
      through(order, delta);
    },
    equivalent: { identity: LINEAR },
  },
  {
    name: 'an activation left out',
    run: ({ layers, delta }) => {
      const last = layers.find(isActivation);
      through(
        layers.filter((layer) => layer !== last),
        delta,
      );
    },
    equivalent: { identity: LINEAR },
  },
  {
    name: 'a dense layer left out',
    run: ({ layers, delta }) => {
      const last = layers.find((layer) => !isActivation(layer));
      through(
        layers.filter((layer) => layer !== last),
        delta,
      );
    },
  },
  {
    name: 'the first layer not reached',
    run: ({ layers, delta }) => through(layers.slice(0, -1), delta),
  },
  {
    name: "the loss's δ for every layer",
    run: ({ layers, delta }) => {
      for (const layer of layers) layer.backward(delta);
    },
  },
  {
    name: 'the activations of the batch before',
    run: ({ network, layers, delta, batches }) => {
      network.forward(batches[1]);
      through(layers, delta);
    },
  },
  {
    name: 'the recursion twice',
    run: ({ layers, delta }) => {
      through(layers, delta);
      through(layers, delta);
    },
    equivalent: Object.fromEntries(
      ['relu', 'sigmoid', 'tanh', 'identity'].map((name) => [name, 'a backward overwrites']),
    ),
  },
  {
    name: 'λW before the recursion, which overwrites it',
    run: ({ network, layers, delta }) => {
      through(layers, delta);
      decay(network, -1);
    },
  },
  {
    name: 'λW twice',
    run: ({ network, layers, delta }) => {
      through(layers, delta);
      decay(network, 1);
    },
  },
];

/** Puts a fault into the network of a program. */
export function installInNetwork({ program }: Subject, fault: Pick<NetworkFault, 'run'>): void {
  const { forward } = program.Network.prototype;
  const batches = new WeakMap<Network, Matrix[]>();
  program.Network.prototype.forward = function (x, from) {
    const [last = x] = batches.get(this) ?? [];
    if (x !== last || !batches.has(this)) batches.set(this, [x, last]);
    return forward.call(this, x, from);
  };
  program.Network.prototype.backward = function () {
    const { lossLayer, layers } = this;
    const [now, before] = batches.get(this) as Matrix[];
    const recursion = { network: this, layers: [...layers].reverse(), delta: lossLayer.backward() };
    fault.run({ ...recursion, batches: [now, before] });
    decay(this, 1);
  };
}
