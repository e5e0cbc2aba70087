// Runs one measurement in a process of its own, so that memory and warm-up are its own, and reads its JSON line.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * What a runner prints, one JSON object on a line.
 *
 * @typedef {object} Result
 * @property {string} peer
 * @property {number} threads
 * @property {number} secondsPerEpoch median of the epochs after the first
 * @property {[number, number]} range least and most of them
 * @property {number} testAccuracy after the last epoch
 * @property {number} epochs trained, the warm-up included
 * @property {false | string} extrapolated or from how much
 * @property {string} version
 * @property {number} peakRssMb
 */

/** Settings that would change what a peer does behind the benchmark's back. */
const OTHERS_SETTINGS = /^(OMP|GOMP|KMP|MKL|OPENBLAS)_/;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill();
});

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string>} env added to the environment
 * @returns {Promise<Result>}
 * @throws {Error} if it fails, with the last line that it wrote to stderr
 */
export async function measure(command, args, env = {}) {
  const { code, out, err } = await output(command, args, env);
  const line = out.split('\n').findLast((text) => text.startsWith('{'));
  if (code !== 0 || line === undefined) throw new Error(lastLine(err) || `ended with code ${code}`);
  return JSON.parse(line);
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string>} env added to the environment
 * @param {string} [cwd]
 * @returns {Promise<{ code: number | NodeJS.Signals | null, out: string, err: string }>} also if it cannot be started
 */
export function output(command, args, env = {}, cwd = undefined) {
  const inherited = Object.entries(process.env).filter(([name]) => !OTHERS_SETTINGS.test(name));
  return new Promise((resolve) => {
    const child = spawn(command, args, { env: { ...Object.fromEntries(inherited), ...env }, cwd });
    running.add(child);
    const written = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      written.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      written.err += text;
    });
    child.on('error', (error) => resolve({ code: 1, out: '', err: error.message }));
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code: code ?? signal, ...written });
    });
  });
}

/** The line of an error output that says most: the last that names an error, or else the last. @param {string} text */
export function lastLine(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.findLast((line) => /\w*(Error|error)\b.*:/.test(line)) ?? lines.at(-1) ?? '').trim();
}

/**
 * The arguments that make node train ours.
 *
 * @param {{ hidden: number, batch: number, threads: number }} config
 * @param {{ epochs: number }} options
 */
export function oursArgs({ hidden, batch, threads }, { epochs }) {
  const script = fileURLToPath(new URL('./ours.mjs', import.meta.url));
  return [script, ...Object.entries({ hidden, batch, threads, epochs }).map(([k, v]) => `--${k}=${v}`)];
}
