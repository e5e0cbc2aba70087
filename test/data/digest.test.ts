import { createHash } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { sha256, sha256OfDigests } from '../../src/data/digest.ts';

const ofNode = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

afterEach(() => vi.unstubAllGlobals());

test.each(['with', 'without'])('equals the platform’s SHA-256 %s crypto.subtle', async (how) => {
  if (how === 'without') vi.stubGlobal('crypto', {});
  for (const length of [0, 55, 64, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 255);
    expect(await sha256(bytes)).toBe(ofNode(bytes));
  }
  expect(await sha256OfDigests(['ab', 'cd'])).toBe(ofNode('ab\ncd\n'));
});
