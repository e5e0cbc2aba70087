/** An image file as the input of a model. */

import { digitFromPhoto } from '../data/digit-photo.ts';
import { IMAGE_NAME, inverted, readImage } from '../data/image.ts';
import { cropImages, resizeByArea } from '../data/image-shape.ts';
import type { GreyImage } from '../data/png.ts';
import type { ImageShape } from '../data/preprocessing.ts';
import type { Model } from '../formats/model.ts';
import { FileError } from './errors.ts';
import { readBytes } from './files.ts';

/** What to do with an image of another size than the model's: refuse it, resize it, or prepare it as MNIST was. */
export type OtherSizes = 'refused' | 'resized' | 'as-mnist';

/** An image made into an input. */
export interface InputImage {
  /** Bytes, [inputs]. */
  readonly values: Uint8Array;
  readonly shape: ImageShape;
  /** What was done, in words; absent if the image was taken as it is. */
  readonly told?: string;
}

/**
 * Reads a PNG or JPEG image for a model. One of exactly the model's size is taken as it is, but for the inversion and
 * the cut that the model's training made.
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
  const { shape, cropFrom, imageFiles, table } = model.preprocessing;
  const { inputs } = model.spec;
  const isCsv = /\.csv$/i.test(file);
  if (table !== undefined || isCsv) {
    const [wanted, got] =
      table === undefined ? ['a PNG or JPEG image', 'a CSV file'] : ['a CSV file', 'an image'];
    const found = IMAGE_NAME.test(file) || isCsv ? got : 'another file';
    throw new FileError(`${file}: expected ${wanted}, as ${path} takes, got ${found}`);
  }
  const image = readImage(await readBytes(file), file);
  const size = `${image.rows} × ${image.cols}`;
  const same = (one: ImageShape | undefined) =>
    one !== undefined && image.rows === one[0] && image.cols === one[1];
  const lit = (one: GreyImage) => (imageFiles?.invert ? inverted(one) : one);
  if (same(shape) || (shape === undefined && image.rows * image.cols === inputs)) {
    return { values: lit(image).values, shape: [image.rows, image.cols] };
  }
  const field = cropFrom ?? shape;
  if (field === undefined || shape === undefined || (others === 'refused' && !same(field))) {
    const wanted = (field ?? [inputs]).join(' × ');
    throw new FileError(`${file}: expected ${wanted} pixels, as ${path} takes, got ${size}`);
  }
  const cut = (one: GreyImage) => {
    if (cropFrom === undefined) return one.values;
    const samples = { count: 1, cols: one.values.length, values: one.values, scale: 1, classes: 1 };
    return cropImages({ ...samples, labels: new Uint8Array(1) }, field, shape).values as Uint8Array;
  };
  if (same(field)) return { values: cut(lit(image)), shape };
  const middle = cropFrom === undefined ? '' : `, cut to the middle ${shape.join(' × ')}`;
  if (others === 'as-mnist' && imageFiles === undefined) {
    const photo = digitFromPhoto(image, file, field);
    return { values: cut(photo.image), shape, told: photo.told + middle };
  }
  const resized = lit(resizeByArea(image, field[0], field[1]));
  const told = `resized from ${size} to ${field.join(' × ')}${imageFiles?.invert ? ', inverted' : ''}${middle}`;
  return { values: cut(resized), shape, told };
}
