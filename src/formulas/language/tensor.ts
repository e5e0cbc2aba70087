/** The matrices that equations are evaluated on: plain float64, row-major. */

/** A matrix [rows, cols]; numbers are 1 × 1. */
export interface Tensor {
  readonly rows: number;
  readonly cols: number;
  /** Row-major. */
  readonly values: Float64Array;
}

/** A tensor with entry (i, j) = f(i, j). */
export function fill(rows: number, cols: number, f: (i: number, j: number) => number): Tensor {
  const values = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) values[i * cols + j] = f(i, j);
  return { rows, cols, values };
}

/** A number as a tensor [1, 1]. */
export const scalar = (value: number): Tensor => ({ rows: 1, cols: 1, values: Float64Array.of(value) });

/** Whether a tensor is a number. */
export const isScalar = ({ rows, cols }: { rows: number; cols: number }): boolean => rows === 1 && cols === 1;

/** f of each entry. */
export const map = (a: Tensor, f: (value: number) => number): Tensor => ({
  ...a,
  values: a.values.map((v) => f(v)),
});

/** The transpose. */
export const transpose = (a: Tensor): Tensor => fill(a.cols, a.rows, (i, j) => a.values[j * a.cols + i]);

/** The matrix product, of shapes that fit. */
export function multiply(a: Tensor, b: Tensor): Tensor {
  return fill(a.rows, b.cols, (i, j) => {
    let sum = 0;
    for (let k = 0; k < a.cols; k++) sum += a.values[i * a.cols + k] * b.values[k * b.cols + j];
    return sum;
  });
}

/** f entry by entry; a dimension of 1 is repeated along the other's. */
export function zip(a: Tensor, b: Tensor, f: (a: number, b: number) => number): Tensor {
  const at = (t: Tensor, i: number, j: number) =>
    t.values[(t.rows === 1 ? 0 : i) * t.cols + (t.cols === 1 ? 0 : j)];
  return fill(Math.max(a.rows, b.rows), Math.max(a.cols, b.cols), (i, j) => f(at(a, i, j), at(b, i, j)));
}

/** r × 1. */
export const rowSums = (a: Tensor): Tensor =>
  multiply(
    a,
    fill(a.cols, 1, () => 1),
  );

/** 1 × c. */
export const columnSums = (a: Tensor): Tensor =>
  multiply(
    fill(1, a.rows, () => 1),
    a,
  );
