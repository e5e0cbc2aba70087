/** Held-out samples: how many, of which classes, and which. */

import { describe, expect, test } from 'vitest';
import { holdOut } from '../../src/data/split.ts';
import { Random } from '../../src/kernels/random.ts';

const seeded = (seed: number) => new Random(seed, 'validation');

/** Labels of so many samples of each class, interleaved so that no class is a contiguous run. */
function interleaved(counts: number[]): Uint8Array {
  const left = [...counts];
  const labels: number[] = [];
  while (left.some((count) => count > 0)) {
    for (const label of left.keys()) if (left[label]-- > 0) labels.push(label);
  }
  return Uint8Array.from(labels);
}

function countsOf(rows: Uint32Array, labels: Uint8Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const row of rows) counts[labels[row]]++;
  return counts;
}

const ascending = (rows: Uint32Array) => rows.every((row, i) => i === 0 || rows[i - 1] < row);

const uneven = [60, 7, 1, 0, 132];
const labels = interleaved(uneven);

describe('the split', () => {
  test.each([1, 2, 37, 100, 199])('of %i rows is exact, disjoint, complete and ascending', (held) => {
    const { train, heldOut } = holdOut(labels, 5, held, seeded(1));
    expect(heldOut).toHaveLength(held);
    expect(ascending(train) && ascending(heldOut)).toBe(true);
    expect([...train, ...heldOut].sort((a, b) => a - b)).toEqual([...labels.keys()]);
  });

  test.each([1, 2, 37, 100, 199])('of %i rows takes of each class its share to within one', (held) => {
    const { heldOut } = holdOut(labels, 5, held, seeded(1));
    for (const [label, count] of countsOf(heldOut, labels, 5).entries()) {
      expect(Math.abs(count - (held * uneven[label]) / labels.length)).toBeLessThan(1);
    }
  });

  test('gives rows left over to the largest remainders', () => {
    const shares = (counts: number[], held: number) => {
      const rows = interleaved(counts);
      return countsOf(holdOut(rows, counts.length, held, seeded(3)).heldOut, rows, counts.length);
    };
    expect(shares([6, 3, 1], 5)).toEqual([3, 2, 0]);
    expect(shares([1, 3, 6], 3)).toEqual([0, 1, 2]);
    expect(shares([5, 5, 5], 4)).toEqual([2, 1, 1]);
    expect(shares([2, 2, 6], 4)).toEqual([1, 1, 2]);
  });

  test('by a fraction is that by the rows it comes to', () => {
    expect(holdOut(labels, 5, 0.25, seeded(1))).toEqual(holdOut(labels, 5, 50, seeded(1)));
    expect(holdOut(labels, 5, 0.1233, seeded(1)).heldOut).toHaveLength(25);
  });

  test('is the same for the same seed and another for another', () => {
    const first = holdOut(labels, 5, 50, seeded(1)).heldOut;
    expect(holdOut(labels, 5, 50, seeded(1)).heldOut).toEqual(first);
    expect(holdOut(labels, 5, 50, seeded(2)).heldOut).not.toEqual(first);
  });

  test('holds every row of a class out equally often', () => {
    const rows = new Uint8Array(5);
    const random = seeded(1);
    const times = new Array<number>(5).fill(0);
    for (let i = 0; i < 5000; i++) {
      for (const row of holdOut(rows, 1, 2, random).heldOut) times[row]++;
    }
    // Each is binomial(5000, 0.4): mean 2000, standard deviation 35.
    for (const count of times) expect(Math.abs(count - 2000)).toBeLessThan(175);
  });

  test('leaves the labels as they were', () => {
    const copy = Uint8Array.from(labels);
    holdOut(copy, 5, 50, seeded(1));
    expect(copy).toEqual(labels);
  });
});

describe('refused with a RangeError', () => {
  test.each([
    [200, 'expected to hold out 1 to 199 of 200 samples, got 200'],
    [5000, 'expected to hold out 1 to 199 of 200 samples, got 5000'],
    [0.999, 'expected to hold out 1 to 199 of 200 samples, got 200 (0.999 of 200)'],
    [0.001, 'expected to hold out 1 to 199 of 200 samples, got 0 (0.001 of 200)'],
    [0, 'expected a whole number of samples or a fraction below 1, got 0'],
    [-3, 'expected a whole number of samples or a fraction below 1, got -3'],
    [2.5, 'expected a whole number of samples or a fraction below 1, got 2.5'],
    [Number.NaN, 'expected a whole number of samples or a fraction below 1, got NaN'],
    [Number.POSITIVE_INFINITY, 'expected a whole number of samples or a fraction below 1, got Infinity'],
  ])('held %d', (held, message) => {
    expect(() => holdOut(labels, 5, held, seeded(1))).toThrow(new RangeError(`validation: ${message}`));
  });

  test('a label that is no class', () => {
    const message = 'validation: expected labels below 4, got 4 at sample 3';
    expect(() => holdOut(Uint8Array.of(0, 1, 2, 4), 4, 2, seeded(1))).toThrow(new RangeError(message));
  });
});
