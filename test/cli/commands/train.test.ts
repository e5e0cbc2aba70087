/** `mlp train`: its lines, as text and as JSON, and the model it writes. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digits, expectPlain, freshFolder, jsonLines, lines, mlp, shortTraining } from '../run.ts';

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
});
afterAll(() => remove());

const model = async (name = 'model.json') => JSON.parse(await readFile(join(cwd, name), 'utf8'));
const isFraction = (value: number) => value >= 0 && value <= 1;

describe('--json', () => {
  test('prints start, epochs and end, and nothing else anywhere', async () => {
    const { code, stdout, stderr } = await mlp(shortTraining('--json', '--out', 'a.json'), { cwd });
    expect(code).toBe(0);
    expect(stderr).toBe('');
    const events = jsonLines(stdout);
    expect(events.map(({ event }) => event)).toEqual(['start', 'epoch', 'epoch', 'end']);
    const [start, first, second, end] = events;
    expect(start).toMatchObject({
      parameters: 784 * 8 + 8 + 8 * 10 + 10,
      trainSamples: 100,
      config: {
        ...{ data: digits, hidden: [8], epochs: 2, learningRate: 0.1, out: 'a.json' },
        // What was not said is told, too.
        ...{
          activation: 'relu',
          loss: 'softmax-cross-entropy',
          batchSize: 128,
          l2: 0,
          seed: 1,
          validation: 0,
        },
      },
    });
    expect([first.epoch, second.epoch]).toEqual([1, 2]);
    for (const epoch of [first, second]) {
      expect(epoch).toMatchObject({ trainLoss: expect.any(Number), samplesPerSecond: expect.any(Number) });
      expect(epoch.trainAccuracy).toSatisfy(isFraction);
      expect(epoch.seconds).toBeGreaterThan(0);
      expect(epoch).not.toHaveProperty('validationLoss');
      expect(epoch).not.toHaveProperty('validationAccuracy');
    }
    expect(end).toMatchObject({ epochs: 2, model: 'a.json', sha256: (await model('a.json')).sha256 });
    expect(end).toMatchObject({ testLoss: expect.any(Number), seconds: expect.any(Number) });
    expect(end.testAccuracy).toSatisfy(isFraction);
  });

  test('tells of samples held out', async () => {
    const { stdout } = await mlp(shortTraining('--json', '--validation', '0.2', '--out', 'v.json'), { cwd });
    const [start, first, second] = jsonLines(stdout);
    expect(start).toMatchObject({ trainSamples: 80 });
    for (const epoch of [first, second]) {
      expect(epoch.validationLoss).toBeGreaterThan(0);
      expect(epoch.validationAccuracy).toSatisfy(isFraction);
      // A fifth of 100 samples: the accuracy is a number of twentieths.
      expect(epoch.validationAccuracy * 20).toBeCloseTo(Math.round(epoch.validationAccuracy * 20), 9);
    }
  });

  test.each([
    [['--loss', 'squared-error'], { activation: 'sigmoid' }],
    [['--loss', 'svm', '--hidden', 'none'], { hidden: [], loss: 'svm' }],
    [['--loss', 'sigmoid-cross-entropy', '--hidden', '6,5', '--activation', 'tanh'], { hidden: [6, 5] }],
    [['--loss', 'squared-error', '--output-activation', 'identity'], { outputActivation: 'identity' }],
  ])('with %j', async (flags, config) => {
    const { code, stdout } = await mlp(shortTraining('--json', '--out', 'l.json', ...flags), { cwd });
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0].config).toMatchObject(config);
  });
});

describe('text', () => {
  test('is a line an epoch and a last one on stdout, messages on stderr', async () => {
    const { code, stdout, stderr } = await mlp(shortTraining(), { cwd });
    expect(code).toBe(0);
    expect(lines(stdout)).toHaveLength(3);
    const [first, second, last] = lines(stdout);
    expect(first).toMatch(/^epoch 1\/2 .*loss \d+\.\d+ .*\d %/);
    expect(second).toMatch(/^epoch 2\/2 /);
    expect(last).toMatch(/test accuracy .* model\.json$/);
    expect(stderr).toContain('6,370 parameters');
    // Not a terminal: nothing is coloured, redrawn or overwritten.
    expectPlain(stdout + stderr);
  });

  test('--quiet leaves the last line alone', async () => {
    const { code, stdout, stderr } = await mlp(shortTraining('--quiet'), { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(lines(stdout)).toHaveLength(1);
    expect(stdout).toContain('test accuracy');
  });

  test.each([
    ['FORCE_COLOR alone colours it', [], { FORCE_COLOR: '1' }, true],
    ['NO_COLOR wins', [], { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    ['--no-color wins', ['--no-color'], { FORCE_COLOR: '1' }, false],
  ])('colour: %s', async (_, flags, env, coloured) => {
    const { stdout, stderr } = await mlp(shortTraining('--out', 'colour.json', ...flags), { cwd, env });
    expect((stdout + stderr).includes('\u001b')).toBe(coloured);
    expect(stdout).toContain('epoch 2/2');
  });
});

describe('the model', () => {
  test('says how it came about', async () => {
    await mlp(shortTraining('--seed', '5', '--l2', '0.001'), { cwd });
    const { training, l2, preprocessing, classes } = await model();
    expect(l2).toBe(0.001);
    expect(preprocessing.scale).toBeCloseTo(1 / 255, 15);
    expect(classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(training).toMatchObject({
      config: { hidden: [8], epochs: 2, learningRate: 0.1, l2: 0.001 },
      seed: 5,
      epochs: 2,
      data: { source: digits, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      metrics: { testAccuracy: expect.any(Number) },
    });
  });

  test('has the same bytes for the same seed, others for another', async () => {
    for (const [name, seed] of [
      ['s1', '3'],
      ['s2', '3'],
      ['s3', '4'],
    ]) {
      expect((await mlp(shortTraining('--quiet', '--seed', seed, '--out', name), { cwd })).code).toBe(0);
    }
    const [one, again, other] = await Promise.all(['s1', 's2', 's3'].map((f) => readFile(join(cwd, f))));
    expect(again.equals(one)).toBe(true);
    expect((await model('s3')).sha256).not.toBe((await model('s1')).sha256);
    expect(other.equals(one)).toBe(false);
  });

  test('is model.json unless --out says otherwise, with nothing left beside it', async () => {
    const empty = await freshFolder();
    await mlp(shortTraining(), empty);
    await mlp(shortTraining('--out', 'b.json'), empty);
    expect((await readdir(empty.cwd)).sort()).toEqual(['b.json', 'model.json']);
    await empty.remove();
  });
});

test.each([
  [[], /^training accuracy \d+\.\d\d % {2}loss \d\.\d{4} {2}.* saved as none\.json\n$/],
  [['--validation', '10'], /^validation accuracy \d+\.\d\d % {2}best epoch 1 {2}.* saved as none\.json\n$/],
])('--quiet prints one line of result without test samples (%j)', async (flags, line) => {
  const train = ['train', '--data', `${digits}.csv`, '--test', '0', '--epochs', '1', '--quiet', ...flags];
  const { code, stdout } = await mlp([...train, '--out', 'none.json'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(line);
});
