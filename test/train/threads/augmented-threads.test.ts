/** Augmented runs on threads: the bits of a run without threads, however many there are, and clean ends. */

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { TrainData } from '../../../src/train/config.ts';
import type { TrainEvent } from '../../../src/train/events.ts';
import type { RunCourse, RunState } from '../../../src/train/run/run-state.ts';
import { ringSize } from '../../../src/train/threads/slot-ring.ts';
import { freshFolder } from '../../cli/run.ts';
import { digits } from '../runs.ts';
import { alone, config, digestOf, onThreads, ThreadedTrainer, threadsModule } from './threads-runs.ts';

const { train, test: testSet } = await digits();
const rows = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
const held: TrainData = {
  train: { samples: train, rows: rows(0, 80) },
  validation: { samples: train, rows: rows(80, 100) },
  test: testSet,
};
const augmentation = { shape: [28, 28] as const, shift: 1, rotate: 10, zoom: 0.1, elastic: 34 };
const wide = { hidden: [70, 30], classes: 10 };
const THREADS = [1, 2, 3];

// Without a single 0, so that they are kept dense.
const lit = { ...train, values: Uint8Array.from(train.values as Uint8Array, (value) => Math.max(value, 3)) };

describe.each([
  ['sparse images', held, config(wide, { epochs: 4, augmentation })],
  [
    'dense images',
    { train: { samples: lit, rows: rows(0, 100) } },
    config(wide, { epochs: 3, augmentation }),
  ],
  ['batches of one size', held, config(wide, { epochs: 20, batchSize: 10, augmentation })],
  ['a batch of all', held, config(wide, { epochs: 30, batchSize: 500, augmentation })],
  [
    'everything at once',
    held,
    config(wide, {
      ...{ epochs: 6, patience: 2, learningRate: 0.4, optimizer: { name: 'momentum' }, augmentation },
      regularisation: { inputDropout: 0.2, dropout: 0.3, labelSmoothing: 0.1, l1: 1e-5 },
    }),
  ],
] as const)('%s', (_, data: TrainData, run) => {
  test('have the same bits on any number of threads', async () => {
    const expected = await alone(run, data);
    for (const threads of THREADS) expect(await onThreads(run, data, threads)).toEqual(expected);
    expect((await alone({ ...run, seed: run.seed + 1 }, data)).digest).not.toBe(expected.digest);
    const { augmentation: __, ...plain } = run;
    expect((await alone(plain, data)).digest).not.toBe(expected.digest);
  });
});

describe('continued', () => {
  const setup = config(wide, { epochs: 5, learningRate: 0.2, augmentation });

  async function threaded(threads: number, course: RunCourse) {
    const trainer = new ThreadedTrainer(setup, held, threads);
    const events: TrainEvent[] = [];
    for await (const event of trainer.run(undefined, course)) events.push(event);
    return digestOf(trainer.tensors());
  }

  test('from any state, also in the middle of an epoch, a run has the bits of one that never stopped', async () => {
    const states: RunState[] = [];
    const plain = await threaded(2, { checkpoint: (state) => states.push(state), checkpointEvery: 3 });
    expect(plain).toBe((await alone(setup, held)).digest);
    expect(states.map(({ batch }) => batch)).toEqual([3, 1, 4, 2, 0, 3, 1, 4, 0]);
    for (const [i, from] of states.entries()) expect(await threaded(1 + (i % 3), { from })).toBe(plain);
  });
});

describe('a run that cannot be', () => {
  test.each([
    [{ ...augmentation, shape: [20, 20] as const }, 'samples of 20 × 20 pixels to distort, got 784 values'],
    [{ ...augmentation, rotate: 200 }, 'expected rotate from 0 to 180, got 200'],
  ])('is refused: %j', async (wrong, message) => {
    const run = config(wide, { augmentation: wrong });
    await expect(onThreads(run, held, 2)).rejects.toThrow(message);
    await expect(alone(run, held)).rejects.toThrow(message);
  });

  test('of floats is refused', async () => {
    const samples = { ...train, values: Float32Array.from(train.values) };
    const data = { train: { samples, rows: rows(0, 10) } };
    await expect(onThreads(config(wide, { augmentation }), data, 2)).rejects.toThrow('of bytes to distort');
  });

  test.each(THREADS)('that does not fit the samples ends, %i threads', async (threads) => {
    const run = config({ inputs: 783, ...wide }, { augmentation });
    await expect(onThreads(run, held, threads)).rejects.toThrow('expected samples of 783 values, got 784');
  });
});

test.each(THREADS)('divergence arrives as without threads, %i threads', async (threads) => {
  const spec = { classes: 10, hidden: [200], loss: 'squared-error', activation: 'identity' } as const;
  const run = config(spec, { learningRate: 20, augmentation });
  const expected = await alone(run, held).catch((error) => error.point);
  expect(await onThreads(run, held, threads).catch((error) => error.point)).toEqual(expected);
});

// A thread left behind would keep the process alive, until it is killed here.
describe('nothing is left running', () => {
  async function printed(body: string): Promise<string> {
    const { cwd, remove } = await freshFolder();
    const file = join(cwd, 'program.mjs');
    await writeFile(
      file,
      `
      const { ThreadedTrainer } = await import(${JSON.stringify(threadsModule)});
      const samples = {
        count: 40, cols: 100, values: Uint8Array.from({ length: 4000 }, (_, k) => k % 13 === 0 ? k % 250 : 0),
        scale: 1 / 255, labels: Uint8Array.from({ length: 40 }, (_, i) => i % 3), classes: 3,
      };
      const layers = [{ type: 'dense', inputs: 100, outputs: 70 }, { type: 'dense', inputs: 70, outputs: 3 }];
      const network = { inputs: 100, layers, loss: { name: 'softmax-cross-entropy' }, l2: 0 };
      const augmentation = { shape: [10, 10], shift: 1, elastic: 8, elasticSigma: 2 };
      const config = { network, epochs: 1e9, batchSize: 8, learningRate: 0.01, seed: 1, augmentation };
      const all = { samples, rows: Uint32Array.from({ length: 40 }, (_, i) => i) };
      ${body}
      console.log('done');`,
    );
    const ended = promisify(execFile)(process.execPath, [file], { timeout: 120_000 });
    return (await ended.finally(remove)).stdout;
  }

  test.each([
    ['abort', 'setTimeout(() => stop.abort(), 100); for await (const _ of trainer.run(stop.signal));'],
    ['abort before the start', 'stop.abort(); for await (const _ of trainer.run(stop.signal));'],
    ['break', 'for await (const event of trainer.run()) if (event.event === "batch") break;'],
    ['break at once', 'for await (const _ of trainer.run()) break;'],
  ])('after %s', async (_, body) => {
    for (const threads of [1, 3]) {
      const head = `const stop = new AbortController(); const trainer = new ThreadedTrainer(config, { train: all }, ${threads});`;
      expect(await printed(`${head}\n${body}`)).toBe('done\n');
    }
  });

  test.each([
    ['a whole run', '{ ...config, epochs: 2 }', 'end'],
    ['patience', '{ ...config, learningRate: 1e-30, patience: 2 }', 'end'],
    ['divergence', '{ ...config, learningRate: 1e30 }', 'DivergenceError'],
    ['a fault in a thread', '{ ...config, epochs: 0 }', 'RangeError'],
    ['a fault where images are distorted', '(all.rows[3] = 2 ** 31, config)', 'RuntimeError'],
    ['a fault of the listener', 'config', 'TypeError', 'throw new TypeError("enough");'],
    [
      'a state of another run',
      '{ ...config, epochs: 2 }',
      'StateError',
      '',
      '{ from: { epoch: 9, batch: 0, generators: {} } }',
    ],
  ])('after %s', async (_, changed, last, listener = '', course = '{}') => {
    const body = `let last;
      const trainer = new ThreadedTrainer(${changed}, { train: all, validation: all }, 3);
      try {
        for await (const event of trainer.run(undefined, ${course})) { last = event.event; ${listener} }
      } catch (error) { last = error.name; }
      console.log(last);`;
    expect(await printed(body)).toBe(`${last}\ndone\n`);
  });
});

test('a ring has as many slots as are of use, and never fewer than can go round', () => {
  expect(ringSize(128, 784)).toBe(8);
  expect(ringSize(5000, 784)).toBe(4);
  expect(ringSize(60_000, 784)).toBe(3);
});
