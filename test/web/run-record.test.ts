/** What the page keeps of a run: its messages put together, thinned, smoothed, and laid out for the charts. */

import { describe, expect, test } from 'vitest';
import { alignedData, valueUpTo } from '../../src/web/page/charts/aligned-data.ts';
import { runCurves } from '../../src/web/page/views/run/run-curves.ts';
import { MAX_KEPT_EPOCHS, MAX_KEPT_SNAPSHOTS, RunRecord } from '../../src/web/page/views/run/run-record.ts';
import { SmoothedAverage } from '../../src/web/page/views/run/smoothed-average.ts';
import { StepCurves } from '../../src/web/page/views/run/step-curves.ts';
import type { RunEpoch, RunSnapshot, RunStart, RunSteps } from '../../src/web/protocol.ts';

const START: RunStart = {
  type: 'start',
  start: {
    event: 'start',
    parameters: 1,
    trainSamples: 1000,
    validationSamples: 0,
    testSamples: 0,
    batchesPerEpoch: 10,
    epochs: 3,
  },
  config: {},
  classes: ['0', '1'],
};

const steps = (firstStep: number, losses: readonly number[], stride = 1): RunSteps => ({
  type: 'steps',
  firstStep,
  stride,
  losses,
  accuracies: losses.map(() => 0.5),
  learningRates: losses.map(() => 0.1),
});

const epoch = (number: number, figures: Partial<RunEpoch['epoch']> = {}): RunEpoch => ({
  type: 'epoch',
  epoch: {
    event: 'epoch',
    epoch: number,
    trainLoss: 1 / number,
    trainAccuracy: 0.9,
    learningRate: 0.1,
    seconds: 1,
    samplesPerSecond: 1000,
    ...figures,
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

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('the curves of the steps', () => {
  test('are whole while there is room', () => {
    const curves = new StepCurves(10, 8);
    curves.add(steps(1, [3, 2]));
    curves.add(steps(3, [1]));
    expect(curves).toMatchObject({ steps: [1, 2, 3], losses: [3, 2, 1], newest: 3, stride: 1 });
  });

  test('lose every second step when full, again and again, and keep all lists of one length', () => {
    const curves = new StepCurves(10, 8);
    for (const step of upTo(100)) curves.add(steps(step, [step]));
    expect(curves.stride).toBe(16);
    expect(curves.steps).toEqual([1, 17, 33, 49, 65, 81, 97]);
    expect(curves.losses).toEqual(curves.steps);
    expect(curves.newest).toBe(100);
    const { accuracies, learningRates, smoothLosses, smoothAccuracies } = curves;
    for (const list of [accuracies, learningRates, smoothLosses, smoothAccuracies])
      expect(list).toHaveLength(7);
  });

  test('go on from a thinned history', () => {
    const curves = new StepCurves(10, 8);
    curves.add(steps(1, [1, 5, 9], 4));
    curves.add(steps(10, [10, 11]));
    expect(curves.steps).toEqual([1, 5, 9, 10, 11]);
    expect(curves.losses).toEqual(curves.steps);
  });

  test('pass over steps that they have, and keep those that are not finite as gaps', () => {
    const curves = new StepCurves(10, 8);
    curves.add(steps(1, [4, 3]));
    curves.add(steps(2, [9, null as unknown as number, Number.NaN]));
    expect(curves.losses).toEqual([4, 3, null, null]);
    expect(curves.smoothLosses.every((loss) => loss !== null)).toBe(true);
  });
});

test('a smoothed average begins with the first value, and follows the values with its memory', () => {
  const average = new SmoothedAverage(10);
  expect(average.add(null)).toBeNull();
  expect(average.add(4)).toBeCloseTo(4, 12);
  let last = 0;
  for (let i = 0; i < 200; i++) last = average.add(1) as number;
  expect(last).toBeCloseTo(1, 6);
  const [often, seldom] = [new SmoothedAverage(10), new SmoothedAverage(10)];
  often.add(1);
  seldom.add(1);
  for (let i = 0; i < 7; i++) often.add(0);
  expect(seldom.add(0, 7), 'a gap of seven steps, as seven steps').toBeCloseTo(often.add(null) as number, 12);
});

describe('the record of a run', () => {
  test('knows where the run is', () => {
    const record = new RunRecord();
    expect(record.place).toEqual({ epoch: 0, epochs: 0, step: 0, steps: 0 });
    record.add(START);
    expect(record.place).toEqual({ epoch: 1, epochs: 3, step: 0, steps: 30 });
    record.add(steps(1, upTo(10)));
    expect(record.place).toMatchObject({ epoch: 1, step: 10 });
    record.add(epoch(1));
    record.add(steps(11, [1]));
    expect(record.place).toMatchObject({ epoch: 2, step: 11 });
  });

  test('tells samples per second of the steps until an epoch has told them', () => {
    const record = new RunRecord();
    record.add(START);
    expect(record.samplesPerSecond).toBeUndefined();
    record.add(steps(1, upTo(5)));
    record.add({ type: 'state', state: 'running', seconds: 0.5 });
    expect(record.samplesPerSecond).toBe(1000);
    record.add(epoch(1, { samplesPerSecond: 1234 }));
    expect(record.samplesPerSecond).toBe(1234);
  });

  test('is begun anew by a start, as after a lost connection', () => {
    const record = new RunRecord();
    for (const message of [START, steps(1, [1]), epoch(1), snapshot(1)]) record.add(message);
    record.add({ type: 'failed', message: 'diverged' });
    record.add(START);
    expect(record).toMatchObject({ epochs: [], snapshots: [], failed: undefined, end: undefined });
    expect(record.curves.steps).toEqual([]);
  });

  test('has an epoch that is told again once, and those after it not any more', () => {
    const record = new RunRecord();
    for (const message of [START, epoch(1), epoch(2), epoch(3), epoch(2, { trainLoss: 7 })])
      record.add(message);
    expect(record.epochs.map((told) => [told.epoch, told.trainLoss])).toEqual([
      [1, 1],
      [2, 7],
    ]);
  });

  test('keeps some of very many epochs, the newest among them', () => {
    const record = new RunRecord();
    record.add(START);
    for (const number of upTo(25_000)) record.add(epoch(number));
    expect(record.epochs.length).toBeLessThanOrEqual(MAX_KEPT_EPOCHS);
    expect(record.epochs.at(-1)?.epoch).toBe(25_000);
  });

  test('keeps some snapshots, the first and the newest among them', () => {
    const record = new RunRecord();
    record.add(START);
    for (const step of upTo(1000)) record.add(snapshot(step));
    expect(record.snapshots.length).toBeLessThanOrEqual(MAX_KEPT_SNAPSHOTS);
    expect(record.snapshots.length).toBeGreaterThan(MAX_KEPT_SNAPSHOTS / 4);
    expect(record.snapshots[0].step).toBe(1);
    expect(record.snapshots.at(-1)?.step).toBe(1000);
  });

  test('is drawn over epochs, steps and epoch ends on one axis', () => {
    const record = new RunRecord();
    for (const message of [START, steps(9, [2, 0, 1]), epoch(1, { validationLoss: 3 })]) record.add(message);
    const [x, batches, smoothed, epochs, validation] = runCurves(record, true).loss;
    expect(x).toEqual([0.9, 1, 1.1]);
    expect(batches).toEqual([2, null, 1]);
    expect(smoothed.every((loss) => loss !== null)).toBe(true);
    expect(epochs).toEqual([null, 1, null]);
    expect(validation).toEqual([null, 3, null]);
    expect(runCurves(record, false).loss[1]).toEqual([2, 0, 1]);
    expect(runCurves(record, true).learningRate).toEqual([x, [0.1, 0.1, 0.1]]);
  });
});

test('series with x values of their own share the union of them', () => {
  const data = alignedData([
    { x: [1, 3], ys: [[10, 30]] },
    { x: [2, 3, 5], ys: [[2, 3, 5]] },
    { x: [], ys: [[]] },
  ]);
  expect(data).toEqual([
    [1, 2, 3, 5],
    [10, null, 30, null],
    [null, 2, 3, 5],
    [null, null, null, null],
  ]);
  expect(alignedData([])).toEqual([[]]);
  expect(valueUpTo(data[1], 1)).toBe(10);
  expect(valueUpTo(data[2], 0)).toBeNull();
});
