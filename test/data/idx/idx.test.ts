/** The IDX reader: what it reads, and every file that it refuses. */

import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DataError } from '../../../src/data/errors.ts';
import { readIdx } from '../../../src/data/idx/idx.ts';
import { idxBytes } from './idx-bytes.ts';

const pixels = Array.from({ length: 12 }, (_, i) => 20 * i);
const images = idxBytes([2, 2, 3], pixels);
const labels = idxBytes([4], [5, 0, 4, 1]);

describe('a good file', () => {
  test('gives dimensions and values', async () => {
    expect(await readIdx(labels, 'l', 1)).toEqual({
      dimensions: [4],
      values: Uint8Array.of(5, 0, 4, 1),
      file: labels,
    });
    const idx = await readIdx(images, 'i', 3);
    expect(idx.dimensions).toEqual([2, 2, 3]);
    expect([...idx.values]).toEqual(pixels);
  });

  test('is not copied, also where it lies inside a larger buffer', async () => {
    const padded = new Uint8Array(images.length + 20);
    padded.set(images, 7);
    const { values } = await readIdx(padded.subarray(7, 7 + images.length), 'i', 3);
    expect(values.buffer).toBe(padded.buffer);
    expect(values.byteOffset).toBe(7 + 16);
    expect([...values]).toEqual(pixels);
  });

  test('gives plain arrays for a Buffer, whose slice would not copy', async () => {
    const buffer = Buffer.from(images);
    const { values, file } = await readIdx(buffer, 'i', 3);
    expect(values.buffer).toBe(buffer.buffer);
    expect([values, file].map((array) => array.constructor)).toEqual([Uint8Array, Uint8Array]);
  });

  test('in shared memory is copied out of it', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(images.length));
    shared.set(images);
    const { values } = await readIdx(shared, 'i', 3);
    expect(values.buffer).toBeInstanceOf(ArrayBuffer);
    expect([...values]).toEqual(pixels);
  });

  test('compressed with gzip reads the same, whatever its name', async () => {
    expect(await readIdx(gzipSync(images), 'i', 3)).toEqual(await readIdx(images, 'i', 3));
    expect(await readIdx(gzipSync(labels), 'l', 1)).toEqual(await readIdx(labels, 'l', 1));
  });
});

describe('a bad file is refused with one line that names it', () => {
  const gzipped = gzipSync(images);
  const flipped = Uint8Array.from(gzipped);
  flipped[flipped.length - 8] ^= 1;

  const refused: [string, Uint8Array, 1 | 3, string | RegExp][] = [
    ['labels for images', labels, 3, 'expected magic number 0x00000803 (IDX images), got 0x00000801'],
    ['images for labels', images, 1, 'expected magic number 0x00000801 (IDX labels), got 0x00000803'],
    [
      'floats for bytes',
      idxBytes([2, 2, 3], pixels, 0x0d03),
      3,
      'expected magic number 0x00000803 (IDX images), got 0x00000d03',
    ],
    [
      'a nonzero first byte',
      idxBytes([4], [5, 0, 4, 1], 0xff000801),
      1,
      'expected magic number 0x00000801 (IDX labels), got 0xff000801',
    ],
    ['no images', idxBytes([0, 2, 3], []), 3, 'expected dimensions of at least 1, got 0 × 2 × 3'],
    ['no columns', idxBytes([2, 2, 0], []), 3, 'expected dimensions of at least 1, got 2 × 2 × 0'],
    ['no labels', idxBytes([0], []), 1, 'expected dimensions of at least 1, got 0'],
    ['an empty file', new Uint8Array(0), 3, 'expected an IDX header of 16 bytes, got 0'],
    ['half a magic number', labels.subarray(0, 3), 1, 'expected an IDX header of 8 bytes, got 3'],
    ['half a header', images.subarray(0, 15), 3, 'expected an IDX header of 16 bytes, got 15'],
    ['a short header', labels.subarray(0, 7), 1, 'expected an IDX header of 8 bytes, got 7'],
    ['a header alone', images.subarray(0, 16), 3, 'expected 28 bytes for 2 images of 2 × 3, got 16'],
    ['a missing pixel', images.subarray(0, 27), 3, 'expected 28 bytes for 2 images of 2 × 3, got 27'],
    ['a missing label', labels.subarray(0, 11), 1, 'expected 12 bytes for 4 labels, got 11'],
    ['a byte too many', Uint8Array.of(...images, 0), 3, 'expected 28 bytes for 2 images of 2 × 3, got 29'],
    ['a label too many', Uint8Array.of(...labels, 9), 1, 'expected 12 bytes for 4 labels, got 13'],
    [
      'sizes whose product passes 2³²',
      idxBytes([65536, 65536, 1], []),
      3,
      'expected 4294967312 bytes for 65536 images of 65536 × 1, got 16',
    ],
    [
      'gzip of a truncated file',
      gzipSync(images.subarray(0, 20)),
      3,
      'expected 28 bytes for 2 images of 2 × 3, got 20 after decompression',
    ],
    [
      'gzip of a header that promises more than deflate can hold',
      gzipSync(idxBytes([4_000_000, 28, 28], [1, 2, 3])),
      3,
      /^expected 3136000016 bytes for 4000000 images of 28 × 28, got a gzip file of \d+ bytes, too few for that$/,
    ],
    [
      'gzip of more than the header says',
      gzipSync(Uint8Array.of(...images, 1, 2)),
      3,
      'expected 28 bytes for 2 images of 2 × 3, got more after decompression',
    ],
    [
      'gzip of nothing',
      gzipSync(new Uint8Array(0)),
      3,
      'expected an IDX header of 16 bytes, got 0 after decompression',
    ],
    [
      'gzip of half a header',
      gzipSync(images.subarray(0, 15)),
      3,
      'expected an IDX header of 16 bytes, got 15 after decompression',
    ],
    [
      'gzip of labels for images',
      gzipSync(labels),
      3,
      'expected magic number 0x00000803 (IDX images), got 0x00000801',
    ],
    [
      'gzip cut in its data',
      gzipped.subarray(0, 24),
      3,
      'expected a complete gzip file, got 24 bytes that are truncated or corrupt',
    ],
    [
      'gzip cut in its header',
      gzipped.subarray(0, 5),
      3,
      'expected a complete gzip file, got 5 bytes that are truncated or corrupt',
    ],
    [
      'gzip without its last byte',
      gzipped.subarray(0, -1),
      3,
      `expected a complete gzip file, got ${gzipped.length - 1} bytes that are truncated or corrupt`,
    ],
    [
      'gzip with a wrong checksum',
      flipped,
      3,
      `expected a complete gzip file, got ${flipped.length} bytes that are truncated or corrupt`,
    ],
  ];
  test.each(refused)('%s', async (_, bytes, dims, message) => {
    const error = await readIdx(bytes, 'folder/file', dims).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DataError);
    const said = String(error).replace('DataError: folder/file: ', '');
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });

  test('a bomb is left off where the header says that it ends', async () => {
    // 2 GiB of zeros behind 28 bytes, as members of one gzip file, which decompress one after the other.
    const member = gzipSync(new Uint8Array(1 << 24));
    const bomb = Buffer.concat([gzipSync(images), ...Array.from({ length: 128 }, () => member)]);
    const begin = performance.now();
    await expect(readIdx(bomb, 'bomb', 3)).rejects.toThrow('got more after decompression');
    expect(performance.now() - begin).toBeLessThan(3000);
  });

  test('a header beyond all memory, in a file that could hold it', async () => {
    const long = Buffer.concat([idxBytes([0x7fffffff, 28, 28], []), new Uint8Array(1 << 24)]);
    // Stored, not compressed, so that the file is long.
    const file = gzipSync(long, { level: 0 });
    await expect(readIdx(file, 'long', 3)).rejects.toThrow(DataError);
    const size = 16 + 0x7fffffff * 784;
    await expect(readIdx(file, 'long', 3)).rejects.toThrow(
      `long: expected ${size} bytes for 2147483647 images`,
    );
  });
});

describe('a long gzip file', () => {
  test('of many chunks reads the same', async () => {
    const values = Uint8Array.from({ length: 1000 * 300 }, (_, i) => (i * i) % 251);
    const file = idxBytes([1000, 20, 15], values);
    const idx = await readIdx(gzipSync(file), 'i', 3);
    expect(idx.dimensions).toEqual([1000, 20, 15]);
    expect(Buffer.compare(idx.file, file)).toBe(0);
    expect(Buffer.compare(idx.values, values)).toBe(0);
  });
});
