/** Image files of either format, told apart by their first bytes. */

import { DataError } from './errors.ts';
import { readJpeg } from './jpeg.ts';
import { type GreyImage, readPng } from './png.ts';

/** Files that are taken for images, by name. */
export const IMAGE_NAME = /\.(png|jpe?g)$/i;

/**
 * Reads a PNG or JPEG image in grey.
 *
 * @param name the file's name, for messages
 * @throws {DataError} neither of the two, or as `readPng` and `readJpeg`
 */
export function readImage(bytes: Uint8Array, name: string): GreyImage {
  if (bytes.length === 0) throw new DataError(`${name}: expected a PNG or JPEG image, got an empty file`);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return readJpeg(bytes, name);
  return readPng(bytes, name);
}

/** The image with dark for light. */
export function inverted(image: GreyImage): GreyImage {
  return { ...image, values: image.values.map((value) => 255 - value) };
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
