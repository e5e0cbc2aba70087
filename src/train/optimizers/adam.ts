/** Adam and AdamW. */

import { expm1, log } from '../../kernels/elementary.ts';
import type { AdamStep, Kernels } from '../../kernels/kernels.ts';
import type { Parameter } from '../../network/layer.ts';
import {
  expectNotNegative,
  expectPositive,
  expectShare,
  type OptimizerSettings,
  StatefulOptimizer,
} from './optimizer.ts';

/**
 * Adam (X5), step t: m ← β₁ m + (1 − β₁) g and s ← β₂ s + (1 − β₂) g² with g = ∂L/∂w, then
 * w ← w − η m̂ / (√ŝ + ε), m̂ = m / (1 − β₁ᵗ), ŝ = s / (1 − β₂ᵗ). Kingma and Ba 2015, ICLR.
 *
 * @throws RangeError if β₁ or β₂ is not in [0, 1), or ε not above 0
 */
export class Adam extends StatefulOptimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;

  constructor(
    kernels: Kernels,
    parameters: readonly Parameter[],
    { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: OptimizerSettings = {},
  ) {
    super(kernels, parameters, ['mean', 'squares']);
    this.beta1 = expectShare(new.target.name, 'β₁', beta1);
    this.beta2 = expectShare(new.target.name, 'β₂', beta2);
    this.epsilon = expectPositive(new.target.name, 'ε', epsilon);
  }

  /** @throws RangeError if the learning rate η is negative or not finite */
  step(learningRate: number): void {
    expectNotNegative('Adam', 'a learning rate', learningRate);
    this.descend(learningRate, 1);
  }

  /** One step in which weights, biases not among them, are first made smaller by a factor. */
  protected descend(learningRate: number, shrink: number): void {
    const { beta1, beta2, epsilon, steps } = this;
    const undecayed: AdamStep = {
      beta1,
      beta2,
      rate: learningRate / weightOf(beta1, steps + 1),
      squareScale: 1 / weightOf(beta2, steps + 1),
      epsilon,
      shrink: 1,
    };
    const decayed = { ...undecayed, shrink };
    for (const { parameter, matrices } of this.remembered) {
      const { gradient, value, isWeight } = parameter;
      this.kernels.adamStep(gradient, matrices[0], matrices[1], isWeight ? decayed : undecayed, value);
    }
    this.steps++;
  }
}

/**
 * Adam with decoupled weight decay (X6): w ← (1 − ηλ) w − η m̂ / (√ŝ + ε), m̂ and ŝ of the gradient without λw; biases
 * do not decay. Loshchilov and Hutter 2019, ICLR. As in the common libraries η is the whole learning rate, of which
 * the paper takes the schedule's factor alone.
 *
 * @throws RangeError as `Adam` does, and if λ is negative or not finite
 */
export class AdamW extends Adam {
  readonly weightDecay: number;

  constructor(kernels: Kernels, parameters: readonly Parameter[], settings: OptimizerSettings = {}) {
    super(kernels, parameters, settings);
    this.weightDecay = expectNotNegative('AdamW', 'λ', settings.weightDecay ?? 0);
  }

  /** @throws RangeError if the learning rate η is negative or not finite */
  override step(learningRate: number): void {
    expectNotNegative('AdamW', 'a learning rate', learningRate);
    this.descend(learningRate, 1 - learningRate * this.weightDecay);
  }
}

/** 1 − βᵗ, the sum of the weights (1 − β) βⁱ of t gradients; by expm1, as the subtraction cancels for β near 1. */
function weightOf(beta: number, t: number): number {
  return beta === 0 ? 1 : -expm1(t * log(beta));
}
