/** The confusion matrix at several widths of the terminal, with many classes and with long and wide names. */

import { Chalk } from 'chalk';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { confusionLines } from '../../../src/cli/text/confusion.ts';

const terminal = {
  out: () => {},
  err: () => {},
  note: () => {},
  colour: new Chalk({ level: 0 }),
  redraws: false,
};

/** Every class is predicted right 3 times, and taken for the next one once. */
const confusionOf = (classes: number) =>
  Array.from({ length: classes }, (_, row) =>
    Array.from({ length: classes }, (_, c) => (c === row ? 3 : c === (row + 1) % classes ? 1 : 0)),
  );
const linesOf = (names: string[], columns: number) =>
  confusionLines(terminal, confusionOf(names.length), names, columns);

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const all = [...letters, ...letters.map((letter) => letter.toLowerCase()), ...'0123456789'];

describe('a matrix', () => {
  test.each([
    [26, 80, letters],
    [62, 130, all],
    [10, 50, [...'0123456789']],
  ])('of %i classes fits %i columns', (classes, columns, names) => {
    const lines = linesOf(names, columns);
    const head = lines.findIndex((line) => line.startsWith('true'));
    expect(lines[head].split(/ +/).slice(1)).toEqual(names);
    const rows = lines.slice(head + 1, head + 1 + classes);
    expect(rows.every((row) => row.split(/ +/).length === classes + 1)).toBe(true);
    expect(new Set(rows.map((row) => stringWidth(row))).size).toBe(1);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
  });

  test('of long names cuts them short where they stay apart', () => {
    const lines = linesOf(['ankle boot of leather', 'sneaker', 'sandal with straps'], 40);
    expect(lines[1]).toMatch(/^true .*ankle.*… +sneaker +sandal.*…$/);
    for (const line of lines.slice(0, 5)) expect(stringWidth(line)).toBeLessThanOrEqual(40);
  });

  test('counts the columns of wide characters', () => {
    const rows = linesOf(['猫', '犬', 'mouse'], 80).slice(1, 5);
    expect(new Set(rows.map((row) => stringWidth(row))).size).toBe(1);
  });

  test.each([
    ['too many for the columns', all, 80],
    ['alike when cut short', Array.from({ length: 20 }, (_, i) => `class number ${i}`), 80],
  ])('is left out where its classes are %s, and the confusions stay', (_, names, columns) => {
    const lines = linesOf(names, columns);
    expect(lines[0]).toMatch(/^most frequent confusions +predicted +times$/);
    expect(lines).toHaveLength(13);
  });
});

test('the most frequent confusions follow the matrix', () => {
  const lines = linesOf(['a', 'b', 'c'], 80);
  expect(lines.slice(5)).toEqual([
    '',
    'most frequent confusions  predicted  times',
    'a                                 b      1',
    'b                                 c      1',
    'c                                 a      1',
  ]);
});
