/** `--print-config` and `--config`: the options of a run go into a file and out of one, and train the same weights. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flagsOfConfig, newRunFlags } from '../../../src/cli/options/train-flags.ts';
import { configText } from '../../../src/cli/train/config-file.ts';
import { RECIPE_NAMES } from '../../../src/options/recipes.ts';
import { expectError, freshFolder, jsonLines, mlp, shortTraining } from '../run.ts';

let cwd: string;
let remove: () => Promise<void>;
const digestOf = async (name: string) => JSON.parse(await readFile(join(cwd, name), 'utf8')).sha256;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
  const more = ['--quiet', '--checkpoint', 'run.ckpt', '--dropout', '0.1', '--seed', '7', '--epochs', '1'];
  expect((await mlp(shortTraining(...more), { cwd })).code).toBe(0);
});
afterAll(() => remove());

describe('--print-config', () => {
  test.each(RECIPE_NAMES)('of the recipe %s is read back as the same run', (recipe) => {
    const given = { recipe, out: 'there.json' };
    const options = newRunFlags(given);
    expect(newRunFlags(flagsOfConfig('c', configText(options, given)))).toEqual(options);
  });

  test('without hidden layers too', () => {
    const options = newRunFlags({ hidden: [] });
    expect(newRunFlags(flagsOfConfig('c', configText(options, {})))).toEqual(options);
  });

  test('trains nothing, and what it prints trains the same model', async () => {
    const printed = await mlp(shortTraining('--print-config', '--out', 'none.json'), { cwd });
    expect([printed.code, printed.stderr]).toEqual([0, '']);
    expect(JSON.parse(printed.stdout)).toMatchObject({ hidden: [8], epochs: 2, out: 'none.json' });
    await expect(readFile(join(cwd, 'none.json'))).rejects.toThrow('ENOENT');
    await writeFile(join(cwd, 'config.json'), printed.stdout);
    expect((await mlp(shortTraining('--quiet', '--out', 'a.json'), { cwd })).code).toBe(0);
    const again = await mlp(['train', '--config', 'config.json', '--quiet', '--out', 'b.json'], { cwd });
    expect(again.code).toBe(0);
    expect(await digestOf('b.json')).toBe(await digestOf('a.json'));
  });
});

describe('--config', () => {
  test.each(['model.json', 'run.ckpt'])('of %s trains the same model', async (file) => {
    const result = await mlp(['train', '--config', file, '--quiet', '--out', 'again.json'], { cwd });
    expect(result.code).toBe(0);
    expect(await digestOf('again.json')).toBe(await digestOf('model.json'));
  });

  test('of a model does not replace that model', async () => {
    const result = await mlp(['train', '--config', 'model.json', '--quiet'], { cwd });
    expectError(result, 2, '--out: expected another file than --config');
  });
});

describe('--resume with more --epochs', () => {
  test('under a constant learning rate is the run that has so many from its start', async () => {
    const flags = ['--out', 'long.json', '--quiet', '--dropout', '0.1', '--seed', '7'];
    expect((await mlp(shortTraining(...flags, '--epochs', '3'), { cwd })).code).toBe(0);
    const longer = ['--epochs', '3', '--out', 'longer.json', '--quiet'];
    const resumed = await mlp(['train', '--resume', 'run.ckpt', ...longer], { cwd });
    expect([resumed.code, resumed.stderr]).toEqual([0, '']);
    expect(await digestOf('longer.json')).toBe(await digestOf('long.json'));
  });

  test('under a schedule of the whole run is said to be another run', async () => {
    const flags = ['--schedule', 'one-cycle', '--checkpoint', 'cycle.ckpt', '--out', 'cycle.json', '--quiet'];
    expect((await mlp(shortTraining(...flags), { cwd })).code).toBe(0);
    const resumed = await mlp(['train', '--resume', 'cycle.ckpt', '--epochs', '4', '--json'], { cwd });
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toContain('is not the run that --epochs 4 makes from the start');
    expect(jsonLines(resumed.stdout).at(-1)).toMatchObject({ event: 'end', epochs: 4 });
  });

  test('with fewer is refused', async () => {
    await mlp(['train', '--resume', 'run.ckpt', '--epochs', '9', '--checkpoint', 'nine.ckpt', '--quiet'], {
      cwd,
    });
    expectError(await mlp(['train', '--resume', 'nine.ckpt', '--epochs', '8'], { cwd }), 3, '--epochs 9');
  });
});
