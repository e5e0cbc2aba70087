/** The data of a model are the data: changed since, they are refused, and `--data` names them on purpose. */

import { copyFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { digits, expectError, freshFolder, mlp } from '../run.ts';

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
});
afterAll(() => remove());

const train = async (...flags: string[]) => {
  const result = await mlp(['train', '--hidden', '4', '--epochs', '1', '--quiet', ...flags], { cwd });
  expect(result.code, result.stderr).toBe(0);
};
const sorted = '; to use these, name them with --data';

test('rows of a table in another order, more rows, and the table itself', async () => {
  const rows = Array.from({ length: 20 }, (_, i) => `${(7 * i) % 20},${i % 2 ? 'p' : 'q'}`);
  await writeFile(join(cwd, 't.csv'), ['a,y', ...rows, ''].join('\n'));
  await train('--data', 't.csv', '--test', '0.4', '--out', 't.json');
  for (const command of ['eval', 'predict', 'explain']) {
    expect(await mlp([command, 't.json'], { cwd })).toMatchObject({ code: 0 });
  }
  await writeFile(join(cwd, 't.csv'), ['a,y', ...rows.toSorted(), ''].join('\n'));
  for (const command of ['eval', 'predict', 'explain']) {
    for (const split of ['train', 'test']) {
      const refused = await mlp([command, 't.json', '--split', split], { cwd });
      expectError(refused, 3, 't.csv', 't.json was trained on', 'has the SHA-256', sorted);
    }
  }
  await writeFile(join(cwd, 't.csv'), ['a,y', ...rows, '3,p', ''].join('\n'));
  expectError(await mlp(['eval', 't.json'], { cwd }), 3, 'the file has 21 samples instead of 20');
  expect(await mlp(['eval', 't.json', '--data', 't.csv'], { cwd })).toMatchObject({ code: 0 });
});

test('a test table of its own', async () => {
  const rows = Array.from({ length: 10 }, (_, i) => `${i},${i % 2 ? 'p' : 'q'}\n`);
  await writeFile(join(cwd, 'one.csv'), rows.join(''));
  await writeFile(join(cwd, 'two.csv'), rows.slice(4).join(''));
  await train('--data', 'one.csv', '--test', 'two.csv', '--out', 'two.json');
  await writeFile(join(cwd, 'two.csv'), rows.slice(3).join(''));
  expectError(await mlp(['eval', 'two.json'], { cwd }), 3, 'two.csv', 'SHA-256');
  expect(await mlp(['eval', 'two.json', '--split', 'train'], { cwd })).toMatchObject({ code: 0 });
});

test('images that were added, and a class that is new', async () => {
  const names = await readdir(join(digits, 'png'));
  for (const name of names.filter((one) => /^[57]/.test(one))) {
    await cp(join(digits, 'png', name), join(cwd, 'images', name[0], name));
  }
  const [seven] = names.filter((one) => one.startsWith('7'));
  const count = names.filter((one) => one.startsWith('7')).length;
  await train('--data', 'images', '--test', '0.5', '--out', 'images.json');
  expect(await mlp(['eval', 'images.json'], { cwd })).toMatchObject({ code: 0 });
  await copyFile(join(digits, 'png', seven), join(cwd, 'images', '7', 'more.png'));
  const words = `train/7 has ${count + 1} samples instead of ${count}`;
  expectError(await mlp(['eval', 'images.json'], { cwd }), 3, 'images', words, sorted);
  // The page is made without test images, and says why.
  const page = await mlp(['export', 'images.json', '--to', 'html'], { cwd });
  expect(page.code).toBe(0);
  expect(page.stderr).toContain(`no test images: `);
  expect(page.stderr).toContain(words);
  expect(await mlp(['eval', 'images.json', '--data', 'images'], { cwd })).toMatchObject({ code: 0 });
});

test('a test file of a folder of IDX files; the other split is not touched', async () => {
  await mkdir(join(cwd, 'idx'));
  for (const name of await readdir(digits)) {
    if (name.includes('idx')) await copyFile(join(digits, name), join(cwd, 'idx', name));
  }
  await train('--data', 'idx', '--out', 'idx.json');
  const path = join(cwd, 'idx', 't10k-labels-idx1-ubyte');
  const labels = await readFile(path);
  labels[12] = (labels[12] + 1) % 10;
  await writeFile(path, labels);
  expectError(await mlp(['eval', 'idx.json'], { cwd }), 3, 't10k-labels-idx1-ubyte has the SHA-256');
  expect(await mlp(['eval', 'idx.json', '--split', 'train'], { cwd })).toMatchObject({ code: 0 });
});

test('a model that has no digest of its data, and one without fileSha256', async () => {
  const model = JSON.parse(await readFile(join(cwd, 'idx.json'), 'utf8'));
  delete model.training.data.files;
  await writeFile(join(cwd, 'bare.json'), JSON.stringify(model));
  expectError(
    await mlp(['eval', 'bare.json', '--split', 'train'], { cwd }),
    3,
    'bare.json',
    'got none',
    '--data',
  );
  delete model.fileSha256;
  await writeFile(join(cwd, 'bare.json'), JSON.stringify(model));
  const { code, stderr } = await mlp(['eval', 'bare.json', '--data', digits], { cwd });
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(/^warning: bare\.json has no fileSha256: [^\n]+\n$/),
  ]);
});
