/** The suite that `mlp gradcheck` runs: complete, and everything comes out as it must. */

import { describe, expect, test } from 'vitest';
import { runSuite } from '../../src/check/suite.ts';
import { FORMULAS, SLIPS } from '../../src/formulas/registry.ts';
import { ACTIVATION_NAMES } from '../../src/network/activations.ts';
import { titleOf } from '../../src/network/layer.ts';
import { LOSS_NAMES } from '../../src/network/losses.ts';

const groups = [...runSuite()];
const checks = groups.flatMap((group) => group.checks);

test('every check comes out as it must', () => {
  expect(checks.filter(({ passed }) => !passed)).toEqual([]);
});

test('and for other seeds', () => {
  for (const seed of [2, 3, 4]) {
    const others = [...runSuite({ seed })].flatMap((group) => group.checks);
    expect(others.map(({ name }) => name)).toEqual(checks.map(({ name }) => name));
    expect(others.filter(({ passed }) => !passed)).toEqual([]);
  }
});

test('names and methods are told apart', () => {
  const keys = checks.map(({ name, method }) => `${name} ${method}`);
  expect(new Set(keys).size).toBe(keys.length);
});

describe.each([
  ['complex-step', 1e-12],
  ['central-difference', 1e-6],
] as const)('%s', (method, tolerance) => {
  const names = checks.filter((check) => check.method === method).map(({ name }) => name);

  test.each([
    ...['Dropout', 'L1', 'dropout, L1 and L2'],
    ...['Dense', 'L2', 'sparse inputs in a short batch', 'Relu at z = 0', 'Svm at a margin of 0'],
    ...ACTIVATION_NAMES.map((name) => titleOf(name)),
    ...LOSS_NAMES.map((name) => titleOf(name)),
    ...LOSS_NAMES.flatMap((loss) => ACTIVATION_NAMES.map((activation) => `${loss}, ${activation}`)),
  ])('checks %s', (name) => expect(names).toContain(name));

  test('its tolerance', () => {
    const mustPass = checks.filter((check) => check.method === method && check.expected === 'pass');
    for (const check of mustPass) expect(check.tolerance, check.name).toBe(tolerance);
  });
});

test('every formula, of the notes and of the project itself, and every slip has a check', () => {
  const cited = new Set(checks.flatMap(({ formulas }) => formulas));
  for (const { id } of [...FORMULAS, ...SLIPS]) expect(cited, id).toContain(id);
});

test('only the corners have unchecked entries, and not all of theirs', () => {
  const unchecked = checks.filter((check) => check.unchecked > 0);
  expect(unchecked.map(({ name, method, unchecked: n }) => [name, method, n])).toEqual([
    ['Relu at z = 0', 'complex-step', 3],
    ['Relu at z = 0', 'central-difference', 3],
    ['LeakyRelu at z = 0', 'complex-step', 3],
    ['LeakyRelu at z = 0', 'central-difference', 3],
    ['Svm at a margin of 0', 'complex-step', 4],
    ['Svm at a margin of 0', 'central-difference', 4],
  ]);
});

test('what must fail is far from passing', () => {
  const controls = checks.filter(({ expected }) => expected === 'fail');
  expect(controls.length).toBeGreaterThanOrEqual(10);
  for (const { name, maxRelativeError } of controls) expect(maxRelativeError, name).toBeGreaterThan(1e-2);
});
