// Draws docs/images/augmentation.png: a digit of data/digits and eight distortions of each kind. Needs `npm run build` first.
import { readFileSync, writeFileSync } from 'node:fs';
import { encode } from 'fast-png';
import { Augmentation, ReferenceKernels, readPng } from '../dist/index.js';

const DIGIT = '3-0018';
const ROWS = [
  { shift: 3 },
  { rotate: 20 },
  { zoom: 0.25 },
  { elastic: 34 },
  { shift: 1, rotate: 10, zoom: 0.1, elastic: 34 },
];
const COLUMNS = 9;
const SCALE = 3;
const GAP = 6;

const at = (path) => new URL(`../${path}`, import.meta.url);
const { rows, cols, values } = readPng(readFileSync(at(`data/digits/png/${DIGIT}.png`)), DIGIT);
const shape = [rows, cols];
const samples = {
  count: 1,
  cols: rows * cols,
  values,
  scale: 1 / 255,
  labels: new Uint8Array(1),
  classes: 1,
};
const kernels = new ReferenceKernels();

const width = COLUMNS * (cols * SCALE + GAP) + GAP;
const height = ROWS.length * (rows * SCALE + GAP) + GAP;
const data = new Uint8Array(width * height).fill(255);
ROWS.forEach((options, row) => {
  const augmentation = new Augmentation({ shape, ...options }, 1);
  for (let column = 0; column < COLUMNS; column++) {
    const slot = kernels.sampleSlot(samples, 1, shape);
    if (column > 0) kernels.distort(samples, 0, augmentation.warp(column, 0), slot, 0);
    const image = column > 0 ? slot.values : values;
    const top = GAP + row * (rows * SCALE + GAP);
    const left = GAP + column * (cols * SCALE + GAP);
    for (let y = 0; y < rows * SCALE; y++) {
      for (let x = 0; x < cols * SCALE; x++) {
        data[(top + y) * width + left + x] = image[Math.floor(y / SCALE) * cols + Math.floor(x / SCALE)];
      }
    }
  }
});
writeFileSync(at('docs/images/augmentation.png'), encode({ width, height, data, channels: 1, depth: 8 }));
