/** How far an analytic gradient is from a numeric one: the error measure, and what it makes of kinks. */

import { describe, expect, test } from 'vitest';
import { compare, type Derivative, relativeError } from '../../../src/check/gradients/derivative.ts';

describe('the relative error', () => {
  test.each([
    [[1, 2], [1, 2], 0],
    [[1, 2.5], [1, -2], 2.25],
    [[1, 4], [2, 4], 0.25],
    [[0, -0], [0, 0], 0],
    [[0, 1e-300], [0, 0], Infinity],
    [[0, 0], [0, 3], 1],
    [[Number.NaN, 1], [1, 1], Infinity],
    [[1, 1], [1, Number.NaN], Infinity],
    [[Infinity], [Infinity], Infinity],
    [[1e308], [-1e308], Infinity],
    [[], [], 0],
  ])('of %j and %j is %d', (a, n, expected) => expect(relativeError(a, n)).toBe(expected));

  test('is of the whole tensor: an entry near 0 counts by the largest one', () => {
    expect(relativeError([1e-9, 1], [2e-9, 1])).toBe(1e-9);
  });

  test('refuses lengths that differ', () => {
    expect(() => relativeError([1], [1, 2])).toThrow(
      new RangeError('relativeError: expected 2 entries, got 1'),
    );
  });
});

describe('comparing with a derivative', () => {
  const derivative = (values: number[], kinks: [number, [number, number]][] = []): Derivative => ({
    values: Float64Array.from(values),
    kinks: new Map(kinks),
  });

  test('without kinks gives the relative error', () => {
    expect(compare([1, 4], derivative([2, 4]))).toEqual({ error: 0.25, unchecked: 0 });
    expect(compare([1, Number.NaN], derivative([1, 1]))).toEqual({ error: Infinity, unchecked: 0 });
  });

  test.each([
    [0, 0],
    [0.5, 0],
    [1, 0],
    [1.25, 0.0625],
    [-0.5, 0.125],
    [Number.NaN, Infinity],
  ])('at a kink between 0 and 1, %d is off by %d of the largest entry', (slope, error) => {
    // What stands in `values` there is no derivative, and must not matter.
    for (const value of [0, 77, Number.NaN, -1e9]) {
      expect(compare([slope, 4], derivative([value, 4], [[0, [0, 1]]]))).toEqual({ error, unchecked: 1 });
    }
  });

  test('an entry beside a kink is checked as ever', () => {
    expect(compare([0, 3], derivative([0, 4], [[0, [0, 1]]]))).toEqual({ error: 0.25, unchecked: 1 });
  });

  test('nothing passes because every entry lies at a kink', () => {
    const all = derivative(
      [0, 0],
      [
        [0, [0, 1]],
        [1, [-1, 1]],
      ],
    );
    expect(compare([0.5, 0], all)).toEqual({ error: Infinity, unchecked: 2 });
  });

  test('of nothing is nothing', () => {
    expect(compare([], derivative([]))).toEqual({ error: 0, unchecked: 0 });
  });

  test('changes neither side', () => {
    const [analytic, numeric] = [[3, 4], derivative([9, 4], [[0, [0, 1]]])];
    compare(analytic, numeric);
    expect(analytic).toEqual([3, 4]);
    expect([...numeric.values]).toEqual([9, 4]);
  });

  test('refuses lengths that differ', () => {
    expect(() => compare([1], derivative([1, 2]))).toThrow(
      new RangeError('compare: expected 2 entries, got 1'),
    );
  });
});
