/** Data of the user's own, from file to figures: tables, folders of images, classes, cuts, and what is refused. */

import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idxBytes } from '../../data/idx/idx-bytes.ts';
import { digits, expectError, freshFolder, jsonLines, mlp } from '../run.ts';

const TABLE = join(digits, '../digits.csv');

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
  // The 40 test digits, one folder a class; the first three of each to train on, the fourth to test on, in another.
  const names = (await readdir(join(digits, 'png'))).sort();
  for (const [i, name] of names.entries()) {
    const from = join(digits, 'png', name);
    const split = i % 4 === 3 ? 'test' : 'train';
    for (const folder of [`images/${name[0]}`, `splits/${split}/${name[0]}`]) {
      await mkdir(join(cwd, folder), { recursive: true });
      await cp(from, join(cwd, folder, name));
    }
  }
});
afterAll(() => remove());

const train = (...args: string[]) =>
  mlp(['train', '--hidden', '8', '--epochs', '20', '--batch-size', '10', '--learning-rate', '0.1', ...args], {
    cwd,
  });

/** Trains with --json, and gives the events and the model file. */
async function trained(out: string, ...args: string[]) {
  const { code, stdout, stderr } = await train('--json', '--out', out, ...args);
  expect([code, stderr.includes('error')], stderr).toEqual([0, false]);
  const events = jsonLines(stdout);
  const model = JSON.parse(await readFile(join(cwd, out), 'utf8'));
  return { start: events[0], end: events.at(-1), model, stderr };
}

async function evaluated(...args: string[]) {
  const { code, stdout, stderr } = await mlp(['eval', ...args, '--json'], { cwd });
  expect(code, stderr).toBe(0);
  return { ...jsonLines(stdout)[0], stderr };
}

describe('a table', () => {
  test('with a fraction split off is evaluated on the same rows again', async () => {
    const { start, end, model, stderr } = await trained('part.json', '--data', TABLE, '--test', '0.25');
    expect(start).toMatchObject({ trainSamples: 105, testSamples: 35 });
    expect(stderr).toContain('a header, 49 inputs, standardised; classes in column "label": 0, 1, 2');
    expect(model).toMatchObject({ inputs: 49, classes: [...'0123456789'] });
    expect(model.preprocessing.table).toMatchObject({ label: 'label', labelNumber: 1 });
    const again = await evaluated('part.json');
    expect(again).toMatchObject({ split: 'test', samples: 35, accuracy: end.testAccuracy });
    expect(again.loss).toBeCloseTo(end.testLoss, 5);
    expect(await evaluated('part.json', '--split', 'train')).toMatchObject({ samples: 105 });
    expect(await evaluated('part.json', '--data', TABLE)).toMatchObject({ samples: 140 });
  });

  test('keeps the statistics of its training rows', async () => {
    const rows = 'a,b,y\n1,5,x\n3,5,z\n';
    await writeFile(join(cwd, 'two.csv'), rows);
    await writeFile(join(cwd, 'far.csv'), 'b,y,a\n7,x,100\n');
    const { model, end } = await trained('two.json', '--data', 'two.csv', '--test', 'far.csv');
    const { table } = model.preprocessing;
    expect(table).toEqual({ columns: ['a', 'b'], label: 'y', labelNumber: 3, mean: [2, 5], sd: [1, 0] });
    expect(model.training.data).toMatchObject({ test: { source: join(cwd, 'far.csv') } });
    expect(await evaluated('two.json')).toMatchObject({ samples: 1, accuracy: end.testAccuracy });
  });

  test('is standardised by the rows that train alone: not those held out to test or to validate', async () => {
    // One row of each class a magnitude: the sums of all subsets of rows differ.
    const rows = Array.from({ length: 20 }, (_, i) => `${2 ** i},${i % 2 ? 'x' : 'z'}`);
    await writeFile(join(cwd, 'powers.csv'), `${rows.join('\n')}\n`);
    const flags = [
      '--data',
      'powers.csv',
      '--test',
      '0.2',
      '--validation',
      '4',
      '--epochs',
      '1',
      '--seed',
      '5',
    ];
    const { start, model } = await trained('powers.json', ...flags);
    expect(start).toMatchObject({ trainSamples: 12, validationSamples: 4, testSamples: 4 });
    const { mean, sd } = model.preprocessing.table;
    const summed = Math.round(12 * mean[0]);
    expect(summed.toString(2).replaceAll('0', '')).toHaveLength(12);
    const squares = Array.from({ length: 20 }, (_, i) => 2 ** i)
      .filter((value) => Math.floor(summed / value) % 2 === 1)
      .reduce((sum, value) => sum + (value - mean[0]) ** 2, 0);
    expect(sd[0] / Math.sqrt(squares / 12)).toBeCloseTo(1, 12);
    // The rows left to train are neither those that eval finds as test rows again.
    expect(await evaluated('powers.json')).toMatchObject({ samples: 4 });
  });

  test('is standardised anew for each seed of --repeat, and by a test file not at all', async () => {
    const flags = ['--data', TABLE, '--validation', '20', '--test', TABLE, '--epochs', '2'];
    const one = async (seed: string) => (await trained('one.json', ...flags, '--seed', seed)).model;
    const [first, second] = [await one('1'), await one('2')];
    expect(first.preprocessing.table.mean).not.toEqual(second.preprocessing.table.mean);
    const { code, stdout } = await train(...flags, '--repeat', '2', '--json', '--out', 'both.json');
    expect(code).toBe(0);
    const { runs } = jsonLines(stdout).at(-1);
    expect(runs.map((run: { sha256: string }) => run.sha256)).toEqual([first.sha256, second.sha256]);
    const both = JSON.parse(await readFile(join(cwd, 'both.json'), 'utf8'));
    const saved = [first, second].find(({ sha256 }) => sha256 === both.sha256);
    expect(both.preprocessing).toEqual(saved.preprocessing);
  });

  test('--validation of more rows than there are is refused as for other data', async () => {
    const result = await train('--quiet', '--data', TABLE, '--validation', '140');
    expectError(result, 2, '--validation: expected to hold out 1 to 139 of 140 samples, got 140');
  });

  test('without test rows trains on all, and has no test fields', async () => {
    const { start, end } = await trained('all.json', '--data', TABLE);
    expect(start).toMatchObject({ trainSamples: 140, testSamples: 0 });
    expect(end).not.toHaveProperty('testAccuracy');
    expectError(await mlp(['eval', 'all.json'], { cwd }), 2, '--split', 'no test samples', '--data');
    expect(await evaluated('all.json', '--split', 'train')).toMatchObject({ samples: 140 });
  });

  test('with text for classes, without a header, of some classes', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i % 3},${-i},${['ant', 'bee', 'cow'][i % 3]}`);
    await writeFile(join(cwd, 'animals.csv'), `${rows.join('\n')}\n`);
    const { start, model, stderr } = await trained(
      'bees.json',
      '--data',
      'animals.csv',
      '--classes',
      'cow,bee',
    );
    expect(stderr).toContain('animals.csv: no header, 2 inputs, standardised; classes in column 3: bee, cow');
    expect([start.trainSamples, model.classes]).toEqual([20, ['bee', 'cow']]);
    const all = await evaluated('bees.json', '--data', 'animals.csv');
    expect(all).toMatchObject({ samples: 20, stderr: 'animals.csv: 10 samples of other classes left out\n' });
    const explained = await mlp(['explain', 'bees.json', '--split', 'train', '--json'], { cwd });
    expect(jsonLines(explained.stdout)[0]).toMatchObject({ label: 'bee', sample: 0 });
  });

  test('the same options give the same model, another seed another test set', async () => {
    const digest = async (seed: string) =>
      (await trained('seed.json', '--data', TABLE, '--test', '0.5', '--seed', seed)).end;
    const first = await digest('1');
    expect((await digest('1')).sha256).toBe(first.sha256);
    expect((await digest('2')).testLoss).not.toBe(first.testLoss);
  });

  test.each<[string, string, string]>([
    ['bad.csv', 'a,b,y\n1,2,x\n1,n/a,z\n', 'bad.csv:3:2: expected a number, got "n/a"'],
    ['missing.csv', 'a,b,y\n1,,x\n', 'missing.csv:2:2: expected a number, got an empty cell'],
    ['ragged.csv', '1,2,x\n1,z\n', 'ragged.csv:2: expected 3 cells as in the first row, got 2'],
    ['one.csv', '1,2,x\n1,3,x\n', 'one.csv: expected 2 to 256 different classes in the label column, got 1'],
    ['empty.csv', '', 'empty.csv: expected rows of comma-separated values, got none'],
  ])('%s is refused with 3 and where', async (name, text, message) => {
    await writeFile(join(cwd, name), text);
    expectError(await train('--data', name), 3, message);
  });

  test('a test row of an unknown class is refused with its line', async () => {
    await writeFile(join(cwd, 'known.csv'), '1,x\n2,y\n');
    await writeFile(join(cwd, 'strange.csv'), '1,x\n2,w\n');
    const result = await train('--data', 'known.csv', '--test', 'strange.csv', '--quiet');
    expectError(result, 3, 'strange.csv:2: expected one of x, y as class, got "w"');
  });
});

describe('a folder of images', () => {
  test('one folder a class, with a fraction split off', async () => {
    const { start, end, model, stderr } = await trained('images.json', '--data', 'images', '--test', '0.25');
    expect(start).toMatchObject({ trainSamples: 30, testSamples: 10 });
    expect(stderr).toBe(
      'images: 10 classes, resized to 28 × 28, light on dark, not inverted (see --invert)\n',
    );
    expect(model).toMatchObject({
      inputs: 784,
      classes: [...'0123456789'],
      preprocessing: { shape: [28, 28], imageFiles: { invert: false } },
    });
    expect(await evaluated('images.json')).toMatchObject({ samples: 10, accuracy: end.testAccuracy });
    expect(await evaluated('images.json', '--data', 'images')).toMatchObject({ samples: 40 });
    // The same digits as IDX files.
    const asIdx = await evaluated('images.json', '--data', digits);
    const asPng = await evaluated('images.json', '--data', 'images');
    expect(asIdx.correct).toBe(asPng.correct);
  });

  test('with train and test in it, in another size, cut', async () => {
    const flags = ['--data', 'splits', '--size', '14x16', '--crop', '12', '--invert', 'no'];
    const { start, end, model } = await trained('small.json', ...flags);
    expect(start).toMatchObject({ trainSamples: 30, testSamples: 10 });
    expect(model).toMatchObject({ inputs: 144, preprocessing: { shape: [12, 12], cropFrom: [14, 16] } });
    expect(await evaluated('small.json')).toMatchObject({ samples: 10, accuracy: end.testAccuracy });
    expect(await evaluated('small.json', '--split', 'train')).toMatchObject({ samples: 30 });
    expect(await evaluated('small.json', '--data', 'images')).toMatchObject({ samples: 40 });
  });

  test('files that are no images are refused by name, others are told of', async () => {
    await cp(join(cwd, 'images'), join(cwd, 'spoilt'), { recursive: true });
    await writeFile(join(cwd, 'spoilt/3/notes.txt'), 'x');
    expect((await trained('x.json', '--data', 'spoilt')).stderr).toContain('; 1 other file left out');
    await writeFile(join(cwd, 'spoilt/3/broken.jpg'), Buffer.from([0xff, 0xd8, 0xff]));
    expectError(await train('--data', 'spoilt'), 3, 'spoilt/3/broken.jpg: expected a complete JPEG image');
  });

  test('a folder with images but no folder of a class, or with nothing at all, is refused', async () => {
    const words = ['expected IDX files', 'or PNG or JPEG images in one folder a class'];
    const flat = await train('--data', 'images/3');
    expectError(flat, 3, 'images/3: ', ...words, "found 4 images in no class's folder");
    await mkdir(join(cwd, 'nothing'));
    expectError(await train('--data', 'nothing'), 3, 'nothing: ', ...words, 'found none');
  });

  test('folders without images are refused', async () => {
    await mkdir(join(cwd, 'bare/1'), { recursive: true });
    expectError(
      await train('--data', 'bare'),
      3,
      'bare: expected IDX files',
      'one folder a class, found none',
    );
  });
});

describe('IDX files', () => {
  const CLASSES = 47;

  beforeAll(async () => {
    await mkdir(join(cwd, 'emnist'));
    for (const split of ['train', 'test']) {
      const pixels = new Uint8Array(CLASSES * 6).map((_, i) => (i * 5) % 256);
      const name = (kind: string) => join(cwd, 'emnist', `emnist-balanced-${split}-${kind}-ubyte`);
      await writeFile(name('images-idx3'), idxBytes([CLASSES, 2, 3], pixels));
      await writeFile(
        name('labels-idx1'),
        idxBytes(
          [CLASSES],
          Array.from({ length: CLASSES }, (_, i) => i),
        ),
      );
    }
  });

  test("of EMNIST's names and classes, transposed", async () => {
    const { model, end } = await trained('emnist.json', '--data', 'emnist', '--transpose');
    expect(model.classes).toHaveLength(CLASSES);
    expect(model.preprocessing).toMatchObject({ shape: [3, 2], transpose: true });
    expect(await evaluated('emnist.json')).toMatchObject({ samples: CLASSES, accuracy: end.testAccuracy });
  });

  test('--classes 3,8 --crop 20 is the second network of note A', async () => {
    const flags = ['--data', digits, '--classes', '8,3', '--crop', '20', '--hidden', '200,100'];
    const { start, end, model } = await trained('a.json', ...flags);
    expect(start).toMatchObject({ trainSamples: 20, testSamples: 8 });
    expect(model).toMatchObject({
      inputs: 400,
      classes: ['3', '8'],
      preprocessing: { shape: [20, 20], cropFrom: [28, 28] },
    });
    const result = await evaluated('a.json');
    expect(result).toMatchObject({ samples: 8, accuracy: end.testAccuracy });
    expect(result.stderr).toBe(`${digits}: 32 samples of other classes left out\n`);
    const explained = await mlp(['explain', 'a.json', '--sample', '5', '--json'], { cwd });
    expect(jsonLines(explained.stdout)[0].steps[0]).toMatchObject({ shape: [1, 400] });
  });

  test('--test 0 has no test set, and a fraction replaces it', async () => {
    expect((await trained('x.json', '--data', digits, '--test', '0')).start.testSamples).toBe(0);
    expect((await trained('x.json', '--data', digits, '--test', '0.1')).start).toMatchObject({
      trainSamples: 90,
      testSamples: 10,
    });
    const other = await trained('x.json', '--data', digits, '--test', digits);
    expect(other.start).toMatchObject({ trainSamples: 100, testSamples: 40 });
    expect(await evaluated('x.json')).toMatchObject({ data: digits, accuracy: other.end.testAccuracy });
  });
});

describe.concurrent('refused with 2:', () => {
  test.each<[string, string[], (string | RegExp)[]]>([
    [
      '--label-column of images',
      ['--data', digits, '--label-column', 'y'],
      ['--label-column', 'CSV file only'],
    ],
    [
      '--crop of a table',
      ['--data', TABLE, '--crop', '3'],
      ['--crop', 'IDX files or a folder of images only'],
    ],
    ['--size of IDX files', ['--data', digits, '--size', '8'], ['--size', 'a folder of images only']],
    ['--invert of IDX files', ['--data', digits, '--invert', 'yes'], ['--invert', 'a folder of images only']],
    ['--transpose of a table', ['--data', TABLE, '--transpose'], ['--transpose', 'IDX files only']],
    ['--crop beyond the image', ['--data', digits, '--crop', '29'], ['--crop', '28 × 28', '29']],
    ['--crop of 0', ['--data', digits, '--crop', '0'], ['--crop', 'from 1 to 4096', '"0"']],
    ['--classes of one', ['--data', digits, '--classes', '3'], ['--classes', 'two or more', '"3"']],
    ['--classes twice', ['--data', digits, '--classes', '3,3'], ['--classes', 'each once']],
    ['--classes unknown', ['--data', digits, '--classes', '3,x'], ['--classes', '0, 1, 2', 'got "x"']],
    ['--size of one side', ['--data', 'images', '--size', '8x'], ['--size', 'ROWSxCOLS', '"8x"']],
    ['--size of 0', ['--data', 'images', '--size', '0x9'], ['--size', '"0x9"']],
    ['--invert of neither', ['--data', 'images', '--invert', 'maybe'], ['--invert', 'yes or no', '"maybe"']],
    [
      '--test of more than there is',
      ['--quiet', '--data', digits, '--test', '100'],
      ['--test: ', '1 to 99 of 100'],
    ],
    [
      '--test below 0',
      ['--data', digits, '--test', '-0.5'],
      ['--test', 'a fraction between 0 and 1', '"-0.5"'],
    ],
    [
      'a label column that is not there',
      ['--data', TABLE, '--label-column', '51'],
      ['--label-column', 'got "51"'],
    ],
  ])('%s', async (_, args, words) => {
    expectError(await train(...args), 2, ...words);
  });
});

describe('data of another kind than the model', () => {
  test('are refused with 3', async () => {
    await trained('table.json', '--data', TABLE);
    await trained('idx.json', '--data', digits);
    const evalOf = (model: string, ...flags: string[]) => mlp(['eval', model, '--data', ...flags], { cwd });
    expectError(await evalOf('table.json', digits), 3, 'expected a CSV file, as table.json', 'got IDX files');
    expectError(await evalOf('idx.json', TABLE), 3, 'expected images, as idx.json', 'got a CSV file');
    expectError(await train('--data', TABLE, '--test', digits), 3, 'expected a CSV file', 'got IDX files');
    expectError(await train('--data', digits, '--test', 'nowhere'), 3, 'nowhere', 'no such file');
    expectError(await evalOf('idx.json', digits, '--label-column', 'y'), 2, '--label-column');
  });
});
