/** Compares arrays of numbers in one loop: number by number, as `toEqual` does by itself, is a large part of what the tests take. */

import { expect } from 'vitest';

type Numbers = ArrayLike<number>;

const isNumbers = (value: unknown): value is Numbers =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

/** True where both are arrays of the same kind with the same numbers, bit by bit; anything else is left to `toEqual`. */
function equalNumbers(a: unknown, b: unknown): true | undefined {
  if (!isNumbers(a) || !isNumbers(b) || Object.getPrototypeOf(a) !== Object.getPrototypeOf(b))
    return undefined;
  if (a.length !== b.length) return undefined;
  for (let i = 0; i < a.length; i++) {
    if (typeof a[i] !== 'number' || !Object.is(a[i], b[i])) return undefined;
  }
  return true;
}

expect.addEqualityTesters([equalNumbers]);
