/** The comparison of the examples notices what it must notice. */

import { describe, expect, test } from 'vitest';
import { isShown, missingPiece, updated } from './comparison.ts';
import { blocksOf, commandsIn, examplesIn, withOutput } from './page.ts';

const printed = [
  'sgd, seed 1, 2 threads',
  'epoch 1/3  loss 0.3736  0.29 s  207,210 samples/s',
  'epoch 2/3  loss 0.1323  0.23 s  264,191 samples/s',
  'epoch 3/3  loss 0.1012  0.25 s  264,191 samples/s',
  'test accuracy 98.36 %  1.99 s of training',
];

describe('isShown', () => {
  test.each([
    ['all lines', printed],
    [
      'another machine',
      printed.map((line) => line.replace(/[\d.]+ s\b/, '11.5 s').replace('2 threads', '1 thread')),
    ],
    ['a gap', [printed[0], '⋮', printed[4]]],
    ['a gap at the end', [printed[0], printed[1], '⋮']],
    ['a gap at the beginning', ['⋮', printed[3], printed[4]]],
    ['two gaps', [printed[0], '⋮', printed[2], '⋮', printed[4]]],
    ['an interrupt', [printed[0], printed[1], '^C', printed[4]]],
    ['text left out', ['sgd, … 2 threads', '⋮']],
  ])('accepts %s', (_, shown) => expect(isShown(shown, printed)).toBe(true));

  test.each([
    ['another loss', printed.map((line) => line.replace('0.3736', '0.3737'))],
    ['another accuracy after a gap', [printed[0], '⋮', 'test accuracy 98.35 %  1.99 s of training']],
    ['a line too few', printed.slice(0, 4)],
    ['a line too few at the start', printed.slice(1)],
    ['a line too many', [...printed, '']],
    ['a gap of no line', [printed[0], '⋮', ...printed.slice(1)]],
    ['lines in another order', ['⋮', printed[3], '⋮', printed[1], '⋮']],
    ['nothing', []],
  ])('rejects %s', (_, shown) => expect(isShown(shown, printed)).toBe(false));
});

test('updated keeps the gaps and shows the same lines with the new figures', () => {
  const shown = [
    ...printed.slice(0, 2),
    '⋮',
    'epoch 3/3  loss 0.5000  0.25 s  1 samples/s',
    '⋮',
    'test accuracy 50 %',
  ];
  const lines = [...printed.slice(0, 4), 'between', 'test accuracy 99.00 %'];
  expect(updated(shown, lines)).toEqual([
    ...printed.slice(0, 2),
    '⋮',
    printed[3],
    '⋮',
    'test accuracy 99.00 %',
  ]);
  expect(updated(printed.slice(1), printed)).toEqual(printed);
});

test('missingPiece ignores white space and what … stands for', () => {
  expect(missingPiece('{ "a": 1, "b": [2, …] }', '{"a":1,"b":[2,3,4]}')).toBeUndefined();
  expect(missingPiece('{ "a": 1, "b": [3, …] }', '{"a":1,"b":[2,3,4]}')).toBe('{"a":1,"b":[3,');
});

test('a page gives its blocks, commands and outputs', () => {
  const page = [
    '<!-- illustration: takes an hour -->',
    '```sh',
    'npx mlp train   # a comment',
    '# another',
    '```',
    'text',
    '```console',
    '$ one \\',
    '  more',
    'output',
    '',
    '$ two',
    '```',
    '',
  ].join('\n');
  const [shell, terminal] = blocksOf('x.md', page);
  expect(shell).toMatchObject({ language: 'sh', line: 2, illustration: 'takes an hour' });
  expect(commandsIn(shell)).toEqual(['npx mlp train']);
  expect(terminal.illustration).toBeUndefined();
  const examples = examplesIn(terminal);
  expect(examples).toEqual([
    { command: 'one \\\n  more', shown: ['output'] },
    { command: 'two', shown: [] },
  ]);
  expect(withOutput(page, examples[0], ['new', 'lines'])).toContain('  more\nnew\nlines\n\n$ two\n');
});
