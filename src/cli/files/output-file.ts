/** A file that a command writes: checked before the work begins, locked while it goes on, never left half-written. */

import { constants, writeSync } from 'node:fs';
import {
  access,
  chmod,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  stat,
  unlink,
} from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { FileError } from '../../data/errors.ts';
import { UsageError } from '../../options/errors.ts';
import { fileError } from '../errors.ts';
import { type FileKind, KIND_NOUN, kindOfFile } from './file-kind.ts';
import { FileLock } from './file-lock.ts';

/** Why an output beside `--json` is a file. */
export const JSON_TAKES_STDOUT = '--json prints to stdout';

/** How an output is opened. */
export interface OutputRequest {
  /** What is written. An existing file must be of this kind, or empty. */
  readonly kind: FileKind;
  /** The option that names the file, for messages: `--out`. */
  readonly flag: string;
  /** Files that the command reads: none of them is written. */
  readonly inputs?: readonly string[];
  /** Why the output cannot go to stdout, if so. */
  readonly noStdout?: string | false | undefined;
}

/** Where an output goes. */
type Destination =
  | {
      readonly to: 'file';
      readonly target: string;
      readonly mode: number | undefined;
      readonly lock: FileLock;
    }
  | { readonly to: 'stdout' }
  | { readonly to: 'nowhere' };

/** An output that is open: `write` replaces the whole file, `release` gives it free. */
export class OutputFile {
  /** The path as the user typed it. */
  readonly path: string;
  readonly #destination: Destination;

  private constructor(path: string, destination: Destination) {
    this.path = path;
    this.#destination = destination;
  }

  /**
   * Opens an output and finds out at once whether it can be written. `-` and `/dev/stdout` are stdout, `/dev/null` discards.
   *
   * @throws UsageError if stdout is asked for and taken, or the command reads the file
   * @throws FileError if the file is of another kind, another run writes it, or it cannot be written
   */
  static async open(path: string, request: OutputRequest): Promise<OutputFile> {
    if (path === '-' || path === '/dev/stdout') {
      if (request.noStdout) {
        throw new UsageError(`${request.flag}: expected a file, as ${request.noStdout}, got ${path}`);
      }
      return new OutputFile(path, { to: 'stdout' });
    }
    if (path === '/dev/null') return new OutputFile(path, { to: 'nowhere' });
    return opening(path, async () => {
      const target = await followed(resolve(path));
      await requireNoInput(path, target, request);
      const existing = await statOf(target);
      if (existing !== undefined) await requireReplaceable(path, target, existing, request);
      await removeAbandoned(target);
      const lock = await FileLock.take(target, request.flag);
      return new OutputFile(path, { to: 'file', target, mode: existing && existing.mode & 0o7777, lock });
    });
  }

  /** Whether the content goes to stdout, where nothing else may be printed then. */
  get isStdout(): boolean {
    return this.#destination.to === 'stdout';
  }

  /** The file that is written, links followed; undefined for stdout and /dev/null. */
  get target(): string | undefined {
    return this.#destination.to === 'file' ? this.#destination.target : undefined;
  }

  /**
   * Replaces the file by text or bytes: a new file beside it is written, flushed and renamed. Where that fails, the old
   * file is untouched.
   *
   * @throws the system's error
   */
  async replace(content: string | Uint8Array): Promise<void> {
    const destination = this.#destination;
    if (destination.to === 'file') await writeWhole(destination.target, content, destination.mode);
    else if (destination.to === 'stdout') writeAllToStdout(content);
  }

  /**
   * Replaces the file. Where that fails, the content goes to a private folder for temporary files instead.
   *
   * @throws FileError if it cannot be written; the message names where the content was saved instead
   */
  async write(content: string | Uint8Array): Promise<void> {
    try {
      await this.replace(content);
    } catch (error) {
      const failure = fileError('write', this.path, error);
      const rescued = await rescue(this.isStdout ? 'model.json' : this.path, content);
      throw rescued === undefined
        ? failure
        : new FileError(`${failure.message}; saved as ${rescued} instead`, { cause: error });
    }
  }

  /**
   * Whether a model of a whole run lies there, which an interrupted run does not replace.
   *
   * @throws the system's error if it cannot be read
   */
  async holdsFinishedModel(): Promise<boolean> {
    if (this.target === undefined) return false;
    const text = await readFile(this.target, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    if (text === '') return false;
    try {
      return JSON.parse(text).training?.interrupted !== true;
    } catch {
      // Damaged, but perhaps not beyond repair.
      return true;
    }
  }

  /** Gives the file free for other runs. */
  release(): void {
    if (this.#destination.to === 'file') this.#destination.lock.release();
  }
}

/**
 * Locks a file that is appended to. Devices and pipes are not locked, nor are files of a folder that cannot be written.
 *
 * @throws UsageError if the command reads the file
 * @throws FileError if the file is of another kind, another run writes it, or it cannot be written
 */
export async function lockAppended(path: string, request: OutputRequest): Promise<FileLock | undefined> {
  return opening(path, async () => {
    const target = await followed(resolve(path));
    await requireNoInput(path, target, request);
    const existing = await statOf(target);
    if (existing !== undefined && !existing.isFile() && !existing.isDirectory()) return undefined;
    if (existing !== undefined) await requireReplaceable(path, target, existing, request);
    return FileLock.take(target, request.flag).catch((error: NodeJS.ErrnoException) => {
      if (existing !== undefined && (error.code === 'EACCES' || error.code === 'EROFS')) return undefined;
      throw error;
    });
  });
}

/** Runs what opens a path, and gives the system's errors in words. */
async function opening<T>(path: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof FileError || error instanceof UsageError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new FileError(`cannot write ${path}: there is no folder ${dirname(resolve(path))}`, {
        cause: error,
      });
    }
    throw fileError('write', path, error);
  }
}

/** `runs/model.json` to `runs/model.interrupted.json`. */
export function interruptedPath(path: string): string {
  const end = extname(path);
  return `${path.slice(0, path.length - end.length)}.interrupted${end}`;
}

/** The most links that are followed, as Linux has it. */
const MAX_LINKS = 40;

/** Where a path leads: links are followed to a file that need not exist yet. */
async function followed(path: string): Promise<string> {
  let at = path;
  for (let i = 0; i < MAX_LINKS; i++) {
    const status = await lstat(at).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (status === undefined || !status.isSymbolicLink()) {
      return join(await realpath(dirname(at)), basename(at));
    }
    at = resolve(dirname(at), await readlink(at));
  }
  throw Object.assign(new Error('too many links'), { code: 'ELOOP' });
}

async function statOf(path: string) {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** @throws UsageError if the command reads the file; a folder's files are safe by their kind */
async function requireNoInput(
  path: string,
  target: string,
  { flag, inputs = [] }: OutputRequest,
): Promise<void> {
  const own = await statOf(target);
  for (const input of inputs) {
    const real = await realpath(resolve(input)).catch(() => undefined);
    if (real === undefined) continue;
    const status = await stat(real);
    const same = own !== undefined && own.ino === status.ino && own.dev === status.dev && own.ino !== 0;
    if (same || real === target) {
      throw new UsageError(
        `${flag}: expected another file than ${input}, which this command reads, got ${path}`,
      );
    }
  }
}

/** @throws FileError if the file is a folder, a device, of another kind, or closed to us */
async function requireReplaceable(
  path: string,
  target: string,
  status: { isDirectory(): boolean; isFile(): boolean },
  { kind, flag }: OutputRequest,
): Promise<void> {
  if (status.isDirectory()) throw new FileError(`cannot write ${path}: expected a file, got a folder`);
  if (!status.isFile()) {
    throw new FileError(`cannot write ${path}: expected a regular file, got a device or pipe`);
  }
  await access(target, constants.W_OK);
  const found = await kindOfFile(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EACCES') return 'other' as const;
    throw error;
  });
  if (found === kind || found === 'empty') return;
  const got = found === 'other' ? 'a file of another kind' : KIND_NOUN[found];
  throw new FileError(
    `cannot write ${path}: expected ${KIND_NOUN[kind]} to replace, got ${got}; remove it, or choose another ${flag}`,
  );
}

const temporaryName = (target: string) => join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);

async function writeWhole(target: string, content: string | Uint8Array, mode?: number): Promise<void> {
  const temporary = temporaryName(target);
  let file: FileHandle | undefined;
  try {
    file = await open(temporary, 'wx', mode ?? 0o666);
    await file.writeFile(content);
    await file.sync();
    await file.close();
    file = undefined;
    // The mask of new files applies to `open` only.
    if (mode !== undefined) await chmod(temporary, mode);
    await rename(temporary, target);
  } catch (error) {
    await file?.close().catch(() => {});
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await flushFolder(dirname(target));
}

/** Makes a rename survive a power cut. Windows cannot open a folder and does not need it. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close().catch(() => {});
}

function writeAllToStdout(content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(1, bytes, done);
    } catch (error) {
      // A pipe that its reader has not emptied yet.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/**
 * Saves what could not be written to a path in a folder for temporary files that only this user can read.
 *
 * @returns the file, or undefined if that fails as well
 */
export async function rescue(path: string, content: string | Uint8Array): Promise<string | undefined> {
  try {
    const user = process.getuid?.() ?? userInfo().username;
    const folder = join(tmpdir(), `mlp-${user}`);
    await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const status = await lstat(folder);
    // Somebody else may have made the folder, or a link in its place, before us.
    const foreign = process.getuid !== undefined && status.uid !== process.getuid();
    if (!status.isDirectory() || foreign) return undefined;
    await chmod(folder, 0o700);
    const refuge = join(folder, `${process.pid}-${basename(path)}`);
    await writeWhole(refuge, content, 0o600);
    return refuge;
  } catch {
    return undefined;
  }
}

/** Removes what killed processes had not finished writing beside a target. */
async function removeAbandoned(target: string): Promise<void> {
  const [before, after] = [`.${basename(target)}.`, '.tmp'];
  for (const name of await readdir(dirname(target)).catch(() => [])) {
    if (!name.startsWith(before) || !name.endsWith(after)) continue;
    const owner = name.slice(before.length, -after.length);
    if (/^\d+$/.test(owner) && !isRunning(Number(owner))) {
      await unlink(join(dirname(target), name)).catch(() => {});
    }
  }
}

/** Whether another process has this id; our own is known to be writing nothing yet. */
function isRunning(id: number): boolean {
  if (id === process.pid) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
