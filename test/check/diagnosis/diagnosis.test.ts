/** A wrong layer or loss of each usual kind is diagnosed by name, a right one passes, and chance is given no name. */

import { describe, expect, test } from 'vitest';
import { type DiagnosisContext, diagnoseGradient } from '../../../src/check/diagnosis/diagnosis.ts';
import { Random } from '../../../src/kernels/random.ts';
import {
  activation,
  affine,
  classifier,
  crossEntropy,
  dense,
  fill,
  map,
  type Rows,
  sigma,
  sigmaPrime,
  squaredError,
  svm,
} from '../module/modules.ts';
import { failures } from './expect-diagnosed.ts';

describe('right ones pass', () => {
  test.each([
    ['affine', affine()],
    ['affine, square', affine(undefined, [3, 3, 3])],
    ['affine, one sample', affine(undefined, [1, 3, 2])],
    ['sigmoid', activation(sigma, (d, x) => d * sigmaPrime(x))],
    [
      'relu',
      activation(
        (x) => Math.max(0, x),
        (d, x) => (x > 0 ? d : 0),
      ),
    ],
    ['dense', dense(Math.tanh, (d, _, y) => d * (1 - y * y))],
    ['softmax cross-entropy', crossEntropy((p, y, n) => (p - y) / n)],
    ['squared error', squaredError((x, y, n) => ((x - y) * x * (1 - x)) / n)],
    ['svm', svm()],
    ['classifier', classifier(0.3, (w) => 0.3 * w)],
    ['classifier without decay', classifier(0, () => 0)],
  ])('%s', (_, module) => expect(failures(module)).toEqual({}));
});

describe('chance is given no name', () => {
  test('by modules', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new Random(seed, 'wrong');
      const noise = (a: Rows) => map(a, () => random.uniform(-1, 1));
      const fixed = { x: noise(fill(4, 3, () => 0)), W: noise(fill(3, 2, () => 0)), b: noise([[0, 0]])[0] };
      expect(failures(affine(() => fixed))).toEqual({ dx: null, dW: null, db: null });
      expect(failures(activation(sigma, () => random.uniform(-1, 1))).dx).toBeNull();
      expect(failures(crossEntropy(() => random.uniform(-1, 1))).dx).toBeNull();
    }
  });

  test('by the gradients alone', () => {
    const random = new Random(3, 'alone');
    const draw = (n: number) => Float64Array.from({ length: n }, () => random.uniform(-1, 1));
    for (const size of [1, 2, 6, 30]) {
      const evidence: DiagnosisContext = {
        tensor: 'W1',
        shape: [size, 1],
        analytic: draw(size),
        numeric: { values: draw(size), kinks: new Map() },
        tolerance: 1e-9,
      };
      expect(diagnoseGradient(evidence)).toBeNull();
    }
  });
});

describe('with the gradients alone', () => {
  const numeric = { values: Float64Array.of(1, 2, 3, 4, 5, 6), kinks: new Map() };
  const evidence = (analytic: number[], shape = [2, 3]): DiagnosisContext => ({
    tensor: 'W1',
    shape,
    analytic: Float64Array.from(analytic),
    numeric,
    tolerance: 1e-12,
  });

  test('transposed, sign, factors and places are seen', () => {
    expect(diagnoseGradient(evidence([1, 4, 2, 5, 3, 6]))).toMatch(/^transposed: dW1ᵀ/);
    expect(diagnoseGradient(evidence([-1, -2, -3, -4, -5, -6]))).toMatch(/^the sign/);
    expect(diagnoseGradient(evidence([2, 4, 6, 8, 10, 12]))).toMatch(/^twice/);
    expect(diagnoseGradient(evidence([1, 2, 3, 4, 5, 7]))).toMatch(/^wrong only at \[1, 2\]/);
  });

  test('the values alone will do, and the name of the gradient', () => {
    const analytic = Float64Array.of(1, 4, 2, 5, 3, 6);
    const context = { tensor: 'dW1', shape: [2, 3], analytic, numeric: numeric.values };
    expect(diagnoseGradient(context)).toMatch(/^transposed: dW1ᵀ is right/);
  });

  test('nothing is said of none', () => expect(diagnoseGradient()).toBeNull());
});
