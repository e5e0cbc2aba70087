/** Arrays as a user's module has them, nested or flat, and the tensors that the check computes with. */

/** Sizes, the outermost first; of a number, none. */
export type TensorShape = readonly number[];

/** A tensor of float64, row-major. */
export interface Float64Tensor {
  readonly shape: TensorShape;
  readonly values: Float64Array;
}

/** How a module has its arrays: as nested plain arrays, or as one flat row-major Float64Array each. */
export type ArrayLayout = 'nested' | 'float64';

/** How many entries a tensor of this shape has. */
export const tensorSize = (shape: TensorShape): number => shape.reduce((size, n) => size * n, 1);

/** `3×2`, `[4]` or `a number`. */
export const tensorShapeText = (shape: TensorShape): string =>
  shape.length > 1 ? shape.join('×') : shape.length === 1 ? `[${shape[0]}]` : 'a number';

/** `[0, 1]`: where the k-th entry of a tensor of this shape stands. */
export function entryText(shape: TensorShape, k: number): string {
  const index: number[] = [];
  let rest = k;
  for (const n of [...shape].reverse()) {
    index.unshift(rest % n);
    rest = Math.floor(rest / n);
  }
  return `[${index.join(', ')}]`;
}

/** Whether two shapes are equal. */
export const sameTensorShape = (a: TensorShape, b: TensorShape): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/** A fresh array with a tensor's values, as a module expects it. */
export function toArray({ shape, values }: Float64Tensor, layout: ArrayLayout): unknown {
  if (shape.length === 0) return values[0];
  return layout === 'float64' ? values.slice() : nest(shape, values, 0);
}

function nest(shape: TensorShape, values: Float64Array, from: number): unknown[] {
  const [n, ...inner] = shape;
  const size = tensorSize(inner);
  return Array.from({ length: n }, (_, i) =>
    inner.length === 0 ? values[from + i] : nest(inner, values, from + i * size),
  );
}

/** What a module returned, read. */
export interface ReadArray extends Float64Tensor {
  /** Whether it came as one typed array, whose rows nobody can see. */
  readonly flat: boolean;
}

/**
 * Reads a number, a typed array, or nested arrays of one shape.
 *
 * @returns what is wrong with it, in words, where it is none of them: `rows of 3 and 2 entries`
 */
export function readArray(value: unknown): ReadArray | string {
  if (typeof value === 'number') return { shape: [], values: Float64Array.of(value), flat: false };
  if (isTypedArray(value)) return { shape: [value.length], values: Float64Array.from(value), flat: true };
  if (!Array.isArray(value)) return kindOf(value);
  const entries: unknown[] = Array.from(value);
  const parts = entries.map(readArray);
  for (const [i, part] of parts.entries()) {
    if (typeof part === 'string') return /^rows of| at \[/.test(part) ? part : `${part} at [${i}]`;
  }
  const read = parts as ReadArray[];
  const odd = read.find(({ shape }) => !sameTensorShape(shape, read[0].shape));
  if (odd !== undefined) return `rows of ${tensorSize(read[0].shape)} and ${tensorSize(odd.shape)} entries`;
  const values = Float64Array.from(read.flatMap((part) => [...part.values]));
  return { shape: [read.length, ...(read[0]?.shape ?? [])], values, flat: false };
}

/** What a value is, for a message: `undefined`, `a Promise (async functions cannot be checked)`, `an object`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object' && 'then' in value) return 'a Promise (async functions cannot be checked)';
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (isTypedArray(value) || Array.isArray(value)) {
    const read = readArray(value);
    return typeof read === 'string' ? read : tensorShapeText(read.shape);
  }
  const keys = Object.keys(value).slice(0, 5);
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.join(', ')}`;
}

type NumberTypedArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | Uint8ClampedArray;

/** Whether a value is one of the typed arrays that hold numbers. */
export const isTypedArray = (value: unknown): value is NumberTypedArray =>
  ArrayBuffer.isView(value) &&
  !(value instanceof DataView) &&
  !(value instanceof BigInt64Array) &&
  !(value instanceof BigUint64Array);
