/** Runs that end early or never begin: an abort, numbers that leave the finite, a configuration that does not fit. */

import { afterEach, describe, expect, test, vi } from 'vitest';
import { perceptron } from '../../src/network/network.ts';
import { allOf } from '../../src/train/batches.ts';
import type { TrainEvent } from '../../src/train/events.ts';
import { DivergenceError } from '../../src/train/run/divergence.ts';
import type { Trainer } from '../../src/train/trainer.ts';
import { corners, eventsOf, makeTrainer, only, samplesOf } from './runs.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A clock that leaps, so that every batch is told and may be interrupted. */
function tellEveryBatch(): void {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 1000;
    return now;
  });
}

describe('an abort', () => {
  /** Aborts at the first event for which `when` holds. */
  async function abortedAt(trainer: Trainer, when: (event: TrainEvent) => boolean): Promise<TrainEvent[]> {
    const controller = new AbortController();
    const events: TrainEvent[] = [];
    for await (const event of trainer.run(controller.signal)) {
      events.push(event);
      if (when(event)) controller.abort();
    }
    return events;
  }

  test('within an epoch ends the run with the steps taken, and finite weights', async () => {
    tellEveryBatch();
    const trainer = makeTrainer({ epochs: 100 }, { train: allOf(corners(10)), test: corners(4) });
    const events = await abortedAt(trainer, (e) => e.event === 'batch' && e.epoch === 2 && e.batch === 2);
    expect(events.at(-1)).toMatchObject({ event: 'end', interrupted: true, epochs: 1, steps: 5 });
    expect(events.at(-1)).not.toHaveProperty('testLoss');
    expect(only(events, 'epoch')).toHaveLength(1);
    expect(trainer.network.parameters.every(({ value }) => value.values.every(Number.isFinite))).toBe(true);
  });

  test('after the last batch of an epoch counts that epoch', async () => {
    tellEveryBatch();
    const events = await abortedAt(makeTrainer({ epochs: 100 }), (e) => e.event === 'batch' && e.batch === 3);
    expect(events.at(-1)).toMatchObject({ event: 'end', interrupted: true, epochs: 1, steps: 3 });
  });

  test('before the run ends it soon', async () => {
    const events = await eventsOf(makeTrainer({ epochs: 100_000 }), AbortSignal.abort());
    expect(events.at(-1)).toMatchObject({ event: 'end', interrupted: true });
    expect(only(events, 'epoch').length).toBeLessThan(2);
  });

  test('after the last step interrupts nothing', async () => {
    const trainer = makeTrainer({ epochs: 2 }, { train: allOf(corners(10)), test: corners(4) });
    const events = await abortedAt(trainer, (e) => e.event === 'epoch' && e.epoch === 2);
    expect(events.at(-1)).toMatchObject({ event: 'end', interrupted: false, epochs: 2, steps: 6 });
    expect(events.at(-1)).toHaveProperty('testAccuracy');
  });
});

describe('divergence', () => {
  async function diverging(trainer: Trainer): Promise<DivergenceError> {
    const error = await eventsOf(trainer).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DivergenceError);
    const { message, epoch, step } = error as DivergenceError;
    expect(message).toContain(`epoch ${epoch}, batch ${step}`);
    expect(message).not.toContain('\n');
    return error as DivergenceError;
  }

  test('blames a learning rate too large, and names one to try', async () => {
    const error = await diverging(makeTrainer({ learningRate: 1e200, epochs: 50 }));
    expect(error.message).toMatch(/learning rate of 1e\+200 is likely too large, try 0\.1$/);
    expect(error.epoch).toBe(1);
    expect(error.step).toBeGreaterThan(1);
  });

  test('blames decay where learning rate × l2 is above 2', async () => {
    const network = perceptron({ inputs: 3, hidden: [4], classes: 3, l2: 300 });
    const error = await diverging(makeTrainer({ network, learningRate: 0.1, epochs: 500 }));
    expect(error.message).toMatch(/learning rate × l2 is 30,/);
  });

  test.each([Number.NaN, Infinity, -Infinity])('blames inputs that are %d', async (value) => {
    const samples = samplesOf(
      [
        [1, 2, 3],
        [1, value, 3],
      ],
      [0, 1],
    );
    const error = await diverging(makeTrainer({ batchSize: 2 }, samples));
    expect([error.epoch, error.step]).toEqual([1, 1]);
    expect(error.message).toMatch(/inputs .*not finite/);
  });

  test('is seen in the weights where the last loss was still finite', async () => {
    const error = await diverging(
      makeTrainer({ epochs: 1, batchSize: 10, learningRate: 1e42 }, corners(10), 'float32'),
    );
    expect([error.epoch, error.step]).toEqual([1, 1]);
    expect(error.message).toMatch(/: [Wb]\d is not finite;/);
  });

  test('comes before anything is told of the epoch', async () => {
    const events: TrainEvent[] = [];
    const run = async () => {
      for await (const event of makeTrainer({ learningRate: 1e200 }).run()) events.push(event);
    };
    await expect(run()).rejects.toThrow(DivergenceError);
    expect(events.filter(({ event }) => event !== 'batch').map(({ event }) => event)).toEqual(['start']);
  });
});

describe('a configuration that does not fit', () => {
  /** Whether it is found when the trainer is made or when it runs. */
  const attempt = async (...args: Parameters<typeof makeTrainer>) => eventsOf(makeTrainer(...args));

  test('the inputs', async () => {
    const network = perceptron({ inputs: 4, hidden: [], classes: 3 });
    await expect(attempt({ network })).rejects.toThrow(/^Trainer: expected samples of 4 values, got 3$/);
  });

  test('the classes', async () => {
    const network = perceptron({ inputs: 3, hidden: [], classes: 2 });
    await expect(attempt({ network })).rejects.toThrow(/^Trainer: expected samples of 2 classes, got 3$/);
  });

  test('no rows', async () => {
    const train = { samples: corners(3), rows: new Uint32Array(0) };
    await expect(attempt({}, { train })).rejects.toThrow(/at least one training sample/);
  });

  test.each([
    ['epochs', [0, -1, 1.5, Number.NaN]],
    ['batchSize', [0, -1, 1.5, Number.NaN]],
    ['learningRate', [0, -0.1, Number.NaN, Infinity]],
    ['seed', [-1, 0.5, 2 ** 32, Number.NaN]],
  ] as const)('%s', async (key, values) => {
    for (const value of values) await expect(attempt({ [key]: value })).rejects.toThrow(RangeError);
  });
});
