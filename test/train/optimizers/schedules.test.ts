/** The schedules at their landmarks. */

import { describe, expect, test } from 'vitest';
import { makeSchedule, SCHEDULE_NAMES } from '../../../src/train/optimizers/schedules.ts';

/** The factors of a run of 10 epochs of 20 steps. */
const run = (...options: Parameters<typeof makeSchedule>) => {
  const schedule = makeSchedule(...options);
  return Array.from({ length: 200 }, (_, step) => schedule(step, 20, 10));
};

test('constant is 1 throughout', () => {
  expect(new Set(run({ name: 'constant' }))).toEqual(new Set([1]));
});

test('step drops at a half and at three quarters', () => {
  const factors = run({ name: 'step' });
  expect([0, 99, 100, 149, 150, 199].map((step) => factors[step])).toEqual([
    1,
    1,
    0.1,
    0.1,
    0.1 * 0.1,
    0.1 * 0.1,
  ]);
  expect(run({ name: 'step', decay: 0.5 })[199]).toBe(0.25);
});

test('exponential is multiplied by γ in every epoch, the same at every step', () => {
  const factors = run({ name: 'exponential', decay: 0.5 });
  expect(factors[0]).toBe(1);
  for (let epoch = 0; epoch < 10; epoch++) expect(factors[20 * epoch]).toBeCloseTo(0.5 ** epoch, 15);
  for (let k = 1; k < 200; k++) expect(factors[k] / factors[k - 1]).toBeCloseTo(0.5 ** (1 / 20), 14);
  expect(run({ name: 'exponential' })[20]).toBeCloseTo(0.9, 15);
});

test('cosine goes from 1 by ½ in the middle to 0 after the last step, always down', () => {
  const factors = run({ name: 'cosine' });
  expect([factors[0], factors[100]]).toEqual([1, 0.5]);
  expect(factors[50]).toBeCloseTo((1 + Math.SQRT1_2) / 2, 15);
  expect(factors[199]).toBeGreaterThan(0);
  expect(factors[199]).toBeLessThan(1e-4);
  expect(makeSchedule({ name: 'cosine' })(200, 20, 10)).toBe(0);
  for (let k = 1; k < 200; k++) expect(factors[k]).toBeLessThan(factors[k - 1]);
});

test('one-cycle rises from 1/25 to 1 at 30 % and falls to 0', () => {
  const factors = run({ name: 'one-cycle' });
  expect(factors[0]).toBe(1 / 25);
  expect(factors[30]).toBeCloseTo(0.52, 15);
  expect(factors[60]).toBe(1);
  expect(factors[130]).toBeCloseTo(0.5, 14);
  expect(factors[199]).toBeLessThan(1e-3);
  for (let k = 1; k < 200; k++) {
    if (k <= 60) expect(factors[k]).toBeGreaterThan(factors[k - 1]);
    else expect(factors[k]).toBeLessThan(factors[k - 1]);
  }
});

describe.each(SCHEDULE_NAMES)('%s', (name) => {
  test('a warm-up rises in a straight line to 1, then the schedule has the rest', () => {
    const factors = run({ name, warmUp: 2 });
    for (let k = 0; k < 40; k++) expect(factors[k]).toBe((k + 1) / 40);
    const rest = makeSchedule({ name });
    for (let k = 40; k < 200; k++) expect(factors[k]).toBe(rest(k - 40, 20, 8));
  });

  test('never leaves 0 to 1, whatever the length of the run', () => {
    for (const [stepsPerEpoch, epochs] of [
      [1, 1],
      [1, 2],
      [3, 1],
      [469, 3],
    ]) {
      const schedule = makeSchedule({ name, warmUp: 0.5 });
      for (let step = 0; step < stepsPerEpoch * epochs; step++) {
        const factor = schedule(step, stepsPerEpoch, epochs);
        expect(factor).toBeGreaterThan(0);
        expect(factor).toBeLessThanOrEqual(1);
      }
    }
  });
});

test('a warm-up of half an epoch, and one longer than the run', () => {
  expect(run({ name: 'constant', warmUp: 0.5 }).slice(8, 11)).toEqual([0.9, 1, 1]);
  expect(run({ name: 'constant', warmUp: 20 })[199]).toBe(1);
});

test.each([0, -1, 1.5, Number.NaN])('a decay of %d is refused', (decay) => {
  expect(() => makeSchedule({ name: 'step', decay })).toThrow(
    new RangeError(`schedule: expected a decay above 0 and at most 1, got ${decay}`),
  );
});

test.each([-1, Number.NaN, Infinity])('a warm-up of %d is refused', (warmUp) => {
  expect(() => makeSchedule({ name: 'cosine', warmUp })).toThrow(
    new RangeError(`schedule: expected a warm-up of 0 or more epochs, got ${warmUp}`),
  );
});
