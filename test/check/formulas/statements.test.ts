/** Every line of the registry is read in LaTeX and in the Unicode that is made of it, and has the same value. */

import { expect, test } from 'vitest';
import { checkEquation, NetPool } from '../../../src/check/derivation/derivation.ts';
import type { NoteNet } from '../../../src/formulas/formula.ts';
import { FORMULAS } from '../../../src/formulas/registry.ts';

const lines = FORMULAS.flatMap(({ id, net, latex, unicode, activation }) =>
  net === undefined
    ? []
    : latex.map((line, k) => ({ id, net: net as NoteNet, line, inUnicode: unicode[k], activation })),
);
const pool = new NetPool();

test.each(lines)('$id $inUnicode', ({ net, line, inUnicode, activation }) => {
  const options = { draws: 2, diagnose: false, pool, ...(activation && { activation }) };
  const [latex, unicode] = [line, inUnicode].map((text) => checkEquation(text, net, options));
  expect(latex).toMatchObject({ passed: true });
  expect(unicode).toMatchObject({ passed: true, expression: latex.expression });
  expect(unicode.maxRelativeError).toBe(latex.maxRelativeError);
});

test('these are all lines of all formulas that have a network', () => {
  expect(lines.length).toBeGreaterThanOrEqual(118);
  expect(new Set(lines.map(({ id }) => id)).size).toBe(
    FORMULAS.filter(({ net }) => net !== undefined).length,
  );
});
