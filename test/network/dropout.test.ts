/** Dropout as a layer: with a mask, without one, and its place in a network. */

import { expect, test } from 'vitest';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { Dropout } from '../../src/network/dropout.ts';
import { Network, perceptron } from '../../src/network/network.ts';
import { randomMatrix } from '../support/matrices.ts';

const kernels = new ReferenceKernels('float64');

test('forward and backward have one mask, until the next is drawn', () => {
  const layer = new Dropout(kernels, 50, 4, 0.4);
  const random = new Random(1, 'dropout');
  const ones = kernels.matrix(4, 50);
  kernels.fill(ones, 1);
  const masks = [1, 2].map(() => {
    layer.draw(random);
    const forward = [...kernels.read(layer.forward(ones))];
    expect([...kernels.read(layer.forward(ones))]).toEqual(forward);
    expect([...kernels.read(layer.backward(ones))]).toEqual(forward);
    expect(new Set(forward)).toEqual(new Set([0, 1 / 0.6]));
    return forward;
  });
  expect(masks[0]).not.toEqual(masks[1]);
});

test('without a mask, at first and once it is cleared, it hands on what it is given', () => {
  const layer = new Dropout(kernels, 3, 2, 0.5);
  const x = randomMatrix(kernels, 2, 3, new Random(1, 'x'));
  expect(layer.forward(x)).toBe(x);
  expect(layer.backward(x)).toBe(x);
  layer.draw(new Random(1, 'dropout'));
  expect(layer.forward(x)).not.toBe(x);
  layer.clear();
  expect(layer.forward(x)).toBe(x);
  expect(layer.backward(x)).toBe(x);
});

test('a rate that is none is refused, and columns that do not fit', () => {
  expect(() => new Dropout(kernels, 3, 2, 1)).toThrow('Dropout: expected a dropout rate from 0 up to');
  expect(() => new Dropout(kernels, 0, 2, 0.5)).toThrow(
    'Dropout: expected a positive whole number of units, got 0',
  );
  const layer = new Dropout(kernels, 3, 2, 0.5);
  expect(() => layer.forward(kernels.matrix(2, 4))).toThrow('Dropout: expected 3 input columns, got 4');
});

test('stands behind every hidden activation of a network, not behind the output', () => {
  const of = (loss: 'squared-error' | 'svm', hidden: number[], dropout: number) =>
    new Network(kernels, perceptron({ inputs: 4, hidden, classes: 3, loss }), 2, { dropout }).layers.map(
      (layer) => layer.constructor.name,
    );
  expect(of('svm', [5, 6], 0.5)).toEqual([
    'Dense',
    'Activation',
    'Dropout',
    'Dense',
    'Activation',
    'Dropout',
    'Dense',
  ]);
  expect(of('squared-error', [5], 0.5)).toEqual(['Dense', 'Activation', 'Dropout', 'Dense', 'Activation']);
  expect(of('svm', [], 0.5)).toEqual(['Dense']);
  expect(of('svm', [5], 0)).toEqual(['Dense', 'Activation', 'Dense']);
});

test('does not change the initial weights, nor what the spec says', () => {
  const spec = perceptron({ inputs: 4, hidden: [5, 6], classes: 3 });
  const [with_, without] = [{ dropout: 0.5 }, {}].map((terms) => {
    const network = new Network(kernels, spec, 2, terms);
    network.initialize(new Random(3, 'weights'));
    return network;
  });
  expect(with_.tensors()).toEqual(without.tensors());
  expect(with_.spec).toBe(spec);
});
