/** The affine layer. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Matrix } from '../kernels/matrix.ts';
import { expectColumns, expectRemembered, expectSize, type Layer, type Parameter } from './layer.ts';

export interface DenseOptions {
  /** The most rows that a batch will have. */
  batchSize: number;
  /** The layer's number from the input on, in the names of its parameters (default 1). */
  number?: number;
  /** Whether `backward` computes ∂L/∂x (default true); nothing needs it of a network's first layer. */
  inputGradient?: boolean;
}

/**
 * Z = XW + b, affine only: the activation is a layer of its own.
 *
 * Shapes: X [B, inputs], W [inputs, outputs], b [1, outputs], Z [B, outputs].
 * Formulas: E1, E2; the affine parts of A1, B1, C1, D1, D2 forward and of C4 to C6, D5 to D7, A4, A5, A7, X12 to X14 backward.
 *
 * @throws RangeError on sizes that are not positive integers, on inputs of other sizes, and on backward before forward
 */
export class Dense implements Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly w: Matrix;
  readonly b: Matrix;
  readonly dw: Matrix;
  readonly db: Matrix;
  readonly parameters: readonly Parameter[];
  readonly #kernels: Kernels;
  readonly #z: Matrix;
  readonly #dx: Matrix | undefined;
  #x: Matrix | undefined;

  constructor(kernels: Kernels, inputs: number, outputs: number, options: DenseOptions) {
    const { batchSize, number = 1, inputGradient = true } = options;
    expectSize('Dense', 'inputs', inputs);
    expectSize('Dense', 'outputs', outputs);
    expectSize('Dense', 'rows in a batch', batchSize);
    this.inputs = inputs;
    this.outputs = outputs;
    this.w = kernels.weights(inputs, outputs);
    this.b = kernels.matrix(1, outputs);
    this.dw = kernels.weights(inputs, outputs);
    this.db = kernels.matrix(1, outputs);
    this.parameters = [
      { name: `W${number}`, value: this.w, gradient: this.dw, isWeight: true },
      { name: `b${number}`, value: this.b, gradient: this.db, isWeight: false },
    ];
    this.#kernels = kernels;
    this.#z = kernels.matrix(batchSize, outputs);
    this.#dx = inputGradient ? kernels.matrix(batchSize, inputs) : undefined;
  }

  /** Z = XW + b. */
  forward(x: Matrix): Matrix {
    expectColumns('Dense', 'input', x, this.inputs);
    this.#x = x;
    this.#kernels.affine(x, this.w, this.b, this.#z);
    return this.#z;
  }

  /** ∂L/∂W = Xᵀδ and ∂L/∂b = Σₙ δₙ (E2), ∂L/∂X = δWᵀ (E1). */
  backward(delta: Matrix): Matrix | undefined {
    expectColumns('Dense', 'delta', delta, this.outputs);
    const x = expectRemembered('Dense', this.#x, delta);
    this.#kernels.weightGradient(x, delta, this.dw);
    this.#kernels.columnSums(delta, this.db);
    if (this.#dx !== undefined) this.#kernels.inputGradient(delta, this.w, this.#dx);
    return this.#dx;
  }
}
