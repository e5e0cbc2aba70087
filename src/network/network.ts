/** A stack of layers with a loss on top: the one general network of which the notes' are configurations. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Floats, Matrix } from '../kernels/matrix.ts';
import type { Random } from '../kernels/random.ts';
import { ACTIVATIONS, Activation, type ActivationName } from './activations.ts';
import { Dense } from './dense.ts';
import { Dropout } from './dropout.ts';
import { glorotUniform } from './init.ts';
import { expectSize, type Layer, type Parameter } from './layer.ts';
import { LOSSES, type Loss, type LossName, MeanLoss } from './losses.ts';
import type { NetworkObserver } from './observer.ts';
import { L1, L2 } from './penalties.ts';

export type LayerSpec =
  | { readonly type: 'dense'; readonly inputs: number; readonly outputs: number }
  | { readonly type: 'activation'; readonly name: ActivationName };

/** All that decides a network's function but its weights; the part of model.json of the same names. */
export interface NetworkSpec {
  readonly inputs: number;
  readonly layers: readonly LayerSpec[];
  readonly loss: { readonly name: LossName };
  /** λ of the term (λ/2) Σ w² (C2). */
  readonly l2: number;
}

/** A parameter's values, row-major: of a weight matrix [inputs, outputs], of a bias [outputs]. */
export interface NamedTensor {
  /** `W1`, `b1`, `W2`, … */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Floats;
}

export interface PerceptronOptions {
  readonly inputs: number;
  /** The widths of the hidden layers, from the input on; none for a linear classifier. */
  readonly hidden: readonly number[];
  readonly classes: number;
  readonly activation?: ActivationName;
  /** φ of the output layer with squared error (D2); the other losses take the affine scores. */
  readonly outputActivation?: ActivationName;
  readonly loss?: LossName;
  readonly l2?: number;
}

/**
 * The spec of a multilayer perceptron: dense and activation layers in turn, then a dense layer of one output a
 * class, with squared error also its activation (`outputActivation`, else `activation`).
 */
export function perceptron(options: PerceptronOptions): NetworkSpec {
  const { inputs, hidden, classes, activation = 'relu', loss = 'softmax-cross-entropy', l2 = 0 } = options;
  const layers: LayerSpec[] = [];
  let width = inputs;
  for (const outputs of hidden) {
    layers.push({ type: 'dense', inputs: width, outputs }, { type: 'activation', name: activation });
    width = outputs;
  }
  layers.push({ type: 'dense', inputs: width, outputs: classes });
  if (!LOSSES[loss].scores) {
    layers.push({ type: 'activation', name: options.outputActivation ?? activation });
  }
  return { inputs, layers, loss: { name: loss }, l2 };
}

/** What a network has only while it is trained: it is no part of the function that a model file holds. */
export interface TrainingTerms {
  /** The probability with which a hidden unit's output is dropped, after its activation (default 0). */
  readonly dropout?: number;
  /** λ of the term λ Σ |w| (default 0). */
  readonly l1?: number;
}

/**
 * The layers of a spec, run forward and backward. One training step on inputs X and targets Y is
 * `forward(X)`, `loss(Y)`, `backward()`; the parameters then hold ∂L/∂W and ∂L/∂b, λW included.
 *
 * @throws RangeError if the spec does not begin with a dense layer or its widths do not fit together
 */
export class Network {
  readonly spec: NetworkSpec;
  readonly inputs: number;
  /** The width of the last layer: one output a class. */
  readonly classes: number;
  readonly batchSize: number;
  readonly layers: readonly Layer[];
  /** W1, b1, W2, b2, … from the input on. */
  readonly parameters: readonly Parameter[];
  /** The loss on top of the layers. */
  readonly lossLayer: Loss;
  /** Called for each layer as it runs; none while training. */
  observer: NetworkObserver | undefined;
  readonly #kernels: Kernels;
  readonly #l2: L2;
  readonly #l1: L1;
  #outputs: Matrix | undefined;

  /**
   * @param batchSize the most rows that a batch will have
   * @param terms dropout layers stand behind the hidden activations, so that `layers` has more entries than the spec
   */
  constructor(kernels: Kernels, spec: NetworkSpec, batchSize: number, terms: TrainingTerms = {}) {
    expectSize('Network', 'inputs', spec.inputs);
    this.#kernels = kernels;
    this.spec = spec;
    this.inputs = spec.inputs;
    this.batchSize = batchSize;
    const layers: Layer[] = [];
    let width = spec.inputs;
    let number = 0;
    const { dropout = 0, l1 = 0 } = terms;
    for (const [i, layer] of spec.layers.entries()) {
      if (layer.type === 'activation') {
        if (number === 0) throw new RangeError(`Network: expected a dense layer first, got ${layer.name}`);
        layers.push(new Activation(kernels, layer.name, width, batchSize));
        const hidden = spec.layers[i + 1]?.type === 'dense';
        if (hidden && dropout !== 0) layers.push(new Dropout(kernels, width, batchSize, dropout));
        continue;
      }
      number++;
      if (layer.inputs !== width) {
        throw new RangeError(
          `Network: expected dense layer ${number} to have ${width} inputs, the width before it, got ${layer.inputs}`,
        );
      }
      const inputGradient = layers.length > 0;
      layers.push(new Dense(kernels, layer.inputs, layer.outputs, { batchSize, number, inputGradient }));
      width = layer.outputs;
    }
    if (number === 0) throw new RangeError('Network: expected at least one layer, got none');
    this.classes = width;
    this.layers = layers;
    this.parameters = layers.flatMap((layer) => layer.parameters);
    this.lossLayer = new MeanLoss(kernels, spec.loss.name, width, batchSize);
    this.#l2 = new L2(kernels, spec.l2, this.parameters);
    this.#l1 = new L1(kernels, l1, this.parameters);
  }

  /** Weights as the activation after them wants it, or else as Glorot has it, drawn from W1 on; biases 0. */
  initialize(random: Random): void {
    const dense = this.layers.filter((layer) => layer instanceof Dense);
    this.spec.layers.forEach(({ type }, i) => {
      if (type !== 'dense') return;
      const layer = dense.shift() as Dense;
      const next = this.spec.layers[i + 1];
      const fill = next?.type === 'activation' ? ACTIVATIONS[next.name].init : glorotUniform;
      fill(this.#kernels, layer.w, random);
      this.#kernels.fill(layer.b, 0);
    });
  }

  /** Takes new dropout masks, layer by layer, for the training step to come. */
  drawMasks(random: Random): void {
    for (const layer of this.layers) if (layer instanceof Dropout) layer.draw(random);
  }

  /** Drops nothing from now on: evaluation. */
  clearMasks(): void {
    for (const layer of this.layers) if (layer instanceof Dropout) layer.clear();
  }

  /** The parameters' values as they stand. */
  tensors(): NamedTensor[] {
    return this.parameters.map(({ name, value, isWeight }) => ({
      name,
      shape: isWeight ? [value.rows, value.cols] : [value.cols],
      values: this.#kernels.read(value),
    }));
  }

  /**
   * Sets the parameters.
   *
   * @throws RangeError if there is not one tensor of its shape for each
   */
  setTensors(tensors: readonly NamedTensor[]): void {
    for (const { name, value, isWeight } of this.parameters) {
      const tensor = tensors.find((candidate) => candidate.name === name);
      const shape = isWeight ? [value.rows, value.cols] : [value.cols];
      if (tensor?.shape.join() !== shape.join() || tensor.values.length !== value.rows * value.cols) {
        throw new RangeError(
          `Network: expected ${name} of shape [${shape}], got ${tensor ? `[${tensor.shape}]` : 'none'}`,
        );
      }
      this.#kernels.write(value, tensor.values);
    }
  }

  /**
   * X [B, inputs] to the last layer's outputs [B, classes]: scores, or activations with squared error.
   *
   * @param from the layer that x enters, counted from 0; the layers below it do not run
   */
  forward(x: Matrix, from = 0): Matrix {
    let out = x;
    for (let l = from; l < this.layers.length; l++) {
      const input = out;
      out = this.layers[l].forward(input);
      this.observer?.({ type: 'forward', layer: l, input, output: out });
    }
    this.#outputs = out;
    return out;
  }

  /** The mean loss of the last forward against targets Y [B, classes], without the L2 term; [1, 1], in nats. */
  loss(y: Matrix): Matrix {
    if (this.#outputs === undefined) throw new RangeError('Network: expected forward before loss');
    const mean = this.lossLayer.forward(this.#outputs, y);
    this.observer?.({ type: 'loss', outputs: this.#outputs, targets: y, mean });
    return mean;
  }

  /** The loss of each sample in the last `loss`, [B, 1]. */
  get losses(): Matrix {
    return this.lossLayer.losses;
  }

  /** The L2 term (λ/2) Σ w² of the loss (C2), [1, 1]; in training with L1 also its λ Σ |w| (X25). */
  penalty(): Matrix {
    const penalty = this.#l2.forward();
    if (this.#l1.lambda > 0) this.#kernels.addScaled(this.#l1.forward(), 1, penalty);
    return penalty;
  }

  /**
   * The δ recursion from the loss down (C3 to C6, D4 to D7), then λW and what L1 adds: overwrites every parameter's
   * gradient.
   */
  backward(): void {
    let delta: Matrix | undefined = this.lossLayer.backward();
    this.observer?.({ type: 'delta', delta });
    for (let l = this.layers.length - 1; l >= 0 && delta !== undefined; l--) {
      const inputGradient: Matrix | undefined = this.layers[l].backward(delta);
      this.observer?.({ type: 'backward', layer: l, delta, inputGradient });
      delta = inputGradient;
    }
    this.#l2.backward();
    this.#l1.backward();
    if (this.spec.l2 > 0) this.observer?.({ type: 'decay' });
  }
}
