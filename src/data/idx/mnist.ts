/** MNIST itself: an IDX folder whose four files are known to the byte. */

import type { DataSource, Split } from '../data-source.ts';
import { DataError } from '../errors.ts';
import { type ReadFile, readIdxFolder } from './idx-folder.ts';

/** SHA-256 of each of MNIST's files, decompressed, by standard name. */
export const MNIST_SHA256: Readonly<Record<string, string>> = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

/**
 * Reads MNIST: 60,000 training and 10,000 test images of 28 × 28 pixels in 10 classes. `source` is `mnist`.
 *
 * @param read gives a file by name, as for `readIdxFolder`
 * @param options the sets to read; both by default
 * @throws {DataError} as `readIdxFolder`, and if a file's digest is not MNIST's
 */
export async function readMnist(
  read: ReadFile,
  options: { readonly splits?: readonly Split[] } = {},
): Promise<DataSource> {
  const data = await readIdxFolder('mnist', read, options);
  for (const { name, sha256 } of data.files) {
    const expected = MNIST_SHA256[name];
    if (sha256 !== expected)
      throw new DataError(`mnist/${name}: expected SHA-256 ${expected}, got ${sha256}`);
  }
  return data;
}
