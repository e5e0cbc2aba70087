/** How a gradient check takes its derivatives and judges what it finds. */

import { ComplexKernels, type ComplexMatrix } from '../../kernels/complex.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { Random } from '../../kernels/random.ts';
import { ReferenceKernels } from '../../kernels/reference.ts';
import type { Parameter } from '../../network/layer.ts';
import type { Evidence } from '../diagnosis/evidence.ts';
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
  /** Where a gradient is from, for its diagnosis. */
  readonly circumstances?: Circumstances;
}

/** The numbers that a gradient was computed from, and what the scalar does at others. */
export type Circumstances = Required<Pick<Evidence, 'point' | 'loss' | 'derivative' | 'scalar'>> &
  Pick<Evidence, 'output'>;

/** How a gradient is checked. */
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

/** What was built on complex kernels for the derivatives. */
export interface Twin {
  /** By which derivatives can be taken; the parameters among them hold what the originals hold. */
  readonly tensors: readonly Matrix[];
  derivative(tensor: ComplexMatrix): Derivative;
}

/** The results so far, and how they are judged. */
export class Report {
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

  gradient(
    what: string,
    matrix: Matrix,
    analytic: Float64Array,
    derivative: Derivative,
    circumstances?: Circumstances,
  ): void {
    const { error, unchecked } = compare(analytic, derivative);
    this.#add(what, matrix, analytic, derivative.values, {
      ...{ error, unchecked, tolerance: this.#tolerance },
      ...(circumstances && { circumstances }),
    });
  }

  /** After a second backward onto other garbage than the first: equal to the first, or some garbage remained. */
  overwritten(parameters: readonly Parameter[], first: readonly Float64Array[]): void {
    for (const [i, { name, gradient }] of parameters.entries()) {
      this.same(`d${name} overwritten`, gradient, copyOf(gradient) as Float64Array, first[i]);
    }
  }

  same(what: string, matrix: Matrix, after: Float64Array, before: Float64Array): void {
    this.#add(what, matrix, after, before, {
      error: relativeError(after, before),
      tolerance: 0,
      unchecked: 0,
    });
  }

  #add(
    what: string,
    { rows, cols }: Matrix,
    analytic: Float64Array,
    numeric: Float64Array,
    found: Pick<GradientCheck, 'error' | 'tolerance' | 'unchecked' | 'circumstances'>,
  ): void {
    const passed = found.error <= found.tolerance;
    this.results.push({ what, ...found, passed, shape: [rows, cols], analytic, numeric });
  }
}

/** What a backward may read and must not write: the inputs, δ or the targets, and the parameters' values. */
export class Givens {
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

/** What a diagnosis may ask: the numbers as they are, and the scalar and its derivatives where they are others. */
export function circumstancesOf(
  matrices: Readonly<Record<string, Matrix>>,
  scalar: () => number,
  delta?: Matrix,
): Omit<Circumstances, 'loss'> {
  const tensors = Object.fromEntries(
    Object.entries(matrices).map(([name, matrix]) => [name, tensorOf(matrix)]),
  );
  const here = { tensors, delta: delta && tensorOf(delta) };
  const set = (point: Circumstances['point']) => {
    for (const [name, matrix] of Object.entries(matrices)) matrix.values.set(point.tensors[name].values);
    if (point.delta !== undefined) delta?.values.set(point.delta.values);
  };
  const at = <T>(point: Circumstances['point'], f: () => T): T => {
    set(point);
    const found = f();
    set(here);
    return found;
  };
  return {
    point: here,
    scalar: (point) => at(point, scalar),
    derivative: (name, point) =>
      at(point, () => {
        const { values, rows, cols } = matrices[name];
        return centralDifferences(values.subarray(0, rows * cols) as Float64Array, scalar).values;
      }),
  };
}

export const tensorOf = (matrix: Matrix) => ({
  shape: [matrix.rows, matrix.cols],
  values: copyOf(matrix) as Float64Array,
});

export function copyOf(matrix: Matrix | undefined): Float64Array | undefined {
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
