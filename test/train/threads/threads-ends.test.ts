/** How a run on threads ends before its time: divergence, abort, a listener that leaves, a fault in a thread. */

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { allOf } from '../../../src/train/batches.ts';
import type { DivergenceError } from '../../../src/train/run/divergence.ts';
import { freshFolder } from '../../cli/run.ts';
import { digits } from '../runs.ts';
import {
  alone,
  config,
  digestOf,
  listen,
  onThreads,
  ThreadedTrainer,
  threadsModule,
} from './threads-runs.ts';

const { train } = await digits();
const images = { train: allOf(train) };
const ten = { classes: 10 };
const THREADS = [1, 2, 3, 7];

describe('divergence', () => {
  test.each(THREADS)('arrives with epoch and step from %i threads', async (threads) => {
    const run = config(
      { ...ten, hidden: [200], loss: 'squared-error', activation: 'identity' },
      { learningRate: 20 },
    );
    const expected = (await alone(run, images).catch((error) => error)) as DivergenceError;
    expect(expected.name).toBe('DivergenceError');
    const error = (await onThreads(run, images, threads).catch((e) => e)) as DivergenceError;
    expect(error.name).toBe('DivergenceError');
    expect(error.point).toEqual(expected.point);
    expect(error.message).toBe(expected.message);
    expect([error.epoch, error.step]).toEqual([expected.point.epoch, expected.point.step]);
  });

  test.each(THREADS)('of a weight where an epoch ends: %i threads', async (threads) => {
    // One step, whose loss is finite and whose update is not.
    const spec = { ...ten, hidden: [70], loss: 'squared-error', activation: 'identity' } as const;
    const run = config(spec, { learningRate: 1e39, batchSize: 100 });
    await expect(onThreads(run, images, threads)).rejects.toMatchObject({
      name: 'DivergenceError',
      point: { epoch: 1, step: 1, what: 'W1 is not finite', inputsFinite: true },
    });
  });
});

describe('a fault in a thread ends the run and is thrown:', () => {
  test.each(THREADS)('a network that does not fit the samples, %i threads', async (threads) => {
    const run = config({ inputs: 783, classes: 10, hidden: [200] });
    await expect(onThreads(run, images, threads)).rejects.toThrow('expected samples of 783 values, got 784');
  });

  test.each(THREADS)('no epochs, %i threads', async (threads) => {
    const run = config({ ...ten, hidden: [30] }, { epochs: 0 });
    await expect(onThreads(run, images, threads)).rejects.toThrow('positive whole number of epochs, got 0');
  });

  test('more memory than wasm addresses', async () => {
    const run = config({ ...ten, hidden: [100_000, 100_000] });
    await expect(onThreads(run, images, 2)).rejects.toThrow(/at most 4 GiB/);
  });
});

describe('abort', () => {
  const endless = config({ ...ten, hidden: [200] }, { epochs: 1e9 });

  test.each(THREADS)('ends the run with its weights, %i threads', async (threads) => {
    const stop = new AbortController();
    const run = new ThreadedTrainer(endless, images, threads);
    const events = [];
    for await (const event of run.run(stop.signal)) {
      events.push(event);
      if (events.length === 4) stop.abort();
    }
    const end = events.at(-1);
    if (end?.event !== 'end') throw new Error(`expected end last, got ${end?.event}`);
    expect(end.interrupted).toBe(true);
    // As many steps without threads give the same weights.
    let asked = 0;
    const afterAsMany = {
      get aborted() {
        asked++;
        return asked === end.steps;
      },
    };
    expect((await alone(endless, images, afterAsMany)).digest).toBe(digestOf(run.tensors()));
    expect(run.tensors().map(({ name }) => name)).toEqual(['W1', 'b1', 'W2', 'b2']);
  });

  test('before the start ends it after a step or two', async () => {
    const events = await listen(new ThreadedTrainer(endless, images, 2), AbortSignal.abort());
    expect(events.at(-1)).toMatchObject({ event: 'end', epochs: 0, interrupted: true });
    expect((events.at(-1) as { steps: number }).steps).toBeLessThanOrEqual(2);
  });
});

// A thread or a listener left behind would keep the process alive, until it is killed here.
describe('nothing is left running', () => {
  const program = (body: string) => `
    const { ThreadedTrainer } = await import(${JSON.stringify(threadsModule)});
    const samples = {
      count: 40, cols: 100, values: Float32Array.from({ length: 4000 }, (_, k) => (k % 13) / 13), scale: 1,
      labels: Uint8Array.from({ length: 40 }, (_, i) => i % 3), classes: 3,
    };
    const layers = [{ type: 'dense', inputs: 100, outputs: 70 }, { type: 'dense', inputs: 70, outputs: 3 }];
    const network = { inputs: 100, layers, loss: { name: 'softmax-cross-entropy' }, l2: 0 };
    const config = { network, epochs: 1e9, batchSize: 8, learningRate: 0.01, seed: 1 };
    const data = { train: { samples, rows: Uint32Array.from({ length: 40 }, (_, i) => i) } };
    ${body}
    console.log('done');`;

  /** What such a program prints; it has to end by itself. */
  async function printed(body: string): Promise<string> {
    const { cwd, remove } = await freshFolder();
    const file = join(cwd, 'program.mjs');
    await writeFile(file, program(body));
    const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 120_000 }).finally(
      remove,
    );
    return stdout;
  }

  test.each([
    ['abort', 'setTimeout(() => stop.abort(), 100); for await (const _ of trainer.run(stop.signal));'],
    ['break', 'for await (const event of trainer.run()) if (event.event === "batch") break;'],
    ['break at once', 'for await (const _ of trainer.run()) break;'],
    ['return before the first event', 'const run = trainer.run(); await run.return();'],
  ])('after %s', async (_, body) => {
    for (const threads of [1, 3]) {
      const head = `const stop = new AbortController(); const trainer = new ThreadedTrainer(config, data, ${threads});`;
      expect(await printed(`${head}\n${body}`)).toBe('done\n');
    }
  });

  test.each([
    ['a whole run', '{ ...config, epochs: 2 }', 'end'],
    ['divergence', '{ ...config, learningRate: 1e30 }', 'DivergenceError'],
    ['a fault in a thread', '{ ...config, epochs: 0 }', 'RangeError'],
    ['a fault of the listener', 'config', 'TypeError', 'throw new TypeError("enough");'],
  ])('after %s', async (_, changed, last, listener = '') => {
    const body = `let last;
      try {
        for await (const event of new ThreadedTrainer(${changed}, data, 3).run()) { last = event.event; ${listener} }
      } catch (error) { last = error.name; }
      console.log(last);`;
    expect(await printed(body)).toBe(`${last}\ndone\n`);
  });
});
