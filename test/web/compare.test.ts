/** Run logs and models as the page compares them. */

import { describe, expect, test } from 'vitest';
import { encodeModel } from '../../src/formats/model.ts';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { Network, perceptron } from '../../src/network/network.ts';
import { itemsOf } from '../../src/web/page/views/compare/compared-file.ts';
import { differences } from '../../src/web/page/views/compare/differences.ts';
import { mergedItems } from '../../src/web/page/views/compare/item.ts';
import { liveItem } from '../../src/web/page/views/compare/live-item.ts';
import { lookOf } from '../../src/web/page/views/compare/looks.ts';
import { runsOfLog } from '../../src/web/page/views/compare/run-log.ts';
import { RunRecord } from '../../src/web/page/views/run/run-record.ts';

const start = (config: object, more: object = {}) => ({ event: 'start', parameters: 970, config, ...more });
const epoch = (number: number, more: object = {}) => ({
  event: 'epoch',
  epoch: number,
  trainLoss: 1 / number,
  trainAccuracy: 0.9,
  seconds: 0.5,
  ...more,
});
const end = (more: object = {}) => ({ event: 'end', epochs: 2, seconds: 1.1, interrupted: false, ...more });
const log = (...events: object[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('');

describe('a run log', () => {
  test('is a run with its epochs, seconds summed up, and its end', () => {
    const config = { hidden: [16, 8], activation: 'tanh', seed: 1 };
    const text = log(
      start(config),
      epoch(1, { validationLoss: 2 }),
      epoch(2),
      end({ testAccuracy: 0.9, sha256: 'ab' }),
    );
    expect(runsOfLog(text, 'run.ndjson')).toEqual([
      {
        name: 'run.ndjson',
        file: 'run.ndjson',
        layers: '16 tanh → 8 tanh',
        parameters: 970,
        config,
        epochs: [
          { epoch: 1, seconds: 0.5, trainLoss: 1, trainAccuracy: 0.9, validationLoss: 2 },
          { epoch: 2, seconds: 1, trainLoss: 0.5, trainAccuracy: 0.9 },
        ],
        epochsDone: 2,
        seconds: 1.1,
        final: { testAccuracy: 0.9 },
        sha256: 'ab',
      },
    ]);
  });

  test('of --repeat is a run for each seed; its summary is none', () => {
    const text = log(start({ seed: 1 }), epoch(1), end(), start({ seed: 2 }), epoch(1), end(), {
      event: 'summary',
      runs: [],
    });
    expect(runsOfLog(text, 'r').map(({ name, epochs }) => [name, epochs.length])).toEqual([
      ['r, seed 1', 1],
      ['r, seed 2', 1],
    ]);
  });

  test('with runs of one seed tells them apart by their place', () => {
    const text = log(start({ seed: 1 }), epoch(1), start({ seed: 1 }), epoch(1));
    expect(runsOfLog(text, 'r').map(({ name }) => name)).toEqual(['r, run 1', 'r, run 2']);
  });

  test('of a resumed run is one run, in which epochs that were told twice count once', () => {
    const resumed = start({ seed: 1 }, { resumedFrom: { epoch: 2, steps: 10 } });
    const text = log(
      start({ seed: 1 }),
      epoch(1),
      epoch(2, { seconds: 7 }),
      resumed,
      epoch(2),
      epoch(3),
      end(),
    );
    const runs = runsOfLog(text, 'r');
    expect(runs).toHaveLength(1);
    expect(runs[0].epochs.map(({ epoch, seconds }) => [epoch, seconds])).toEqual([
      [1, 0.5],
      [2, 1],
      [3, 1.5],
    ]);
    expect(runs[0].unfinished).toBeUndefined();
  });

  test('that was cut off, or has values that are none, gives what can be read', () => {
    const text = `${log(start({}), epoch(1, { validationLoss: null, trainAccuracy: 'x' }))}{"event":"epo\n${log(epoch(2))}{"ev`;
    const [run] = runsOfLog(text, 'r');
    expect(run.epochs).toHaveLength(2);
    expect(run.epochs[0]).toEqual({ epoch: 1, seconds: 0.5, trainLoss: 1 });
    expect(run.unfinished).toBe(true);
  });

  test.each([
    ['', 'an empty file'],
    ['# A title\ntext', '`# A title`'],
    ['[1, 2]', '`[1, 2]`'],
    [`"${'x'.repeat(80)}"`, '…`'],
    ['{"event":"end"}', '`{"event":"end"}`'],
  ])('is refused in one line where it is none: %s', async (text, got) => {
    const error = await itemsOf(text, 'f').catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(Error);
    const { message } = error as Error;
    expect(message).toContain('f: expected a model.json or a run log of `mlp train --log`, got ');
    expect(message).toContain(got);
    expect(message).not.toContain('\n');
  });
});

describe('a model', () => {
  const model = async (training: Record<string, unknown>) => {
    const spec = perceptron({ inputs: 4, hidden: [3], classes: 2, activation: 'tanh' });
    const network = new Network(new ReferenceKernels(), spec, 1);
    network.initialize(new Random(1, 'weights'));
    const info = { spec, classes: ['a', 'b'], preprocessing: { scale: 1 }, training };
    return encodeModel(info, network.tensors());
  };

  test('has layers, parameters and its final figures, and no epochs', async () => {
    const { text, sha256 } = await model({ epochs: 5, metrics: { testAccuracy: 0.97 }, config: { seed: 3 } });
    expect(await itemsOf(text, 'm.json')).toEqual([
      {
        name: 'm.json',
        file: 'm.json',
        layers: '4 → 3 tanh → 2',
        parameters: 23,
        config: { loss: 'softmax-cross-entropy', seed: 3 },
        epochs: [],
        epochsDone: 5,
        final: { testAccuracy: 0.97 },
        sha256,
      },
    ]);
  });

  test('is one with its run; names that come twice are told apart', async () => {
    const { text, sha256 } = await model({});
    const [item] = await itemsOf(text, 'm.json');
    const [run] = runsOfLog(log(start({}), epoch(1), end({ sha256 })), 'r');
    const [other] = runsOfLog(log(start({}), epoch(1), end()), 'r');
    const merged = mergedItems([item, run, other]);
    expect(merged.map(({ name, layers }) => [name, layers])).toEqual([
      ['r', '4 → 3 tanh → 2'],
      ['r (2)', '–'],
    ]);
    expect(mergedItems([item]).map(({ name }) => name)).toEqual(['m.json']);
  });

  test('that is damaged is refused in one line', async () => {
    const { text } = await model({});
    const damaged = text.replace('"inputs": 4', '"inputs": 5');
    await expect(itemsOf(damaged, 'm.json')).rejects.toThrow(/^m\.json: [^\n]+$/);
  });
});

test('configurations differ in the keys whose values differ, but not in where things go', () => {
  expect(
    differences([
      { learningRate: 0.1, seed: 1, out: 'a', hidden: [1], classes: ['a', 'b'] },
      { learningRate: 0.2, seed: 1, out: 'b', hidden: [2], classes: ['a', 'b'], transpose: true },
    ]),
  ).toEqual([
    { flag: '--transpose', values: ['–', 'yes'] },
    { flag: '--learning-rate', values: ['0.1', '0.2'] },
  ]);
  expect(differences([{ seed: 1 }])).toEqual([]);
});

test('the first 24 lines look different', () => {
  const looks = Array.from({ length: 24 }, (_, i) => JSON.stringify(lookOf(i, 'training')));
  expect(new Set(looks).size).toBe(24);
});

describe('the run of the page', () => {
  const record = new RunRecord();
  const startEvent = {
    event: 'start',
    parameters: 970,
    trainSamples: 80,
    validationSamples: 20,
    testSamples: 40,
    batchesPerEpoch: 4,
    epochs: 2,
  } as const;
  const epochEvent = (number: number) => ({
    ...{ event: 'epoch' as const, epoch: number, trainLoss: 1 / number, trainAccuracy: 0.9 },
    ...{ learningRate: 0.1, seconds: 0.5, samplesPerSecond: 160 },
  });

  test('is none before its first epoch has ended', () => {
    record.add({ type: 'start', start: startEvent, config: { hidden: [16] }, classes: ['0', '1'] });
    expect(liveItem(record)).toBeUndefined();
  });

  test('is what its log would be, and at the end has the digest of the model that it left', () => {
    record.add({ type: 'epoch', epoch: epochEvent(1) });
    expect(liveItem(record)).toMatchObject({
      name: 'this run',
      parameters: 970,
      epochsDone: 1,
      unfinished: true,
    });
    record.add({ type: 'epoch', epoch: epochEvent(2) });
    const endEvent = {
      event: 'end',
      epochs: 2,
      steps: 8,
      seconds: 1,
      interrupted: false,
      testAccuracy: 0.9,
    } as const;
    record.add({ type: 'end', end: endEvent });
    const text = log({ ...startEvent, config: { hidden: [16] } }, epochEvent(1), epochEvent(2), {
      ...endEvent,
      sha256: 'ab',
    });
    expect([liveItem(record, 'ab')]).toEqual(runsOfLog(text, 'this run'));
  });
});
