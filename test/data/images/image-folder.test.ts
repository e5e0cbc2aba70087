/** Folders of images as samples: order, sizes, inversion, digests, and what is refused. */

import { createHash } from 'node:crypto';
import { encode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { DataError } from '../../../src/data/errors.ts';
import { type ImageFolderOptions, readImageFolder } from '../../../src/data/images/image-folder.ts';

const png = (rows: number, cols: number, ...values: number[]) =>
  encode({ width: cols, height: rows, channels: 1, data: Uint8Array.from(values) });

const files: Record<string, Uint8Array> = {
  'two/a.png': png(2, 2, 1, 2, 3, 4),
  'two/b.png': png(4, 2, 0, 0, 10, 10, 20, 20, 30, 30),
  'ten/a.png': png(2, 2, 9, 9, 9, 9),
  'white/a.png': png(2, 2, 250, 250, 250, 250),
};
const read = async (path: string) => files[path];
const folder = (name: string, ...paths: string[]) => ({ name, paths });
const two = folder('2', 'two/a.png', 'two/b.png');
const ten = folder('10', 'ten/a.png');
const white = folder('white', 'white/a.png');

const open = (folders: Parameters<typeof readImageFolder>[1], options: Partial<ImageFolderOptions> = {}) =>
  readImageFolder('f', folders, read, { shape: [2, 2], ...options });

test('gives the images of each class, resized, classes in numeric order', async () => {
  const data = await open({ train: [ten, two] });
  expect(data).toMatchObject({ source: 'f', shape: [2, 2], inputs: 4, classes: ['2', '10'] });
  expect(data.train).toMatchObject({ count: 3, cols: 4, scale: 1 / 255, labels: Uint8Array.of(0, 0, 1) });
  expect([...(data.train?.values ?? [])]).toEqual([1, 2, 3, 4, 5, 5, 25, 25, 9, 9, 9, 9]);
  expect(data).not.toHaveProperty('test');
  expect(data.preprocessing.imageFiles.invert).toBe(false);
});

test('has a digest a class, of its files', async () => {
  const { files: digests } = await open({ train: [two, ten] });
  const hex = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
  expect(digests).toEqual([
    { name: 'train/2', sha256: hex(`${hex(files['two/a.png'])}\n${hex(files['two/b.png'])}\n`), count: 2 },
    { name: 'train/10', sha256: hex(`${hex(files['ten/a.png'])}\n`), count: 1 },
  ]);
});

test('inverts where the rims of the training images are light, or as its option says', async () => {
  const light = { train: [white, folder('grey', 'two/a.png', 'white/a.png')], test: [white] };
  const data = await open(light);
  expect(data.preprocessing.imageFiles.invert).toBe(true);
  expect([...(data.train?.values ?? [])].slice(0, 4)).toEqual([254, 253, 252, 251]);
  expect([...(data.test?.values ?? [])]).toEqual([5, 5, 5, 5]);
  expect([...((await open(light, { invert: false })).test?.values ?? [])]).toEqual([250, 250, 250, 250]);
  expect((await open({ train: [two, ten] }, { invert: true })).train?.values[0]).toBe(254);
});

describe('refuses', () => {
  test.each<[string, Parameters<typeof readImageFolder>[1], string]>([
    ['one class', { train: [two] }, 'f: expected 2 to 256 folders of images, one a class, got 1'],
    [
      'a class without images',
      { train: [two, folder('3')] },
      'f: expected PNG or JPEG images in the folder of "3", found none',
    ],
    [
      'a class of the test set alone',
      { train: [two, ten], test: [white] },
      'f: expected the classes of train in test too, got "white"',
    ],
  ])('%s', async (_, folders, message) => {
    await expect(open(folders)).rejects.toThrow(new DataError(message));
  });

  test('a file that is no image, by its path', async () => {
    const bad = readImageFolder('f', { train: [two, ten] }, async () => Buffer.from('text'), {
      shape: [2, 2],
    });
    await expect(bad).rejects.toThrow('two/a.png: expected a PNG image, got');
  });
});
