/** The network: its specs and what it refuses, its first weights, and a training step that allocates nothing. */

import { describe, expect, test } from 'vitest';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import type { ActivationName } from '../../src/network/activations.ts';
import { LOSS_NAMES } from '../../src/network/losses.ts';
import { type LayerSpec, Network, type NetworkSpec, perceptron } from '../../src/network/network.ts';
import { L2 } from '../../src/network/penalties.ts';
import { Sgd } from '../../src/train/optimizers/optimizers.ts';
import { matrixOf, nested, randomize, randomizeTargets, randomMatrix } from '../support/matrices.ts';

const kernels = new ReferenceKernels();
const refused = (message: string) => new RangeError(message);
const dense = (inputs: number, outputs: number): LayerSpec => ({ type: 'dense', inputs, outputs });
const relu: LayerSpec = { type: 'activation', name: 'relu' };
const spec = (inputs: number, layers: LayerSpec[], l2 = 0): NetworkSpec => ({
  inputs,
  layers,
  loss: { name: 'svm' },
  l2,
});

describe('perceptron', () => {
  test('is dense, relu, dense under softmax cross-entropy where nothing else is said (C1)', () => {
    expect(perceptron({ inputs: 784, hidden: [200], classes: 10 })).toEqual({
      inputs: 784,
      layers: [dense(784, 200), relu, dense(200, 10)],
      loss: { name: 'softmax-cross-entropy' },
      l2: 0,
    });
  });

  test('without hidden layers is a linear classifier', () => {
    expect(perceptron({ inputs: 4, hidden: [], classes: 3 }).layers).toEqual([dense(4, 3)]);
  });

  test('with squared error ends in φ too (D2), the hidden one or its own', () => {
    const options = {
      inputs: 4,
      hidden: [3],
      classes: 2,
      activation: 'tanh',
      loss: 'squared-error',
    } as const;
    const ends = (name: string) => [
      dense(4, 3),
      { type: 'activation', name: 'tanh' },
      dense(3, 2),
      { type: 'activation', name },
    ];
    expect(perceptron(options).layers).toEqual(ends('tanh'));
    expect(perceptron({ ...options, outputActivation: 'sigmoid' }).layers).toEqual(ends('sigmoid'));
  });

  test.each(LOSS_NAMES.filter((name) => name !== 'squared-error'))(
    'under %s takes the affine scores',
    (loss) => {
      const made = perceptron({
        inputs: 4,
        hidden: [3],
        classes: 2,
        loss,
        outputActivation: 'sigmoid',
        l2: 0.5,
      });
      expect(made).toEqual({
        inputs: 4,
        layers: [dense(4, 3), relu, dense(3, 2)],
        loss: { name: loss },
        l2: 0.5,
      });
    },
  );
});

describe('a network', () => {
  test('names its parameters from the input on and has their shapes', () => {
    const network = new Network(kernels, perceptron({ inputs: 6, hidden: [5, 4], classes: 3 }), 2);
    expect(network.parameters.map(({ name, value }) => [name, value.rows, value.cols])).toEqual([
      ['W1', 6, 5],
      ['b1', 1, 5],
      ['W2', 5, 4],
      ['b2', 1, 4],
      ['W3', 4, 3],
      ['b3', 1, 3],
    ]);
    expect([network.inputs, network.classes, network.batchSize, network.layers.length]).toEqual([6, 3, 2, 5]);
  });

  test('computes the two-layer network of C by hand, for a short batch too (C1, C2)', () => {
    const network = new Network(
      kernels,
      perceptron({ inputs: 2, hidden: [2], classes: 2, loss: 'svm', l2: 0.5 }),
      3,
    );
    const [w1, b1, w2, b2] = network.parameters.map(({ value }) => value.values);
    w1.set([1, -1, 2, 1]);
    b1.set([0.5, 0]);
    w2.set([1, 0, 2, 1]);
    b2.set([0, 1]);
    const scores = network.forward(
      matrixOf(
        kernels,
        [
          [1, 1],
          [1, -2],
        ],
        3,
      ),
    );
    expect(nested(scores)).toEqual([
      [3.5, 1],
      [0, 1],
    ]);
    expect(
      network.loss(
        matrixOf(
          kernels,
          [
            [0, 1],
            [0, 1],
          ],
          3,
        ),
      ).values[0],
    ).toBe((3.5 + 0) / 2);
    expect(network.penalty().values[0]).toBe(0.25 * (1 + 1 + 4 + 1 + 1 + 0 + 4 + 1));
    network.backward();
    // Only the first sample violates its margin (the second's is exactly 0): δ = [½, −½].
    expect(nested(network.parameters[3].gradient)).toEqual([[0.5, -0.5]]);
    expect(nested(network.parameters[2].gradient)).toEqual([
      [1.75 + 0.5, -1.75],
      [0 + 1, -0 + 0.5],
    ]);
  });

  test.each([
    ['no layers', spec(3, []), 'Network: expected at least one layer, got none'],
    ['an activation first', spec(3, [relu, dense(3, 2)]), 'Network: expected a dense layer first, got relu'],
    ['an activation alone', spec(3, [relu]), 'Network: expected a dense layer first, got relu'],
    [
      'a first width other than the inputs',
      spec(3, [dense(4, 2)]),
      'Network: expected dense layer 1 to have 3 inputs, the width before it, got 4',
    ],
    [
      'widths that do not fit',
      spec(3, [dense(3, 5), relu, dense(4, 2)]),
      'Network: expected dense layer 2 to have 5 inputs, the width before it, got 4',
    ],
    ['no inputs', spec(0, [dense(0, 2)]), 'Network: expected a positive whole number of inputs, got 0'],
    ['no outputs', spec(3, [dense(3, 0)]), 'Dense: expected a positive whole number of outputs, got 0'],
    ['λ below 0', spec(3, [dense(3, 2)], -0.1), 'L2: expected λ to be 0 or more, got -0.1'],
    ['λ NaN', spec(3, [dense(3, 2)], Number.NaN), 'L2: expected λ to be 0 or more, got NaN'],
    ['λ infinite', spec(3, [dense(3, 2)], Infinity), 'L2: expected λ to be 0 or more, got Infinity'],
  ])('with %s is refused', (_, bad, message) => {
    expect(() => new Network(kernels, bad, 2)).toThrow(refused(message));
  });

  test('refuses inputs of another width, no rows, and steps out of turn', () => {
    const network = new Network(kernels, spec(3, [dense(3, 2)]), 2);
    expect(() => network.loss(kernels.matrix(2, 2))).toThrow(
      refused('Network: expected forward before loss'),
    );
    expect(() => network.backward()).toThrow(refused('Svm: expected forward before backward'));
    expect(() => network.forward(kernels.matrix(2, 4))).toThrow(
      refused('Dense: expected 3 input columns, got 4'),
    );
    expect(() => new Network(kernels, spec(3, [dense(3, 2)]), 0)).toThrow(
      refused('Dense: expected a positive whole number of rows in a batch, got 0'),
    );
  });
});

describe('initial weights', () => {
  const made = (seed: number, activation: ActivationName = 'relu') => {
    const network = new Network(
      kernels,
      perceptron({ inputs: 100, hidden: [60, 40], classes: 10, activation }),
      1,
    );
    for (const { value } of network.parameters) value.values.fill(9);
    network.initialize(new Random(seed, 'weights'));
    return network.parameters.map(({ value }) => value);
  };
  const he = (nIn: number) => Math.sqrt(6 / nIn);
  const glorot = (nIn: number, nOut: number) => Math.sqrt(6 / (nIn + nOut));

  test.each([
    ['relu', [he(100), he(60), glorot(40, 10)]],
    ['tanh', [glorot(100, 60), glorot(60, 40), glorot(40, 10)]],
    ['leaky-relu', [he(100), he(60), glorot(40, 10)]],
    ['gelu', [he(100), he(60), glorot(40, 10)]],
    ['silu', [he(100), he(60), glorot(40, 10)]],
    ['elu', [glorot(100, 60), glorot(60, 40), glorot(40, 10)]],
    ['softplus', [glorot(100, 60), glorot(60, 40), glorot(40, 10)]],
  ] as const)('before %s: uniform up to the bound of He or Glorot, variance a²/3', (activation, bounds) => {
    const values = made(1, activation).filter((_, i) => i % 2 === 0);
    for (const [i, a] of bounds.entries()) {
      const w = [...values[i].values];
      const largest = Math.max(...w.map(Math.abs));
      expect(largest).toBeLessThanOrEqual(a);
      expect(largest).toBeGreaterThan(0.97 * a);
      const variance = w.reduce((sum, v) => sum + v * v, 0) / w.length;
      // The variance of v² is 4a⁴/45: four standard errors.
      expect(Math.abs(variance - (a * a) / 3)).toBeLessThan(4 * a * a * Math.sqrt(4 / 45 / w.length));
      const mean = w.reduce((sum, v) => sum + v, 0) / w.length;
      expect(Math.abs(mean)).toBeLessThan((4 * a) / Math.sqrt(3 * w.length));
    }
  });

  test('biases are 0', () => {
    for (const b of made(1).filter((_, i) => i % 2 === 1)) expect(b.values.every((v) => v === 0)).toBe(true);
  });

  test('are the same from the same seed, others from another, drawn from W1 on', () => {
    expect(made(1)).toEqual(made(1));
    expect(made(1)[0]).not.toEqual(made(2)[0]);
    const random = new Random(1, 'weights');
    const [w1, , w2] = made(1);
    for (const v of w1.values) expect(v).toBe(random.uniform(-he(100), he(100)));
    expect(w2.values[0]).toBe(random.uniform(-he(60), he(60)));
  });
});

test.each(LOSS_NAMES)('a step under %s makes no matrix', (loss) => {
  let made = 0;
  class Counting extends ReferenceKernels {
    override matrix(capacity: number, cols: number) {
      made++;
      return super.matrix(capacity, cols);
    }
  }
  const counting = new Counting();
  const random = new Random(1, loss);
  const network = new Network(
    counting,
    perceptron({ inputs: 5, hidden: [4, 3], classes: 3, loss, l2: 0.1 }),
    4,
  );
  const sgd = new Sgd(counting, network.parameters);
  network.initialize(random);
  const x = randomMatrix(counting, 4, 5, random);
  const y = randomizeTargets(counting.matrix(4, 3), random);
  expect(made).toBeGreaterThan(0);
  made = 0;
  const outputs = network.forward(x);
  const value = network.loss(y);
  network.backward();
  network.penalty();
  sgd.step(0.1);
  expect(made).toBe(0);
  // The results stay the matrices that they are.
  expect(network.forward(x)).toBe(outputs);
  expect(network.loss(y)).toBe(value);
});

describe('Sgd', () => {
  test('a step is w − α ∂L/∂w, for every parameter, and leaves the gradients (X12)', () => {
    const random = new Random(3, 'sgd');
    const { parameters } = new Network(kernels, perceptron({ inputs: 3, hidden: [4], classes: 2 }), 1);
    const before = parameters.map(({ value, gradient }) => {
      randomize(value, random);
      randomize(gradient, random);
      return { w: [...value.values], g: [...gradient.values] };
    });
    new Sgd(kernels, parameters).step(0.25);
    for (const [i, { w, g }] of before.entries()) {
      expect([...parameters[i].value.values]).toEqual(w.map((v, k) => v - 0.25 * g[k]));
      expect([...parameters[i].gradient.values]).toEqual(g);
    }
  });

  test.each([-0.1, Number.NaN, Infinity])('refuses the learning rate %d', (rate) => {
    expect(() => new Sgd(kernels, []).step(rate)).toThrow(
      refused(`Sgd: expected a learning rate of 0 or more, got ${rate}`),
    );
  });
});

test('L2 adds to the gradient, and with λ = 0 nothing', () => {
  const { parameters } = new Network(kernels, spec(2, [dense(2, 1)]), 1);
  for (const { value, gradient } of parameters) {
    kernels.fill(value, 3);
    kernels.fill(gradient, 1);
  }
  new L2(kernels, 0, parameters).backward();
  expect(nested(parameters[0].gradient)).toEqual([[1], [1]]);
  const l2 = new L2(kernels, 0.5, parameters);
  l2.backward();
  expect(nested(parameters[0].gradient)).toEqual([[2.5], [2.5]]);
  expect(nested(parameters[1].gradient)).toEqual([[1]]);
  expect([l2.forward().values[0], l2.forward().values[0]]).toEqual([4.5, 4.5]);
});
