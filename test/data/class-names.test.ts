/** Names of classes in order, and samples of some of them. */

import { describe, expect, test } from 'vitest';
import { decimal, keepClasses, orderedNames, pickRows } from '../../src/data/class-names.ts';
import type { Samples } from '../../src/kernels/matrix.ts';

const samples: Samples = {
  count: 4,
  cols: 2,
  values: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  scale: 1 / 255,
  labels: Uint8Array.of(0, 1, 2, 1),
  classes: 3,
};

test.each([
  ['-1.5e3', -1500],
  ['.5', 0.5],
  ['007', 7],
  ['', Number.NaN],
  ['0x10', Number.NaN],
  ['Infinity', Number.NaN],
  ['1,5', Number.NaN],
  ['1 2', Number.NaN],
])('decimal %j', (text, value) => {
  expect(decimal(text)).toBe(value);
});

test('orderedNames: by value if all are numbers, else by code units, each once', () => {
  expect(orderedNames(['10', '9', '-2', '9'])).toEqual(['-2', '9', '10']);
  expect(orderedNames(['1.0', '1'])).toEqual(['1', '1.0']);
  expect(orderedNames(['b10', 'b9', 'B', 'é', 'z'])).toEqual(['B', 'b10', 'b9', 'z', 'é']);
});

test('pickRows copies rows in the order given, floats as floats', () => {
  expect(pickRows(samples, [3, 0])).toEqual({
    ...samples,
    count: 2,
    values: Uint8Array.of(7, 8, 1, 2),
    labels: Uint8Array.of(1, 0),
  });
  const floats = { ...samples, values: Float32Array.from(samples.values, (value) => value / 2) };
  expect(pickRows(floats, [1]).values).toEqual(Float32Array.of(1.5, 2));
});

describe('keepClasses', () => {
  test('leaves out other classes and labels the rest anew', () => {
    expect(keepClasses(samples, ['a', 'b', 'c'], ['c', 'b'])).toEqual({
      ...samples,
      count: 3,
      values: Uint8Array.of(3, 4, 5, 6, 7, 8),
      labels: Uint8Array.of(1, 0, 1),
      classes: 2,
    });
  });

  test('of all classes gives the same samples', () => {
    expect(keepClasses(samples, ['a', 'b', 'c'], ['a', 'b', 'c'])).toBe(samples);
  });

  test('may have classes of which there is no sample', () => {
    const more = keepClasses(samples, ['a', 'b', 'c'], ['a', 'b', 'c', 'd']);
    expect(more).toMatchObject({ count: 4, classes: 4, labels: samples.labels });
  });
});
