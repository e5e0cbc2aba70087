/** The reference kernels that go entry by entry or row by row: activations, losses, and what training reads off. */

import { describe, expect, test } from 'vitest';
import type { Matrix } from '../../src/kernels/matrix.ts';
import { Random } from '../../src/kernels/random.ts';
import { type Precision, ReferenceKernels } from '../../src/kernels/reference.ts';
import { matrixOf, nested, randomizeTargets, randomMatrix } from '../support/matrices.ts';

const { NaN: nan } = Number;

describe.each<Precision>(['float64', 'float32'])('%s', (precision) => {
  const kernels = new ReferenceKernels(precision);
  const random = new Random(2, precision);
  const digits = precision === 'float64' ? 13 : 5;
  const sizes = [
    [1, 1],
    [3, 5],
    [17, 7],
    [31, 2],
  ];

  const expectRows = (got: Matrix, expected: number[][]) => {
    expect(nested(got).map((row) => row.length)).toEqual(expected.map((row) => row.length));
    for (const [i, row] of nested(got).entries()) {
      for (const [j, v] of row.entries()) expect(v, `(${i}, ${j})`).toBeCloseTo(expected[i][j], digits);
    }
  };

  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const softmax = (row: number[]) => row.map((s) => Math.exp(s) / sum(row.map(Math.exp)));
  const sigmoid = (s: number) => 1 / (1 + Math.exp(-s));

  describe.each(sizes)('B %i, C %i', (rows, cols) => {
    const s = randomMatrix(kernels, rows, cols, random);
    for (let k = 0; k < s.values.length; k++) s.values[k] *= 4;
    const y = randomizeTargets(kernels.matrix(rows, cols), random);
    const [p, delta, losses] = [
      kernels.matrix(rows, cols),
      kernels.matrix(rows, cols),
      kernels.matrix(rows, 1),
    ];
    const eachRow = (f: (s: number[], y: number[]) => number[]) =>
      nested(s).map((row, i) => f(row, nested(y)[i]));

    test('activations and their gradients', () => {
      const up = randomMatrix(kernels, rows, cols, random);
      const cases = [
        ['relu', (z: number) => Math.max(0, z), (z: number) => (z > 0 ? 1 : 0), s],
        ['sigmoid', sigmoid, (z: number) => sigmoid(z) * (1 - sigmoid(z)), p],
        ['tanh', Math.tanh, (z: number) => 1 - Math.tanh(z) ** 2, p],
        ['identity', (z: number) => z, () => 1, s],
      ] as const;
      for (const [name, phi, phiPrime, remembered] of cases) {
        kernels.activation(name, s, p);
        expectRows(
          p,
          eachRow((row) => row.map(phi)),
        );
        kernels.activationGradient(name, up, remembered, delta);
        expectRows(
          delta,
          nested(s).map((row, i) => row.map((z, j) => nested(up)[i][j] * phiPrime(z))),
        );
        // In place, as the interface allows.
        kernels.activationGradient(name, up, remembered, up);
        expect(nested(up)).toEqual(nested(delta));
      }
    });

    test('squared error (D3, D4)', () => {
      kernels.loss('squared-error', s, y, losses, losses);
      expectRows(
        losses,
        eachRow((x, t) => [sum(x.map((v, k) => (v - t[k]) ** 2)) / 2]),
      );
      kernels.lossGradient('squared-error', s, y, 0.25, delta);
      expectRows(
        delta,
        eachRow((x, t) => x.map((v, k) => (v - t[k]) / 4)),
      );
    });

    test('softmax cross-entropy (B2, B3, C3)', () => {
      kernels.loss('softmax-cross-entropy', s, y, p, losses);
      expectRows(p, eachRow(softmax));
      expectRows(
        losses,
        eachRow((row, t) => [-Math.log(softmax(row)[t.indexOf(1)])]),
      );
      kernels.lossGradient('softmax-cross-entropy', p, y, 0.25, delta);
      expectRows(
        delta,
        eachRow((row, t) => softmax(row).map((v, j) => (v - t[j]) / 4)),
      );
    });

    test('sigmoid cross-entropy (X15)', () => {
      kernels.loss('sigmoid-cross-entropy', s, y, p, losses);
      expectRows(
        p,
        eachRow((row) => row.map(sigmoid)),
      );
      const each = (v: number, t: number) => -t * Math.log(sigmoid(v)) - (1 - t) * Math.log(sigmoid(-v));
      expectRows(
        losses,
        eachRow((row, t) => [sum(row.map((v, j) => each(v, t[j])))]),
      );
      kernels.lossGradient('sigmoid-cross-entropy', s, y, 0.25, delta);
      expectRows(
        delta,
        eachRow((row, t) => row.map((v, j) => (sigmoid(v) - t[j]) / 4)),
      );
    });

    test('SVM (E4, E5)', () => {
      const margins = (row: number[], t: number[]) =>
        row.map((v, j) => (t[j] === 1 ? 0 : Math.max(0, v - row[t.indexOf(1)] + 1)));
      kernels.loss('svm', s, y, losses, losses);
      expectRows(
        losses,
        eachRow((row, t) => [sum(margins(row, t))]),
      );
      kernels.lossGradient('svm', s, y, 0.25, delta);
      const expected = eachRow((row, t) => {
        const violated = margins(row, t).map((m) => (m > 0 ? 1 : 0));
        return violated.map((v, j) => (t[j] === 1 ? -sum(violated) : v) / 4);
      });
      expectRows(delta, expected);
    });
  });

  test('softmax takes soft targets: p − y', () => {
    const s = matrixOf(kernels, [[0.5, -1, 2]]);
    const y = matrixOf(kernels, [[0.25, 0.25, 0.5]]);
    const [p, delta, losses] = [kernels.matrix(1, 3), kernels.matrix(1, 3), kernels.matrix(1, 1)];
    kernels.loss('softmax-cross-entropy', s, y, p, losses);
    kernels.lossGradient('softmax-cross-entropy', p, y, 1, delta);
    const expected = softmax([0.5, -1, 2]);
    expectRows(delta, [expected.map((v, j) => v - [0.25, 0.25, 0.5][j])]);
    expectRows(losses, [[-sum(expected.map((v, j) => Math.log(v) * [0.25, 0.25, 0.5][j]))]]);
  });

  test('relu passes NaN on; a NaN or an infinity anywhere is found', () => {
    const z = matrixOf(kernels, [[nan, -1, 2, -Infinity, Infinity]]);
    kernels.activation('relu', z, z);
    expect(nested(z)).toEqual([[nan, 0, 2, 0, Infinity]]);
    for (const bad of [nan, Infinity, -Infinity]) {
      expect(kernels.allFinite(matrixOf(kernels, [[1, 2, bad]]))).toBe(false);
    }
    expect(kernels.allFinite(matrixOf(kernels, [[1, 2, 3e38]]))).toBe(true);
  });

  test('a NaN among the scores reaches every loss', () => {
    const [p, losses, y] = [kernels.matrix(1, 3), kernels.matrix(1, 1), matrixOf(kernels, [[1, 0, 0]])];
    for (const scores of [
      [nan, 0, 0],
      [0, nan, 0],
      [0, 0, nan],
    ]) {
      const s = matrixOf(kernels, [scores]);
      for (const run of [
        () => kernels.loss('softmax-cross-entropy', s, y, p, losses),
        () => kernels.loss('sigmoid-cross-entropy', s, y, p, losses),
        () => kernels.loss('squared-error', s, y, losses, losses),
        () => kernels.loss('svm', s, y, losses, losses),
      ]) {
        run();
        expect(losses.values[0]).toBe(nan);
      }
    }
  });

  test('softmax cross-entropy at scores of ±1000', () => {
    const s = matrixOf(kernels, [
      [1000, -1000, 0],
      [1000, -1000, 0],
      [-1000, -1000, -1000],
      [1000, 1000, 1000],
    ]);
    const y = matrixOf(kernels, [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 1],
    ]);
    const [p, losses] = [kernels.matrix(4, 3), kernels.matrix(4, 1)];
    kernels.loss('softmax-cross-entropy', s, y, p, losses);
    expectRows(p, [
      [1, 0, 0],
      [1, 0, 0],
      [1 / 3, 1 / 3, 1 / 3],
      [1 / 3, 1 / 3, 1 / 3],
    ]);
    expectRows(losses, [[0], [2000], [Math.log(3)], [Math.log(3)]]);
    kernels.loss('sigmoid-cross-entropy', s, y, p, losses);
    const expected = [Math.LN2, 2000 + Math.LN2, 1000, 2000];
    for (const [i, loss] of expected.entries()) expect(losses.values[i] / loss).toBeCloseTo(1, digits);
  });

  test('a loss near 0 keeps its digits: log1p of the others, not log of a sum near 1', () => {
    const [p, losses] = [kernels.matrix(1, 3), kernels.matrix(1, 1)];
    kernels.loss(
      'softmax-cross-entropy',
      matrixOf(kernels, [[50, 0, 1]]),
      matrixOf(kernels, [[1, 0, 0]]),
      p,
      losses,
    );
    const others = Math.exp(-50) + Math.exp(-49);
    expect(losses.values[0] / others).toBeCloseTo(1, precision === 'float64' ? 14 : 6);
  });

  test.each([40, 60, 80])(
    'the gradient at p_y ≈ 1 is minus the others, without cancellation: lead %i',
    (lead) => {
      const y = matrixOf(kernels, [[0, 1, 0, 0]]);
      const [p, delta, losses] = [kernels.matrix(1, 4), kernels.matrix(1, 4), kernels.matrix(1, 1)];
      kernels.loss('softmax-cross-entropy', matrixOf(kernels, [[0, lead, 1, -1]]), y, p, losses);
      kernels.lossGradient('softmax-cross-entropy', p, y, 1, delta);
      const others = [0, 1, -1].map((s) => Math.exp(s - lead));
      expect(p.values[1]).toBe(1);
      expect(delta.values[1] / -sum(others)).toBeCloseTo(1, precision === 'float64' ? 14 : 6);
      const row = [...delta.values];
      expect(Math.abs(sum(row)) / sum(others)).toBeLessThan(precision === 'float64' ? 1e-15 : 1e-6);
    },
  );

  test('sigmoid cross-entropy takes soft targets: σ(s) − y', () => {
    const [scores, targets] = [
      [0.5, -1, 2, 40, -40],
      [0.25, 0.75, 0.5, 0.5, 0.25],
    ];
    const delta = kernels.matrix(1, 5);
    kernels.lossGradient(
      'sigmoid-cross-entropy',
      matrixOf(kernels, [scores]),
      matrixOf(kernels, [targets]),
      1,
      delta,
    );
    expectRows(delta, [scores.map((s, j) => sigmoid(s) - targets[j])]);
  });

  // Below e^{−87} a float32 has not all of its digits.
  test.each(precision === 'float64' ? [20, 30, 37, 60, 100, 700] : [20, 30, 37, 60, 80])(
    'the gradient of sigmoid cross-entropy where p is near y is ∓σ(∓s), without cancellation: scores ±%i',
    (lead) => {
      const [p, delta, losses] = [kernels.matrix(2, 3), kernels.matrix(2, 3), kernels.matrix(2, 1)];
      const s = matrixOf(kernels, [
        [-lead, lead, -lead],
        [lead, -lead, lead],
      ]);
      const y = matrixOf(kernels, [
        [0, 1, 0],
        [0, 1, 0],
      ]);
      kernels.loss('sigmoid-cross-entropy', s, y, p, losses);
      kernels.lossGradient('sigmoid-cross-entropy', s, y, 1, delta);
      const tail = Math.exp(-lead) / (1 + Math.exp(-lead));
      for (const [j, sign] of [1, -1, 1].entries()) {
        expect(delta.values[j] / (sign * tail)).toBeCloseTo(1, precision === 'float64' ? 14 : 6);
        expect(delta.values[3 + j]).toBe(sign * p.values[3]);
      }
    },
  );

  test('mean, sum of squares, scaled sum, fill: over the rows in use', () => {
    const x = matrixOf(
      kernels,
      [
        [1, 2],
        [3, -4],
      ],
      3,
    );
    x.values.fill(nan, 4);
    const out = matrixOf(kernels, [[10]]);
    kernels.addSumOfSquares(x, 0.5, out);
    expect(out.values[0]).toBe(10 + 15);
    kernels.addScaled(x, -2, x);
    expect(nested(x)).toEqual([
      [-1, -2],
      [-3, 4],
    ]);
    kernels.fill(x, 7);
    expect([...x.values]).toEqual([7, 7, 7, 7, nan, nan]);
    const losses = matrixOf(kernels, [[1], [2], [6]], 4);
    kernels.mean(losses, out);
    expect(out.values[0]).toBe(3);
  });

  test('argmax takes the first of equals; countCorrect counts the rows that agree', () => {
    const scores = matrixOf(kernels, [
      [1, 3, 3],
      [-1, -2, -1],
      [0, 0, 5],
      [2, 1, 0],
    ]);
    const classes = kernels.matrix(4, 1);
    kernels.argmax(scores, classes);
    expect(nested(classes)).toEqual([[1], [0], [2], [0]]);
    const y = matrixOf(kernels, [
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 1],
      [1, 0, 0],
    ]);
    const out = kernels.matrix(1, 1);
    kernels.countCorrect(scores, y, out);
    expect(out.values[0]).toBe(3);
  });
});
