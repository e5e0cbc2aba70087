/** Weight decay as a term of the loss. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Matrix } from '../kernels/matrix.ts';
import type { Parameter } from './layer.ts';

/**
 * (λ/2) Σ w² over all weights, biases not among them (C2), and its share of the gradient, λW (C4, C6).
 *
 * @throws RangeError if λ is negative or not finite
 */
export class L2 {
  readonly lambda: number;
  readonly #kernels: Kernels;
  readonly #decaying: readonly Parameter[];
  readonly #penalty: Matrix;

  constructor(kernels: Kernels, lambda: number, parameters: readonly Parameter[]) {
    if (!Number.isFinite(lambda) || lambda < 0) {
      throw new RangeError(`L2: expected λ to be 0 or more, got ${lambda}`);
    }
    this.lambda = lambda;
    this.#kernels = kernels;
    this.#decaying = parameters.filter((parameter) => parameter.decays);
    this.#penalty = kernels.matrix(1, 1);
  }

  /** (λ/2) Σ w², [1, 1]. */
  forward(): Matrix {
    this.#kernels.fill(this.#penalty, 0);
    for (const { value } of this.#decaying)
      this.#kernels.addSumOfSquares(value, this.lambda / 2, this.#penalty);
    return this.#penalty;
  }

  /** ∂L/∂W += λW, after the layers' own backward has overwritten ∂L/∂W. */
  backward(): void {
    if (this.lambda === 0) return;
    for (const { value, gradient } of this.#decaying) this.#kernels.addScaled(value, this.lambda, gradient);
  }
}
