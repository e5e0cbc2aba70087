/** Dropout masks: which entries of a matrix are dropped, as a function of their place alone. */

import type { Random } from './random.ts';

/** Two random 32-bit words, from which as many as are wanted follow by their numbers. */
export type MaskKey = readonly [number, number];

/**
 * A mask over a matrix of any size. Whether entry (i, j) is dropped follows from the key and from i · cols + j, not from
 * the order in which entries are visited, so that any part of a mask can be made by any thread, and made again.
 */
export interface DropoutMask {
  /** The probability that an entry is dropped, above 0 and below 1. */
  readonly rate: number;
  readonly key: MaskKey;
}

/** The next mask of a generator: two draws. */
export function drawMask(random: Random, rate: number): DropoutMask {
  return { rate, key: [random.bits(), random.bits()] };
}

/** @throws RangeError if a dropout rate is not at least 0 and below 1 */
export function expectRate(where: string, rate: number): void {
  if (!(rate >= 0 && rate < 1)) {
    throw new RangeError(`${where}: expected a dropout rate from 0 up to, not including, 1, got ${rate}`);
  }
}

/** An entry is dropped if its 32 bits are below this. */
export function dropBelow({ rate }: DropoutMask): number {
  return Math.min(0xffffffff, Math.round(rate * 4294967296));
}

/** What the entries that are kept are multiplied with, so that the expected value stays what it is: 1 / (1 − rate). */
export function keptScale({ rate }: DropoutMask): number {
  return 1 / (1 - rate);
}

/**
 * 32 bits for entry number k = i · cols + j: splitmix32, which turns counters into random bits, started at the first
 * word of the key, and with the second in its middle, so that two masks are never one shifted against the other.
 */
export function maskBits({ key }: Pick<DropoutMask, 'key'>, k: number): number {
  let z = (key[0] + Math.imul(k, 0x9e3779b9)) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15) ^ key[1], 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

/** The factor of entry number k = i · cols + j: 0, or 1 / (1 − rate). */
export function maskFactor(mask: DropoutMask, k: number): number {
  return maskBits(mask, k) < dropBelow(mask) ? 0 : keptScale(mask);
}
