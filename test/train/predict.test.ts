/** Predictions against figures worked out by hand. */

import { describe, expect, test } from 'vitest';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import type { LossName } from '../../src/network/losses.ts';
import { Network, perceptron } from '../../src/network/network.ts';
import { allOf } from '../../src/train/batches.ts';
import { predict } from '../../src/train/predict.ts';
import { samplesOf } from './runs.ts';

const kernels = new ReferenceKernels('float64');

/** A classifier whose scores are its inputs. */
function passThrough(loss: LossName, batchSize: number): Network {
  const spec = perceptron({ inputs: 2, hidden: [], classes: 2, loss, outputActivation: 'identity' });
  const network = new Network(kernels, spec, batchSize);
  network.parameters[0].value.values.set([1, 0, 0, 1]);
  return network;
}

const rows = [
  [2, 0],
  [0, 3],
  [1, 1],
];
const samples = { ...samplesOf(rows, [1, 1, 1]), classes: 2 };
const run = (loss: LossName, batchSize: number) => [
  ...predict(kernels, passThrough(loss, batchSize), allOf(samples)),
];

describe.each([1, 2, 3, 5])('in batches of %i', (batchSize) => {
  test('softmax cross-entropy gives the softmax of the scores', () => {
    const predictions = run('softmax-cross-entropy', batchSize);
    // Of equals the first.
    expect(predictions.map((prediction) => prediction.class)).toEqual([0, 1, 0]);
    for (const [n, { outputs, probabilities }] of predictions.entries()) {
      expect(outputs).toEqual(rows[n]);
      const p = 1 / (1 + Math.exp(rows[n][1] - rows[n][0]));
      expect(probabilities?.[0]).toBeCloseTo(p, 12);
      expect(probabilities?.[1]).toBeCloseTo(1 - p, 12);
    }
  });

  test('sigmoid cross-entropy gives the sigmoid of each score', () => {
    for (const [n, { probabilities }] of run('sigmoid-cross-entropy', batchSize).entries()) {
      for (const k of [0, 1]) expect(probabilities?.[k]).toBeCloseTo(1 / (1 + Math.exp(-rows[n][k])), 12);
    }
  });

  test.each(['svm', 'squared-error'] as const)('%s gives outputs alone', (loss) => {
    for (const [n, prediction] of run(loss, batchSize).entries()) {
      expect(prediction).toEqual({ class: [0, 1, 0][n], outputs: rows[n] });
    }
  });
});
