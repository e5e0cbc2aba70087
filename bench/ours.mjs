// Runner of this project's own training: one configuration, one JSON line. Reads dist/, as users do.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { allOf, perceptron, readIdxFolder, ThreadedTrainer } from '../dist/index.js';
import { mnistFolder } from './data.mjs';
import { epochTimes } from './statistics.mjs';

const { values } = parseArgs({
  options: {
    hidden: { type: 'string', default: '200' },
    batch: { type: 'string', default: '64' },
    threads: { type: 'string', default: '1' },
    epochs: { type: 'string', default: '5' },
  },
});
const threads = Number(values.threads);
const folder = process.env.MNIST_DIR ?? mnistFolder();
const { train, test } = await readIdxFolder(folder, (name) =>
  readFile(join(folder, name)).catch(() => undefined),
);
const config = {
  network: perceptron({ inputs: 784, hidden: [Number(values.hidden)], classes: 10 }),
  epochs: Number(values.epochs),
  batchSize: Number(values.batch),
  learningRate: 0.1,
  seed: 1,
};
const trainer = new ThreadedTrainer(config, { train: allOf(train), test }, threads);

/** @type {number[]} */
const epochs = [];
let testAccuracy = 0;
let began = 0;
// The listener's own clock, from event to event: what the trainer leaves out of its own figures is counted here.
for await (const event of trainer.run()) {
  const now = performance.now();
  if (event.event === 'epoch') epochs.push((now - began) / 1000);
  if (event.event === 'start' || event.event === 'epoch') began = now;
  if (event.event === 'end') testAccuracy = event.testAccuracy;
}
const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
console.log(
  JSON.stringify({
    peer: 'mlp',
    threads,
    ...epochTimes(epochs),
    testAccuracy,
    extrapolated: false,
    version,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
