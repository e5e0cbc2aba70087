/** Folders of four IDX files: spellings, splits, digests, and every folder that is refused. */

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DataError } from '../../../src/data/errors.ts';
import { type IdxFolderOptions, readIdxFolder } from '../../../src/data/idx/idx-folder.ts';
import { idxBytes, memoryFolder } from './idx-bytes.ts';

const TRAIN_IMAGES = 'train-images-idx3-ubyte';
const TRAIN_LABELS = 'train-labels-idx1-ubyte';
const TEST_IMAGES = 't10k-images-idx3-ubyte';
const TEST_LABELS = 't10k-labels-idx1-ubyte';

const good = {
  [TRAIN_IMAGES]: idxBytes([3, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255]),
  [TRAIN_LABELS]: idxBytes([3], [5, 0, 9]),
  [TEST_IMAGES]: idxBytes([2, 2, 2], [9, 8, 7, 6, 5, 4, 3, 2]),
  [TEST_LABELS]: idxBytes([2], [7, 2]),
};

const readFolder = (files: Record<string, Uint8Array>, options?: IdxFolderOptions) =>
  readIdxFolder('some/folder', memoryFolder(files).read, options);

const hex = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

describe('a good folder', () => {
  test('gives both sets, unscaled, without copying', async () => {
    const data = await readFolder(good);
    expect(data).toMatchObject({ source: 'some/folder', shape: [2, 2], inputs: 4 });
    expect(data.classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(data.train).toEqual({
      count: 3,
      cols: 4,
      values: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255),
      scale: 1 / 255,
      labels: Uint8Array.of(5, 0, 9),
      classes: 10,
    });
    expect(data.test).toMatchObject({ count: 2, labels: Uint8Array.of(7, 2) });
    expect(data.train?.values.buffer).toBe(good[TRAIN_IMAGES].buffer);
    expect(data.test?.labels.buffer).toBe(good[TEST_LABELS].buffer);
  });

  test('has the digest that sha256sum makes of its files', async () => {
    const { files, sha256 } = await readFolder(good);
    const names = [TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS] as const;
    const counts = [3, 3, 2, 2];
    expect(files).toEqual(names.map((name, i) => ({ name, sha256: hex(good[name]), count: counts[i] })));
    expect(sha256).toBe(hex(names.map((name) => `${hex(good[name])}\n`).join('')));
  });

  test.each([
    ['dotted', (name: string) => name.replace('-idx', '.idx'), (bytes: Uint8Array) => bytes],
    ['compressed', (name: string) => `${name}.gz`, gzipSync],
    ['dotted and compressed', (name: string) => `${name.replace('-idx', '.idx')}.gz`, gzipSync],
  ])('reads the same with its names %s', async (_, spell, pack) => {
    const files = Object.entries(good).map(([name, bytes]) => [spell(name), pack(bytes)]);
    expect(await readFolder(Object.fromEntries(files))).toEqual(await readFolder(good));
  });

  test('touches only the files of the split asked for', async () => {
    const { read, asked } = memoryFolder(good);
    const data = await readIdxFolder('f', read, { splits: ['test'] });
    expect(asked).toEqual([TEST_IMAGES, TEST_LABELS]);
    expect(data).not.toHaveProperty('train');
    expect(data.test?.count).toBe(2);
    expect(data.files.map(({ name }) => name)).toEqual([TEST_IMAGES, TEST_LABELS]);
    expect(data.sha256).toBe(hex(`${hex(good[TEST_IMAGES])}\n${hex(good[TEST_LABELS])}\n`));
  });

  test('gives the training set alone when the folder has no other', async () => {
    const { [TRAIN_IMAGES]: images, [TRAIN_LABELS]: labels } = good;
    const folder = { [TRAIN_IMAGES]: images, [TRAIN_LABELS]: labels };
    const data = await readFolder(folder, { splits: ['train'] });
    expect(data.train?.count).toBe(3);
    expect(data).not.toHaveProperty('test');
  });

  test('orders files and digest the same however the splits are ordered', async () => {
    expect(await readFolder(good, { splits: ['test', 'train'] })).toEqual(await readFolder(good));
  });

  test('has as many classes as its labels say, where it is asked to', async () => {
    const labels = { ...good, [TEST_LABELS]: idxBytes([2], [7, 46]) };
    const data = await readFolder(labels, { classes: 'labels' });
    expect(data.classes).toHaveLength(47);
    expect([data.train?.classes, data.test?.classes]).toEqual([47, 47]);
    expect((await readFolder(labels, { classes: 'labels', splits: ['train'] })).classes).toHaveLength(10);
  });

  test.each([
    ['emnist-balanced-', 'test', ''],
    ['emnist-letters-', 'test', '.gz'],
    ['kmnist_', 't10k', ''],
  ])("is found under EMNIST's and other names: %s", async (prefix, testName, suffix) => {
    const spelt = Object.fromEntries(
      Object.entries(good).map(([name, bytes]) => [
        `${prefix}${name.replace('t10k', testName)}${suffix}`,
        suffix === '' ? bytes : gzipSync(bytes),
      ]),
    );
    const names = [...Object.keys(spelt), 'readme.txt'];
    const data = await readFolder(spelt, { names });
    expect(data).toEqual(await readFolder(good));
    await expect(readFolder(spelt)).rejects.toThrow('found none');
  });

  test('prefers the standard names', async () => {
    const extra = { ...good, [`x-${TRAIN_IMAGES}`]: idxBytes([1, 1, 1], [0]) };
    expect(await readFolder(extra, { names: Object.keys(extra) })).toEqual(await readFolder(good));
  });

  test('may have up to 256 classes', async () => {
    const folder = { ...good, [TEST_LABELS]: idxBytes([2], [7, 255]) };
    const data = await readFolder(folder, { classes: 256 });
    expect(data.classes).toHaveLength(256);
    expect(data.test).toMatchObject({ classes: 256, labels: Uint8Array.of(7, 255) });
  });
});

describe('a bad folder is refused with one line', () => {
  const without = (name: string) => Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));
  const refused: [string, Record<string, Uint8Array>, string][] = [
    [
      'a missing file',
      without(TEST_LABELS),
      'some/folder: expected a file t10k-labels-idx1-ubyte (or t10k-labels.idx1-ubyte, or either with .gz), found none',
    ],
    [
      'an empty folder, by its first file',
      {},
      'some/folder: expected a file train-images-idx3-ubyte (or train-images.idx3-ubyte, or either with .gz), found none',
    ],
    [
      'a damaged file, by the name it was found under',
      { ...without(TEST_LABELS), 't10k-labels.idx1-ubyte': idxBytes([2], [7]) },
      'some/folder/t10k-labels.idx1-ubyte: expected 10 bytes for 2 labels, got 9',
    ],
    [
      'more images than labels',
      { ...good, [TRAIN_LABELS]: idxBytes([2], [5, 0]) },
      'expected as many labels as images, got 3 images in some/folder/train-images-idx3-ubyte and 2 labels in some/folder/train-labels-idx1-ubyte',
    ],
    [
      'more labels than images',
      { ...good, [TEST_LABELS]: idxBytes([3], [5, 0, 1]) },
      'expected as many labels as images, got 2 images in some/folder/t10k-images-idx3-ubyte and 3 labels in some/folder/t10k-labels-idx1-ubyte',
    ],
    [
      'a label that is no class',
      { ...good, [TRAIN_LABELS]: idxBytes([3], [5, 10, 11]) },
      'some/folder/train-labels-idx1-ubyte: expected labels from 0 to 9, got 10 at sample 1',
    ],
    [
      'test images of another shape with as many pixels',
      { ...good, [TEST_IMAGES]: idxBytes([2, 1, 4], [9, 8, 7, 6, 5, 4, 3, 2]) },
      'some/folder/t10k-images-idx3-ubyte: expected images of 2 × 2 as in some/folder/train-images-idx3-ubyte, got 1 × 4',
    ],
  ];
  test.each(refused)('%s', async (_, files, message) => {
    const error = await readFolder(files).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toBe(message);
  });

  test('two files that could be meant', async () => {
    const two = { [`b-${TRAIN_IMAGES}`]: new Uint8Array(1), [`a-${TRAIN_IMAGES}`]: new Uint8Array(1) };
    await expect(readFolder(two, { names: Object.keys(two) })).rejects.toThrow(
      `some/folder: expected one file of ${TRAIN_IMAGES}, got a-${TRAIN_IMAGES} and b-${TRAIN_IMAGES}`,
    );
  });

  test('a label that is no class of fewer', async () => {
    await expect(readFolder(good, { classes: 3, splits: ['test'] })).rejects.toThrow(
      'some/folder/t10k-labels-idx1-ubyte: expected labels from 0 to 2, got 7 at sample 0',
    );
  });

  test('a slash at the end of its name is not doubled', async () => {
    const { read } = memoryFolder({ ...good, [TEST_LABELS]: new Uint8Array(1) });
    await expect(readIdxFolder('some/', read)).rejects.toThrow(/^some\/t10k-labels-idx1-ubyte: /);
  });

  test('what read throws is passed on', async () => {
    const fault = new Error('EACCES');
    await expect(readIdxFolder('f', () => Promise.reject(fault))).rejects.toBe(fault);
  });

  test.each([0, 257, 2.5, Number.NaN])('%s classes', async (classes) => {
    const message = `readIdxFolder: expected 1 to 256 classes, got ${classes}`;
    await expect(readFolder(good, { classes })).rejects.toThrow(new RangeError(message));
  });

  test('no split', async () => {
    await expect(readFolder(good, { splits: [] })).rejects.toThrow(RangeError);
  });
});
