/** The picture of an image in the terminal. */

import { Chalk } from 'chalk';
import { expect, test } from 'vitest';
import { imageLines } from '../../../src/cli/text/digit.ts';

const plain = new Chalk({ level: 0 });
const full = new Chalk({ level: 3 });
const ESC = '\u001b';

test('without colour: shades, and half blocks where the halves differ', () => {
  const pixels = [0, 1, 1, 0, 0.5, 0, 1, 0, 1, 0.5];
  expect(imageLines(plain, pixels, 2, 5)).toEqual([' █▀▄▒']);
});

test('two rows to a line; an odd last row has black below it', () => {
  expect(imageLines(plain, new Float64Array(28 * 28).fill(1), 28, 28)).toEqual(
    Array(14).fill('█'.repeat(28)),
  );
  expect(imageLines(plain, [1, 1, 1], 3, 1)).toEqual(['█', '▀']);
});

test('in colour: the upper pixel in front, the lower behind, equal neighbours under one code', () => {
  expect(imageLines(full, [1, 1, 0, 0, 0, 0.2], 2, 3)).toEqual([
    `${ESC}[38;2;255;255;255m${ESC}[48;2;0;0;0m▀▀${ESC}[49m${ESC}[39m` +
      `${ESC}[38;2;0;0;0m${ESC}[48;2;51;51;51m▀${ESC}[49m${ESC}[39m`,
  ]);
});

test('256 colours are enough for grey, 16 are not', () => {
  expect(imageLines(new Chalk({ level: 2 }), [0.5, 0.5], 2, 1)[0]).toContain(`${ESC}[38;5;`);
  expect(imageLines(new Chalk({ level: 1 }), [0.5, 0.5], 2, 1)).toEqual(['▒']);
});

test('what lies beyond black and white is taken for the nearer', () => {
  expect(imageLines(plain, [-3, 7, -3, 7], 2, 2)).toEqual([' █']);
});
