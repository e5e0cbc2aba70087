/** The SHA-256 of plain integers against Node's. */

import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256Bytes } from '../../src/data/sha256.ts';

test('equals that of the platform for every length round the block borders', () => {
  for (const length of [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 128, 1000, 100_003]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 255);
    const expected = createHash('sha256').update(bytes).digest('hex');
    expect(Buffer.from(sha256Bytes(bytes)).toString('hex')).toBe(expected);
  }
});
