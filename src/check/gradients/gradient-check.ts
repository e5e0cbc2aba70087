/** Gradient checks: the backward of a layer, a loss or a network against a derivative of its own forward. */

import type { Kernels } from '../../kernels/kernels.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import type { Random } from '../../kernels/random.ts';
import type { Layer, Parameter } from '../../network/layer.ts';
import type { Loss } from '../../network/losses.ts';
import type { Network } from '../../network/network.ts';
import type { L2 } from '../../network/penalties.ts';
import { complexDerivative, weightedComplexDerivative } from './complex-step.ts';
import {
  type Circumstances,
  circumstancesOf,
  copyOf,
  Givens,
  type GradientCheck,
  type GradientCheckOptions,
  Report,
  tensorOf,
} from './gradient-report.ts';

export { type GradientCheck, type GradientCheckOptions, TOLERANCE, type Witness } from './gradient-report.ts';

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
  const matrices = { x, ...Object.fromEntries(parameters.map(({ name, value }) => [name, value])) };
  const circumstances: Circumstances = {
    ...circumstancesOf(matrices, () => dot(delta, layer.forward(x)), delta),
    output: tensorOf(layer.forward(x)),
    loss: false,
  };
  if (dx !== undefined) report.gradient('dx', x, dx, derivative(0), circumstances);
  parameters.forEach(({ name, value }, i) => {
    report.gradient(`d${name}`, value, gradients[i], derivative(i + 1), circumstances);
  });
  return report.results;
}

/**
 * Checks a loss's `backward`: ∂L/∂x of the mean over the batch (D4, C3, B5, E3, X15, E5; the 1/B of A2).
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
  const scalar = () => loss.forward(x, y).values[0];
  report.gradient('dx', x, dx, derivative(0), { ...circumstancesOf({ x, y }, scalar), loss: true });
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
 * Checks a penalty's `backward`: λW of L2 (C4, C6) or λ sign(W) of L1 (X25) added to what stands in the weights' gradients,
 * nothing to the biases'.
 *
 * @param make the term and the parameters it was made with
 */
export function checkPenalty(
  make: Make<{ readonly l2: Pick<L2, 'forward' | 'backward'>; readonly parameters: readonly Parameter[] }>,
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

/** Σ a ⊙ b. */
function dot(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let k = 0; k < a.rows * a.cols; k++) sum += a.values[k] * b.values[k];
  return sum;
}
