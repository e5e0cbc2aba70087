/** Runs the program as a user does: `node bin/mlp.js` in a fresh folder, and what came of it. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const program = fileURLToPath(new URL('../../bin/mlp.js', import.meta.url));

/** The folder of small samples: 100 digits to train on, 40 to test on. */
export const digits = fileURLToPath(new URL('../../data/digits', import.meta.url));

export interface Result {
  readonly code: number | null;
  /** The signal that killed it, if one did. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Options {
  readonly cwd: string;
  readonly env?: Record<string, string>;
  /** After this many milliseconds it is killed, which no test expects. */
  readonly timeout?: number;
}

export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly result: Promise<Result>;
  /** Settles when stdout holds the text. */
  printed(text: string): Promise<void>;
}

export function start(args: readonly string[], { cwd, env = {}, timeout = 30_000 }: Options): Running {
  // What the test runner says about colour is not what the program shall hear.
  const { FORCE_COLOR, NO_COLOR, ...rest } = process.env;
  const child = spawn(process.execPath, [program, ...args], { cwd, env: { ...rest, ...env }, timeout });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const result = new Promise<Result>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const printed = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => stdout.includes(text) && resolve();
      child.stdout.on('data', look);
      child.on('close', () => reject(new Error(`ended without printing ${text}: ${stdout}${stderr}`)));
      look();
    });
  return { child, result, printed };
}

export const mlp = (args: readonly string[], options: Options): Promise<Result> =>
  start(args, options).result;

/** A fresh folder; `remove` takes it away with all it holds. */
export async function freshFolder(): Promise<{ cwd: string; remove: () => Promise<void> }> {
  const cwd = await mkdtemp(join(tmpdir(), 'mlp-test-'));
  return { cwd, remove: () => rm(cwd, { recursive: true, force: true }) };
}

/** A short run of plain SGD on the small samples: `train --data … --hidden 8 --epochs 2 …`. */
export const shortTraining = (...more: string[]) => [
  'train',
  ...['--data', digits, '--hidden', '8', '--epochs', '2', '--learning-rate', '0.1'],
  ...['--optimizer', 'sgd'],
  ...more,
];

/** Training that goes on until it is stopped. */
export const longTraining = (...more: string[]) => shortTraining('--epochs', '100000', ...more);

export const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** The objects of JSON lines; a line that is not JSON throws. */
// biome-ignore lint/suspicious/noExplicitAny: what the objects hold is what the tests find out
export const jsonLines = (text: string): any[] => lines(text).map((line) => JSON.parse(line));

/** A refusal: this exit code, nothing on stdout, and on stderr one line `error: …` with all of the words. */
export function expectError(result: Result, code: number, ...words: (string | RegExp)[]): void {
  expect(result).toMatchObject({ code, signal: null, stdout: '' });
  expect(result.stderr).toMatch(/^error: [^\n]+\n$/);
  for (const word of words) expect(result.stderr).toMatch(word);
}

/** The text is lines and nothing else: no colour, nothing redrawn or overwritten. */
export function expectPlain(text: string): void {
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
}
