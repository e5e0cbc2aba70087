/** Reads what a user's forward returned. */

import { entryText, type Float64Tensor, readArray, type TensorShape, tensorShapeText } from './arrays.ts';
import { ModuleError } from './errors.ts';
import type { Settings } from './settings.ts';

/**
 * The output of a forward as a tensor: of a loss a number, of a layer an array.
 *
 * @param x the input, as whose rows a flat output is read, where it has that many
 * @param settings which say what x and the labels were drawn from
 * @returns the output, and whether it came as one typed array
 * @throws ModuleError if it is something else, or not finite
 */
export function readOutput(
  output: unknown,
  isLoss: boolean,
  x: Float64Tensor,
  settings: Settings,
): { tensor: Float64Tensor; flat: boolean } {
  const read = readArray(output);
  const wanted = isLoss ? 'a number' : 'an array of numbers';
  const refuse = (got: string) => new ModuleError(`forward: expected ${wanted}, got ${got}`);
  if (typeof read === 'string') throw refuse(read);
  if (output instanceof Float32Array) {
    throw new ModuleError(
      'forward: expected float64 numbers, got a Float32Array, too coarse for differences',
    );
  }
  const { shape, values, flat } = read;
  if (isLoss !== (shape.length === 0))
    throw refuse(isLoss ? `${tensorShapeText(shape)} numbers` : 'a number');
  if (values.length === 0) throw refuse('an empty array');
  const odd = values.findIndex((value) => !Number.isFinite(value));
  if (odd !== -1) {
    const where = isLoss ? '' : ` at ${entryText(shape, odd)}`;
    throw new ModuleError(
      `forward: expected finite numbers, got ${values[odd]}${where} for ${drawnText(settings)} to draw from elsewhere`,
    );
  }
  return { tensor: { shape: flat ? rowsOf(shape, x) : shape, values }, flat };
}

/** Where x and labels come from, and the settings that change it. */
function drawnText({ range, shapes, targets, classes }: Settings): string {
  const [low, high] = range('x');
  const x = `x from ${low} to ${high}`;
  if (targets !== 'labels') return `${x}; set range = [low, high]`;
  const columns = classes === shapes.x.at(-1) ? ', the columns of x' : '';
  return `${x} and labels from 0 to ${classes - 1}; set classes, now ${classes}${columns}, or range = [low, high]`;
}

function rowsOf(shape: TensorShape, x: Float64Tensor): TensorShape {
  const [n, ...columns] = x.shape;
  if (columns.length === 0) return shape;
  if (shape[0] === x.values.length) return x.shape;
  return shape[0] % n === 0 ? [n, shape[0] / n] : shape;
}
