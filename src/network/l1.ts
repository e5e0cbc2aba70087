/** The sum of the weights' magnitudes as a term of the loss. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Matrix } from '../kernels/matrix.ts';
import type { Parameter } from './layer.ts';

/**
 * λ Σ |w| over all weights, biases not among them, and its share of the gradient, λ sign(w). At w = 0 there is a corner,
 * where any slope from −λ to λ is a subgradient: 0 is taken. Formula: X25.
 *
 * @throws RangeError if λ is negative or not finite
 */
export class L1 {
  readonly lambda: number;
  readonly #kernels: Kernels;
  readonly #decaying: readonly Parameter[];
  readonly #penalty: Matrix;

  constructor(kernels: Kernels, lambda: number, parameters: readonly Parameter[]) {
    if (!Number.isFinite(lambda) || lambda < 0) {
      throw new RangeError(`L1: expected λ to be 0 or more, got ${lambda}`);
    }
    this.lambda = lambda;
    this.#kernels = kernels;
    this.#decaying = parameters.filter((parameter) => parameter.decays);
    this.#penalty = kernels.matrix(1, 1);
  }

  /** λ Σ |w|, [1, 1]. */
  forward(): Matrix {
    this.#kernels.fill(this.#penalty, 0);
    for (const { value } of this.#decaying)
      this.#kernels.addSumOfMagnitudes(value, this.lambda, this.#penalty);
    return this.#penalty;
  }

  /** ∂L/∂W += λ sign(W), after the layers' own backward has overwritten ∂L/∂W. */
  backward(): void {
    if (this.lambda === 0) return;
    for (const { value, gradient } of this.#decaying)
      this.#kernels.addScaledSign(value, this.lambda, gradient);
  }
}
