/** What is seen of a network while it trains, against plain loops on the reference kernels. */

import { describe, expect, test } from 'vitest';
import type { Samples } from '../../../src/kernels/matrix.ts';
import { Random } from '../../../src/kernels/random.ts';
import { ReferenceKernels } from '../../../src/kernels/reference.ts';
import { WasmKernels } from '../../../src/kernels/wasm/wasm-kernels.ts';
import type { ActivationName } from '../../../src/network/activations.ts';
import { memoryFor } from '../../../src/network/memory.ts';
import { type NamedTensor, Network, perceptron } from '../../../src/network/network.ts';
import { allOf } from '../../../src/train/batches.ts';
import { evaluate } from '../../../src/train/evaluate.ts';
import { HISTOGRAM_BINS, type Histogram, histogram } from '../../../src/train/watch/histogram.ts';
import {
  MAX_MISTAKES_PER_CELL,
  MAX_RECEPTIVE_FIELDS,
  MONITOR_BATCH,
  Monitor,
} from '../../../src/train/watch/monitor.ts';
import { probeOf } from '../../../src/train/watch/probe.ts';
import { corners, digits, samplesOf } from '../runs.ts';

const { train, test: held } = await digits();

const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);

describe('a histogram', () => {
  test('has every value in its bin, the ends included', () => {
    const { from, to, counts } = histogram([0, 40, 20, 19.5, 0.25, 39.99]);
    expect([from, to]).toEqual([0, 40]);
    expect(counts).toHaveLength(HISTOGRAM_BINS);
    expect(counts.flatMap((n, i) => (n > 0 ? [[i, n]] : []))).toEqual([
      [0, 2],
      [19, 1],
      [20, 1],
      [39, 2],
    ]);
  });

  test.each([
    ['of one value', [3, 3], 2.5, 3.5, 2],
    ['of none', [], 0, 1, 0],
    ['leaves out what is not finite', [Number.NaN, 1, Infinity, -Infinity, 2], 1, 2, 2],
    ['of none that is finite', [Number.NaN], 0, 1, 0],
    ['of values hardly apart', [1, 1 + 2 ** -52], 1, 1 + 2 ** -52, 2],
    ['of values far apart', [-1e300, 1e300], -1e300, 1e300, 2],
  ])('%s', (_, values, from, to, count) => {
    const found = histogram(values);
    expect([found.from, found.to]).toEqual([from, to]);
    expect(sum(found.counts)).toBe(count);
    expect(found.counts.every((n) => Number.isInteger(n) && n >= 0)).toBe(true);
  });
});

/** The weights of a network as its training begins. */
function weightsOf(spec: Network['spec'], seed = 1): NamedTensor[] {
  const network = new Network(new ReferenceKernels('float32'), spec, 1);
  network.initialize(new Random(seed, 'weights'));
  return network.tensors();
}

const at = (parameters: readonly NamedTensor[]) => ({ step: 7, epoch: 2, batch: 3, parameters });

/** What a two-layer ReLU network does with one sample at a time, by plain loops in float64. */
function byHand(samples: Samples, parameters: readonly NamedTensor[]) {
  const [w1, b1, w2, b2] = parameters;
  const [inputs, hidden] = w1.shape;
  const classes = w2.shape[1];
  const activations: number[][] = [];
  const gradients: number[][] = [];
  const predicted: number[] = [];
  let loss = 0;
  for (let n = 0; n < samples.count; n++) {
    const x = Array.from({ length: hidden }, (_, j) => {
      let z = b1.values[j];
      for (let i = 0; i < inputs; i++)
        z += samples.values[n * inputs + i] * samples.scale * w1.values[i * hidden + j];
      return Math.max(0, z);
    });
    const s = Array.from({ length: classes }, (_, c) =>
      x.reduce((z, xj, j) => z + xj * w2.values[j * classes + c], b2.values[c]),
    );
    const whole = sum(s.map(Math.exp));
    const label = samples.labels[n];
    const delta = s.map((sc, c) => Math.exp(sc) / whole - (c === label ? 1 : 0));
    activations.push(x);
    gradients.push(x.map((_, j) => delta.reduce((d, dc, c) => d + dc * w2.values[j * classes + c], 0)));
    predicted.push(s.indexOf(Math.max(...s)));
    loss += Math.log(whole) - s[label];
  }
  return { activations, gradients, predicted, loss: loss / samples.count };
}

/** Counts may differ by the few values that lie where two bins meet, as one side has rounded to float32. */
function expectAlike(found: Histogram, expected: Histogram): void {
  const width = expected.to - expected.from;
  expect(Math.abs(found.from - expected.from)).toBeLessThan(1e-5 * width);
  expect(Math.abs(found.to - expected.to)).toBeLessThan(1e-5 * width);
  expect(sum(found.counts)).toBe(sum(expected.counts));
  const moved = sum(found.counts.map((n, i) => Math.abs(n - expected.counts[i])));
  expect(moved).toBeLessThanOrEqual(2 + 1e-3 * sum(expected.counts));
}

const SETS: [string, Samples, readonly [number, number] | undefined][] = [
  ['digits', train, [28, 28]],
  ['more samples than go through at a time', corners(2 * MONITOR_BATCH + 7), undefined],
];

describe.each(SETS)('%s', (_, samples, shape) => {
  const spec = perceptron({ inputs: samples.cols, hidden: [70], classes: samples.classes, l2: 0.1 });
  const parameters = weightsOf(spec);
  const kernels = {
    reference: () => new ReferenceKernels(),
    wasm: () => new WasmKernels(memoryFor(spec, [samples], MONITOR_BATCH, 0)),
  };

  test.each(['reference', 'wasm'] as const)('are seen by the %s kernels as by plain loops', (on) => {
    const monitor = new Monitor(kernels[on](), spec, samples, shape);
    monitor.look(at(weightsOf(spec, 2)));
    const view = monitor.look(at(parameters));
    const expected = byHand(samples, parameters);
    expect(view).toMatchObject({ step: 7, epoch: 2, batch: 3, samples: samples.count });
    expect(view.loss).toBeCloseTo(expected.loss, 5);
    expect(view.layers.map(({ name }) => name)).toEqual(['relu 1']);
    const [layer] = view.layers;
    expectAlike(layer.activations, histogram(expected.activations.flat()));
    expectAlike(layer.gradients, histogram(expected.gradients.flat()));
    const dead = Array.from({ length: 70 }, (_, j) => expected.activations.every((x) => x[j] === 0));
    expect(layer.deadShare).toBeCloseTo(dead.filter(Boolean).length / 70, 12);

    const confusion = view.confusion.map((row) => row.map(() => 0));
    const wrong: object[] = [];
    for (const [index, predicted] of expected.predicted.entries()) {
      const label = samples.labels[index];
      const named = confusion[label][predicted]++ < MAX_MISTAKES_PER_CELL;
      if (label !== predicted && named) wrong.push({ index, label, predicted });
    }
    expect(view.confusion).toEqual(confusion);
    expect(view.mistakes).toEqual(wrong);
    expect(wrong.length).toBeGreaterThan(0);
    expect(view.correct).toBe(sum(confusion.map((row, label) => row[label])));
  });

  test('are classified as an evaluation does', () => {
    const reference = new ReferenceKernels('float32');
    const network = new Network(reference, { ...spec, l2: 0 }, 10);
    network.setTensors(parameters);
    const { correct, confusion, loss } = evaluate(reference, network, allOf(samples));
    const found = new Monitor(new ReferenceKernels('float32'), spec, samples).classify(parameters);
    expect(found).toMatchObject({ correct, confusion });
    expect(found.loss).toBeCloseTo(loss, 5);
  });
});

test('dead units are counted, of ReLU alone', () => {
  const samples = corners(12);
  const shareOf = (activation: ActivationName) => {
    const spec = perceptron({ inputs: 3, hidden: [4, 8], classes: 3, activation });
    const parameters = weightsOf(spec).map((tensor) =>
      tensor.name === 'b1' ? { ...tensor, values: Float32Array.of(-99, 99, -99, -99) } : tensor,
    );
    const { layers } = new Monitor(new ReferenceKernels(), spec, samples).look(at(parameters));
    expect(layers.map(({ name }) => name)).toEqual([`${activation} 1`, `${activation} 2`]);
    return layers[0].deadShare;
  };
  expect(shareOf('relu')).toBe(0.75);
  for (const other of ['leaky-relu', 'gelu', 'tanh', 'sigmoid', 'identity'] as const) {
    expect(shareOf(other)).toBeUndefined();
  }
});

test('the output layer’s activation of squared error is no hidden layer', () => {
  const spec = perceptron({ inputs: 3, hidden: [4], classes: 3, activation: 'tanh', loss: 'squared-error' });
  const { layers } = new Monitor(new ReferenceKernels(), spec, corners(5)).look(at(weightsOf(spec)));
  expect(layers.map(({ name }) => name)).toEqual(['tanh 1']);
});

test('a linear classifier has no hidden layers, and its classes’ weights as images', () => {
  const spec = perceptron({ inputs: 784, hidden: [], classes: 10 });
  const view = new Monitor(new ReferenceKernels(), spec, train, [28, 28]).look(at(weightsOf(spec)));
  expect(view.layers).toEqual([]);
  expect(view.receptiveFields).toMatchObject({ rows: 28, cols: 28, total: 10 });
  expect(sum(view.confusion.flat())).toBe(100);
});

describe('the weights of the first layer', () => {
  const spec = perceptron({ inputs: 6, hidden: [130], classes: 3 });
  const samples = samplesOf([[1, 0, 1, 0, 1, 0]], [1]);
  const parameters = weightsOf(spec);
  const [w1] = parameters;
  for (let i = 0; i < 6; i++) {
    w1.values[i * 130 + 1] = [0.5, -1, 0.25, 0, Number.NaN, 1e-9][i];
    w1.values[i * 130 + 2] = 0;
  }
  const { receptiveFields: fields } = new Monitor(new ReferenceKernels(), spec, samples, [2, 3]).look(
    at(parameters),
  );

  test('are bytes around 128, each unit on its own scale', () => {
    expect(fields).toMatchObject({ rows: 2, cols: 3, total: 130 });
    expect(fields?.units).toHaveLength(MAX_RECEPTIVE_FIELDS);
    expect(fields?.scale[1]).toBe(1);
    expect([...(fields?.units[1] ?? [])]).toEqual([128 + 64, 1, 128 + 32, 128, 128, 128]);
    expect(fields?.scale[2]).toBe(0);
    expect([...(fields?.units[2] ?? [])]).toEqual([128, 128, 128, 128, 128, 128]);
    for (let j = 3; j < MAX_RECEPTIVE_FIELDS; j++) {
      const unit = Array.from({ length: 6 }, (_, i) => w1.values[i * 130 + j]);
      const most = Math.max(...unit.map(Math.abs));
      expect(fields?.scale[j]).toBe(most);
      for (const [i, byte] of (fields?.units[j] ?? []).entries()) {
        expect(Math.abs((byte - 128) / 127 - unit[i] / most)).toBeLessThanOrEqual(0.5 / 127 + 1e-9);
      }
    }
  });

  test('are told only where inputs are images', () => {
    for (const shape of [undefined, [2, 2]] as const) {
      const view = new Monitor(new ReferenceKernels(), spec, samples, shape).look(at(parameters));
      expect(view).not.toHaveProperty('fields');
    }
  });
});

test('weights that have left the finite numbers break nothing', () => {
  const spec = perceptron({ inputs: 3, hidden: [4], classes: 3 });
  const parameters = weightsOf(spec).map((t) => ({ ...t, values: t.values.map(() => Number.NaN) }));
  const view = new Monitor(new ReferenceKernels(), spec, corners(5), [1, 3]).look(at(parameters));
  expect(sum(view.confusion.flat())).toBe(5);
  expect(view.loss).toBeNaN();
});

describe('what does not fit is refused:', () => {
  const spec = perceptron({ inputs: 3, hidden: [4], classes: 3 });

  test('no samples, other inputs, other classes, other weights', () => {
    const kernels = new ReferenceKernels();
    expect(() => new Monitor(kernels, spec, corners(1)).classify([])).toThrow(/expected W1/);
    const none = { ...corners(1), count: 0, labels: new Uint8Array(0), values: new Float32Array(0) };
    expect(() => new Monitor(kernels, spec, none)).toThrow('Monitor: expected at least one sample, got none');
    expect(() => new Monitor(kernels, spec, train)).toThrow(
      'Monitor: expected samples of 3 values and 3 classes, got 784 and 10',
    );
    expect(() => new Monitor(kernels, spec, samplesOf([[1, 2, 3]], [0], 4))).toThrow(/4$/);
  });
});

describe('the probe set', () => {
  const rows = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);

  test('is of the samples held out, never of the test set', () => {
    const data = {
      train: { samples: train, rows: rows(0, 80) },
      validation: { samples: train, rows: rows(80, 100) },
      test: held,
    };
    const { set, samples } = probeOf(data);
    expect(set).toBe('validation');
    expect(samples.count).toBe(20);
    expect(samples.labels).toEqual(train.labels.slice(80));
    expect(samples.values).toEqual(train.values.slice(80 * 784));
    expect(samples.scale).toBe(train.scale);
    const { set: other, samples: trained } = probeOf({ train: data.train, test: held });
    expect(other).toBe('training');
    expect(trained.values).toEqual(train.values.slice(0, 80 * 784));
  });

  test('is at most 1,000, from all over the rows', () => {
    const count = 2500;
    const samples: Samples = {
      ...{ count, cols: 1, scale: 1, classes: 250 },
      values: Float32Array.from({ length: count }, (_, i) => i),
      labels: Uint8Array.from({ length: count }, (_, i) => Math.floor(i / 10)),
    };
    const probe = probeOf({ train: allOf(samples) }).samples;
    expect(probe.count).toBe(1000);
    expect([...probe.values.slice(0, 5)]).toEqual([0, 2, 5, 7, 10]);
    expect(probe.values[999]).toBe(2497);
    expect(new Set(probe.labels).size).toBe(250);
    expect(probe.labels.every((label, i) => label === samples.labels[probe.values[i]])).toBe(true);
  });
});
