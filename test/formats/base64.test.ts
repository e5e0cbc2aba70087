/** Floats as little-endian bytes and base64: against Node's own Buffer. */

import { describe, expect, test } from 'vitest';
import { float32Bytes, float32Values, fromBase64, toBase64 } from '../../src/formats/base64.ts';

describe('float32 bytes', () => {
  test('are little-endian', () => {
    expect([...float32Bytes([1, -2.5])]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0]);
  });

  test('come back with every bit, −0 and subnormals among them', () => {
    const values = Float32Array.of(0, -0, 1.1, -3e38, 1e-45, Infinity, 0.1);
    expect(Buffer.from(float32Values(float32Bytes(values)).buffer)).toEqual(Buffer.from(values.buffer));
  });

  test('round float64 values to the nearest float32', () => {
    expect([...float32Values(float32Bytes([0.1]))]).toEqual([Math.fround(0.1)]);
  });

  test('are read at any offset', () => {
    const bytes = Uint8Array.of(9, 0, 0, 0x80, 0x3f);
    expect([...float32Values(bytes.subarray(1))]).toEqual([1]);
  });
});

describe('base64', () => {
  // The lengths around a multiple of 3 and around the size of one chunk of the encoder.
  test.each([0, 1, 2, 3, 4, 8191, 8192, 8193, 20000])("of %i bytes is Node's", (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + 7) % 256);
    const text = Buffer.from(bytes).toString('base64');
    expect(toBase64(bytes)).toBe(text);
    expect(Buffer.from(fromBase64(text))).toEqual(Buffer.from(bytes));
  });

  test('refuses other text', () => {
    expect(() => fromBase64('a*b=')).toThrow();
    expect(() => fromBase64('abcde')).toThrow();
  });
});
