/** The history of a run: whole while it is short, thinned and bounded when it is long. */

import { describe, expect, test } from 'vitest';
import type { RunMessage, RunSnapshot, RunSteps } from '../../../src/web/protocol.ts';
import {
  MAX_HISTORY_EPOCHS,
  MAX_HISTORY_SNAPSHOTS,
  MAX_HISTORY_STEPS,
  RunHistory,
  ThinnedList,
} from '../../../src/web/server/run-history.ts';

describe('ThinnedList', () => {
  test.each([1, 2, 7, 8, 9, 100, 1000, 1023])('of 8 keeps equal distances after %i entries', (count) => {
    const list = new ThinnedList<number>(8);
    for (let i = 0; i < count; i++) list.add(i);
    const { stride } = list;
    expect(list.entries()).toEqual(Array.from({ length: Math.ceil(count / stride) }, (_, i) => i * stride));
    expect(list.entries().length).toBeLessThanOrEqual(8);
    if (count > 8) expect(list.entries().length).toBeGreaterThanOrEqual(4);
    expect(list.withNewest().at(-1)).toBe(count - 1);
    expect(new Set(list.withNewest()).size).toBe(list.withNewest().length);
  });
});

const stepsOf = (firstStep: number, count: number): RunSteps => ({
  type: 'steps',
  firstStep,
  stride: 1,
  losses: Array.from({ length: count }, (_, i) => firstStep + i),
  accuracies: Array.from({ length: count }, (_, i) => 1 / (firstStep + i)),
  learningRates: Array.from({ length: count }, () => 0.1),
});
const epoch = (number: number): RunMessage => ({
  type: 'epoch',
  epoch: {
    event: 'epoch',
    epoch: number,
    trainLoss: 1,
    trainAccuracy: 0.5,
    learningRate: 0.1,
    seconds: 1,
    samplesPerSecond: 1,
  },
});
const snapshot = (step: number): RunSnapshot => ({
  type: 'snapshot',
  step,
  epoch: 1,
  layers: [],
  confusion: [],
  mistakes: [],
});
const start: RunMessage = {
  type: 'start',
  start: {
    event: 'start',
    parameters: 1,
    trainSamples: 1,
    validationSamples: 0,
    testSamples: 0,
    batchesPerEpoch: 1,
    epochs: 1,
  },
  config: {},
  classes: ['0'],
};
const historyOf = (...messages: RunMessage[]) => {
  const history = new RunHistory();
  for (const message of messages) history.add(message);
  return history.messages();
};

test('steps that came in parts are told as one, from the first of a continued run on', () => {
  expect(historyOf(start, stepsOf(41, 3), epoch(1), stepsOf(44, 2), epoch(2))).toEqual([
    start,
    {
      ...stepsOf(41, 5),
      accuracies: [0.0243902, 0.0238095, 0.0232558, 0.0227273, 0.0222222],
    },
    epoch(1),
    epoch(2),
  ]);
});

test('a long run keeps every second, fourth … step, and its place', () => {
  const parts = Array.from({ length: 1000 }, (_, i) => stepsOf(1 + i * 101, 101));
  const [told] = historyOf(...parts).filter((message) => message.type === 'steps');
  expect(told.stride).toBe(8);
  expect(told.losses.length).toBe(Math.ceil(101_000 / 8));
  expect(told.losses.length).toBeLessThanOrEqual(MAX_HISTORY_STEPS);
  told.losses.forEach((loss, i) => {
    if (loss !== told.firstStep + i * told.stride) expect([i, loss]).toEqual([i, told.firstStep + i * 8]);
  });
  expect([told.accuracies.length, told.learningRates.length]).toEqual([
    told.losses.length,
    told.losses.length,
  ]);
});

test('epochs and snapshots are bounded, the newest always there', () => {
  const epochs = Array.from({ length: 3 * MAX_HISTORY_EPOCHS }, (_, i) => epoch(i + 1));
  const snapshots = Array.from({ length: 1000 }, (_, i) => snapshot(i));
  const told = historyOf(start, ...epochs, ...snapshots);
  const kept = told.filter((message) => message.type === 'epoch').map((message) => message.epoch.epoch);
  expect(kept.length).toBeLessThanOrEqual(MAX_HISTORY_EPOCHS + 1);
  expect([kept[0], kept.at(-1)]).toEqual([1, 3 * MAX_HISTORY_EPOCHS]);
  const shots = told.filter((message) => message.type === 'snapshot').map(({ step }) => step);
  expect(shots.length).toBeLessThanOrEqual(MAX_HISTORY_SNAPSHOTS + 1);
  expect([shots[0], shots.at(-1)]).toEqual([0, 999]);
});

test('of states the last one is told, and how the run ended after all else', () => {
  const state = (seconds: number): RunMessage => ({ type: 'state', state: 'running', seconds });
  const failed: RunMessage = { type: 'failed', message: 'diverged' };
  expect(historyOf(start, state(1), failed, state(2))).toEqual([start, state(2), failed]);
});

test('another start is another run', () => {
  const failed: RunMessage = { type: 'failed', message: 'diverged' };
  expect(historyOf(start, stepsOf(1, 9), epoch(1), snapshot(1), failed, start, stepsOf(1, 1))).toEqual([
    start,
    stepsOf(1, 1),
  ]);
});

test('losses that are no numbers reach the page as null', () => {
  const broken: RunSteps = { ...stepsOf(1, 2), losses: [Number.NaN, Number.POSITIVE_INFINITY] };
  expect(JSON.parse(JSON.stringify(historyOf(broken)))[0].losses).toEqual([null, null]);
});
