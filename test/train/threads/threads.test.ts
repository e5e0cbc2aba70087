/** Training on several threads: the same weights for every number of them, and the same as without any. */

import { describe, expect, test } from 'vitest';
import type { Samples } from '../../../src/kernels/matrix.ts';
import { Random } from '../../../src/kernels/random.ts';
import { allOf } from '../../../src/train/batches.ts';
import type { TrainConfig, TrainData } from '../../../src/train/config.ts';
import { digits } from '../runs.ts';
import { alone, config, onThreads, ThreadedTrainer } from './threads-runs.ts';

const { train, test: testSet } = await digits();
const ten = { classes: 10 };

const random = new Random(1, 'threads');
/** Floats of 70 columns and 70 classes. */
const many: Samples = {
  count: 100,
  cols: 70,
  values: Float32Array.from({ length: 7000 }, () => random.uniform(-1, 1)),
  scale: 1,
  labels: Uint8Array.from({ length: 100 }, (_, i) => i % 70),
  classes: 70,
};
/** Bytes of which most are not 0. */
const bytes: Samples = {
  ...many,
  values: Uint8Array.from({ length: 7000 }, () => 1 + random.below(255)),
  scale: 1 / 255,
};

const held: TrainData = {
  train: { samples: train, rows: Uint32Array.from({ length: 75 }, (_, i) => i) },
  validation: { samples: train, rows: Uint32Array.from({ length: 25 }, (_, i) => 75 + i) },
  test: testSet,
};
const images: TrainData = { train: allOf(train) };
const wide: TrainData = { train: allOf(many), test: many };

// 100 samples in batches of 16: the last batch of an epoch has 4.
const RUNS: [string, TrainConfig, TrainData][] = [
  ['784 → 200 → 10, validation and test', config({ ...ten, hidden: [200], l2: 0.001 }), held],
  ['wide to wide', config({ ...ten, hidden: [200, 100] }), images],
  ['one column more than narrow', config({ ...ten, hidden: [65], activation: 'tanh', loss: 'svm' }), images],
  ['narrow', config({ ...ten, hidden: [30], activation: 'sigmoid', loss: 'squared-error' }), held],
  ['no hidden layer', config({ ...ten, hidden: [], loss: 'sigmoid-cross-entropy', l2: 0.01 }), held],
  ['wide, wide, narrow', config({ ...ten, hidden: [300, 70, 20], activation: 'tanh' }), images],
  ['batches of one', config({ ...ten, hidden: [70] }, { batchSize: 1, epochs: 1 }), images],
  ['one batch of all', config({ ...ten, hidden: [200] }, { batchSize: 1000, epochs: 3 }), images],
  ['70 classes', config({ inputs: 70, hidden: [70, 70], classes: 70 }), wide],
  [
    '70 classes, squared error',
    config({ inputs: 70, hidden: [70], classes: 70, loss: 'squared-error', activation: 'sigmoid' }),
    wide,
  ],
  [
    '70 classes, sigmoid cross-entropy',
    config({ inputs: 70, hidden: [30], classes: 70, loss: 'sigmoid-cross-entropy' }),
    wide,
  ],
  ['70 classes, svm', config({ inputs: 70, hidden: [], classes: 70, loss: 'svm' }), wide],
  [
    'momentum, cosine after a warm-up',
    config(
      { ...ten, hidden: [200, 30] },
      { optimizer: { name: 'momentum' }, schedule: { name: 'cosine', warmUp: 0.5 }, learningRate: 0.01 },
    ),
    held,
  ],
  [
    'nesterov, step',
    config(
      { ...ten, hidden: [65], l2: 0.001 },
      { optimizer: { name: 'nesterov' }, schedule: { name: 'step' }, learningRate: 0.01 },
    ),
    images,
  ],
  [
    'rmsprop, exponential',
    config(
      { ...ten, hidden: [30] },
      { optimizer: { name: 'rmsprop' }, schedule: { name: 'exponential' }, learningRate: 0.001 },
    ),
    images,
  ],
  [
    'adam, one-cycle',
    config(
      { ...ten, hidden: [300, 70, 20], activation: 'tanh' },
      { optimizer: { name: 'adam' }, schedule: { name: 'one-cycle' }, learningRate: 0.005 },
    ),
    images,
  ],
  [
    'adamw, 70 classes',
    config(
      { inputs: 70, hidden: [70], classes: 70 },
      { optimizer: { name: 'adamw', weightDecay: 0.1 }, learningRate: 0.005 },
    ),
    wide,
  ],
  [
    'adam, cosine after a warm-up, all of regularisation',
    config(
      { ...ten, hidden: [200, 70, 30], activation: 'gelu', l2: 0.001 },
      {
        optimizer: { name: 'adam' },
        schedule: { name: 'cosine', warmUp: 0.5 },
        learningRate: 0.005,
        regularisation: { dropout: 0.3, inputDropout: 0.1, l1: 0.0001, maxNorm: 1, labelSmoothing: 0.1 },
      },
    ),
    held,
  ],
  [
    'nesterov, one-cycle, dropout and max-norm, dense floats',
    config(
      { inputs: 70, hidden: [70], classes: 70, activation: 'elu' },
      {
        optimizer: { name: 'nesterov' },
        schedule: { name: 'one-cycle' },
        regularisation: { dropout: 0.5, inputDropout: 0.2, maxNorm: 2 },
      },
    ),
    wide,
  ],
  ['dense bytes', config({ inputs: 70, hidden: [200], classes: 70 }), { train: allOf(bytes) }],
];

describe.each(RUNS)('%s', (_, run, data) => {
  test('the same weights and events for 1, 2, 3 and 7 threads, and without threads', async () => {
    const expected = await alone(run, data);
    expect(expected.digest).toMatch(/^[0-9a-f]{64}$/);
    for (const threads of [1, 2, 3, 7]) {
      expect(await onThreads(run, data, threads), `${threads} threads`).toEqual(expected);
    }
  });
});

test('run after run the same, another seed another', async () => {
  const run = config({ ...ten, hidden: [200] });
  const first = await onThreads(run, held, 2);
  for (let n = 0; n < 3; n++) expect(await onThreads(run, held, 2)).toEqual(first);
  expect((await onThreads({ ...run, seed: 4 }, held, 2)).digest).not.toBe(first.digest);
});

test('the events are those of any run', async () => {
  const run = config({ ...ten, hidden: [30] });
  const { events } = await onThreads(run, held, 2);
  expect(events.map((event) => (event as { event: string }).event)).toEqual([
    'start',
    'epoch',
    'epoch',
    'end',
  ]);
  expect(events[0]).toMatchObject({ trainSamples: 75, validationSamples: 25, testSamples: 40 });
  expect(events[3]).toMatchObject({ epochs: 2, steps: 10, interrupted: false });
  const trainer = new ThreadedTrainer(run, held, 1);
  expect(() => trainer.tensors()).toThrow(/run to have ended/);
  for await (const event of trainer.run()) if (event.event === 'end') break;
  expect(() => trainer.tensors()).toThrow(/run to have ended/);
});

test.each([0, -1, 1.5, Number.NaN, Infinity])('%d threads are refused', (threads) => {
  expect(() => new ThreadedTrainer(config({ ...ten, hidden: [] }), images, threads)).toThrow(
    new RangeError(`ThreadedTrainer: expected a positive whole number of threads, got ${threads}`),
  );
});
