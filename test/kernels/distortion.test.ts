/** Distorted images of the reference: warps whose result is known, and what the elastic field is like. */

import { describe, expect, test } from 'vitest';
import {
  distorted,
  elasticField,
  gaussianWeights,
  identityWarp,
  uniformOf,
  type Warp,
} from '../../src/kernels/distortion.ts';
import type { Samples } from '../../src/kernels/matrix.ts';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';

const noise = (pixels: number) => {
  const random = new Random(4, 'pixels');
  return Uint8Array.from({ length: pixels }, () => random.below(256));
};

/** The image with entry (i, j) from another place; 0 where that lies outside. */
function moved(
  image: Uint8Array,
  [rows, cols]: Warp['shape'],
  from: (i: number, j: number) => [number, number],
) {
  return image.map((_, k) => {
    const [i, j] = from(Math.floor(k / cols), k % cols);
    return i < 0 || i >= rows || j < 0 || j >= cols ? 0 : image[i * cols + j];
  });
}

const SHAPES: readonly Warp['shape'][] = [
  [28, 28],
  [5, 7],
  [8, 3],
  [1, 1],
];

describe.each(SHAPES)('an image of %i × %i', (rows, cols) => {
  const shape = [rows, cols] as const;
  const image = noise(rows * cols);

  test('is itself without a distortion', () => {
    expect(distorted(image, identityWarp(shape))).toEqual(image);
    const still = { alpha: 0, weights: gaussianWeights(4), key: [1, 2] as const };
    expect(distorted(image, { ...identityWarp(shape), elastic: still })).toEqual(image);
  });

  test.each([
    [2, 0],
    [0, -3],
    [-1, 1],
    [30, 0],
  ])('read at an offset of (%i, %i) is moved', (y, x) => {
    const offset = [y, x] as const;
    const expected = moved(image, shape, (i, j) => [i + y, j + x]);
    expect(distorted(image, { ...identityWarp(shape), offset })).toEqual(expected);
  });

  test('upside down and left to right', () => {
    const matrix = [-1, 0, 0, -1] as const;
    const expected = moved(image, shape, (i, j) => [rows - 1 - i, cols - 1 - j]);
    expect(distorted(image, { ...identityWarp(shape), matrix })).toEqual(expected);
  });

  test.each([1e30, -1e30, Number.NaN, Infinity])('read at %d is empty', (offset) => {
    const out = distorted(image, { ...identityWarp(shape), offset: [offset, 0] });
    expect(out).toEqual(new Uint8Array(rows * cols));
  });
});

test('a quarter turn, read by rows from columns', () => {
  const image = noise(36);
  const turned = distorted(image, { ...identityWarp([6, 6]), matrix: [0, 1, -1, 0] });
  expect(turned).toEqual(moved(image, [6, 6], (i, j) => [j, 5 - i]));
});

test('between pixels the source is interpolated, and rounded to the nearest', () => {
  const warp = identityWarp([1, 3]);
  const image = Uint8Array.from([10, 21, 200]);
  expect([...distorted(image, { ...warp, offset: [0, 0.25] })]).toEqual([13, 66, 150]);
  expect([...distorted(image, { ...warp, offset: [0.5, 0] })]).toEqual([5, 11, 100]);
  const square = distorted(Uint8Array.from([0, 100, 200, 44]), {
    ...identityWarp([2, 2]),
    offset: [0.5, 0.5],
  });
  expect([...square]).toEqual([86, 36, 61, 11]);
});

describe('the weights of the blur', () => {
  test.each([0.1, 1, 4, 6.5, 100])('of sigma %d are a Gaussian that sums to 1', (sigma) => {
    const weights = gaussianWeights(sigma);
    expect(weights).toHaveLength(Math.floor(3 * sigma) + 1);
    const sum = weights.reduce((total, weight, d) => total + (d === 0 ? 1 : 2) * weight, 0);
    expect(sum).toBeCloseTo(1, 12);
    for (const [d, weight] of weights.entries()) {
      expect(weight / weights[0]).toBeCloseTo(Math.exp(-(d * d) / (2 * sigma * sigma)), 12);
    }
  });

  test.each([0, -1, 100.5, Number.NaN])('of sigma %d are refused', (sigma) => {
    expect(() => gaussianWeights(sigma)).toThrow(/^kernels: expected a sigma above 0 and at most 100, got /);
  });
});

describe('the elastic field', () => {
  const shape = [40, 50] as const;

  test('is the blurred noise times alpha', () => {
    const [weights, key] = [gaussianWeights(1.5), [3, 9] as const];
    const field = elasticField({ alpha: 7, weights, key }, shape, 1);
    const at = (i: number, j: number) => {
      let sum = 0;
      for (let k = 0; k < 40; k++) {
        for (let l = 0; l < 50; l++) {
          const weight = (weights[Math.abs(i - k)] ?? 0) * (weights[Math.abs(j - l)] ?? 0);
          sum += weight * uniformOf(key, 8 + 2000 + k * 50 + l);
        }
      }
      return 7 * sum;
    };
    for (const [i, j] of [
      [0, 0],
      [20, 25],
      [39, 3],
    ]) {
      expect(field[i * 50 + j]).toBeCloseTo(at(i, j), 12);
    }
  });

  test.each([2, 4])('has the standard deviation that follows from sigma %d', (sigma) => {
    const weights = gaussianWeights(sigma);
    const squares = weights.reduce((sum, weight, d) => sum + (d === 0 ? 1 : 2) * weight * weight, 0);
    // A number uniform in [−1, 1) has the variance 1/3, and the blur multiplies it with Σw² along each axis.
    const expected = 34 * Math.sqrt(1 / 3) * squares;
    if (sigma === 4) expect(expected).toBeCloseTo(1.4, 1);
    let [sum, total, n] = [0, 0, 0];
    for (let image = 0; image < 400; image++) {
      const field = elasticField({ alpha: 34, weights, key: [image, 77] }, shape, image % 2 === 0 ? 0 : 1);
      for (const k of [15 * 50 + 15, 15 * 50 + 35, 24 * 50 + 15, 24 * 50 + 35]) {
        sum += field[k] ** 2;
        total += field[k];
        n++;
      }
    }
    // 1600 numbers, those of one image not independent: 4 standard errors of at least 400 of them.
    expect(Math.abs(Math.sqrt(sum / n) / expected - 1)).toBeLessThan(4 / Math.sqrt(2 * 400));
    expect(Math.abs(total / n)).toBeLessThan((4 * expected) / Math.sqrt(400));
  });

  test('along rows and along columns are two', () => {
    const elastic = { alpha: 34, weights: gaussianWeights(4), key: [5, 6] as const };
    const [down, across] = [elasticField(elastic, shape, 0), elasticField(elastic, shape, 1)];
    const dot = down.reduce((sum, value, k) => sum + value * across[k], 0);
    const norm = (field: Float64Array) => Math.sqrt(field.reduce((sum, value) => sum + value * value, 0));
    expect(Math.abs(dot / (norm(down) * norm(across)))).toBeLessThan(0.6);
  });
});

describe('samples that are no images', () => {
  const kernels = new ReferenceKernels();
  const samples: Samples = {
    ...{ count: 2, cols: 6, values: new Uint8Array(12), scale: 1 },
    ...{ labels: new Uint8Array(2), classes: 1 },
  };

  test('of floats are refused', () => {
    const floats = { ...samples, values: new Float32Array(12) };
    expect(() => kernels.sampleSlot(floats, 4, [2, 3])).toThrow(
      new RangeError('kernels: expected samples of bytes to distort, got floats'),
    );
  });

  test('of another shape are refused', () => {
    expect(() => kernels.sampleSlot(samples, 4, [3, 3])).toThrow(
      new RangeError('kernels: expected samples of 3 × 3 pixels to distort, got 6 values'),
    );
  });
});
