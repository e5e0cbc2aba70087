/** The flags of optimizers, schedules and the range test: what they choose, what they refuse, what is told. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digits, expectError, expectPlain, freshFolder, jsonLines, lines, mlp } from '../run.ts';

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
});
afterAll(() => remove());

const train = (...args: string[]) =>
  mlp(['train', '--data', digits, '--hidden', '8', '--epochs', '4', ...args], { cwd });

describe.concurrent('what is chosen is told, and kept in the model:', () => {
  test.each<[string[], object]>([
    [[], { optimizer: 'adamw', learningRate: 0.01, schedule: 'one-cycle', l2: 0.1, warmUp: 0 }],
    [['--optimizer', 'sgd'], { learningRate: 0.6, schedule: 'constant', l2: 0, warmUp: 0 }],
    [['--optimizer', 'momentum'], { momentum: 0.9, learningRate: 0.06 }],
    [
      ['--optimizer', 'nesterov', '--momentum', '0.5', '--activation', 'sigmoid'],
      { momentum: 0.5, learningRate: 0.5 },
    ],
    [['--optimizer', 'rmsprop'], { learningRate: 0.001 }],
    [['--optimizer', 'adam', '--learning-rate', '0.01'], { learningRate: 0.01 }],
    [['--optimizer', 'adamw', '--schedule', 'constant', '--l2', '0.2'], { learningRate: 0.001, l2: 0.2 }],
    [['--schedule', 'step'], { schedule: 'step', decay: 0.1 }],
    [['--schedule', 'exponential', '--decay', '0.5', '--warm-up', '1'], { decay: 0.5, warmUp: 1 }],
    [['--schedule', 'one-cycle'], { schedule: 'one-cycle' }],
  ])('%j', async (flags, expected) => {
    const out = `${flags.join('')}.json`;
    const { code, stdout } = await train(...flags, '--json', '--out', out);
    expect(code).toBe(0);
    const [{ config }] = jsonLines(stdout);
    expect(config).toMatchObject(expected);
    const { training } = JSON.parse(await readFile(join(cwd, out), 'utf8'));
    expect(training.config).toMatchObject(expected);
    for (const told of [config, training.config]) {
      expect(told).not.toHaveProperty('findLearningRate');
      expect('momentum' in told).toBe(/momentum|nesterov/.test(told.optimizer));
      expect('decay' in told).toBe(/step|exponential/.test(told.schedule));
    }
  });
});

test('an epoch tells the learning rate of its last step', async () => {
  const flags = ['--learning-rate', '0.5', '--schedule', 'step', '--warm-up', '1', '--batch-size', '25'];
  const { stdout } = await train('--json', '--epochs', '5', ...flags);
  const rates = jsonLines(stdout).filter(({ event }) => event === 'epoch');
  expect(rates.map(({ learningRate }) => learningRate)).toEqual([0.5, 0.5, 0.5, 0.05, 0.5 * (0.1 * 0.1)]);
  const { stderr } = await train('--optimizer', 'adam', '--schedule', 'cosine', '--warm-up', '0.5');
  expect(stderr).toContain('adam, batch size 128, learning rate 0.001, cosine after a warm-up of 0.5 epochs');
});

test('with adamw l2 is no term of the loss', async () => {
  await train('--optimizer', 'adamw', '--l2', '0.1', '--out', 'w.json');
  await train('--optimizer', 'adam', '--l2', '0.1', '--out', 'l2.json');
  const l2 = async (name: string) => JSON.parse(await readFile(join(cwd, name), 'utf8')).l2;
  expect([await l2('w.json'), await l2('l2.json')]).toEqual([0, 0.1]);
});

describe.concurrent('a flag is refused with exit code 2:', () => {
  test.each<[string[], ...RegExp[]]>([
    [['--optimizer', 'adm'], /--optimizer/, /did you mean "adam"/],
    [['--schedule', 'cosin'], /--schedule/, /did you mean "cosine"/],
    [['--momentum', '0.9'], /--momentum: expected with --optimizer momentum or nesterov only/],
    [['--optimizer', 'adam', '--momentum', '0.9'], /got --optimizer adam/],
    [['--optimizer', 'momentum', '--momentum', '1'], /--momentum: expected .* got "1"/],
    [['--optimizer', 'momentum', '--momentum', '-0.5'], /--momentum/],
    [['--decay', '0.5'], /--decay: expected with --schedule step or exponential only/],
    [['--schedule', 'step', '--decay', '0'], /--decay: expected .* got "0"/],
    [['--schedule', 'step', '--decay', '2'], /--decay/],
    [['--warm-up', '-1'], /--warm-up/],
    [
      ['--schedule', 'cosine', '--warm-up', '4'],
      /--warm-up: expected less than the 4 epochs of the run, got 4/,
    ],
    [['--schedule', 'one-cycle', '--warm-up', '1'], /--warm-up: expected 0 with --schedule one-cycle/],
  ])('%j', async (flags, ...words) => {
    expectError(await train(...flags), 2, ...words);
  });
});

describe('--find-learning-rate', () => {
  test.each(['--repeat', '--checkpoint', '--log'])('is refused with %s', async (flag) => {
    const value = flag === '--repeat' ? '3' : 'run.file';
    const args = ['train', '--data', digits, '--find-learning-rate', flag, value];
    expectError(await mlp(args, { cwd }), 2, flag, '--find-learning-rate');
  });

  test('draws the curve, suggests a rate and writes no model', async () => {
    const empty = await freshFolder();
    const { code, stdout, stderr } = await mlp(
      ['train', '--data', digits, '--hidden', '8', '--optimizer', 'sgd', '--find-learning-rate'],
      empty,
    );
    expect(code).toBe(0);
    expectPlain(stdout + stderr);
    expect(stderr).toMatch(/sgd, batch size 128/);
    const all = lines(stdout);
    expect(all).toHaveLength(19);
    expect(all[0]).toBe('smoothed loss of 100 steps over the learning rate');
    expect(all.slice(1, 16).join('')).toMatch(/[⠁-⣿]/);
    expect(all[17]).toMatch(/1e-5 .* 0\.001 .* 1 +10$/);
    expect(all[18]).toMatch(/^falls fastest at \S+, .*--learning-rate \S+; (no divergence|diverges)/);
    expect(await readdir(empty.cwd)).toEqual([]);
    await empty.remove();
  });

  test('--json gives the points, --quiet the last line', async () => {
    const { stdout } = await train('--find-learning-rate', '--optimizer', 'adam', '--json');
    const [found, ...rest] = jsonLines(stdout);
    expect(rest).toEqual([]);
    expect(Object.keys(found)).toEqual(['event', 'suggestion', 'divergence', 'points']);
    expect(found).toMatchObject({ event: 'range-test', suggestion: expect.any(Number) });
    expect(Object.keys(found.points[0])).toEqual(['learningRate', 'loss', 'smoothedLoss']);
    expect(found.points[0].learningRate).toBe(1e-5);
    const quiet = await train('--find-learning-rate', '--quiet');
    expect([quiet.code, quiet.stderr, lines(quiet.stdout).length]).toEqual([0, '', 1]);
  });

  test('ends where the loss diverges, with exit code 0', async () => {
    const flags = ['--loss', 'squared-error', '--activation', 'identity', '--hidden', '50,50'];
    const { code, stdout } = await train('--find-learning-rate', '--no-color', ...flags);
    expect(code).toBe(0);
    expect(stdout).toMatch(/; diverges at \S+\n$/);
  });
});
