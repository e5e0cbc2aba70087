/** The steps themselves, recomputed in plain arithmetic: running means, and the mean over a short last batch. */

import { expect, test, vi } from 'vitest';
import type { Samples } from '../../src/kernels/matrix.ts';
import { perceptron } from '../../src/network/network.ts';
import { corners, eventsOf, makeTrainer, only } from './runs.ts';

const BATCH_SIZE = 2;
const LEARNING_RATE = 0.7;
const L2 = 0.3;

function permutations(items: number[]): number[][] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

/** One epoch of softmax regression over the samples in this order, straight from the formulas. */
function epochByHand(samples: Samples, order: number[], w0: number[], b0: number[]) {
  const [w, b] = [w0.slice(), b0.slice()];
  let lossSum = 0;
  let correct = 0;
  for (let from = 0; from < order.length; from += BATCH_SIZE) {
    const rows = order.slice(from, from + BATCH_SIZE);
    const dw = w.map((value) => L2 * value);
    const db = b.map(() => 0);
    for (const row of rows) {
      const x = [0, 1, 2].map((k) => samples.values[3 * row + k]);
      const scores = b.map((bias, j) => x.reduce((sum, xk, k) => sum + xk * w[3 * k + j], bias));
      const total = scores.reduce((sum, s) => sum + Math.exp(s), 0);
      const label = samples.labels[row];
      lossSum += Math.log(total) - scores[label];
      if (scores.indexOf(Math.max(...scores)) === label) correct++;
      scores.forEach((s, j) => {
        const delta = (Math.exp(s) / total - (j === label ? 1 : 0)) / rows.length;
        db[j] += delta;
        x.forEach((xk, k) => {
          dw[3 * k + j] += xk * delta;
        });
      });
    }
    w.forEach((_, i) => {
      w[i] -= LEARNING_RATE * dw[i];
    });
    b.forEach((_, j) => {
      b[j] -= LEARNING_RATE * db[j];
    });
  }
  return { w, b, loss: lossSum / order.length, accuracy: correct / order.length };
}

test('an epoch of 2 + 2 + 1 samples is what the formulas give for one of their orders', async () => {
  const samples = corners(5);
  const config = {
    network: perceptron({ inputs: 3, hidden: [], classes: 3, l2: L2 }),
    epochs: 1,
    batchSize: BATCH_SIZE,
    learningRate: LEARNING_RATE,
  };
  const trainer = makeTrainer(config, samples);
  const [w, b] = trainer.network.parameters.map(({ value }) => [...value.values]);
  const [epoch] = only(await eventsOf(trainer), 'epoch');
  const after = trainer.network.parameters.flatMap(({ value }) => [...value.values]);

  // Which order the trainer drew is its own affair; one of the 120 must explain all that came out.
  const matching = permutations([0, 1, 2, 3, 4])
    .map((order) => epochByHand(samples, order, w, b))
    .filter((byHand) => [...byHand.w, ...byHand.b].every((value, i) => Math.abs(value - after[i]) < 1e-12));
  expect(matching.length).toBeGreaterThan(0);
  expect(epoch.trainLoss).toBeCloseTo(matching[0].loss, 12);
  expect(epoch.trainAccuracy).toBe(matching[0].accuracy);
});

test('the order differs from epoch to epoch and from seed to seed', async () => {
  // While the weights stand still, the loss of the first batch tells which rows were in it.
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 1000;
    return now;
  });
  const firstLosses = async (seed: number) => {
    const trainer = makeTrainer({ epochs: 20, batchSize: 5, learningRate: 1e-15, seed }, corners(10));
    for (const { value } of trainer.network.parameters) value.values.fill(0.1);
    trainer.network.parameters[2].value.values.set([1, 2, 3]);
    const batches = only(await eventsOf(trainer), 'batch').filter(({ batch }) => batch === 1);
    return batches.map(({ trainLoss }) => trainLoss.toFixed(9));
  };
  const [one, two] = [await firstLosses(1), await firstLosses(2)];
  clock.mockRestore();
  expect(one).toHaveLength(20);
  expect(new Set(one).size).toBeGreaterThan(10);
  expect(one).not.toEqual(two);
});

test('the running mean weighs every sample alike, a short last batch too', async () => {
  // At this learning rate the weights stand still, and the mean over the epoch is that over all samples at once.
  const still = { epochs: 1, learningRate: 1e-15 };
  const samples = corners(7);
  const mean = async (batchSize: number) =>
    only(await eventsOf(makeTrainer({ ...still, batchSize }, samples)), 'epoch')[0];
  const whole = await mean(7);
  for (const batchSize of [1, 2, 3, 4, 5, 6]) {
    const epoch = await mean(batchSize);
    expect(epoch.trainLoss).toBeCloseTo(whole.trainLoss, 12);
    expect(epoch.trainAccuracy).toBe(whole.trainAccuracy);
  }
});

test('a batch size beyond the samples is one batch of all of them', async () => {
  const run = async (batchSize: number) => {
    const events = await eventsOf(makeTrainer({ batchSize, epochs: 2 }, corners(7)));
    return only(events, 'epoch').map(({ trainLoss }) => trainLoss);
  };
  expect(await run(100)).toEqual(await run(7));
});

test('the loss told is of the weights before each step, without the L2 term', async () => {
  // One batch an epoch: the loss of epoch 2 is that of the weights after epoch 1.
  const samples = corners(6);
  const network = perceptron({ inputs: 3, hidden: [4], classes: 3, l2: 0.5 });
  const held = { samples, rows: Uint32Array.of(0, 1, 2, 3, 4, 5) };
  const trainer = makeTrainer({ network, batchSize: 6, epochs: 3 }, { train: held, validation: held });
  const epochs = only(await eventsOf(trainer), 'epoch');
  for (const e of [1, 2]) {
    expect(epochs[e].trainLoss).toBeCloseTo(epochs[e - 1].validationLoss as number, 12);
    expect(epochs[e].trainAccuracy).toBe(epochs[e - 1].validationAccuracy);
  }
});
