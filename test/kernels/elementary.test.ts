/** exp, log and their relatives: within 2 ulp of Math over the whole range, exact at the edges, the same bits everywhere. */

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as elementary from '../../src/kernels/elementary.ts';
import { Random } from '../../src/kernels/random.ts';

const { exp, expm1, log, log1p, tanh, sigmoid, softplus, cosPi, sinPi } = elementary;

/**
 * σ and softplus are no functions of Math: their witnesses are composed of its functions, and so themselves off by
 * an ulp or two.
 */
const FUNCTIONS = [
  { name: 'exp', f: exp, witness: Math.exp, ulps: 2 },
  { name: 'expm1', f: expm1, witness: Math.expm1, ulps: 2 },
  { name: 'log', f: log, witness: Math.log, ulps: 2 },
  { name: 'log1p', f: log1p, witness: Math.log1p, ulps: 2 },
  { name: 'tanh', f: tanh, witness: Math.tanh, ulps: 2 },
  {
    name: 'sigmoid',
    f: sigmoid,
    witness: (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
    ulps: 2,
  },
  {
    name: 'softplus',
    f: softplus,
    witness: (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    ulps: 3,
  },
] as const;

/** The first 16 digits of the SHA-256 over 8,000 results: another number here is another result in every run. */
const GOLDEN = {
  exp: 'c5df79df07d91246',
  expm1: '26d49770624d28e9',
  log: '8f4d36b3817a7d1e',
  log1p: '1aa339a7920d7acf',
  tanh: 'ab709950c47dc762',
  sigmoid: '5febcac8318c542d',
  softplus: '94faa1b39b79cb56',
};

const view = new DataView(new ArrayBuffer(8));

/** Where x stands among the float64s: neighbours differ by 1, and 0 and −0 are one. */
function rank(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}

function ulpsBetween(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? 0 : Infinity;
  const difference = rank(a) - rank(b);
  return Number(difference < 0n ? -difference : difference);
}

/** Numbers of every size: around 0, where the functions bend, over exp's whole range, and bit patterns at random. */
function points(count: number): number[] {
  const random = new Random(2024, 'points');
  return Array.from({ length: count }, (_, i) => {
    if (i % 4 === 0) return random.uniform(-1, 1);
    if (i % 4 === 1) return random.uniform(-20, 20);
    if (i % 4 === 2) return random.uniform(-750, 715);
    view.setUint32(0, random.bits());
    view.setUint32(4, random.bits());
    return view.getFloat64(0);
  });
}

describe.each(FUNCTIONS)('$name', ({ name, f, witness, ulps }) => {
  test(`is within ${ulps} ulp of Math`, () => {
    let worst = { ulps: 0, x: 0 };
    for (const x of points(40_000)) {
      const off = ulpsBetween(f(x), witness(x));
      if (off > worst.ulps) worst = { ulps: off, x };
    }
    expect(worst.ulps, `at ${worst.x}`).toBeLessThanOrEqual(ulps);
  });

  test('gives the bits that every release must give', () => {
    const results = Float64Array.from(points(8_000), (x) => f(x));
    const bytes = new DataView(new ArrayBuffer(8 * results.length));
    // Little-endian whatever the machine, and one NaN for all: its sign and payload are the engine's own affair.
    results.forEach((y, i) => {
      if (Number.isNaN(y)) bytes.setBigUint64(8 * i, 0x7ff8000000000000n, true);
      else bytes.setFloat64(8 * i, y, true);
    });
    expect(createHash('sha256').update(bytes).digest('hex').slice(0, 16)).toBe(GOLDEN[name]);
  });
});

describe('cosPi', () => {
  /** By Math on the eighth of a turn where πx is most exact. */
  const witness = (x: number): number => {
    const t = Math.abs(x) % 2;
    if (t > 1) return witness(2 - t);
    if (t > 0.5) return -witness(1 - t);
    return t > 0.25 ? Math.sin(Math.PI * (0.5 - t)) : Math.cos(Math.PI * t);
  };

  test('is within 2 ulp of Math', () => {
    const random = new Random(7, 'turns');
    for (let i = 0; i < 40_000; i++) {
      const x = random.uniform(-1, 1) * (i % 3 === 0 ? 1000 : 2);
      expect(ulpsBetween(cosPi(x), witness(x)), `at ${x}`).toBeLessThanOrEqual(2);
    }
  });

  test('gives the bits that every release must give', () => {
    const results = Float64Array.from({ length: 2001 }, (_, k) => cosPi(k / 1000));
    const bytes = new Uint8Array(results.buffer);
    expect(createHash('sha256').update(bytes).digest('hex').slice(0, 16)).toBe('bb9809e699b0bc7d');
  });

  test.each([
    [0, 1],
    [-0, 1],
    [0.5, 0],
    [-0.5, 0],
    [1, -1],
    [1.5, 0],
    [2, 1],
    [-3, -1],
    [1e15, 1],
    [2 ** 60, 1],
    [1e-300, 1],
    [Infinity, Number.NaN],
    [Number.NaN, Number.NaN],
  ])('of %d is %d', (x, y) => expect(cosPi(x)).toBe(y));

  test('of a third is ½, of a quarter √½', () => {
    expect(cosPi(1 / 3)).toBeCloseTo(0.5, 15);
    expect(cosPi(1 / 4)).toBeCloseTo(Math.SQRT1_2, 15);
  });
});

describe('sinPi', () => {
  /** By Math on the eighth of a turn where πx is most exact. */
  const witness = (x: number): number => {
    if (x < 0) return -witness(-x);
    const t = x % 2;
    if (t > 1) return -witness(t - 1);
    if (t > 0.5) return witness(1 - t);
    return t > 0.25 ? Math.cos(Math.PI * (0.5 - t)) : Math.sin(Math.PI * t);
  };

  test('is within 2 ulp of Math', () => {
    const random = new Random(8, 'turns');
    for (let i = 0; i < 40_000; i++) {
      const x = random.uniform(-1, 1) * (i % 3 === 0 ? 1000 : 2);
      expect(ulpsBetween(sinPi(x), witness(x)), `at ${x}`).toBeLessThanOrEqual(2);
    }
  });

  test.each([
    [0, 0],
    [0.5, 1],
    [-0.5, -1],
    [1, 0],
    [1.5, -1],
    [-1.5, 1],
    [2.5, 1],
    [2 ** 60, 0],
  ])('of %d is %d', (x, y) => expect(sinPi(x) + 0).toBe(y));

  test('of a sixth is ½, and of what is not finite NaN', () => {
    expect(sinPi(1 / 6)).toBeCloseTo(0.5, 15);
    for (const x of [Infinity, -Infinity, Number.NaN]) expect(sinPi(x)).toBeNaN();
  });
});

describe('special values', () => {
  const { MAX_VALUE, MIN_VALUE, NaN: nan } = Number;
  const MIN_NORMAL = 2 ** -1022;

  test.each<[string, (x: number) => number, [number, number][]]>([
    [
      'exp',
      exp,
      [
        [0, 1],
        [-0, 1],
        [Infinity, Infinity],
        [-Infinity, 0],
        [nan, nan],
        [MIN_VALUE, 1],
        [-MIN_VALUE, 1],
        [MAX_VALUE, Infinity],
        [-MAX_VALUE, 0],
        [-745.1332191019412, 0],
        [-745.1332191019411, MIN_VALUE],
        [709.7827128933841, Infinity],
      ],
    ],
    [
      'expm1',
      expm1,
      [
        [0, 0],
        [-0, -0],
        [Infinity, Infinity],
        [-Infinity, -1],
        [nan, nan],
        [MIN_VALUE, MIN_VALUE],
        [-MIN_VALUE, -MIN_VALUE],
        [MIN_NORMAL, MIN_NORMAL],
        [MAX_VALUE, Infinity],
        [-MAX_VALUE, -1],
        [-40.5, -1],
      ],
    ],
    [
      'log',
      log,
      [
        [1, 0],
        [0, -Infinity],
        [-0, -Infinity],
        [Infinity, Infinity],
        [-Infinity, nan],
        [-1, nan],
        [-MIN_VALUE, nan],
        [nan, nan],
        [Math.E, 1],
        [2, Math.LN2],
      ],
    ],
    [
      'log1p',
      log1p,
      [
        [0, 0],
        [-0, -0],
        [-1, -Infinity],
        [Infinity, Infinity],
        [-Infinity, nan],
        [-1.5, nan],
        [nan, nan],
        [MIN_VALUE, MIN_VALUE],
        [-MIN_VALUE, -MIN_VALUE],
        [1, Math.LN2],
      ],
    ],
    [
      'tanh',
      tanh,
      [
        [0, 0],
        [-0, -0],
        [Infinity, 1],
        [-Infinity, -1],
        [nan, nan],
        [MIN_VALUE, MIN_VALUE],
        [-MIN_VALUE, -MIN_VALUE],
        [MIN_NORMAL, MIN_NORMAL],
        [MAX_VALUE, 1],
        [-MAX_VALUE, -1],
      ],
    ],
    [
      'sigmoid',
      sigmoid,
      [
        [0, 0.5],
        [-0, 0.5],
        [Infinity, 1],
        [-Infinity, 0],
        [nan, nan],
        [MIN_VALUE, 0.5],
        [MAX_VALUE, 1],
        [-MAX_VALUE, 0],
        [-745.1332191019411, MIN_VALUE],
      ],
    ],
    [
      'softplus',
      softplus,
      [
        [0, Math.LN2],
        [-0, Math.LN2],
        [Infinity, Infinity],
        [-Infinity, 0],
        [nan, nan],
        [MAX_VALUE, MAX_VALUE],
        [-MAX_VALUE, 0],
        [-745.1332191019411, MIN_VALUE],
        [1000, 1000],
      ],
    ],
  ])('of %s', (_, f, pairs) => {
    expect(pairs.map(([x]) => [x, f(x)])).toEqual(pairs);
  });

  // In both directions from each edge, against Math: subnormal results and arguments, the last finite ones.
  test.each(FUNCTIONS)('$name by the edges', ({ f, witness, ulps }) => {
    const edges = [
      709.782712893384,
      709.7827128933839,
      -708.3964185322641,
      -745.13,
      1e308,
      2e305,
      MAX_VALUE,
      36.7368,
      -36.7368,
      40,
      -40,
      0.5,
      -0.5,
      Math.LN2 / 2,
      Math.SQRT2,
      Math.SQRT1_2,
      -1 + 2 ** -53,
      2 ** -53,
      MIN_NORMAL,
      MIN_NORMAL / 2,
      3 * MIN_VALUE,
      0.55,
      0.625,
    ];
    for (const edge of edges) {
      for (const x of [edge, edge * (1 + 2 ** -52), edge * (1 - 2 ** -53), -edge]) {
        expect(ulpsBetween(f(x), witness(x)), `at ${x}`).toBeLessThanOrEqual(ulps);
      }
    }
  });

  test('a subnormal result is rounded once: the halves between multiples of 2⁻¹⁰⁷⁴ go as in Math.exp', () => {
    for (let x = -745.1; x < -708; x += 0.037)
      expect(ulpsBetween(exp(x), Math.exp(x))).toBeLessThanOrEqual(1);
  });
});
