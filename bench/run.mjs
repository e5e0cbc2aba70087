// `npm run bench`: what training costs, alone, beside other libraries, or as whole commands. README.md says how.

import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { measure, oursArgs } from './child.mjs';
import { benchCommands } from './commands.mjs';
import { denseFolder, mnistFolder } from './data.mjs';
import { HELP, readOptions } from './options.mjs';
import { benchPeers } from './peers.mjs';
import { grouped, printTable, seconds, span } from './statistics.mjs';

/**
 * What every benchmark gets.
 *
 * @typedef {object} Bench
 * @property {import('./options.mjs').Options} options
 * @property {Record<string, string>} env tells every runner where the data are
 * @property {(result: object) => void} record keeps a result for --json
 * @property {(what: string) => void} progress says on stderr what is being measured
 */

/** Other work on the machine above this share of its cores is worth a warning. */
const BUSY = 0.25;

async function main() {
  let options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : error}; see --help`);
    return 2;
  }
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  if (!existsSync(new URL('../dist/index.js', import.meta.url))) {
    console.error('bench: there is no dist/; run `npm run build` first');
    return 1;
  }
  const { json } = options;
  const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown CPU' };
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine, options })}\n`);
  console.log(`${machine.cores} × ${machine.cpu}, Node ${machine.node.slice(1)}`);
  if (options.dense) console.log('MNIST with noise of 1 to 8 grey levels: no pixel is 0');
  console.log('');
  const load = loadavg()[0];
  if (load > BUSY * machine.cores) {
    console.error(`other work is running (load ${load.toFixed(1)}): ratios hold better than seconds do\n`);
  }
  /** @type {Bench} */
  const bench = {
    options,
    env: { MNIST_DIR: options.dense ? denseFolder() : mnistFolder() },
    record: (result) => {
      if (json !== undefined) appendFileSync(json, `${JSON.stringify(result)}\n`);
    },
    progress: (what) => console.error(`measuring ${what}`),
  };
  if (options.peers) await benchPeers(bench);
  else if (options.commands) await benchCommands(bench);
  else await benchOurs(bench);
  return 0;
}

/** Every combination of width, batch size and threads, each in a process of its own. @param {Bench} bench */
async function benchOurs({ options, env, record, progress }) {
  const rows = [];
  for (const hidden of options.hidden) {
    for (const batch of options.batch) {
      for (const threads of options.threads) {
        progress(`${hidden} hidden units, batch ${batch}, ${threads} thread${threads === 1 ? '' : 's'}`);
        const result = await measure(process.execPath, oursArgs({ hidden, batch, threads }, options), env);
        record({ hidden, batch, dense: options.dense, ...result });
        rows.push([
          `784 → ${hidden} → 10`,
          String(batch),
          String(threads),
          seconds(result.secondsPerEpoch),
          span(result.range),
          grouped(60_000 / result.secondsPerEpoch),
          result.testAccuracy.toFixed(4),
          grouped(result.peakRssMb),
        ]);
      }
    }
  }
  const accuracy = `accuracy after ${options.epochs}`;
  printTable(
    ['network', 'batch', 'threads', 's/epoch', 'min–max', 'samples/s', accuracy, 'peak MB'],
    rows,
    1,
  );
}

// So that what is removed when the process ends is removed then too.
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
process.exitCode = await main().catch((error) => {
  console.error(`bench: ${error.message}`);
  return 1;
});
