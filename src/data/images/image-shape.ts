/** Images cut, turned, resized and inverted. */

import type { Samples } from '../../kernels/matrix.ts';
import type { ImageShape } from '../preprocessing.ts';
import type { GreyImage } from './png.ts';

/**
 * The middle [rows, cols] of each image; of an odd margin, one row or column more is lost below and on the right.
 *
 * @throws {RangeError} the images are smaller than that, or not of `from` pixels
 */
export function cropImages(samples: Samples, from: ImageShape, to: ImageShape): Samples {
  const [rows, cols] = to;
  requirePixels(samples, from);
  if (rows > from[0] || cols > from[1]) {
    throw new RangeError(`crop: expected at most ${from.join(' × ')} pixels, got ${to.join(' × ')}`);
  }
  const [top, left] = [Math.floor((from[0] - rows) / 2), Math.floor((from[1] - cols) / 2)];
  const { count, values } = samples;
  const Values = values instanceof Uint8Array ? Uint8Array : Float32Array;
  const cropped = new Values(count * rows * cols);
  for (let n = 0; n < count; n++) {
    for (let row = 0; row < rows; row++) {
      const start = (n * from[0] + top + row) * from[1] + left;
      cropped.set(values.subarray(start, start + cols), (n * rows + row) * cols);
    }
  }
  return { ...samples, cols: rows * cols, values: cropped };
}

/** Each image with rows for columns; `shape` is that of the images given. */
export function transposeImages(samples: Samples, shape: ImageShape): Samples {
  requirePixels(samples, shape);
  const [rows, cols] = shape;
  const { count, values } = samples;
  const turned = values.slice();
  for (let n = 0; n < count; n++) {
    const base = n * rows * cols;
    for (let row = 0; row < rows; row++) {
      for (let col = 0; col < cols; col++) {
        turned[base + col * rows + row] = values[base + row * cols + col];
      }
    }
  }
  return { ...samples, values: turned };
}

/**
 * The image in another size by area averaging: each new pixel is the mean of the old ones under it, those it covers
 * in part counted in part. A side that grows repeats its pixels.
 *
 * @throws {RangeError} a side below 1
 */
export function resizeByArea(image: GreyImage, rows: number, cols: number): GreyImage {
  if (rows === image.rows && cols === image.cols) return image;
  const across = spans(image.cols, cols);
  const down = spans(image.rows, rows);
  const narrow = new Float64Array(image.rows * cols);
  for (let row = 0; row < image.rows; row++) {
    for (const [col, { from, weights }] of across.entries()) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * image.values[row * image.cols + from + k];
      narrow[row * cols + col] = sum;
    }
  }
  const values = new Uint8Array(rows * cols);
  for (const [row, { from, weights }] of down.entries()) {
    for (let col = 0; col < cols; col++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * narrow[(from + k) * cols + col];
      values[row * cols + col] = Math.round(sum);
    }
  }
  return { rows, cols, values };
}

/** For each of `to` pixels the old ones under it, and how much of it each covers; the weights sum to 1. */
function spans(from: number, to: number): { from: number; weights: number[] }[] {
  if (!Number.isInteger(to) || to < 1) {
    throw new RangeError(`resizeByArea: expected a side of 1 pixel or more, got ${to}`);
  }
  return Array.from({ length: to }, (_, i) => {
    // Counted in parts of 1/to of an old pixel, so that every border is a whole number.
    const [start, end] = [i * from, (i + 1) * from];
    const first = Math.floor(start / to);
    const last = Math.ceil(end / to);
    const weights = Array.from({ length: last - first }, (_, k) => {
      const pixel = first + k;
      return (Math.min(end, (pixel + 1) * to) - Math.max(start, pixel * to)) / from;
    });
    return { from: first, weights };
  });
}

function requirePixels({ cols }: Samples, shape: ImageShape): void {
  if (cols !== shape[0] * shape[1]) {
    throw new RangeError(`expected images of ${shape.join(' × ')} pixels, got samples of ${cols} values`);
  }
}

/** The mean of the pixels on the image's rim, 0 to 255: what its ground is like. */
export function rimMean({ rows, cols, values }: GreyImage): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const step = row === 0 || row === rows - 1 || cols === 1 ? 1 : cols - 1;
    for (let col = 0; col < cols; col += step) {
      sum += values[row * cols + col];
      count++;
    }
  }
  return sum / count;
}

/** The image with dark for light. */
export function inverted(image: GreyImage): GreyImage {
  return { ...image, values: image.values.map((value) => 255 - value) };
}
