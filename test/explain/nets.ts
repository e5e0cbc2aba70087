/** Small networks with random weights, and samples for them. */

import { type Explanation, explain } from '../../src/explain/explain.ts';
import type { Matrix } from '../../src/kernels/matrix.ts';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { ACTIVATION_NAMES } from '../../src/network/activations.ts';
import { LOSS_NAMES } from '../../src/network/losses.ts';
import { Network, type PerceptronOptions, perceptron } from '../../src/network/network.ts';
import { Sgd } from '../../src/train/optimizers/optimizers.ts';
import type { Rows } from '../support/notes-matrix.ts';
import type { Tensors } from './literal.ts';

export const kernels = new ReferenceKernels('float64');

export const INPUTS = 6;
export const CLASSES = 4;

const HIDDEN: readonly (readonly number[])[] = [[], [5], [5, 7], [5, 7, 3]];

/** Every loss with every activation and 0 to 3 hidden layers, with and without weight decay. */
export const COMBINATIONS = LOSS_NAMES.flatMap((loss) =>
  ACTIVATION_NAMES.flatMap((activation) =>
    HIDDEN.flatMap((hidden) =>
      [0, 0.1].map((l2) => ({
        title: `${loss}, ${activation}, ${hidden.length} hidden${l2 > 0 ? ', L2' : ''}`,
        options: { inputs: INPUTS, hidden, classes: CLASSES, activation, loss, l2 } as PerceptronOptions,
      })),
    ),
  ),
);

/** A network whose weights and biases are drawn from the seed. */
export function randomNetwork(options: PerceptronOptions, seed = 3): Network {
  const network = new Network(kernels, perceptron(options), 1);
  const random = new Random(seed, 'explain');
  for (const { value } of network.parameters) {
    kernels.write(
      value,
      Float64Array.from({ length: value.rows * value.cols }, () => random.uniform(-1, 1)),
    );
  }
  return network;
}

/** A sample in which, as in an image, not every input is other than 0. */
export const SAMPLE: Rows = [[0.7, 0, 0.25, 1, 0, 0.5]];

export function rowMatrix(row: readonly number[]): Matrix {
  const matrix = kernels.matrix(1, row.length);
  kernels.write(matrix, row);
  return matrix;
}

export const oneHot = (label: number): Matrix =>
  rowMatrix(Array.from({ length: CLASSES }, (_, j) => (j === label ? 1 : 0)));

export function explained(network: Network, label: number, learningRate = 1e-3, l1 = 0): Explanation {
  const sgd = new Sgd(kernels, network.parameters);
  const descent = { learningRate, step: () => sgd.step(learningRate) };
  return explain(kernels, network, rowMatrix(SAMPLE[0]), oneHot(label), descent, l1);
}

/** The parameters as nested arrays, biases as one row. */
export function tensorsOf(network: Network): Tensors {
  return Object.fromEntries(network.parameters.map(({ name, value }) => [name, rowsOf(value)]));
}

export function rowsOf({ rows, cols, values }: Matrix): Rows {
  return Array.from({ length: rows }, (_, i) => [...values.subarray(i * cols, (i + 1) * cols)]);
}
