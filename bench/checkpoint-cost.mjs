/**
 * What checkpoints cost in training time: pairs of the same run with and without, which of the two first in turn.
 *
 *     node bench/checkpoint-cost.mjs [--pairs 9] [--every 100] [-- FLAGS OF mlp train]
 *
 * Prints the median of the pairs' ratios and their range: of the training time that mlp reports, of the time of the
 * whole process, and of its processor time, which other processes disturb least; with one thread, as none then waits for
 * another. Both runs of a pair must have the same weights.
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median, range } from './statistics.mjs';

const { values, positionals } = parseArgs({
  options: { pairs: { type: 'string', default: '9' }, every: { type: 'string', default: '100' } },
  allowPositionals: true,
});
const flags = positionals.length > 0 ? positionals : ['--epochs', '4'];
const program = fileURLToPath(new URL('../bin/mlp.js', import.meta.url));
const cwd = mkdtempSync(join(tmpdir(), 'mlp-checkpoints-'));

const preloaded = fileURLToPath(new URL('./processor-time.mjs', import.meta.url));

/** Seconds of training, of the process and of processors, and the digest of the weights. */
function train(...more) {
  const begin = performance.now();
  const { status, stdout, stderr, output } = spawnSync(
    process.execPath,
    ['--import', preloaded, program, 'train', '--json', ...flags, ...more],
    { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
  );
  const elapsed = (performance.now() - begin) / 1000;
  if (status !== 0) throw new Error(stderr);
  const { seconds, sha256 } = JSON.parse(stdout.trim().split('\n').at(-1));
  return { training: seconds, process: elapsed, processor: Number(output[3]), sha256 };
}

const checkpoint = join(cwd, 'run.ckpt');
const kinds = {
  without: () => train(),
  with: () => train('--checkpoint', checkpoint, '--checkpoint-every', values.every),
};
const ratios = { training: [], process: [], processor: [] };
const plain = [];
for (let pair = 0; pair < Number(values.pairs); pair++) {
  const order = pair % 2 === 0 ? ['without', 'with'] : ['with', 'without'];
  const runs = Object.fromEntries(order.map((kind) => [kind, kinds[kind]()]));
  if (runs.with.sha256 !== runs.without.sha256) throw new Error('the checkpoints changed the weights');
  for (const key of Object.keys(ratios)) ratios[key].push(runs.with[key] / runs.without[key]);
  plain.push(runs.without.training);
}
const told = (list) =>
  `${median(list).toFixed(3)} (${range(list)
    .map((x) => x.toFixed(2))
    .join(' to ')})`;
console.log(
  `${values.pairs} pairs, a checkpoint of ${statSync(checkpoint).size} bytes every ${values.every} steps: ` +
    `training × ${told(ratios.training)}, the whole process × ${told(ratios.process)}, ` +
    `processor time × ${told(ratios.processor)}; ` +
    `${median(plain).toFixed(2)} s of training without`,
);
rmSync(cwd, { recursive: true });
