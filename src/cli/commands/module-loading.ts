/** Loads a module of the user's, and says in one line why one cannot be loaded. */

import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { thrownText } from '../../check/module/errors.ts';
import { FileError } from '../../data/errors.ts';
import { fileError } from '../errors.ts';

/**
 * The module's exports.
 *
 * @throws FileError if the file is missing or cannot be loaded
 */
export async function loadModule(path: string): Promise<unknown> {
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
