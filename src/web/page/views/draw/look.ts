/** What the network sees of a drawing, and what it makes of it: the same bytes as `mlp predict` has of its picture. */

import { DataError } from '../../../../data/errors.ts';
import { imageInput } from '../../../../data/images/image-input.ts';
import { inverted } from '../../../../data/images/image-shape.ts';
import type { GreyImage } from '../../../../data/images/png.ts';
import type { ForwardResult, LoadedModel } from '../../kernels.ts';
import { Drawing } from './drawing.ts';

/** A drawing as the network has it. */
export interface Seen {
  /** [inputs], 0 to 255. */
  readonly pixels: Uint8Array;
  /** How they came of the drawing, in words. */
  readonly note: string;
  readonly prediction: ForwardResult;
}

/** An empty drawing for a model. */
export function drawingFor({ model, shape }: LoadedModel): Drawing {
  if (shape === undefined || shape[0] * shape[1] !== model.spec.inputs) {
    throw new DataError(
      `the model takes ${model.spec.inputs} values that are no image: nothing can be drawn for it`,
    );
  }
  return new Drawing(shape, model.preprocessing.cropFrom);
}

/** Whether the model's images were dark on light, so that one draws for it with dark ink on paper. */
export const onPaper = ({ model }: LoadedModel) => model.preprocessing.imageFiles?.invert === true;

/** The drawing as it is shown, and as a photo of it would be. */
export function picture(loaded: LoadedModel, { ink }: Drawing): GreyImage {
  const { rows, cols, values } = ink;
  return onPaper(loaded) ? inverted({ rows, cols, values }) : { rows, cols, values };
}

/** The network's input as an image that `mlp predict` makes the same input of. */
export function inputPicture(loaded: LoadedModel, { pixels }: Seen): GreyImage {
  const [rows, cols] = loaded.shape ?? [1, pixels.length];
  const image = { rows, cols, values: pixels };
  return onPaper(loaded) ? inverted(image) : image;
}

/** What the network makes of a drawing; undefined where nothing is drawn. */
export function look(loaded: LoadedModel, drawing: Drawing): Seen | undefined {
  if (drawing.isEmpty) return undefined;
  const { untouched } = drawing;
  if (untouched !== undefined) {
    const note = `sample ${untouched.index} of the test set, as it is`;
    return { pixels: untouched.pixels, note, prediction: loaded.predict(untouched.pixels) };
  }
  const { preprocessing, spec } = loaded.model;
  const taker = { name: loaded.name, inputs: spec.inputs, preprocessing };
  const { values, note = 'as it is' } = imageInput(
    picture(loaded, drawing),
    'the drawing',
    taker,
    'as-mnist',
  );
  return { pixels: values, note, prediction: loaded.predict(values) };
}
