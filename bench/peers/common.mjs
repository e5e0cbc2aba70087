// Shared by the JavaScript peers: their arguments, MNIST as floats (never timed), and the JSON line.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mnistFolder } from '../data.mjs';
import { epochTimes } from '../statistics.mjs';

export const require = createRequire(import.meta.url);

const ALL = 60_000;
export const TESTS = 10_000;
export const PIXELS = 784;
export const CLASSES = 10;
export const LEARNING_RATE = 0.1;

const { values } = parseArgs({
  options: {
    hidden: { type: 'string', default: '200' },
    batch: { type: 'string', default: '64' },
    epochs: { type: 'string', default: '5' },
    threads: { type: 'string', default: '1' },
    subset: { type: 'string', default: String(ALL) },
    backend: { type: 'string', default: 'wasm' },
    form: { type: 'string', default: 'fit' },
  },
});
export const { backend, form } = values;
export const hidden = Number(values.hidden);
export const batch = Number(values.batch);
export const epochs = Number(values.epochs);
/** How many of the training images are trained on. */
export const count = Number(values.subset);

const folder = process.env.MNIST_DIR ?? mnistFolder();

/** @param {string} set @param {number} n */
function images(set, n) {
  const bytes = readFileSync(join(folder, `${set}-images-idx3-ubyte`)).subarray(16, 16 + n * PIXELS);
  return Float32Array.from(bytes, (byte) => byte / 255);
}

/** @param {string} set @param {number} n */
const labels = (set, n) => readFileSync(join(folder, `${set}-labels-idx1-ubyte`)).subarray(8, 8 + n);

export const train = { x: images('train', count), labels: labels('train', count) };
export const test = { x: images('t10k', TESTS), labels: labels('t10k', TESTS) };

/** Image i of a set. @param {Float32Array} x @param {number} i */
export const row = (x, i) => x.subarray(i * PIXELS, (i + 1) * PIXELS);

/** The numbers below n in random order. @param {number} n */
export function permutation(n) {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** @param {ArrayLike<number>} scores */
export function argmax(scores) {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i] > scores[best]) best = i;
  return best;
}

/** The share of the test images whose predicted class is right. @param {(i: number) => number} predict */
export function accuracy(predict) {
  let right = 0;
  for (let i = 0; i < TESTS; i++) if (predict(i) === test.labels[i]) right++;
  return right / TESTS;
}

/** Seconds, for differences. */
export const now = () => performance.now() / 1000;

/**
 * Prints the result.
 *
 * @param {string} name of the package
 * @param {readonly number[]} times seconds of each epoch, the warm-up first
 * @param {number} testAccuracy
 */
export function report(name, times, testAccuracy) {
  const { version } = JSON.parse(
    readFileSync(new URL(`./node_modules/${name}/package.json`, import.meta.url), 'utf8'),
  );
  const result = {
    peer: name,
    threads: 1,
    ...epochTimes(times, ALL / count),
    testAccuracy,
    extrapolated: count === ALL ? false : `from ${count} images`,
    version,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  console.log(JSON.stringify(result));
}
