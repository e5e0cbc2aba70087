/** Runs the program as a user does, in a folder, and collects what it prints and how it ends. */

import { type ChildProcess, type ChildProcessWithoutNullStreams, fork, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect } from 'vitest';

const program = fileURLToPath(new URL('../../bin/mlp.js', import.meta.url));
const hostProgram = fileURLToPath(new URL('host.mjs', import.meta.url));

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

/** Long enough for a machine with other work to do: it only ends what hangs. */
const TIMEOUT = 120_000;

export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly result: Promise<Result>;
  /** Settles when stdout holds the text. */
  printed(text: string): Promise<void>;
}

/** The environment without what the test runner says about colour to its own processes. */
function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { FORCE_COLOR, NO_COLOR, ...rest } = process.env;
  return { ...rest, ...more };
}

/** Starts `node bin/mlp.js` in a process of its own: for signals, standard input, variables of the environment, and what goes on. */
export function start(args: readonly string[], { cwd, env, timeout = TIMEOUT }: Options): Running {
  const child = spawn(process.execPath, [program, ...args], { cwd, env: environment(env), timeout });
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

let host: ChildProcess | undefined;
let hostEnvironment: Record<string, string> = {};

/** Variables of the shared process, set before its first command. */
export function shareEnvironment(variables: Record<string, string>): void {
  hostEnvironment = variables;
}

let last: Promise<unknown> = Promise.resolve();

/** Runs a command in the process that all commands of a test file share, after those before it have ended. */
function shared(args: readonly string[], cwd: string, timeout: number): Promise<Result> {
  const run = () =>
    new Promise<Result>((resolve, reject) => {
      host ??= fork(hostProgram, {
        env: environment(hostEnvironment),
        execArgv: [],
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      const child = host;
      let stderr = '';
      const collect = (text: Buffer) => {
        stderr += text;
      };
      const end = (settle: () => void) => {
        clearTimeout(timer);
        child.removeAllListeners();
        child.stderr?.off('data', collect);
        settle();
      };
      const timer = setTimeout(() => child.kill(), timeout);
      child.stderr?.on('data', collect);
      child.on('message', (result) => end(() => resolve(result as Result)));
      child.on('error', (error) => end(() => reject(error)));
      child.on('close', (code, signal) => {
        host = undefined;
        end(() => resolve({ code, signal, stdout: '', stderr }));
      });
      child.send({ args, cwd });
    });
  const result = last.then(run);
  last = result.catch(() => undefined);
  return result;
}

afterAll(() => {
  host?.disconnect();
  host = undefined;
});

/** Runs a command to its end in a process of its own: for modules of the user's, which Node imports once. */
export const mlpAlone = (args: readonly string[], options: Options): Promise<Result> =>
  start(args, options).result;

/** Runs a command to its end: in the shared process, which saves most of the time, where no environment is asked for. */
export const mlp = (args: readonly string[], options: Options): Promise<Result> =>
  options.env === undefined ? shared(args, options.cwd, options.timeout ?? TIMEOUT) : mlpAlone(args, options);

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
