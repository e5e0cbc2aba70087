/** A tensor in a few numbers. */

import { expect, test } from 'vitest';
import { summary } from '../../src/explain/summary.ts';

test('norm, bounds, nonzeros and the largest entries, the first of equals first', () => {
  expect(summary([0, -4, 3, 0, 3, -3], 3)).toEqual({
    norm: Math.sqrt(43),
    min: -4,
    max: 3,
    nonzero: 4,
    largest: [
      { index: 1, value: -4 },
      { index: 2, value: 3 },
      { index: 4, value: 3 },
    ],
  });
});

test('fewer entries than asked for, and none', () => {
  expect(summary([2, -5], 5).largest).toEqual([
    { index: 1, value: -5 },
    { index: 0, value: 2 },
  ]);
  expect(summary([2, -5], 0).largest).toEqual([]);
  expect(summary([0, 0]).norm).toBe(0);
});

test('the norm of numbers whose squares leave the range', () => {
  expect(summary([3e-200, 4e-200]).norm).toBeCloseTo(5e-200, 210);
  expect(summary([3e-200, 4e-200]).norm).toBeGreaterThan(4.9e-200);
  expect(summary([3e200, 4e200]).norm / 5e200).toBeCloseTo(1, 12);
});
