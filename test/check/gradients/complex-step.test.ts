/** The complex step: derivatives known in closed form, one-sided ones at corners, and what it leaves behind. */

import { describe, expect, test } from 'vitest';
import {
  COMPLEX_STEP,
  complexDerivative,
  weightedComplexDerivative,
} from '../../../src/check/gradients/complex-step.ts';
import { relativeError } from '../../../src/check/gradients/derivative.ts';
import { ComplexKernels, type ComplexMatrix } from '../../../src/kernels/complex.ts';
import type { Matrix } from '../../../src/kernels/matrix.ts';

const POINTS = [0.3, -1.7, 2.5, 1e-3, -0.04, 0];

/** A row of numbers on kernels of its own. */
function row(values: readonly number[]): { kernels: ComplexKernels; x: ComplexMatrix } {
  const kernels = new ComplexKernels();
  const x = kernels.matrix(1, values.length);
  kernels.write(x, values);
  return { kernels, x };
}

/** Σ φ(xₖ)² / 2: its derivative is φ φ′. */
function halfSquares(kernels: ComplexKernels, x: Matrix, f: 'sigmoid' | 'tanh' | 'relu'): () => Matrix {
  const [out, sum] = [kernels.matrix(x.rows, x.cols), kernels.matrix(1, 1)];
  return () => {
    kernels.activation(f, x, out);
    kernels.fill(sum, 0);
    kernels.addSumOfSquares(out, 0.5, sum);
    return sum;
  };
}

/** first + factor · second, a matrix of its own. */
function sumOf(kernels: ComplexKernels, first: Matrix, factor: number, second: Matrix): Matrix {
  const sum = kernels.matrix(first.rows, first.cols);
  kernels.addScaled(first, 1, sum);
  kernels.addScaled(second, factor, sum);
  return sum;
}

function relu(kernels: ComplexKernels, z: Matrix): Matrix {
  const x = kernels.matrix(z.rows, z.cols);
  kernels.activation('relu', z, x);
  return x;
}

describe('derivatives', () => {
  test('of Σ x² are 2x, to the bit', () => {
    const { kernels, x } = row(POINTS);
    const sum = kernels.matrix(1, 1);
    const { values, kinks } = complexDerivative(kernels, x, () => {
      kernels.fill(sum, 0);
      kernels.addSumOfSquares(x, 1, sum);
      return sum;
    });
    expect([...values]).toEqual(POINTS.map((v) => 2 * v));
    expect(kinks.size).toBe(0);
  });

  test.each([
    ['sigmoid', (v: number) => Math.exp(-v) / (1 + Math.exp(-v)) ** 3],
    ['tanh', (v: number) => Math.tanh(v) / Math.cosh(v) ** 2],
  ] as const)('of Σ %s² / 2 are φ φ′, within 1e-15', (f, expected) => {
    const { kernels, x } = row(POINTS);
    const { values, kinks } = complexDerivative(kernels, x, halfSquares(kernels, x, f));
    expect(relativeError(values, POINTS.map(expected))).toBeLessThan(1e-15);
    expect(kinks.size).toBe(0);
  });

  test('of the cross-entropy of a softmax are p − y, even where they are tiny', () => {
    const { kernels, x } = row([0, 60, 1]);
    const [y, p, losses] = [kernels.matrix(1, 3), kernels.matrix(1, 3), kernels.matrix(1, 1)];
    kernels.write(y, [0, 1, 0]);
    const { values } = complexDerivative(kernels, x, () => {
      kernels.loss('softmax-cross-entropy', x, y, p, losses);
      return losses;
    });
    const others = [Math.exp(-60), Math.exp(-59)];
    const expected = [others[0], -others[0] - others[1], others[1]];
    expected.forEach((value, k) => {
      expect(Math.abs(values[k] / value - 1)).toBeLessThan(1e-14);
    });
  });

  test('are row-major, of the rows in use alone', () => {
    const kernels = new ComplexKernels();
    const x = kernels.matrix(3, 2);
    kernels.write(x, [1, 2, 3, 4, 5, 6]);
    x.rows = 2;
    const { values } = complexDerivative(kernels, x, halfSquares(kernels, x, 'relu'));
    expect([...values]).toEqual([1, 2, 3, 4]);
  });

  test('of a weighted sum of entries', () => {
    const { kernels, x } = row([0.5, -2, 3]);
    const { values, kinks } = weightedComplexDerivative(
      kernels,
      x,
      () => sumOf(kernels, relu(kernels, x), 0.25, x),
      [10, 100, -2],
    );
    expect([...values]).toEqual([12.5, 25, -2.5]);
    expect(kinks.size).toBe(0);
  });

  test('the step is a power of two whose square is below every rounding error', () => {
    expect(Number.isInteger(Math.log2(COMPLEX_STEP))).toBe(true);
    expect(1 + COMPLEX_STEP ** 2).toBe(1);
  });
});

describe('at corners', () => {
  test.each([0, -0])('of relu at %d: the slopes 0 and 1, and only of the entry there', (zero) => {
    const { kernels, x } = row([1.5, zero, -2]);
    const derivative = weightedComplexDerivative(kernels, x, () => relu(kernels, x), [1, 1, 1]);
    expect([...derivative.kinks]).toEqual([[1, [0, 1]]]);
    expect([derivative.values[0], derivative.values[2]]).toEqual([1, 0]);
  });

  test('the lower slope comes first, whichever side it is on', () => {
    const { kernels, x } = row([0]);
    // −3 relu(x) falls to the right: slopes 0 and −3.
    const { kinks } = weightedComplexDerivative(kernels, x, () => relu(kernels, x), [-3]);
    expect(kinks.get(0)).toEqual([-3, 0]);
    // |x| = relu(x) + relu(−x).
    const absolute = () =>
      sumOf(kernels, relu(kernels, x), 1, relu(kernels, sumOf(kernels, kernels.matrix(1, 1), -1, x)));
    expect(complexDerivative(kernels, x, absolute).kinks.get(0)).toEqual([-1, 1]);
  });

  test('where the slopes on both sides are the same there is none, and the derivative is theirs', () => {
    const { kernels, x } = row([0]);
    // x = relu(x) − relu(−x): each has a corner at 0, where by its value alone each has slope 0.
    const straight = () =>
      sumOf(kernels, relu(kernels, x), -1, relu(kernels, sumOf(kernels, kernels.matrix(1, 1), -1, x)));
    const { values, kinks } = complexDerivative(kernels, x, straight);
    expect([...values]).toEqual([1]);
    expect(kinks.size).toBe(0);
  });

  test('relu(x)² is flat at 0 from both sides', () => {
    const { kernels, x } = row([0, 2]);
    const { values, kinks } = complexDerivative(kernels, x, halfSquares(kernels, x, 'relu'));
    expect([...values]).toEqual([0, 2]);
    expect(kinks.size).toBe(0);
  });

  test('a corner that the entry does not move is none of it', () => {
    const { kernels, x } = row([0.75, 0.5]);
    const zero = kernels.matrix(1, 2);
    const { values, kinks } = weightedComplexDerivative(
      kernels,
      x,
      () => sumOf(kernels, relu(kernels, x), 1, relu(kernels, zero)),
      [1, 1],
    );
    expect([...values]).toEqual([1, 1]);
    expect(kinks.size).toBe(0);
  });

  test('of the hinge', () => {
    const { kernels, x } = row([2, 1, 1.5]);
    const [y, losses] = [kernels.matrix(1, 3), kernels.matrix(1, 1)];
    kernels.write(y, [1, 0, 0]);
    const { values, kinks } = complexDerivative(kernels, x, () => {
      kernels.loss('svm', x, y, losses, losses);
      return losses;
    });
    expect(values[2]).toBe(1);
    expect([...kinks]).toEqual([
      [0, [-2, -1]],
      [1, [0, 1]],
    ]);
  });
});

describe('afterwards', () => {
  test('the values are what they were, the imaginary parts are 0, and comparisons go by the value again', () => {
    const { kernels, x } = row([1.5, 0, -2]);
    complexDerivative(kernels, x, halfSquares(kernels, x, 'relu'));
    weightedComplexDerivative(kernels, x, () => relu(kernels, x), [1, 2, 3]);
    expect([...x.values]).toEqual([1.5, 0, -2]);
    expect([...x.imaginary]).toEqual([0, 0, 0]);
    expect(kernels.side).toBe(0);
  });

  test('each evaluation sees the step at one entry, and at no other', () => {
    const { kernels, x } = row([1, 2, 3]);
    const seen: number[][] = [];
    weightedComplexDerivative(
      kernels,
      x,
      () => {
        seen.push([...x.imaginary]);
        return x;
      },
      [1, 1, 1],
    );
    const h = COMPLEX_STEP;
    expect(seen).toEqual([
      [h, 0, 0],
      [0, h, 0],
      [0, 0, h],
    ]);
  });
});
