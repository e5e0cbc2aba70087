/** A photo of a digit, made into what MNIST's digits are. */

import { DataError } from '../errors.ts';
import { resizeByArea, rimMean } from './image-shape.ts';
import type { GreyImage } from './png.ts';

/** MNIST's digits fit a box of 20 × 20 in a field of 28 × 28. */
const [FIELD, BOX] = [28, 20];
/** A photo is first reduced to this: noise and specks of paper go, strokes stay. */
const MAX_PIXELS = 280;
/** What is nowhere darker or lighter than its ground by this much shows nothing. */
const MIN_CONTRAST = 24;
const LIGHT = 127.5;

/** A photo as a model takes it, and what was done to it. */
export interface DigitPhoto {
  readonly image: GreyImage;
  /** In words, for the user: `inverted, cropped to 210 × 121 pixels, …`. */
  readonly note: string;
}

/**
 * Prepares an image of one digit on an even ground as MNIST was: ink light on black, cropped to the digit, scaled
 * by area averaging to fit a box of 20 × 20 with its aspect kept, and placed so that its centre of mass is the centre
 * of 28 × 28. For a field of another size the box is 20/28 of its shorter side.
 *
 * The ground is a plane fitted to the image's rim, so that a shadow falling across the paper does no harm; it is dark
 * ink on light paper if that is light. Otsu's threshold separates ink from background.
 *
 * @param name the file's name, for messages
 * @throws {DataError} nothing stands out from the ground
 */
export function digitFromPhoto(
  photo: GreyImage,
  name: string,
  shape: readonly [rows: number, cols: number] = [FIELD, FIELD],
): DigitPhoto {
  const small = reduced(photo);
  const dark = rimMean(small) > LIGHT;
  const ink = inkOf(small, dark);
  const threshold = otsu(ink.values);
  if (threshold === undefined) {
    throw new DataError(`${name}: expected a digit that stands out from its ground, got an even image`);
  }
  const box = boundingBox(ink, threshold.level);
  const digit = stretched(cut(ink, box), threshold);
  const side = Math.max(1, Math.round((Math.min(...shape) * BOX) / FIELD));
  const factor = side / Math.max(digit.rows, digit.cols);
  const scaled = (length: number) => Math.max(1, Math.round(length * factor));
  const image = centred(resizeByArea(digit, scaled(digit.rows), scaled(digit.cols)), shape);
  const scale = photo.rows / small.rows;
  const cropped = [digit.rows, digit.cols].map((length) => Math.round(length * scale)).join(' × ');
  const note =
    `${dark ? 'dark on light, inverted' : 'light on dark'}; cropped to ${cropped} of ${photo.rows} × ${photo.cols} pixels, ` +
    `scaled to fit ${side} × ${side}, centred by mass in ${shape.join(' × ')}`;
  return { image, note };
}

function reduced(photo: GreyImage): GreyImage {
  const factor = MAX_PIXELS / Math.max(photo.rows, photo.cols);
  if (factor >= 1) return photo;
  const scaled = (length: number) => Math.max(1, Math.round(length * factor));
  return resizeByArea(photo, scaled(photo.rows), scaled(photo.cols));
}

/** How far each pixel is from the plane through the rim, towards ink; never below 0. */
function inkOf({ rows, cols, values }: GreyImage, dark: boolean): GreyImage {
  const [middleRow, middleCol] = [(rows - 1) / 2, (cols - 1) / 2];
  let [count, sum, down, downSquares, across, acrossSquares] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const step = row === 0 || row === rows - 1 || cols === 1 ? 1 : cols - 1;
    for (let col = 0; col < cols; col += step) {
      const value = values[row * cols + col];
      const [y, x] = [row - middleRow, col - middleCol];
      count++;
      sum += value;
      down += y * value;
      downSquares += y * y;
      across += x * value;
      acrossSquares += x * x;
    }
  }
  // Round a whole rim Σx, Σy and Σxy are 0, so that least squares gives each coefficient by itself.
  const level = sum / count;
  const [perRow, perCol] = [down / (downSquares || 1), across / (acrossSquares || 1)];
  const ink = new Uint8Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const ground = level + perRow * (row - middleRow) + perCol * (col - middleCol);
      const above = (values[row * cols + col] - ground) * (dark ? -1 : 1);
      ink[row * cols + col] = Math.max(0, Math.min(255, Math.round(above)));
    }
  }
  return { rows, cols, values: ink };
}

/** What parts ink from ground: values above `level` are ink. */
interface Threshold {
  readonly level: number;
  /** The mean of each side. */
  readonly ground: number;
  readonly ink: number;
}

/**
 * The threshold with the largest variance between its two sides: Otsu 1979, «A threshold selection method from
 * gray-level histograms». Undefined if the sides are nearly alike.
 */
function otsu(values: Uint8Array): Threshold | undefined {
  const histogram = new Float64Array(256);
  for (const value of values) histogram[value]++;
  const total = values.reduce((sum, value) => sum + value, 0);
  let best: (Threshold & { variance: number }) | undefined;
  let [below, belowSum] = [0, 0];
  for (let level = 0; level < 255; level++) {
    below += histogram[level];
    belowSum += level * histogram[level];
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const [ground, ink] = [belowSum / below, (total - belowSum) / above];
    const variance = below * above * (ink - ground) * (ink - ground);
    if (best === undefined || variance > best.variance) best = { level, ground, ink, variance };
  }
  return best !== undefined && best.ink - best.ground >= MIN_CONTRAST ? best : undefined;
}

interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** The smallest box around all values above the level; bottom and right are the first beyond it. */
function boundingBox({ rows, cols, values }: GreyImage, level: number): Box {
  let [top, bottom, left, right] = [rows, 0, cols, 0];
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      if (values[row * cols + col] <= level) continue;
      top = Math.min(top, row);
      bottom = Math.max(bottom, row + 1);
      left = Math.min(left, col);
      right = Math.max(right, col + 1);
    }
  }
  return { top, bottom, left, right };
}

function cut({ cols, values }: GreyImage, { top, bottom, left, right }: Box): GreyImage {
  const width = right - left;
  const part = new Uint8Array((bottom - top) * width);
  for (let row = top; row < bottom; row++) {
    part.set(values.subarray(row * cols + left, row * cols + right), (row - top) * width);
  }
  return { rows: bottom - top, cols: width, values: part };
}

/** From halfway between ground and threshold, which becomes 0, to the mean of the ink, which becomes 255. */
function stretched(image: GreyImage, { level, ground, ink }: Threshold): GreyImage {
  const low = (ground + level) / 2;
  const values = image.values.map((value) =>
    Math.max(0, Math.min(255, Math.round((255 * (value - low)) / (ink - low)))),
  );
  return { ...image, values };
}

/**
 * The image in a black field, its centre of mass as near to the field's centre as whole pixels allow: in the middle of
 * pixel 14 of 28, where it is in MNIST (14.5 from either border, on the average of its test set).
 */
function centred({ rows, cols, values }: GreyImage, [height, width]: readonly [number, number]): GreyImage {
  let [mass, down, across] = [0, 0, 0];
  for (const [i, value] of values.entries()) {
    mass += value;
    down += value * (Math.floor(i / cols) + 0.5);
    across += value * ((i % cols) + 0.5);
  }
  const place = (field: number, length: number, moment: number) =>
    Math.max(0, Math.min(field - length, Math.round((field + 1) / 2 - moment / mass)));
  const [top, left] = [place(height, rows, down), place(width, cols, across)];
  const field = new Uint8Array(height * width);
  for (let row = 0; row < rows; row++) {
    field.set(values.subarray(row * cols, (row + 1) * cols), (top + row) * width + left);
  }
  return { rows: height, cols: width, values: field };
}
