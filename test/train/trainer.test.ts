/** What a training run tells of itself, and that it learns. */

import { afterEach, describe, expect, test, vi } from 'vitest';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { perceptron } from '../../src/network/network.ts';
import { allOf } from '../../src/train/batches.ts';
import { evaluate } from '../../src/train/evaluate.ts';
import { OPTIMIZER_NAMES } from '../../src/train/optimizers/optimizers.ts';
import { corners, digits, eventsOf, makeTrainer, only, weightBytes } from './runs.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('events', () => {
  test('begin with start, tell each epoch once and in order, and end with end', async () => {
    const events = await eventsOf(makeTrainer({ epochs: 3 }));
    expect(events[0].event).toBe('start');
    expect(events.at(-1)?.event).toBe('end');
    expect(only(events, 'start')).toHaveLength(1);
    expect(only(events, 'end')).toHaveLength(1);
    expect(only(events, 'epoch').map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  });

  test('of batches come before their epoch, and only forwards', async () => {
    // A clock that leaps makes every batch worth an event.
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 1000;
      return now;
    });
    const events = await eventsOf(makeTrainer({ epochs: 2 }));
    const told = events.flatMap((event) =>
      event.event === 'batch' ? [`${event.epoch}.${event.batch}`] : event.event === 'epoch' ? ['epoch'] : [],
    );
    expect(told).toEqual(['1.1', '1.2', '1.3', 'epoch', '2.1', '2.2', '2.3', 'epoch']);
    // The mean over the epoch so far is, after its last batch, that of the epoch.
    const [last] = only(events, 'batch').filter(({ batch }) => batch === 3);
    expect(last.trainLoss).toBe(only(events, 'epoch')[0].trainLoss);
  });

  test('of the start say how much there is', async () => {
    const samples = corners(12);
    const data = {
      train: { samples, rows: Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8) },
      validation: { samples, rows: Uint32Array.of(9, 10) },
      test: corners(5),
    };
    const [start] = await eventsOf(makeTrainer({ epochs: 2 }, data));
    expect(start).toEqual({
      event: 'start',
      parameters: 3 * 4 + 4 + 4 * 3 + 3,
      trainSamples: 9,
      validationSamples: 2,
      testSamples: 5,
      batchesPerEpoch: 3,
      epochs: 2,
    });
  });

  test('hold validation and test figures only where there are such samples', async () => {
    const events = await eventsOf(makeTrainer({ epochs: 1 }));
    const [epoch] = only(events, 'epoch');
    const keys = [
      'event',
      'epoch',
      'trainLoss',
      'trainAccuracy',
      'learningRate',
      'seconds',
      'samplesPerSecond',
    ];
    expect(Object.keys(epoch)).toEqual(keys);
    const [end] = only(events, 'end');
    expect(Object.keys(end)).toEqual([
      'event',
      'epochs',
      'steps',
      'trainLoss',
      'trainAccuracy',
      'seconds',
      'interrupted',
    ]);
    expect(end).toMatchObject({ epochs: 1, steps: 3, interrupted: false });
  });

  test('hold the figures of the weights as they are after the epoch', async () => {
    const samples = corners(12);
    const held = { samples, rows: Uint32Array.of(9, 10, 11) };
    const data = {
      train: { samples, rows: Uint32Array.of(0, 1, 2, 3, 4) },
      validation: held,
      test: corners(7, 6),
    };
    const trainer = makeTrainer({ epochs: 2 }, data);
    const kernels = new ReferenceKernels('float64');
    const figures: number[] = [];
    for await (const event of trainer.run()) {
      if (event.event !== 'epoch') continue;
      const { loss, accuracy } = evaluate(kernels, trainer.network, held);
      figures.push(loss);
      expect(event).toMatchObject({ validationLoss: loss, validationAccuracy: accuracy });
    }
    expect(figures[0]).not.toBe(figures[1]);
    const [end] = only(await eventsOf(makeTrainer({ epochs: 2 }, data)), 'end');
    const { loss, accuracy } = evaluate(kernels, trainer.network, allOf(data.test));
    expect(end).toMatchObject({ testLoss: loss, testAccuracy: accuracy });
  });

  test('count training time alone', async () => {
    const trainer = makeTrainer({ epochs: 2 });
    const events = [];
    for await (const event of trainer.run()) {
      events.push(event);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    const epochs = only(events, 'epoch');
    const [end] = only(events, 'end');
    for (const { seconds, samplesPerSecond } of epochs) {
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThan(0.06);
      expect(samplesPerSecond).toBeCloseTo(10 / seconds, 6);
    }
    expect(end.seconds).toBeCloseTo(epochs[0].seconds + epochs[1].seconds, 9);
  });
});

describe('the learning rate', () => {
  test('follows the schedule from step to step', async () => {
    const rates: number[] = [];
    const trainer = makeTrainer({
      epochs: 4,
      learningRate: 0.5,
      schedule: { name: 'step', decay: 0.5, warmUp: 1 },
    });
    const step = vi.spyOn(trainer.optimizer, 'step').mockImplementation((rate) => {
      rates.push(rate);
    });
    const events = await eventsOf(trainer);
    step.mockRestore();
    // 10 samples in batches of 4: 3 steps an epoch.
    const warm = [1 / 3, 2 / 3, 1].map((factor) => factor * 0.5);
    expect(rates).toEqual([...warm, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125]);
    expect(only(events, 'epoch').map(({ learningRate }) => learningRate)).toEqual([0.5, 0.5, 0.25, 0.125]);
  });

  test.each([0, -1, Number.NaN, Infinity])('of %d is refused', (learningRate) => {
    expect(() => makeTrainer({ learningRate })).toThrow(
      new RangeError(`Trainer: expected a learning rate above 0, got ${learningRate}`),
    );
  });

  test.each(OPTIMIZER_NAMES)('%s learns, the same again for the same seed', async (name) => {
    const config = {
      epochs: 40,
      learningRate: name === 'sgd' ? 0.3 : 0.02,
      optimizer: { name },
      schedule: { name: 'cosine' },
    } as const;
    const [first, again] = [makeTrainer(config, corners(30)), makeTrainer(config, corners(30))];
    const epochs = only(await eventsOf(first), 'epoch');
    await eventsOf(again);
    expect(epochs[39].trainLoss).toBeLessThan(epochs[0].trainLoss / 2);
    expect(weightBytes(again.network)).toBe(weightBytes(first.network));
    expect(first.optimizer.steps).toBe(40 * 8);
  });
});

describe('learning', () => {
  test.each(['softmax-cross-entropy', 'squared-error', 'sigmoid-cross-entropy', 'svm'] as const)(
    'corners by %s',
    async (loss) => {
      const network = perceptron({ inputs: 3, hidden: [6], classes: 3, loss, activation: 'tanh' });
      const events = await eventsOf(makeTrainer({ network, epochs: 60, learningRate: 0.1 }, corners(30)));
      const epochs = only(events, 'epoch');
      expect(epochs[59].trainLoss).toBeLessThan(epochs[0].trainLoss / 2);
      expect(epochs[59].trainAccuracy).toBe(1);
    },
  );

  test('digits by heart', async () => {
    const { train, test } = await digits();
    const network = perceptron({ inputs: 784, hidden: [16], classes: 10 });
    const config = { network, epochs: 60, batchSize: 10, learningRate: 0.1 };
    const events = await eventsOf(makeTrainer(config, { train: allOf(train), test }, 'float32'));
    const epochs = only(events, 'epoch');
    expect(epochs[0].trainAccuracy).toBeLessThan(0.6);
    expect(epochs[59]).toMatchObject({ trainAccuracy: 1 });
    expect(epochs[59].trainLoss).toBeLessThan(0.05);
    // 40 digits that it has not seen: far better than the tenth that guessing would get.
    expect(only(events, 'end')[0].testAccuracy).toBeGreaterThan(0.5);
  });

  test('weight decay makes the weights smaller', async () => {
    const size = async (l2: number) => {
      const network = perceptron({ inputs: 3, hidden: [4], classes: 3, l2 });
      const trainer = makeTrainer({ network, epochs: 20 });
      await eventsOf(trainer);
      return [...trainer.network.parameters[0].value.values].reduce((sum, w) => sum + w * w, 0);
    };
    expect(await size(0.1)).toBeLessThan((await size(0)) / 2);
  });
});
