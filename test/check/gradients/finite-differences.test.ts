/** The witness itself: derivatives known in closed form, the kinks it must see, and the distance from kinks. */

import { describe, expect, test } from 'vitest';
import { relativeError } from '../../../src/check/gradients/derivative.ts';
import { centralDifferences, REACH, STEP } from '../../../src/check/gradients/finite-differences.ts';
import { checkNetwork, TOLERANCE } from '../../../src/check/gradients/gradient-check.ts';
import {
  drawAwayFromKinks,
  marginDistance,
  networkKinkDistance,
} from '../../../src/check/gradients/kinks.ts';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import { Random } from '../../../src/kernels/random.ts';
import { ReferenceKernels } from '../../../src/kernels/reference.ts';
import { Network, perceptron } from '../../../src/network/network.ts';
import { byteSamples, matrixOf, randomize } from '../../support/matrices.ts';

const kernels = new ReferenceKernels('float64');

/** Central differences of Σ fₖ(vₖ) at these values. */
function differences(values: readonly number[], f: (v: number, k: number) => number) {
  const at = Float64Array.from(values);
  return centralDifferences(at, () => at.reduce((sum, v, k) => sum + f(v, k), 0));
}

describe('central differences', () => {
  test('of Σ k v³ are 3 k v², and every entry is put back', () => {
    const values = [0.1, -2, 3, 0.7, 1e-3, -0.3];
    const x = Float64Array.from(values);
    const f = () => x.reduce((sum, v, k) => sum + k * v ** 3, 0);
    const { values: got, kinks } = centralDifferences(x, f);
    const expected = values.map((v, k) => 3 * k * v * v);
    expect(relativeError(got, expected)).toBeLessThan(1e-11);
    expect(kinks.size).toBe(0);
    expect([...x]).toEqual(values);
  });

  test('are exact for polynomials of degree 4 but for rounding, and of order 4 beyond', () => {
    const at = (power: number, step: number) => {
      const x = Float64Array.of(1);
      return Math.abs(centralDifferences(x, () => x[0] ** power, step).values[0] - power);
    };
    for (const power of [0, 1, 2, 3, 4]) expect(at(power, 2 ** -6)).toBeLessThan(1e-13);
    // h⁴ f⁽⁵⁾ / 30 = 4 h⁴ of v⁵.
    for (const h of [2 ** -3, 2 ** -5]) expect(at(5, h) / (4 * h ** 4)).toBeCloseTo(1, 6);
  });

  test('evaluate at seven points, from v − 3h to v + 3h, and take the step that is asked for', () => {
    const x = Float64Array.of(1, 9);
    const seen: number[][] = [];
    centralDifferences(x, () => seen.push([...x]), 0.25);
    const points = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75];
    expect(seen).toEqual([...points.map((v) => [v, 9]), ...points.map((v) => [1, v + 8])]);
  });

  test('of a part of an array change that part alone', () => {
    const all = Float64Array.of(1, 2, 3, 4);
    const seen = new Set<number>();
    const part = all.subarray(1, 3);
    const { values } = centralDifferences(part, () => {
      seen.add(all[0]).add(all[3]);
      return all.reduce((a, b) => a + b);
    });
    expect(values).toHaveLength(2);
    expect([...seen]).toEqual([1, 4]);
  });

  test('of nothing are nothing', () => {
    expect(centralDifferences(new Float64Array(0), () => 1)).toEqual({
      values: new Float64Array(0),
      kinks: new Map(),
    });
  });

  test.each([0, -1, Number.NaN, Infinity])('refuse a step of %d', (step) => {
    expect(() => centralDifferences(new Float64Array(1), () => 0, step)).toThrow(
      new RangeError(`centralDifferences: expected a step above 0, got ${step}`),
    );
  });
});

describe('kinks', () => {
  /** Smooth functions with a derivative of about 1 near 0.4, on which a corner is put. */
  const SMOOTH: [string, (v: number) => number, (v: number) => number][] = [
    ['a line', (v) => v, () => 1],
    ['a sine', (v) => Math.sin(v), (v) => Math.cos(v)],
    ['an exponential', (v) => Math.exp(2 * v) / 4, (v) => Math.exp(2 * v) / 2],
    ['something large', (v) => 100 + v * v, (v) => 2 * v],
  ];
  const AT = 0.4;

  /** The differences at 0.4 of a smooth function whose slope rises by `jump` at a distance of `offset` from there. */
  const withCorner = (f: (v: number) => number, jump: number, offset: number) =>
    differences([AT], (v) => f(v) + jump * Math.max(0, v - AT - offset));

  describe.each(SMOOTH)('on %s', (_, f, slope) => {
    test.each([1, -1, 0.1, 1e-3, 1e-4, 1e-5, 3e-6])(
      'a jump of the slope by %d is seen wherever it spoils the derivative',
      (jump) => {
        let spoilt = 0;
        for (let offset = -3.5 * STEP; offset <= 3.5 * STEP; offset += STEP / 64) {
          const { values, kinks } = withCorner(f, jump, offset);
          const exact = slope(AT) + (offset < 0 ? jump : 0);
          const error = Math.abs(values[0] - exact) / Math.abs(exact);
          if (error > TOLERANCE['central-difference']) {
            spoilt++;
            expect(kinks.has(0), `at ${offset / STEP} h, off by ${error}`).toBe(true);
          }
          if (Math.abs(offset) > REACH * STEP) expect(kinks.size, `at ${offset / STEP} h`).toBe(0);
        }
        expect(spoilt).toBeGreaterThan(20);
      },
    );

    test('the slopes told of hold the derivative on the entry’s side, and at the corner those of both', () => {
      for (let offset = -3 * STEP; offset <= 3 * STEP; offset += STEP / 64) {
        const [low, high] = withCorner(f, 0.5, offset).kinks.get(0) ?? [slope(AT), slope(AT) + 0.5];
        const sides = offset === 0 ? [0, 0.5] : [offset < 0 ? 0.5 : 0];
        for (const side of sides) {
          expect(slope(AT) + side).toBeGreaterThanOrEqual(low - 1e-9);
          expect(slope(AT) + side).toBeLessThanOrEqual(high + 1e-9);
        }
        // A difference to one side overshoots by at most 5/6 of a jump within it; and f bends, with f″ below 3.
        expect(high - low).toBeLessThan(0.5 * (1 + 5 / 6) + 3 * 2 * REACH * STEP);
      }
    });
  });

  test('only the entry at the corner is one', () => {
    const { values, kinks } = differences([1, 0, -1, STEP], (v) => Math.max(0, v) + v * v);
    expect([...kinks.keys()]).toEqual([1, 3]);
    expect(values[0]).toBeCloseTo(3, 9);
    expect(values[2]).toBeCloseTo(-2, 9);
  });

  test('two corners within reach, which cancel in the middle, are seen', () => {
    for (const offset of [0.5, 1, 1.5, 2].map((share) => share * STEP)) {
      const { kinks } = differences([0], (v) => v + Math.max(0, v - offset) + Math.max(0, -v - offset));
      expect(kinks.size, `${offset / STEP} h`).toBe(1);
    }
  });

  test.each<[string, number[], (v: number) => number]>([
    ['a steep sigmoid', [-0.3, 0, 0.1, 0.4], (v) => 1 / (1 + Math.exp(-30 * v))],
    ['a steep tanh', [-0.2, 0, 0.07, 0.5], (v) => Math.tanh(20 * v)],
    ['an exponential', [-1, 0, 2], (v) => Math.exp(5 * v)],
    ['a parabola of great curvature', [-1, 0, 1e-3, 2], (v) => 1e6 * v * v],
    ['a parabola at its bottom', [0], (v) => v * v],
    ['a cosine at its top', [0], (v) => Math.cos(v)],
    ['a quick cosine at its top', [0], (v) => Math.cos(10 * v)],
    ['a quick sine', [-0.3, 0, 0.1, 1], (v) => Math.sin(30 * v)],
    ['a cross-entropy', [-8, 0, 3], (v) => Math.log1p(Math.exp(-v))],
    ['large values', [0.3, 1.2], (v) => 1e6 + Math.sin(v)],
    ['larger values', [0.3, 1.2], (v) => 1e12 + Math.sin(v)],
    ['tiny values', [0.3, 1.2], (v) => 1e-12 * Math.sin(v)],
    ['a constant', [0.3, 1.2], () => 0.1],
    ['0', [0.3, 1.2], () => 0],
  ])('no kink is seen in %s', (_, values, f) => {
    expect([...differences(values, f).kinks]).toEqual([]);
  });

  test('nor in any of many smooth networks', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new Random(seed, 'smooth');
      const spec = perceptron({ inputs: 5, hidden: [6, 4], classes: 3, activation: 'tanh', l2: 0.1 });
      const network = new Network(kernels, spec, 4);
      for (const { value } of network.parameters) randomize(value, random, -2, 2);
      const [x, y] = [randomize(kernels.matrix(4, 5), random, -2, 2), kernels.matrix(4, 3)];
      for (let i = 0; i < 4; i++) y.values[3 * i + random.below(3)] = 1;
      for (const { name, value } of network.parameters) {
        const { kinks } = centralDifferences(value.values as Float64Array, () => {
          network.forward(x);
          return network.loss(y).values[0] + network.penalty().values[0];
        });
        expect(kinks.size, `${name}, seed ${seed}`).toBe(0);
      }
    }
  });
});

test.each([0.3, 0.7, 1.5, -0.3, -0.7, -1.5])(
  'a right gradient passes where a unit is %d h from its corner, under a loss that is curved',
  (share) => {
    const spec = perceptron({ inputs: 2, hidden: [3], classes: 2 });
    const make = (on: Kernels) => {
      const network = new Network(on, spec, 1);
      const [w1, b1, w2] = network.parameters;
      on.write(w1.value, [0.5, 0.75, -1, 0.25, -0.5, 1.5]);
      on.write(b1.value, [-0.75 + share * STEP, 0.125, 0.5]);
      on.write(w2.value, [3, -2, 0.5, 1, -1, 0.75]);
      return network;
    };
    const [x, y] = [matrixOf(kernels, [[1, 1]]), matrixOf(kernels, [[0, 1]])];
    const results = checkNetwork(make, x, y, { witness: 'central-difference' });
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(results.find(({ what }) => what === 'db1')?.unchecked).toBe(1);
  },
);

describe('the distance from kinks', () => {
  const spec = perceptron({ inputs: 2, hidden: [2], classes: 3, loss: 'svm' });

  test('is that of the nearest ReLU or margin', () => {
    const network = new Network(kernels, spec, 1);
    const [w1, b1, , b2] = network.parameters;
    w1.value.values.set([1, 0, 0, 1]);
    b1.value.values.set([0.5, -0.25]);
    b2.value.values.set([0.125, 0, 4]);
    const x = matrixOf(kernels, [[1, 1]]);
    const y = matrixOf(kernels, [[0, 1, 0]]);
    expect(networkKinkDistance(network, x, y)).toBe(0.75);
    b2.value.values.set([-0.875, 0, 4]);
    expect(networkKinkDistance(network, x, y)).toBe(0.125);
    expect(
      networkKinkDistance(new Network(kernels, { ...spec, loss: { name: 'squared-error' } }, 1), x, y),
    ).toBe(0);
  });

  test('ignores the class itself', () => {
    expect(marginDistance(matrixOf(kernels, [[-1, 5]]), matrixOf(kernels, [[0, 1]]))).toBe(5);
  });

  test('is drawn for until it is reached, or refused', () => {
    let distance = 0;
    expect(
      drawAwayFromKinks(
        () => distance++,
        () => distance,
        7,
      ),
    ).toBe(7);
    expect(() =>
      drawAwayFromKinks(
        () => {},
        () => 1,
        2,
        3,
      ),
    ).toThrow(new RangeError('drawAwayFromKinks: expected a distance of 2 within 3 tries'));
  });
});

test.each(['complex-step', 'central-difference'] as const)(
  'a network is checked on a sparse batch too: %s',
  (witness) => {
    const random = new Random(4, 'sparse');
    const samples = byteSamples(5, 12, 0.2, 3, random);
    const spec = perceptron({ inputs: 12, hidden: [4], classes: 3, activation: 'tanh' });
    const network = new Network(kernels, spec, 5);
    for (const { value } of network.parameters) randomize(value, random);
    const make = (on: Kernels) => {
      const twin = new Network(on, spec, 5);
      twin.setTensors(network.tensors());
      return twin;
    };
    const x = kernels.batch(samples, 5);
    const y = kernels.matrix(5, 3);
    expect(x.nonzeros).toBeDefined();
    kernels.gather(samples, Uint32Array.of(0, 1, 2, 3, 4), 0, 5, x, y);
    const results = checkNetwork(make, x, y, { witness });
    expect(results.map(({ what }) => what)).toEqual(expect.arrayContaining(['dW1', 'db1', 'dW2', 'db2']));
    expect(results.filter(({ passed, unchecked }) => !passed || unchecked > 0)).toEqual([]);
  },
);
