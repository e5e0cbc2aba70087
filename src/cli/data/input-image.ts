/** An image file as the input of a model. */

import { FileError } from '../../data/errors.ts';
import { IMAGE_NAME, readImage } from '../../data/images/image.ts';
import { type InputImage, imageInput, type OtherSizes } from '../../data/images/image-input.ts';
import type { Model } from '../../formats/model.ts';
import { readBytes } from '../files/reading.ts';

/**
 * Reads a PNG or JPEG image for a model.
 *
 * @param path the model's file, for messages
 * @throws FileError or DataError if it cannot be read, is no image, or does not fit
 */
export async function inputImage(
  path: string,
  model: Model,
  file: string,
  others: OtherSizes,
): Promise<InputImage> {
  const { preprocessing, spec } = model;
  const isTable = preprocessing.table !== undefined;
  const isCsv = /\.csv$/i.test(file);
  if (isTable || isCsv) {
    const [wanted, got] = isTable ? ['a CSV file', 'an image'] : ['a PNG or JPEG image', 'a CSV file'];
    const found = IMAGE_NAME.test(file) || isCsv ? got : 'another file';
    throw new FileError(`${file}: expected ${wanted}, as ${path} takes, got ${found}`);
  }
  const image = readImage(await readBytes(file), file);
  return imageInput(image, file, { name: path, inputs: spec.inputs, preprocessing }, others);
}
