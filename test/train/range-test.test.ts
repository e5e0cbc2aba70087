/** The learning-rate range test: its sweep, what it suggests, and where it ends. */

import { describe, expect, test } from 'vitest';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { perceptron } from '../../src/network/network.ts';
import { allOf } from '../../src/train/batches.ts';
import type { TrainConfig } from '../../src/train/config.ts';
import { HIGHEST_RATE, LOWEST_RATE, rangeSteps, rangeTest, rateAt } from '../../src/train/range-test.ts';
import { baseConfig, corners } from './runs.ts';

const run = (config: Partial<TrainConfig> = {}, samples = corners(60), ...rest: [{ aborted: boolean }?]) =>
  rangeTest(new ReferenceKernels('float64'), { ...baseConfig, ...config }, allOf(samples), ...rest);

test('the rates go from 1e-5 to 10, each the same factor above the one before', () => {
  const rates = Array.from({ length: 100 }, (_, step) => rateAt(step, 100));
  expect(rates[0]).toBe(LOWEST_RATE);
  expect(rates[99] / HIGHEST_RATE).toBeCloseTo(1, 14);
  for (let k = 1; k < 100; k++) expect(rates[k] / rates[k - 1]).toBeCloseTo(1e6 ** (1 / 99), 12);
});

test('it takes an epoch, or 100 steps where that is shorter, or 1000 where it is longer', () => {
  expect([1, 99, 100, 469, 1000, 60000].map(rangeSteps)).toEqual([100, 100, 100, 469, 1000, 1000]);
});

describe('of a network that learns', () => {
  test('the suggestion lies where the smoothed loss falls, below where it is least', async () => {
    const { points, suggestion, divergence, interrupted } = await run();
    expect(points.length).toBeGreaterThan(80);
    expect(divergence).toBeGreaterThan(suggestion as number);
    expect(interrupted).toBe(false);
    const least = points.reduce((a, b) => (b.smoothedLoss < a.smoothedLoss ? b : a));
    expect(suggestion).toBeGreaterThan(0.01);
    expect(suggestion).toBeLessThan(least.learningRate);
  });

  test('the smoothed loss begins with the loss, and follows it more slowly', async () => {
    const { points } = await run();
    expect(points[0].smoothedLoss).toBe(points[0].loss);
    const roughness = (of: 'loss' | 'smoothedLoss') =>
      points.slice(1).reduce((sum, point, k) => sum + Math.abs(point[of] - points[k][of]), 0);
    expect(roughness('smoothedLoss')).toBeLessThan(roughness('loss') / 2);
  });

  test('the noise of small batches does not lead it astray', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { suggestion } = await run({ seed, batchSize: 4 });
      expect(suggestion).toBeGreaterThan(0.1);
      expect(suggestion).toBeLessThan(3);
    }
  });

  test('is the same again, and another with another optimizer', async () => {
    expect(await run()).toEqual(await run());
    expect(await run({ optimizer: { name: 'adam' } })).not.toEqual(await run());
  });

  test('regularises as the run would', async () => {
    const plain = await run();
    for (const regularisation of [
      { dropout: 0.3 },
      { inputDropout: 0.2 },
      { l1: 0.01 },
      { maxNorm: 0.5 },
      { labelSmoothing: 0.1 },
    ]) {
      expect((await run({ regularisation })).points, JSON.stringify(regularisation)).not.toEqual(
        plain.points,
      );
    }
    expect(await run({ regularisation: {} })).toEqual(plain);
  });

  test('does not depend on learning rate, schedule and epochs of the config', async () => {
    const other = { learningRate: 5, epochs: 70, schedule: { name: 'cosine' } as const };
    expect(await run(other)).toEqual(await run());
  });
});

test('ends where the loss diverges, without an error', async () => {
  const network = perceptron({
    inputs: 3,
    hidden: [20, 20],
    classes: 3,
    loss: 'squared-error',
    activation: 'identity',
  });
  const { points, divergence } = await run({ network });
  expect(divergence).toBeGreaterThan(0.01);
  expect(points.length).toBeLessThan(100);
  expect(points.every(({ smoothedLoss }) => Number.isFinite(smoothedLoss))).toBe(true);
  expect(points.at(-1)?.learningRate).toBeLessThanOrEqual(divergence as number);
});

test('nothing is suggested where the loss is no number from the first step on', async () => {
  const samples = corners(60);
  const spoilt = { ...samples, values: samples.values.map(() => Number.NaN) };
  const { points, suggestion, divergence } = await run({}, spoilt);
  expect([points.length, suggestion, divergence]).toEqual([0, null, LOWEST_RATE]);
});

test('stops when it is told to', async () => {
  const { points, interrupted } = await run({}, corners(60), { aborted: true });
  expect(interrupted).toBe(true);
  expect(points).toHaveLength(1);
});
