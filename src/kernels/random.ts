/** The one source of randomness: a seeded generator whose numbers are the same everywhere. */

/** One step of splitmix32, which turns seeds that differ little into states that differ much. */
function splitmix32(state: number): number {
  let z = (state + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

const rotl = (x: number, k: number) => (x << k) | (x >>> (32 - k));

/** The largest seed: seeds are integers from 0 to 2³² − 1. */
export const MAX_SEED = 0xffffffff;

/**
 * xoshiro128** (Blackman and Vigna 2021, «Scrambled linear pseudorandom number generators»): 128 bits of state,
 * period 2¹²⁸ − 1. A run has several, told apart by the name of their stream, so that drawing one more number for
 * the weights does not change the shuffles.
 *
 * @throws RangeError if the seed is not an integer from 0 to 2³² − 1
 */
export class Random {
  #s: Uint32Array;

  constructor(seed: number, stream: string) {
    if (!Number.isInteger(seed) || seed < 0 || seed > MAX_SEED) {
      throw new RangeError(`Random: expected a seed from 0 to ${MAX_SEED}, got ${seed}`);
    }
    let state = 0;
    for (let i = 0; i < stream.length; i++) state = splitmix32(state ^ stream.charCodeAt(i));
    // The seed is scrambled before the two meet, or neighbouring seeds and letters would cancel.
    state ^= splitmix32(seed);
    this.#s = new Uint32Array(4);
    for (let i = 0; i < 4; i++) {
      state = (state + 0x9e3779b9) >>> 0;
      this.#s[i] = splitmix32(state);
    }
    // The all-zero state is the one that the generator never leaves.
    if (this.#s.every((word) => word === 0)) this.#s[0] = 1;
  }

  /** The next 32 random bits, as an integer from 0 to 2³² − 1. */
  bits(): number {
    const s = this.#s;
    const result = Math.imul(rotl(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11);
    return result;
  }

  /** A float64 uniform in [low, high) but for rounding, with 53 random bits. */
  uniform(low = 0, high = 1): number {
    const unit = ((this.bits() >>> 5) * 67108864 + (this.bits() >>> 6)) / 9007199254740992;
    return low + (high - low) * unit;
  }

  /** An integer uniform in 0 … n − 1, without bias: draws past the last whole multiple of n are drawn again. */
  below(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 4294967296) {
      throw new RangeError(`Random.below: expected an integer from 1 to 2³², got ${n}`);
    }
    const end = 4294967296 - (4294967296 % n);
    let x = this.bits();
    while (x >= end) x = this.bits();
    return x % n;
  }

  /** Puts the entries in an order uniform over all orders (Fisher and Yates), in place. */
  shuffle(order: Uint32Array): void {
    for (let i = order.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = order[i];
      order[i] = order[j];
      order[j] = held;
    }
  }

  /** The state as four 32-bit words; a generator restored from it goes on with the same numbers. */
  save(): number[] {
    return [...this.#s];
  }

  /**
   * Goes back to a state from `save`.
   *
   * @throws RangeError if it is not four 32-bit words, not all zero
   */
  restore(state: readonly number[]): void {
    const words = Uint32Array.from(state);
    if (
      words.length !== 4 ||
      words.some((word, i) => word !== state[i]) ||
      words.every((word) => word === 0)
    ) {
      throw new RangeError(
        `Random.restore: expected four 32-bit words, not all zero, got ${state.join(' ')}`,
      );
    }
    this.#s = words;
  }
}
