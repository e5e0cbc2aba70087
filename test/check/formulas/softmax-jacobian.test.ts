/** The softmax Jacobian and the way through it, beside the production loss. */

import { describe, expect, test } from 'vitest';
import { softmaxJacobian, throughJacobians } from '../../../src/check/formulas/softmax-jacobian.ts';
import { relativeError } from '../../../src/check/gradients/derivative.ts';
import type { Matrix } from '../../../src/kernels/matrix.ts';
import { Random } from '../../../src/kernels/random.ts';
import { ReferenceKernels } from '../../../src/kernels/reference.ts';
import { MeanLoss } from '../../../src/network/losses.ts';

const kernels = new ReferenceKernels('float64');
const [N, C] = [7, 5];

/** A matrix with these entries. */
function matrixOf(rows: number, cols: number, entry: (i: number, j: number) => number): Matrix {
  const matrix = kernels.matrix(rows, cols);
  kernels.write(
    matrix,
    Array.from({ length: rows * cols }, (_, k) => entry(Math.floor(k / cols), k % cols)),
  );
  return matrix;
}

function drawnLoss(seed: number) {
  const random = new Random(seed, 'softmax Jacobian');
  const s = matrixOf(N, C, () => random.uniform(-3, 3));
  const labels = Array.from({ length: N }, () => random.below(C));
  const y = matrixOf(N, C, (i, j) => (labels[i] === j ? 1 : 0));
  const loss = new MeanLoss(kernels, 'softmax-cross-entropy', C, N);
  loss.forward(s, y);
  return { loss, s, y };
}

describe('softmaxJacobian (B4)', () => {
  test('is pᵢ(1 − pᵢ) on the diagonal and −pᵢpⱼ beside it', () => {
    expect(Array.from(softmaxJacobian([0.5, 0.25, 0.25]))).toEqual([
      0.25, -0.125, -0.125, -0.125, 0.1875, -0.0625, -0.125, -0.0625, 0.1875,
    ]);
  });

  test('is what the production softmax does when a score moves', () => {
    const { loss, s, y } = drawnLoss(1);
    const step = 2 ** -14;
    const at = (j: number, change: number): number[] => {
      const moved = matrixOf(N, C, (i, k) => s.values[i * C + k] + (i === 0 && k === j ? change : 0));
      loss.forward(moved, y);
      return Array.from((loss.probabilities as Matrix).values.subarray(0, C));
    };
    const p = at(0, 0);
    const numeric = new Float64Array(C * C);
    for (let j = 0; j < C; j++) {
      const [above, below] = [at(j, step), at(j, -step)];
      for (let i = 0; i < C; i++) numeric[i * C + j] = (above[i] - below[i]) / (2 * step);
    }
    expect(relativeError(softmaxJacobian(p), numeric)).toBeLessThan(1e-8);
  });
});

describe('throughJacobians (C7)', () => {
  test.each([1, 2, 3])('gives the production gradient (P − Y)/N, draw %i', (seed) => {
    const { loss, y } = drawnLoss(seed);
    const longWay = throughJacobians((loss.probabilities as Matrix).values, y.values, N);
    expect(relativeError(longWay, loss.backward().values)).toBeLessThan(1e-14);
    expect(
      relativeError(
        throughJacobians((loss.probabilities as Matrix).values, y.values, N),
        (loss.probabilities as Matrix).values,
      ),
    ).toBeGreaterThan(0.1);
  });

  test('refuses entries that are not n rows, and probabilities that it cannot divide by', () => {
    expect(() => throughJacobians([0.5, 0.5, 1], [1, 0, 1], 2)).toThrow(
      'throughJacobians: expected 2 rows of as many probabilities as targets, got 3 and 3 entries',
    );
    expect(() => throughJacobians([0.5, 0.5], [1], 1)).toThrow('got 2 and 1 entries');
    expect(() => throughJacobians([0.5, 0.5, 1, 0], [1, 0, 1, 0], 2)).toThrow(
      'throughJacobians: expected probabilities above 0, got 0 in row 1',
    );
  });
});
