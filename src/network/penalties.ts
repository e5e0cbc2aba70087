/** The penalties: terms of the loss that keep weights small. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Matrix } from '../kernels/matrix.ts';
import type { Parameter } from './layer.ts';

/** A term over all weights, biases not among them, with a factor λ. */
abstract class Penalty {
  readonly lambda: number;
  protected readonly kernels: Kernels;
  readonly #weights: readonly Parameter[];
  readonly #penalty: Matrix;

  /** @throws RangeError if λ is negative or not finite */
  constructor(kernels: Kernels, lambda: number, parameters: readonly Parameter[]) {
    if (!Number.isFinite(lambda) || lambda < 0) {
      throw new RangeError(`${new.target.name}: expected λ to be 0 or more, got ${lambda}`);
    }
    this.lambda = lambda;
    this.kernels = kernels;
    this.#weights = parameters.filter(({ isWeight }) => isWeight);
    this.#penalty = kernels.matrix(1, 1);
  }

  /** Adds the term of one matrix of weights. */
  protected abstract addTerm(w: Matrix, penalty: Matrix): void;
  /** Adds the derivative of that term. */
  protected abstract addGradient(w: Matrix, gradient: Matrix): void;

  /** The term, [1, 1]. */
  forward(): Matrix {
    this.kernels.fill(this.#penalty, 0);
    for (const { value } of this.#weights) this.addTerm(value, this.#penalty);
    return this.#penalty;
  }

  /** Adds the derivative to ∂L/∂W, after the layers' own backward has overwritten ∂L/∂W. */
  backward(): void {
    if (this.lambda === 0) return;
    for (const { value, gradient } of this.#weights) this.addGradient(value, gradient);
  }
}

/** (λ/2) Σ w² (C2), whose derivative is λW (C4, C6). */
export class L2 extends Penalty {
  /** (λ/2) Σ w². */
  protected addTerm(w: Matrix, penalty: Matrix): void {
    this.kernels.addSumOfSquares(w, this.lambda / 2, penalty);
  }

  /** λW. */
  protected addGradient(w: Matrix, gradient: Matrix): void {
    this.kernels.addScaled(w, this.lambda, gradient);
  }
}

/**
 * λ Σ |w|, whose derivative is λ sign(w). At w = 0 there is a corner, where any slope from −λ to λ is a subgradient: 0 is
 * taken. Formula: X25.
 */
export class L1 extends Penalty {
  /** λ Σ |w|. */
  protected addTerm(w: Matrix, penalty: Matrix): void {
    this.kernels.addSumOfMagnitudes(w, this.lambda, penalty);
  }

  /** λ sign(W). */
  protected addGradient(w: Matrix, gradient: Matrix): void {
    this.kernels.addScaledSign(w, this.lambda, gradient);
  }
}
