/** A data set in a folder of four IDX files, named as MNIST's are. */

import type { Samples } from '../../kernels/matrix.ts';
import type { DataSource, Split } from '../data-source.ts';
import { sha256, sha256OfDigests } from '../digest.ts';
import { DataError } from '../errors.ts';
import { type Idx, readIdx } from './idx.ts';

/** Gives the bytes of a folder's file by its name, or undefined if there is no such file. */
export type ReadFile = (name: string) => Promise<Uint8Array | undefined>;

/** What to read of a folder. */
export interface IdxFolderOptions {
  /** The sets to read; both by default. Files of a set not asked for are not touched. */
  readonly splits?: readonly Split[];
  /** How many classes there are, 1 to 256; 10 by default. `labels`: as many as the largest label read says. */
  readonly classes?: number | 'labels';
  /** The files of the folder, by which a file of another spelling is found: `emnist-letters-train-images-idx3-ubyte`. */
  readonly names?: readonly string[];
}

interface IdxFile {
  readonly idx: Idx;
  /** The standard name, whichever spelling the file was found under. */
  readonly name: string;
  /** Folder and name as found, for messages. */
  readonly path: string;
  readonly sha256: string;
}

const PREFIXES = { train: 'train', test: 't10k' } as const;
const SPLITS = ['train', 'test'] as const;
/** As the files of MNIST, of EMNIST with its prefixes, and of either compressed are called. */
const OTHER_SPELLING = {
  train: { images: /train-images.*idx3-ubyte(\.gz)?$/i, labels: /train-labels.*idx1-ubyte(\.gz)?$/i },
  test: {
    images: /(t10k|test)-images.*idx3-ubyte(\.gz)?$/i,
    labels: /(t10k|test)-labels.*idx1-ubyte(\.gz)?$/i,
  },
} as const;

/**
 * Reads `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
 * `t10k-labels-idx1-ubyte`; each may also be spelled with a dot (`train-images.idx3-ubyte`) and end in `.gz`.
 * With `names`, a single file that ends so is taken, whatever stands before: EMNIST's, whose test set is called
 * `test`. Pixels keep their bytes 0 to 255 (scale 1/255) and stay where `read` put them. Classes are named by their
 * index. The digest is taken of the decompressed files read, in the order above:
 * `sha256sum FILES | cut -d' ' -f1 | sha256sum` prints it.
 *
 * @param source the folder's name, for messages and for `DataSource.source`
 * @throws {DataError} a file is missing or damaged, counts of images and labels differ, a label is not a class,
 *   or training and test images differ in size. Whatever `read` throws is passed on.
 * @throws {RangeError} `classes` is no whole number from 1 to 256, or `splits` is empty
 */
export async function readIdxFolder(
  source: string,
  read: ReadFile,
  options: IdxFolderOptions = {},
): Promise<DataSource> {
  const { splits = SPLITS, classes = 10 } = options;
  if (classes !== 'labels' && (!Number.isInteger(classes) || classes < 1 || classes > 256)) {
    throw new RangeError(`readIdxFolder: expected 1 to 256 classes, got ${classes}`);
  }
  const wanted = SPLITS.filter((split) => splits.includes(split));
  if (wanted.length === 0) throw new RangeError('readIdxFolder: expected at least one split, got none');

  const files = await allInOrder(
    wanted.flatMap((split) => [
      readFile(
        source,
        read,
        `${PREFIXES[split]}-images-idx3-ubyte`,
        3,
        options.names,
        OTHER_SPELLING[split].images,
      ),
      readFile(
        source,
        read,
        `${PREFIXES[split]}-labels-idx1-ubyte`,
        1,
        options.names,
        OTHER_SPELLING[split].labels,
      ),
    ]),
  );
  const sets: { train?: Samples; test?: Samples } = {};
  const largest = () =>
    wanted.reduce((most, _, i) => files[2 * i + 1].idx.values.reduce((a, b) => Math.max(a, b), most), 0);
  const count = classes === 'labels' ? largest() + 1 : classes;
  for (const [i, split] of wanted.entries()) sets[split] = samplesOf(files[2 * i], files[2 * i + 1], count);

  const [, rows, cols] = files[0].idx.dimensions;
  if (wanted.length === 2) checkSameSize(files[0], files[2]);
  return {
    source,
    shape: [rows, cols],
    inputs: rows * cols,
    classes: Array.from({ length: count }, (_, i) => String(i)),
    ...sets,
    files: files.map(({ name, sha256, idx }) => ({ name, sha256, count: idx.dimensions[0] })),
    sha256: await sha256OfDigests(files.map((file) => file.sha256)),
  };
}

/** Like Promise.all, but of several failures always reports the first in order, so that a message is reproducible. */
async function allInOrder<T>(promises: Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

async function readFile(
  source: string,
  read: ReadFile,
  name: string,
  dims: 1 | 3,
  names: readonly string[] = [],
  spelling: RegExp,
): Promise<IdxFile> {
  const dotted = name.replace('-idx', '.idx');
  const spellings = [name, dotted, `${name}.gz`, `${dotted}.gz`];
  const others = spellings.some((one) => names.includes(one))
    ? []
    : names.filter((one) => spelling.test(one));
  if (others.length > 1) {
    throw new DataError(`${source}: expected one file of ${name}, got ${others.toSorted().join(' and ')}`);
  }
  for (const found of [...spellings, ...others]) {
    const bytes = await read(found);
    if (bytes === undefined) continue;
    const path = /[/\\]$/.test(source) ? source + found : `${source}/${found}`;
    const idx = await readIdx(bytes, path, dims);
    return { idx, name, path, sha256: await sha256(idx.file) };
  }
  throw new DataError(`${source}: expected a file ${name} (or ${dotted}, or either with .gz), found none`);
}

function samplesOf(images: IdxFile, labels: IdxFile, classes: number): Samples {
  const [count, rows, cols] = images.idx.dimensions;
  const [labelCount] = labels.idx.dimensions;
  if (count !== labelCount) {
    const got = `got ${count} images in ${images.path} and ${labelCount} labels in ${labels.path}`;
    throw new DataError(`expected as many labels as images, ${got}`);
  }
  const wrong = labels.idx.values.findIndex((label) => label >= classes);
  if (wrong !== -1) {
    const label = labels.idx.values[wrong];
    throw new DataError(
      `${labels.path}: expected labels from 0 to ${classes - 1}, got ${label} at sample ${wrong}`,
    );
  }
  const { values } = images.idx;
  return { count, cols: rows * cols, values, scale: 1 / 255, labels: labels.idx.values, classes };
}

function checkSameSize(train: IdxFile, test: IdxFile): void {
  const [trainSize, testSize] = [train, test].map(({ idx }) => idx.dimensions.slice(1).join(' × '));
  if (trainSize !== testSize) {
    throw new DataError(`${test.path}: expected images of ${trainSize} as in ${train.path}, got ${testSize}`);
  }
}
