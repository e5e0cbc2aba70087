/** Gradient checks: the backward of a layer, a loss or a network against a derivative of its own forward. */

import { ComplexKernels, type ComplexMatrix } from '../kernels/complex.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Matrix } from '../kernels/matrix.ts';
import { Random } from '../kernels/random.ts';
import { ReferenceKernels } from '../kernels/reference.ts';
import type { L2 } from '../network/l2.ts';
import type { Layer, Parameter } from '../network/layer.ts';
import type { Loss } from '../network/losses.ts';
import type { Network } from '../network/network.ts';
import { complexDerivative, weightedComplexDerivative } from './complex-step.ts';
import { compare, type Derivative, relativeError } from './derivative.ts';
import { centralDifferences } from './finite-differences.ts';

/** How the derivative of the forward is taken. */
export type Witness = 'complex-step' | 'central-difference';

/** The largest relative error of a gradient that passes, in float64. */
export const TOLERANCE: Readonly<Record<Witness, number>> = {
  'complex-step': 1e-12,
  'central-difference': 1e-6,
};

/** What the check of one tensor found. */
export interface GradientCheck {
  /**
   * `dW1` is a gradient; `dW1 overwritten`, that backward leaves nothing in it of what stood there before;
   * `delta unchanged`, that neither direction writes to what it is given.
   */
  readonly what: string;
  /** See `compare`; for `overwritten` and `unchanged` between after and before. */
  readonly error: number;
  /** The largest error that passes: 0 for `overwritten` and `unchanged`. */
  readonly tolerance: number;
  /** How many entries lie at a kink. */
  readonly unchecked: number;
  readonly passed: boolean;
  readonly shape: readonly [rows: number, cols: number];
  /** What the backward gave, row-major. */
  readonly analytic: Float64Array;
  /** What it was compared with, row-major. */
  readonly numeric: Float64Array;
}

export interface GradientCheckOptions {
  /** How the derivative is taken (default `complex-step`). */
  readonly witness?: Witness;
  /** The largest relative error of a gradient that passes (default the witness's `TOLERANCE`). */
  readonly tolerance?: number;
  /** Where δ, and what is put in the place of gradients and inputs to catch stale ones, are drawn from. */
  readonly random?: Random;
  /** The float64 kernels on which forward and backward run (default the reference). */
  readonly kernels?: Kernels;
}

/** Makes what is checked on kernels of the check's choosing, with its weights in it, the same each time. */
export type Make<T> = (kernels: Kernels) => T;

/** What `checkNetwork` needs of a `Network`. */
export type CheckedNetwork = Pick<Network, 'parameters' | 'forward' | 'loss' | 'penalty' | 'backward'>;

/**
 * Checks a layer's `backward` with a random upstream δ: of the scalar L = Σ δ ⊙ forward(x), ∂L/∂x (E1 and δ ⊙ φ′:
 * B8, D4, D5) and the gradient of every parameter (E2). Where the layer computes no ∂L/∂x, that is left out.
 *
 * @param make a layer with room for as many rows as x has room for
 * @param x the inputs, [B, inputs], float64 and dense
 * @throws RangeError if x does not fit the layer
 */
export function checkLayer(
  make: Make<Layer>,
  x: Matrix,
  options: GradientCheckOptions = {},
): GradientCheck[] {
  const report = new Report(options);
  const { kernels, random } = report;
  const layer = make(kernels);
  const { parameters } = layer;
  const delta = drawn(kernels, x.rows, layer.outputs, random);

  const anotherBatch = (rows: number) => {
    layer.forward(drawn(kernels, rows, layer.inputs, random));
    layer.backward(drawn(kernels, rows, layer.outputs, random));
  };
  anotherBatch(x.rows);

  const givens = new Givens(report, { x, delta }, parameters);
  const backward = () => {
    layer.forward(x);
    soil(parameters, random);
    return copyOf(layer.backward(delta));
  };
  const dx = backward();
  const gradients = parameters.map(({ gradient }) => copyOf(gradient) as Float64Array);
  givens.check();
  givens.restore();
  anotherBatch(otherRows(x));
  backward();
  report.overwritten(parameters, gradients);
  givens.restore();

  const derivative = report.derivatives(
    [x, ...values(parameters)],
    () => dot(delta, layer.forward(x)),
    (complex, [twinX]) => {
      const twin = make(complex);
      return {
        tensors: [twinX, ...values(twin.parameters)],
        derivative: (tensor) =>
          weightedComplexDerivative(complex, tensor, () => twin.forward(twinX), delta.values),
      };
    },
  );
  if (dx !== undefined) report.gradient('dx', x, dx, derivative(0));
  parameters.forEach(({ name, value }, i) => {
    report.gradient(`d${name}`, value, gradients[i], derivative(i + 1));
  });
  return report.results;
}

/**
 * Checks a loss's `backward`: ∂L/∂x of the mean over the batch (D4, C3, B5, E3, C8, E5; the 1/B of A3).
 *
 * @param make a loss with room for as many rows as x has room for
 * @param x the network's outputs, [B, C], float64 and dense
 * @param y the targets, [B, C], one-hot
 * @throws RangeError if the shapes do not fit
 */
export function checkLoss(
  make: Make<Loss>,
  x: Matrix,
  y: Matrix,
  options: GradientCheckOptions = {},
): GradientCheck[] {
  const report = new Report(options);
  const { kernels, random } = report;
  const loss = make(kernels);
  const anotherBatch = (rows: number) => {
    loss.forward(drawn(kernels, rows, x.cols, random), otherTargets(kernels, rows, y));
    loss.backward();
  };
  anotherBatch(x.rows);

  const givens = new Givens(report, { x, y }, []);
  const backward = () => {
    loss.forward(x, y);
    return copyOf(loss.backward()) as Float64Array;
  };
  const dx = backward();
  givens.check();
  givens.restore();
  anotherBatch(otherRows(x));
  report.same('dx overwritten', x, backward(), dx);
  givens.restore();

  const derivative = report.derivatives(
    [x, y],
    () => loss.forward(x, y).values[0],
    (complex, [twinX, twinY]) => {
      const twin = make(complex);
      return {
        tensors: [twinX],
        derivative: (tensor) => complexDerivative(complex, tensor, () => twin.forward(twinX, twinY)),
      };
    },
  );
  report.gradient('dx', x, dx, derivative(0));
  return report.results;
}

/**
 * Checks a network's `backward`: the gradient of L = loss + (λ/2) Σ w² (C2) by every parameter (C4, C6, D6, D7).
 *
 * @param make a network with room for as many rows as x has room for
 * @param x the inputs, [B, inputs], float64, dense or sparse
 * @param y the targets, [B, classes], one-hot
 * @throws RangeError if the shapes do not fit
 */
export function checkNetwork(
  make: Make<CheckedNetwork>,
  x: Matrix,
  y: Matrix,
  options: GradientCheckOptions = {},
): GradientCheck[] {
  const report = new Report(options);
  const { kernels, random } = report;
  const network = make(kernels);
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

  const anotherBatch = (rows: number) => {
    network.forward(drawn(kernels, rows, x.cols, random));
    network.loss(otherTargets(kernels, rows, y));
    network.backward();
  };
  anotherBatch(x.rows);

  const givens = new Givens(report, { x, y }, parameters);
  backward();
  const gradients = parameters.map(({ gradient }) => copyOf(gradient) as Float64Array);
  givens.check();
  givens.restore();
  anotherBatch(otherRows(x));
  backward();
  report.overwritten(parameters, gradients);
  givens.restore();

  const derivative = report.derivatives([...values(parameters), x, y], scalar, (complex, twins) => {
    const [twinX, twinY] = twins.slice(-2);
    const twin = make(complex);
    const sum = complex.matrix(1, 1);
    return {
      tensors: values(twin.parameters),
      derivative: (tensor) =>
        complexDerivative(complex, tensor, () => {
          twin.forward(twinX);
          complex.fill(sum, 0);
          complex.addScaled(twin.loss(twinY), 1, sum);
          complex.addScaled(twin.penalty(), 1, sum);
          return sum;
        }),
    };
  });
  parameters.forEach(({ name, value }, i) => {
    report.gradient(`d${name}`, value, gradients[i], derivative(i));
  });
  return report.results;
}

/**
 * Checks the L2 term's `backward`: λW added to what stands in the weights' gradients (C4, C6), nothing to the biases'.
 *
 * @param make the term and the parameters it was made with
 */
export function checkPenalty(
  make: Make<{ readonly l2: L2; readonly parameters: readonly Parameter[] }>,
  options: GradientCheckOptions = {},
): GradientCheck[] {
  const report = new Report(options);
  const { l2, parameters } = make(report.kernels);
  // Halves: adding to them and subtracting them again is nearly exact beside λW.
  for (const { gradient } of parameters) report.kernels.fill(gradient, 0.5);
  const givens = new Givens(report, {}, parameters);
  l2.backward();
  givens.check();
  const gradients = parameters.map(({ gradient }) =>
    (copyOf(gradient) as Float64Array).map((value) => value - 0.5),
  );
  const derivative = report.derivatives(
    values(parameters),
    () => l2.forward().values[0],
    (complex) => {
      const twin = make(complex);
      return {
        tensors: values(twin.parameters),
        derivative: (tensor) => complexDerivative(complex, tensor, () => twin.l2.forward()),
      };
    },
  );
  parameters.forEach(({ name, value }, i) => {
    report.gradient(`d${name}`, value, gradients[i], derivative(i));
  });
  return report.results;
}

/** What was built on complex kernels for the derivatives. */
interface Twin {
  /** By which derivatives can be taken; the parameters among them hold what the originals hold. */
  readonly tensors: readonly Matrix[];
  derivative(tensor: ComplexMatrix): Derivative;
}

/** The results so far, and how they are judged. */
class Report {
  readonly results: GradientCheck[] = [];
  readonly random: Random;
  readonly kernels: Kernels;
  readonly #witness: Witness;
  readonly #tolerance: number;

  constructor(options: GradientCheckOptions) {
    this.#witness = options.witness ?? 'complex-step';
    this.#tolerance = options.tolerance ?? TOLERANCE[this.#witness];
    this.random = options.random ?? new Random(0, 'gradient check');
    this.kernels = options.kernels ?? new ReferenceKernels('float64');
  }

  /**
   * The witness: a function that gives the derivative by the i-th tensor.
   *
   * @param tensors what the scalar depends on
   * @param scalar evaluates it
   * @param makeTwin builds the same on complex kernels, given complex copies of all of `tensors`
   */
  derivatives(
    tensors: readonly Matrix[],
    scalar: () => number,
    makeTwin: (complex: ComplexKernels, copies: readonly ComplexMatrix[]) => Twin,
  ): (i: number) => Derivative {
    if (this.#witness === 'central-difference') {
      return (i) => {
        const { values, rows, cols } = tensors[i];
        return centralDifferences(values.subarray(0, rows * cols) as Float64Array, scalar);
      };
    }
    const complex = new ComplexKernels();
    const twin = makeTwin(
      complex,
      tensors.map((tensor) => complexCopy(complex, tensor)),
    );
    twin.tensors.forEach((tensor, i) => {
      complex.write(tensor, dense(tensors[i]));
    });
    return (i) => twin.derivative(twin.tensors[i] as ComplexMatrix);
  }

  gradient(what: string, { rows, cols }: Matrix, analytic: Float64Array, derivative: Derivative): void {
    const { error, unchecked } = compare(analytic, derivative);
    this.#add(what, [rows, cols], analytic, derivative.values, error, this.#tolerance, unchecked);
  }

  /** After a second backward onto other garbage than the first: equal to the first, or some garbage remained. */
  overwritten(parameters: readonly Parameter[], first: readonly Float64Array[]): void {
    for (const [i, { name, gradient }] of parameters.entries()) {
      this.same(`d${name} overwritten`, gradient, copyOf(gradient) as Float64Array, first[i]);
    }
  }

  same(what: string, { rows, cols }: Matrix, after: Float64Array, before: Float64Array): void {
    this.#add(what, [rows, cols], after, before, relativeError(after, before), 0, 0);
  }

  #add(
    what: string,
    shape: readonly [number, number],
    analytic: Float64Array,
    numeric: Float64Array,
    error: number,
    tolerance: number,
    unchecked: number,
  ): void {
    const passed = error <= tolerance;
    this.results.push({ what, error, tolerance, unchecked, passed, shape, analytic, numeric });
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
    for (const { what, matrix, values } of this.#before) {
      this.#report.same(`${what} unchanged`, matrix, Float64Array.from(matrix.values), values);
    }
  }

  restore(): void {
    for (const { matrix, values } of this.#before) matrix.values.set(values);
  }
}

const values = (parameters: readonly Parameter[]): Matrix[] => parameters.map(({ value }) => value);

/** A dense matrix of numbers uniform in (−1, 1). */
function drawn(kernels: Kernels, rows: number, cols: number, random: Random): Matrix {
  const matrix = kernels.matrix(rows, cols);
  for (let k = 0; k < rows * cols; k++) matrix.values[k] = random.uniform(-1, 1);
  return matrix;
}

/**
 * Another number of rows than x has, all that it has room for or one less. Before the first backward runs a batch of as
 * many rows as x, before the second one of another size: what backward must not use any more then differs from what it
 * must use, once in its values and once in the number of rows.
 */
const otherRows = ({ rows, capacity }: Matrix): number =>
  capacity > rows ? capacity : Math.max(1, rows - 1);

/** Targets of which no row equals that of y, if y is one-hot: each moved on by one class, again from the top. */
function otherTargets(kernels: Kernels, rows: number, y: Matrix): Matrix {
  const other = kernels.matrix(rows, y.cols);
  for (let i = 0; i < rows; i++) {
    const from = (i % y.rows) * y.cols;
    for (let j = 0; j < y.cols; j++) other.values[i * y.cols + ((j + 1) % y.cols)] = y.values[from + j];
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

/** The entries in use, row-major, the zeros of a sparse matrix among them. */
function dense({ rows, cols, values, nonzeros }: Matrix): Float64Array {
  const all = new Float64Array(rows * cols);
  if (nonzeros === undefined) {
    all.set(values.subarray(0, all.length));
    return all;
  }
  for (let i = 0; i < rows; i++) {
    for (let e = nonzeros.starts[i]; e < nonzeros.starts[i + 1]; e++)
      all[i * cols + nonzeros.columns[e]] = values[e];
  }
  return all;
}

function complexCopy(complex: ComplexKernels, matrix: Matrix): ComplexMatrix {
  const copy = complex.matrix(matrix.rows, matrix.cols);
  complex.write(copy, dense(matrix));
  return copy;
}

/** Σ a ⊙ b. */
function dot(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let k = 0; k < a.rows * a.cols; k++) sum += a.values[k] * b.values[k];
  return sum;
}
