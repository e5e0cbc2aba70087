/** float32 against float64: the loss and every gradient within their bounds, on right kernels. */

import { describe, expect, test } from 'vitest';
import { type Float32Case, float32Cases } from '../../../src/check/float32/cases.ts';
import { checkFloat32, float32Checks } from '../../../src/check/float32/float32.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { Random } from '../../../src/kernels/random.ts';
import { ReferenceKernels } from '../../../src/kernels/reference.ts';
import { ACTIVATION_NAMES } from '../../../src/network/activations.ts';
import { LOSS_NAMES } from '../../../src/network/losses.ts';
import { Network, perceptron } from '../../../src/network/network.ts';
import { byteSamples } from '../../support/matrices.ts';

const CASES = float32Cases(1);

const run = ({ spec, tensors, samples, batchSize }: Float32Case, kernels?: Kernels) =>
  checkFloat32(spec, tensors, samples, kernels === undefined ? { batchSize } : { batchSize, kernels });

describe.each([1, 2, 3])('seed %i', (seed) => {
  const checks = float32Checks({ seed });

  test('every check passes, with nothing unchecked', () => {
    for (const check of checks) {
      expect(check).toMatchObject({
        method: 'float32',
        expected: 'pass',
        passed: true,
        unchecked: 0,
        diagnosis: null,
      });
    }
    expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
  });

  test('with bounds that say something', () => {
    for (const { name, maxRelativeError, tolerance } of checks) {
      expect(tolerance, name).toBeLessThan(0.02);
      expect(maxRelativeError / tolerance, name).toBeGreaterThan(1e-5);
      expect(maxRelativeError / tolerance, name).toBeLessThanOrEqual(1);
    }
  });
});

test('the cases have every loss with every activation, both widths, 0 to 3 hidden layers, and short batches', () => {
  const names = CASES.map(({ name }) => name);
  expect(names[0]).toBe('784 → 100 relu → 10, softmax-cross-entropy, batch of 128');
  for (const loss of LOSS_NAMES)
    expect(names.filter((name) => name.includes(loss)).length).toBeGreaterThan(4);
  const depths = CASES.map(({ spec }) => spec.layers.filter(({ type }) => type === 'dense').length - 1);
  expect(new Set(depths)).toEqual(new Set([0, 1, 2, 3]));
  const pairs = CASES.flatMap(({ spec }) =>
    spec.layers.flatMap((layer) => (layer.type === 'activation' ? [`${spec.loss.name} ${layer.name}`] : [])),
  );
  expect(new Set(pairs).size).toBe(LOSS_NAMES.length * ACTIVATION_NAMES.length);
  expect(names.filter((name) => name.includes(' after ')).length).toBeGreaterThan(3);
  expect(names.some((name) => name.includes('batch of 1,') || name.endsWith('batch of 1'))).toBe(true);
});

test('depends on the seed alone', () => {
  expect(float32Checks({ seed: 7 })).toEqual(float32Checks({ seed: 7 }));
  expect(float32Checks({ seed: 7 })).not.toEqual(float32Checks({ seed: 8 }));
});

describe.each(CASES.map((one) => ({ ...one })))('$name', (one) => {
  test('the loss and every gradient, of the last batch', () => {
    const { spec, tensors, samples, batchSize } = one;
    const rows = run(one);
    const names = tensors.map(({ name }) => `d${name}`);
    expect(rows.map(({ what }) => what)).toEqual(['loss', ...(spec.l2 > 0 ? ['penalty'] : []), ...names]);

    const kernels = new ReferenceKernels('float64');
    const network = new Network(kernels, spec, batchSize);
    network.setTensors(tensors);
    const [x, y] = [kernels.batch(samples, batchSize), kernels.matrix(batchSize, samples.classes)];
    const order = Uint32Array.from({ length: samples.count }, (_, i) => i);
    const last = samples.count % batchSize || batchSize;
    kernels.gather(samples, order, samples.count - last, last, x, y);
    network.forward(x);
    expect(rows[0].numeric[0]).toBe(network.loss(y).values[0]);
    network.backward();
    for (const { name, gradient } of network.parameters) {
      const row = rows.find(({ what }) => what === `d${name}`);
      expect(row?.numeric, name).toEqual(gradient.values);
      expect(row?.shape).toEqual([gradient.rows, gradient.cols]);
    }
  });

  test('error and tolerance are relative to the largest entry', () => {
    for (const { what, error, tolerance, analytic, numeric, bound, passed } of run(one)) {
      const size = Math.max(...numeric.map(Math.abs));
      expect(error, what).toBe(Math.max(...analytic.map((a, k) => Math.abs(a - numeric[k]))) / size);
      expect(tolerance, what).toBe(Math.max(...bound) / size);
      expect(error).toBeLessThanOrEqual(tolerance);
      expect(passed).toBe(true);
    }
  });

  test('the float32 reference, which sums in another order, is within the bounds too', () => {
    for (const row of run(one, new ReferenceKernels('float32'))) {
      expect(row.share, row.what).toBeLessThanOrEqual(1);
    }
  });
});

describe('hard cases', () => {
  const spec = perceptron({ inputs: 2, hidden: [3], classes: 2 });
  const samples = {
    count: 2,
    cols: 2,
    values: Float32Array.of(1, 1, 0.5, -2),
    scale: 1,
    labels: Uint8Array.of(0, 1),
    classes: 2,
  };
  const tensors = (w1: number[]) => [
    { name: 'W1', shape: [2, 3], values: Float64Array.from(w1) },
    { name: 'b1', shape: [3], values: new Float64Array(3) },
    { name: 'W2', shape: [3, 2], values: Float64Array.of(0.3, -0.2, 0.7, 0.1, -0.4, 0.6) },
    { name: 'b2', shape: [2], values: new Float64Array(2) },
  ];

  test('a unit at its corner is said to be unchecked, and the bounds allow for both of its sides', () => {
    const rows = checkFloat32(spec, tensors([0.5, 0.2, 0.9, -0.5, 0.3, 0.8]), samples);
    for (const row of rows) expect(row).toMatchObject({ unchecked: 1, passed: true });
    const w1 = rows.find(({ what }) => what === 'dW1');
    expect(w1?.tolerance).toBeGreaterThan(0.01);
    const away = checkFloat32(spec, tensors([0.5, 0.2, 0.9, -0.6, 0.3, 0.8]), samples);
    for (const row of away) expect(row).toMatchObject({ unchecked: 0, passed: true });
  });

  test('weights that float32 cannot hold: their rounding is in the bounds', () => {
    const rows = checkFloat32(spec, tensors([0.1, 0.2, 0.9, -0.3, 0.3, 0.8]), samples);
    expect(rows.every(({ passed }) => passed)).toBe(true);
  });

  test.each([
    ['NaN', Number.NaN],
    ['an overflow of float32', 3e38],
    ['Infinity', Infinity],
  ])('%s does not pass', (_, value) => {
    const rows = checkFloat32(spec, tensors([value, value, value, value, value, value]), samples);
    expect(rows.some(({ passed }) => !passed)).toBe(true);
  });

  test.each<[number[], number, Parameters<typeof byteSamples>[2]]>([
    [[300, 200, 100], 1, 0.1],
    [[64, 65], 130, 0.9],
    [[], 300, 0.1],
  ])('the memory is large enough for hidden layers %j and a batch of %i', (hidden, count, share) => {
    for (const classes of [2, 150]) {
      const wide = perceptron({ inputs: 500, hidden, classes, activation: 'tanh', l2: 0.1 });
      const kernels = new ReferenceKernels('float32');
      const network = new Network(kernels, wide, 1);
      network.initialize(new Random(1, 'wide'));
      const rows = checkFloat32(
        wide,
        network.tensors(),
        byteSamples(count, 500, share, classes, new Random(1, 'samples')),
      );
      expect(rows.every(({ passed }) => passed)).toBe(true);
    }
  });

  test('what does not fit is refused', () => {
    const right = tensors([0.5, 0.2, 0.9, -0.6, 0.3, 0.8]);
    expect(() => checkFloat32(spec, right, { ...samples, count: 0 })).toThrow(
      new RangeError('checkFloat32: expected at least one sample, got 0'),
    );
    expect(() => checkFloat32(spec, right, samples, { batchSize: 0 })).toThrow(RangeError);
    expect(() => checkFloat32(spec, right.slice(1), samples)).toThrow(/expected W1/);
    expect(() => checkFloat32(perceptron({ inputs: 3, hidden: [], classes: 2 }), [], samples)).toThrow(
      RangeError,
    );
  });
});
