/** A data set of image files: one folder a class. */

import { MAX_CLASSES, orderedNames } from '../class-names.ts';
import type { DataFile, DataSource, Split } from '../data-source.ts';
import { sha256, sha256OfDigests } from '../digest.ts';
import { DataError } from '../errors.ts';
import type { ImageShape } from '../preprocessing.ts';
import { readImage } from './image.ts';
import { inverted, resizeByArea, rimMean } from './image-shape.ts';

/** The names of the image files of one class. */
export interface ClassFolder {
  readonly name: string;
  /** Paths of its images for `read` and for messages, in the order that the samples shall have. */
  readonly paths: readonly string[];
}

/** What to make of a folder of images. */
export interface ImageFolderOptions {
  /** Rows and columns that every image is resized to. */
  readonly shape: ImageShape;
  /** Whether to make dark light; by default only where the images' rims are light on average. */
  readonly invert?: boolean;
}

const LIGHT = 127.5;
const SPLITS = ['train', 'test'] as const;

/**
 * Reads images of any size, resized as a whole by area averaging and turned to grey. Values are bytes, ink light on
 * a dark ground; the classes are the folders' names, in the order of `orderedNames`. One image at a time is held in
 * full size.
 *
 * @param source the data set's name, for messages
 * @param folders the class folders of each split; the test set's classes must be among the training set's
 * @param read gives a file's bytes
 * @throws {DataError} fewer than two classes or more than 256, a class without images, a class of the test set that
 *   is not in the training set, a file that is no image. Whatever `read` throws is passed on.
 */
export async function readImageFolder(
  source: string,
  folders: { readonly [K in Split]?: readonly ClassFolder[] },
  read: (path: string) => Promise<Uint8Array>,
  options: ImageFolderOptions,
): Promise<DataSource & { readonly preprocessing: { readonly imageFiles: { readonly invert: boolean } } }> {
  const splits = SPLITS.filter((split) => folders[split] !== undefined);
  const [first = 'train'] = splits;
  const classes = orderedNames((folders[first] ?? []).map(({ name }) => name));
  if (classes.length < 2 || classes.length > MAX_CLASSES) {
    throw new DataError(
      `${source}: expected 2 to ${MAX_CLASSES} folders of images, one a class, got ${classes.length}`,
    );
  }
  const [rows, cols] = options.shape;
  const files: DataFile[] = [];
  const sets: { [K in Split]?: { values: Uint8Array; labels: Uint8Array } } = {};
  let rim = 0;
  for (const split of splits) {
    const found = folders[split] ?? [];
    const stranger = found.find(({ name }) => !classes.includes(name));
    if (stranger !== undefined) {
      throw new DataError(
        `${source}: expected the classes of ${first} in ${split} too, got "${stranger.name}"`,
      );
    }
    const count = found.reduce((sum, { paths }) => sum + paths.length, 0);
    const values = new Uint8Array(count * rows * cols);
    const labels = new Uint8Array(count);
    let next = 0;
    for (const name of classes) {
      const folder = found.find((one) => one.name === name);
      if (folder === undefined) continue;
      if (folder.paths.length === 0) {
        throw new DataError(`${source}: expected PNG or JPEG images in the folder of "${name}", found none`);
      }
      const digests: string[] = [];
      for (const path of folder.paths) {
        const bytes = new Uint8Array(await read(path));
        digests.push(await sha256(bytes));
        const image = resizeByArea(readImage(bytes, path), rows, cols);
        if (split === first) rim += rimMean(image) / count;
        values.set(image.values, next * rows * cols);
        labels[next++] = classes.indexOf(name);
      }
      files.push({
        name: `${split}/${name}`,
        sha256: await sha256OfDigests(digests),
        count: digests.length,
      });
    }
    sets[split] = { values, labels };
  }
  const invert = options.invert ?? rim > LIGHT;
  const samples = ({ values, labels }: { values: Uint8Array; labels: Uint8Array }) => ({
    count: labels.length,
    cols: rows * cols,
    values: invert ? inverted({ rows, cols, values }).values : values,
    scale: 1 / 255,
    labels,
    classes: classes.length,
  });
  return {
    source,
    shape: options.shape,
    inputs: rows * cols,
    classes,
    ...(sets.train && { train: samples(sets.train) }),
    ...(sets.test && { test: samples(sets.test) }),
    files,
    sha256: await sha256OfDigests(files.map((file) => file.sha256)),
    preprocessing: { imageFiles: { invert } },
  };
}
