// `npm run bench -- --commands`: what a user waits for, from pressing return to the prompt; and a busy neighbour.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLine, measure, oursArgs } from './child.mjs';
import { median, printTable, range, seconds, span } from './statistics.mjs';

const MLP = fileURLToPath(new URL('../bin/mlp.js', import.meta.url));
const PEAK_MEMORY = new URL('./peak-memory.mjs', import.meta.url).href;

/** Burns a core, and ends itself should the benchmark have ended before it was told to. */
const NEIGHBOUR = 'for (const parent = process.ppid; process.ppid === parent; );';

/** @param {import('./run.mjs').Bench} bench */
export async function benchCommands(bench) {
  const folder = mkdtempSync(join(tmpdir(), 'mlp-bench-'));
  try {
    await wholeCommands(folder, bench);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log('');
  await busyNeighbour(bench);
}

/** @param {string} folder @param {import('./run.mjs').Bench} bench */
async function wholeCommands(folder, { options, record, progress }) {
  const model = join(folder, 'model.json');
  const commands = [
    { name: 'mlp train --hidden 200', args: ['train', '--hidden', '200', '--out', model, '--json'] },
    { name: 'mlp eval model.json', args: ['eval', model, '--json'] },
    { name: 'mlp --help', args: ['--help'] },
  ];
  const rows = [];
  for (const { name, args } of commands) {
    progress(`${name}, ${options.runs} times`);
    const times = [];
    let last = '';
    for (let run = 0; run < options.runs; run++) {
      const result = await command([MLP, ...args]);
      times.push(result.seconds);
      last = result.out.trimEnd().split('\n').at(-1) ?? '';
    }
    // A run of its own, for what measures the memory is not part of the command.
    const { peakMb } = await command(['--import', PEAK_MEMORY, MLP, ...args]);
    const { testAccuracy, accuracy } = last.startsWith('{') ? JSON.parse(last) : {};
    const reached = testAccuracy ?? accuracy;
    record({
      command: name,
      seconds: median(times),
      range: range(times),
      peakRssMb: peakMb,
      accuracy: reached,
    });
    rows.push([name, seconds(median(times)), span(range(times)), String(peakMb), reached?.toFixed(4) ?? '']);
  }
  printTable(['command', 's', 'min–max', 'peak MB', 'accuracy'], rows, 1);
}

/**
 * Runs node and waits for its end.
 *
 * @param {readonly string[]} args
 * @returns {Promise<{ seconds: number, out: string, peakMb: number }>}
 */
function command(args) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    const written = { out: '', err: '', peak: '' };
    const [, stdout, stderr, peak] = /** @type {import('node:stream').Readable[]} */ (child.stdio);
    stdout.setEncoding('utf8').on('data', (text) => {
      written.out += text;
    });
    stderr.setEncoding('utf8').on('data', (text) => {
      written.err += text;
    });
    peak.setEncoding('utf8').on('data', (text) => {
      written.peak += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const time = (performance.now() - began) / 1000;
      if (code === 0)
        resolve({ seconds: time, out: written.out, peakMb: Math.round(Number(written.peak) / 1024) });
      else reject(new Error(`node ${args.join(' ')} ended with code ${code}: ${lastLine(written.err)}`));
    });
  });
}

/**
 * Training while another process burns one core, in turns with training alone. Threads that only spin where they
 * wait for each other would be ten times slower here than one thread.
 *
 * @param {import('./run.mjs').Bench} bench
 */
async function busyNeighbour({ options, env, record, progress }) {
  const rows = [];
  for (const threads of options.threads) {
    progress(`a busy neighbour, threads ${threads}`);
    /** @type {number[]} */
    const alone = [];
    /** @type {number[]} */
    const beside = [];
    const args = oursArgs({ hidden: options.hidden[0], batch: options.batch[0], threads }, options);
    for (let run = 0; run < options.runs; run++) {
      alone.push((await measure(process.execPath, args, env)).secondsPerEpoch);
      const neighbour = spawn(process.execPath, ['-e', NEIGHBOUR], { stdio: 'ignore' });
      try {
        beside.push((await measure(process.execPath, args, env)).secondsPerEpoch);
      } finally {
        neighbour.kill('SIGKILL');
      }
    }
    const slower = median(beside.map((time, run) => time / alone[run]));
    record({ neighbour: 'one busy core', threads, alone, beside, slower });
    rows.push([
      String(threads),
      seconds(median(alone)),
      span(range(alone)),
      seconds(median(beside)),
      span(range(beside)),
      `${slower.toFixed(2)}×`,
    ]);
  }
  console.log(
    `784 → ${options.hidden[0]} → 10, batch ${options.batch[0]}, beside a process that burns one core\n`,
  );
  printTable(['threads', 'alone s/epoch', 'min–max', 'beside it', 'min–max', 'slower'], rows, 0);
}
