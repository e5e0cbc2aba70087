/** What a folder or file of data is: IDX files, folders of images, a CSV file. */

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { orderedNames } from '../../data/class-names.ts';
import type { Split } from '../../data/data-source.ts';
import { FileError } from '../../data/errors.ts';
import { IMAGE_NAME } from '../../data/images/image.ts';
import type { ClassFolder } from '../../data/images/image-folder.ts';
import { MNIST } from '../../options/rows/data-rows.ts';
import { fileError } from '../errors.ts';

/** Data that were found, not yet read. */
export type DataPlace =
  | { readonly kind: 'idx'; readonly path: string; readonly names: readonly string[] }
  | { readonly kind: 'csv'; readonly path: string }
  | {
      readonly kind: 'images';
      readonly path: string;
      readonly train: readonly ClassFolder[];
      /** Where the folder has `train` and `test` in it. */
      readonly test?: readonly ClassFolder[];
      /** Files that are neither PNG nor JPEG. */
      readonly others: number;
    };

/** A place in words, for messages. */
export const KIND_TEXT: Readonly<Record<DataPlace['kind'], string>> = {
  idx: 'IDX files',
  csv: 'a CSV file',
  images: 'a folder of images',
};

const EXPECTED =
  'expected IDX files (train-images-idx3-ubyte and so on), or PNG or JPEG images in one folder a class';

const IDX_NAME = /(train|t10k|test)-(images|labels)/i;

/**
 * Looks at what `--data` or `--test` names: a file ending in .csv, a folder with IDX files in it, else a folder of one
 * folder of images a class, or of `train` and `test` with those in them.
 *
 * @throws FileError if it is missing, cannot be read, or is none of these
 */
export async function findData(path: string): Promise<DataPlace> {
  if (path === MNIST) return { kind: 'idx', path, names: [] };
  const found = await stat(path).catch((error) => {
    throw fileError('read', path, error);
  });
  if (!found.isDirectory()) {
    if (/\.csv$/i.test(path)) return { kind: 'csv', path };
    throw new FileError(
      `cannot read ${path}: expected \`${MNIST}\`, a folder of IDX files or of images, or a file ending in .csv, got another file`,
    );
  }
  const { files, folders } = await list(path);
  if (files.some((name) => IDX_NAME.test(name))) return { kind: 'idx', path, names: files };
  if (folders.length === 0) {
    const images = files.filter((name) => IMAGE_NAME.test(name)).length;
    const found =
      images === 0 ? 'none' : `${images} ${images === 1 ? 'image' : 'images'} in no class's folder`;
    throw new FileError(`${path}: ${EXPECTED}, found ${found}`);
  }
  const splits = folders.includes('train') && (await list(join(path, 'train'))).folders.length > 0;
  if (!splits) return { kind: 'images', path, ...(await classFolders('train', path, folders)) };
  const train = await classFolders('train', join(path, 'train'));
  const test = folders.includes('test') ? await classFolders('test', join(path, 'test')) : undefined;
  return { kind: 'images', path, ...train, ...test, others: train.others + (test?.others ?? 0) };
}

async function classFolders<S extends Split>(split: S, path: string, names?: readonly string[]) {
  const folders: ClassFolder[] = [];
  let others = 0;
  for (const name of orderedNames(names ?? (await list(path)).folders)) {
    const { files } = await list(join(path, name));
    const images = files.filter((file) => IMAGE_NAME.test(file));
    others += files.length - images.length;
    folders.push({ name, paths: images.map((file) => join(path, name, file)) });
  }
  if (folders.every(({ paths }) => paths.length === 0)) {
    throw new FileError(`${path}: ${EXPECTED}, found none`);
  }
  return { [split]: folders, others } as Record<S, ClassFolder[]> & { others: number };
}

/** Names in order; hidden ones are left out. */
async function list(path: string): Promise<{ files: string[]; folders: string[] }> {
  try {
    const entries = (await readdir(path, { withFileTypes: true })).filter(
      ({ name }) => !name.startsWith('.'),
    );
    const kinds = await Promise.all(
      entries.map(async (entry) => ({
        name: entry.name,
        folder: entry.isSymbolicLink() ? await leadsToFolder(join(path, entry.name)) : entry.isDirectory(),
      })),
    );
    const names = (folder: boolean) =>
      kinds
        .filter((entry) => entry.folder === folder)
        .map(({ name }) => name)
        .sort();
    return { files: names(false), folders: names(true) };
  } catch (error) {
    throw error instanceof FileError ? error : fileError('read', path, error);
  }
}

async function leadsToFolder(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isDirectory();
  } catch (error) {
    throw fileError('read', link, error);
  }
}
