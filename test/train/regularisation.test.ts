/** Regularisation in training: what it does to batches and weights, and that evaluation knows nothing of it. */

import { describe, expect, test } from 'vitest';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { Network, perceptron } from '../../src/network/network.ts';
import { allOf, Batches } from '../../src/train/batches.ts';
import { Evaluator } from '../../src/train/evaluate.ts';
import { type Regularisation, Regulariser } from '../../src/train/regularisation.ts';
import { corners, digits, eventsOf, makeTrainer, only, trained } from './runs.ts';

const kernels = new ReferenceKernels('float64');
const spec = perceptron({ inputs: 3, hidden: [8, 6], classes: 3 });

/** A batch of the corners, prepared for a step. */
function prepared(config: Regularisation, seed = 1) {
  const regulariser = new Regulariser(kernels, config, 'softmax-cross-entropy', seed);
  const network = new Network(kernels, spec, 5, regulariser.terms);
  network.initialize(new Random(1, 'weights'));
  const batches = new Batches(kernels, allOf(corners(10)), 5);
  const step = () => {
    batches.load(0);
    regulariser.prepare(network, batches.x, batches.y);
    return {
      x: [...kernels.read(batches.x)],
      y: [...kernels.read(batches.y)],
      outputs: [...kernels.read(network.forward(batches.x))],
    };
  };
  return { regulariser, network, batches, step };
}

describe('without any of it', () => {
  test('a run has the bits that it had', async () => {
    const nothing = { dropout: 0, inputDropout: 0, l1: 0, labelSmoothing: 0 };
    expect(await trained({ regularisation: nothing })).toBe(await trained());
    expect(await trained({ regularisation: {} })).toBe(await trained());
  });

  test('nothing is drawn', () => {
    const { regulariser, step } = prepared({ l1: 0.1, maxNorm: 1, labelSmoothing: 0.1 });
    const before = regulariser.save();
    step();
    expect(regulariser.save()).toEqual(before);
  });
});

describe('dropout', () => {
  test.each([{ dropout: 0.5 }, { inputDropout: 0.4 }])('%j: other masks at each step', (config) => {
    const { step } = prepared(config);
    expect(step().outputs).not.toEqual(step().outputs);
  });

  test('a seed decides the masks, and a saved state goes on with them', () => {
    const config = { dropout: 0.5, inputDropout: 0.2 };
    const run = prepared(config, 4);
    const steps = [run.step(), run.step()];
    expect([prepared(config, 4).step()]).toEqual(steps.slice(0, 1));
    expect(prepared(config, 5).step()).not.toEqual(steps[0]);
    const state = run.regulariser.save();
    const third = run.step();
    const other = prepared(config, 9);
    other.regulariser.restore(state);
    expect(other.step()).toEqual(third);
  });

  test('inputs are dropped or scaled up', () => {
    const whole = prepared({}).step();
    const { x } = prepared({ inputDropout: 0.4 }).step();
    const kept = x.filter((v) => v !== 0).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(x.length);
    x.forEach((v, k) => {
      expect([0, whole.x[k] / 0.6]).toContainEqual(v === 0 ? 0 : expect.closeTo(whole.x[k] / 0.6, 12));
    });
  });

  test('an evaluation drops and draws nothing, in the middle of training too', () => {
    const { regulariser, network, step } = prepared({ dropout: 0.5, inputDropout: 0.4, labelSmoothing: 0.2 });
    const plain = new Network(kernels, spec, 5);
    plain.setTensors(network.tensors());
    const subset = allOf(corners(10));
    const want = new Evaluator(kernels, plain, subset).run();
    step();
    const state = regulariser.save();
    expect(new Evaluator(kernels, network, subset).run()).toEqual(want);
    expect(regulariser.save()).toEqual(state);
  });

  test('a validation set changes no weight', async () => {
    const regularisation = { dropout: 0.3, inputDropout: 0.2 };
    const data = { train: allOf(corners(10)) };
    const held = { ...data, validation: allOf(corners(6, 8)) };
    expect(await trained({ regularisation }, held)).toBe(await trained({ regularisation }, data));
  });

  test('digits are learnt with it', async () => {
    const sets = await digits();
    const network = perceptron({ inputs: 784, hidden: [40], classes: 10 });
    const regularisation = { dropout: 0.3, inputDropout: 0.1, maxNorm: 3, labelSmoothing: 0.05, l1: 1e-5 };
    const trainer = makeTrainer(
      { network, epochs: 12, batchSize: 10, learningRate: 0.2, regularisation },
      { train: allOf(sets.train), test: sets.test },
      'float32',
    );
    const [end] = only(await eventsOf(trainer), 'end');
    expect(end.testAccuracy).toBeGreaterThan(0.6);
  });
});

describe('label smoothing', () => {
  test.each([
    ['softmax-cross-entropy', 0.1],
    ['sigmoid-cross-entropy', 0.3],
  ] as const)('of %s: 1 − ε + ε/C at the class, ε/C elsewhere', (loss, epsilon) => {
    const regulariser = new Regulariser(kernels, { labelSmoothing: epsilon }, loss, 1);
    const network = new Network(kernels, spec, 5, regulariser.terms);
    const batches = new Batches(kernels, allOf(corners(10)), 5);
    batches.load(0);
    const hot = [...kernels.read(batches.y)];
    regulariser.prepare(network, batches.x, batches.y);
    kernels.read(batches.y).forEach((v, k) => {
      expect(v).toBeCloseTo(hot[k] === 1 ? 1 - epsilon + epsilon / 3 : epsilon / 3, 14);
    });
  });
});

describe('weights', () => {
  const norms = ({ rows, cols, values }: { rows: number; cols: number; values: ArrayLike<number> }) =>
    Array.from({ length: cols }, (_, j) =>
      Math.hypot(...Array.from({ length: rows }, (_, i) => values[i * cols + j])),
    );

  test('no unit has longer incoming weights than max-norm allows, and some have just these', async () => {
    const trainer = makeTrainer({ epochs: 20, regularisation: { maxNorm: 0.8 } });
    await eventsOf(trainer);
    const all = trainer.network.parameters
      .filter(({ isWeight }) => isWeight)
      .flatMap(({ value }) => norms(value));
    expect(Math.max(...all)).toBeLessThanOrEqual(0.8 * (1 + 1e-12));
    expect(all.some((norm) => norm > 0.8 * (1 - 1e-12))).toBe(true);
    const free = makeTrainer({ epochs: 20 });
    await eventsOf(free);
    expect(Math.max(...free.network.parameters.flatMap(({ value }) => norms(value)))).toBeGreaterThan(1);
  });

  test('L1 takes weights towards 0', async () => {
    const total = async (l1: number) => {
      const trainer = makeTrainer({ epochs: 20, regularisation: { l1 } });
      await eventsOf(trainer);
      return trainer.network.parameters
        .filter(({ isWeight }) => isWeight)
        .reduce(
          (sum, { value }) => sum + Float64Array.from(value.values).reduce((a, v) => a + Math.abs(v), 0),
          0,
        );
    };
    expect(await total(0.05)).toBeLessThan(0.7 * (await total(0)));
  });
});

describe('refused:', () => {
  test.each<[Regularisation, string]>([
    [{ dropout: 1 }, 'a dropout rate from 0 up to, not including, 1, got 1'],
    [{ inputDropout: -0.1 }, 'a dropout rate from 0 up to, not including, 1, got -0.1'],
    [{ maxNorm: 0 }, 'a largest norm above 0, got 0'],
    [{ labelSmoothing: 1 }, 'label smoothing from 0 up to, not including, 1, got 1'],
    [{ labelSmoothing: Number.NaN }, 'label smoothing from 0 up to, not including, 1, got NaN'],
  ])('%j', (config, message) => {
    expect(() => new Regulariser(kernels, config, 'softmax-cross-entropy', 1)).toThrow(
      `Regulariser: expected ${message}`,
    );
  });

  test('label smoothing with targets that are no probabilities', () => {
    for (const loss of ['squared-error', 'svm'] as const) {
      expect(() => new Regulariser(kernels, { labelSmoothing: 0.1 }, loss, 1)).toThrow(
        `Regulariser: expected label smoothing with softmax-cross-entropy or sigmoid-cross-entropy only, got ${loss}`,
      );
    }
  });

  test('λ below 0', () => {
    const make = () => new Network(kernels, spec, 5, { l1: -1 });
    expect(make).toThrow('L1: expected λ to be 0 or more, got -1');
  });
});
