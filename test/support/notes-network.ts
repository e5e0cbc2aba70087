/** The project's side of the comparison with the notes: parameters from nested arrays, gradients back to them. */

import type { Kernels } from '../../src/kernels/kernels.ts';
import type { Matrix } from '../../src/kernels/matrix.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { type LossName, MeanLoss } from '../../src/network/losses.ts';
import { Network, type PerceptronOptions, perceptron } from '../../src/network/network.ts';
import { Sgd } from '../../src/train/optimizers/optimizers.ts';
import { fill, type Rows } from './notes-matrix.ts';

export const kernels: Kernels = new ReferenceKernels('float64');

/** Overwrites a dense matrix with the rows of a nested array of the same shape. */
export function setRows(matrix: Matrix, rows: Rows): void {
  if (matrix.rows !== rows.length || rows.some((row) => row.length !== matrix.cols)) {
    throw new RangeError(`expected ${matrix.rows} × ${matrix.cols}, got ${rows.length} × ${rows[0].length}`);
  }
  matrix.values.set(rows.flat());
}

export function matrixOf(rows: Rows): Matrix {
  const matrix = kernels.matrix(rows.length, rows[0].length);
  setRows(matrix, rows);
  return matrix;
}

export const rowsOf = (matrix: Matrix): Rows =>
  fill(matrix.rows, matrix.cols, (i, j) => matrix.values[i * matrix.cols + j]);

/** Tensors by the network's names for its parameters, W as [nIn, nOut] and b as [1, nOut]. */
export type Tensors = Record<string, Rows>;

/** A network of these sizes that holds these parameters. */
export function networkOf(options: PerceptronOptions, parameters: Tensors, batchSize: number): Network {
  const network = new Network(kernels, perceptron(options), batchSize);
  for (const { name, value } of network.parameters) setRows(value, parameters[name]);
  return network;
}

/** What one step of training computes and leaves behind. */
export interface Step {
  /** The mean loss, without the L2 term. */
  readonly loss: number;
  readonly penalty: number;
  readonly gradient: Tensors;
  /** The parameters after the step. */
  readonly updated: Tensors;
  /** ∂L/∂(input of layer l) for the network's layers l, dense and activation; the first has none. */
  readonly deltas: readonly (Rows | undefined)[];
}

/** One step of gradient descent on the inputs x (rows, or a matrix ready made) and the targets y. */
export function oneStep(
  options: PerceptronOptions,
  parameters: Tensors,
  x: Rows | Matrix,
  y: Rows,
  learningRate: number,
): Step {
  const network = networkOf(options, parameters, y.length);
  const targets = matrixOf(y);
  const outputs = network.forward(Array.isArray(x) ? matrixOf(x) : x);

  // The δ of each layer, which `Network.backward` keeps to itself, by the same layers one at a time.
  const loss = new MeanLoss(kernels, network.spec.loss.name, network.classes, y.length);
  loss.forward(outputs, targets);
  const deltas: (Rows | undefined)[] = [];
  let delta: Matrix | undefined = loss.backward();
  for (let l = network.layers.length - 1; l >= 0 && delta !== undefined; l--) {
    delta = network.layers[l].backward(delta);
    deltas[l] = delta && rowsOf(delta);
  }

  // So that what is compared below is what `Network.backward` itself has written.
  for (const { gradient } of network.parameters) gradient.values.fill(Number.NaN);
  const mean = network.loss(targets).values[0];
  const penalty = network.penalty().values[0];
  network.backward();
  const gradient = tensors(network, 'gradient');
  new Sgd(kernels, network.parameters).step(learningRate);
  return { loss: mean, penalty, gradient, updated: tensors(network, 'value'), deltas };
}

function tensors(network: Network, which: 'value' | 'gradient'): Tensors {
  return Object.fromEntries(
    network.parameters.map((parameter) => [parameter.name, rowsOf(parameter[which])]),
  );
}

/** A loss and its gradient at these scores, by the loss class alone; both are means over the rows. */
export function lossAt(name: LossName, scores: Rows, y: Rows): { loss: number; delta: Rows } {
  const loss = new MeanLoss(kernels, name, scores[0].length, scores.length);
  const mean = loss.forward(matrixOf(scores), matrixOf(y)).values[0];
  return { loss: mean, delta: rowsOf(loss.backward()) };
}
