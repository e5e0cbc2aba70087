/** Leaky ReLU, ELU, GELU, softplus and SiLU in wasm beside the reference: how far apart, special values, padding. */

import { describe, expect, test } from 'vitest';
import { ACTIVATION_NAMES, type ActivationName } from '../../../src/kernels/activations.ts';
import { GELU_CUBE, GELU_SCALE } from '../../../src/kernels/elementary.ts';
import type { WasmMatrix } from '../../../src/kernels/wasm/matrix.ts';
import {
  both,
  draw,
  put,
  ROUNDING,
  seeded,
  spoilt,
  wasmKernels,
  worstRelative,
  worstUlps,
} from './compare.ts';

const SHAPES = [
  [1, 1],
  [7, 31],
  [31, 64],
  [5, 65],
  [17, 81],
  [64, 200],
];

/** Over the whole range of float32's exponential, many near 0. */
const spread = (length: number) => {
  const random = seeded('spread', length);
  return Float32Array.from({ length }, (_, k) => {
    const size = k % 3 === 0 ? 110 : k % 3 === 1 ? 8 : 1;
    return random.uniform(-size, size) * (k % 7 === 0 ? 1e-4 : 1);
  });
};

const apply = (f: ActivationName, z: Float32Array, cols: number, inPlace = false) =>
  both((side) => {
    const input = put(side, z, cols);
    const out = inPlace ? input : spoilt(side.kernels, side.kernels.matrix(z.length / cols + 1, cols));
    side.kernels.activation(f, input, out);
    return out;
  });

const gradient = (f: ActivationName, d: Float32Array, x: Float32Array, cols: number) =>
  both((side) => {
    const out = spoilt(side.kernels, side.kernels.matrix(d.length / cols, cols));
    side.kernels.activationGradient(f, put(side, d, cols), put(side, x, cols), out);
    return out;
  });

/** What an error of γ₇ in t makes of σ(t), relative, and what σ and the products add. */
const geluShare = (z: number) => {
  const size = Math.min(16, Math.abs(z));
  const t = GELU_SCALE * (size + GELU_CUBE * size ** 3);
  return 7.01 * ROUNDING * (z < 0 ? t : Math.min(t, 1)) + 8 * ROUNDING;
};

describe.each(SHAPES)('%i rows, %i columns', (rows, cols) => {
  const z = spread(rows * cols);
  const delta = draw(seeded('gradient', rows, cols), rows * cols);

  test('leaky ReLU: the slope and the product are rounded', () => {
    const { got, want } = apply('leaky-relu', z, cols);
    expect(worstRelative(got, want)).toBeLessThanOrEqual(2.01 * ROUNDING);
    want.forEach((v, k) => {
      if (v > 0) expect(got[k]).toBe(v);
    });
  });

  // Measured over all of the tests: ELU 0.9, softplus 2.6.
  test.each(['elu', 'softplus'] as const)('%s within 4 units in the last place', (f) => {
    const { got, want } = apply(f, z, cols);
    expect(worstUlps(got, want)).toBeLessThanOrEqual(4);
    expect(apply(f, z, cols, true).got).toEqual(got);
  });

  test('silu: as exact as σ(z), and z times the least number that σ(z) can be', () => {
    const { got, want } = apply('silu', z, cols);
    want.forEach((v, k) => {
      const bound = 8 * ROUNDING * Math.abs(v) + (3 * Math.abs(z[k]) + 1) * 2 ** -149;
      expect(Math.abs(got[k] - v), `${z[k]}`).toBeLessThanOrEqual(bound);
    });
    expect(apply('silu', z, cols, true).got).toEqual(got);
  });

  test('gelu: as exact as its argument', () => {
    const { got, want } = apply('gelu', z, cols);
    want.forEach((v, k) => {
      expect(Math.abs(got[k] - v), `${z[k]}`).toBeLessThanOrEqual(geluShare(z[k]) * Math.abs(v) + 1e-43);
    });
  });

  test('gradients', () => {
    const leaky = gradient('leaky-relu', delta, z, cols);
    expect(worstRelative(leaky.got, leaky.want)).toBeLessThanOrEqual(2.01 * ROUNDING);
    const x = z.map((v) => Math.max(v, -1));
    const elu = gradient('elu', delta, x, cols);
    elu.want.forEach((v, k) => {
      // x + 1 is rounded, and may be all rounding near −1.
      expect(Math.abs(elu.got[k] - v)).toBeLessThanOrEqual(2.01 * ROUNDING * Math.abs(delta[k]));
    });
    const softplus = gradient('softplus', delta, z, cols);
    expect(worstUlps(softplus.got, softplus.want)).toBeLessThanOrEqual(4);
    const silu = gradient('silu', delta, z, cols);
    silu.want.forEach((v, k) => {
      // Two terms of either sign, the second at most 0.28 on either side of 0 and of the size of the derivative far below.
      const size = Math.abs(v) + Math.abs(delta[k] * Math.min(0.3, Math.exp(Math.min(0, z[k]))));
      expect(Math.abs(silu.got[k] - v), `${z[k]}`).toBeLessThanOrEqual(16 * ROUNDING * size + 1e-43);
    });
    const gelu = gradient('gelu', delta, z, cols);
    gelu.want.forEach((v, k) => {
      // φ′ is a sum of two terms of either sign, each of size 1.13 at most.
      const size = Math.abs(delta[k]) * Math.min(1.2, Math.abs(v / delta[k]) + Math.min(1, z[k] ** 2));
      expect(Math.abs(gelu.got[k] - v), `${z[k]}`).toBeLessThanOrEqual(
        (geluShare(z[k]) * 2 + 16 * ROUNDING) * size,
      );
    });
  });
});

describe.each([
  ['narrow', 5],
  ['wide', 70],
])('special values, %s', (_, cols) => {
  const { NaN: nan } = Number;

  test.each([
    ['leaky-relu', [nan, Infinity, -Infinity, 0, 3e38], [nan, Infinity, -Infinity, 0, Math.fround(3e38)]],
    ['elu', [nan, Infinity, -Infinity, 0, -1e-30], [nan, Infinity, -1, 0, Math.fround(-1e-30)]],
    ['gelu', [nan, Infinity, -Infinity, 0, 3e38], [nan, Infinity, -0, 0, Math.fround(3e38)]],
    ['gelu', [-1e20, -17, 17, 1e20], [-0, -0, 17, Math.fround(1e20)]],
    ['silu', [nan, Infinity, -1000, 0, 3e38], [nan, Infinity, -0, 0, Math.fround(3e38)]],
    ['softplus', [nan, Infinity, -Infinity, 1000, -1000], [nan, Infinity, 0, 1000, 0]],
  ] as const)('%s %j', (f, values, want) => {
    const kernels = wasmKernels();
    const z = kernels.matrix(1, cols);
    kernels.write(z, [...values, ...new Array(cols - values.length).fill(1)]);
    kernels.activation(f, z, z);
    expect([...kernels.read(z)].slice(0, values.length)).toEqual(want);
  });

  test('the gradient of gelu is 1 and 0 far out, where the cube would overflow', () => {
    const kernels = wasmKernels();
    const [z, d] = [kernels.matrix(1, cols), kernels.matrix(1, cols)];
    kernels.write(z, [3e38, -3e38, 20, -20, ...new Array(cols - 4).fill(1)]);
    kernels.fill(d, 2);
    kernels.activationGradient('gelu', d, z, z);
    expect([...kernels.read(z)].slice(0, 4).map(Math.abs)).toEqual([2, 0, 2, 0]);
  });

  test('behind the last column there are still zeros', () => {
    for (const f of ACTIVATION_NAMES) {
      const kernels = wasmKernels();
      const x = kernels.matrix(3, cols) as WasmMatrix;
      kernels.write(x, new Float32Array(3 * cols).fill(0.5));
      kernels.activation(f, x, x);
      const used = new Set(
        Array.from({ length: 3 * cols }, (_, k) => x.place(Math.floor(k / cols), k % cols)),
      );
      expect(
        [...x.values].filter((v, k) => v !== 0 && !used.has(k)),
        f,
      ).toEqual([]);
    }
  });
});
