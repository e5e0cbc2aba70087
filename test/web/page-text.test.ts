/** What the page tells in numbers and words: times, losses, and what a confusion matrix comes to. */

import { describe, expect, test } from 'vitest';
import {
  countText,
  percentText,
  secondsText,
  shortLossText,
  timeLeftText,
} from '../../src/web/page/number-text.ts';
import { cellStrength, cellText, confusionSummary } from '../../src/web/page/views/run/confusion-summary.ts';

test.each([
  [0, '0 s'],
  [0.034, '0.03 s'],
  [0.999, '1.0 s'],
  [4.24, '4.2 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [59.6, '1 min 00 s'],
  [125, '2 min 05 s'],
  [3599.6, '1 h 00 min'],
  [3900, '1 h 05 min'],
  [360_000, '100 h 00 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(secondsText(seconds)).toBe(text);
});

test.each([
  [undefined, '–'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '–'],
  [0.2, 'a moment'],
  [1.2, 'about 1 s'],
  [12.4, 'about 12 s'],
  [200, 'about 3 min 20 s'],
])('%s seconds left are %s', (seconds, text) => {
  expect(timeLeftText(seconds)).toBe(text);
});

test('counts, shares and losses', () => {
  expect(countText(159010)).toBe('159,010');
  expect(percentText(0.98213)).toBe('98.21 %');
  expect([0, 0.0123456, 2.412345, 1e-7, 123456].map(shortLossText)).toEqual([
    '0',
    '0.01235',
    '2.412',
    '1.00e-7',
    '1.23e+5',
  ]);
});

describe('a confusion matrix', () => {
  const COUNTS = [
    [8, 2, 0],
    [0, 5, 5],
    [0, 0, 0],
  ];
  const NAMES = ['a', 'b', 'c'];

  test('comes to what is right and the most frequent mistakes', () => {
    expect(confusionSummary(COUNTS)).toEqual({
      samples: 20,
      right: 13,
      rows: [10, 10, 0],
      worst: [
        { label: 1, predicted: 2, count: 5 },
        { label: 0, predicted: 1, count: 2 },
      ],
    });
  });

  test('names at most three mistakes, also of many classes', () => {
    const many = Array.from({ length: 62 }, (_, row) =>
      Array.from({ length: 62 }, (_, i) => (i === row ? 5 : 1)),
    );
    const { samples, right, worst } = confusionSummary(many);
    expect([samples, right, worst.length]).toEqual([62 * 66, 310, 3]);
  });

  test('colours what is right below 0, what is not above, and a class without samples not at all', () => {
    expect(cellStrength(COUNTS, 0, 0)).toBeCloseTo(-Math.cbrt(0.8), 12);
    expect(cellStrength(COUNTS, 1, 2)).toBeCloseTo(Math.cbrt(0.5), 12);
    expect(cellStrength(COUNTS, 2, 2)).toBe(0);
  });

  test('tells a cell by the names of the classes', () => {
    expect(cellText(COUNTS, NAMES, 0, 1)).toBe('true a, predicted b: 2 of 10 (20.0 %)');
    expect(cellText(COUNTS, NAMES, 2, 0)).toBe('true c, predicted a: 0 of 0');
  });
});
