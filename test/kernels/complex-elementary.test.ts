/** exp, log1p, tanh and their relatives beside the real axis: identities, derivatives, and on the axis the real bits. */

import { describe, expect, test } from 'vitest';
import {
  type Complex,
  complexExp,
  complexLog1p,
  complexSigmoid,
  complexSoftplus,
  complexTanh,
  divide,
  multiply,
} from '../../src/kernels/complex-elementary.ts';
import { exp, log1p, sigmoid, softplus, tanh } from '../../src/kernels/elementary.ts';
import { Random } from '../../src/kernels/random.ts';

type Name = 'exp' | 'log1p' | 'tanh' | 'sigmoid' | 'softplus';

/** Each function beside its real one and its derivative, both by the engine's own Math. */
const FUNCTIONS: Record<
  Name,
  { f: (z: Complex) => Complex; real: (x: number) => number; derivative: (x: number) => number }
> = {
  exp: { f: complexExp, real: exp, derivative: Math.exp },
  log1p: { f: complexLog1p, real: log1p, derivative: (x) => 1 / (1 + x) },
  tanh: {
    f: complexTanh,
    real: tanh,
    derivative: (x) => (4 * Math.exp(-2 * Math.abs(x))) / (1 + Math.exp(-2 * Math.abs(x))) ** 2,
  },
  sigmoid: {
    f: complexSigmoid,
    real: sigmoid,
    derivative: (x) => Math.exp(-Math.abs(x)) / (1 + Math.exp(-Math.abs(x))) ** 2,
  },
  softplus: {
    f: complexSoftplus,
    real: softplus,
    derivative: (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  },
};

const NAMES = Object.keys(FUNCTIONS) as Name[];

/** Real parts of every size that the function takes. */
function reals(name: Name, count: number): number[] {
  const random = new Random(11, `reals ${name}`);
  return Array.from({ length: count }, (_, i) => {
    if (name === 'log1p') return i % 3 === 0 ? random.uniform(-0.99, 3) : 10 ** random.uniform(-25, 300);
    const size = [1, 20, 750, 1e-8, 1e-200][i % 5];
    return random.uniform(-size, size);
  });
}

/** Complex numbers with real parts within `size` and imaginary ones within `strip`. */
function numbers(count: number, size: number, strip: number): Complex[] {
  const random = new Random(12, `numbers ${size} ${strip}`);
  return Array.from({ length: count }, () => [random.uniform(-size, size), random.uniform(-strip, strip)]);
}

const STRIP = 1 / 16;
const add = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];
const scale = (factor: number, [a, b]: Complex): Complex => [factor * a, factor * b];
const modulus = ([a, b]: Complex) => Math.hypot(a, b);

/** Expects |got − want| ≤ tolerance · |want|. */
function expectNear(got: Complex, want: Complex, tolerance: number, at: unknown): void {
  const distance = modulus(add(got, scale(-1, want))) / modulus(want);
  if (!(distance <= tolerance)) expect.fail(`at ${at}: ${got} for ${want}, off by ${distance}`);
}

describe.each(NAMES)('%s', (name) => {
  const { f, real, derivative } = FUNCTIONS[name];

  test('on the axis has the bits of the real function, and an imaginary part of 0 where it is finite', () => {
    for (const x of reals(name, 5000)) {
      const [re, im] = f([x, 0]);
      const onAxis = im === 0 || re === Infinity;
      if (!Object.is(re, real(x)) || !onAxis) expect.fail(`at ${x}: ${re} + ${im}i for ${real(x)}`);
    }
  });

  test('beside it by steps whose squares vanish, too', () => {
    for (const x of reals(name, 5000)) {
      for (const h of [2 ** -100, -(2 ** -100)]) {
        // The square vanishes beside x itself, which is what log1p is near 0.
        const [re] = f([x, h * Math.min(1, Math.abs(x))]);
        if (!Object.is(re, real(x))) expect.fail(`at ${x} + ${h}i: ${re} for ${real(x)}`);
      }
    }
  });

  test.each([Number.NaN, -0, 0, Infinity, -Infinity, Number.MIN_VALUE, -1e-310])(
    'has the real function’s bits at %d',
    (x) => {
      if (name !== 'log1p' || x !== -Infinity) expect(f([x, 0])[0]).toBe(real(x));
    },
  );

  test('has its derivative as imaginary part over step, within 1e-15', () => {
    const h = 2 ** -100;
    for (const x of reals(name, 5000)) {
      const want = derivative(x);
      const got = f([x, h])[1] / h;
      // Results below the normal numbers have fewer digits; times h they would be lost.
      if (want < 1e-270) continue;
      const error = Math.abs(got - want) / want;
      if (!(want === Infinity ? got === want : error <= 1e-15)) {
        expect.fail(`at ${x}: ${got} for ${want}, off by ${error}`);
      }
    }
  });

  test('of a conjugate is the conjugate, to the bit', () => {
    for (const [a, b] of numbers(2000, 5, STRIP)) {
      const x = name === 'log1p' ? Math.abs(a) : a;
      const [re, im] = f([x, b]);
      const conjugate = f([x, -b]);
      expect(conjugate[0]).toBe(re);
      expect(Math.abs(conjugate[1] + im)).toBe(0);
    }
  });

  test('takes imaginary parts up to 1/16, and refuses larger ones', () => {
    // Of log1p(e^z) within softplus, and of log1p, the angle counts; at 0 it is the imaginary part itself.
    const x = name === 'softplus' ? -40 : 0;
    for (const t of [STRIP, -STRIP]) expect(f([x, t]).every(Number.isFinite)).toBe(true);
    for (const t of [STRIP * (1 + 2 ** -52), -0.07, 1, Infinity]) {
      expect(() => f([x, t])).toThrow(RangeError);
      expect(() => f([x, t])).toThrow(/^complex numbers: expected an imaginary part within 0\.0625, got /);
    }
  });

  test('takes NaN, and hands it on', () => {
    expect(f([Number.NaN, 0])[0]).toBeNaN();
    expect(f([0.5, Number.NaN]).every(Number.isNaN)).toBe(true);
  });
});

describe('identities', () => {
  const pairs = (size: number) => {
    const list = numbers(4000, size, STRIP / 2);
    return list.slice(0, 2000).map((a, i) => [a, list[2000 + i]] as const);
  };

  test('e^{a+b} = e^a e^b', () => {
    for (const [a, b] of pairs(3)) {
      expectNear(complexExp(add(a, b)), multiply(complexExp(a), complexExp(b)), 3e-15, [a, b]);
    }
  });

  test('e^{a+ib} = e^a (cos b + i sin b), by the engine’s cos and sin', () => {
    for (const [a, b] of numbers(2000, 5, STRIP)) {
      expectNear(complexExp([a, b]), scale(Math.exp(a), [Math.cos(b), Math.sin(b)]), 1e-15, [a, b]);
    }
  });

  test('e^{ln(1 + z)} = 1 + z', () => {
    for (const z of numbers(2000, 0.9, 0.005)) {
      expectNear(complexExp(complexLog1p(z)), add([1, 0], z), 1e-15, z);
    }
  });

  test('ln(1 + z) near 0 keeps its digits: z − z²/2 + z³/3', () => {
    for (const z of numbers(2000, 1e-6, 1e-6)) {
      const square = multiply(z, z);
      const want = add(z, add(scale(-1 / 2, square), scale(1 / 3, multiply(z, square))));
      expectNear(complexLog1p(z), want, 1e-15, z);
    }
  });

  test('tanh(a + b) = (tanh a + tanh b) / (1 + tanh a tanh b)', () => {
    const tolerance = 2e-15; // two units in the last place for each tanh, and a rounding for each of a dozen operations
    for (const [a, b] of pairs(1)) {
      const [s, t] = [complexTanh(a), complexTanh(b)];
      // The denominator may be small, and then the quotient has fewer digits than its parts.
      const below = add([1, 0], multiply(s, t));
      expectNear(
        complexTanh(add(a, b)),
        divide(add(s, t), below),
        tolerance / modulus(below) / modulus(add(a, b)),
        [a, b],
      );
    }
  });

  test('tanh z = 2 σ(2z) − 1', () => {
    for (const [a, b] of pairs(2)) {
      const z: Complex = [Math.abs(a[0]) + 0.5, b[1]];
      expectNear(complexTanh(z), add(scale(2, complexSigmoid(scale(2, z))), [-1, 0]), 1e-15, z);
    }
  });

  test('tanh is odd, to the bit', () => {
    for (const [a, b] of numbers(2000, 3, STRIP)) {
      expect(complexTanh([-a, -b])).toEqual(complexTanh([a, b]).map((part) => -part));
    }
  });

  test('σ(z) + σ(−z) = 1, and 1/σ(z) = 1 + e^{−z}', () => {
    for (const z of numbers(2000, 10, STRIP)) {
      expectNear(add(complexSigmoid(z), complexSigmoid(scale(-1, z))), [1, 0], 5e-16, z);
      expectNear(divide([1, 0], complexSigmoid(z)), add([1, 0], complexExp(scale(-1, z))), 1e-15, z);
    }
  });

  test('ln(1 + e^z) − ln(1 + e^{−z}) = z, and e to its power 1 + e^z', () => {
    for (const z of numbers(2000, 10, STRIP)) {
      const [up, down] = [complexSoftplus(z), complexSoftplus(scale(-1, z))];
      expectNear(add(up, scale(-1, down)), z, 1e-15 * (1 + 1 / modulus(z)), z);
      expectNear(complexExp(up), add([1, 0], complexExp(z)), 3e-15, z);
    }
  });

  test('the product, exactly in whole numbers, and the quotient undoes it', () => {
    expect(multiply([2, 3], [5, -7])).toEqual([31, 1]);
    expect(multiply([0, 1], [0, 1])).toEqual([-1, 0]);
    for (const [a, b] of pairs(5)) {
      const below: Complex = [b[0] < 0 ? b[0] - 1 : b[0] + 1, b[1]];
      expectNear(divide(multiply(a, below), below), a, 1e-15, [a, below]);
    }
  });

  test('the quotient neither over- nor underflows on its way', () => {
    expect(divide([1e300, 1e300], [1e300, 1e290])[0]).toBeCloseTo(1 + 1e-10, 14);
    expect(divide([1e-300, 0], [1e-300, 1e-310])[0]).toBe(1);
  });
});
