/** A run on threads that is looked at while it trains: what is seen, and that the run never knows of it. */

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { TrainConfig, TrainData } from '../../../src/train/config.ts';
import type { EndEvent, TrainEvent } from '../../../src/train/events.ts';
import type { RunMonitorOptions } from '../../../src/train/threads/run-monitor.ts';
import type { Classification, NetworkSnapshot } from '../../../src/train/watch/monitor.ts';
import { freshFolder } from '../../cli/run.ts';
import { digits, only } from '../runs.ts';
import { alone, config, digestOf, ThreadedTrainer, threadsModule } from './threads-runs.ts';

const built = (name: string) => new URL(name, threadsModule).href;
const { RunMonitor }: typeof import('../../../src/train/threads/run-monitor.ts') = await import(
  built('run-monitor.js')
);
const { RunControl }: typeof import('../../../src/train/watch/run-control.ts') = await import(
  built('../watch/run-control.js')
);

const { train, test: testSet } = await digits();
const rows = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
const data: TrainData = {
  train: { samples: train, rows: rows(0, 70) },
  validation: { samples: train, rows: rows(70, 100) },
  test: testSet,
};
const setup = config({ hidden: [70, 30], classes: 10 }, { epochs: 40, learningRate: 0.1, seed: 5 });

interface Watched {
  readonly views: NetworkSnapshot[];
  readonly events: TrainEvent[];
  readonly end: EndEvent;
  readonly digest: string;
  readonly tested: Classification | undefined;
  readonly failures: Error[];
}

/** A run that is watched to its end; `hear` is told of every event and view. */
async function watch(
  run: TrainConfig,
  threads: number,
  options: Partial<RunMonitorOptions> = {},
  given: TrainData = data,
): Promise<Watched> {
  const control = new RunControl();
  const views: NetworkSnapshot[] = [];
  const failures: Error[] = [];
  const monitor = new RunMonitor({
    ...{ spec: run.network, data: given, control },
    shape: [28, 28],
    view: (view) => views.push(view),
    failed: (error) => failures.push(error),
    ...options,
  });
  monitor.watched = true;
  const trainer = new ThreadedTrainer(run, given, threads);
  const events: TrainEvent[] = [];
  for await (const event of trainer.run(undefined, { control, snapshot: monitor.snapshot })) {
    events.push(event);
  }
  const end = only(events, 'end')[0];
  const batch = only(events, 'start')[0].batchesPerEpoch;
  const kept = { step: end.steps, epoch: end.bestEpoch ?? end.epochs, batch, parameters: trainer.tensors() };
  const tested = await monitor.finish(kept, true);
  return { views, events, end, digest: digestOf(trainer.tensors()), tested, failures };
}

test.each([1, 2])('is seen at first, where epochs end and at the end: %i threads', async (threads) => {
  const { views, events, end, digest, tested, failures } = await watch(setup, threads);
  expect(failures).toEqual([]);
  expect(digest).toBe((await alone(setup, data)).digest);

  // The first weights, at least, and the last.
  expect(views.length).toBeGreaterThanOrEqual(2);
  expect(views[0].step).toBeLessThanOrEqual(2);
  const epochs = only(events, 'epoch');
  for (const view of views.slice(0, -1)) {
    expect(view.samples).toBe(30);
    expect(view.layers.map(({ name }) => name)).toEqual(['relu 1', 'relu 2']);
    expect(view.receptiveFields?.units).toHaveLength(70);
    if (view.batch !== 5) continue;
    const { validationAccuracy, validationLoss } = epochs[view.epoch - 1];
    expect(view.correct / 30).toBe(validationAccuracy);
    expect(view.loss).toBeCloseTo(validationLoss ?? 0, 4);
  }
  const last = views[views.length - 1];
  expect(last).toMatchObject({ step: end.steps, epoch: end.bestEpoch });
  expect(last.correct / 30).toBe(end.validationAccuracy);

  expect(tested?.samples).toBe(40);
  expect((tested?.correct ?? 0) / 40).toBe(end.testAccuracy);
  expect(tested?.loss).toBeCloseTo(end.testLoss ?? 0, 4);
});

test('the samples of mistakes can be had, the test set’s behind those of the probe set', async () => {
  const { views, tested } = await watch({ ...setup, epochs: 1 }, 1);
  const monitor = new RunMonitor({
    ...{ spec: setup.network, data, control: new RunControl(), view: () => {} },
  });
  expect(monitor.probe.set).toBe('validation');
  for (const { index, label } of views[0].mistakes) {
    expect(index).toBeLessThan(30);
    const row = 70 + index;
    expect(monitor.sample(index)).toEqual({
      label,
      values: train.values.slice(row * 784, (row + 1) * 784),
    });
  }
  const mistakes = tested?.mistakes ?? [];
  expect(mistakes.length).toBeGreaterThan(0);
  for (const { index, label } of mistakes) {
    const row = index - 30;
    expect(monitor.sample(index)).toEqual({
      label,
      values: testSet.values.slice(row * 784, (row + 1) * 784),
    });
  }
  for (const index of [-1, 70, 0.5, Number.NaN]) {
    expect(() => monitor.sample(index)).toThrow(
      `RunMonitor: expected the number of a sample, from 0 to 69, got ${index}`,
    );
  }
  await monitor.close();
});

test('without samples held out or to test with, those trained on are looked at', async () => {
  const { views, tested } = await watch({ ...setup, epochs: 2 }, 2, {}, { train: data.train });
  expect(views[0].samples).toBe(70);
  expect(tested).toBeUndefined();
});

test('a paused run is seen once and not again', async () => {
  const control = new RunControl();
  const views: NetworkSnapshot[] = [];
  const monitor = new RunMonitor({
    ...{ spec: setup.network, data, control },
    view: (view) => views.push(view),
  });
  monitor.watched = true;
  control.pause();
  const trainer = new ThreadedTrainer(setup, data, 2);
  let seen: number[] = [];
  const paused = (now: boolean) => {
    if (!now) return;
    setTimeout(() => {
      seen = views.map(({ step }) => step);
      control.resume();
    }, 1600);
  };
  for await (const _ of trainer.run(undefined, { control, snapshot: monitor.snapshot, paused }));
  await monitor.close();
  expect(seen.length).toBeGreaterThan(0);
  expect(new Set(seen).size).toBe(seen.length);
  expect(digestOf(trainer.tensors())).toBe((await alone(setup, data)).digest);
});

test('a fault in looking ends the looking, not the run', async () => {
  const view = () => {
    throw new TypeError('enough');
  };
  const { digest, failures, tested } = await watch(setup, 2, { view });
  expect(digest).toBe((await alone(setup, data)).digest);
  expect(failures).toEqual([new TypeError('enough')]);
  expect(tested).toBeUndefined();

  const spec = config({ hidden: [5], classes: 10 }).network;
  const other = await watch(setup, 1, { spec });
  expect(other.digest).toBe(digest);
  expect(other.failures[0].message).toMatch(/expected W1 of shape \[784,5\], got \[784,70\]/);
});

test('a monitor that nobody ends keeps no process alive', async () => {
  const { cwd, remove } = await freshFolder();
  const file = join(cwd, 'program.mjs');
  await writeFile(
    file,
    `const { RunMonitor } = await import(${JSON.stringify(built('run-monitor.js'))});
    const { RunControl } = await import(${JSON.stringify(built('../watch/run-control.js'))});
    const samples = { count: 1, cols: 2, values: Uint8Array.of(1, 2), scale: 1, labels: Uint8Array.of(0), classes: 2 };
    const layers = [{ type: 'dense', inputs: 2, outputs: 2 }];
    const spec = { inputs: 2, layers, loss: { name: 'softmax-cross-entropy' }, l2: 0 };
    const data = { train: { samples, rows: Uint32Array.of(0) } };
    new RunMonitor({ spec, data, control: new RunControl(), view() {} });
    console.log('done');`,
  );
  const run = promisify(execFile)(process.execPath, [file], { timeout: 120_000 }).finally(remove);
  expect((await run).stdout).toBe('done\n');
});
