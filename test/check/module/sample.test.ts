/** Large shapes: a random choice of each tensor's entries is differentiated, and the report says so. */

import { expect, test } from 'vitest';
import { type CheckPlan, checkModule } from '../../../src/check/module/module.ts';
import { reportText } from '../../../src/check/module/report.ts';

/** y = W ⊙ x, flat; `spoil` is given each entry of its right dW. */
const scaling = (size: number, spoil: (g: number, k: number) => number = (g) => g) => ({
  arrays: 'float64',
  shapes: { x: [size], W: [size] },
  forward: (x: Float64Array, { W }: { W: Float64Array }) => x.map((v, k) => v * W[k]),
  backward: (delta: Float64Array, x: Float64Array, { W }: { W: Float64Array }) => ({
    x: delta.map((d, k) => d * W[k]),
    W: delta.map((d, k) => spoil(d * x[k], k)),
  }),
});

test('as many entries are drawn as the report says, and the others are counted as unchecked', () => {
  const plans: CheckPlan[] = [];
  let calls = 0;
  const module = scaling(20_000);
  const counted = {
    ...module,
    forward: (...args: Parameters<typeof module.forward>) => {
      calls++;
      return module.forward(...args);
    },
  };
  const report = checkModule(counted, { onPlan: (plan) => plans.push(plan) });
  expect(report.passed).toBe(true);
  const { drawn, shape, numeric, check } = report.tensors[1];
  expect({ drawn, shape, unchecked: check.unchecked }).toEqual({
    drawn: 66,
    shape: [20_000],
    unchecked: 2 * (20_000 - 66),
  });
  expect(numeric.filter((value) => !Number.isNaN(value))).toHaveLength(66);
  expect(reportText(report)).toMatch(
    /\nok {4}dW {2}\[20000\] {2}error \S+, tolerance 1e-6, 66 of 20000 entries drawn\n/,
  );
  expect(plans).toHaveLength(1);
  expect(plans[0].forwardCalls).toBe(2 * 7 * 2 * 66);
  expect(calls).toBeGreaterThan(plans[0].forwardCalls);
  expect(calls).toBeLessThan(plans[0].forwardCalls + 50);
});

test('small tensors are checked whole', () => {
  const report = checkModule(scaling(600), { draws: 1 });
  expect(report.tensors.map(({ drawn, check }) => [drawn, check.unchecked])).toEqual([
    [600, 0],
    [600, 0],
  ]);
  expect(reportText(report)).not.toContain('drawn');
});

test('what is wrong everywhere is found, and by the same entries each time', () => {
  const options = { draws: 1 };
  const negative = checkModule(
    scaling(20_000, (g) => -g),
    options,
  );
  expect(negative.tensors[1].check.diagnosis).toBe('the sign is wrong: multiply by −1.');
  expect(reportText(negative)).toMatch(/\n {8}\[\d+\] +-?\d\.\d{7} +-?\d\.\d{7} +-1\.0000\n/);
  const half = scaling(20_000, (g, k) => (k % 2 === 0 ? g : 0));
  const [one, again] = [checkModule(half, options), checkModule(half, options)];
  expect(one.tensors[1].check.diagnosis).toMatch(/^no constant factor makes dW right\. Set smaller shapes/);
  expect([...one.tensors[1].numeric]).toEqual([...again.tensors[1].numeric]);
});
