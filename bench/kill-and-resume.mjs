/**
 * Kills a training run over and over, continues it each time, and compares the model with that of a run nobody killed.
 *
 *     node bench/kill-and-resume.mjs [--kills 100] [--seed 1] [-- FLAGS OF mlp train]
 *
 * Moments, signals and thread counts follow from the seed, though what a process has done by then does not: that is
 * the point. One kill in ten is a SIGTERM, after which a run saves itself; the others are SIGKILL. Exits with 1 if a
 * byte differs.
 */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '../dist/index.js';

const { values, positionals } = parseArgs({
  options: { kills: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const kills = Number(values.kills);
const flags = positionals.length > 0 ? positionals : ['--epochs', '20', '--validation', '5000'];

const program = fileURLToPath(new URL('../bin/mlp.js', import.meta.url));
const cwd = mkdtempSync(join(tmpdir(), 'mlp-kill-'));
const random = new Random(Number(values.seed), 'kills');

/** Runs `mlp train`; kills it after so many milliseconds, if it is still there. */
function train(args, after, signal) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, 'train', ...args], {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const timer = after === undefined ? undefined : setTimeout(() => child.kill(signal), after);
    child.on('error', reject);
    child.on('close', (code, killed) => {
      clearTimeout(timer);
      resolve({ code, killed, stderr });
    });
  });
}

function expectDone({ code, stderr }) {
  if (code !== 0) throw new Error(`mlp train ended with ${code}: ${stderr}`);
}

const digest = (name) =>
  createHash('sha256')
    .update(readFileSync(join(cwd, name)))
    .digest('hex');

const started = performance.now();
expectDone(await train([...flags, '--quiet', '--out', 'whole.json']));
const whole = performance.now() - started;

const first = [...flags, '--out', 'killed.json', '--checkpoint', 'run.ckpt', '--checkpoint-every', '50'];
const counts = { SIGKILL: 0, SIGTERM: 0, early: 0, finished: 0 };
while (counts.SIGKILL + counts.SIGTERM < kills) {
  const resumes = existsSync(join(cwd, 'run.ckpt'));
  const signal = random.below(10) === 0 ? 'SIGTERM' : 'SIGKILL';
  const after = random.below(Math.ceil(Math.min(3000, whole)));
  const threads = ['--threads', String(1 + random.below(3)), '--quiet'];
  const result = await train([...(resumes ? ['--resume', 'run.ckpt'] : first), ...threads], after, signal);
  if (result.code === 0) {
    // The run is done before the kills are: compared, and begun anew.
    counts.finished++;
    if (digest('killed.json') !== digest('whole.json')) fail();
    rmSync(join(cwd, 'run.ckpt'));
    continue;
  }
  if (result.killed === null && result.code !== 143) expectDone(result);
  counts[signal]++;
  if (!resumes) counts.early++;
}
if (existsSync(join(cwd, 'run.ckpt'))) {
  expectDone(await train(['--resume', 'run.ckpt', '--quiet']));
  if (digest('killed.json') !== digest('whole.json')) fail();
  counts.finished++;
}
const left = readdirSync(cwd).filter((name) => name.endsWith('.tmp'));
console.log(
  `${counts.SIGKILL} SIGKILL and ${counts.SIGTERM} SIGTERM, ${counts.early} of them before a first checkpoint; ` +
    `${counts.finished} run(s) brought to their end, each with the bytes of the run that nobody killed ` +
    `(${digest('whole.json').slice(0, 16)}…); ${left.length} temporary files left; ` +
    `${Math.round((performance.now() - started) / 1000)} s`,
);
rmSync(cwd, { recursive: true });

function fail() {
  console.error(`the models differ; both are in ${cwd}`);
  process.exit(1);
}
