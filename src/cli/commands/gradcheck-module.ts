/** `mlp gradcheck MODULE`: loads a module of the user's, checks it, and prints what was found. */

import { execFile } from 'node:child_process';
import { writeSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TOLERANCE } from '../../check/gradients/gradient-check.ts';
import { thrownText } from '../../check/module/errors.ts';
import {
  type CheckModuleOptions,
  type CheckPlan,
  checkModule,
  ModuleError,
  type ModuleReport,
} from '../../check/module/module.ts';
import { type ReportLine, reportLines } from '../../check/module/report.ts';
import { FileError } from '../../data/errors.ts';
import { UsageError } from '../../options/errors.ts';
import { EXIT, fileError } from '../errors.ts';
import type { GradcheckFlags } from '../options/check-flags.ts';
import { checksJson } from '../text/checks-json.ts';
import { openTerminal, type Terminal } from '../text/terminal.ts';

/**
 * Checks the layer or loss in a file.
 *
 * @param path of a JavaScript module, or a TypeScript one where Node loads it
 * @returns the exit code: 0, or 4 if a check failed
 * @throws UsageError if a flag does not fit
 * @throws FileError if the file is missing, cannot be loaded, or holds nothing that can be checked
 */
export async function gradcheckModule(path: string, flags: GradcheckFlags): Promise<number> {
  if (path === '') throw new UsageError('MODULE: expected a file, got an empty name');
  const { seed, tolerance = TOLERANCE['central-difference'] } = flags;
  const terminal = openTerminal(flags);
  if (flags.json) keepStdoutClean();
  const report = await guardedFromExit(path, async () =>
    check(await loadModule(path), path, {
      seed,
      tolerance,
      onPlan: (plan) => reportIfLong(plan, path, terminal),
    }),
  );
  if (flags.json) {
    terminal.out(checksJson(report.checks));
  } else {
    for (const line of reportLines(report)) terminal.out(coloured(line, terminal));
  }
  return report.passed ? EXIT.done : EXIT.check;
}

/**
 * Runs what runs a user's code. A module that ends the process, or waits for what never comes, leaves no verdict; that
 * must not look like one that passed.
 *
 * @throws FileError if nothing is left to wait for
 */
async function guardedFromExit<T>(path: string, run: () => Promise<T>): Promise<T> {
  let stop: (error: FileError) => void = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = reject;
  });
  const onExit = () => {
    writeSync(
      process.stderr.fd,
      `error: ${path}: it ended the process (process.exit) before anything could be checked\n`,
    );
    process.exitCode = EXIT.file;
  };
  const onEmpty = () => stop(new FileError(`cannot load ${path}: its top-level await never ends`));
  process.once('exit', onExit);
  process.once('beforeExit', onEmpty);
  try {
    return await Promise.race([run(), stopped]);
  } finally {
    process.off('exit', onExit);
    process.off('beforeExit', onEmpty);
  }
}

/** A check that takes longer than this, in seconds, is announced. */
const LONG = 10;

function reportIfLong({ forwardCalls, forward }: CheckPlan, path: string, terminal: Terminal): void {
  const start = performance.now();
  forward();
  const seconds = (forwardCalls * (performance.now() - start)) / 1000;
  if (seconds < LONG) return;
  const time = seconds < 120 ? `${Math.round(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`;
  terminal.err(
    `${path}: ${forwardCalls} calls of forward, about ${time}; smaller shapes show the same mistakes at once`,
  );
}

/** What a module prints while it is loaded and called is no result. */
function keepStdoutClean(): void {
  console.log = console.error;
  console.info = console.error;
  console.debug = console.error;
}

function check(exports: unknown, path: string, options: CheckModuleOptions): ModuleReport {
  try {
    return checkModule(exports, { name: basename(path), ...options });
  } catch (error) {
    if (error instanceof ModuleError) throw new FileError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The module's exports. */
async function loadModule(path: string): Promise<unknown> {
  const whole = resolve(path);
  const found = await stat(whole).catch((error) => {
    throw fileError('read', path, error);
  });
  if (found.isDirectory())
    throw new FileError(`cannot read ${path}: expected a JavaScript file, got a folder`);
  try {
    return await import(pathToFileURL(whole).href);
  } catch (error) {
    const text = error instanceof SyntaxError ? await syntaxText(error, whole) : loadingText(error, whole);
    throw new FileError(`cannot load ${path}: ${text}`, { cause: error });
  }
}

/** Why a module could not be loaded, in one line, with the file and line where the stack has them. */
function loadingText(error: unknown, path: string): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}`;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION' || code === 'ERR_NO_TYPESCRIPT') {
    return isTypeScript(path)
      ? `Node ${process.versions.node} does not run this TypeScript; Node 22.18 or newer runs what needs no more than its types removed, or compile it to JavaScript first`
      : `expected a .js, .mjs, .cjs or .ts file, got ${extname(path) || 'one without an ending'}`;
  }
  return thrownText(error).replace(/ imported from .*/, '');
}

const isTypeScript = (path: string) => ['.ts', '.mts', '.cts'].includes(extname(path));

/** A syntax error with its file and line, which an import does not report but Node's own check does. */
async function syntaxText(error: SyntaxError, path: string): Promise<string> {
  const text = thrownText(error);
  const output = await new Promise<string>((done) => {
    execFile(process.execPath, ['--check', path], (_, _stdout, stderr) => done(stderr));
  });
  const line = /^.*:(\d+)$/m.exec(output)?.[1];
  return line === undefined ? text : `${text} (${basename(path)}:${line})`;
}

function coloured({ kind, text }: ReportLine, { colour }: Terminal): string {
  switch (kind) {
    case 'head':
      return colour.bold(text);
    case 'pass':
      return text.replace(/^ok/, colour.green('ok'));
    case 'fail':
      return text.replace(/^fail/, colour.red('fail'));
    case 'diagnosis':
      return colour.yellow(text);
    case 'entry':
      return colour.dim(text);
    case 'verdict':
      return text.startsWith('passed') ? colour.green(text) : colour.red(text);
  }
}
