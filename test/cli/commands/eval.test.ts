/** `mlp eval` and `mlp inspect`: what they say of a model. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  digits,
  expectError,
  expectPlain,
  freshFolder,
  jsonLines,
  lines,
  mlp,
  shortTraining,
  start,
} from '../run.ts';

let cwd: string;
let remove: () => Promise<void>;
// biome-ignore lint/suspicious/noExplicitAny: parsed JSON
let end: any;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
  const { stdout } = await mlp(shortTraining('--json', '--epochs', '5', '--batch-size', '16'), { cwd });
  end = jsonLines(stdout).at(-1);
});
afterAll(() => remove());

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

describe('eval --json', () => {
  test("is one object whose figures are those of training's end", async () => {
    const { code, stdout, stderr } = await mlp(['eval', 'model.json', '--json'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(lines(stdout)).toHaveLength(1);
    const [result] = jsonLines(stdout);
    expect(result).toMatchObject({ model: 'model.json', data: digits, split: 'test', samples: 40 });
    expect(result.accuracy).toBe(end.testAccuracy);
    // Batches of another size may round the sum otherwise.
    expect(result.loss).toBeCloseTo(end.testLoss, 5);
    expect(result.correct).toBe(result.accuracy * 40);
  });

  test('has a confusion matrix and figures a class that agree with each other', async () => {
    const { stdout } = await mlp(['eval', 'model.json', '--json'], { cwd });
    const [{ confusion, perClass, correct }] = jsonLines(stdout) as [
      { confusion: number[][]; perClass: Record<string, number | string>[]; correct: number },
    ];
    expect(confusion).toHaveLength(10);
    // Rows are true classes: the test set has four of each.
    for (const row of confusion) expect([row.length, sum(row)]).toEqual([10, 4]);
    expect(sum(confusion.map((row, c) => row[c]))).toBe(correct);
    perClass.forEach((metrics, c) => {
      const taken = sum(confusion.map((row) => row[c]));
      expect(metrics).toMatchObject({ class: String(c), support: 4, recall: confusion[c][c] / 4 });
      expect(metrics.precision).toBe(taken === 0 ? 0 : confusion[c][c] / taken);
      expect(metrics.f1).toBeCloseTo((2 * confusion[c][c]) / (4 + taken), 12);
    });
  });

  test('has means over the classes, all alike and by their samples', async () => {
    const { stdout } = await mlp(['eval', 'model.json', '--json', '--split', 'train'], { cwd });
    const [{ perClass, macro, weighted, accuracy }] = jsonLines(stdout);
    for (const key of ['precision', 'recall', 'f1']) {
      const values = perClass.map((metrics: Record<string, number>) => metrics[key]);
      expect(macro[key]).toBeCloseTo(sum(values) / 10, 12);
      const parts = perClass.map((metrics: Record<string, number>) => metrics[key] * metrics.support);
      expect(weighted[key]).toBeCloseTo(sum(parts) / 100, 12);
    }
    // Every sample counts once in both.
    expect(weighted.recall).toBeCloseTo(accuracy, 12);
  });

  test('of the training samples', async () => {
    const { stdout } = await mlp(['eval', 'model.json', '--json', '--split', 'train'], { cwd });
    expect(jsonLines(stdout)[0]).toMatchObject({ split: 'train', samples: 100 });
  });

  test('of samples named by --data, from another folder', async () => {
    const other = await freshFolder();
    const path = `${cwd}/model.json`;
    const { stdout } = await mlp(['eval', path, '--json', '--data', digits], other);
    expect(jsonLines(stdout)[0]).toMatchObject({ model: path, data: digits, accuracy: end.testAccuracy });
    // Without --data the model finds its samples from anywhere, as it holds their whole path.
    expect((await mlp(['eval', path, '--json'], other)).code).toBe(0);
    await other.remove();
  });
});

describe('--min-accuracy', () => {
  test.each([[[]], [['--json']]])('below it the exit code is 4, with the figures (%j)', async (flags) => {
    const result = await mlp(['eval', 'model.json', '--min-accuracy', '1', ...flags], { cwd });
    expect(result.code).toBe(4);
    expect(result.stdout).toContain('accuracy');
    expect(result.stderr).toBe(`model.json: expected an accuracy of at least 1, got ${end.testAccuracy}\n`);
    const least = String(end.testAccuracy);
    expect(await mlp(['eval', 'model.json', '--min-accuracy', least, ...flags], { cwd })).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  test('is a fraction', async () => {
    expectError(await mlp(['eval', 'model.json', '--min-accuracy', '98'], { cwd }), 2, 'from 0 to 1');
  });
});

describe('eval as text', () => {
  test('fits 80 columns and holds every part', async () => {
    const { code, stdout, stderr } = await mlp(['eval', 'model.json', '--data', digits], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`accuracy ${(100 * end.testAccuracy).toFixed(2)} %`);
    expect(stdout).toMatch(/^true {2,}0 {2,}1 .* 9$/m);
    expect(stdout).toMatch(/^class +precision +recall +F1/m);
    expect(stdout).toMatch(/^macro( +\d+\.\d\d %){3} +40$/m);
    expect(stdout).toMatch(/^weighted( +\d+\.\d\d %){3} +40$/m);
    // The first line names the data, whose path may be of any length.
    for (const line of lines(stdout).slice(1)) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines(stdout)[0].replace(digits, '').length).toBeLessThanOrEqual(80);
    expectPlain(stdout);
  });

  test.each([
    ['FORCE_COLOR alone colours it', [], { FORCE_COLOR: '1' }, true],
    ['NO_COLOR wins', [], { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    ['--no-color wins', ['--no-color'], { FORCE_COLOR: '1' }, false],
  ])('colour: %s', async (_, flags, env, coloured) => {
    for (const command of ['eval', 'inspect']) {
      const { stdout } = await mlp([command, 'model.json', ...flags], { cwd, env });
      expect(stdout.includes('\u001b')).toBe(coloured);
    }
  });
});

describe('inspect', () => {
  test('--json is one object of the contract', async () => {
    const { code, stdout, stderr } = await mlp(['inspect', 'model.json', '--json'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(lines(stdout)).toHaveLength(1);
    expect(jsonLines(stdout)[0]).toMatchObject({
      layers: [
        { type: 'dense', inputs: 784, outputs: 8 },
        { type: 'activation', name: 'relu' },
        { type: 'dense', inputs: 8, outputs: 10 },
      ],
      parameters: 6370,
      loss: { name: 'softmax-cross-entropy' },
      classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      training: { seed: 1, epochs: 5, config: { batchSize: 16 } },
      sha256: end.sha256,
    });
  });

  test('as text names layers, shapes, parameters, training and digest', async () => {
    const { code, stdout, stderr } = await mlp(['inspect', 'model.json'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    for (const part of ['784 → 8', 'relu', '6,370', end.sha256, 'batchSize 16', digits]) {
      expect(stdout).toContain(part);
    }
    expect(stdout).not.toContain('\u001b');
  });
});

describe('a reader that has seen enough', () => {
  // As `mlp eval model.json | head -1`, but the pipe is closed before the first line for certain.
  test.each([
    ['eval', 'model.json'],
    ['inspect', 'model.json'],
    shortTraining('--quiet', '--out', 'pipe.json'),
  ])('is no fault of %s', async (...args) => {
    const { child, result } = start(args, { cwd });
    child.stdout.destroy();
    expect(await result).toMatchObject({ code: 0, signal: null, stderr: '' });
  });
});
