/** Dropout between two layers. */

import { type DropoutMask, drawMask, expectRate } from '../kernels/dropout-mask.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Matrix } from '../kernels/matrix.ts';
import type { Random } from '../kernels/random.ts';
import { expectColumns, expectRemembered, expectSize, type Layer, type Parameter } from './layer.ts';

/**
 * Y = X ⊙ M, each entry of M 0 with probability p and else 1 / (1 − p), so that E[Y] = X and nothing needs to be done at
 * evaluation («inverted» dropout, after Srivastava et al. 2014, JMLR 15). Backward is δ ⊙ M with the same M.
 *
 * There is a mask from `draw` until `clear`; without one the layer hands on what it is given. Formula: X24.
 *
 * @throws RangeError on sizes that are not positive integers, and on a rate below 0 or not below 1
 */
export class Dropout implements Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly parameters: readonly Parameter[] = [];
  /** The probability p that an entry is dropped. */
  readonly rate: number;
  readonly #kernels: Kernels;
  readonly #y: Matrix;
  readonly #dx: Matrix;
  #mask: DropoutMask | undefined;
  #x: Matrix | undefined;

  constructor(kernels: Kernels, width: number, batchSize: number, rate: number) {
    expectSize('Dropout', 'units', width);
    expectSize('Dropout', 'rows in a batch', batchSize);
    expectRate('Dropout', rate);
    this.inputs = width;
    this.outputs = width;
    this.rate = rate;
    this.#kernels = kernels;
    this.#y = kernels.matrix(batchSize, width);
    this.#dx = kernels.matrix(batchSize, width);
  }

  /** Takes a new mask for the forward and backward passes to come. */
  draw(random: Random): void {
    this.#mask = drawMask(random, this.rate);
  }

  /** Drops nothing from now on: evaluation. */
  clear(): void {
    this.#mask = undefined;
  }

  /** Y = X ⊙ M. */
  forward(x: Matrix): Matrix {
    expectColumns('Dropout', 'input', x, this.inputs);
    this.#x = x;
    if (this.#mask === undefined) return x;
    this.#kernels.dropout(x, this.#mask, this.#y);
    return this.#y;
  }

  /** ∂L/∂X = δ ⊙ M. */
  backward(delta: Matrix): Matrix {
    expectColumns('Dropout', 'delta', delta, this.outputs);
    expectRemembered('Dropout', this.#x, delta);
    if (this.#mask === undefined) return delta;
    this.#kernels.dropout(delta, this.#mask, this.#dx);
    return this.#dx;
  }
}
