/** SHA-256 digests, by which a model says what data it was trained on. */

import { sha256Bytes } from './sha256.ts';

/**
 * The SHA-256 of bytes, as 64 lower-case hex digits.
 *
 * Runs off the calling thread where the platform has `crypto.subtle`; start several at once and await them together.
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Browsers have no `subtle` on pages that came over plain HTTP from another machine.
  const subtle: typeof globalThis.crypto.subtle | undefined = globalThis.crypto?.subtle;
  const digest = subtle ? new Uint8Array(await subtle.digest('SHA-256', bytes)) : sha256Bytes(bytes);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The SHA-256 of several files: that of their digests in hex, one a line, each line ended by a newline.
 * `sha256sum FILES | cut -d' ' -f1 | sha256sum` prints the same.
 */
export async function sha256OfDigests(digests: readonly string[]): Promise<string> {
  return sha256(new TextEncoder().encode(digests.map((digest) => `${digest}\n`).join('')));
}
