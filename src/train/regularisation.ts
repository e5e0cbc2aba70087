/** Regularisation of a training run: what happens to its batches before each step, and to its weights after. */

import { drawMask, expectRate } from '../kernels/dropout-mask.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Matrix } from '../kernels/matrix.ts';
import { Random } from '../kernels/random.ts';
import { LOSSES, type LossName, SMOOTHABLE_LOSSES } from '../network/losses.ts';
import type { Network, TrainingTerms } from '../network/network.ts';

/** Everything is off by default. L2 is not among it: it is part of the network's spec. */
export interface Regularisation {
  /** The probability p with which the output of a hidden unit is dropped (X24). */
  readonly dropout?: number | undefined;
  /** The same of an input. */
  readonly inputDropout?: number | undefined;
  /** λ of the term λ Σ |w| (X25). */
  readonly l1?: number | undefined;
  /** The largest norm c of a unit's incoming weights (X26). */
  readonly maxNorm?: number | undefined;
  /** ε of the targets (1 − ε) y + ε/C, with the two cross-entropies (X27). */
  readonly labelSmoothing?: number | undefined;
}

/**
 * Applies a configuration to a run. Masks are drawn from a stream of their own, two numbers each, first of the inputs and
 * then layer by layer; without dropout nothing is drawn. `save` and `restore` are of that stream.
 *
 * @throws RangeError on a value out of its range, and on label smoothing with a loss that is no cross-entropy
 */
export class Regulariser {
  /** What the network is to be made with. */
  readonly terms: TrainingTerms;
  readonly #kernels: Kernels;
  readonly #config: Regularisation;
  readonly #random: Random;

  /** @param seed of the masks; an integer from 0 to 2³² − 1 */
  constructor(kernels: Kernels, config: Regularisation, loss: LossName, seed: number) {
    const { dropout = 0, inputDropout = 0, l1 = 0, maxNorm, labelSmoothing = 0 } = config;
    for (const rate of [dropout, inputDropout]) expectRate('Regulariser', rate);
    if (maxNorm !== undefined && !(maxNorm > 0)) {
      throw new RangeError(`Regulariser: expected a largest norm above 0, got ${maxNorm}`);
    }
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new RangeError(
        `Regulariser: expected label smoothing from 0 up to, not including, 1, got ${labelSmoothing}`,
      );
    }
    if (labelSmoothing > 0 && !LOSSES[loss].smoothable) {
      throw new RangeError(
        `Regulariser: expected label smoothing with ${SMOOTHABLE_LOSSES.join(' or ')} only, got ${loss}`,
      );
    }
    this.terms = { dropout, l1 };
    this.#kernels = kernels;
    this.#config = config;
    this.#random = new Random(seed, 'dropout');
  }

  /** To be called on each batch between gathering it and the forward pass. x [B, inputs], y [B, classes], in place. */
  prepare(network: Network, x: Matrix, y: Matrix): void {
    const { inputDropout = 0, labelSmoothing = 0 } = this.#config;
    if (inputDropout > 0) this.#kernels.dropout(x, drawMask(this.#random, inputDropout), x);
    if (labelSmoothing > 0) this.#kernels.smoothTargets(y, labelSmoothing);
    network.drawMasks(this.#random);
  }

  /** To be called after each step: takes every unit's incoming weights back to the largest norm. */
  constrain(network: Network): void {
    const { maxNorm } = this.#config;
    if (maxNorm === undefined) return;
    for (const { value, isWeight } of network.parameters) {
      if (isWeight) this.#kernels.limitColumnNorms(value, maxNorm);
    }
  }

  /** The state of the generator of masks: four 32-bit words. */
  save(): number[] {
    return this.#random.save();
  }

  /** @throws RangeError if it is no state from `save` */
  restore(state: readonly number[]): void {
    this.#random.restore(state);
  }
}
