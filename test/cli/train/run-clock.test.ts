/** The time of a run without its pauses, and what is left of it. */

import { expect, test } from 'vitest';
import { RunClock } from '../../../src/cli/train/run-clock.ts';

function clockAt(total: number, doneBefore = 0) {
  const time = { now: 5_000 };
  return { time, clock: new RunClock(total, doneBefore, () => time.now) };
}

test('what is left follows from the pace so far', () => {
  const { time, clock } = clockAt(100);
  expect([clock.seconds, clock.secondsLeft(0)]).toEqual([0, undefined]);
  time.now += 2_000;
  expect([clock.seconds, clock.secondsLeft(20)]).toEqual([2, 8]);
  expect(clock.secondsLeft(100)).toBe(0);
});

test('what an earlier run has done says nothing of the pace', () => {
  const { time, clock } = clockAt(100, 60);
  time.now += 1_000;
  expect(clock.secondsLeft(60)).toBeUndefined();
  expect(clock.secondsLeft(70)).toBe(3);
});

test('pauses do not count, however often they are told', () => {
  const { time, clock } = clockAt(100);
  time.now += 1_000;
  clock.pause();
  time.now += 60_000;
  clock.pause();
  expect([clock.seconds, clock.secondsLeft(50)]).toEqual([1, 1]);
  time.now += 60_000;
  clock.resume();
  clock.resume();
  time.now += 500;
  expect(clock.seconds).toBe(1.5);
});
