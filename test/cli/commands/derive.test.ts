/** `mlp derive`: what it prints, its JSON, its exit codes, and words that do not fit. */

import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { FORMULAS } from '../../../src/formulas/registry.ts';
import { expectError, expectPlain, lines, mlp } from '../run.ts';

const derive = (...args: string[]) => mlp(['derive', ...args], { cwd: tmpdir() });

test('a formula: every line with its rule, the result at the end, and how far it was checked', async () => {
  const { code, stdout, stderr } = await derive('D5');
  expect([code, stderr]).toEqual([0, '']);
  expectPlain(stdout);
  const printed = lines(stdout);
  expect(printed[0]).toBe('D5 · the δ recursion  net D');
  expect(stdout).toMatch(/^ {2}∂z²ₖ\/∂x¹ⱼ = Σᵢ w²ᵢₖ δᵢⱼ +linearity; /m);
  expect(stdout).toMatch(/^ {12}= w²ⱼₖ +δᵢⱼ collapses the sum$/m);
  expect(stdout).toMatch(/^ {2}δ¹ = \(W² δ²\) ⊙ φ′\(z¹\) +matrix form/m);
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /Each of the 11 lines was evaluated on random numbers: it is within \d\.\de-1[5-9] of the exact value/,
  );
});

test('the id in any case, in LaTeX', async () => {
  const { code, stdout } = await derive('c3', '--latex');
  expect(code).toBe(0);
  expect(stdout).toContain(String.raw`\frac{\partial L}{\partial S} = \frac{P - Y}{N}`);
});

test('without a formula: a list of all that have a derivation', async () => {
  const { code, stdout } = await derive();
  expect(code).toBe(0);
  for (const id of ['A4', 'B8', 'C6', 'D5', 'E2', 'transpose', 'X15']) {
    expect(stdout).toMatch(new RegExp(`^${id} +net `, 'm'));
  }
  const { derivations } = JSON.parse((await derive('--json')).stdout);
  expect(derivations).toContainEqual({ formula: 'D5', title: 'the δ recursion', net: 'D' });
});

test('--json: every line in three spellings, with its rule and both errors', async () => {
  const { code, stdout } = await derive('E2', '--json');
  const { passed, formula, net, chains } = JSON.parse(stdout);
  expect([code, passed, formula, net]).toEqual([0, true, 'E2', 'E']);
  const last = chains.at(-1).at(-1);
  expect(last).toMatchObject({
    unicode: FORMULAS.find(({ id }) => id === 'E2')?.unicode[0],
    formula: 'E2',
    rule: expect.stringContaining('matrix form'),
  });
  expect(last.maxRelativeError).toBeLessThan(1e-12);
  expect(last.stepError).toBeLessThan(1e-12);
  expect(chains[0][0].stepError).toBeNull();
});

test.each([
  [
    ['D55'],
    /^error: expected the id of a formula, as in D5, got "D55" \(did you mean "D5"\?\); `mlp derive` lists/,
  ],
  [['D3'], /^error: expected a formula that follows from others, got D3, which is a definition; /],
  [
    ['X24'],
    /^error: expected a formula that follows from others, got X24, which no network of the notes has numbers for/,
  ],
  [['D5', 'D6'], /^error: too many arguments/],
  [['D5', '--seed', '-1'], /^error: --seed: /],
])('%j is exit code 2', async (args, message) => {
  expectError(await derive(...args), 2, message);
});
