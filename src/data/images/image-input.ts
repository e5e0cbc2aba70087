/** An image as the input of a model. */

import { DataError } from '../errors.ts';
import type { ImageShape, Preprocessing } from '../preprocessing.ts';
import { digitFromPhoto } from './digit-photo.ts';
import { cropImages, inverted, resizeByArea } from './image-shape.ts';
import type { GreyImage } from './png.ts';

/** What to do with an image of another size than the model's: refuse it, resize it, or prepare it as MNIST was. */
export type OtherSizes = 'refused' | 'resized' | 'as-mnist';

/** What an image is made for. */
export interface ImageTaker {
  /** The model's name, for messages. */
  readonly name: string;
  /** How many values it takes. */
  readonly inputs: number;
  readonly preprocessing: Preprocessing;
}

/** An image made into an input. */
export interface InputImage {
  /** Bytes, [inputs]. */
  readonly values: Uint8Array;
  readonly shape: ImageShape;
  /** What was done, in words; absent if the image was taken as it is. */
  readonly note?: string;
}

/**
 * Makes an image an input. One of exactly the model's size is taken as it is, but for the inversion and the cut that
 * the model's training made.
 *
 * @param name the image's name, for messages
 * @throws {DataError} it does not fit, or as `digitFromPhoto`
 */
export function imageInput(
  image: GreyImage,
  name: string,
  taker: ImageTaker,
  others: OtherSizes,
): InputImage {
  const { inputs, preprocessing } = taker;
  const { shape, cropFrom, imageFiles } = preprocessing;
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
    throw new DataError(`${name}: expected ${wanted} pixels, as ${taker.name} takes, got ${size}`);
  }
  const cut = (one: GreyImage) => {
    if (cropFrom === undefined) return one.values;
    const samples = { count: 1, cols: one.values.length, values: one.values, scale: 1, classes: 1 };
    return cropImages({ ...samples, labels: new Uint8Array(1) }, field, shape).values as Uint8Array;
  };
  if (same(field)) return { values: cut(lit(image)), shape };
  const middle = cropFrom === undefined ? '' : `, cut to the middle ${shape.join(' × ')}`;
  if (others === 'as-mnist' && imageFiles === undefined) {
    const photo = digitFromPhoto(image, name, field);
    return { values: cut(photo.image), shape, note: photo.note + middle };
  }
  const resized = lit(resizeByArea(image, field[0], field[1]));
  const note = `resized from ${size} to ${field.join(' × ')}${imageFiles?.invert ? ', inverted' : ''}${middle}`;
  return { values: cut(resized), shape, note };
}
