/** A run continued from any of its states ends as the run that was never broken off. */

import { describe, expect, test } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/formats/checkpoint.ts';
import { perceptron } from '../../src/network/network.ts';
import { allOf } from '../../src/train/batches.ts';
import type { TrainConfig, TrainData } from '../../src/train/config.ts';
import type { TrainEvent } from '../../src/train/events.ts';
import { isBetter, type RunCourse, type RunState } from '../../src/train/run/run-state.ts';
import type { Trainer } from '../../src/train/trainer.ts';
import { baseConfig, corners, digits, makeTrainer, only, weightBytes } from './runs.ts';
import { config, digestOf, ThreadedTrainer } from './threads/threads-runs.ts';

const samples = corners(14);
const held: TrainData = {
  train: { samples, rows: Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9) },
  validation: { samples, rows: Uint32Array.of(10, 11, 12, 13) },
  test: corners(6, 9),
};

async function run(trainer: Trainer, course: RunCourse, stopAfter = Infinity): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  let asked = 0;
  const stop = {
    get aborted() {
      return ++asked > stopAfter;
    },
  };
  for await (const event of trainer.run(stop, null, course)) events.push(event);
  return events;
}

/** All states of a run, one after each step and one at the end, and how it ended. */
async function statesOf(config: Partial<TrainConfig>, data: TrainData) {
  const states: RunState[] = [];
  const trainer = makeTrainer(config, data);
  const events = await run(trainer, { checkpoint: (state) => states.push(state), checkpointEvery: 1 });
  return { states, end: only(events, 'end')[0], weights: weightBytes(trainer.network) };
}

const { seconds: _, ...anyTime } = { seconds: expect.any(Number) };
const timeless = ({ seconds: _, ...rest }: object & { seconds?: number }) => ({ ...rest, ...anyTime });

describe.each([
  ['without samples held out', {}, { train: allOf(samples) }],
  ['with samples held out', { learningRate: 2 }, held],
  ['with patience', { learningRate: 2, epochs: 40, patience: 3 }, held],
] as const)('%s', (_, config, data) => {
  test('from the state after every step', async () => {
    const plain = makeTrainer(config, data);
    await run(plain, {});
    const { states, end, weights } = await statesOf(config, data);
    expect(weights).toBe(weightBytes(plain.network));
    expect(states.map(({ steps }) => steps)).toEqual(Array.from({ length: end.steps }, (_, i) => i + 1));
    for (const from of states) {
      const again = makeTrainer({ ...config }, data);
      const events = await run(again, { from: structuredClone(from) });
      expect(weightBytes(again.network)).toBe(weights);
      expect(timeless(only(events, 'end')[0])).toEqual(timeless(end));
    }
  });
});

test('through a file, and broken off at every other step', async () => {
  const { end, weights } = await statesOf({ learningRate: 2 }, held);
  let from: RunState | undefined;
  for (let i = 0; i < 100; i++) {
    const trainer = makeTrainer({ learningRate: 2 }, held);
    const states: RunState[] = [];
    const course = { checkpoint: (state: RunState) => states.push(state), checkpointEvery: 1000 };
    const events = await run(trainer, { ...course, ...(from && { from }) }, 1);
    const last = only(events, 'end')[0];
    if (!last.interrupted) {
      expect(timeless(last)).toEqual(timeless(end));
      expect(weightBytes(trainer.network)).toBe(weights);
      expect(i).toBeGreaterThan(3);
      return;
    }
    const file = await encodeCheckpoint({
      ...{ mlp: '1', config: {}, data: { source: 's', sha256: '' } },
      state: states[states.length - 1],
    });
    from = (await decodeCheckpoint(file, 'run.ckpt')).state;
  }
  expect.unreachable('the run came to no end');
});

test('without checkpointEvery there is one where an epoch ends, and none that is not finite', async () => {
  const states: RunState[] = [];
  const checkpoint = (state: RunState) => states.push(state);
  await run(makeTrainer({ epochs: 3 }), { checkpoint });
  expect(states.map(({ epoch, batch, steps }) => [epoch, batch, steps])).toEqual([
    [2, 0, 3],
    [3, 0, 6],
    [4, 0, 9],
  ]);
  states.length = 0;
  await expect(run(makeTrainer({ learningRate: 1e200 }), { checkpoint, checkpointEvery: 1 })).rejects.toThrow(
    /diverged/,
  );
  for (const { parameters } of states) {
    for (const { values } of parameters) expect([...values].every(Number.isFinite)).toBe(true);
  }
});

describe('the best weights by validation', () => {
  test('are what is left, whether the run ends or is told to stop', async () => {
    const config = { learningRate: 2, epochs: 30 };
    const kept = new Map<number, string>();
    const trainer = makeTrainer(config, held);
    const events: TrainEvent[] = [];
    for await (const event of trainer.run(undefined, null)) {
      events.push(event);
      if (event.event === 'epoch') kept.set(event.epoch, weightBytes(trainer.network));
    }
    const epochs = only(events, 'epoch');
    const best = epochs.reduce((a, b) => (isBetter(b, a) ? b : a));
    const [end] = only(events, 'end');
    // Of no use if the last were the best.
    expect(best.epoch).toBeLessThan(30);
    expect(end).toMatchObject({
      bestEpoch: best.epoch,
      validationLoss: best.validationLoss,
      validationAccuracy: best.validationAccuracy,
      trainLoss: best.trainLoss,
      epochs: 30,
    });
    expect(weightBytes(trainer.network)).toBe(kept.get(best.epoch));

    const stopped = makeTrainer(config, held);
    const [halt] = only(await run(stopped, {}, best.epoch * 3 + 2), 'end');
    expect(halt).toMatchObject({ interrupted: true, bestEpoch: best.epoch });
    expect(weightBytes(stopped.network)).toBe(kept.get(best.epoch));
  });

  test('patience ends the run so many epochs after the best', async () => {
    const [end] = only(await run(makeTrainer({ learningRate: 2, epochs: 99, patience: 3 }, held), {}), 'end');
    expect(end.stoppedEarly).toBe(true);
    expect(end.epochs).toBe((end.bestEpoch ?? 0) + 3);
    expect(end).toHaveProperty('testAccuracy');
  });

  test('a tie in accuracy goes to the lower loss, and a tie in both to the earlier epoch', () => {
    const figures = (validationAccuracy: number, validationLoss: number) => ({
      ...{ epoch: 1, trainLoss: 0, trainAccuracy: 0 },
      ...{ validationAccuracy, validationLoss },
    });
    expect(isBetter(figures(0.5, 1), undefined)).toBe(true);
    expect(isBetter(figures(0.6, 9), figures(0.5, 1))).toBe(true);
    expect(isBetter(figures(0.5, 0.9), figures(0.5, 1))).toBe(true);
    expect(isBetter(figures(0.5, 1), figures(0.5, 1))).toBe(false);
    expect(isBetter(figures(0.4, 0), figures(0.5, 1))).toBe(false);
  });

  test.each([0, -1, 1.5, Number.NaN])('a patience of %d is refused', (patience) => {
    expect(() => makeTrainer({ patience }, held)).toThrow(
      /^Trainer: expected a patience of 1 or more epochs/,
    );
  });

  test('patience without samples held out is refused', () => {
    expect(() => makeTrainer({ patience: 2 })).toThrow(/^Trainer: expected samples held out/);
  });
});

describe('a state that does not fit', () => {
  test('is refused where the network is another', async () => {
    const { states } = await statesOf({}, { train: allOf(samples) });
    const network = perceptron({ inputs: 3, hidden: [5], classes: 3 });
    const trainer = makeTrainer({ ...baseConfig, network }, samples);
    await expect(run(trainer, { from: states[0] })).rejects.toThrow(
      /expected W1 of shape \[3,5\], got \[3,4\]/,
    );
  });

  test('is refused where the run is shorter', async () => {
    const { states } = await statesOf({ epochs: 3 }, { train: allOf(samples) });
    const from = states[states.length - 1];
    await expect(run(makeTrainer({ epochs: 2 }, samples), { from })).rejects.toThrow(
      /^Trainer: expected a state within 2 epochs of 4 batches, got epoch 4, batch 0$/,
    );
  });

  test('is refused without the state of the shuffles', async () => {
    const { states } = await statesOf({}, { train: allOf(samples) });
    const from = { ...states[0], generators: {} };
    await expect(run(makeTrainer(), { from })).rejects.toThrow(/generator shuffle/);
  });
});

describe('on threads', async () => {
  const { train, test: testSet } = await digits();
  const rows = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
  const data: TrainData = {
    train: { samples: train, rows: rows(0, 80) },
    validation: { samples: train, rows: rows(80, 100) },
    test: testSet,
  };
  const setup = config({ hidden: [70, 30], classes: 10 }, { epochs: 4, learningRate: 0.2 });

  async function threaded(threads: number, course: RunCourse, signal?: AbortSignal) {
    const trainer = new ThreadedTrainer(setup, data, threads);
    const events: TrainEvent[] = [];
    for await (const event of trainer.run(signal, course)) events.push(event);
    return { digest: digestOf(trainer.tensors()), end: only(events, 'end')[0] };
  }

  test('states of one number of threads continue on another, with the same bits', async () => {
    const plain = await threaded(1, {});
    const all: Record<number, RunState[]> = { 1: [], 3: [] };
    for (const threads of [1, 3]) {
      const course = { checkpoint: (state: RunState) => all[threads].push(state), checkpointEvery: 3 };
      expect((await threaded(threads, course)).digest).toBe(plain.digest);
    }
    const untimed = (state: RunState) => ({ ...state, seconds: 0, epochSeconds: 0 });
    expect(all[3].map(untimed)).toEqual(all[1].map(untimed));
    expect(all[1].map(({ steps }) => steps)).toEqual([3, 6, 9, 12, 15, 18, 20]);
    for (const [i, threads] of [
      [0, 2],
      [3, 1],
      [4, 3],
      [6, 2],
    ]) {
      const again = await threaded(threads, { from: all[3][i] });
      expect(again.digest).toBe(plain.digest);
      expect(timeless(again.end)).toEqual(timeless(plain.end));
    }
  });

  test('what the receiver of a state throws ends the run', async () => {
    const checkpoint = () => {
      throw new Error('the receiver is full');
    };
    await expect(threaded(2, { checkpoint })).rejects.toThrow('the receiver is full');
  });

  test('a run told to stop gives its state, from which it goes on', async () => {
    const plain = await threaded(2, {});
    const states: RunState[] = [];
    const halted = await threaded(
      2,
      { checkpoint: (state) => states.push(state), checkpointEvery: 1000 },
      AbortSignal.abort(),
    );
    expect(halted.end.interrupted).toBe(true);
    expect(states).toHaveLength(1);
    expect(states[0].steps).toBe(halted.end.steps);
    expect((await threaded(1, { from: states[0] })).digest).toBe(plain.digest);
  });
});
