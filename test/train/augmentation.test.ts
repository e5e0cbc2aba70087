/** Which distortions a run's seed and options give, and what of a run they touch. */

import { describe, expect, test } from 'vitest';
import { uniformOf } from '../../src/kernels/distortion.ts';
import { perceptron } from '../../src/network/network.ts';
import { Augmentation, type AugmentationOptions } from '../../src/train/augmentation.ts';
import { allOf } from '../../src/train/batches.ts';
import type { TrainConfig, TrainData } from '../../src/train/config.ts';
import { digits, eventsOf, makeTrainer, only, weightBytes } from './runs.ts';

const shape = [28, 28] as const;
const rows = Array.from({ length: 2000 }, (_, i) => i);

describe('the distortion of a sample', () => {
  test('reads back a scaling, then an anticlockwise turn, then a shift', () => {
    const options = { shape, shift: 3, rotate: 40, zoom: 0.25, elastic: 34 };
    const augmentation = new Augmentation(options, 9);
    for (const row of [0, 1, 77]) {
      const { matrix, offset, elastic } = augmentation.warp(2, row);
      const key = elastic?.key ?? [0, 0];
      const angle = (40 * uniformOf(key, 0) * Math.PI) / 180;
      const [high, wide] = [1 + 0.25 * uniformOf(key, 1), 1 + 0.25 * uniformOf(key, 2)];
      const [down, right] = [3 * uniformOf(key, 3), 3 * uniformOf(key, 4)];
      // Forwards, (row, column) from the centre: what is right of it goes up.
      const place = ([y, x]: readonly [number, number]) => [
        Math.cos(angle) * high * y - Math.sin(angle) * wide * x + down,
        Math.sin(angle) * high * y + Math.cos(angle) * wide * x + right,
      ];
      for (const source of [
        [0, 0],
        [3, -2],
        [-7, 5],
      ] as const) {
        const [y, x] = place(source);
        expect(matrix[0] * y + matrix[1] * x + offset[0]).toBeCloseTo(source[0], 12);
        expect(matrix[2] * y + matrix[3] * x + offset[1]).toBeCloseTo(source[1], 12);
      }
      expect(elastic?.alpha).toBe(34);
      expect(elastic?.weights).toHaveLength(13);
    }
  });

  test.each<[name: string, options: Omit<AugmentationOptions, 'shape'>]>([
    ['shift', { shift: 2 }],
    ['rotate', { rotate: 30 }],
    ['zoom', { zoom: 0.2 }],
  ])('of %s alone is uniform within its bounds', (_, options) => {
    const augmentation = new Augmentation({ shape, ...options }, 3);
    const values = rows.flatMap((row) => {
      const { matrix, offset, elastic } = augmentation.warp(1, row);
      expect(elastic).toBeUndefined();
      const determinant = matrix[0] * matrix[3] - matrix[1] * matrix[2];
      const [high, wide] = [1 / Math.hypot(matrix[0], matrix[1]), 1 / Math.hypot(matrix[2], matrix[3])];
      if (options.shift === undefined) expect(offset.map(Math.abs)).toEqual([0, 0]);
      else expect(matrix.map((entry) => entry + 0)).toEqual([1, 0, 0, 1]);
      if (options.zoom === undefined) expect(determinant).toBeCloseTo(1, 12);
      else expect(matrix[1] + matrix[2]).toBe(0);
      if (options.shift) return offset.map((value) => value / 2);
      if (options.zoom) return [(high - 1) / 0.2, (wide - 1) / 0.2];
      return [(Math.atan2(matrix[1], matrix[0]) * 180) / Math.PI / 30];
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    // 4 standard errors: of the mean √(1/3n), of the squares √(4/45n).
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / 3 / values.length));
    expect(Math.abs(variance - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / values.length));
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(1 + 1e-9);
  });

  test('is another for another seed, epoch and row, and the same again', () => {
    const of = (seed: number, epoch: number, row: number) =>
      JSON.stringify(new Augmentation({ shape, shift: 1, elastic: 34 }, seed).warp(epoch, row));
    expect(of(1, 1, 5)).toBe(of(1, 1, 5));
    const all = [1, 2].flatMap((seed) =>
      [1, 2, 3].flatMap((epoch) => [0, 1, 2, 3].map((row) => of(seed, epoch, row))),
    );
    expect(new Set(all).size).toBe(24);
  });

  test.each<[options: Partial<AugmentationOptions>, message: string]>([
    [{ shift: -1 }, 'Augmentation: expected shift from 0 to 1000, got -1'],
    [{ shift: Infinity }, 'Augmentation: expected shift from 0 to 1000, got Infinity'],
    [{ rotate: 181 }, 'Augmentation: expected rotate from 0 to 180, got 181'],
    [{ rotate: Number.NaN }, 'Augmentation: expected rotate from 0 to 180, got NaN'],
    [{ zoom: 1 }, 'Augmentation: expected zoom from 0 up to, not including, 1, got 1'],
    [{ elastic: 1e5 }, 'Augmentation: expected elastic from 0 to 10000, got 100000'],
    [{ elastic: 34, elasticSigma: 0 }, 'kernels: expected a sigma above 0 and at most 100, got 0'],
    [{ shape: [28, 0.5] }, 'Augmentation: expected images of whole pixels, got 28 × 0.5'],
  ])('with %j is refused', (options, message) => {
    expect(() => new Augmentation({ shape, ...options }, 1)).toThrow(new RangeError(message));
  });
});

describe('a run', async () => {
  const { train, test: testSet } = await digits();
  const pick = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
  const data: TrainData = {
    train: { samples: train, rows: pick(0, 20) },
    validation: { samples: train, rows: pick(80, 90) },
    test: {
      ...testSet,
      count: 10,
      values: testSet.values.slice(0, 7840),
      labels: testSet.labels.slice(0, 10),
    },
  };
  const network = perceptron({ inputs: 784, hidden: [5], classes: 10 });
  const base: Partial<TrainConfig> = { network, epochs: 2, batchSize: 8, learningRate: 0.2 };
  const augmentation = { shape, shift: 1, rotate: 10, elastic: 34 };

  async function outcome(config: Partial<TrainConfig>, sets = data) {
    const trainer = makeTrainer({ ...base, ...config }, sets);
    const events = await eventsOf(trainer);
    return { weights: weightBytes(trainer.network), events };
  }

  test('depends on the augmentation and its seed', async () => {
    const plain = await outcome({});
    const augmented = await outcome({ augmentation });
    expect(augmented.weights).not.toBe(plain.weights);
    expect((await outcome({ augmentation })).weights).toBe(augmented.weights);
    expect((await outcome({ augmentation: { ...augmentation, elastic: 30 } })).weights).not.toBe(
      augmented.weights,
    );
  });

  test('with an augmentation that is off all over has the bits of one without', async () => {
    expect((await outcome({ augmentation: { shape, shift: 0 } })).weights).toBe((await outcome({})).weights);
  });

  test('distorts no sample of validation and test', async () => {
    // Steps too small to change a weight in float32: what is evaluated is the initial network.
    const still = { learningRate: 1e-300 };
    const plain = await outcome(still);
    const augmented = await outcome({ ...still, augmentation: { ...augmentation, shift: 10 } });
    const held = ({ events }: typeof plain) =>
      only(events, 'epoch').map(({ validationLoss, validationAccuracy }) => [
        validationLoss,
        validationAccuracy,
      ]);
    const tested = ({ events }: typeof plain) => only(events, 'end').map(({ testLoss }) => testLoss);
    expect(held(augmented)).toEqual(held(plain));
    expect(tested(augmented)).toEqual(tested(plain));
    const losses = only(augmented.events, 'epoch').map(({ trainLoss }) => trainLoss);
    // Every epoch has distortions of its own.
    expect(new Set([...losses, only(plain.events, 'epoch')[0].trainLoss]).size).toBe(3);
  });

  test.each([
    ['of another shape', { ...augmentation, shape: [20, 20] as const }, /20 × 20 pixels to distort, got 784/],
    ['out of range', { ...augmentation, zoom: 2 }, /expected zoom/],
  ])('with an augmentation %s is refused', (_, wrong, message) => {
    expect(() => makeTrainer({ ...base, augmentation: wrong }, data)).toThrow(message);
  });

  test('on floats is refused', () => {
    const floats = { ...train, values: Float32Array.from(train.values) };
    expect(() => makeTrainer({ ...base, augmentation }, { train: allOf(floats) })).toThrow(
      /of bytes to distort/,
    );
  });
});
