/** The wasm kernels entry by entry: activations and their gradients, in narrow and wide matrices, and special values. */

import { describe, expect, test } from 'vitest';
import type { ActivationName } from '../../../src/kernels/activations.ts';
import type { Kernels, Matrix } from '../../../src/kernels/kernels.ts';
import type { LossName } from '../../../src/kernels/losses.ts';
import {
  both,
  draw,
  exact,
  expectSums,
  put,
  ROUNDING,
  seeded,
  spoilt,
  wasmKernels,
  worstRelative,
  worstUlps,
} from './compare.ts';

/** Rows, columns: narrow matrices, wide ones, and some whose last panel holds a single column. */
const SHAPES = [
  [1, 1],
  [3, 5],
  [7, 31],
  [31, 64],
  [5, 65],
  [17, 81],
  [64, 200],
  [4, 784],
];

/** Values over the whole range where exp neither under- nor overflows, and beyond; many of them near 0. */
const spread = (length: number) => {
  const random = seeded('spread', length);
  return Float32Array.from({ length }, (_, k) => {
    const size = k % 3 === 0 ? 110 : k % 3 === 1 ? 8 : 1;
    return random.uniform(-size, size) * (k % 7 === 0 ? 1e-4 : 1);
  });
};

const apply = (f: ActivationName, z: Float32Array, cols: number, inPlace: boolean) =>
  both((side) => {
    const input = put(side, z, cols);
    const out = inPlace ? input : spoilt(side.kernels, side.kernels.matrix(z.length / cols + 1, cols));
    side.kernels.activation(f, input, out);
    return out;
  });

describe.each(SHAPES)('%i rows, %i columns', (rows, cols) => {
  const z = spread(rows * cols);
  const random = seeded('gradient', rows, cols);
  const delta = draw(random, rows * cols);

  test.each([false, true])('relu, exactly; in place: %s', (inPlace) => {
    const { got, want } = apply('relu', z, cols, inPlace);
    expect([...got]).toEqual([...want]);
  });

  // Measured over all of the tests: σ 2.1, tanh 2.7.
  test.each(['sigmoid', 'tanh'] as const)('%s within 3 units in the last place', (f) => {
    const { got, want } = apply(f, z, cols, false);
    expect(worstUlps(got, want)).toBeLessThanOrEqual(3);
    expect(apply(f, z, cols, true).got).toEqual(got);
  });

  const gradient = (f: ActivationName, d: Float32Array, x: Float32Array) =>
    both((side) => {
      const out = spoilt(side.kernels, side.kernels.matrix(rows, cols));
      side.kernels.activationGradient(f, put(side, d, cols), put(side, x, cols), out);
      return out;
    });

  test('reluGradient, exactly', () => {
    const { got, want } = gradient('relu', delta, z);
    expect([...got]).toEqual([...want]);
  });

  test('sigmoidGradient: three roundings', () => {
    const { got, want } = gradient('sigmoid', delta, draw(random, rows * cols, 0, 1));
    expect(worstRelative(got, want)).toBeLessThanOrEqual(3.01 * ROUNDING);
  });

  test('tanhGradient: 1 − x² may cancel, its terms are rounded', () => {
    const x = draw(random, rows * cols);
    const { got, want } = gradient('tanh', delta, x);
    const errors = want.map((v, k) => Math.abs(got[k] - v) / Math.abs(delta[k] * (1 + x[k] * x[k])));
    expect(Math.max(...errors)).toBeLessThanOrEqual(3.01 * ROUNDING);
  });

  const lossGradient = (f: LossName, x: Float32Array, y: Float32Array, inPlace = false) =>
    both((side) => {
      const input = put(side, x, cols);
      const out = inPlace ? input : spoilt(side.kernels, side.kernels.matrix(rows, cols));
      side.kernels.lossGradient(f, input, put(side, y, cols), 1 / 7, out);
      return out;
    });

  test('squaredErrorGradient', () => {
    const { got, want } = lossGradient('squared-error', draw(random, rows * cols), draw(random, rows * cols));
    // Difference, scale and product are each rounded once.
    expect(worstRelative(got, want)).toBeLessThanOrEqual(3.01 * ROUNDING);
  });

  test('sigmoidCrossEntropyGradient, targets 0 and 1: σ and two roundings, at whatever score', () => {
    const y = z.map((_, k) => k % 2);
    const { got, want } = lossGradient('sigmoid-cross-entropy', z, y);
    // Measured: 2.7.
    expect(worstUlps(got, want)).toBeLessThanOrEqual(4);
    expect(lossGradient('sigmoid-cross-entropy', z, y, true).got).toEqual(got);
  });

  test('sigmoidCrossEntropyGradient, soft targets: σ and five roundings of each of two terms', () => {
    const y = draw(random, rows * cols, 0, 1);
    const { got, want } = lossGradient('sigmoid-cross-entropy', z, y);
    const errors = want.map((v, k) => {
      const p = 1 / (1 + Math.exp(-z[k]));
      return Math.abs(got[k] - v) / (((1 - y[k]) * p + y[k] * (1 - p)) / 7);
    });
    // σ loses up to six roundings. Measured: 4 in all.
    expect(Math.max(...errors)).toBeLessThanOrEqual(11 * ROUNDING);
  });

  test('addScaled', () => {
    const [x, y] = [draw(random, rows * cols), draw(random, rows * cols)];
    // (y + f x): x times f, f itself and the sum are rounded; the reference takes f's absolute value here.
    for (const factor of [0.3, 1e-3]) {
      expectSums(1, (side) => {
        const out = put(side, y, cols, 0);
        side.kernels.addScaled(put(side, x, cols, 0), factor, out);
        return out;
      });
    }
  });
});

describe.each([
  ['narrow', 5],
  ['wide', 70],
])('special values, %s', (_, cols) => {
  const { NaN: nan } = Number;

  /** The first values of f over a row that begins with these. */
  const of = (kernels: Kernels, values: number[], f: (z: Matrix) => Matrix): number[] => {
    const z = kernels.matrix(2, cols);
    const row = [...values, ...new Array(cols - values.length).fill(1)];
    kernels.write(z, [...row.map(() => 1), ...row]);
    return [...kernels.read(f(z))].slice(cols, cols + values.length);
  };

  test.each([
    ['relu', [nan, Infinity, -Infinity, -0, 3e38], [nan, Infinity, 0, 0, Math.fround(3e38)]],
    ['sigmoid', [nan, Infinity, -Infinity, -0, 1000], [nan, 1, 0, 0.5, 1]],
    ['sigmoid', [-1000, -89, 89, 20], [0, undefined, 1, undefined]],
    ['tanh', [nan, Infinity, -Infinity, -0, 0], [nan, 1, -1, -0, 0]],
    ['tanh', [1000, -1000, 1e-30, -1e-42], [1, -1, Math.fround(1e-30), Math.fround(-1e-42)]],
  ] as const)('%s %j', (f, values, want) => {
    const kernels = wasmKernels();
    const got = of(kernels, [...values], (z) => {
      kernels.activation(f, z, z);
      return z;
    });
    const reference = of(exact, [...values], (z) => {
      exact.activation(f, z, z);
      return z;
    });
    for (const [k, value] of want.entries()) {
      // Object.is: −0 is not 0, NaN is itself.
      if (value !== undefined) expect(got[k], `${f} ${values[k]}`).toBe(value);
      if (Number.isFinite(reference[k])) expect(worstUlps([got[k]], [reference[k]])).toBeLessThanOrEqual(3);
    }
  });

  test('the gradient of relu is 0 at 0 and at NaN, and takes delta as it is elsewhere', () => {
    const kernels = wasmKernels();
    const d = kernels.matrix(2, cols);
    kernels.write(d, new Array(2 * cols).fill(Infinity));
    const got = of(kernels, [nan, 0, -0, 1e-40, -1], (z) => {
      kernels.activationGradient('relu', d, z, z);
      return z;
    });
    expect(got).toEqual([0, 0, 0, Infinity, 0]);
  });

  // e^x for x from −104 on is 0 or a number too small to have all its digits.
  test('σ down to where e^x underflows', () => {
    const z = Float32Array.from({ length: cols }, (_, k) => -70 - (k * 44) / (cols - 1));
    const { got, want } = apply('sigmoid', z, cols, false);
    expect(worstUlps(got, want)).toBeLessThanOrEqual(3);
    expect(got[cols - 1]).toBe(0);
    expect(got[0]).toBeGreaterThan(0);
  });
});
