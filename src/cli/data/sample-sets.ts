/** Sets of samples: rows of a table with the classes of a model, and whether sets fit into memory. */

import { decimal } from '../../data/class-names.ts';
import { DataError, FileError } from '../../data/errors.ts';
import type { ClassFolder } from '../../data/images/image-folder.ts';
import type { ImageShape, TablePreprocessing } from '../../data/preprocessing.ts';
import { readInputs, standardised, tableSamples } from '../../data/tables/table.ts';
import type { Samples } from '../../kernels/matrix.ts';
import { sampleBytes } from '../../kernels/wasm/samples.ts';

/** What WebAssembly can address, less room for a network. */
const MAX_BYTES = 2 ** 32 - 2 ** 29;

const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/**
 * Before images are read into memory, at a byte a pixel.
 *
 * @throws FileError if they are too many or too large
 */
export function requireImagesFit(
  path: string,
  folders: readonly ClassFolder[],
  [rows, cols]: ImageShape,
): void {
  const count = folders.reduce((sum, { paths }) => sum + paths.length, 0);
  const bytes = count * rows * cols;
  if (bytes > MAX_BYTES) {
    throw new FileError(
      `${path}: expected images that fit into ${gibibytes(MAX_BYTES)}, got ${count} of ${rows} × ${cols}, ${gibibytes(bytes)}`,
    );
  }
}

/** @throws FileError if the samples together are too large for the kernels' memory */
export function requireFits(data: string, sets: readonly (Samples | undefined)[]): void {
  const bytes = sets.reduce((sum, set) => sum + (set === undefined ? 0 : sampleBytes(set)), 0);
  if (bytes > MAX_BYTES) {
    throw new FileError(
      `${data}: expected samples that fit into ${gibibytes(MAX_BYTES)}, at 4 bytes a value, got ${gibibytes(bytes)}`,
    );
  }
}

/**
 * The rows of a CSV file as samples of a model's classes.
 *
 * @param subset whether rows of other classes are left out; else they are refused
 * @throws DataError as `readInputs`; a row of a class that the model does not know; no row that it does
 * @throws RangeError there is no column `labelColumn`
 */
export function labelledRows(
  bytes: Uint8Array,
  name: string,
  table: TablePreprocessing,
  classes: readonly string[],
  subset: boolean,
  labelColumn?: string,
): { samples: Samples; left: number } {
  const { values, labels, lines } = readInputs(bytes, name, table, true, labelColumn);
  const known = labels.map((label) => (classes.includes(label) ? label : String(decimal(label))));
  const kept = [...known.keys()].filter((row) => classes.includes(known[row]));
  if (!subset && kept.length < known.length) {
    const row = known.findIndex((label) => !classes.includes(label));
    const expected =
      classes.length > 20 ? `one of ${classes.length} classes` : `one of ${classes.join(', ')}`;
    throw new DataError(`${name}:${lines[row]}: expected ${expected} as class, got "${labels[row]}"`);
  }
  if (kept.length === 0) throw new DataError(`${name}: expected rows of ${classes.join(', ')}, found none`);
  const inputs = table.mean.length;
  const part = new Float64Array(kept.length * inputs);
  for (const [i, row] of kept.entries()) {
    part.set(values.subarray(row * inputs, (row + 1) * inputs), i * inputs);
  }
  const samples = tableSamples(
    standardised(
      part,
      table,
      name,
      kept.map((row) => lines[row]),
    ),
    kept.map((row) => known[row]),
    classes,
  );
  return { samples, left: known.length - kept.length };
}
