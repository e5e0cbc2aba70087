/** Matrices for tests: from and to nested arrays, filled at random, compared bit by bit. */

import type { Kernels } from '../../src/kernels/kernels.ts';
import type { Matrix, Samples } from '../../src/kernels/matrix.ts';
import type { Random } from '../../src/kernels/random.ts';

export type Nested = number[][];

export function matrixOf(kernels: Kernels, rows: Nested, capacity = rows.length): Matrix {
  const matrix = kernels.matrix(capacity, rows[0]?.length ?? 1);
  matrix.rows = rows.length;
  matrix.values.set(rows.flat());
  return matrix;
}

/** The rows in use, of a sparse matrix too. */
export function nested(matrix: Matrix): Nested {
  const { values, cols, nonzeros } = matrix;
  return Array.from({ length: matrix.rows }, (_, i) => {
    if (nonzeros === undefined) return [...values.subarray(i * cols, (i + 1) * cols)];
    const row = new Array<number>(cols).fill(0);
    for (let e = nonzeros.starts[i]; e < nonzeros.starts[i + 1]; e++) row[nonzeros.columns[e]] = values[e];
    return row;
  });
}

/** The bytes of the rows in use of a dense matrix: equal only where every bit is, −0 and 0 told apart. */
export function bytes(matrix: Matrix): Uint8Array {
  const { buffer, byteOffset } = matrix.values;
  const length = matrix.rows * matrix.cols * matrix.values.BYTES_PER_ELEMENT;
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, length).slice();
}

export function randomize(matrix: Matrix, random: Random, low = -1, high = 1): Matrix {
  for (let k = 0; k < matrix.rows * matrix.cols; k++) matrix.values[k] = random.uniform(low, high);
  return matrix;
}

export function randomMatrix(kernels: Kernels, rows: number, cols: number, random: Random): Matrix {
  return randomize(kernels.matrix(rows, cols), random);
}

/** The numbers of the unit matrix [size, size]. */
export function unitMatrix(size: number): Float32Array {
  const values = new Float32Array(size * size);
  for (let i = 0; i < size; i++) values[i * (size + 1)] = 1;
  return values;
}

/** A class at random for each row, one-hot. */
export function randomizeTargets(y: Matrix, random: Random): Matrix {
  y.values.fill(0);
  for (let i = 0; i < y.rows; i++) y.values[i * y.cols + random.below(y.cols)] = 1;
  return y;
}

/** Byte samples of which a share is not 0, the labels in turn. */
export function byteSamples(
  count: number,
  cols: number,
  share: number,
  classes: number,
  random: Random,
): Samples {
  const values = Uint8Array.from({ length: count * cols }, () =>
    random.uniform() < share ? 1 + random.below(255) : 0,
  );
  return {
    count,
    cols,
    values,
    scale: 1 / 255,
    labels: Uint8Array.from({ length: count }, (_, i) => i % classes),
    classes,
  };
}
