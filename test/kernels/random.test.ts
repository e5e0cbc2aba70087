/** The generator: xoshiro128** by an independent BigInt computation, its streams, and what is drawn with it. */

import { describe, expect, test } from 'vitest';
import { MAX_SEED, Random } from '../../src/kernels/random.ts';

const WORD = 0xffffffffn;
const rotl = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & WORD;

/** xoshiro128** as its authors' C has it, on BigInts cut to 32 bits. */
function* xoshiro128(state: readonly number[]): Generator<number> {
  let [s0, s1, s2, s3] = state.map(BigInt);
  while (true) {
    yield Number((rotl((s1 * 5n) & WORD, 7n) * 9n) & WORD);
    const t = (s1 << 9n) & WORD;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = rotl(s3, 11n);
  }
}

/** The state that a seed and a stream's name begin with, by splitmix32 on BigInts. */
function seeded(seed: number, stream: string): number[] {
  const mix = (state: bigint) => {
    let z = (state + 0x9e3779b9n) & WORD;
    z = ((z ^ (z >> 16n)) * 0x21f0aaadn) & WORD;
    z = ((z ^ (z >> 15n)) * 0x735a2d97n) & WORD;
    return z ^ (z >> 15n);
  };
  let state = 0n;
  for (const letter of stream) state = mix(state ^ BigInt(letter.charCodeAt(0)));
  state ^= mix(BigInt(seed));
  return [1, 2, 3, 4].map(() => {
    state = (state + 0x9e3779b9n) & WORD;
    return Number(mix(state));
  });
}

const take = (random: Random, count: number) => Array.from({ length: count }, () => random.bits());

describe('the numbers', () => {
  test('from the state 1 2 3 4 are those published for xoshiro128**', () => {
    const random = new Random(0, '');
    random.restore([1, 2, 3, 4]);
    expect(take(random, 6)).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492]);
  });

  test.each([
    [0, ''],
    [1, 'weights'],
    [MAX_SEED, 'shuffle'],
    [123456789, 'dropout'],
  ])('of seed %i and stream %j are those of the BigInt computation', (seed, stream) => {
    const random = new Random(seed, stream);
    const state = seeded(seed, stream);
    expect(random.save()).toEqual(state);
    const expected = xoshiro128(state);
    for (const bits of take(random, 1000)) expect(bits).toBe(expected.next().value);
  });

  test('of seed 1, weights, begin as every release must have them', () => {
    expect(take(new Random(1, 'weights'), 4)).toEqual([3947988593, 1092222330, 4136578991, 1557909172]);
  });

  test('differ from stream to stream and from seed to seed', () => {
    const starts = [0, 1, 2, 256].flatMap((seed) =>
      ['', 'a', 'ab', 'ba', 'weights', 'shuffle', 'dropout'].map((name) =>
        take(new Random(seed, name), 4).join(),
      ),
    );
    expect(new Set(starts).size).toBe(28);
  });

  test('do not collide where seed and letter differ in the same bits', () => {
    expect(take(new Random(1, 'b'), 4)).not.toEqual(take(new Random(2, 'a'), 4));
  });
});

describe('the state', () => {
  test('saved and restored goes on with the same numbers', () => {
    const random = new Random(7, 'x');
    take(random, 13);
    const state = random.save();
    const next = take(random, 20);
    const other = new Random(8, 'y');
    other.restore(state);
    expect(take(other, 20)).toEqual(next);
    random.restore(JSON.parse(JSON.stringify(state)));
    expect(take(random, 20)).toEqual(next);
  });

  test('saved is a copy', () => {
    const random = new Random(7, 'x');
    const state = random.save();
    const before = [...state];
    random.bits();
    expect(state).toEqual(before);
    random.restore(state);
    const next = random.bits();
    expect(state).toEqual(before);
    random.restore(state);
    expect(random.bits()).toBe(next);
  });

  test.each([
    [[]],
    [[1, 2, 3]],
    [[1, 2, 3, 4, 5]],
    [[0, 0, 0, 0]],
    [[1, 2, 3, 2 ** 32]],
    [[1, 2, 3, -1]],
    [[1, 2, 3, 0.5]],
    [[1, 2, 3, Number.NaN]],
  ])('%j is refused, and the old one kept', (state) => {
    const random = new Random(7, 'x');
    const before = random.save();
    expect(() => random.restore(state)).toThrow(
      new RangeError(`Random.restore: expected four 32-bit words, not all zero, got ${state.join(' ')}`),
    );
    expect(random.save()).toEqual(before);
  });

  test.each([-1, 0.5, 2 ** 32, Number.NaN, Infinity])('the seed %d is refused', (seed) => {
    expect(() => new Random(seed, 'x')).toThrow(
      new RangeError(`Random: expected a seed from 0 to 4294967295, got ${seed}`),
    );
  });
});

describe('what is drawn', () => {
  test('uniform: in its interval, with mean and variance of the uniform distribution, 53 bits deep', () => {
    const random = new Random(3, 'uniform');
    const draws = Array.from({ length: 50_000 }, () => random.uniform());
    expect(draws.every((u) => u >= 0 && u < 1)).toBe(true);
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * draws.length));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.002);
    expect(draws.some((u) => (u * 2 ** 53) % 2 === 1)).toBe(true);
    expect(draws.every((u) => Number.isInteger(u * 2 ** 53))).toBe(true);
  });

  test('uniform from low to high is that from 0 to 1, scaled', () => {
    const unit = new Random(3, 'u').uniform();
    expect(new Random(3, 'u').uniform(-2, 6)).toBe(-2 + 8 * unit);
  });

  test('below: every integer as often as any other', () => {
    for (const n of [2, 3, 7, 10, 100]) {
      const random = new Random(4, 'below');
      const counts = new Array<number>(n).fill(0);
      const draws = 2000 * n;
      for (let i = 0; i < draws; i++) counts[random.below(n)]++;
      const chiSquare = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
      // n − 1 degrees of freedom: mean n − 1, variance 2 (n − 1).
      expect(chiSquare).toBeLessThan(n - 1 + 5 * Math.sqrt(2 * (n - 1)));
      expect(counts).toHaveLength(n);
    }
  });

  test('below draws again what would favour the small: of 3 · 2³⁰, the last quarter of the words', () => {
    const random = new Random(5, 'biased');
    const n = 3 * 2 ** 30;
    const words = take(new Random(5, 'biased'), 4000);
    const kept = words.filter((word) => word < n);
    expect(words.length - kept.length).toBeGreaterThan(800);
    expect(Array.from({ length: kept.length }, () => random.below(n))).toEqual(kept);
  });

  test('below at its ends', () => {
    expect(new Random(1, 'x').below(1)).toBe(0);
    expect(new Random(1, 'x').below(2 ** 32)).toBe(new Random(1, 'x').bits());
    for (const n of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN]) {
      expect(() => new Random(1, 'x').below(n)).toThrow(
        new RangeError(`Random.below: expected an integer from 1 to 2³², got ${n}`),
      );
    }
  });

  test('a shuffle is a permutation, another one the next time, the same from the same seed', () => {
    const random = new Random(6, 'shuffle');
    const order = Uint32Array.from({ length: 1000 }, (_, i) => i);
    random.shuffle(order);
    const first = [...order];
    expect(first.toSorted((a, b) => a - b)).toEqual([...first.keys()]);
    random.shuffle(order);
    expect([...order]).not.toEqual(first);
    const again = Uint32Array.from({ length: 1000 }, (_, i) => i);
    new Random(6, 'shuffle').shuffle(again);
    expect([...again]).toEqual(first);
  });

  test('a shuffle gives every order of three as often as any other', () => {
    const random = new Random(9, 'orders');
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const order = Uint32Array.of(0, 1, 2);
      random.shuffle(order);
      counts.set(order.join(''), (counts.get(order.join('')) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  test('a shuffle of none or one changes nothing and draws nothing', () => {
    const random = new Random(6, 'shuffle');
    const before = random.save();
    random.shuffle(new Uint32Array(0));
    random.shuffle(Uint32Array.of(5));
    expect(random.save()).toEqual(before);
  });
});
