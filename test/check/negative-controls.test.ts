/** Wrong gradients, each rejected by the same check that its unbroken original passes. */

import { describe, expect, test } from 'vitest';
import { checkLayer, checkLoss, checkNetwork, type GradientCheck } from '../../src/check/gradient-check.ts';
import { drawAwayFromKinks, reluKinkDistance, svmKinkDistance } from '../../src/check/kinks.ts';
import type { Matrix } from '../../src/kernels/matrix.ts';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { Dense } from '../../src/network/dense.ts';
import type { Layer } from '../../src/network/layer.ts';
import { LOSS_NAMES, LOSSES, Svm } from '../../src/network/losses.ts';
import { Network, perceptron } from '../../src/network/network.ts';
import * as broken from '../support/broken-layers.ts';
import { randomize, randomizeTargets, randomMatrix } from '../support/matrices.ts';

const kernels = new ReferenceKernels('float64');
const ROWS = 3;

const failed = (results: GradientCheck[]) => results.filter(({ passed }) => !passed);

/** What failed, without the name of what was checked. */
const failures = (results: GradientCheck[]) => failed(results).map(({ name }) => name.replace('it ', ''));

/** A wrong gradient is not off by a little: far past the tolerance, not on its edge. */
function expectRejected(results: GradientCheck[], fails: readonly string[]): void {
  expect(failures(results)).toEqual(fails);
  for (const { name, maxRelativeError } of failed(results))
    expect(maxRelativeError, name).toBeGreaterThan(1e-2);
}

describe('a Dense layer with', () => {
  const mistakes = [
    { mistake: 'W untransposed in E1 (slip-A3)', Wrong: broken.UntransposedW, fails: ['dx'] },
    { mistake: 'Xᵀδ transposed in E2', Wrong: broken.TransposedDw, fails: ['dW1'] },
    { mistake: 'the mean for the sum in db', Wrong: broken.MeanDb, fails: ['db1'] },
    { mistake: 'no sum in db', Wrong: broken.UnsummedDb, fails: ['db1'] },
    { mistake: 'db = 1 (slip-D2)', Wrong: broken.OneDb, fails: ['db1'] },
    { mistake: 'the sign flipped', Wrong: broken.FlippedDense, fails: ['dx', 'dW1', 'db1'] },
    {
      mistake: 'gradients accumulated',
      Wrong: broken.AccumulatingDense,
      fails: ['dW1 overwritten', 'db1 overwritten', 'dW1', 'db1'],
    },
    { mistake: 'dW of the batch before', Wrong: broken.StaleDense, fails: ['dW1 overwritten', 'dW1'] },
    { mistake: 'δ written to', Wrong: broken.DeltaOverwritingDense, fails: ['delta unchanged'] },
    { mistake: 'x written to', Wrong: broken.InputOverwritingDense, fails: ['x unchanged'] },
    { mistake: 'a step of its own', Wrong: broken.SteppingDense, fails: ['W1 unchanged'] },
  ];

  const check = (layer: Dense, seed: number) => {
    const random = new Random(seed, 'dense');
    randomize(layer.w, random);
    randomize(layer.b, random);
    return checkLayer(kernels, layer, randomMatrix(kernels, ROWS, 4, random), { random, name: 'it' });
  };

  test.each(mistakes)('$mistake is rejected', ({ Wrong, fails }) => {
    for (const seed of [1, 2]) {
      expectRejected(check(new Wrong(kernels, 4, 4, { batchSize: ROWS }), seed), fails);
      expect(failures(check(new Dense(kernels, 4, 4, { batchSize: ROWS }), seed))).toEqual([]);
    }
  });
});

test.each(broken.BROKEN_ACTIVATIONS)('$mistake is rejected', ({ Right, Wrong, fails }) => {
  const check = (layer: Layer) => {
    const random = new Random(5, 'activation');
    const z = kernels.matrix(ROWS, 5);
    drawAwayFromKinks(
      () => randomize(z, random, -2, 2),
      () => reluKinkDistance(z),
    );
    return checkLayer(kernels, layer, z, { random, name: 'it' });
  };
  expect(failures(check(new Right(kernels, 5, ROWS)))).toEqual([]);
  expectRejected(check(new Wrong(kernels, 5, ROWS)), [fails]);
});

describe.each(LOSS_NAMES)('%s with', (name) => {
  const check = (factor: (rows: number, classes: number) => number) => {
    const random = new Random(6, name);
    const x = kernels.matrix(ROWS, 4);
    const y = randomizeTargets(kernels.matrix(ROWS, 4), random);
    drawAwayFromKinks(
      () => randomize(x, random, -2, 2),
      () => svmKinkDistance(x, y),
    );
    const loss = broken.scaledLoss(new LOSSES[name](kernels, 4, ROWS), factor);
    return checkLoss(kernels, loss, x, y, { random, name: 'it' });
  };

  test.each([
    ['no 1/B', (rows: number) => rows],
    ['1/B twice', (rows: number) => 1 / rows],
    ['1/(B·C)', (_: number, classes: number) => 1 / classes],
    ['the sign flipped', () => -1],
    ['a factor of 2', () => 2],
  ])('%s is rejected', (_, factor) => {
    expectRejected(check(factor), ['dx']);
    expect(failures(check(() => 1))).toEqual([]);
  });
});

test('an SVM that leaves out the column of the class itself is rejected (E5)', () => {
  class OneSided extends Svm {
    protected override gradient(s: Matrix, y: Matrix, scale: number): void {
      super.gradient(s, y, scale);
      for (let k = 0; k < y.values.length; k++) if (y.values[k] === 1) this.delta.values[k] = 0;
    }
  }
  const random = new Random(7, 'svm');
  const x = kernels.matrix(ROWS, 4);
  const y = randomizeTargets(kernels.matrix(ROWS, 4), random);
  drawAwayFromKinks(
    () => randomize(x, random),
    () => svmKinkDistance(x, y),
  );
  expectRejected(checkLoss(kernels, new OneSided(kernels, 4, ROWS), x, y, { name: 'it' }), ['dx']);
  expect(failures(checkLoss(kernels, new Svm(kernels, 4, ROWS), x, y, { name: 'it' }))).toEqual([]);
});

describe('a network with', () => {
  const make = () => {
    const random = new Random(8, 'network');
    const spec = perceptron({ inputs: 5, hidden: [4], classes: 3, activation: 'tanh', l2: 0.3 });
    const network = new Network(kernels, spec, ROWS);
    for (const { value } of network.parameters) randomize(value, random);
    const x = randomMatrix(kernels, ROWS, 5, random);
    const y = randomizeTargets(kernels.matrix(ROWS, 3), random);
    return { network, x, y };
  };
  const check = (onWeights: number, onBiases: number) => {
    const { network, x, y } = make();
    return checkNetwork(kernels, broken.decayed(network, onWeights, onBiases), x, y, { name: 'it' });
  };

  test.each([
    ['λW missing', -1, 0, ['dW1', 'dW2']],
    ['λW doubled', 1, 0, ['dW1', 'dW2']],
    ['λ on the biases too', 0, 1, ['db1', 'db2']],
  ])('%s is rejected (C4)', (_, onWeights, onBiases, fails) => {
    expectRejected(check(onWeights, onBiases), fails);
    expect(failures(check(0, 0))).toEqual([]);
  });

  test('no φ′ in the hidden layer is rejected in what lies below it (D5)', () => {
    const { network, x, y } = make();
    const { Wrong } = broken.BROKEN_ACTIVATIONS.find(({ mistake }) => mistake === 'tanh without φ′') ?? {};
    (network.layers as Layer[])[1] = new (Wrong as NonNullable<typeof Wrong>)(kernels, 4, ROWS);
    expectRejected(checkNetwork(kernels, network, x, y, { name: 'it' }), ['dW1', 'db1']);
  });
});

test('one wrong entry among many is rejected', () => {
  class OneWrong extends Dense {
    override backward(delta: Matrix): Matrix | undefined {
      const dx = super.backward(delta);
      this.dw.values[7] *= 1.001;
      return dx;
    }
  }
  const random = new Random(9, 'one');
  const layer = new OneWrong(kernels, 6, 5, { batchSize: ROWS });
  randomize(layer.w, random);
  const results = checkLayer(kernels, layer, randomMatrix(kernels, ROWS, 6, random), { name: 'it' });
  expect(failures(results)).toEqual(['dW1']);
});
