/** How a step follows from the gradients. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Parameter } from '../network/layer.ts';

/**
 * Stochastic gradient descent: w ← w − α ∂L/∂w. The 1/N of the notes' step α/N (A3 to A5, A7, A8) is already in
 * the gradient.
 *
 * @throws RangeError if the learning rate α is not above 0 and finite
 */
export class Sgd {
  readonly learningRate: number;
  readonly #kernels: Kernels;
  readonly #parameters: readonly Parameter[];

  constructor(kernels: Kernels, parameters: readonly Parameter[], learningRate: number) {
    if (!(learningRate > 0) || !Number.isFinite(learningRate)) {
      throw new RangeError(`Sgd: expected a learning rate above 0, got ${learningRate}`);
    }
    this.learningRate = learningRate;
    this.#kernels = kernels;
    this.#parameters = parameters;
  }

  step(): void {
    for (const { value, gradient } of this.#parameters) {
      this.#kernels.addScaled(gradient, -this.learningRate, value);
    }
  }
}
