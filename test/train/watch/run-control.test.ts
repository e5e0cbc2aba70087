/** Pausing, resuming and looking at a run: when it happens, and that the weights never know of it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { allOf } from '../../../src/train/batches.ts';
import type { TrainConfig, TrainData } from '../../../src/train/config.ts';
import type { BatchEvent, TrainEvent } from '../../../src/train/events.ts';
import type { RunCourse, RunState } from '../../../src/train/run/run-state.ts';
import { RunControl, type WeightSnapshot } from '../../../src/train/watch/run-control.ts';
import { corners, digits, makeTrainer, only, weightBytes } from '../runs.ts';
import { alone, config, digestOf, ThreadedTrainer } from '../threads/threads-runs.ts';

const { train } = await digits();
const rows = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
const data: TrainData = {
  train: { samples: train, rows: rows(0, 80) },
  validation: { samples: train, rows: rows(80, 100) },
};
const setup = config({ hidden: [70], classes: 10 }, { epochs: 60, learningRate: 0.02, batchSize: 8 });
const endless = { ...setup, epochs: 1e9 };
const THREADS = [1, 2, 3];

/** Runs on threads to the end; `hear` is told of every event. */
async function threaded(
  run: TrainConfig,
  threads: number,
  course: RunCourse,
  hear: (event: TrainEvent) => void = () => {},
  signal?: AbortSignal,
) {
  const trainer = new ThreadedTrainer(run, data, threads);
  const events: TrainEvent[] = [];
  for await (const event of trainer.run(signal, course)) {
    events.push(event);
    hear(event);
  }
  return { digest: digestOf(trainer.tensors()), events, end: only(events, 'end')[0] };
}

/** The figures of all steps of a run, one after the other. */
function figuresOf(events: readonly TrainEvent[]) {
  const batches = only(events, 'batch');
  let next = batches[0].steps.firstStep;
  for (const { steps } of batches) {
    expect(steps.firstStep).toBe(next);
    expect(steps.accuracies).toHaveLength(steps.losses.length);
    expect(steps.learningRates).toHaveLength(steps.losses.length);
    next += steps.losses.length;
  }
  const all = (key: Exclude<keyof BatchEvent['steps'], 'firstStep'>) =>
    batches.flatMap(({ steps }) => steps[key]);
  return { losses: all('losses'), accuracies: all('accuracies'), learningRates: all('learningRates') };
}

describe('the figures of the steps', () => {
  test('are of every step, and add up to those of the epoch', async () => {
    const trainer = makeTrainer({ epochs: 2, schedule: { name: 'cosine' } }, corners(10));
    const events: TrainEvent[] = [];
    for await (const event of trainer.run()) events.push(event);
    const { losses, accuracies, learningRates } = figuresOf(events);
    expect(losses).toHaveLength(6);
    const sizes = [4, 4, 2];
    for (const [i, { trainLoss, trainAccuracy, learningRate }] of only(events, 'epoch').entries()) {
      const sum = (of: number[]) => sizes.reduce((s, size, k) => s + size * of[3 * i + k], 0) / 10;
      expect(sum(losses)).toBeCloseTo(trainLoss, 14);
      expect(sum(accuracies)).toBeCloseTo(trainAccuracy, 14);
      expect(learningRates[3 * i + 2]).toBe(learningRate);
    }
  });

  test.each(THREADS)('are whole on %i threads, a run told to stop included', async (threads) => {
    const stop = new AbortController();
    const { events, end } = await threaded(
      endless,
      threads,
      {},
      (event) => event.event === 'epoch' && event.epoch === 3 && stop.abort(),
      stop.signal,
    );
    expect(figuresOf(events).losses).toHaveLength(end.steps);
  });

  test('tell of the way to a divergence', async () => {
    const events: TrainEvent[] = [];
    const run = async () => {
      for await (const event of makeTrainer({ learningRate: 1e200, epochs: 50 }).run()) events.push(event);
    };
    const { step } = (await run().catch((error) => error)) as { step: number };
    expect(figuresOf(events).losses).toHaveLength(step - 1);
  });

  test('of a run that is continued begin where it stood', async () => {
    const states: RunState[] = [];
    const whole = makeTrainer({}, corners(10));
    const course = { checkpoint: (state: RunState) => states.push(state), checkpointEvery: 5 };
    for await (const _ of whole.run(undefined, null, course));
    const events: TrainEvent[] = [];
    for await (const event of makeTrainer({}, corners(10)).run(undefined, null, { from: states[0] })) {
      events.push(event);
    }
    expect(only(events, 'batch')[0].steps.firstStep).toBe(6);
  });
});

describe('a pause', () => {
  test.each(THREADS)(
    'changes no bit of the weights and no second of the time, %i threads',
    async (threads) => {
      const expected = await alone(setup, data);
      const control = new RunControl();
      const told: boolean[] = [];
      control.pause();
      const course: RunCourse = {
        control,
        paused: (now) => {
          told.push(now);
          if (now) setTimeout(() => control.resume(), 300);
        },
      };
      const began = performance.now();
      const { digest, end, events } = await threaded(setup, threads, course, (event) => {
        if (event.event === 'epoch' && (event.epoch === 5 || event.epoch === 20)) {
          control.pause();
        }
      });
      const wall = (performance.now() - began) / 1000;
      expect(told.length).toBeGreaterThanOrEqual(2);
      expect(told).toEqual(told.map((_, i) => i % 2 === 0));
      expect(digest).toBe(expected.digest);
      expect(figuresOf(events).losses).toHaveLength(end.steps);
      expect(end.seconds).toBeLessThan(wall - 0.3 * (told.length / 2) + 0.05);
      const epochs = only(events, 'epoch').reduce((sum, { seconds }) => sum + seconds, 0);
      expect(end.seconds).toBeCloseTo(epochs, 6);
    },
  );

  test.each(THREADS)(
    'holds the run until it is told to stop, with its state: %i threads',
    async (threads) => {
      const control = new RunControl();
      const stop = new AbortController();
      const states: RunState[] = [];
      let heard = 0;
      let heardWhenPaused = -1;
      const course: RunCourse = {
        control,
        checkpoint: (state) => states.push(state),
        checkpointEvery: 1e9,
        paused: (now) => {
          if (!now) return;
          heardWhenPaused = heard;
          setTimeout(() => {
            expect(heard).toBe(heardWhenPaused);
            stop.abort();
          }, 200);
        },
      };
      const { end, digest, events } = await threaded(
        endless,
        threads,
        course,
        (event) => {
          heard++;
          if (event.event === 'epoch' && event.epoch === 3) control.pause();
        },
        stop.signal,
      );
      expect(end.interrupted).toBe(true);
      expect(heardWhenPaused).toBeGreaterThan(0);
      // Nothing was trained after the pause.
      expect(end.steps).toBe(figuresOf(events.slice(0, heardWhenPaused)).losses.length);
      expect(states).toHaveLength(1);
      expect(states[0].steps).toBe(end.steps);
      let steps = 0;
      const afterAsMany = {
        get aborted() {
          return ++steps === end.steps;
        },
      };
      expect((await alone(endless, data, afterAsMany)).digest).toBe(digest);
    },
  );

  test('asked for before the run begins makes it wait after a step or two', async () => {
    const control = new RunControl();
    control.pause();
    expect(control.paused).toBe(true);
    let steps = -1;
    const events: TrainEvent[] = [];
    const course: RunCourse = {
      control,
      paused: (now) => {
        if (!now) return;
        steps = figuresOf(events).losses.length;
        control.resume();
      },
    };
    const { digest } = await threaded(setup, 2, course, (event) => events.push(event));
    expect(steps).toBeGreaterThan(0);
    expect(steps).toBeLessThanOrEqual(2);
    expect(digest).toBe((await alone(setup, data)).digest);
  });

  test('and resume in quick turns come to a good end', async () => {
    const expected = await alone(setup, data);
    const control = new RunControl();
    let over = false;
    const turns = (async () => {
      for (let i = 0; !over; i++) {
        if (i % 2 === 0) control.pause();
        else control.resume();
        if (i % 3 === 0) control.requestSnapshot(i % 2 === 0 ? 'now' : 'epoch-end');
        await sleep(i % 4);
      }
    })();
    const { digest } = await threaded(setup, 3, { control });
    over = true;
    await turns;
    expect(digest).toBe(expected.digest);
  });

  test('a listener that leaves a paused run leaves nothing behind', async () => {
    const control = new RunControl();
    control.pause();
    const trainer = new ThreadedTrainer(endless, data, 2);
    for await (const event of trainer.run(undefined, { control })) if (event.event === 'batch') break;
    expect(control.paused).toBe(true);
    control.resume();
    expect(control.paused).toBe(false);
  });
});

describe('snapshots', () => {
  test.each([1, 2])('at any moment change no bit, %i threads', async (threads) => {
    const expected = await alone(setup, data);
    const control = new RunControl();
    const snapshots: WeightSnapshot[] = [];
    let asked = 1;
    control.requestSnapshot();
    const { digest, end } = await threaded(setup, threads, {
      control,
      snapshot: (snapshot) => {
        snapshots.push(snapshot);
        setTimeout(() => control.requestSnapshot(), asked++ % 5);
      },
    });
    expect(digest).toBe(expected.digest);
    expect(snapshots.length).toBeGreaterThan(0);
    const steps = snapshots.map(({ step }) => step);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    for (const { step, epoch, batch } of snapshots) {
      expect(step).toBe((epoch - 1) * 10 + batch);
      expect(step).toBeLessThanOrEqual(end.steps);
    }
  });

  test.each(THREADS)('hold the weights of their step, %i threads', async (threads) => {
    const control = new RunControl();
    const snapshots: WeightSnapshot[] = [];
    control.requestSnapshot();
    control.requestSnapshot('epoch-end');
    await threaded({ ...setup, epochs: 3 }, threads, { control, snapshot: (s) => snapshots.push(s) });
    expect(snapshots.map(({ batch }) => batch)).toEqual([threads === 1 ? 1 : 2, 10]);
    for (const { step, parameters } of snapshots) {
      let steps = 0;
      const afterAsMany = {
        get aborted() {
          return ++steps === step;
        },
      };
      const { validation: _, ...only } = data;
      const same = await alone({ ...endless }, only, afterAsMany);
      expect(digestOf(parameters)).toBe(same.digest);
      expect(parameters.map(({ name }) => name)).toEqual(['W1', 'b1', 'W2', 'b2']);
    }
  });

  test.each(THREADS)('of each epoch’s end, asked for as the last has come: %i threads', async (threads) => {
    const control = new RunControl();
    const snapshots: WeightSnapshot[] = [];
    control.requestSnapshot('epoch-end');
    await threaded({ ...setup, batchSize: 80 }, threads, {
      control,
      snapshot: (snapshot) => {
        snapshots.push(snapshot);
        control.requestSnapshot('epoch-end');
      },
    });
    expect(snapshots.length).toBeGreaterThan(0);
    // One batch an epoch: no epoch is told of twice.
    const epochs = snapshots.map(({ epoch }) => epoch);
    expect(new Set(epochs).size).toBe(epochs.length);
    expect(snapshots.every(({ batch, step, epoch }) => batch === 1 && step === epoch)).toBe(true);
  });

  test.each(THREADS)('are given while the run is paused, %i threads', async (threads) => {
    const control = new RunControl();
    const snapshots: WeightSnapshot[] = [];
    control.pause();
    await threaded(setup, threads, {
      control,
      paused: (now) => now && control.requestSnapshot(),
      snapshot: (snapshot) => {
        snapshots.push(snapshot);
        if (snapshots.length < 3) control.requestSnapshot();
        else control.resume();
      },
    });
    expect(snapshots).toHaveLength(3);
    expect(new Set(snapshots.map(({ step }) => step)).size).toBe(1);
  });
});

describe('without threads', () => {
  test('a run pauses, gives its weights, goes on and stops as it does with them', async () => {
    const plain = makeTrainer({ epochs: 5 });
    for await (const _ of plain.run(undefined, null));
    const control = new RunControl();
    const seen: string[] = [];
    control.pause();
    control.requestSnapshot('epoch-end');
    const trainer = makeTrainer({ epochs: 5 });
    const course: RunCourse = {
      control,
      paused: (now) => {
        seen.push(now ? 'paused' : 'on');
        if (now) setTimeout(() => control.requestSnapshot(), 10);
      },
      snapshot: ({ step }) => {
        seen.push(`step ${step}`);
        control.resume();
      },
    };
    for await (const _ of trainer.run(undefined, null, course));
    expect(seen).toEqual(['paused', 'step 1', 'on', 'step 3']);
    expect(weightBytes(trainer.network)).toBe(weightBytes(plain.network));

    control.pause();
    const stop = new AbortController();
    const events: TrainEvent[] = [];
    const again = makeTrainer({ epochs: 5 }, { train: allOf(corners(10)) });
    const paused = (now: boolean) => now && setTimeout(() => stop.abort(), 10);
    for await (const event of again.run(stop.signal, null, { control, paused })) events.push(event);
    expect(only(events, 'end')[0]).toMatchObject({ interrupted: true, steps: 1 });
  });
});
