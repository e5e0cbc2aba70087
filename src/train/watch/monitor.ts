/** What a network is like at a moment of its training, seen on some samples: on any kernels, in any thread. */

import type { Kernels } from '../../kernels/kernels.ts';
import type { Matrix, Samples } from '../../kernels/matrix.ts';
import { ACTIVATIONS } from '../../network/activations.ts';
import { Dense } from '../../network/dense.ts';
import { type NamedTensor, Network, type NetworkSpec } from '../../network/network.ts';
import { allOf, Batches } from '../batches.ts';
import { type Histogram, histogram } from './histogram.ts';
import type { WeightSnapshot } from './run-control.ts';

/** What the values of one hidden layer are like. */
export interface LayerSnapshot {
  /** The activation, and the number of its dense layer: `relu 1`. */
  readonly name: string;
  /** Its outputs, over all units and samples. */
  readonly activations: Histogram;
  /** δ = ∂L/∂output, where L is the loss of the sample alone: no figure depends on how many samples there are. */
  readonly gradients: Histogram;
  /** The share of units, 0 to 1, that are 0 on every sample: of ReLU alone, as no other activation is flat there. */
  readonly deadShare?: number;
}

/** The incoming weights of units of the first layer, as images. */
export interface ReceptiveFields {
  readonly rows: number;
  readonly cols: number;
  /** How many units the layer has; `units` are the first of them. */
  readonly total: number;
  /** A unit's weights w as bytes, [rows, cols]: 128 + 127 w / scale, rounded. */
  readonly units: readonly Uint8Array[];
  /** The largest |w| of each unit. */
  readonly scale: readonly number[];
}

/** A sample whose class the network misses. */
export interface Mistake {
  /** Its row among the samples. */
  readonly index: number;
  readonly label: number;
  readonly predicted: number;
}

/** How a network classifies some samples. */
export interface Classification {
  readonly samples: number;
  readonly correct: number;
  /** Mean loss per sample in nats, without the L2 term. */
  readonly loss: number;
  /** [classes, classes]: how many samples of the row's class were taken for the column's. */
  readonly confusion: readonly (readonly number[])[];
  /** The first of each cell off the diagonal, at most 12. */
  readonly mistakes: readonly Mistake[];
}

/** A network at a moment of its training. */
export interface NetworkSnapshot extends Classification {
  /** Steps taken in all. */
  readonly step: number;
  /** The epoch it is in, counted from 1, and the batches of it done. */
  readonly epoch: number;
  readonly batch: number;
  /** The hidden layers, from the input on. */
  readonly layers: readonly LayerSnapshot[];
  /** Absent where the inputs are no images. */
  readonly receptiveFields?: ReceptiveFields;
}

/** The most units whose weights are shown. */
export const MAX_RECEPTIVE_FIELDS = 100;

/** The most misclassified samples that are named of one cell of the confusion matrix. */
export const MAX_MISTAKES_PER_CELL = 12;

/** Samples that go through the network at a time, to be laid out in memory (`memoryFor`). */
export const MONITOR_BATCH = 100;

/** The outputs and δ of one hidden layer, over all samples. */
interface Watched {
  readonly name: string;
  /** Whether its units may be dead. */
  readonly dies: boolean;
  readonly width: number;
  readonly activations: Float32Array;
  readonly gradients: Float32Array;
}

/**
 * Runs the network of a spec forward and backward over the same samples, for the weights of one moment after the other.
 * Memory is laid out when it is made.
 */
export class Monitor {
  readonly #kernels: Kernels;
  readonly #network: Network;
  readonly #samples: Samples;
  readonly #batches: Batches;
  readonly #predicted: Matrix;
  readonly #shape: readonly [number, number] | undefined;
  /** By the layer's place in the network. */
  readonly #watched = new Map<number, Watched>();
  /** The first row of the batch that is in the network. */
  #from = 0;

  /**
   * @param shape rows and columns of the inputs, where they are images
   * @throws RangeError if the samples are not what the network takes, or there are none
   */
  constructor(kernels: Kernels, spec: NetworkSpec, samples: Samples, shape?: readonly [number, number]) {
    const { count, cols, classes } = samples;
    if (count === 0) throw new RangeError('Monitor: expected at least one sample, got none');
    // Weight decay has no part in δ.
    const network = new Network(kernels, { ...spec, l2: 0 }, Math.min(MONITOR_BATCH, count));
    if (cols !== network.inputs || classes !== network.classes) {
      throw new RangeError(
        `Monitor: expected samples of ${network.inputs} values and ${network.classes} classes, got ${cols} and ${classes}`,
      );
    }
    this.#kernels = kernels;
    this.#network = network;
    this.#samples = samples;
    this.#batches = new Batches(kernels, allOf(samples), network.batchSize);
    this.#predicted = kernels.matrix(network.batchSize, 1);
    this.#shape = shape && shape[0] * shape[1] === cols ? shape : undefined;
    this.#watch();
  }

  /** @throws RangeError if the snapshot is that of another network */
  look({ step, epoch, batch, parameters }: WeightSnapshot): NetworkSnapshot {
    const classification = this.classify(parameters);
    const receptiveFields = this.#receptiveFields(parameters);
    const layers = [...this.#watched.values()].map((layer) => ({
      name: layer.name,
      activations: histogram(layer.activations),
      gradients: histogram(layer.gradients),
      ...(layer.dies && { deadShare: deadShare(layer) }),
    }));
    return { step, epoch, batch, layers, ...(receptiveFields && { receptiveFields }), ...classification };
  }

  /** @throws RangeError if the parameters are those of another network */
  classify(parameters: readonly NamedTensor[]): Classification {
    const network = this.#network;
    const { classes } = network;
    network.setTensors(parameters);
    const { labels, count } = this.#samples;
    const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
    const mistakes: Mistake[] = [];
    const named = new Uint8Array(classes * classes);
    let loss = 0;
    for (let i = 0; i < this.#batches.count; i++) {
      this.#from = i * network.batchSize;
      const size = this.#batches.load(i);
      this.#kernels.argmax(network.forward(this.#batches.x), this.#predicted);
      network.loss(this.#batches.y);
      const chosen = this.#kernels.read(this.#predicted);
      const losses = this.#kernels.read(network.losses);
      if (this.#watched.size > 0) network.backward();
      for (let n = 0; n < size; n++) {
        const index = this.#from + n;
        const label = labels[index];
        const predicted = chosen[n];
        confusion[label][predicted]++;
        loss += losses[n];
        if (predicted === label || named[label * classes + predicted] === MAX_MISTAKES_PER_CELL) continue;
        named[label * classes + predicted]++;
        mistakes.push({ index, label, predicted });
      }
    }
    const correct = confusion.reduce((sum, row, label) => sum + row[label], 0);
    return { samples: count, correct, loss: loss / count, confusion, mistakes };
  }

  /** Makes room for what the hidden layers' activations compute, and has the network fill it as it runs. */
  #watch(): void {
    const network = this.#network;
    const { layers } = network;
    const last = layers.findLastIndex((layer) => layer instanceof Dense);
    for (let l = 0; l < last; l++) {
      const spec = network.spec.layers[l];
      if (spec.type !== 'activation') continue;
      const number = layers.slice(0, l).filter((layer) => layer instanceof Dense).length;
      const width = layers[l].outputs;
      const size = this.#samples.count * width;
      this.#watched.set(l, {
        name: `${spec.name} ${number}`,
        dies: ACTIVATIONS[spec.name].dies,
        width,
        activations: new Float32Array(size),
        gradients: new Float32Array(size),
      });
    }
    network.observer = (event) => {
      if (event.type !== 'forward' && event.type !== 'backward') return;
      const layer = this.#watched.get(event.layer);
      if (layer === undefined) return;
      const at = this.#from * layer.width;
      if (event.type === 'forward') layer.activations.set(this.#kernels.read(event.output), at);
      else {
        // The mean over a batch of B has a 1/B in every δ.
        const { rows } = event.delta;
        const delta = this.#kernels.read(event.delta);
        for (let i = 0; i < delta.length; i++) layer.gradients[at + i] = delta[i] * rows;
      }
    };
  }

  #receptiveFields(parameters: readonly NamedTensor[]): ReceptiveFields | undefined {
    const weights = parameters.find(({ name }) => name === 'W1');
    if (this.#shape === undefined || weights === undefined) return undefined;
    const [rows, cols] = this.#shape;
    const total = weights.shape[1];
    const units: Uint8Array[] = [];
    const scale: number[] = [];
    for (let j = 0; j < Math.min(MAX_RECEPTIVE_FIELDS, total); j++) {
      let most = 0;
      for (let i = 0; i < rows * cols; i++) {
        const size = Math.abs(weights.values[i * total + j]);
        if (size > most && size < Infinity) most = size;
      }
      const bytes = new Uint8Array(rows * cols);
      for (let i = 0; i < bytes.length; i++) {
        const share = most === 0 ? 0 : weights.values[i * total + j] / most;
        bytes[i] = 128 + Math.round(127 * Math.max(-1, Math.min(1, share || 0)));
      }
      units.push(bytes);
      scale.push(most);
    }
    return { rows, cols, total, units, scale };
  }
}

function deadShare({ activations, width }: Watched): number {
  const alive = new Uint8Array(width);
  for (let i = 0; i < activations.length; i += width) {
    for (let j = 0; j < width; j++) if (activations[i + j] !== 0) alive[j] = 1;
  }
  return 1 - alive.reduce((sum, one) => sum + one, 0) / width;
}
