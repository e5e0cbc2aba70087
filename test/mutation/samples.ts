/** What the checks run on: matrices with room for more rows than are in use, targets, networks with their weights. */

import type { Kernels } from '../../src/kernels/kernels.ts';
import type { Matrix } from '../../src/kernels/matrix.ts';
import type { Random } from '../../src/kernels/random.ts';
import type { Parameter } from '../../src/network/layer.ts';
import type { Network, PerceptronOptions, TrainingTerms } from '../../src/network/network.ts';
import type { Program } from './linker.ts';

/** What stands in the rows that are not in use: a sum that takes them in shows it. */
export const UNUSED = 1e3;

/** Uniform in (−2, 2), with room for two rows more. */
export function drawn(kernels: Kernels, rows: number, cols: number, random: Random): Matrix {
  const matrix = kernels.matrix(rows + 2, cols);
  matrix.values.fill(UNUSED);
  matrix.rows = rows;
  for (let k = 0; k < rows * cols; k++) matrix.values[k] = random.uniform(-2, 2);
  return matrix;
}

/** One-hot, the classes from the last on in turn: the first is what an argmax falls back on. */
export function oneHot(kernels: Kernels, rows: number, cols: number): Matrix {
  const matrix = kernels.matrix(rows + 2, cols);
  matrix.rows = rows;
  for (let i = 0; i < rows; i++) matrix.values[i * cols + cols - 1 - (i % cols)] = 1;
  return matrix;
}

/** Rows that sum to 1, neither 0 nor 1 in them, and some entries below 0: the formulas hold for those too. */
export function soft(kernels: Kernels, rows: number, cols: number, random: Random): Matrix {
  const matrix = drawn(kernels, rows, cols, random);
  for (let i = 0; i < rows; i++) {
    const row = matrix.values.subarray(i * cols, (i + 1) * cols);
    let sum = 0;
    for (const value of row) sum += value;
    row.forEach((value, j) => {
      row[j] = value + (1 - sum) / cols;
    });
  }
  return matrix;
}

/** In each row the last two classes alike: the first of equals is the sample's. */
export function tied(kernels: Kernels, rows: number, cols: number): Matrix {
  const matrix = kernels.matrix(rows + 2, cols);
  matrix.rows = rows;
  for (let i = 0; i < rows; i++) matrix.values.fill(0.5, (i + 1) * cols - 2, (i + 1) * cols);
  return matrix;
}

/** Sets parameters that depend on the seed alone. */
export function fill(program: Program, parameters: readonly Parameter[], seed: number): void {
  const random = new program.Random(seed, 'parameters');
  for (const { value } of parameters) {
    for (let k = 0; k < value.rows * value.cols; k++) value.values[k] = random.uniform(-1.5, 1.5);
  }
}

/** A network with room for two rows more than a batch will have. */
export function networkOf(
  program: Program,
  kernels: Kernels,
  options: PerceptronOptions,
  rows: number,
  seed: number,
  terms: TrainingTerms = {},
): Network {
  const network = new program.Network(kernels, program.perceptron(options), rows + 2, terms);
  fill(program, network.parameters, seed);
  return network;
}
