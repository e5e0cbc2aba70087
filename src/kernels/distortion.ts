/** Distorted images: where each pixel of one is read in its source, and the arithmetic that every kernel follows. */

import { type MaskKey, maskBits } from './dropout-mask.ts';
import { exp } from './elementary.ts';

/**
 * Where a distorted image reads its source: pixel p = (row, column) reads c + M (p − c) + offset + u(p), c the centre
 * ((rows − 1)/2, (cols − 1)/2) and u the elastic field. Between pixels the source is interpolated, beyond them it is 0.
 */
export interface Warp {
  readonly shape: readonly [rows: number, cols: number];
  /** M by rows: the source's row, then its column, each from row and column. */
  readonly matrix: readonly [number, number, number, number];
  /** Rows, then columns. */
  readonly offset: readonly [number, number];
  /** Without it u is 0. */
  readonly elastic?: ElasticField;
}

/**
 * Simard's displacement field (Simard, Steinkraus and Platt 2003, ICDAR): a number uniform in [−1, 1) for each pixel and
 * axis, blurred along both axes, 0 taken for what lies outside of the image, and times alpha.
 */
export interface ElasticField {
  readonly alpha: number;
  /** The blur's weight of a pixel at the distance 0, 1, …, at most 300; beyond the last it is 0. */
  readonly weights: Float64Array;
  /** Decides the random numbers. */
  readonly key: MaskKey;
}

/** The largest standard deviation of the blur, in pixels. */
export const MOST_SIGMA = 100;

/** The random numbers of a field have the numbers from this on: first the rows' displacements, then the columns'. */
export const FIELD_FROM = 8;

/** The warp that changes nothing. */
export function identityWarp(shape: Warp['shape']): Warp {
  return { shape, matrix: [1, 0, 0, 1], offset: [0, 0] };
}

/** Number k of a key, uniform in [−1, 1). */
export function uniformOf(key: MaskKey, k: number): number {
  return (maskBits({ key }, k) | 0) / 2147483648;
}

/**
 * The weights of a Gaussian at the distances 0, 1, …, cut off at 3 sigma; over both sides their sum is 1.
 *
 * @throws RangeError if sigma is not above 0 and at most 100
 */
export function gaussianWeights(sigma: number): Float64Array {
  if (!(sigma > 0 && sigma <= MOST_SIGMA)) {
    throw new RangeError(`kernels: expected a sigma above 0 and at most ${MOST_SIGMA}, got ${sigma}`);
  }
  const weights = new Float64Array(Math.floor(3 * sigma) + 1).map((_, d) =>
    exp(-(d * d) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight, d) => total + (d === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / sum);
}

/** The displacements of all pixels along the rows (axis 0) or the columns (axis 1), row-major, in pixels. */
export function elasticField(
  { alpha, weights, key }: ElasticField,
  shape: Warp['shape'],
  axis: 0 | 1,
): Float64Array {
  const [rows, cols] = shape;
  const first = FIELD_FROM + axis * rows * cols;
  const noise = new Float64Array(rows * cols).map((_, k) => uniformOf(key, first + k));
  const blurred = new Float64Array(rows * cols);
  const field = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      let sum = 0;
      for (let k = 0; k < rows; k++) sum += (weights[Math.abs(i - k)] ?? 0) * noise[k * cols + j];
      blurred[i * cols + j] = sum;
    }
    for (let j = 0; j < cols; j++) {
      let sum = 0;
      for (let k = 0; k < cols; k++) sum += (weights[Math.abs(j - k)] ?? 0) * blurred[i * cols + k];
      field[i * cols + j] = alpha * sum;
    }
  }
  return field;
}

/** The distorted image, row-major; a pixel is rounded to the nearest byte. */
export function distorted(image: Uint8Array, warp: Warp): Uint8Array {
  const { shape, matrix, offset, elastic } = warp;
  const [rows, cols] = shape;
  const [downs, acrosses] = ([0, 1] as const).map((axis) => elastic && elasticField(elastic, shape, axis));
  const pixel = (i: number, j: number) =>
    i < 0 || i >= rows || j < 0 || j >= cols ? 0 : image[i * cols + j];
  const out = new Uint8Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const k = i * cols + j;
      const [dy, dx] = [i - (rows - 1) / 2, j - (cols - 1) / 2];
      const y = (rows - 1) / 2 + matrix[0] * dy + matrix[1] * dx + offset[0] + (downs?.[k] ?? 0);
      const x = (cols - 1) / 2 + matrix[2] * dy + matrix[3] * dx + offset[1] + (acrosses?.[k] ?? 0);
      const [y0, x0] = [Math.floor(y), Math.floor(x)];
      const top = pixel(y0, x0) + (x - x0) * (pixel(y0, x0 + 1) - pixel(y0, x0));
      const bottom = pixel(y0 + 1, x0) + (x - x0) * (pixel(y0 + 1, x0 + 1) - pixel(y0 + 1, x0));
      out[k] = Math.floor(top + (y - y0) * (bottom - top) + 0.5);
    }
  }
  return out;
}

/** @throws RangeError if samples are no byte images of the shape */
export function requireImages(bytes: boolean, cols: number, shape: Warp['shape']): void {
  if (!bytes) throw new RangeError('kernels: expected samples of bytes to distort, got floats');
  if (shape[0] * shape[1] !== cols) {
    throw new RangeError(
      `kernels: expected samples of ${shape.join(' × ')} pixels to distort, got ${cols} values`,
    );
  }
}
