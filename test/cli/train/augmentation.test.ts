/** `mlp train` with distorted images: the flags, what is told of them, and what refuses them. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digits, expectError, freshFolder, jsonLines, mlp, shortTraining, start } from '../run.ts';

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
});
afterAll(() => remove());

const all = ['--shift', '1.5', '--rotate', '10', '--zoom', '0.1', '--elastic', '34'];

test('is told in the start event, the model and a line, sigma too', async () => {
  const { code, stdout, stderr } = await mlp(shortTraining(...all, '--json'), { cwd });
  expect([code, stderr]).toEqual([0, '']);
  const told = { shift: 1.5, rotate: 10, zoom: 0.1, elastic: 34, elasticSigma: 4 };
  expect(jsonLines(stdout)[0].config).toMatchObject(told);
  expect(JSON.parse(await readFile(join(cwd, 'model.json'), 'utf8')).training.config).toMatchObject(told);

  const shown = await mlp(shortTraining('--shift', '2', '--elastic', '20', '--elastic-sigma', '3'), { cwd });
  expect(shown.stderr).toContain('\naugmented: shift 2, elastic 20 (sigma 3)\n');
  expect((await mlp(shortTraining('--rotate', '5', '--zoom', '.2'), { cwd })).stderr).toContain(
    '\naugmented: rotate 5°, zoom 0.2\n',
  );
  expect((await mlp(shortTraining(), { cwd })).stderr).not.toContain('augmented');
});

test('leaves a thread for the distorting, where nothing is said', async () => {
  const threads = async (...flags: string[]) =>
    jsonLines((await mlp(shortTraining('--json', ...flags), { cwd })).stdout)[0].config.threads;
  const cores = Math.min(8, availableParallelism());
  expect(await threads()).toBe(cores);
  expect(await threads('--shift', '0')).toBe(cores);
  expect(await threads('--shift', '1')).toBe(Math.max(1, cores - 1));
  expect(await threads('--shift', '1', '--threads', '3')).toBe(3);
});

test('every flag changes the weights, and 0 none', async () => {
  const digest = async (...flags: string[]) => {
    const { stdout } = await mlp(shortTraining('--json', ...flags), { cwd });
    return jsonLines(stdout).at(-1).sha256;
  };
  const plain = await digest();
  const changed = await Promise.all([
    digest('--shift', '1'),
    digest('--rotate', '10'),
    digest('--zoom', '0.1'),
    digest('--elastic', '34'),
    digest('--elastic', '34', '--elastic-sigma', '3'),
    digest('--elastic', '34', '--seed', '2'),
  ]);
  expect(new Set([plain, ...changed]).size).toBe(7);
  expect(await digest('--shift', '0', '--rotate', '0', '--zoom', '0', '--elastic', '0')).toBe(plain);
  expect(await digest('--elastic', '34', '--elastic-sigma', '4')).toBe(changed[3]);
  const without = shortTraining('--elastic', '0', '--elastic-sigma', '3');
  expectError(await mlp(without, { cwd }), 2, '--elastic-sigma');
});

test('goes with --crop, folders of images and --find-learning-rate', async () => {
  expect((await mlp(shortTraining(...all, '--crop', '20'), { cwd })).code).toBe(0);
  const folder = join(cwd, 'images');
  for (const label of ['0', '1']) {
    await mkdir(join(folder, label), { recursive: true });
    for (const name of label === '0' ? ['0-0010', '0-0013', '0-0025'] : ['1-0002', '1-0005', '1-0014']) {
      await writeFile(join(folder, label, `${name}.png`), await readFile(join(digits, 'png', `${name}.png`)));
    }
  }
  const images = ['train', '--data', folder, '--test', '0', '--epochs', '1', '--hidden', '5'];
  expect((await mlp([...images, ...all], { cwd })).code).toBe(0);
  const find = async (...flags: string[]) => {
    const { stdout, stderr } = await mlp(
      ['train', '--data', digits, '--hidden', '9', '--find-learning-rate', ...flags],
      { cwd },
    );
    return { stdout, stderr };
  };
  const plain = await find();
  const augmented = await find(...all);
  expect(augmented.stderr).toContain('\naugmented: shift 1.5, rotate 10°, zoom 0.1, elastic 34 (sigma 4)\n');
  expect(augmented.stdout).not.toBe(plain.stdout);
});

describe('refused with 2:', () => {
  test.each([
    [['--shift', '-1'], '--shift: expected a number from 0 to 1000, got "-1"'],
    [['--shift', 'far'], '--shift: expected a number from 0 to 1000, got "far"'],
    [['--rotate', '181'], '--rotate: expected a number from 0 to 180, got "181"'],
    [['--zoom', '1'], '--zoom: expected a number from 0 up to, not including, 1, got "1"'],
    [['--elastic', '1e9'], '--elastic: expected a number from 0 to 10000, got "1e9"'],
    [
      ['--elastic', '34', '--elastic-sigma', '0'],
      '--elastic-sigma: expected a number above 0 and at most 100, got "0"',
    ],
    [['--elastic-sigma', '4'], '--elastic-sigma: expected with --elastic, the distortions that it blurs'],
  ])('%j', async (flags, message) => {
    const result = await mlp(shortTraining(...flags), { cwd });
    expectError(result, 2);
    expect(result.stderr).toBe(`error: ${message}; see mlp train --help\n`);
  });

  test.each(['shift', 'rotate', 'zoom', 'elastic'])('--%s with a CSV file', async (flag) => {
    const csv = join(digits, '../digits.csv');
    const result = await mlp(['train', '--data', csv, `--${flag}`, '0.5'], { cwd });
    expectError(result, 2);
    expect(result.stderr).toBe(
      `error: --${flag}: expected with IDX files or a folder of images only, got --data ${csv}; see mlp train --help\n`,
    );
  });
});

test('killed and continued, the model is the same, byte for byte; with other distortions nothing is continued', async () => {
  const flags = [
    'train',
    '--data',
    digits,
    '--hidden',
    '70',
    '--epochs',
    '150',
    '--batch-size',
    '8',
    '--json',
    ...all,
  ];
  expect((await mlp([...flags, '--threads', '2', '--out', 'whole.json'], { cwd })).code).toBe(0);
  // 13 batches make an epoch, so that most checkpoints are written in the middle of one.
  const kept = ['--out', 'killed.json', '--checkpoint', 'run.ckpt', '--checkpoint-every', '17'];
  const { child, result, printed } = start([...flags, '--threads', '1', ...kept], { cwd });
  await printed('"epoch":40,');
  child.kill('SIGKILL');
  expect(await result).toMatchObject({ signal: 'SIGKILL' });
  const resume = ['train', '--resume', 'run.ckpt', '--json', '--out', 'killed.json'];
  const started = 'as the run was started with';
  for (const [flag, value, expected] of [
    ['--elastic', '30', `expected --elastic 34, ${started}, got --elastic 30`],
    ['--elastic-sigma', '5', `expected --elastic-sigma 4, ${started}, got --elastic-sigma 5`],
    ['--shift', '2', `expected --shift 1.5, ${started}, got --shift 2`],
  ]) {
    expectError(await mlp([...resume, flag, value], { cwd }), 3, 'run.ckpt', expected);
  }
  expect((await mlp([...resume, '--threads', '3'], { cwd })).code).toBe(0);
  const [killed, whole] = await Promise.all(
    ['killed.json', 'whole.json'].map((name) => readFile(join(cwd, name))),
  );
  expect(killed.equals(whole)).toBe(true);
});
