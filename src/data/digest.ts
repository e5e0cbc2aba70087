/** SHA-256 digests, by which a model says what data it was trained on. */

/**
 * The SHA-256 of bytes, as 64 lower-case hex digits.
 *
 * Runs off the calling thread; start several at once and await them together.
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The SHA-256 of several files: that of their digests in hex, one a line, each line ended by a newline.
 * `sha256sum FILES | cut -d' ' -f1 | sha256sum` prints the same.
 */
export async function sha256OfDigests(digests: readonly string[]): Promise<string> {
  return sha256(new TextEncoder().encode(digests.map((digest) => `${digest}\n`).join('')));
}
