/** Every formula's gradient against central differences, in float64, over seeds, losses, activations and depths. */

import { describe, expect, test } from 'vitest';
import { centralDifferences, relativeError } from '../../src/check/finite-differences.ts';
import {
  checkLayer,
  checkLoss,
  checkNetwork,
  type GradientCheck,
  TOLERANCE,
} from '../../src/check/gradient-check.ts';
import {
  drawAwayFromKinks,
  KINK_DISTANCE,
  networkKinkDistance,
  reluKinkDistance,
  svmKinkDistance,
} from '../../src/check/kinks.ts';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { ACTIVATION_NAMES, ACTIVATIONS, Relu } from '../../src/network/activations.ts';
import { Dense } from '../../src/network/dense.ts';
import { L2 } from '../../src/network/l2.ts';
import { LOSS_NAMES, LOSSES, Svm } from '../../src/network/losses.ts';
import { Network, perceptron } from '../../src/network/network.ts';
import { matrixOf, nested, randomize, randomizeTargets, randomMatrix } from '../support/matrices.ts';

const kernels = new ReferenceKernels('float64');
const SEEDS = [1, 2, 3];

/** Every check passes, and with room: what a right backward leaves is far below the tolerance. */
function expectPassed(results: readonly GradientCheck[]): void {
  expect(results.length).toBeGreaterThan(0);
  for (const { name, maxRelativeError, tolerance } of results) {
    expect(tolerance, name).toBeLessThanOrEqual(1e-6);
    expect(maxRelativeError, name).toBeLessThanOrEqual(Math.min(tolerance, 1e-8));
  }
  expect(results.every(({ passed }) => passed)).toBe(true);
}

const names = (results: readonly GradientCheck[]) => results.map(({ name }) => name);

test('the tolerance is 1e-6', () => expect(TOLERANCE).toBe(1e-6));

describe.each(SEEDS)('seed %i', (seed) => {
  test.each([
    [5, 3, 4],
    [2, 7, 3],
    [3, 3, 5],
  ])('Dense %i → %i, batch of %i: dx (E1), dW and db (E2)', (inputs, outputs, rows) => {
    const random = new Random(seed, 'dense');
    const layer = new Dense(kernels, inputs, outputs, { batchSize: rows });
    randomize(layer.w, random);
    randomize(layer.b, random);
    const results = checkLayer(kernels, layer, randomMatrix(kernels, rows, inputs, random), { random });
    expectPassed(results);
    expect(names(results)).toEqual([
      'Dense x unchanged',
      'Dense delta unchanged',
      'Dense W1 unchanged',
      'Dense b1 unchanged',
      'Dense dW1 overwritten',
      'Dense db1 overwritten',
      'Dense dx',
      'Dense dW1',
      'Dense db1',
    ]);
  });

  test('Dense without the input gradient: dW and db alone', () => {
    const random = new Random(seed, 'first');
    const layer = new Dense(kernels, 5, 3, { batchSize: 4, inputGradient: false });
    randomize(layer.w, random);
    const results = checkLayer(kernels, layer, randomMatrix(kernels, 4, 5, random), { random });
    expectPassed(results);
    expect(names(results)).not.toContain('Dense dx');
    expect(names(results)).toContain('Dense dW1');
  });

  test.each(ACTIVATION_NAMES)('%s: δ ⊙ φ′(z) (D4, D5, B8)', (name) => {
    const random = new Random(seed, name);
    const z = kernels.matrix(4, 6);
    drawAwayFromKinks(
      () => randomize(z, random, -2, 2),
      () => reluKinkDistance(z),
    );
    expect(reluKinkDistance(z)).toBeGreaterThan(0.009);
    expectPassed(checkLayer(kernels, new ACTIVATIONS[name](kernels, 6, 4), z, { random }));
  });

  test.each(LOSS_NAMES)('%s: the first δ, 1/B in it (D4, C3, C8, E5)', (name) => {
    const random = new Random(seed, name);
    const x = kernels.matrix(4, 5);
    const y = randomizeTargets(kernels.matrix(4, 5), random);
    drawAwayFromKinks(
      () => randomize(x, random, -2, 2),
      () => svmKinkDistance(x, y),
    );
    expect(svmKinkDistance(x, y)).toBeGreaterThan(0.009);
    expectPassed(checkLoss(kernels, new LOSSES[name](kernels, 5, 4), x, y, { random }));
  });

  test('L2: λW on weights, nothing on biases (C2, C4)', () => {
    const random = new Random(seed, 'l2');
    const layer = new Dense(kernels, 4, 3, { batchSize: 3 });
    for (const { value, gradient } of layer.parameters) {
      randomize(value, random);
      kernels.fill(gradient, 0);
    }
    const l2 = new L2(kernels, 0.37, layer.parameters);
    l2.backward();
    const f = () => l2.forward().values[0];
    expect(relativeError(layer.dw.values, centralDifferences(layer.w, f))).toBeLessThan(1e-8);
    expect([...layer.db.values]).toEqual([0, 0, 0]);
    expect([...centralDifferences(layer.b, f)]).toEqual([0, 0, 0]);
  });
});

const HIDDEN = [[], [5], [5, 3], [5, 3, 4]];

describe.each(LOSS_NAMES)('a network under %s', (loss) => {
  describe.each(ACTIVATION_NAMES)('with %s', (activation) => {
    test.each(HIDDEN.map((hidden) => ({ hidden })))('hidden layers $hidden', ({ hidden }) => {
      for (const seed of SEEDS) {
        const random = new Random(seed, `${loss} ${activation} ${hidden}`);
        const spec = perceptron({ inputs: 6, hidden, classes: 4, activation, loss, l2: 0.05 });
        const network = new Network(kernels, spec, 3);
        const x = kernels.matrix(3, 6);
        const y = kernels.matrix(3, 4);
        drawAwayFromKinks(
          () => {
            randomize(x, random);
            randomizeTargets(y, random);
            for (const { value } of network.parameters) randomize(value, random, -1.5, 1.5);
          },
          () => (informative(network, x, y) ? networkKinkDistance(network, x, y) : 0),
        );
        expect(networkKinkDistance(network, x, y)).toBeGreaterThanOrEqual(KINK_DISTANCE);
        const results = checkNetwork(kernels, network, x, y, { random });
        expectPassed(results);
        const gradients = network.parameters.map(({ name }) => `Network d${name}`);
        expect(names(results)).toEqual(expect.arrayContaining(gradients));
      }
    });
  });

  /** No gradient is so small, as under dead units, that its check would say little. */
  function informative(network: Network, x: Parameters<Network['forward']>[0], y: typeof x): boolean {
    network.forward(x);
    network.loss(y);
    network.backward();
    return network.parameters.every(({ gradient }) => gradient.values.some((g) => Math.abs(g) > 1e-3));
  }
});

describe('at the kink', () => {
  test('relu′(0) = 0, at −0 too (slip-B2)', () => {
    const relu = new Relu(kernels, 4, 1);
    relu.forward(matrixOf(kernels, [[0, -0, Number.MIN_VALUE, -Number.MIN_VALUE]]));
    const dz = relu.backward(matrixOf(kernels, [[3, 3, 3, 3]]));
    expect(nested(dz)).toEqual([[0, 0, 3, 0]]);
  });

  test('the indicator of the SVM at a margin of exactly 0 is 0 (E5)', () => {
    const svm = new Svm(kernels, 3, 1);
    const y = matrixOf(kernels, [[1, 0, 0]]);
    expect(svm.forward(matrixOf(kernels, [[2, 1, 1 + 2 ** -52]]), y).values[0]).toBe(2 ** -52);
    expect(nested(svm.backward())).toEqual([[-1, 0, 1]]);
  });
});
