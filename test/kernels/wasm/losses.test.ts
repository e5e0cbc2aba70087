/** The losses of the wasm kernels against the reference, for few classes and for more than fit a narrow matrix. */

import { describe, expect, test } from 'vitest';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import type { LossName } from '../../../src/kernels/losses.ts';
import type { Matrix } from '../../../src/kernels/matrix.ts';
import {
  both,
  draw,
  put,
  ROUNDING,
  type Side,
  seeded,
  spoilt,
  wasmKernels,
  worstRelative,
  worstUlps,
} from './compare.ts';

/** B, classes. */
const SHAPES = [
  [1, 1],
  [3, 3],
  [4, 5],
  [64, 10],
  [17, 31],
  [5, 64],
  [7, 65],
  [31, 70],
  [3, 201],
];

const oneHot = (rows: number, cols: number) =>
  Float32Array.from({ length: rows * cols }, (_, k) =>
    k % cols === (Math.floor(k / cols) * 7) % cols ? 1 : 0,
  );

describe.each(SHAPES)('%i rows, %i classes', (rows, cols) => {
  const random = seeded('losses', rows, cols);
  const s = draw(random, rows * cols, -6, 6);
  const targets = oneHot(rows, cols);
  const soft = draw(random, rows * cols, 0, 1);

  const loss = (f: LossName, scores: Float32Array, y: Float32Array, of: 'losses' | 'p' = 'losses') =>
    both((side) => {
      const { kernels } = side;
      const losses = spoilt(kernels, kernels.matrix(rows + 1, 1));
      const p = spoilt(kernels, kernels.matrix(rows + 1, cols));
      const [a, b] = [put(side, scores, cols), put(side, y, cols)];
      kernels.loss(f, a, b, p, losses);
      return of === 'losses' ? losses : p;
    });

  // Every term of these is positive, so that relative errors do not grow. Measured: 7e-8 at most.
  test.each([
    ['squared-error', soft],
    ['squared-error', targets],
    ['svm', targets],
    ['softmax-cross-entropy', targets],
    ['softmax-cross-entropy', soft],
    ['sigmoid-cross-entropy', targets],
    ['sigmoid-cross-entropy', soft],
  ] as const)('%s', (f, y) => {
    const { got, want } = loss(f, s, y);
    expect(got.length).toBe(rows);
    expect(worstRelative(got, want)).toBeLessThan(1e-6);
  });

  test('p of sigmoid within 3 units in the last place, p of softmax within 2 and what s − max loses', () => {
    const { got, want } = loss('softmax-cross-entropy', s, targets, 'p');
    const units = want.map((v, k) => Math.abs(got[k] - v) / v / ROUNDING);
    const allowed = s.map((v, k) => {
      const row = k - (k % cols);
      // The difference is rounded, and e to the power of its error is a factor of p. In half units; measured: 1.6 besides that.
      return 4 + Math.max(...s.subarray(row, row + cols)) - v;
    });
    expect(Math.max(...units.map((error, k) => error - allowed[k]))).toBeLessThanOrEqual(0);
    const sigmoid = loss('sigmoid-cross-entropy', s, targets, 'p');
    expect(worstUlps(sigmoid.got, sigmoid.want)).toBeLessThanOrEqual(3);
  });

  test('p may take the place of the scores', () => {
    for (const f of ['softmax-cross-entropy', 'sigmoid-cross-entropy'] as const) {
      const kernels = wasmKernels();
      const side: Side = { kernels, see: (v) => v };
      const [p, losses] = [kernels.matrix(rows, cols), kernels.matrix(rows, 1)];
      kernels.loss(f, put(side, s, cols), put(side, targets, cols), p, losses);
      expect(kernels.read(p)).toEqual(loss(f, s, targets, 'p').got);
    }
  });

  const gradient = (f: LossName, x: Float32Array, y: Float32Array, scale: number) =>
    both((side) => {
      const delta = spoilt(side.kernels, side.kernels.matrix(rows + 1, cols));
      side.kernels.lossGradient(f, put(side, x, cols), put(side, y, cols), scale, delta);
      return delta;
    });

  test.each([
    ['one-hot', targets],
    ['soft', soft],
  ])('gradient of softmax and cross-entropy, targets %s', (_, y) => {
    const p = loss('softmax-cross-entropy', s, targets, 'p').got;
    const { got, want } = gradient('softmax-cross-entropy', p, y, 1 / 7);
    for (let i = 0; i < rows; i++) {
      const sum = p.subarray(i * cols, (i + 1) * cols).reduce((a, b) => a + b, 0);
      for (let k = i * cols; k < (i + 1) * cols; k++) {
        // (1 − y) p − y · rest: two terms, five roundings.
        const size = ((1 - y[k]) * p[k] + y[k] * (sum - p[k])) / 7;
        if (!(Math.abs(got[k] - want[k]) <= 5 * ROUNDING * size)) expect.fail(`${k}: ${got[k]}, ${want[k]}`);
      }
    }
  });

  test('gradient of svm: the same margins violated, those of exactly 0 too', () => {
    const grid = s.map((v) => Math.round(4 * v) / 4);
    const { got, want } = gradient('svm', grid, targets, 1 / 7);
    expect(worstRelative(got, want)).toBeLessThanOrEqual(2.01 * ROUNDING);
    // Without a scale these are counts.
    const counts = gradient('svm', grid, targets, 1);
    expect([...counts.got]).toEqual([...counts.want]);
  });
});

describe.each([10, 70])('%i classes', (cols) => {
  const kernels = wasmKernels();
  const side: Side = { kernels, see: (v) => v };
  const row = (first: number[], rest: number) =>
    Float32Array.from({ length: cols }, (_, j) => (j < first.length ? first[j] : rest));
  const hot = (c: number) => Float32Array.from({ length: cols }, (_, j) => (j === c ? 1 : 0));

  const run = (
    f: (k: Kernels, s: Matrix, y: Matrix, p: Matrix, losses: Matrix) => void,
    s: Float32Array,
    c: number,
  ) => {
    const [p, losses] = [kernels.matrix(1, cols), kernels.matrix(1, 1)];
    f(kernels, put(side, s, cols), put(side, hot(c), cols), p, losses);
    return { p: [...kernels.read(p)], loss: kernels.read(losses)[0] };
  };
  const softmax = (s: Float32Array, c: number) =>
    run((k, ...rest) => k.loss('softmax-cross-entropy', ...rest), s, c);
  const sigmoid = (s: Float32Array, c: number) =>
    run((k, ...rest) => k.loss('sigmoid-cross-entropy', ...rest), s, c);

  test('scores of ±1000', () => {
    const s = row([1000, -1000], -1000);
    expect(softmax(s, 0)).toEqual({ p: [...hot(0)], loss: 0 });
    expect(softmax(s, 1)).toEqual({ p: [...hot(0)], loss: 2000 });
    const equal = softmax(row([], 1000), cols - 1);
    expect(equal.loss).toBeCloseTo(Math.log(cols), 6);
    expect(
      worstUlps(
        equal.p,
        equal.p.map(() => 1 / cols),
      ),
    ).toBeLessThanOrEqual(1);
    expect(sigmoid(s, 0)).toEqual({ p: [...hot(0)], loss: 0 });
    expect(sigmoid(s, 1)).toEqual({ p: [...hot(0)], loss: 2000 });
  });

  test('a loss near 0 keeps its digits', () => {
    const s = row([50, 0, 1], -1000);
    expect(softmax(s, 0).loss / (Math.exp(-50) + Math.exp(-49))).toBeCloseTo(1, 6);
    expect(sigmoid(row([50], -1000), 0).loss / Math.exp(-50)).toBeCloseTo(1, 6);
  });

  test.each([40, 60, 80])('no cancellation in the gradient at p ≈ 1: lead %i', (lead) => {
    const scores = row([0, lead, 1, -1], -1000);
    const [p, delta, losses] = [kernels.matrix(1, cols), kernels.matrix(1, cols), kernels.matrix(1, 1)];
    const y = put(side, hot(1), cols);
    kernels.loss('softmax-cross-entropy', put(side, scores, cols), y, p, losses);
    kernels.lossGradient('softmax-cross-entropy', p, y, 1, delta);
    const others = [0, 1, -1].reduce((sum, s) => sum + Math.exp(s - lead), 0);
    const got = [...kernels.read(delta)];
    expect(kernels.read(p)[1]).toBe(1);
    expect(got[1] / -others).toBeCloseTo(1, 6);
    expect(Math.abs(got.reduce((a, b) => a + b, 0)) / others).toBeLessThan(1e-6);
  });

  const sigmoidDelta = (s: Float32Array, c: number): Float32Array => {
    const delta = kernels.matrix(1, cols);
    kernels.lossGradient('sigmoid-cross-entropy', put(side, s, cols), put(side, hot(c), cols), 1, delta);
    return kernels.read(delta) as Float32Array;
  };

  test.each([20, 30, 37, 60, 80])(
    'no cancellation in the gradient of sigmoid cross-entropy: scores ±%i',
    (lead) => {
      const tail = Math.exp(-lead) / (1 + Math.exp(-lead));
      const sure = hot(1).map((target) => (target === 1 ? lead : -lead));
      const got = sigmoidDelta(sure, 1);
      const want = Array.from(hot(1), (target) => (target === 1 ? -tail : tail));
      // Measured: 0.42.
      expect(worstUlps(got, want)).toBeLessThanOrEqual(1);
      const wrong = sigmoidDelta(
        sure.map((score) => -score),
        1,
      );
      expect([...wrong]).toEqual([...hot(1).map((target) => (target === 1 ? -1 : 1))]);
    },
  );

  test('the gradient of sigmoid cross-entropy at scores that are infinite, and that are none', () => {
    const s = row([Infinity, -Infinity, Infinity, -Infinity, Number.NaN], 0);
    const [first, second, third, fourth, fifth, ...rest] = sigmoidDelta(s, 1);
    expect([first, second, third, fourth, fifth]).toEqual([1, -1, 1, 0, Number.NaN]);
    expect(sigmoidDelta(s, 0)[0]).toBe(0);
    expect(new Set(rest)).toEqual(new Set([0.5]));
  });

  test('a score that is not finite reaches every loss, wherever it stands', () => {
    for (const place of [0, 1, cols - 1]) {
      for (const c of [0, 1]) {
        const s = row([], 0);
        s[place] = Number.NaN;
        const losses: [string, number][] = [
          ['softmax', softmax(s, c).loss],
          ['sigmoid', sigmoid(s, c).loss],
          ['squared error', run((k, ...rest) => k.loss('squared-error', ...rest), s, c).loss],
          ['svm', run((k, ...rest) => k.loss('svm', ...rest), s, c).loss],
        ];
        for (const [name, loss] of losses) expect(loss, `${name}, NaN at ${place}, class ${c}`).toBeNaN();
        expect(softmax(s, c).p.some(Number.isNaN)).toBe(true);
      }
    }
    expect(Number.isFinite(softmax(row([Infinity], 0), 1).loss)).toBe(false);
    expect(Number.isFinite(softmax(row([-Infinity], 0), 0).loss)).toBe(false);
  });
});
