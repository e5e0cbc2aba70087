/** L1, max-norm and smoothed targets: the reference against naive computations, wasm against the reference. */

import { describe, expect, test } from 'vitest';
import type { WasmMatrix } from '../../../src/kernels/wasm/matrix.ts';
import {
  both,
  draw,
  exact,
  put,
  putWeights,
  ROUNDING,
  seeded,
  wasmKernels,
  worstRelative,
} from './compare.ts';

/** Inputs and outputs: weights in rows, in blocks of rows, and in panels of columns. */
const SHAPES = [
  [1, 1],
  [9, 7],
  [64, 10],
  [65, 10],
  [300, 64],
  [30, 65],
  [784, 100],
];

describe.each(SHAPES)('weights %i × %i', (rows, cols) => {
  const values = draw(seeded('weights', rows, cols), rows * cols, -2, 2);
  values[0] = 0;

  test('the sum of magnitudes', () => {
    const { got, want } = both((side) => {
      const out = side.kernels.matrix(1, 1);
      side.kernels.fill(out, 0.5);
      side.kernels.addSumOfMagnitudes(putWeights(side, values, cols), 0.25, out);
      return out;
    });
    const sum = values.reduce((total, v) => total + Math.abs(v), 0);
    expect(want[0]).toBeCloseTo(0.5 + 0.25 * sum, 9);
    expect(worstRelative(got, want)).toBeLessThanOrEqual(1.01 * ROUNDING);
  });

  test('signs, 0 where a weight is 0', () => {
    const { got, want } = both((side) => {
      const y = putWeights(side, values, cols);
      side.kernels.addScaledSign(putWeights(side, values, cols), 0.5, y);
      return y;
    });
    expect([...want]).toEqual([...values].map((v) => v + (v > 0 ? 0.5 : v < 0 ? -0.5 : 0)));
    got.forEach((v, k) => {
      expect(v).toBe(Math.fround(want[k]));
    });
  });

  test.each([0.7, 5, 1e6])('columns longer than %d are scaled back to it, others are left alone', (limit) => {
    const { got, want } = both((side) => {
      const w = putWeights(side, values, cols);
      side.kernels.limitColumnNorms(w, limit);
      return w;
    });
    for (let j = 0; j < cols; j++) {
      const column = (of: ArrayLike<number>) => Array.from({ length: rows }, (_, i) => of[i * cols + j]);
      const norm = Math.hypot(...column(values));
      const factor = norm > limit ? limit / norm : 1;
      const expected = column(values).map((v) => v * factor);
      column(want).forEach((v, i) => {
        expect(v).toBeCloseTo(expected[i], 12);
      });
      if (factor === 1) expect(column(got)).toEqual(column(values));
      else expect(Math.abs(Math.hypot(...column(got)) - limit)).toBeLessThan(3 * ROUNDING * limit);
    }
    expect(worstRelative(got, want)).toBeLessThanOrEqual(2.01 * ROUNDING);
  });
});

describe.each([1, 10, 64, 70])('%i classes', (classes) => {
  const rows = 5;
  const y = Float32Array.from({ length: rows * classes }, (_, k) =>
    k % classes === (3 * Math.floor(k / classes)) % classes ? 1 : 0,
  );

  test('smoothed targets: 1 − ε + ε/C and ε/C, which sum to 1', () => {
    const { got, want } = both((side) => {
      const targets = put(side, y, classes);
      side.kernels.smoothTargets(targets, 0.1);
      return targets;
    });
    want.forEach((v, k) => {
      expect(v).toBe(0.9 * y[k] + 0.1 / classes);
    });
    expect(worstRelative(got, want)).toBeLessThanOrEqual(3.01 * ROUNDING);
    for (let i = 0; i < rows; i++) {
      const sum = want.subarray(i * classes, (i + 1) * classes).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(1, 12);
    }
  });

  test('nothing behind the last class', () => {
    const kernels = wasmKernels();
    const targets = kernels.matrix(rows, classes) as WasmMatrix;
    kernels.write(targets, y);
    kernels.smoothTargets(targets, 0.5);
    const used = new Set(Array.from(y, (_, k) => targets.place(Math.floor(k / classes), k % classes)));
    expect([...targets.values].filter((v, k) => v !== 0 && !used.has(k))).toEqual([]);
  });
});

test('a norm of exactly the limit is not above it', () => {
  const w = exact.weights(2, 1);
  exact.write(w, [3, 4]);
  exact.limitColumnNorms(w, 5);
  expect([...w.values]).toEqual([3, 4]);
  exact.limitColumnNorms(w, 2.5);
  expect([...w.values]).toEqual([1.5, 2]);
});
