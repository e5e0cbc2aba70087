/** `mlp check-derivation FILE`: what it prints, its exit codes, and files that are no sheets. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectError, expectPlain, mlp } from '../run.ts';

const cwd = mkdtempSync(join(tmpdir(), 'sheets-'));
const check = (...args: string[]) => mlp(['check-derivation', ...args], { cwd });
const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);

const SHEET =
  'net: C\n\n$$\n\\begin{aligned}\ndS &= \\frac{P - Y}{N} \\\\\n&= \\frac{1}{N} P - ?\n\\end{aligned}\n$$\n';

test('an exercise: open lines, exit code 4; filled in, 0; wrong, the line and exit code 4', async () => {
  write('exercise.md', SHEET);
  const open = await check('exercise.md');
  expect([open.code, open.stderr]).toEqual([4, '']);
  expectPlain(open.stdout);
  expect(open.stdout).toMatch(/^5 {2}right {4}dS = \(P − Y\)\/N\n6 {2}open {5}.*\n\nOpen: line 6\.\n$/m);
  write('solved.tex', SHEET.replace('net:', '% net:').replace('?', '\\frac{1}{N} Y'));
  const solved = await check('solved.tex');
  expect(solved.code).toBe(0);
  expect(solved.stdout).toMatch(/\nAll 2 lines are right\.\n$/);
  write('wrong.md', SHEET.replace('?', 'Y'));
  const wrong = await check('wrong.md', '--json');
  expect(wrong.code).toBe(4);
  expect(JSON.parse(wrong.stdout)).toMatchObject({
    file: 'wrong.md',
    net: 'C',
    passed: false,
    firstWrong: 6,
    lines: [{ verdict: 'right' }, { verdict: 'wrong' }],
  });
  expect((await check('wrong.md')).stdout).toMatch(/^wrong\.md:6: the first wrong step\.$/m);
});

test.each<[string, string, number, RegExp]>([
  ['none.md', 'net: C\n\nwithout any', 3, /none\.md: expected equations in \$\$, .* got none/],
  ['binary.md', 'net: C\0', 3, /binary\.md: expected Markdown or LaTeX, got a binary file/],
  ['huge.md', 'a'.repeat(1_000_001), 3, /huge\.md: expected a sheet of at most 1000000 bytes, got 1000001/],
  [
    'many.md',
    `net: C\n\`\`\`\n${'dS = P\n'.repeat(501)}\`\`\``,
    3,
    /expected at most 500 equations, got 501/,
  ],
  ['mixed.md', 'net: C\nnet: D\n$$ dS = P $$', 3, /expected one net in a sheet, got C and D/],
  ['unknown.md', 'net: Q\n$$ dS = P $$', 3, /net: expected one of A, .*, got "Q"/],
  ['unread.md', 'net: C\n\n$$ dS = P + $$', 3, /unread\.md:3: on net C: expected /],
  ['letters.md', 'net: C\n\n$$ \\delta^1 = P $$', 3, /letters\.md:3: on net C: /],
  [
    'without.md',
    '$$ dS = P $$',
    2,
    /--net: expected one of A, .*, or a line such as "net: D" in without\.md/,
  ],
])('%s is refused in one line', async (name, text, code, message) => {
  write(name, text);
  expectError(await check(name), code, message);
});

test('a missing file, another net, and words beside a sheet', async () => {
  write('sheet.md', SHEET);
  expectError(await check('missing.md'), 3, /cannot read missing\.md: no such file/);
  expectError(await check('sheet.md', '--net', 'D'), 2, /--net: expected C, which sheet\.md names, got D/);
  expectError(
    await check('sheet.md', 'dS = P'),
    2,
    /sheet\.md: expected no equation beside a sheet, got "dS = P"/,
  );
  expectError(
    await check('sheet.md', '--net', 'C', '--symbols'),
    2,
    /--symbols: expected no sheet beside it/,
  );
  expectError(await check('sheet.md', '--activation', 'tanh'), 2, /--activation: expected with net D only/);
});
