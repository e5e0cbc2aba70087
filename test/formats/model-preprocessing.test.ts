/** What a model says of its inputs' preprocessing: that it comes back, and that nonsense is refused. */

import { describe, expect, test } from 'vitest';
import { DataError } from '../../src/data/errors.ts';
import type { Preprocessing } from '../../src/data/preprocessing.ts';
import { decodeModel, encodeModel } from '../../src/formats/model.ts';
import { encodedModel, info, makeNetwork } from './models.ts';

const table = { labelNumber: 5, mean: [1, 2, 3, 4], sd: [1, 0, 0.5, 2] };

test.each<[string, Preprocessing]>([
  ['nothing but a scale', { scale: 1 }],
  ['an old file of images', { scale: 1 / 255, shape: [2, 2] }],
  ['images cut and transposed', { scale: 1 / 255, shape: [2, 2], cropFrom: [3, 4], transpose: true }],
  ['image files', { scale: 1 / 255, shape: [4, 1], imageFiles: { invert: true } }],
  ['a table without names', { scale: 1, table }],
  ['a table with names', { scale: 1, table: { ...table, columns: ['a', 'b', 'c', ''], label: 'y' } }],
])('%s comes back', async (_, preprocessing) => {
  const { text } = await encodeModel({ ...info, preprocessing }, makeNetwork().tensors());
  expect((await decodeModel(text, 'm.json')).preprocessing).toEqual(preprocessing);
});

describe('refuses', () => {
  test.each<[string, object, string | RegExp]>([
    ['a scale that is text', { scale: '1' }, 'preprocessing.scale: expected number, got "1"'],
    [
      'a crop without a shape',
      { shape: undefined, cropFrom: [9, 9] },
      'expected a shape of 4 pixels, got none',
    ],
    [
      'a crop of another shape',
      { shape: [3, 2], cropFrom: [9, 9] },
      'expected a shape of 4 pixels, got 3 × 2',
    ],
    ['a crop from less', { cropFrom: [2, 1] }, 'expected cropFrom of at least 2 × 2, got 2 × 1'],
    ['a crop of one side', { cropFrom: [9] }, 'preprocessing.cropFrom'],
    ['an inversion that is text', { imageFiles: { invert: 'yes' } }, 'preprocessing.imageFiles.invert'],
    ['image files of another shape', { shape: [5, 5], imageFiles: { invert: true } }, 'got 5 × 5'],
    [
      'too few means',
      { shape: undefined, table: { ...table, mean: [1] } },
      'expected 4 entries in table.mean',
    ],
    ['too many deviations', { shape: undefined, table: { ...table, sd: [1, 1, 1, 1, 1] } }, 'table.sd'],
    ['a negative deviation', { shape: undefined, table: { ...table, sd: [1, 1, 1, -1] } }, 'table.sd.3'],
    ['a mean that is null', { shape: undefined, table: { ...table, mean: [1, 1, 1, null] } }, 'table.mean.3'],
    [
      'too few columns',
      { shape: undefined, table: { ...table, columns: ['a'] } },
      'entries in table.columns',
    ],
    ['a label column 0', { shape: undefined, table: { ...table, labelNumber: 0 } }, 'table.labelNumber'],
    ['a shape and a table', { table }, 'expected a shape or a table, got both'],
  ])('%s', async (_, spoilt, words) => {
    const file = await encodedModel();
    Object.assign(file.preprocessing, spoilt);
    const error = await decodeModel(JSON.stringify(file), 'some/m.json').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toMatch(/^some\/m\.json: [^\n]+$/);
    expect((error as Error).message).toMatch(words);
  });
});
