/** Gradient checks: the backward of a layer, a loss or a network against central differences of its forward. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Matrix } from '../kernels/matrix.ts';
import { Random } from '../kernels/random.ts';
import type { Layer, Parameter } from '../network/layer.ts';
import type { Loss } from '../network/losses.ts';
import type { Network } from '../network/network.ts';
import { centralDifferences, relativeError, STEP } from './finite-differences.ts';

/** The largest relative error of a gradient that passes, in float64. */
export const TOLERANCE = 1e-6;

/** What one check found. */
export interface GradientCheck {
  /**
   * What was checked: `Dense dW1` is a gradient; `Dense dW1 overwritten`, that backward leaves nothing in it of what
   * stood there before; `Dense delta unchanged`, that neither direction writes to what it is given.
   */
  readonly name: string;
  /** max |a − n| / max |n|, see `relativeError`; for `overwritten` and `unchanged` between after and before. */
  readonly maxRelativeError: number;
  /** The largest error that passes: 0 for `overwritten` and `unchanged`. */
  readonly tolerance: number;
  readonly passed: boolean;
}

export interface GradientCheckOptions {
  /** What the names of the results begin with (default: the name of the class). */
  readonly name?: string;
  /** The largest relative error of a gradient that passes (default `TOLERANCE`). */
  readonly tolerance?: number;
  /** The step of the central differences (default `STEP`). */
  readonly step?: number;
  /** Where δ, and what is put in the place of gradients and inputs to catch stale ones, are drawn from. */
  readonly random?: Random;
}

/** What `checkNetwork` needs of a `Network`. */
export type CheckedNetwork = Pick<Network, 'parameters' | 'forward' | 'loss' | 'penalty' | 'backward'>;

/**
 * Checks a layer's `backward` with a random upstream δ: of the scalar L = Σ δ ⊙ forward(x), ∂L/∂x (E1 and δ ⊙ φ′:
 * B8, D4, D5) and the gradient of every parameter (E2). Where the layer computes no ∂L/∂x, that is left out.
 *
 * @param kernels float64 kernels, those of the layer
 * @param layer with weights in it and room for x.rows rows; forward must be deterministic
 * @param x the inputs, [B, inputs], dense, away from kinks (see kinks.ts)
 * @throws RangeError if x is sparse or not float64, or does not fit the layer
 */
export function checkLayer(
  kernels: Kernels,
  layer: Layer,
  x: Matrix,
  options: GradientCheckOptions = {},
): GradientCheck[] {
  const report = new Report(layer.constructor.name, options);
  const { random } = report;
  const delta = drawn(kernels, x.rows, layer.outputs, random);

  // Another batch first, so that what backward must not use any more differs from what it must use.
  layer.forward(drawn(kernels, x.rows, layer.inputs, random));
  layer.backward(drawn(kernels, x.rows, layer.outputs, random));

  const givens = new Givens(report, { x, delta }, layer.parameters);
  const backward = () => {
    layer.forward(x);
    soil(layer.parameters, random);
    return copyOf(layer.backward(delta));
  };
  const dx = backward();
  const gradients = layer.parameters.map(({ gradient }) => copyOf(gradient) as Float64Array);
  givens.check();
  givens.restore();
  backward();
  report.overwritten(layer.parameters, gradients);
  givens.restore();

  const scalar = () => dot(delta, layer.forward(x));
  if (dx !== undefined) report.gradient('dx', dx, centralDifferences(x, scalar, report.step));
  report.gradients(layer.parameters, gradients, scalar);
  return report.results;
}

/**
 * Checks a loss's `backward`: ∂L/∂x of the mean over the batch (D4, C3, B5, E3, C8, E5; the 1/B of A3).
 *
 * @param kernels float64 kernels, those of the loss
 * @param loss with room for x.rows rows
 * @param x the network's outputs, [B, C], away from kinks (see kinks.ts)
 * @param y the targets, [B, C], one-hot
 * @throws RangeError if x is not float64, or if the shapes do not fit
 */
export function checkLoss(
  kernels: Kernels,
  loss: Loss,
  x: Matrix,
  y: Matrix,
  options: GradientCheckOptions = {},
): GradientCheck[] {
  const report = new Report(loss.constructor.name, options);
  loss.forward(drawn(kernels, x.rows, x.cols, report.random), otherTargets(kernels, y));
  loss.backward();

  const givens = new Givens(report, { x, y }, []);
  loss.forward(x, y);
  const dx = copyOf(loss.backward()) as Float64Array;
  givens.check();
  givens.restore();

  const scalar = () => loss.forward(x, y).values[0];
  report.gradient('dx', dx, centralDifferences(x, scalar, report.step));
  return report.results;
}

/**
 * Checks a network's `backward`: the gradient of L = loss + (λ/2) Σ w² (C2) by every parameter (C4, C6, D6, D7).
 *
 * @param kernels float64 kernels, those of the network
 * @param network with weights in it and room for x.rows rows
 * @param x the inputs, [B, inputs], dense or sparse, away from kinks (see kinks.ts)
 * @param y the targets, [B, classes], one-hot
 * @throws RangeError if the parameters are not float64, or if the shapes do not fit
 */
export function checkNetwork(
  kernels: Kernels,
  network: CheckedNetwork,
  x: Matrix,
  y: Matrix,
  options: GradientCheckOptions = {},
): GradientCheck[] {
  const report = new Report(network.constructor.name, options);
  const { random } = report;
  const { parameters } = network;
  const scalar = () => {
    network.forward(x);
    return network.loss(y).values[0] + network.penalty().values[0];
  };
  const backward = () => {
    scalar();
    soil(parameters, random);
    network.backward();
  };

  network.forward(drawn(kernels, x.rows, x.cols, random));
  network.loss(otherTargets(kernels, y));
  network.backward();

  const givens = new Givens(report, { x, y }, parameters);
  backward();
  const gradients = parameters.map(({ gradient }) => copyOf(gradient) as Float64Array);
  givens.check();
  givens.restore();
  backward();
  report.overwritten(parameters, gradients);
  givens.restore();

  report.gradients(parameters, gradients, scalar);
  return report.results;
}

/** The results so far, and how they are judged. */
class Report {
  readonly results: GradientCheck[] = [];
  readonly step: number;
  readonly random: Random;
  readonly #name: string;
  readonly #tolerance: number;

  constructor(className: string, options: GradientCheckOptions) {
    this.#name = options.name ?? className;
    this.#tolerance = options.tolerance ?? TOLERANCE;
    this.step = options.step ?? STEP;
    this.random = options.random ?? new Random(0, 'gradient check');
  }

  gradient(what: string, analytic: ArrayLike<number>, numeric: ArrayLike<number>): void {
    this.#add(what, relativeError(analytic, numeric), this.#tolerance);
  }

  gradients(parameters: readonly Parameter[], analytic: readonly Float64Array[], f: () => number): void {
    for (const [i, { name, value }] of parameters.entries()) {
      this.gradient(`d${name}`, analytic[i], centralDifferences(value, f, this.step));
    }
  }

  /** After a second backward onto other garbage than the first: equal to the first, or some garbage remained. */
  overwritten(parameters: readonly Parameter[], first: readonly Float64Array[]): void {
    for (const [i, { name, gradient }] of parameters.entries()) {
      this.#add(`d${name} overwritten`, relativeError(copyOf(gradient) as Float64Array, first[i]), 0);
    }
  }

  unchanged(what: string, after: ArrayLike<number>, before: ArrayLike<number>): void {
    this.#add(`${what} unchanged`, relativeError(after, before), 0);
  }

  #add(what: string, maxRelativeError: number, tolerance: number): void {
    const passed = maxRelativeError <= tolerance;
    this.results.push({ name: `${this.#name} ${what}`, maxRelativeError, tolerance, passed });
  }
}

/** What a backward may read and must not write: the inputs, δ or the targets, and the parameters' values. */
class Givens {
  readonly #report: Report;
  readonly #before: { what: string; matrix: Matrix; values: Float64Array }[];

  constructor(report: Report, inputs: Record<string, Matrix>, parameters: readonly Parameter[]) {
    this.#report = report;
    const matrices = [
      ...Object.entries(inputs),
      ...parameters.map(({ name, value }): [string, Matrix] => [name, value]),
    ];
    this.#before = matrices.map(([what, matrix]) => ({
      what,
      matrix,
      values: Float64Array.from(matrix.values),
    }));
  }

  check(): void {
    for (const { what, matrix, values } of this.#before) this.#report.unchanged(what, matrix.values, values);
  }

  restore(): void {
    for (const { matrix, values } of this.#before) matrix.values.set(values);
  }
}

/** A dense matrix of numbers uniform in (−1, 1). */
function drawn(kernels: Kernels, rows: number, cols: number, random: Random): Matrix {
  const matrix = kernels.matrix(rows, cols);
  for (let k = 0; k < rows * cols; k++) matrix.values[k] = random.uniform(-1, 1);
  return matrix;
}

/** Targets of which no row equals that of y, if y is one-hot: each row moved on by one class. */
function otherTargets(kernels: Kernels, y: Matrix): Matrix {
  const other = kernels.matrix(y.rows, y.cols);
  for (let k = 0; k < y.rows * y.cols; k++) {
    const column = k % y.cols;
    other.values[k - column + ((column + 1) % y.cols)] = y.values[k];
  }
  return other;
}

/** Fills the gradients with garbage that a backward which adds instead of overwriting would leave standing. */
function soil(parameters: readonly Parameter[], random: Random): void {
  for (const { gradient } of parameters) {
    for (let k = 0; k < gradient.rows * gradient.cols; k++) gradient.values[k] = random.uniform(-1e3, 1e3);
  }
}

function copyOf(matrix: Matrix | undefined): Float64Array | undefined {
  return matrix && Float64Array.from(matrix.values.subarray(0, matrix.rows * matrix.cols));
}

/** Σ a ⊙ b. */
function dot(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let k = 0; k < a.rows * a.cols; k++) sum += a.values[k] * b.values[k];
  return sum;
}
