/** SHA-256 digests. A model records those of its training data. */

import { sha256 as sha256Bytes } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/**
 * The SHA-256 of bytes, as 64 lower-case hex digits.
 *
 * Runs off the calling thread where the platform has `crypto.subtle`; start several at once and await them together.
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Browsers withhold `subtle` from pages that another machine serves over plain HTTP.
  const subtle: typeof globalThis.crypto.subtle | undefined = globalThis.crypto?.subtle;
  return bytesToHex(subtle ? new Uint8Array(await subtle.digest('SHA-256', bytes)) : sha256Bytes(bytes));
}

/**
 * The SHA-256 of several files: that of their digests in hex, one a line, each line ended by a newline.
 * `sha256sum FILES | cut -d' ' -f1 | sha256sum` prints the same.
 */
export async function sha256OfDigests(digests: readonly string[]): Promise<string> {
  return sha256(new TextEncoder().encode(digests.map((digest) => `${digest}\n`).join('')));
}
