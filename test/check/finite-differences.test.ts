/** The witness itself: derivatives known in closed form, the error measure, and the distance from kinks. */

import { describe, expect, test } from 'vitest';
import { centralDifferences, relativeError } from '../../src/check/finite-differences.ts';
import { checkNetwork } from '../../src/check/gradient-check.ts';
import { drawAwayFromKinks, networkKinkDistance, svmKinkDistance } from '../../src/check/kinks.ts';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { Network, perceptron } from '../../src/network/network.ts';
import { byteSamples, matrixOf, randomize } from '../support/matrices.ts';

const kernels = new ReferenceKernels('float64');

describe('central differences', () => {
  test('of Σ k v³ are 3 k v², and every entry is put back', () => {
    const x = matrixOf(kernels, [
      [0.1, -2, 3],
      [0.7, 1e-3, -0.3],
    ]);
    const before = [...x.values];
    const f = () => [...x.values].reduce((sum, v, k) => sum + k * v ** 3, 0);
    const expected = before.map((v, k) => 3 * k * v * v);
    expect(relativeError(centralDifferences(x, f), expected)).toBeLessThan(1e-11);
    expect([...x.values]).toEqual(before);
  });

  test('take the step that is asked for', () => {
    const x = matrixOf(kernels, [[1]]);
    const seen: number[] = [];
    centralDifferences(x, () => seen.push(x.values[0]), 0.25);
    expect(seen.sort((a, b) => a - b)).toEqual([0.5, 0.75, 1.25, 1.5]);
  });

  test('leave rows that are not in use alone', () => {
    const x = matrixOf(kernels, [[1, 2]], 3);
    expect(centralDifferences(x, () => [...x.values].reduce((a, b) => a + b))).toHaveLength(2);
  });

  test('refuse float32, sparse matrices and bad steps', () => {
    const single = new ReferenceKernels('float32').matrix(1, 1);
    expect(() => centralDifferences(single, () => 0)).toThrow(
      new RangeError('centralDifferences: expected float64 values, got float32'),
    );
    const sparse = kernels.batch(byteSamples(2, 9, 0.1, 2, new Random(1, 's')), 2);
    expect(() => centralDifferences(sparse, () => 0)).toThrow(
      new RangeError('centralDifferences: expected a dense matrix, got sparse'),
    );
    for (const step of [0, -1, Number.NaN, Infinity]) {
      expect(() => centralDifferences(kernels.matrix(1, 1), () => 0, step)).toThrow(
        new RangeError(`centralDifferences: expected a step above 0, got ${step}`),
      );
    }
  });
});

describe('the relative error', () => {
  test.each([
    [[1, 2], [1, 2], 0],
    [[1, 2.5], [1, -2], 2.25],
    [[1, 4], [2, 4], 0.25],
    [[0, -0], [0, 0], 0],
    [[0, 1e-300], [0, 0], Infinity],
    [[0, 0], [0, 3], 1],
    [[Number.NaN, 1], [1, 1], Infinity],
    [[1, 1], [1, Number.NaN], Infinity],
    [[Infinity], [Infinity], Infinity],
  ])('of %j and %j is %d', (a, n, expected) => expect(relativeError(a, n)).toBe(expected));

  test('refuses lengths that differ', () => {
    expect(() => relativeError([1], [1, 2])).toThrow(
      new RangeError('relativeError: expected 2 entries, got 1'),
    );
  });
});

describe('the distance from kinks', () => {
  const spec = perceptron({ inputs: 2, hidden: [2], classes: 3, loss: 'svm' });

  test('is that of the nearest ReLU or margin', () => {
    const network = new Network(kernels, spec, 1);
    const [w1, b1, , b2] = network.parameters;
    w1.value.values.set([1, 0, 0, 1]);
    b1.value.values.set([0.5, -0.25]);
    b2.value.values.set([0.125, 0, 4]);
    const x = matrixOf(kernels, [[1, 1]]);
    const y = matrixOf(kernels, [[0, 1, 0]]);
    expect(networkKinkDistance(network, x, y)).toBe(0.75);
    b2.value.values.set([-0.875, 0, 4]);
    expect(networkKinkDistance(network, x, y)).toBe(0.125);
    expect(
      networkKinkDistance(new Network(kernels, { ...spec, loss: { name: 'squared-error' } }, 1), x, y),
    ).toBe(0);
  });

  test('ignores the class itself', () => {
    expect(svmKinkDistance(matrixOf(kernels, [[-1, 5]]), matrixOf(kernels, [[0, 1]]))).toBe(5);
  });

  test('is drawn for until it is reached, or refused', () => {
    let distance = 0;
    expect(
      drawAwayFromKinks(
        () => distance++,
        () => distance,
        7,
      ),
    ).toBe(7);
    expect(() =>
      drawAwayFromKinks(
        () => {},
        () => 1,
        2,
        3,
      ),
    ).toThrow(new RangeError('drawAwayFromKinks: expected a distance of 2 within 3 tries'));
  });
});

test('a network is checked on a sparse batch too', () => {
  const random = new Random(4, 'sparse');
  const samples = byteSamples(5, 12, 0.2, 3, random);
  const network = new Network(
    kernels,
    perceptron({ inputs: 12, hidden: [4], classes: 3, activation: 'tanh' }),
    5,
  );
  for (const { value } of network.parameters) randomize(value, random);
  const x = kernels.batch(samples, 5);
  const y = kernels.matrix(5, 3);
  expect(x.nonzeros).toBeDefined();
  kernels.gather(samples, Uint32Array.of(0, 1, 2, 3, 4), 0, 5, x, y);
  expect(checkNetwork(kernels, network, x, y, { name: 'sparse' }).filter(({ passed }) => !passed)).toEqual(
    [],
  );
});
