/** `mlp gradcheck` without a module: the table, the JSON and bad flags. */

import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { FORMULAS } from '../../../src/formulas/registry.ts';
import { expectError, expectPlain, lines, mlp } from '../run.ts';

const cwd = tmpdir();

test('prints a line for each check and ends with the verdict', async () => {
  const { code, stdout, stderr } = await mlp(['gradcheck'], { cwd });
  expect([code, stderr]).toEqual([0, '']);
  expectPlain(stdout);
  expect(stdout).toMatch(/^Layers +formulas +method +error +at most +verdict$/m);
  expect(stdout).toMatch(/^Dense +.*complex +0 +1\.0e-12 +passes$/m);
  expect(stdout).toMatch(
    /^softmax-cross-entropy, relu .*complex .*passes\n.*central +\d\.\de-\d+ +1\.0e-6 +passes$/m,
  );
  expect(stdout).toMatch(/^Relu at z = 0 .*passes\n +3 unchecked$/m);
  expect(stdout).toMatch(/^slip-C2 as written.*fails, rightly$/m);
  expect(stdout).toMatch(/^slip-A1 as written.*refused, rightly\n/m);
  for (const { id } of FORMULAS) expect(stdout).toMatch(new RegExp(`^${id} `, 'm'));
  expect(stdout).toMatch(/^X5 Adam +X5 +closed +\d\.\de-\d+ +1\.0e-12 +passes$/m);
  expect(lines(stdout).at(-2)).toMatch(/^all \d+ checks \(\d+ of them must fail\) came out as they must$/);
  expect(Math.max(...lines(stdout).map((line) => line.length))).toBeLessThanOrEqual(112);
});

test('--json is the contract’s', async () => {
  const { code, stdout } = await mlp(['gradcheck', '--json', '--seed', '7'], { cwd });
  expect(code).toBe(0);
  const { passed, checks } = JSON.parse(stdout);
  expect(passed).toBe(true);
  expect(checks.length).toBeGreaterThan(100);
  for (const check of checks) {
    expect(Object.keys(check)).toEqual([
      ...['name', 'formulas', 'method', 'expected'],
      ...['maxRelativeError', 'tolerance', 'passed', 'unchecked', 'diagnosis'],
    ]);
    expect(['complex-step', 'central-difference', 'float32', 'closed-form', 'shape']).toContain(check.method);
    if (check.method === 'shape') expect(check).toMatchObject({ expected: 'fail', maxRelativeError: null });
    else expect(check.maxRelativeError).toBeTypeOf('number');
  }
});

test('another seed draws other numbers, the same seed the same', async () => {
  const [first, again, other] = await Promise.all(
    ['1', '1', '2'].map((seed) => mlp(['gradcheck', '--json', '--seed', seed], { cwd })),
  );
  expect(again.stdout).toBe(first.stdout);
  expect(other.stdout).not.toBe(first.stdout);
});

describe('refuses', () => {
  test.each(['-1', '1.5', 'x', '4294967296'])('--seed %s', async (seed) => {
    const result = await mlp(['gradcheck', `--seed=${seed}`], { cwd });
    expectError(result, 2, '--seed', 'whole number', seed);
  });

  test('an empty name of a module', async () => {
    expectError(await mlp(['gradcheck', ''], { cwd }), 2, 'MODULE', 'empty');
  });

  test('--tolerance without a module', async () => {
    expectError(await mlp(['gradcheck', '--tolerance', '0.5'], { cwd }), 2, '--tolerance', 'module');
  });
});
