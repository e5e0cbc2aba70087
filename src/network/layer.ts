/** What the network is a stack of. */

import type { Matrix } from '../kernels/matrix.ts';

/** A tensor that training changes, with its gradient of the same shape. */
export interface Parameter {
  /** `W1`, `b1`, `W2`, … counted by dense layers from the input on. */
  readonly name: string;
  readonly value: Matrix;
  /** ∂L/∂value, overwritten by each `backward`. */
  readonly gradient: Matrix;
  /** Whether it is a matrix of weights, to which the penalties apply, or else a row of biases (C2). */
  readonly isWeight: boolean;
}

/** A differentiable map from rows to rows; `forward` remembers what `backward` needs. */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly parameters: readonly Parameter[];
  /** x [B, inputs] to [B, outputs]; the result belongs to the layer and is overwritten by the next call. */
  forward(x: Matrix): Matrix;
  /**
   * delta = ∂L/∂output [B, outputs] to ∂L/∂x [B, inputs]; overwrites the gradients of the parameters. Undefined
   * where the layer was made without `inputGradient`.
   */
  backward(delta: Matrix): Matrix | undefined;
}

/** How messages and reports name what has a name: `leaky-relu` is `LeakyRelu`. */
export const titleOf = (name: string): string =>
  name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** @throws RangeError if x does not have the columns that the layer expects */
export function expectColumns(where: string, what: string, x: Matrix, cols: number): void {
  if (x.cols !== cols) throw new RangeError(`${where}: expected ${cols} ${what} columns, got ${x.cols}`);
}

/** @throws RangeError if `backward` comes before `forward`, or with another number of rows */
export function expectRemembered(where: string, remembered: Matrix | undefined, delta: Matrix): Matrix {
  if (remembered === undefined) throw new RangeError(`${where}: expected forward before backward`);
  if (remembered.rows !== delta.rows) {
    throw new RangeError(
      `${where}: expected delta of ${remembered.rows} rows, as in forward, got ${delta.rows}`,
    );
  }
  return remembered;
}

/** @throws RangeError if a size is not a positive integer */
export function expectSize(where: string, what: string, size: number): void {
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`${where}: expected a positive whole number of ${what}, got ${size}`);
  }
}
