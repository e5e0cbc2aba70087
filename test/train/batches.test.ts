/** Samples in minibatches: sizes, order, shuffling. */

import { describe, expect, test } from 'vitest';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { allOf, Batches, type Subset } from '../../src/train/batches.ts';
import { nested } from '../support/matrices.ts';
import { samplesOf } from './runs.ts';

// Row i is [i + 1, 10 (i + 1)], so that a row is known by its first value.
const samples = samplesOf(
  Array.from({ length: 7 }, (_, i) => [i + 1, 10 * (i + 1)]),
  [0, 1, 2, 0, 1, 2, 0],
);

const batchesOf = (subset: Subset, batchSize: number) =>
  new Batches(new ReferenceKernels('float64'), subset, batchSize);

/** The first values of the rows, batch by batch. */
function firsts(batches: Batches): number[][] {
  return Array.from({ length: batches.count }, (_, i) => {
    batches.load(i);
    return nested(batches.x).map(([first]) => first);
  });
}

test('allOf names every row once, in order', () => {
  expect(allOf(samples)).toEqual({ samples, rows: Uint32Array.of(0, 1, 2, 3, 4, 5, 6) });
});

describe('batches', () => {
  test('go through the rows in their order, the last one short', () => {
    const batches = batchesOf(allOf(samples), 3);
    expect([batches.count, batches.size]).toEqual([3, 7]);
    expect(firsts(batches)).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
    expect([0, 1, 2].map((i) => batches.load(i))).toEqual([3, 3, 1]);
    expect([batches.x.rows, batches.y.rows]).toEqual([1, 1]);
  });

  test('are all full where they divide evenly', () => {
    const batches = batchesOf({ samples, rows: Uint32Array.of(0, 1, 2, 3) }, 2);
    expect(firsts(batches)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('hold whole rows, scaled, with their targets', () => {
    const batches = batchesOf({ samples: { ...samples, scale: 0.5 }, rows: Uint32Array.of(6, 1) }, 2);
    batches.load(0);
    expect(nested(batches.x)).toEqual([
      [3.5, 35],
      [1, 10],
    ]);
    expect(nested(batches.y)).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
  });

  test('can be loaded again and in any order', () => {
    const batches = batchesOf(allOf(samples), 3);
    batches.load(2);
    expect(batches.load(0)).toBe(3);
    expect(nested(batches.x).map(([first]) => first)).toEqual([1, 2, 3]);
  });
});

describe('shuffling', () => {
  test('keeps every row, once, and changes their order', () => {
    const rows = Uint32Array.of(1, 3, 4, 6);
    const batches = batchesOf({ samples, rows }, 3);
    const random = new Random(3, 'test');
    const orders = Array.from({ length: 20 }, () => {
      batches.shuffle(random);
      return firsts(batches).flat();
    });
    for (const order of orders) expect(order.toSorted((a, b) => a - b)).toEqual([2, 4, 5, 7]);
    expect(new Set(orders.map(String)).size).toBeGreaterThan(5);
    expect([...rows]).toEqual([1, 3, 4, 6]);
  });

  test('follows from the state of the generator alone, not from the order before', () => {
    const [fresh, used] = [batchesOf(allOf(samples), 3), batchesOf(allOf(samples), 3)];
    used.shuffle(new Random(99, 'other'));
    used.shuffle(new Random(8, 'test'));
    fresh.shuffle(new Random(8, 'test'));
    expect(firsts(used)).toEqual(firsts(fresh));
    fresh.shuffle(new Random(9, 'test'));
    expect(firsts(used)).not.toEqual(firsts(fresh));
  });
});
