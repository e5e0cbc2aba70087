/** Dense: what it computes, in hand-checked numbers, and what it refuses. */

import { describe, expect, test } from 'vitest';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { ACTIVATION_NAMES, Activation } from '../../src/network/activations.ts';
import { Dense } from '../../src/network/dense.ts';
import { titleOf } from '../../src/network/layer.ts';
import { LOSS_NAMES, MeanLoss } from '../../src/network/losses.ts';
import { matrixOf, nested } from '../support/matrices.ts';

const kernels = new ReferenceKernels();
const refused = (message: string) => new RangeError(message);

test('Z = XW + b, dW = Xᵀδ, db = Σδ, dX = δWᵀ in numbers (E1, E2)', () => {
  const layer = new Dense(kernels, 2, 3, { batchSize: 2 });
  layer.w.values.set([1, 2, 3, 4, 5, 6]);
  layer.b.values.set([10, 20, 30]);
  const z = layer.forward(
    matrixOf(kernels, [
      [1, 0],
      [2, -1],
    ]),
  );
  expect(nested(z)).toEqual([
    [11, 22, 33],
    [8, 19, 30],
  ]);
  const dx = layer.backward(
    matrixOf(kernels, [
      [1, 0, 2],
      [0, 1, -1],
    ]),
  );
  expect(nested(layer.dw)).toEqual([
    [1, 2, 0],
    [0, -1, 1],
  ]);
  expect(nested(layer.db)).toEqual([[1, 1, 1]]);
  expect(dx && nested(dx)).toEqual([
    [7, 16],
    [-1, -1],
  ]);
});

test('its parameters carry its number; weights decay, biases do not', () => {
  const [w, b] = new Dense(kernels, 4, 3, { batchSize: 1, number: 7 }).parameters;
  expect([w.name, w.isWeight, w.value.rows, w.value.cols]).toEqual(['W7', true, 4, 3]);
  expect([b.name, b.isWeight, b.value.rows, b.value.cols]).toEqual(['b7', false, 1, 3]);
  expect([w.gradient.rows, w.gradient.cols, b.gradient.rows, b.gradient.cols]).toEqual([4, 3, 1, 3]);
  expect(new Dense(kernels, 1, 1, { batchSize: 1 }).parameters.map(({ name }) => name)).toEqual(['W1', 'b1']);
});

test('without the input gradient backward gives none, and the others as ever', () => {
  const layer = new Dense(kernels, 1, 1, { batchSize: 1, inputGradient: false });
  layer.forward(matrixOf(kernels, [[3]]));
  expect(layer.backward(matrixOf(kernels, [[2]]))).toBeUndefined();
  expect([layer.dw.values[0], layer.db.values[0]]).toEqual([6, 2]);
});

describe('refused', () => {
  test.each([
    [0, 1, 1, 'inputs', 0],
    [1.5, 1, 1, 'inputs', 1.5],
    [1, -2, 1, 'outputs', -2],
    [1, Number.NaN, 1, 'outputs', Number.NaN],
    [1, 1, 0, 'rows in a batch', 0],
  ])('sizes %d → %d, batch of %d', (inputs, outputs, batchSize, what, got) => {
    expect(() => new Dense(kernels, inputs, outputs, { batchSize })).toThrow(
      refused(`Dense: expected a positive whole number of ${what}, got ${got}`),
    );
  });

  test('inputs and deltas of other widths', () => {
    const layer = new Dense(kernels, 784, 10, { batchSize: 2 });
    expect(() => layer.forward(kernels.matrix(2, 780))).toThrow(
      refused('Dense: expected 784 input columns, got 780'),
    );
    layer.forward(kernels.matrix(2, 784));
    expect(() => layer.backward(kernels.matrix(2, 9))).toThrow(
      refused('Dense: expected 10 delta columns, got 9'),
    );
  });

  test('backward before forward, or with another number of rows', () => {
    const layer = new Dense(kernels, 2, 3, { batchSize: 4 });
    expect(() => layer.backward(kernels.matrix(1, 3))).toThrow(
      refused('Dense: expected forward before backward'),
    );
    layer.forward(kernels.matrix(4, 2));
    expect(() => layer.backward(kernels.matrix(3, 3))).toThrow(
      refused('Dense: expected delta of 4 rows, as in forward, got 3'),
    );
  });

  test('a batch larger than the layer was made for', () => {
    expect(() => new Dense(kernels, 2, 3, { batchSize: 4 }).forward(kernels.matrix(5, 2))).toThrow(
      refused('kernels: expected at most 4 rows, got 5'),
    );
  });

  test.each(ACTIVATION_NAMES)('by %s: another width, backward before forward', (name) => {
    const title = titleOf(name);
    const layer = new Activation(kernels, name, 3, 2);
    expect(() => layer.backward(kernels.matrix(2, 3))).toThrow(
      refused(`${title}: expected forward before backward`),
    );
    expect(() => layer.forward(kernels.matrix(2, 4))).toThrow(
      refused(`${title}: expected 3 input columns, got 4`),
    );
    layer.forward(kernels.matrix(2, 3));
    expect(() => layer.backward(kernels.matrix(2, 2))).toThrow(
      refused(`${title}: expected 3 delta columns, got 2`),
    );
    expect(() => layer.backward(kernels.matrix(1, 3))).toThrow(
      refused(`${title}: expected delta of 2 rows, as in forward, got 1`),
    );
    expect(() => new Activation(kernels, name, 0, 2)).toThrow(
      refused(`${title}: expected a positive whole number of units, got 0`),
    );
  });

  test.each(LOSS_NAMES)('by %s: other classes, rows that differ, backward before forward', (name) => {
    const title = titleOf(name);
    const loss = new MeanLoss(kernels, name, 3, 2);
    const [x, y] = [kernels.matrix(2, 3), kernels.matrix(2, 3)];
    expect(() => loss.backward()).toThrow(refused(`${title}: expected forward before backward`));
    expect(() => loss.forward(kernels.matrix(2, 4), y)).toThrow(
      refused(`${title}: expected 3 input columns, got 4`),
    );
    expect(() => loss.forward(x, kernels.matrix(2, 2))).toThrow(
      refused(`${title}: expected 3 target columns, got 2`),
    );
    expect(() => loss.forward(x, kernels.matrix(1, 3))).toThrow(
      refused(`${title}: expected 2 rows of targets, got 1`),
    );
    expect(() => new MeanLoss(kernels, name, 3, 0)).toThrow(
      refused(`${title}: expected a positive whole number of rows in a batch, got 0`),
    );
  });
});
