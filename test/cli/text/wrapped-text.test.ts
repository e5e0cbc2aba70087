import { expect, test } from 'vitest';
import { table } from '../../../src/cli/text/terminal.ts';
import { wrap, wrappedColumns } from '../../../src/cli/text/wrapped-text.ts';

test('lines break at single spaces, never inside a word', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('incomprehensible a', 4)).toEqual(['incomprehensible', 'a']);
  expect(wrap('a  b c', 4)).toEqual(['a  b', 'c']);
});

test('wide characters count as two columns, combining marks as none', () => {
  expect(wrap('数字 数字', 8)).toEqual(['数字', '数字']);
  expect(
    table([
      ['数', 'x'],
      ['ab', 'e\u0301'],
    ]),
  ).toEqual(['数  x', 'ab  e\u0301']);
  expect(
    wrappedColumns(
      [
        ['数', 'one two'],
        ['abc', 'x'],
      ],
      1,
      30,
    ),
  ).toEqual(['数   one two', 'abc  x']);
});
