/** JPEG images, their orientation, and image files of either format. */

import { encode as encodePng } from 'fast-png';
import jpeg from 'jpeg-js';
import { describe, expect, test } from 'vitest';
import { DataError } from '../../../src/data/errors.ts';
import { readImage } from '../../../src/data/images/image.ts';
import { inverted, rimMean } from '../../../src/data/images/image-shape.ts';
import { readJpeg } from '../../../src/data/images/jpeg.ts';

/** A JPEG of even blocks of 8 × 8, which compression leaves as they are but for rounding. */
function blocks(
  rows: number,
  cols: number,
  colours: readonly (readonly number[])[],
): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(rows * cols * 64 * 4);
  for (let i = 0; i < rows * cols * 64; i++) {
    const [row, col] = [Math.floor(i / (8 * cols)), i % (8 * cols)];
    const [r, g = r, b = r] = colours[Math.floor(row / 8) * cols + Math.floor(col / 8)];
    data.set([r, g, b, 255], 4 * i);
  }
  return new Uint8Array(jpeg.encode({ width: 8 * cols, height: 8 * rows, data }, 100).data);
}

/** The middle of each block of 8 × 8. */
const centres = ({ rows, cols, values }: { rows: number; cols: number; values: Uint8Array }) =>
  Array.from({ length: (rows / 8) * (cols / 8) }, (_, i) => {
    const [row, col] = [Math.floor(i / (cols / 8)), i % (cols / 8)];
    return values[(8 * row + 4) * cols + 8 * col + 4];
  });

/** The same file with Exif data that say how it was held. */
function held(bytes: Uint8Array, orientation: number, little: boolean): Uint8Array<ArrayBuffer> {
  const exif = new Uint8Array(2 + 2 + 6 + 8 + 2 + 12 + 4);
  const view = new DataView(exif.buffer);
  exif.set([0xff, 0xe1]);
  view.setUint16(2, exif.length - 2);
  exif.set([...Buffer.from('Exif\0\0')], 4);
  exif.set([...Buffer.from(little ? 'II' : 'MM')], 10);
  view.setUint16(12, 42, little);
  view.setUint32(14, 8, little);
  view.setUint16(18, 1, little);
  view.setUint16(20, 0x0112, little);
  view.setUint16(22, 3, little);
  view.setUint32(24, 1, little);
  view.setUint16(28, orientation, little);
  return Uint8Array.from([...bytes.subarray(0, 2), ...exif, ...bytes.subarray(2)]);
}

describe('readJpeg', () => {
  test('gives grey values by luminance', () => {
    const image = readJpeg(blocks(1, 4, [[0], [255], [255, 0, 0], [0, 0, 255]]), 'x.jpg');
    expect([image.rows, image.cols]).toEqual([8, 32]);
    const expected = [0, 255, 76, 29];
    for (const [i, value] of centres(image).entries()) expect(Math.abs(value - expected[i])).toBeLessThan(4);
  });

  // 1 2 3
  // 4 5 6 as the camera holds it, turned as each orientation says.
  test.each([
    [1, [2, 3], [1, 2, 3, 4, 5, 6]],
    [2, [2, 3], [3, 2, 1, 6, 5, 4]],
    [3, [2, 3], [6, 5, 4, 3, 2, 1]],
    [4, [2, 3], [4, 5, 6, 1, 2, 3]],
    [5, [3, 2], [1, 4, 2, 5, 3, 6]],
    [6, [3, 2], [4, 1, 5, 2, 6, 3]],
    [7, [3, 2], [6, 3, 5, 2, 4, 1]],
    [8, [3, 2], [3, 6, 2, 5, 1, 4]],
    [9, [2, 3], [1, 2, 3, 4, 5, 6]],
  ])('turns orientation %i upright', (orientation, [rows, cols], expected) => {
    const bytes = blocks(
      2,
      3,
      [1, 2, 3, 4, 5, 6].map((n) => [40 * n]),
    );
    for (const little of [true, false]) {
      const image = readJpeg(held(bytes, orientation, little), 'x.jpg');
      expect([image.rows, image.cols]).toEqual([8 * rows, 8 * cols]);
      expect(centres(image).map((value) => Math.round(value / 40))).toEqual(expected);
    }
  });

  const whole = blocks(2, 2, [[10], [100], [200], [50]]);
  const refusal = (bytes: Uint8Array) => {
    try {
      readJpeg(bytes, 'x.jpg');
    } catch (error) {
      expect(error).toBeInstanceOf(DataError);
      expect((error as Error).message).toMatch(/^x\.jpg: expected [^\n]+$/);
      return (error as Error).message;
    }
    return 'nothing';
  };

  test('refuses a file cut off anywhere', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(refusal(whole.subarray(0, length)), `${length} bytes`).toMatch(/^x\.jpg: expected/);
    }
  });

  test('is not deceived by the end of a thumbnail in its Exif data', () => {
    const exif = held(whole, 1, true);
    exif.set([0xff, 0xd9], 32);
    expect(refusal(exif)).toBe('nothing');
    expect(refusal(exif.subarray(0, exif.length - 2))).toContain('(cut short)');
  });

  test('refuses a changed header, or reads it: never another error', () => {
    for (let at = 0; at < 160; at++) refusal(whole.map((byte, i) => (i === at ? byte ^ 0x55 : byte)));
  });

  test('refuses a size beyond reason before it decodes', () => {
    const frame = whole.findIndex((byte, i) => byte === 0xff && whole[i + 1] === 0xc0);
    const huge = whole.slice();
    huge.set([0xff, 0xff, 0xff, 0xff], frame + 5);
    expect(refusal(huge)).toBe('x.jpg: expected 1 to 33554432 pixels, got 65535 × 65535');
    // 5000 × 6000 would be allowed, and take most of a gigabyte.
    huge.set([0x13, 0x88, 0x17, 0x70], frame + 5);
    expect(refusal(huge)).toBe(
      `x.jpg: expected a JPEG image of 5000 × 6000 pixels, got only ${whole.length} bytes`,
    );
  });

  test('refuses frames behind the first one before memory is full of them', () => {
    const at = whole.findIndex((byte, i) => byte === 0xff && whole[i + 1] === 0xc0);
    const end = at + 2 + 256 * whole[at + 2] + whole[at + 3];
    const large = whole.slice(at, end);
    large.set([0x13, 0x88, 0x17, 0x70], 5);
    const several = Buffer.concat([whole.subarray(0, end), large, whole.subarray(end)]);
    expect(refusal(several)).toMatch(
      /damaged bytes \(maxMemoryUsageInMB limit exceeded by at least \d+MB\)$/,
    );
  });
});

describe('readImage', () => {
  test('tells PNG and JPEG apart by what is in them', () => {
    const png = encodePng({ width: 2, height: 1, channels: 1, data: Uint8Array.of(3, 4) });
    expect([...readImage(png, 'x.jpg').values]).toEqual([3, 4]);
    expect(readImage(blocks(1, 1, [[9]]), 'x.png')).toMatchObject({ rows: 8, cols: 8 });
  });

  test.each([
    [new Uint8Array(0), 'x: expected a PNG or JPEG image, got an empty file'],
    [Buffer.from('GIF89a'), 'x: expected a PNG image, got a file that begins with 47 49 46 38'],
  ])('refuses another file', (bytes, message) => {
    expect(() => readImage(bytes, 'x')).toThrow(new DataError(message));
  });
});

test('rimMean looks at the rim alone, each pixel once', () => {
  const image = { rows: 3, cols: 3, values: Uint8Array.of(8, 0, 0, 0, 255, 0, 0, 0, 0) };
  expect(rimMean(image)).toBe(1);
  expect(rimMean({ rows: 1, cols: 2, values: Uint8Array.of(2, 4) })).toBe(3);
  expect(rimMean({ rows: 3, cols: 1, values: Uint8Array.of(2, 4, 6) })).toBe(4);
});

test('inverted makes dark light', () => {
  expect([...inverted({ rows: 1, cols: 2, values: Uint8Array.of(0, 200) }).values]).toEqual([255, 55]);
});

describe('a JPEG of many scans', () => {
  const [plain] = [blocks(2, 2, [[0], [80], [160], [255]])];
  const scan = plain.lastIndexOf(0xda) - 1;
  const times = (n: number) => {
    const one = [...plain.subarray(scan, -2)];
    return Uint8Array.from([...plain.subarray(0, scan), ...Array(n).fill(one).flat(), 0xff, 0xd9]);
  };

  test('is read up to 100', () => {
    expect(readJpeg(times(100), 'a.jpg')).toEqual(readJpeg(plain, 'a.jpg'));
  });

  test('is refused before it is decoded', () => {
    expect(() => readJpeg(times(101), 'a.jpg')).toThrow(
      'a.jpg: expected at most 100 scans in a JPEG image of 16 × 16, got 101',
    );
    const started = performance.now();
    expect(() => readJpeg(times(20_000), 'a.jpg')).toThrow('got 20000');
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('has fewer where they are large', () => {
    const large = new Uint8Array(1 << 17);
    large.set(times(17).subarray(0, -2));
    large.set([0xff, 0xd9], large.length - 2);
    const frame = large.indexOf(0xc0, large.indexOf(0xdb)) - 1;
    expect([...large.subarray(frame, frame + 2)]).toEqual([0xff, 0xc0]);
    new DataView(large.buffer).setUint32(frame + 5, (5792 << 16) | 5792);
    expect(() => readJpeg(large, 'a.jpg')).toThrow(
      'expected at most 16 scans in a JPEG image of 5792 × 5792, got 17',
    );
  });
});
