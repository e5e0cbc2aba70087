/** The usual wrong derivations: how many a hint names as a teacher would, by kind, as docs/check-derivation.md has it. */

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { checkEquation } from '../../../src/check/derivation/derivation.ts';
import { USUAL_MISTAKES, type UsualMistake } from './usual-mistakes.ts';

/** The equations of a kind that are not named, each with what is said instead. */
function unnamedOf({ says, equations }: UsualMistake): string[] {
  return equations.flatMap(([net, equation]) => {
    const { passed, diagnosis } = checkEquation(equation, net);
    expect(passed, equation).toBe(false);
    return says.test(diagnosis ?? '') ? [] : [`${net}: ${equation}: ${diagnosis}`];
  });
}

test('at least 80 % of each kind are named, and docs/check-derivation.md says how many', async () => {
  const page = await readFile(new URL('../../../docs/check-derivation.md', import.meta.url), 'utf8');
  let [named, all] = [0, 0];
  const rows = USUAL_MISTAKES.map((mistake) => {
    const { kind, equations } = mistake;
    const unnamed = unnamedOf(mistake);
    const found = equations.length - unnamed.length;
    named += found;
    all += equations.length;
    expect.soft(found / equations.length, unnamed.join('\n')).toBeGreaterThanOrEqual(0.8);
    return `| ${kind} | \`${equations[0][1]}\` | ${found} of ${equations.length} |`;
  });
  expect.soft(page).toContain([...rows, `| all | | ${named} of ${all} |`].join('\n'));
}, 300_000);
