/** Runs on data of the user's own that are killed, refused and repeated: what is split off and chosen stays the same. */

import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digits, expectError, freshFolder, jsonLines, mlp, start } from '../run.ts';

const TABLE = join(digits, '../digits.csv');

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
  for (const name of await readdir(join(digits, 'png'))) {
    await mkdir(join(cwd, 'images', name[0]), { recursive: true });
    await cp(join(digits, 'png', name), join(cwd, 'images', name[0], name));
  }
  await cp(TABLE, join(cwd, 'digits.csv'));
});
afterAll(() => remove());

const bytesOf = (name: string) => readFile(join(cwd, name));
const network = ['--hidden', '12', '--batch-size', '4', '--learning-rate', '0.02', '--json'];

describe('a run that is killed goes on, from another folder, to the same model', () => {
  test.each([
    ['table', ['--data', 'digits.csv', '--test', '0.2', '--classes', '8,3,5,1', '--patience', '290']],
    ['table with test rows', ['--data', 'digits.csv', '--test', './digits.csv', '--label-column', 'label']],
    ['images', ['--data', 'images', '--size', '20x18', '--crop', '16', '--invert', 'no', '--test', '0.2']],
    [
      'idx',
      [
        '--data',
        digits,
        '--crop',
        '20',
        '--transpose',
        '--classes',
        '3,8,9',
        '--test',
        '0.3',
        '--batch-size',
        '1',
      ],
    ],
  ])('%s', async (name, data) => {
    const flags = ['train', ...network, ...data, '--epochs', '400', '--validation', '0.2'];
    expect(await mlp([...flags, '--out', `${name}-whole.json`], { cwd })).toMatchObject({ code: 0 });
    const kept = ['--checkpoint', `${name}.ckpt`, '--checkpoint-every', '3', '--out', `${name}.json`];
    const { child, result, printed } = start([...flags, ...kept], { cwd });
    await printed('"epoch":20,');
    // On a busy disk the first checkpoint comes later than the first epochs.
    await expect.poll(() => readdir(cwd)).toContain(`${name}.ckpt`);
    child.kill('SIGKILL');
    expect(await result).toMatchObject({ signal: 'SIGKILL' });

    const elsewhere = await freshFolder();
    const resume = ['train', '--resume', join(cwd, `${name}.ckpt`), '--json', '--out'];
    const { code, stdout, stderr } = await mlp([...resume, join(cwd, `${name}.json`)], {
      cwd: elsewhere.cwd,
    });
    await elsewhere.remove();
    expect(code, stderr).toBe(0);
    expect(jsonLines(stdout)[0].resumedFrom.steps).toBeGreaterThan(0);
    expect((await bytesOf(`${name}.json`)).equals(await bytesOf(`${name}-whole.json`))).toBe(true);
  });
});

describe('--resume', () => {
  const data = ['--data', 'images', '--size', '20x18', '--crop', '16', '--test', '0.2', '--classes', '1,2,3'];

  beforeAll(async () => {
    const flags = [...network, '--epochs', '2', '--checkpoint', 'run.ckpt', '--out', 'run.json'];
    expect(await mlp(['train', ...data, ...flags], { cwd })).toMatchObject({ code: 0 });
  });

  test('takes flags that say what the checkpoint says', async () => {
    expect(await mlp(['train', '--resume', 'run.ckpt', ...data, '--quiet'], { cwd })).toMatchObject({
      code: 0,
    });
    await writeFile(join(cwd, 'same.json'), '{"size": [20, 18], "transpose": false, "crop": 16}');
    const args = ['train', '--resume', 'run.ckpt', '--config', 'same.json', '--classes', '3,1,2'];
    expect(await mlp(args, { cwd })).toMatchObject({ code: 0 });
  });

  test.each([
    [['--size', '20'], '--size 20x18', 'got --size 20x20'],
    [['--crop', '12'], '--crop 16', 'got --crop 12'],
    [['--classes', '1,2'], '--classes 1,2,3', 'got --classes 1,2'],
    [['--test', '0.3'], '--test 0.2', 'got --test 0.3'],
    [['--test', 'digits.csv'], '--test 0.2', 'digits.csv'],
    [['--invert', 'yes'], 'no --invert', 'got --invert yes'],
    [['--transpose'], 'no --transpose', 'got --transpose'],
    [['--label-column', 'y'], 'no --label-column', 'got --label-column y'],
  ])('with %j is refused, naming the difference', async (more, ...words) => {
    expectError(await mlp(['train', '--resume', 'run.ckpt', ...more], { cwd }), 3, 'run.ckpt', ...words);
  });

  test('refuses a table that was changed', async () => {
    const rows = 'a,y\n1,p\n2,q\n3,p\n4,q\n';
    await writeFile(join(cwd, 'small.csv'), rows);
    const args = ['train', '--data', 'small.csv', ...network, '--epochs', '1', '--checkpoint', 'small.ckpt'];
    expect(await mlp(args, { cwd })).toMatchObject({ code: 0 });
    await writeFile(join(cwd, 'small.csv'), rows.replace('4,q', '5,q'));
    const refused = await mlp(['train', '--resume', 'small.ckpt'], { cwd });
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toMatch(/small\.ckpt: expected the data it was trained on/);
  });
});

test('--repeat tests every run on the samples that the first seed splits off', async () => {
  const flags = [
    ...network,
    '--data',
    'digits.csv',
    '--test',
    '0.25',
    '--validation',
    '0.2',
    '--epochs',
    '4',
  ];
  const { code, stdout } = await mlp(['train', ...flags, '--repeat', '3', '--seed', '5'], { cwd });
  expect(code).toBe(0);
  const { runs, seed } = jsonLines(stdout).at(-1);
  const { training } = JSON.parse(`${await bytesOf('model.json')}`);
  expect(training).toMatchObject({ seed, data: { test: { held: 0.25, seed: 5 } } });
  const evaluated = await mlp(['eval', 'model.json', '--json'], { cwd });
  const best = runs.find((run: { seed: number }) => run.seed === seed);
  expect(jsonLines(evaluated.stdout)[0]).toMatchObject({ samples: 35, accuracy: best.testAccuracy });
});

test.each(['--out', '--log', '--checkpoint'])(
  '%s that names the data is refused before it is written',
  async (flag) => {
    const before = await bytesOf('digits.csv');
    const other = ['--data', TABLE, '--test', `../${basename(cwd)}/digits.csv`];
    for (const data of [['--data', './digits.csv'], other]) {
      expectError(
        await mlp(['train', ...data, flag, 'digits.csv'], { cwd }),
        2,
        flag,
        data[data.length - 2],
        'another file',
      );
    }
    expect((await bytesOf('digits.csv')).equals(before)).toBe(true);
  },
);
