/** What an optimizer is, and what those with a memory have in common. */

import type { Kernels } from '../../kernels/kernels.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import type { Parameter } from '../../network/layer.ts';

/** A matrix that an optimizer remembers from step to step. */
export interface OptimizerState {
  /** Of which parameter, and what: `W1.velocity`, `b2.squares`. */
  readonly name: string;
  /** Of the parameter's shape; read and set through the kernels. */
  readonly value: Matrix;
}

/** Moves parameters by the gradients that they hold. */
export interface Optimizer {
  /**
   * One step.
   *
   * @param learningRate η of this step, 0 or more
   * @throws RangeError if η is negative or not finite
   */
  step(learningRate: number): void;
  /** How many steps were taken; to be set along with `state` when a run is continued. */
  steps: number;
  /** All that it remembers besides `steps`, in the order of the parameters. */
  readonly state: readonly OptimizerState[];
}

/** The numbers of an optimizer's formula; each optimizer takes those it knows. */
export interface OptimizerSettings {
  /** μ of momentum and Nesterov: from 0 up to, not including, 1 (default 0.9). */
  readonly momentum?: number;
  /** ρ of RMSProp: from 0 up to, not including, 1 (default 0.9). */
  readonly rho?: number;
  /** β₁ of Adam and AdamW: from 0 up to, not including, 1 (default 0.9). */
  readonly beta1?: number;
  /** β₂ of Adam and AdamW: from 0 up to, not including, 1 (default 0.999). */
  readonly beta2?: number;
  /** ε of RMSProp, Adam and AdamW: above 0 (default 1e-8). */
  readonly epsilon?: number;
  /** λ of AdamW's decoupled decay: 0 or more (default 0). */
  readonly weightDecay?: number;
}

/** A parameter with the matrices that an optimizer remembers of it. */
export interface Remembered {
  readonly parameter: Parameter;
  readonly matrices: readonly Matrix[];
}

/** An optimizer that remembers matrices of each parameter's shape, all 0 at first. */
export abstract class StatefulOptimizer implements Optimizer {
  steps = 0;
  readonly state: readonly OptimizerState[];
  protected readonly kernels: Kernels;
  protected readonly remembered: readonly Remembered[];

  /** @param names of the matrices of each parameter */
  constructor(kernels: Kernels, parameters: readonly Parameter[], names: readonly string[]) {
    this.kernels = kernels;
    this.remembered = parameters.map((parameter) => ({
      parameter,
      matrices: names.map(() => alike(kernels, parameter)),
    }));
    this.state = this.remembered.flatMap(({ parameter, matrices }) =>
      matrices.map((value, i) => ({ name: `${parameter.name}.${names[i]}`, value })),
    );
  }

  abstract step(learningRate: number): void;
}

/** A matrix of zeros that lies in memory as the parameter does. */
function alike(kernels: Kernels, { value, isWeight }: Parameter): Matrix {
  return isWeight ? kernels.weights(value.rows, value.cols) : kernels.matrix(value.rows, value.cols);
}

/** @throws RangeError if it is negative or not finite */
export function expectNotNegative(where: string, what: string, value: number): number {
  if (value >= 0 && Number.isFinite(value)) return value;
  throw new RangeError(`${where}: expected ${what} of 0 or more, got ${value}`);
}

/** @throws RangeError if it is not in [0, 1) */
export function expectShare(where: string, what: string, value: number): number {
  if (value >= 0 && value < 1) return value;
  throw new RangeError(`${where}: expected ${what} from 0 up to, not including, 1, got ${value}`);
}

/** @throws RangeError if it is not above 0 and finite */
export function expectPositive(where: string, what: string, value: number): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw new RangeError(`${where}: expected ${what} above 0, got ${value}`);
}
