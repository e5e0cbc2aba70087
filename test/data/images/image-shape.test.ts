/** Images cut, turned and resized. */

import { describe, expect, test } from 'vitest';
import { cropImages, resizeByArea, transposeImages } from '../../../src/data/images/image-shape.ts';
import type { Samples } from '../../../src/kernels/matrix.ts';

const samples = (cols: number, ...values: number[]): Samples => {
  const count = values.length / cols;
  return {
    count,
    cols,
    values: Uint8Array.from(values),
    scale: 1,
    labels: new Uint8Array(count),
    classes: 1,
  };
};
const image = (rows: number, cols: number, ...values: number[]) => ({
  rows,
  cols,
  values: Uint8Array.from(values),
});
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('cropImages', () => {
  test('keeps the middle of each image', () => {
    const cropped = cropImages(samples(16, ...upTo(32)), [4, 4], [2, 2]);
    expect(cropped).toMatchObject({ count: 2, cols: 4 });
    expect([...cropped.values]).toEqual([5, 6, 9, 10, 21, 22, 25, 26]);
  });

  test('of an odd margin loses one more below and on the right', () => {
    expect([...cropImages(samples(12, ...upTo(12)), [3, 4], [2, 1]).values]).toEqual([1, 5]);
  });

  test('keeps floats floats', () => {
    const floats = { ...samples(4, 0, 0, 0, 0), values: Float32Array.of(0.5, 1, 1, 1) };
    expect(cropImages(floats, [2, 2], [1, 1]).values).toEqual(Float32Array.of(0.5));
  });

  test('refuses more than there is', () => {
    expect(() => cropImages(samples(4, 0, 0, 0, 0), [2, 2], [3, 1])).toThrow(
      'crop: expected at most 2 × 2 pixels, got 3 × 1',
    );
    expect(() => cropImages(samples(4, 0, 0, 0, 0), [2, 3], [1, 1])).toThrow(RangeError);
  });
});

test('transposeImages changes rows for columns of each image', () => {
  expect([...transposeImages(samples(6, ...upTo(12)), [2, 3]).values]).toEqual([
    ...[0, 3, 1, 4, 2, 5],
    ...[6, 9, 7, 10, 8, 11],
  ]);
});

describe('resizeByArea', () => {
  test('takes means of whole blocks', () => {
    const small = resizeByArea(image(2, 4, 0, 100, 10, 20, 100, 200, 30, 40), 1, 2);
    expect(small).toEqual(image(1, 2, 100, 25));
  });

  test('counts pixels covered in part in part', () => {
    // Three pixels on two: each new one covers one and a half.
    expect([...resizeByArea(image(1, 3, 30, 90, 240), 1, 2).values]).toEqual([50, 190]);
    expect([...resizeByArea(image(3, 1, 30, 90, 240), 2, 1).values]).toEqual([50, 190]);
  });

  test('repeats pixels of a side that grows', () => {
    expect([...resizeByArea(image(1, 2, 7, 9), 2, 4).values]).toEqual([7, 7, 9, 9, 7, 7, 9, 9]);
  });

  test.each([
    [17, 5],
    [28, 28],
    [31, 64],
  ])('keeps an even image even at %i × %i, and the mean of any', (rows, cols) => {
    const even = image(29, 31, ...upTo(29 * 31).map(() => 201));
    expect(new Set(resizeByArea(even, rows, cols).values)).toEqual(new Set([201]));
    const mean = (values: Uint8Array) => values.reduce((a, b) => a + b, 0) / values.length;
    const any = image(29, 31, ...upTo(29 * 31).map((i) => (i * 37) % 256));
    expect(mean(resizeByArea(any, rows, cols).values)).toBeCloseTo(mean(any.values), 0);
  });

  test('refuses a side of 0', () => {
    expect(() => resizeByArea(image(1, 1, 0), 0, 1)).toThrow(RangeError);
  });
});
