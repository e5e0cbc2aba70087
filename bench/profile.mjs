// Where the time of an epoch goes: one thread, every call into the wasm module timed, the share of each kernel printed.
// node bench/profile.mjs [HIDDEN] [BATCH]

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mnistFolder } from './data.mjs';

const [hidden = 200, batchSize = 64] = process.argv.slice(2).map(Number);

/** @type {Map<string, { ms: number, calls: number }>} */
const kernels = new Map();
const { Instance } = WebAssembly;
// Timed from outside, so that what is measured is the program as it is. A call costs some 0.1 µs more for it.
WebAssembly.Instance = /** @type {any} */ (
  function timedInstance(module, imports) {
    const { exports } = new Instance(module, imports);
    const timed = Object.entries(exports).map(([name, kernel]) => [
      name,
      (...numbers) => {
        const began = performance.now();
        const result = /** @type {Function} */ (kernel)(...numbers);
        const entry = kernels.get(name) ?? { ms: 0, calls: 0 };
        kernels.set(name, { ms: entry.ms + performance.now() - began, calls: entry.calls + 1 });
        return result;
      },
    ]);
    return { exports: Object.fromEntries(timed) };
  }
);

const { allOf, memoryFor, perceptron, readMnist, Trainer, WasmKernels } = await import('../dist/index.js');
const { train } = await readMnist((name) => readFile(join(mnistFolder(), name)).catch(() => undefined));
const network = perceptron({ inputs: 784, hidden: [hidden], classes: 10 });
const wasm = new WasmKernels(memoryFor(network, [train], batchSize, 0));
const config = { network, epochs: 4, batchSize, learningRate: 0.1, seed: 1 };
const trainer = new Trainer(wasm, config, { train: allOf(wasm.load(train)) });

let epochs = 0;
let seconds = 0;
for await (const event of trainer.run(undefined, null)) {
  if (event.event !== 'epoch') continue;
  if (event.epoch === 1) kernels.clear();
  else {
    epochs++;
    seconds += event.seconds;
  }
}
const total = (1000 * seconds) / epochs;
const rows = [...kernels].sort(([, a], [, b]) => b.ms - a.ms).map(([name, { ms }]) => [name, ms / epochs]);
rows.push(['the rest (JavaScript)', total - rows.reduce((sum, [, ms]) => sum + ms, 0)]);
console.log(`784 → ${hidden} → 10, batch ${batchSize}, one thread: ${total.toFixed(0)} ms an epoch\n`);
console.log('| kernel | ms | share |\n|---|---|---|');
for (const [name, ms] of rows) {
  if (ms >= total / 400) console.log(`| ${name} | ${ms.toFixed(0)} | ${((100 * ms) / total).toFixed(1)} % |`);
}
