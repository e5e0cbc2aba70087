/** Photos of digits come out as MNIST has them: MNIST's own digits, made into photos, come back. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { DataError } from '../../../src/data/errors.ts';
import { readIdxFolder } from '../../../src/data/idx/idx-folder.ts';
import { digitFromPhoto } from '../../../src/data/images/digit-photo.ts';
import { readImage } from '../../../src/data/images/image.ts';
import { resizeByArea } from '../../../src/data/images/image-shape.ts';
import type { Samples } from '../../../src/kernels/matrix.ts';
import { digitsFolder, folderReader } from '../files.ts';

let digits: Samples;
beforeAll(async () => {
  digits = (await readIdxFolder('data/digits', folderReader(digitsFolder))).test as Samples;
});

const [ROWS, COLS] = [300, 400];

/** A digit of MNIST nine times as large, away from the middle of an image of 300 × 400. */
function photoOf(sample: number, pixel: (ink: number, row: number, col: number) => number) {
  const values = new Uint8Array(ROWS * COLS);
  const small = {
    rows: 28,
    cols: 28,
    values: digits.values.slice(784 * sample, 784 * (sample + 1)) as Uint8Array,
  };
  const large = resizeByArea(small, 252, 252);
  for (let row = 0; row < ROWS; row++) {
    for (let col = 0; col < COLS; col++) {
      const [y, x] = [row - 20, col - 110];
      const inside = y >= 0 && x >= 0 && y < 252 && x < 252;
      values[row * COLS + col] = pixel(inside ? large.values[y * 252 + x] / 255 : 0, row, col);
    }
  }
  return { rows: ROWS, cols: COLS, values };
}

/**
 * Cosine of the angle between two images of 28 × 28, the first moved by up to one pixel: where the centre of mass is
 * rounded to whole pixels, a little noise may tip it to the other side.
 */
function likeness(a: Uint8Array, b: ArrayLike<number>): number {
  const norm = (values: ArrayLike<number>) =>
    Math.sqrt(Array.from(values, (value) => value * value).reduce((x, y) => x + y, 0));
  const moves = [-29, -28, -27, -1, 0, 1, 27, 28, 29];
  const products = moves.map((move) => a.reduce((sum, value, i) => sum + value * (b[i + move] ?? 0), 0));
  return Math.max(...products) / (norm(a) * norm(b));
}

const grain = (row: number, col: number) => ((row * 7919 + col * 104729) % 13) - 6;
const light = (ink: number) => 255 * ink;
const dark = (ink: number, row: number, col: number) => 215 - 170 * ink + grain(row, col);
const shaded = (ink: number, row: number, col: number) =>
  (225 - 180 * ink) * (1 - 0.0007 * col - 0.0004 * row) + grain(row, col);

describe.each([
  ['light on dark', light],
  ['dark on light', dark],
  ['dark on paper with a shadow across it', shaded],
] as const)('a digit %s', (name, pixel) => {
  test('is as MNIST has it', () => {
    for (let sample = 0; sample < 40; sample++) {
      const { image, note } = digitFromPhoto(photoOf(sample, pixel), 'x.png');
      expect([image.rows, image.cols]).toEqual([28, 28]);
      const original = digits.values.subarray(784 * sample, 784 * (sample + 1));
      expect(likeness(image.values, original), `sample ${sample}`).toBeGreaterThan(0.95);
      expect(note).toContain(name === 'light on dark' ? 'light on dark' : 'dark on light, inverted');
      expect(note).toContain('of 300 × 400 pixels, scaled to fit 20 × 20, centred by mass in 28 × 28');
    }
  });
});

test('a digit fills a box of 20 by its longer side', () => {
  const { image } = digitFromPhoto(photoOf(0, dark), 'x.png');
  const used = (length: number, at: (i: number, j: number) => number) =>
    Array.from({ length }, (_, i) =>
      Array.from({ length }, (_, j) => at(i, j)).some((value) => value > 0),
    ).filter(Boolean).length;
  const rows = used(28, (i, j) => image.values[28 * i + j]);
  const cols = used(28, (i, j) => image.values[28 * j + i]);
  expect(Math.max(rows, cols)).toBe(20);
});

test('for another field the box is in proportion', () => {
  const { image, note } = digitFromPhoto(photoOf(0, dark), 'x.png', [14, 16]);
  expect([image.rows, image.cols]).toEqual([14, 16]);
  expect(note).toContain('scaled to fit 10 × 10, centred by mass in 14 × 16');
});

test.each([
  ['an even image', () => 200],
  ['a shadow alone', (_: number, row: number, col: number) => 220 - 0.2 * col - 0.1 * row],
  ['grain alone', (_: number, row: number, col: number) => 200 + grain(row, col)],
])('%s shows no digit', (_, pixel) => {
  expect(() => digitFromPhoto(photoOf(0, pixel), 'x.png')).toThrow(
    new DataError('x.png: expected a digit that stands out from its ground, got an even image'),
  );
});

test('a single pixel is an image too', () => {
  expect(() => digitFromPhoto({ rows: 1, cols: 1, values: Uint8Array.of(9) }, 'x.png')).toThrow(DataError);
});

test('the photo that ships is a three, upright and whole', () => {
  const path = join(digitsFolder, '../photo.jpg');
  const { image } = digitFromPhoto(readImage(readFileSync(path), path), path);
  const three = digits.labels.indexOf(3);
  const likenessTo = (sample: number) =>
    likeness(image.values, digits.values.subarray(784 * sample, 784 * (sample + 1)));
  const best = [...digits.labels.keys()].sort((a, b) => likenessTo(b) - likenessTo(a))[0];
  expect(digits.labels[best]).toBe(digits.labels[three]);
});
