/** Where a run left the finite numbers, and what it is put down to: each cause provoked. */

import { describe, expect, test } from 'vitest';
import type { Samples } from '../../../src/kernels/matrix.ts';
import { ReferenceKernels } from '../../../src/kernels/reference.ts';
import { type LayerSpec, Network, type NetworkSpec, perceptron } from '../../../src/network/network.ts';
import { allOf } from '../../../src/train/batches.ts';
import type { TrainConfig } from '../../../src/train/config.ts';
import { type DivergenceError, inputRange } from '../../../src/train/run/divergence.ts';
import { LayerTrace } from '../../../src/train/run/finite.ts';
import { Trainer } from '../../../src/train/trainer.ts';
import { baseConfig, corners, digits, eventsOf, makeTrainer, samplesOf } from '../runs.ts';
import { config, onThreads } from '../threads/threads-runs.ts';

const scaled = (samples: Samples, factor: number): Samples => ({
  ...samples,
  values: (samples.values as Float32Array).map((value) => value * factor),
});

async function diverging(config: Partial<TrainConfig>, samples: Samples = corners(12)) {
  const error: unknown = await eventsOf(makeTrainer(config, samples, 'float32')).then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toMatchObject({ name: 'DivergenceError' });
  expect((error as Error).message).not.toContain('\n');
  return error as DivergenceError;
}

describe('the cause', () => {
  test('is the learning rate', async () => {
    const { message, point } = await diverging({ learningRate: 1e30 });
    expect(message).toMatch(
      /^training diverged in epoch 1, batch 2 of 3 \(step 2\): the loss is NaN, first in the output of layer \d \(\d → \d\); a learning rate of 1e\+30 is likely too large, try 0\.1$/,
    );
    expect(point).toMatchObject({ stepsPerEpoch: 3, inputsFinite: true });
    expect(point.inputs?.largest).toBeLessThan(2);
  });

  test.each([1e4, 1e20])('is unscaled inputs, of %d', async (factor) => {
    const { message } = await diverging({ epochs: 50 }, scaled(corners(12), factor));
    expect(message).toMatch(/first in the output of layer \d .*; inputs reach [\d.e+]+, so they .* unscaled/);
    // The same, scaled, is learnt.
    await eventsOf(makeTrainer({ epochs: 50 }, corners(12), 'float32'));
  });

  test('is inputs that are not finite, of which the first is named', async () => {
    const samples = corners(12);
    (samples.values as Float32Array)[3 * 7 + 2] = Number.NaN;
    const { message } = await diverging({}, samples);
    expect(message).toMatch(
      /first in the output of layer 1 \(3 → 4\); the inputs .* \(sample 7, value 2: NaN\)$/,
    );
  });

  test('is decay', async () => {
    const network = perceptron({ inputs: 3, hidden: [4], classes: 3, l2: 30 });
    const { message } = await diverging({ network, learningRate: 0.1, epochs: 500 });
    expect(message).toMatch(/learning rate × l2 is 3, and above 2/);
  });

  test('is seen from the calling thread, with the same words for every number of threads', async () => {
    const { train } = await digits();
    const raw: Samples = { ...train, values: Float32Array.from(train.values), scale: 1 };
    const spec = { hidden: [70], classes: 10, loss: 'squared-error', activation: 'identity' } as const;
    const run = config(spec, { learningRate: 0.1, epochs: 20 });
    const messages = await Promise.all(
      [1, 3].map((threads) => onThreads(run, { train: allOf(raw) }, threads).catch((error) => error.message)),
    );
    expect(messages[0]).toMatch(/inputs reach 255, so they are likely unscaled/);
    expect(messages[1]).toBe(messages[0]);
  });
});

test('a label that is no class is refused before the first step', async () => {
  const samples = samplesOf(
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    [0, 3],
  );
  expect(() => makeTrainer({}, samples)).toThrow(/^Trainer: expected labels below 3, got 3 at sample 1$/);
  const data = { train: allOf(corners(9)), test: samples };
  expect(() => new Trainer(new ReferenceKernels('float32'), baseConfig, data)).toThrow(/labels below 3/);
});

test('a weight that a saturating activation hides is found within an epoch', async () => {
  const rows = Array.from({ length: 300 }, (_, i) => [1, 2, 1 + (i % 3)]);
  const samples = samplesOf(
    rows,
    rows.map((_, i) => i % 3),
  );
  // σ(±∞) is 0 or 1, so that no loss shows that W1 is infinite.
  const layers: LayerSpec[] = [
    { type: 'dense', inputs: 3, outputs: 4 },
    { type: 'activation', name: 'sigmoid' },
    { type: 'dense', inputs: 4, outputs: 3 },
  ];
  const network: NetworkSpec = { inputs: 3, layers, loss: { name: 'softmax-cross-entropy' }, l2: 0 };
  const trainer = makeTrainer({ network, batchSize: 1, epochs: 1 }, samples, 'float32');
  trainer.network.parameters[0].value.values.fill(Number.POSITIVE_INFINITY);
  await expect(eventsOf(trainer)).rejects.toMatchObject({
    name: 'DivergenceError',
    message: expect.stringContaining('epoch 1, batch 100 of 300 (step 100): W1 is not finite'),
  });
});

describe('the trace of a step', () => {
  const kernels = new ReferenceKernels('float64');
  const spec = perceptron({ inputs: 2, hidden: [2], classes: 2 });

  function forward(spoil: (network: Network) => void, x = [1, 1]) {
    const network = new Network(kernels, spec, 1);
    const heard: string[] = [];
    network.observer = ({ type }) => heard.push(type);
    const trace = new LayerTrace(kernels, network);
    spoil(network);
    const [input, target] = [kernels.matrix(1, 2), kernels.matrix(1, 2)];
    kernels.write(input, x);
    kernels.write(target, [1, 0]);
    network.forward(input);
    network.loss(target);
    expect(heard).toEqual(['forward', 'forward', 'forward', 'loss']);
    return trace.origin();
  }
  const set = (index: number, value: number) => (network: Network) =>
    kernels.fill(network.parameters[index].value, value);

  test.each([
    ['the first layer', set(0, 1e308), 'first in the output of layer 1 (2 → 2)'],
    [
      'the second layer',
      (network: Network) => {
        set(0, 1e200)(network);
        set(2, 1e200)(network);
      },
      'first in the output of layer 2 (2 → 2)',
    ],
    ['a weight', set(2, Number.NaN), 'W2 left the finite numbers in an earlier step'],
    ['a bias', set(1, Infinity), 'b1 left the finite numbers in an earlier step'],
    ['nothing', () => {}, 'in the loss itself'],
  ])('finds %s', (_, spoil, origin) => {
    expect(forward(spoil)).toBe(origin);
  });
});

test('how far inputs reach', () => {
  const bytes = { ...corners(3), values: new Uint8Array(9), scale: 1 / 255 };
  expect(inputRange(bytes)).toEqual({ largest: 1 });
  expect(inputRange({ ...bytes, values: new Uint8Array(0) })).toBeUndefined();
  expect(inputRange({ ...corners(2), values: Float32Array.of(1, -8, 2, 3, 4, 5), scale: 0.5 })).toEqual({
    largest: 4,
  });
  const values = Float32Array.of(1, 2, 3, 4, -Infinity, Number.NaN);
  expect(inputRange({ ...corners(2), values })).toEqual({
    largest: 4,
    broken: { sample: 1, column: 1, value: '-Infinity' },
  });
});
