/** Accuracy, loss and confusion against figures worked out by hand. */

import { describe, expect, test } from 'vitest';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { Network, perceptron } from '../../src/network/network.ts';
import { allOf } from '../../src/train/batches.ts';
import { classMetrics, evaluate } from '../../src/train/evaluate.ts';
import { samplesOf } from './runs.ts';

const kernels = new ReferenceKernels('float64');

/** A classifier whose scores are its inputs. */
function passThrough(batchSize: number, l2 = 0): Network {
  const network = new Network(kernels, perceptron({ inputs: 3, hidden: [], classes: 3, l2 }), batchSize);
  network.parameters[0].value.values.set([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  return network;
}

// Predicted: 0, 1, 2, 1, 0 (of equals the first); true: 0, 1, 1, 2, 0.
const samples = samplesOf(
  [
    [2, 0, 0],
    [0, 3, 1],
    [0, 1, 4],
    [0, 2, 1],
    [1, 1, 1],
  ],
  [0, 1, 1, 2, 0],
);
const losses = [
  Math.log(Math.exp(2) + 2) - 2,
  Math.log(1 + Math.exp(3) + Math.exp(1)) - 3,
  Math.log(1 + Math.exp(1) + Math.exp(4)) - 1,
  Math.log(1 + Math.exp(2) + Math.exp(1)) - 1,
  Math.log(3),
];

describe('evaluate', () => {
  // 2 leaves a last batch of one row, 5 is one batch, 9 is more than there is.
  test.each([1, 2, 5, 9])('in batches of %i', (batchSize) => {
    const result = evaluate(kernels, passThrough(batchSize), allOf(samples));
    expect(result).toMatchObject({ samples: 5, correct: 3, accuracy: 0.6 });
    expect(result.loss).toBeCloseTo(losses.reduce((a, b) => a + b) / 5, 14);
    // Rows are true classes, columns predictions.
    expect(result.confusion).toEqual([
      [2, 0, 0],
      [0, 1, 1],
      [0, 1, 0],
    ]);
  });

  test('looks at the rows of the subset alone', () => {
    const result = evaluate(kernels, passThrough(2), { samples, rows: Uint32Array.of(4, 2, 1) });
    expect(result).toMatchObject({ samples: 3, correct: 2 });
    expect(result.loss).toBeCloseTo((losses[4] + losses[2] + losses[1]) / 3, 14);
    expect(result.confusion).toEqual([
      [1, 0, 0],
      [0, 1, 1],
      [0, 0, 0],
    ]);
  });

  test('leaves the L2 term out of the loss', () => {
    const plain = evaluate(kernels, passThrough(5), allOf(samples));
    expect(evaluate(kernels, passThrough(5, 10), allOf(samples)).loss).toBe(plain.loss);
  });

  test('changes no weight', () => {
    const network = passThrough(2);
    const before = [...network.parameters[0].value.values];
    evaluate(kernels, network, allOf(samples));
    expect([...network.parameters[0].value.values]).toEqual(before);
  });
});

describe('classMetrics', () => {
  test('of a matrix by hand', () => {
    const metrics = classMetrics(
      [
        [4, 1, 0],
        [2, 6, 2],
        [0, 1, 4],
      ],
      ['a', 'b', 'c'],
    );
    expect(metrics.map((m) => [m.class, m.support])).toEqual([
      ['a', 5],
      ['b', 10],
      ['c', 5],
    ]);
    const [a, b, c] = metrics;
    expect([a.precision, a.recall]).toEqual([4 / 6, 4 / 5]);
    expect([b.precision, b.recall]).toEqual([6 / 8, 6 / 10]);
    expect([c.precision, c.recall]).toEqual([4 / 6, 4 / 5]);
    for (const m of metrics)
      expect(m.f1).toBeCloseTo((2 * m.precision * m.recall) / (m.precision + m.recall), 14);
  });

  test('of classes that do not occur, or are never predicted', () => {
    const metrics = classMetrics(
      [
        [3, 0, 0],
        [2, 0, 0],
        [0, 0, 0],
      ],
      ['a', 'never predicted', 'neither'],
    );
    expect(metrics[0]).toMatchObject({ precision: 0.6, recall: 1, support: 3 });
    expect(metrics[1]).toEqual({ class: 'never predicted', precision: 0, recall: 0, f1: 0, support: 2 });
    expect(metrics[2]).toEqual({ class: 'neither', precision: 0, recall: 0, f1: 0, support: 0 });
  });
});
