/** A run that has learned nothing says so, and so does one whose options work against each other. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { digits, expectError, freshFolder, jsonLines, mlp } from '../run.ts';

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
});
afterAll(() => remove());

const train = (...flags: string[]) =>
  mlp(['train', '--data', digits, '--hidden', '8', '--batch-size', '10', '--optimizer', 'sgd', ...flags], {
    cwd,
  });

test('no better than guessing, and a loss above the first one', async () => {
  const { code, stdout, stderr } = await train('--learning-rate', '1000', '--epochs', '30', '--json');
  expect(code).toBe(0);
  const { warnings, trainLoss } = jsonLines(stdout).at(-1);
  expect(trainLoss).toBeGreaterThan(10);
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toMatch(
    /^the training accuracy of \d+\.\d\d % is no better than guessing .* \(10\.00 %\)/,
  );
  expect(warnings[1]).toMatch(/^the training loss rose from 2\.\d+ to /);
  expect(stderr).toBe(warnings.map((line: string) => `warning: ${line}\n`).join(''));
});

test('of a run that learns, and of a short one, nothing is said', async () => {
  for (const flags of [
    ['--learning-rate', '0.1', '--epochs', '30'],
    ['--learning-rate', '1000', '--epochs', '9'],
  ]) {
    const { code, stdout, stderr } = await train(...flags, '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(jsonLines(stdout).at(-1)).not.toHaveProperty('warnings');
  }
});

test('--patience with a schedule that plans over the whole run', async () => {
  const flags = ['--validation', '20', '--patience', '2', '--epochs', '4', '--quiet'];
  for (const schedule of ['one-cycle', 'cosine', 'step']) {
    expect((await train(...flags, '--schedule', schedule)).stderr).toContain(
      `warning: ${schedule} lowers the learning rate over all 4 epochs, and --patience may stop before that`,
    );
  }
  for (const schedule of ['constant', 'exponential']) {
    expect((await train(...flags, '--schedule', schedule)).stderr).toBe('');
  }
});

test('--dropout without hidden layers is refused, but not that of a recipe', async () => {
  const result = await mlp(['train', '--data', digits, '--hidden', 'none', '--dropout', '0.2'], { cwd });
  expectError(result, 2, '--dropout: expected with hidden layers, got --hidden none');
  const recipe = [
    'train',
    '--data',
    digits,
    '--hidden',
    'none',
    '--recipe',
    'deep',
    '--epochs',
    '1',
    '--quiet',
  ];
  expect((await mlp(recipe, { cwd })).code).toBe(0);
});
