/** Derivation sheets: what is read of a file, and the verdict on each line; the exercises and their solutions. */

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readSheet } from '../../../src/check/derivation/sheet.ts';
import { checkSheet } from '../../../src/check/derivation/sheet-check.ts';
import type { NoteNet } from '../../../src/formulas/formula.ts';

const exercises = fileURLToPath(new URL('../../../docs/exercises/', import.meta.url));
const names = readdirSync(exercises).filter((name) => name.endsWith('.md') && name !== 'README.md');
const read = (name: string) => readFileSync(exercises + name, 'utf8');

function check(text: string) {
  const { nets, lines } = readSheet(text);
  return checkSheet(lines, nets[0] as NoteNet, { draws: 3 });
}

describe('the exercises', () => {
  test('there are three', () => expect(names).toHaveLength(3));

  test.each(names)('%s has open blanks and nothing wrong', (name) => {
    const { passed, firstWrong, lines } = check(read(name));
    expect([passed, firstWrong]).toEqual([false, null]);
    const blanks = read(name)
      .split('\n')
      .flatMap((text, k) => (/^[^`]*\?[^`]*$/.test(text) ? [k + 1] : []));
    expect(lines.filter(({ verdict }) => verdict === 'open').map(({ line }) => line)).toEqual(blanks);
    expect(blanks.length).toBeGreaterThan(3);
  });

  test.each(names)('the solution of %s is right, and has the exercise’s lines', (name) => {
    const { passed, firstWrong, lines } = check(read(`solutions/${name}`));
    expect([passed, firstWrong]).toEqual([true, null]);
    expect(lines).toHaveLength(check(read(name)).lines.length);
  });

  test.each<[string, string, string]>([
    ['recursion.md', "W^2 \\delta^2) \\odot \\varphi'(z^1)", "W^2 \\delta^2) \\odot \\varphi'(x^1)"],
    ['softmax.md', 'p_i (\\delta_{ij} - p_j)', 'p_i (1 - p_j)'],
    ['transpose.md', '\\sum_i x_{ik} \\frac', '\\sum_i x_{ki} \\frac'],
  ])('a mistake in the solution of %s is found on its line', (name, right, wrong) => {
    const text = read(`solutions/${name}`);
    const at = text.indexOf(right);
    expect(at).toBeGreaterThan(0);
    const line = text.slice(0, at).split('\n').length;
    expect(check(text.replace(right, () => wrong))).toMatchObject({ passed: false, firstWrong: line });
  });
});

test('what follows from a wrong line is not wrong by itself, and only the first is named', () => {
  const { firstWrong, lines } = check('net: C\n```\ndS = P − Y\n   = P + (−Y)\n   = (P − Y)/N\n```');
  expect(firstWrong).toBe(3);
  expect(lines.map(({ verdict }) => verdict)).toEqual(['wrong', 'follows', 'right']);
  expect(lines[0].diagnosis).toMatch(/divided by N/);
});

describe('reading', () => {
  const equations = (text: string) => readSheet(text).lines.map(({ line, equation }) => [line, equation]);

  test('every kind of block, with the line of each equation', () => {
    const text = [
      '% net: D',
      'Let $a = b$ be ignored, and c = d too.',
      '$$ L = x $$',
      '\\[',
      'z = y',
      '\\]',
      '\\begin{align*}',
      'a &= b \\\\ % = ignored',
      '  &= c + {}',
      'd \\quad \\text{(chain rule)} \\\\',
      'e &= f = g, \\label{eq}',
      '\\end{align*}',
      '```math',
      'h = k',
      '```',
      '```',
      'm = n',
      '  = o',
      '```',
      '```sh',
      'q = r',
      '```',
    ].join('\n');
    expect(readSheet(text).nets).toEqual(['D']);
    expect(equations(text)).toEqual([
      [3, 'L = x'],
      [5, 'z = y'],
      [8, 'a = b'],
      [9, 'a = c + {} d'],
      [11, 'e = f'],
      [11, 'e = g'],
      [14, 'h = k'],
      [17, 'm = n'],
      [18, 'm = o'],
    ]);
  });

  test('an equals sign in brackets or a condition is part of its side', () => {
    expect(equations('$$ a = \\sum_{k=1}^{10} \\mathbb{1}[j = y_i] \\quad \\text{for } j = y_i $$')).toEqual([
      [1, 'a = \\sum_{k=1}^{10} \\mathbb{1}[j = y_i] \\quad \\text{for } j = y_i'],
    ]);
  });

  test('no equations, and a block that is not closed', () => {
    expect(equations('# Nothing\n\nas dS = P here')).toEqual([]);
    expect(equations('$$\na = b')).toEqual([[2, 'a = b']]);
  });
});
