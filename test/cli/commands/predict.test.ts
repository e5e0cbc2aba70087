/** `mlp predict`: images, photos and rows of tables, as text and JSON, and what it refuses. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileDigest } from '../../../src/formats/model.ts';
import { digits, expectError, expectPlain, freshFolder, jsonLines, lines, mlp, start } from '../run.ts';

const TABLE = join(digits, '../digits.csv');
const PHOTO = join(digits, '../photo.jpg');
const SEVEN = join(digits, 'png/7-0000.png');
const FIVE = join(digits, 'png/5-0008.png');

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
  const train = async (out: string, ...more: string[]) => {
    const flags = ['--hidden', '16', '--epochs', '30', '--batch-size', '10', '--learning-rate', '0.1'];
    const { code, stderr } = await mlp(['train', ...flags, '--quiet', '--out', out, ...more], { cwd });
    expect(code, stderr).toBe(0);
  };
  await train('model.json', '--data', digits);
  await train('svm.json', '--data', digits, '--loss', 'svm', '--epochs', '2');
  await train('squared.json', '--data', digits, '--loss', 'squared-error', '--epochs', '2');
  await train('independent.json', '--data', digits, '--loss', 'sigmoid-cross-entropy', '--epochs', '2');
  await train('crop.json', '--data', digits, '--crop', '20');
  await train('table.json', '--data', TABLE);
});
afterAll(() => remove());

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

async function predicted(...args: string[]) {
  const { code, stdout, stderr } = await mlp(['predict', ...args, '--json'], { cwd });
  expect(code, stderr).toBe(0);
  return { results: jsonLines(stdout), stderr };
}

/** What the program prints when this is its stdin. */
async function piped(text: string, ...args: string[]) {
  const { child, result } = start(['predict', ...args], { cwd });
  child.stdin.end(text);
  return result;
}

describe('images', () => {
  test('of the size of the model are taken as they are: one object each, as eval sees them', async () => {
    const { results, stderr } = await predicted('model.json', SEVEN, FIVE);
    expect(stderr).toBe('');
    expect(results.map(({ input }) => input)).toEqual([SEVEN, FIVE]);
    for (const result of results) {
      expect(Object.keys(result)).toEqual(['input', 'class', 'probabilities']);
      expect(Object.keys(result.probabilities)).toEqual([...'0123456789']);
      const values = Object.values<number>(result.probabilities);
      expect(sum(values)).toBeCloseTo(1, 5);
      expect(result.probabilities[result.class]).toBe(Math.max(...values));
    }
    // The first digit of the test set is this seven.
    const explained = await mlp(['explain', 'model.json', '--sample', '0', '--json'], { cwd });
    const { probabilities } = jsonLines(explained.stdout)[0];
    for (const [i, value] of Object.values<number>(results[0].probabilities).entries()) {
      expect(value).toBeCloseTo(probabilities[i], 5);
    }
  });

  test('a photo is prepared as MNIST was, and it says so', async () => {
    const { results, stderr } = await predicted('model.json', PHOTO);
    expect(results[0].class).toBe('3');
    expect(stderr).toMatch(
      /photo\.jpg: dark on light, inverted; cropped to \d+ × \d+ of 240 × 320 pixels, scaled to fit 20 × 20, centred by mass in 28 × 28\n$/,
    );
    const cut = await predicted('crop.json', PHOTO, SEVEN);
    expect(cut.stderr).toContain(', cut to the middle 20 × 20\n');
    expect(cut.results).toHaveLength(2);
  });

  test('--raw only resizes', async () => {
    const { stderr } = await predicted('model.json', PHOTO, '--raw');
    expect(stderr).toBe(`${PHOTO}: resized from 240 × 320 to 28 × 28\n`);
  });

  test('of a model of a folder are resized and inverted as those were', async () => {
    const model = JSON.parse(await readFile(join(cwd, 'model.json'), 'utf8'));
    model.preprocessing.imageFiles = { invert: true };
    model.fileSha256 = await fileDigest(model);
    await writeFile(join(cwd, 'folder.json'), JSON.stringify(model));
    const dark = new Uint8Array(28 * 28 * 4);
    const seven = (await readFile(join(digits, 't10k-images-idx3-ubyte'))).subarray(16, 16 + 784);
    for (let i = 0; i < dark.length; i++) {
      const [row, col] = [Math.floor(i / 56), i % 56];
      dark[i] = 255 - seven[28 * (row >> 1) + (col >> 1)];
    }
    await writeFile(join(cwd, 'dark.png'), encode({ width: 56, height: 56, channels: 1, data: dark }));
    const { results, stderr } = await predicted('folder.json', 'dark.png');
    expect(stderr).toBe('dark.png: resized from 56 × 56 to 28 × 28, inverted\n');
    const [original] = (await predicted('model.json', SEVEN)).results;
    expect(results[0].probabilities).toEqual(original.probabilities);
  });
});

describe('losses', () => {
  test.each(['svm.json', 'squared.json'])('%s gives scores, which are no probabilities', async (model) => {
    const [result] = (await predicted(model, SEVEN)).results;
    expect(Object.keys(result)).toEqual(['input', 'class', 'scores']);
    expect(result.scores[result.class]).toBe(Math.max(...Object.values<number>(result.scores)));
  });

  test('sigmoid cross-entropy gives a probability for each class by itself', async () => {
    const [{ probabilities }] = (await predicted('independent.json', SEVEN)).results;
    const values = Object.values<number>(probabilities);
    for (const value of values) expect(value > 0 && value < 1).toBe(true);
    expect(Math.abs(sum(values) - 1)).toBeGreaterThan(1e-4);
  });
});

describe('rows of a table', () => {
  test('one object a row, named by its line, the same from a file, without labels and from stdin', async () => {
    const { results, stderr } = await predicted('table.json', TABLE);
    expect([results.length, stderr]).toEqual([140, '']);
    expect(results[0].input).toBe(`${TABLE}:2`);
    const rows = lines(await readFile(TABLE, 'utf8'));
    const right = results.filter((result, i) => result.class === rows[i + 1].split(',')[0]);
    expect(right.length).toBeGreaterThan(125);
    const probabilities = results.slice(0, 3).map((result) => result.probabilities);
    const unlabelled = rows.map((row) => row.split(',').slice(1).join());
    const forms = [
      [...rows.slice(0, 4)],
      rows.slice(1, 4),
      unlabelled.slice(1, 4),
      // By name the columns may stand in any order.
      unlabelled.slice(0, 4).map((row) => row.split(',').reverse().join()),
    ];
    for (const form of forms) {
      const { code, stdout } = await piped(`${form.join('\n')}\n`, 'table.json', '-', '--json');
      expect(code).toBe(0);
      expect(jsonLines(stdout).map((result) => result.probabilities)).toEqual(probabilities);
      expect(jsonLines(stdout)[0].input).toMatch(/^stdin:[12]$/);
    }
  });

  test('--label-column says which column to leave out', async () => {
    const rows = lines(await readFile(TABLE, 'utf8')).slice(1, 3);
    const moved = rows.map((row) => {
      const [label, ...inputs] = row.split(',');
      return [...inputs, label].join();
    });
    const { stdout } = await piped(moved.join('\n'), 'table.json', '-', '--label-column', '50', '--json');
    const { results } = await predicted('table.json', TABLE);
    expect(jsonLines(stdout).map((result) => result.probabilities)).toEqual(
      results.slice(0, 2).map((result) => result.probabilities),
    );
  });
});

describe('a whole data set', () => {
  test('by default the test set of the source: one object a sample, with its label, as eval counts them', async () => {
    const { results, stderr } = await predicted('model.json');
    expect([results.length, stderr]).toEqual([40, '']);
    expect(results.map(({ input }) => input)).toEqual(Array.from({ length: 40 }, (_, i) => `test[${i}]`));
    for (const result of results) {
      expect(Object.keys(result)).toEqual(['input', 'class', 'probabilities', 'label']);
    }
    const evaluated = await mlp(['eval', 'model.json', '--json'], { cwd });
    const { correct } = jsonLines(evaluated.stdout)[0];
    expect(results.filter((result) => result.class === result.label)).toHaveLength(correct);
    // The first digit of the test set, as a file.
    const [seven] = (await predicted('model.json', SEVEN)).results;
    expect(results[0]).toEqual({ ...seven, input: 'test[0]', label: '7' });
  });

  test('another place, and the other split', async () => {
    const { results } = await predicted('model.json', '--data', digits, '--split', 'train');
    expect(results).toHaveLength(100);
    expect(results[99].input).toBe('train[99]');
  });

  test('a table, whole, and its label column by name or number', async () => {
    const rows = (await predicted('table.json', TABLE)).results;
    const cells = lines(await readFile(TABLE, 'utf8')).map((row) => row.split(','));
    for (const column of ['label', '1']) {
      const { results } = await predicted('table.json', '--data', TABLE, '--label-column', column);
      expect(results.map(({ label }) => label)).toEqual(cells.slice(1).map(([label]) => label));
      expect(results.map(({ probabilities }) => probabilities)).toEqual(
        rows.map(({ probabilities }) => probabilities),
      );
    }
  });

  test('scores where the loss makes no probabilities', async () => {
    const { results } = await predicted('svm.json', '--split', 'test');
    expect(Object.keys(results[7])).toEqual(['input', 'class', 'scores', 'label']);
  });

  test('as text: a wrong one ends in its label', async () => {
    const { stdout } = await mlp(['predict', 'model.json'], { cwd });
    const { results } = await predicted('model.json');
    for (const [i, line] of lines(stdout).entries()) {
      const { input, label, class: found } = results[i];
      expect(line.startsWith(input.padEnd('test[39]'.length))).toBe(true);
      expect(/ {3}label (\d)$/.exec(line)?.[1]).toBe(found === label ? undefined : label);
    }
  });

  test('ends quietly when its reader has seen enough', async () => {
    const { child, result } = start(['predict', 'model.json', '--split', 'train', '--json'], { cwd });
    child.stdout.destroy();
    expect(await result).toMatchObject({ code: 0, stderr: '' });
  });
});

test('as text: a line an input, its class, its probability and the next two', async () => {
  const { code, stdout } = await mlp(['predict', 'model.json', SEVEN, FIVE], { cwd });
  expect(code).toBe(0);
  expectPlain(stdout);
  expect(lines(stdout)).toHaveLength(2);
  for (const line of lines(stdout)) {
    expect(line).toMatch(/\.png {2}\d {2} *\d+\.\d\d % {3}then \d \d+\.\d\d %, \d \d+\.\d\d %$/);
  }
  const { stdout: scores } = await mlp(['predict', 'svm.json', SEVEN], { cwd });
  expect(scores).toMatch(/ {2}\d {2}score -?\d+\.\d{4} {3}then \d -?\d+\.\d{4}, /);
});

describe('refuses', () => {
  test.each<[string, number, string[], (string | RegExp)[]]>([
    ['inputs and --data', 2, ['model.json', SEVEN, '--data', digits], ['--data', 'without inputs']],
    ['inputs and --split', 2, ['model.json', SEVEN, '--split', 'train'], ['--split', 'without inputs']],
    ['--raw of a data set', 2, ['model.json', '--data', digits, '--raw'], ['--raw', 'image files only']],
    ['another split', 2, ['model.json', '--split', 'validation'], ['--split', 'train, test']],
    ['data that are not there', 3, ['model.json', '--data', 'nowhere'], ['nowhere', 'no such file']],
    ['data of another kind', 3, ['table.json', '--data', digits], ['expected a CSV file', 'got IDX files']],
    ['no test set', 2, ['table.json'], ['--split', 'no test samples']],
    [
      '--label-column of images',
      2,
      ['model.json', '--data', digits, '--label-column', 'y'],
      ['--label-column'],
    ],
    [
      'a label column that is not there',
      2,
      ['table.json', '--data', TABLE, '--label-column', 'no'],
      ['--label-column', 'got "no"'],
    ],
    ['an image that is not there', 3, ['model.json', 'no.png'], ['cannot read no.png', 'no such file']],
    ['a file that is no image', 3, ['model.json', 'table.json'], ['table.json: expected a PNG image']],
    ['an image of nothing', 3, ['model.json', 'even.png'], ['even.png', 'stands out']],
    ['a table for a model of images', 3, ['model.json', TABLE], ['digits.csv: expected a PNG or JPEG image']],
    ['stdin for a model of images', 2, ['model.json', '-'], ['CSV on stdin', 'takes images']],
    [
      'an image for a model of tables',
      3,
      ['table.json', SEVEN],
      ['expected a CSV file, as table.json takes'],
    ],
    ['--raw for a model of tables', 2, ['table.json', TABLE, '--raw'], ['--raw', 'images only']],
    ['--label-column for images', 2, ['model.json', SEVEN, '--label-column', 'y'], ['--label-column']],
    ['stdin twice', 2, ['table.json', '-', '-'], ['twice']],
    ['a row too short', 3, ['table.json', 'short.csv'], ['short.csv', '49 columns', 'got 2']],
    ['a missing model', 3, ['none.json', SEVEN], ['none.json', 'no such file']],
  ])('%s', async (_, code, args, words) => {
    const even = encode({ width: 50, height: 40, channels: 1, data: new Uint8Array(2000).fill(230) });
    await writeFile(join(cwd, 'even.png'), even);
    await writeFile(join(cwd, 'short.csv'), '1,2\n');
    expectError(await mlp(['predict', ...args], { cwd }), code, ...words);
  });

  test('a bad cell on stdin, with its line and column, before any output', async () => {
    const rows = lines(await readFile(TABLE, 'utf8'));
    const bad = [...rows.slice(0, 3), rows[3].replace(/^(\d+,\d+),\d+/, '$1,?')].join('\n');
    expectError(await piped(bad, 'table.json', '-'), 3, 'stdin:4:3: expected a number, got "?"');
  });
});
