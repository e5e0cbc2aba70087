/** One sample walked through a network: every formula in order, with the numbers that the layers computed. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Floats, Matrix } from '../kernels/matrix.ts';
import { L1 } from '../network/l1.ts';
import { SigmoidCrossEntropy, SoftmaxCrossEntropy } from '../network/losses.ts';
import type { Network } from '../network/network.ts';
import type { NetworkEvent } from '../network/observer.ts';
import { type Statement, statements } from './statements.ts';

/** What takes the step: an optimizer on the parameters of the network that is explained. */
export interface Optimizer {
  /** α. */
  readonly learningRate: number;
  /** Moves the parameters by the gradients that they hold. */
  step(): void;
}

/** One formula with its numbers. */
export interface Step extends Statement {
  readonly direction: 'forward' | 'backward' | 'step';
  /** The values of what stands on the left, row-major. */
  readonly values: Floats;
}

/** A parameter's gradient: [inputs, outputs] of weights, [outputs] of biases. */
export interface Gradient {
  readonly shape: readonly number[];
  readonly values: Floats;
}

/** What one step of gradient descent on one sample computes. Classes are counted from 0. */
export interface Explanation {
  /** The class that the targets name. */
  readonly label: number;
  /** The class of the largest output. */
  readonly prediction: number;
  /** What the network gives for each class: scores, or activations with squared error. */
  readonly outputs: Floats;
  /** Of losses that make probabilities of the scores. */
  readonly probabilities: Floats | undefined;
  /** In nats, without the L2 term. */
  readonly loss: number;
  /** The L2 term (λ/2) Σ w² (C2); 0 without weight decay. */
  readonly penalty: number;
  /** λ₁ of L1, and its term λ₁ Σ |w| (X25); 0 without. */
  readonly l1: number;
  readonly l1Penalty: number;
  readonly learningRate: number;
  /** Loss, L2 and L1 term after the step. */
  readonly lossAfter: number;
  readonly penaltyAfter: number;
  readonly l1PenaltyAfter: number;
  readonly steps: readonly Step[];
  /** ∂L/∂W and ∂L/∂b of this sample's loss by the parameter's name, λW and λ₁ sign(W) included. */
  readonly gradients: Readonly<Record<string, Gradient>>;
}

/**
 * Runs one sample forward and backward and takes the step. All values are copies of what the layers' own matrices
 * held at that moment. The network is left as it was: its weights, and whoever observed it.
 *
 * @param kernels the network's
 * @param x the input [1, inputs]
 * @param y the target [1, classes], one-hot
 * @param optimizer of the network's parameters
 * @param strength λ₁ of the L1 term of training, which is no part of a model's network as L2 is; 0 for none
 * @throws RangeError if x or y is not one row of the network's width, or λ₁ is negative or not finite
 */
export function explain(
  kernels: Kernels,
  network: Network,
  x: Matrix,
  y: Matrix,
  optimizer: Optimizer,
  strength = 0,
): Explanation {
  expectRow('input', x, network.inputs);
  expectRow('target', y, network.classes);
  const text = statements(network.spec);
  const walk = new Walk(kernels, network);
  const l1 = new L1(kernels, strength, network.parameters);
  const before = { tensors: network.tensors(), observer: network.observer };
  network.observer = (event) => walk.record(event);
  try {
    walk.add('forward', text.input, x);
    const outputs = kernels.read(network.forward(x));
    const loss = kernels.read(network.loss(y))[0];
    const penaltyTerm = network.penalty();
    const penalty = kernels.read(penaltyTerm)[0];
    if (network.spec.l2 > 0) walk.add('forward', text.penalty, penaltyTerm);
    const l1Penalty = kernels.read(l1.forward())[0];
    if (strength > 0) walk.add('forward', text.l1Penalty, l1.forward());
    network.backward();
    l1.backward();
    if (strength > 0) walk.addDecay(text.l1Decay);
    const gradients = walk.gradients();

    network.observer = undefined;
    optimizer.step();
    for (const { name, value } of network.parameters) {
      walk.add('step', text.update.get(name) as Statement, value);
    }
    network.forward(x);
    const after = network.loss(y);
    walk.add('step', text.lossAfter, after);
    return {
      label: walk.largest(y),
      prediction: walk.prediction,
      outputs,
      probabilities: walk.probabilities,
      loss,
      penalty,
      l1: strength,
      l1Penalty,
      learningRate: optimizer.learningRate,
      lossAfter: kernels.read(after)[0],
      penaltyAfter: kernels.read(network.penalty())[0],
      l1PenaltyAfter: kernels.read(l1.forward())[0],
      steps: walk.steps,
      gradients,
    };
  } finally {
    network.setTensors(before.tensors);
    network.observer = before.observer;
  }
}

function expectRow(what: string, x: Matrix, cols: number): void {
  if (x.rows !== 1 || x.cols !== cols) {
    throw new RangeError(`explain: expected 1 × ${cols} as ${what}, got ${x.rows} × ${x.cols}`);
  }
}

/** Turns what the network tells into steps. */
class Walk {
  readonly steps: Step[] = [];
  prediction = -1;
  probabilities: Floats | undefined;
  readonly #kernels: Kernels;
  readonly #network: Network;
  readonly #text: ReturnType<typeof statements>;

  constructor(kernels: Kernels, network: Network) {
    this.#kernels = kernels;
    this.#network = network;
    this.#text = statements(network.spec);
  }

  /** Appends a step with a copy of the matrix as it is now. */
  add(direction: Step['direction'], statement: Statement, matrix: Matrix): void {
    this.steps.push({ ...statement, direction, values: this.#kernels.read(matrix) });
  }

  record(event: NetworkEvent): void {
    const { layers, loss, probabilities, delta, decay } = this.#text;
    switch (event.type) {
      case 'forward':
        this.add('forward', layers[event.layer].forward, event.output);
        break;
      case 'loss': {
        const { lossLayer } = this.#network;
        this.prediction = this.largest(event.outputs);
        if (lossLayer instanceof SoftmaxCrossEntropy || lossLayer instanceof SigmoidCrossEntropy) {
          this.add('forward', probabilities as Statement, lossLayer.p);
          this.probabilities = this.#kernels.read(lossLayer.p);
        }
        this.add('forward', loss, event.mean);
        break;
      }
      case 'delta':
        this.add('backward', delta, event.delta);
        break;
      case 'backward': {
        const { parameters, inputGradient } = layers[event.layer];
        for (const { name, gradient } of this.#network.layers[event.layer].parameters) {
          this.add('backward', parameters.get(name) as Statement, gradient);
        }
        if (event.inputGradient !== undefined) this.add('backward', inputGradient, event.inputGradient);
        break;
      }
      case 'decay':
        this.addDecay(decay);
    }
  }

  /** Appends the gradients of the weights after a term of theirs was added. */
  addDecay(statements: ReadonlyMap<string, Statement>): void {
    for (const { name, gradient } of this.#network.parameters) {
      const statement = statements.get(name);
      if (statement !== undefined) this.add('backward', statement, gradient);
    }
  }

  /** The parameters' gradients as they stand. */
  gradients(): Record<string, Gradient> {
    return Object.fromEntries(
      this.#network.parameters.map(({ name, gradient }) => [
        name,
        {
          shape: (this.#text.update.get(name) as Statement).shape,
          values: this.#kernels.read(gradient),
        },
      ]),
    );
  }

  /** The column of the row's largest entry. */
  largest(row: Matrix): number {
    const at = this.#kernels.matrix(1, 1);
    this.#kernels.argmax(row, at);
    return this.#kernels.read(at)[0];
  }
}
