/** What every reader of a data set gives: its samples, and enough to say which data they are. */

import type { Samples } from '../kernels/matrix.ts';
import type { Preprocessing } from './preprocessing.ts';

/** The two sets of samples that a data set brings. */
export type Split = 'train' | 'test';

/** One file that a data set was read from. */
export interface DataFile {
  /** Its name, without folder. */
  readonly name: string;
  /** SHA-256 of its bytes (decompressed, if it was compressed), 64 hex digits. */
  readonly sha256: string;
  /** Images, labels or rows in it. */
  readonly count?: number;
}

/** A labelled data set as it was read. */
export interface DataSource {
  /** Where it comes from, as messages and models name it: `mnist`, a folder, a file. */
  readonly source: string;
  /** Rows and columns of one image, in pixels; absent where the samples are no images. */
  readonly shape?: readonly [rows: number, cols: number];
  /** Values of one sample: rows × columns of an image. */
  readonly inputs: number;
  /** The name of each class, by class index. */
  readonly classes: readonly string[];
  /** [count, inputs]; absent if only the test set was read. */
  readonly train?: Samples;
  /** [count, inputs]; absent if only the training set was read. */
  readonly test?: Samples;
  /** The files read, in the order of `sha256`. */
  readonly files: readonly DataFile[];
  /** SHA-256 over the digests of `files`, 64 hex digits; of the files read, so that reading one split gives another. */
  readonly sha256: string;
  /** What was done to the raw values besides their scale, where anything was. */
  readonly preprocessing?: Omit<Preprocessing, 'scale' | 'shape'>;
}
