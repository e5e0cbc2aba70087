/** One sample walked through a network: every formula in order, with the numbers that the layers computed. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Floats, Matrix } from '../kernels/matrix.ts';
import type { Network } from '../network/network.ts';
import { L1 } from '../network/penalties.ts';
import { networkFormulas } from './network-formulas.ts';
import { type Gradient, type Step, Walk } from './walk.ts';

/** What updates the parameters of the network that is explained. */
export interface Descent {
  /** α. */
  readonly learningRate: number;
  /** Moves the parameters by the gradients that they hold. */
  step(): void;
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
 * @param descent of the network's parameters
 * @param strength λ₁ of the L1 term of training, which is no part of a model's network as L2 is; 0 for none
 * @throws RangeError if x or y is not one row of the network's width, or λ₁ is negative or not finite
 */
export function explain(
  kernels: Kernels,
  network: Network,
  x: Matrix,
  y: Matrix,
  descent: Descent,
  strength = 0,
): Explanation {
  expectRow('input', x, network.inputs);
  expectRow('target', y, network.classes);
  const formulas = networkFormulas(network.spec, { hasL1: strength > 0 });
  const walk = new Walk(kernels, network, formulas);
  const l1 = new L1(kernels, strength, network.parameters);
  const before = { tensors: network.tensors(), observer: network.observer };
  network.observer = (event) => walk.record(event);
  try {
    walk.add(formulas.input, x);
    const outputs = kernels.read(network.forward(x));
    const loss = kernels.read(network.loss(y))[0];
    const penaltyTerm = network.penalty();
    const penalty = kernels.read(penaltyTerm)[0];
    if (network.spec.l2 > 0) walk.add(formulas.penalty, penaltyTerm);
    const l1Penalty = kernels.read(l1.forward())[0];
    if (strength > 0) walk.add(formulas.l1Penalty, l1.forward());
    network.backward();
    l1.backward();
    if (strength > 0) walk.addDecay('l1Decay');
    const gradients = walk.gradients();

    network.observer = undefined;
    descent.step();
    walk.addUpdates();
    network.forward(x);
    const after = network.loss(y);
    walk.add(formulas.lossAfter, after);
    return {
      label: walk.largest(y),
      prediction: walk.prediction,
      outputs,
      probabilities: walk.probabilities,
      loss,
      penalty,
      l1: strength,
      l1Penalty,
      learningRate: descent.learningRate,
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
