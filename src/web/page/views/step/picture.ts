/** How the numbers of a symbol are laid out as a picture, and how an entry is named. */

import type { Letter } from '../../../../explain/letter.ts';
import type { Quantity } from './walkthrough.ts';

/** A quantity as rows and columns of a picture. */
export interface Picture {
  readonly rows: number;
  readonly cols: number;
  /** Row-major; entries beyond the last of the quantity are 0. */
  readonly values: ArrayLike<number>;
  readonly colours: 'diverging' | 'grey' | 'sequential';
  /** Said of the layout where it is not the quantity's own shape. */
  readonly note?: string;
  /** The index in the quantity of a cell; undefined beyond the last. */
  index(row: number, col: number): number | undefined;
}

/** Longer rows are wrapped. */
const LONGEST_ROW = 32;

/**
 * The picture of all numbers: an input as the image that it is, a long row wrapped, a matrix as it stands.
 *
 * @param image rows and columns of the model's inputs
 */
export function pictureOf(quantity: Quantity, image: readonly [number, number] | undefined): Picture {
  const { letter, values } = quantity;
  const { kind, shape } = letter;
  const colours = kind === 'probabilities' || kind === 'target' ? 'sequential' : 'diverging';
  const count = values.length;
  if (kind === 'input' && image !== undefined && image[0] * image[1] === count) {
    const note = `1 × ${count}, shown as the image of ${image[0]} × ${image[1]}`;
    return grid(values, image[0], image[1], 'grey', note);
  }
  const [rows, cols] = shape.length === 2 ? shape : [1, count];
  if (rows > 1 || cols <= LONGEST_ROW) return grid(values, rows, cols, colours);
  const width = wrapWidth(cols);
  const height = Math.ceil(cols / width);
  const padded = new Float64Array(width * height);
  padded.set(Array.from(values));
  return grid(padded, height, width, colours, `${cols} entries in rows of ${width}`, count);
}

/**
 * The incoming weights of one unit as the image that they look at, or their gradient.
 *
 * @param quantity [inputs, units]
 */
export function unitPicture(quantity: Quantity, image: readonly [number, number], unit: number): Picture {
  const [inputs, units] = quantity.letter.shape;
  const column = Float64Array.from({ length: inputs }, (_, i) => quantity.values[i * units + unit]);
  const { rows, cols, values, colours } = grid(column, image[0], image[1], 'diverging');
  const note = `Column ${unit} as the image of ${image[0]} × ${image[1]} that unit ${unit} looks at`;
  return { rows, cols, values, colours, note, index: (row, col) => (row * cols + col) * units + unit };
}

/** Whether the rows of a matrix belong to the pixels of the input. */
export function looksAtImage(
  { letter: { perInput, shape } }: Quantity,
  image: readonly [number, number] | undefined,
): boolean {
  return image !== undefined && perInput && shape[0] === image[0] * image[1];
}

/** The name of an entry of a letter, counted from 0 as `mlp explain` does: `W2[15, class 5]`. */
export function entryName(
  { symbol, shape, perClass }: Pick<Letter, 'symbol' | 'shape' | 'perClass'>,
  index: number,
  classes: readonly string[],
): string {
  const cols = shape[shape.length - 1];
  const last = index % cols;
  const column = perClass ? `class ${classes[last]}` : String(last);
  const isRow = shape.length === 1 || shape[0] === 1;
  return isRow ? `${symbol}[${column}]` : `${symbol}[${Math.floor(index / cols)}, ${column}]`;
}

/**
 * CSS pixels of a picture that is to fit a box: square cells where they can be, and never a hair's breadth.
 *
 * @param least of a side, where the box lets it
 * @param cell the most of a cell's side
 */
export function pictureSize(
  { rows, cols }: { readonly rows: number; readonly cols: number },
  box: readonly [width: number, height: number],
  least: number,
  cell: number,
): readonly [width: number, height: number] {
  const scale = Math.min(box[0] / cols, box[1] / rows, cell);
  const side = (count: number, most: number) =>
    Math.round(Math.min(most, Math.max(count * scale, Math.min(least, count * cell))));
  return [side(cols, box[0]), side(rows, box[1])];
}

function grid(
  values: ArrayLike<number>,
  rows: number,
  cols: number,
  colours: Picture['colours'],
  note?: string,
  count = values.length,
): Picture {
  const index = (row: number, col: number) => {
    const at = row * cols + col;
    return at < count ? at : undefined;
  };
  return { rows, cols, values, colours, ...(note !== undefined && { note }), index };
}

/** A width between √n and 3√n that divides n, else one that wraps it to about twice as wide as high. */
function wrapWidth(count: number): number {
  const root = Math.sqrt(count);
  const wanted = Math.ceil(Math.sqrt(2 * count));
  let best: number | undefined;
  for (let width = Math.ceil(root); width <= 3 * root; width++) {
    if (count % width !== 0) continue;
    if (best === undefined || Math.abs(width - wanted) < Math.abs(best - wanted)) best = width;
  }
  return best ?? wanted;
}
