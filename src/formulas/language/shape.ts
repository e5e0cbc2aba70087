/** Shapes in letters and numbers: `K×M (5×3)`. */

/** A dimension: its size, and its letter where it has one. */
export interface Size {
  readonly size: number;
  readonly letter: string | null;
}

/** The shape of a matrix; numbers are 1 × 1. */
export interface Shape {
  readonly rows: Size;
  readonly cols: Size;
}

/** The dimension 1. */
export const ONE: Size = { size: 1, letter: null };

/** The shape of a number. */
export const SCALAR: Shape = { rows: ONE, cols: ONE };

/** Whether it is the shape of a number. */
export const isScalarShape = ({ rows, cols }: Shape): boolean => rows.size === 1 && cols.size === 1;

/** Whether two shapes are the same in numbers. */
export const sameShape = (a: Shape, b: Shape): boolean =>
  a.rows.size === b.rows.size && a.cols.size === b.cols.size;

/** The shape of the transpose. */
export const transposedShape = ({ rows, cols }: Shape): Shape => ({ rows: cols, cols: rows });

/** `K`, or the number of a dimension that has no letter. */
export const sizeText = ({ size, letter }: Size): string => letter ?? String(size);

/** `K×M (5×3)`; of dimensions without letters only the numbers; `a number` of 1 × 1. */
export function shapeText(shape: Shape): string {
  if (isScalarShape(shape)) return 'a number';
  const { rows, cols } = shape;
  const numbers = `${rows.size}×${cols.size}`;
  const letters = `${sizeText(rows)}×${sizeText(cols)}`;
  return letters === numbers ? numbers : `${letters} (${numbers})`;
}
