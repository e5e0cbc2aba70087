/** PNG images as grey values: what is read, and what is refused. */

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { encode, type ImageData } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { DataError } from '../../../src/data/errors.ts';
import { readIdxFolder } from '../../../src/data/idx/idx-folder.ts';
import { readPng } from '../../../src/data/images/png.ts';
import { pngChunk, pngHeader, pngOf } from './png-bytes.ts';

const folder = fileURLToPath(new URL('../../../data/digits/', import.meta.url));

const grey = (image: ImageData) => [...readPng(encode(image), 'x.png').values];

test('the PNG digits are the digits of the IDX files', async () => {
  const { test: samples } = await readIdxFolder('digits', async (name) => {
    try {
      return readFileSync(folder + name);
    } catch {
      return undefined;
    }
  });
  // Named by class and number: in each class, the order of MNIST.
  const names = readdirSync(`${folder}png`).sort();
  const seen = new Map<number, number>();
  expect(names).toHaveLength(samples?.count ?? -1);
  for (const name of names) {
    const label = Number(name[0]);
    const nth = seen.get(label) ?? 0;
    seen.set(label, nth + 1);
    const index = [...(samples?.labels ?? [])].flatMap((l, i) => (l === label ? [i] : []))[nth];
    const image = readPng(readFileSync(`${folder}png/${name}`), name);
    expect(image).toMatchObject({ rows: 28, cols: 28 });
    expect(Buffer.from(image.values)).toEqual(
      Buffer.from(samples?.values.subarray(index * 784, (index + 1) * 784) as Uint8Array),
    );
  }
});

describe('as grey', () => {
  const size = { width: 3, height: 1 };

  test('8 bits are kept', () => {
    expect(grey({ ...size, channels: 1, data: Uint8Array.of(0, 128, 255) })).toEqual([0, 128, 255]);
  });

  test('16 bits are rounded', () => {
    const data = Uint16Array.of(0, 128 * 257 + 128, 65535);
    expect(grey({ ...size, channels: 1, depth: 16, data })).toEqual([0, 128, 255]);
    expect(
      grey({ ...size, channels: 1, depth: 16, data: data.map((v) => v + (v === 33024 ? 1 : 0)) })[1],
    ).toBe(129);
  });

  test('colours by luminance: 0.299 R + 0.587 G + 0.114 B', () => {
    const data = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255);
    expect(grey({ ...size, channels: 3, data })).toEqual([76, 150, 29]);
    expect(grey({ ...size, channels: 3, data: data.fill(77) })).toEqual([77, 77, 77]);
    const deep = Uint16Array.from(data, () => 65535);
    expect(grey({ ...size, channels: 3, depth: 16, data: deep })).toEqual([255, 255, 255]);
  });

  test('what is transparent lies over black', () => {
    const rgba = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 0, 200, 200, 200, 128);
    expect(grey({ ...size, channels: 4, data: rgba })).toEqual([255, 0, 100]);
    expect(grey({ ...size, channels: 2, data: Uint8Array.of(90, 255, 90, 0, 90, 51) })).toEqual([90, 0, 18]);
  });

  test('a palette of 8 bits, and of 1, whose rows begin with a byte each', () => {
    const palette = [
      [0, 0, 0],
      [255, 255, 255],
      [255, 0, 0],
    ];
    expect(grey({ ...size, channels: 1, data: Uint8Array.of(2, 1, 0), palette })).toEqual([76, 255, 0]);
    const bits = {
      width: 3,
      height: 2,
      channels: 1,
      depth: 1 as const,
      data: Uint8Array.of(0b10100000, 0b01000000),
    };
    expect(grey({ ...bits, palette: palette.slice(0, 2) })).toEqual([255, 0, 255, 0, 255, 0]);
    expect(grey(bits)).toEqual([255, 0, 255, 0, 255, 0]);
  });

  test('4 bits of grey', () => {
    const data = Uint8Array.of(0x0f, 0x80);
    expect(grey({ ...size, channels: 1, depth: 4, data })).toEqual([0, 255, 136]);
  });

  test('interlaced', () => {
    const data = Uint8Array.from({ length: 64 }, (_, i) => i * 3);
    const bytes = encode({ width: 8, height: 8, channels: 1, data }, { interlace: 'Adam7' });
    expect([...readPng(bytes, 'x.png').values]).toEqual([...data]);
  });

  test('a view into a larger buffer', () => {
    const png = encode({ ...size, channels: 1, data: Uint8Array.of(1, 2, 3) });
    const around = new Uint8Array(png.length + 20).fill(7);
    around.set(png, 10);
    expect([...readPng(around.subarray(10, 10 + png.length), 'x.png').values]).toEqual([1, 2, 3]);
  });
});

describe('refuses', () => {
  const png = encode({ width: 28, height: 28, channels: 1, data: new Uint8Array(784).map((_, i) => i * 7) });
  const changed = (at: number, value: number) => png.map((byte, i) => (i === at ? value : byte));
  const refusal = (bytes: Uint8Array) => {
    try {
      readPng(bytes, 'x.png');
    } catch (error) {
      expect(error).toBeInstanceOf(DataError);
      return (error as Error).message;
    }
    return 'nothing';
  };

  test.each([
    ['an empty file', new Uint8Array(0), 'x.png: expected a PNG image, got an empty file'],
    ['a JPEG', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), 'x.png: expected a PNG image, got a JPEG image'],
    ['text', Buffer.from('P2 28'), 'x.png: expected a PNG image, got a file that begins with 50 32 20 32'],
    ['a signature alone', png.subarray(0, 8), 'x.png: expected a PNG header of 33 bytes, got 8'],
    ['a size of 0', changed(19, 0), 'x.png: expected 1 to 16777216 pixels, got 28 × 0'],
    ['a huge size', changed(16, 0x7f), 'x.png: expected 1 to 16777216 pixels, got 28 × 2130706460'],
  ])('%s', (_, bytes, message) => {
    expect(refusal(bytes)).toBe(message);
  });

  test('a PNG cut off anywhere', () => {
    for (let length = 33; length < png.length; length++) {
      const message = refusal(png.subarray(0, length));
      expect(message, `${length} bytes`).toMatch(
        /^x\.png: expected a complete PNG image, got \d+ damaged bytes \(.+\)$/,
      );
    }
  });

  test('a PNG with a byte changed anywhere behind its signature', () => {
    for (let at = 8; at < png.length; at++) {
      const message = refusal(changed(at, png[at] ^ 0x55));
      expect(message, `byte ${at}`).toMatch(/^x\.png: expected [^\n]+$/);
    }
  });

  test('interlaced bits, which the decoder would misread', () => {
    const bits = encode({ width: 8, height: 1, channels: 1, depth: 1, data: Uint8Array.of(0xf0) });
    bits[28] = 1;
    expect(refusal(bits)).toBe('x.png: expected 8 or 16 bits a channel in an interlaced image, got 1');
  });

  describe('a small file that takes much memory', () => {
    const zeros = (bytes: number) => deflateSync(new Uint8Array(bytes));
    const pixels = pngChunk('IDAT', zeros(29 * 28));
    const bomb = zeros(20e6);
    const tooMany = 'x.png: expected 28 × 28 pixels that unpack to at most 66348 bytes, got more';

    test.each([
      ['pixels that unpack to megabytes', [pngHeader(28, 28), pngChunk('IDAT', bomb)], tooMany],
      [
        'the same in many chunks',
        [
          pngHeader(28, 28),
          ...Array.from({ length: Math.ceil(bomb.length / 100) }, (_, i) =>
            pngChunk('IDAT', bomb.subarray(100 * i, 100 * (i + 1))),
          ),
        ],
        tooMany,
      ],
      [
        'megabytes behind the pixels',
        [pngHeader(28, 28), pixels, pngChunk('IDAT', new Uint8Array(200_000))],
        tooMany,
      ],
      [
        'a second header',
        [pngHeader(28, 28), pngHeader(60_000, 60_000), pixels],
        'x.png: expected a complete PNG image, got 98 damaged bytes (a second header)',
      ],
      [
        'a header behind another chunk',
        [pngChunk('teXt', new Uint8Array(13)), pngHeader(60_000, 60_000), pixels],
        'x.png: expected a PNG image that begins with its header, got another chunk',
      ],
      [
        'a palette of a million colours',
        [pngHeader(28, 28, 3), pngChunk('PLTE', new Uint8Array(3e6)), pixels],
        'x.png: expected a complete PNG image, got 3000085 damaged bytes (a palette of more than 256 colours)',
      ],
    ])('%s', (_, chunks, message) => {
      expect(refusal(pngOf(...chunks))).toBe(message);
    });

    test('but not a colour profile, which is left out', () => {
      const profile = pngChunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), new Uint8Array(100)]));
      expect(readPng(pngOf(pngHeader(28, 28), profile, pixels), 'x.png')).toMatchObject({
        rows: 28,
        cols: 28,
      });
    });

    test('nor an interlaced image of many rows, nor noise', () => {
      const data = Uint8Array.from({ length: 4 * 70_000 }, (_, i) => (i * i * 31) & 255);
      const tall = encode({ width: 4, height: 70_000, channels: 1, data }, { interlace: 'Adam7' });
      expect(readPng(tall, 'x.png').values.length).toBe(280_000);
    });
  });
});
