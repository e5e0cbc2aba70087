/** Image files of either format, recognised by their first bytes. */

import { DataError } from '../errors.ts';
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
