/** The options of `mlp train` from flags and from a config file: which value wins, which are refused. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digits, expectError, freshFolder, jsonLines, mlp } from '../cli/run.ts';

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
});
afterAll(() => remove());

const train = (...args: string[]) => mlp(['train', '--data', digits, ...args], { cwd });

// Each run stands alone and ends at once: several at a time halve the wait.
describe.concurrent('a flag is refused with exit code 2:', () => {
  test.each([
    ['--hidden', '0'],
    ['--hidden', 'abc'],
    ['--hidden', '10,,5'],
    ['--hidden', '1.5'],
    ['--hidden', '1000000,1000000'],
    ['--learning-rate', '-1'],
    ['--learning-rate', '0'],
    ['--learning-rate', '1e999'],
    ['--epochs', '0'],
    ['--epochs', '2.5'],
    ['--epochs', ''],
    ['--batch-size', '0'],
    ['--batch-size', '0x10'],
    ['--l2', '-0.1'],
    ['--l1', '-0.1'],
    ['--dropout', '1'],
    ['--dropout', '-0.5'],
    ['--input-dropout', 'half'],
    ['--max-norm', '0'],
    ['--label-smoothing', '1'],
    ['--seed', '-1'],
    ['--seed', '4294967296'],
    ['--validation', '1.5'],
    ['--validation', '-1'],
    ['--validation', '100'],
    ['--activation', 'rleu'],
    ['--output-activation', 'tanh'],
  ])('%s %j', async (flag, value) => {
    expectError(await train(flag, value), 2, flag, /expected .*, got /);
  });

  test('a name near to one there is, with a suggestion', async () => {
    expectError(await train('--loss', 'svn'), 2, '--loss', '"svn"', 'did you mean "svm"');
  });

  test('label smoothing with a loss whose targets are no probabilities', async () => {
    expectError(
      await train('--label-smoothing', '0.1', '--loss', 'svm'),
      2,
      '--label-smoothing',
      /expected .*, got --loss svm/,
    );
  });

  test('a flag that nobody knows, with a suggestion', async () => {
    expectError(await train('--epocs', '3'), 2, '--epocs', '--epochs');
    expectError(await train('--foo-bar-baz', '3'), 2, '--foo-bar-baz');
  });

  test('a flag without its value', async () => {
    expectError(await train('--hidden'), 2, '--hidden', 'missing');
  });
});

describe('a config file', () => {
  async function withConfig(content: unknown, ...args: string[]) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    await writeFile(join(cwd, 'run.json'), text);
    return mlp(['train', '--config', 'run.json', ...args], { cwd });
  }

  test('gives the values, a flag wins over it, and it over the default', async () => {
    const config = { data: digits, hidden: [7, 5], epochs: 3, learningRate: 0.05, seed: 9, json: true };
    const { code, stdout } = await withConfig(config, '--epochs', '1', '--hidden', '6');
    expect(code).toBe(0);
    const [start, ...rest] = jsonLines(stdout);
    expect(start.config).toMatchObject({
      hidden: [6],
      epochs: 1,
      learningRate: 0.05,
      seed: 9,
      batchSize: 128,
    });
    expect(rest.map(({ event }) => event)).toEqual(['epoch', 'end']);
  });

  test.each([
    [8, [8]],
    ['none', []],
    [[], []],
    ['6,5', [6, 5]],
    [
      [6, 5],
      [6, 5],
    ],
  ])('may say hidden as %j', async (hidden, expected) => {
    const { stdout } = await withConfig({ data: digits, hidden, epochs: 1, json: true });
    expect(jsonLines(stdout)[0].config.hidden).toEqual(expected);
  });

  test.each<[config: object, expected: object]>([
    [
      { classes: ['3', 8], crop: 20 },
      { classes: ['3', '8'], crop: 20 },
    ],
    [{ classes: '9,3,8' }, { classes: ['3', '8', '9'] }],
    [
      { classes: '3,8', test: 0.25, transpose: true },
      { classes: ['3', '8'], test: 0.25, transpose: true },
    ],
  ])('may say which samples: %j', async (config, expected) => {
    const { code, stdout } = await withConfig({ data: digits, epochs: 1, json: true, ...config });
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0].config).toMatchObject(expected);
  });

  test.each<[config: object, ...words: string[]]>([
    [{ classes: [3] }, 'classes', 'two or more', 'got \\[3\\]'],
    [{ size: [28] }, 'size', 'ROWSxCOLS'],
    [{ labelColumn: 0 }, 'labelColumn', 'its number from 1', 'got 0'],
    [{ test: -1 }, 'test', 'a fraction between 0 and 1', 'got -1'],
    [{ labelcolumn: 'y' }, 'did you mean "labelColumn"'],
    [{ epocs: 3 }, '"epocs"', 'did you mean "epochs"'],
    [{ 'learning-rate': 0.1 }, '"learning-rate"', 'did you mean "learningRate"'],
    [{ colourOfTheBikeShed: 1 }, '"colourOfTheBikeShed"', 'unknown key'],
    [{ epochs: '3' }, 'epochs', 'got "3"'],
    [{ epochs: 0 }, 'epochs', 'got 0'],
    [{ learningRate: null }, 'learningRate', 'got null'],
    [{ hidden: [10, 'x'] }, 'hidden', 'expected'],
    [{ json: 'yes' }, 'json', 'true or false'],
    [{ activation: 'rulu' }, 'activation', 'did you mean "relu"'],
    [{ constructor: 1 }, 'constructor', 'unknown key'],
  ])('with a key or value that does not fit is refused with 2: %j', async (config, ...words) => {
    expectError(await withConfig(config), 2, 'run.json', ...words.map((word) => new RegExp(word)));
  });

  test.each(['epochs: 3', '{"epochs": 3', '', '[]', '3', 'null'])(
    'that is no JSON object does not fit, and is refused with 3: %j',
    async (text) => {
      expectError(await withConfig(text), 3, 'run.json', 'expected');
    },
  );

  test('that is missing is refused with 3', async () => {
    expectError(await train('--config', 'none.json'), 3, 'none.json', 'no such file');
    expectError(await train('--config', '.'), 3, 'folder');
  });
});
