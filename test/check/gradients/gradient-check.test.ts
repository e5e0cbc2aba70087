/** Every gradient against the complex step and central differences, over seeds, losses, activations and depths. */

import { describe, expect, test } from 'vitest';
import {
  checkLayer,
  checkLoss,
  checkNetwork,
  checkPenalty,
  type GradientCheck,
  TOLERANCE,
  type Witness,
} from '../../../src/check/gradients/gradient-check.ts';
import {
  drawAwayFromKinks,
  KINK_DISTANCE,
  marginDistance,
  networkKinkDistance,
  zeroDistance,
} from '../../../src/check/gradients/kinks.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import type { Matrix } from '../../../src/kernels/matrix.ts';
import { Random } from '../../../src/kernels/random.ts';
import { ReferenceKernels } from '../../../src/kernels/reference.ts';
import { ACTIVATION_NAMES, Activation } from '../../../src/network/activations.ts';
import { Dense } from '../../../src/network/dense.ts';
import type { Layer } from '../../../src/network/layer.ts';
import { LOSS_NAMES, MeanLoss } from '../../../src/network/losses.ts';
import { Network, perceptron } from '../../../src/network/network.ts';
import { L2 } from '../../../src/network/penalties.ts';
import { matrixOf, nested, randomize, randomizeTargets, randomMatrix } from '../../support/matrices.ts';

const kernels = new ReferenceKernels('float64');
const SEEDS = [1, 2, 3];

/** Every check passes with no entry excused, and with room: a right backward is far below the tolerance. */
function expectPassed(results: readonly GradientCheck[], witness: Witness): void {
  expect(results.length).toBeGreaterThan(0);
  for (const { what, error, tolerance, unchecked } of results) {
    expect(tolerance, what).toBeLessThanOrEqual(TOLERANCE[witness]);
    expect(error, what).toBeLessThanOrEqual(Math.min(tolerance, witness === 'complex-step' ? 1e-13 : 1e-8));
    expect(unchecked, what).toBe(0);
  }
  expect(results.every(({ passed }) => passed)).toBe(true);
}

const names = (results: readonly GradientCheck[]) => results.map(({ what }) => what);

test('the tolerances are 1e-12 and 1e-6', () => {
  expect(TOLERANCE).toEqual({ 'complex-step': 1e-12, 'central-difference': 1e-6 });
});

const WITNESSES: Witness[] = ['complex-step', 'central-difference'];

describe.each(SEEDS.flatMap((seed) => WITNESSES.map((witness) => ({ seed, witness }))))(
  'seed $seed, $witness',
  ({ seed, witness }) => {
    test.each([
      [5, 3, 4],
      [2, 7, 3],
      [3, 3, 5],
    ])('%i → %i, batch of %i: dx (E1), dW and db (E2)', (inputs, outputs, rows) => {
      const random = new Random(seed, 'dense');
      const make = (on: Kernels) => randomized(new Dense(on, inputs, outputs, { batchSize: rows }), seed);
      const results = checkLayer(make, randomMatrix(kernels, rows, inputs, random), { random, witness });
      expectPassed(results, witness);
      expect(names(results)).toEqual([
        'x unchanged',
        'delta unchanged',
        'W1 unchanged',
        'b1 unchanged',
        'dW1 overwritten',
        'db1 overwritten',
        'dx',
        'dW1',
        'db1',
      ]);
    });

    test('without the input gradient: dW and db alone', () => {
      const random = new Random(seed, 'first');
      const make = (on: Kernels) =>
        randomized(new Dense(on, 5, 3, { batchSize: 4, inputGradient: false }), seed);
      const results = checkLayer(make, randomMatrix(kernels, 4, 5, random), { random, witness });
      expectPassed(results, witness);
      expect(names(results)).not.toContain('dx');
      expect(names(results)).toContain('dW1');
    });

    test.each(ACTIVATION_NAMES)('%s: δ ⊙ φ′(z) (D4, D5, B8)', (name) => {
      const random = new Random(seed, name);
      const z = kernels.matrix(4, 6);
      drawAwayFromKinks(
        () => randomize(z, random, -2, 2),
        () => zeroDistance(z),
      );
      expect(zeroDistance(z)).toBeGreaterThan(0.009);
      expectPassed(
        checkLayer((on) => new Activation(on, name, 6, 4), z, { random, witness }),
        witness,
      );
    });

    test.each(LOSS_NAMES)('%s: the first δ, 1/B in it (D4, C3, X15, E5)', (name) => {
      const random = new Random(seed, name);
      const x = kernels.matrix(4, 5);
      const y = randomizeTargets(kernels.matrix(4, 5), random);
      drawAwayFromKinks(
        () => randomize(x, random, -2, 2),
        () => marginDistance(x, y),
      );
      expect(marginDistance(x, y)).toBeGreaterThan(0.009);
      expectPassed(
        checkLoss((on) => new MeanLoss(on, name, 5, 4), x, y, { random, witness }),
        witness,
      );
    });

    test('L2: λW on weights, nothing on biases (C2, C4)', () => {
      const make = (on: Kernels) => {
        const { parameters } = randomized(new Dense(on, 4, 3, { batchSize: 3 }), seed);
        return { l2: new L2(on, 0.37, parameters), parameters };
      };
      const results = checkPenalty(make, { witness });
      expectPassed(results, witness);
      expect(results.find(({ what }) => what === 'dW1')?.numeric.every((n) => n !== 0)).toBe(true);
      expect([...(results.find(({ what }) => what === 'db1')?.analytic ?? [])]).toEqual([0, 0, 0]);
    });
  },
);

/** A layer with parameters that depend on the seed alone, whatever the kernels. */
function randomized<L extends Layer>(layer: L, seed: number): L {
  const random = new Random(seed, 'parameters');
  for (const { value } of layer.parameters) randomize(value, random);
  return layer;
}

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
        const tensors = network.tensors();
        const make = (on: Kernels) => {
          const twin = new Network(on, spec, 3);
          twin.setTensors(tensors);
          return twin;
        };
        for (const witness of WITNESSES) {
          const results = checkNetwork(make, x, y, { random, witness });
          expectPassed(results, witness);
          const gradients = network.parameters.map(({ name }) => `d${name}`);
          expect(names(results)).toEqual(expect.arrayContaining(gradients));
        }
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

describe('sigmoid cross-entropy where it saturates', () => {
  test.each([30, 37, 60, 100])(
    'every entry of δ to 1e-12 at scores of ±%i on the side of the target',
    (lead) => {
      for (const seed of SEEDS) {
        const random = new Random(seed, `saturated ${lead}`);
        const y = randomizeTargets(kernels.matrix(4, 5), random);
        const x = kernels.matrix(4, 5);
        for (const [k, target] of y.values.entries()) {
          x.values[k] = (target === 1 ? lead : -lead) + random.uniform(-1, 1);
        }
        const results = checkLoss((on) => new MeanLoss(on, 'sigmoid-cross-entropy', 5, 4), x, y, { random });
        expectPassed(results, 'complex-step');
        const { analytic, numeric } = results[results.length - 1];
        for (const [k, want] of numeric.entries()) {
          expect(Math.abs(want)).toBeGreaterThan(0);
          expect(Math.abs(analytic[k] - want) / Math.abs(want)).toBeLessThanOrEqual(1e-12);
        }
      }
    },
  );

  test('and on the other side', () => {
    const x = matrixOf(kernels, [[30, -60, 100, -100]]);
    const y = matrixOf(kernels, [[0, 1, 0, 0]]);
    expectPassed(
      checkLoss((on) => new MeanLoss(on, 'sigmoid-cross-entropy', 4, 1), x, y),
      'complex-step',
    );
  });
});

describe('at a kink', () => {
  test('relu′(0) = 0, at −0 too (slip-B2)', () => {
    const relu = new Activation(kernels, 'relu', 4, 1);
    relu.forward(matrixOf(kernels, [[0, -0, Number.MIN_VALUE, -Number.MIN_VALUE]]));
    const dz = relu.backward(matrixOf(kernels, [[3, 3, 3, 3]]));
    expect(nested(dz)).toEqual([[0, 0, 3, 0]]);
  });

  test('the indicator of the SVM at a margin of exactly 0 is 0 (E5)', () => {
    const svm = new MeanLoss(kernels, 'svm', 3, 1);
    const y = matrixOf(kernels, [[1, 0, 0]]);
    expect(svm.forward(matrixOf(kernels, [[2, 1, 1 + 2 ** -52]]), y).values[0]).toBe(2 ** -52);
    expect(nested(svm.backward())).toEqual([[-1, 0, 1]]);
  });

  const z = () =>
    matrixOf(kernels, [
      [0, 1.5, -0.7],
      [0.3, 0, 2],
    ]);
  const wrongAtZero = (slope: number) => (on: Kernels) =>
    new (class extends Activation {
      #in: Matrix | undefined;

      override forward(matrix: Matrix): Matrix {
        this.#in = matrix;
        return super.forward(matrix);
      }

      override backward(delta: Matrix): Matrix {
        const dz = super.backward(delta);
        this.#in?.values.forEach((value, k) => {
          if (value === 0) dz.values[k] = slope * delta.values[k];
        });
        return dz;
      }
    })(on, 'relu', 3, 2);

  test.each(WITNESSES)(
    '%s: the corner of ReLU is unchecked, and any slope between 0 and 1 passes',
    (witness) => {
      for (const slope of [0, 0.5, 1]) {
        const dx = checkLayer(wrongAtZero(slope), z(), { witness }).find(({ what }) => what === 'dx');
        expect(dx).toMatchObject({ unchecked: 2, passed: true });
      }
    },
  );

  test.each(WITNESSES)('%s: a slope outside of the one-sided ones is rejected', (witness) => {
    for (const slope of [-0.1, 1.1]) {
      const dx = checkLayer(wrongAtZero(slope), z(), { witness }).find(({ what }) => what === 'dx');
      expect(dx).toMatchObject({ unchecked: 2, passed: false });
    }
  });

  test.each(WITNESSES)('%s: nothing passes because everything was excused', (witness) => {
    const zeros = matrixOf(kernels, [[0, 0, 0]]);
    const dx = checkLayer((on) => new Activation(on, 'relu', 3, 1), zeros, { witness }).find(
      ({ what }) => what === 'dx',
    );
    expect(dx).toMatchObject({ unchecked: 3, passed: false, error: Infinity });
  });

  test.each(WITNESSES)('%s: the corner of the hinge', (witness) => {
    const scores = matrixOf(kernels, [
      [2, 1, 0.5, 1.75],
      [0.1, 0.6, -0.4, 0.2],
    ]);
    const y = matrixOf(kernels, [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
    ]);
    const [dx] = checkLoss((on) => new MeanLoss(on, 'svm', 4, 2), scores, y, { witness }).slice(-1);
    // Row 1: margins 0, −0.5, 0.75; row 2: 0.5, 0 and 0.6. Each margin of 0 is a corner for its score and the class's.
    expect(dx).toMatchObject({ what: 'dx', unchecked: 4, passed: true });
  });
});
