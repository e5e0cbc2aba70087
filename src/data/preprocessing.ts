/** What is done to raw values before a network sees them; a model keeps it and does the same again. */

/** Rows and columns of an image, in pixels. */
export type ImageShape = readonly [rows: number, cols: number];

/** How the inputs of a network come from an image file, an IDX file or a row of a CSV file. */
export interface Preprocessing {
  /** An input is a raw value (a pixel from 0 to 255, a number of a table) times this. */
  readonly scale: number;
  /** Rows and columns of the inputs, where they are an image. */
  readonly shape?: ImageShape;
  /** Images of this size lose their margin on all sides, down to `shape`. */
  readonly cropFrom?: ImageShape;
  /** IDX images change rows for columns when they are read, as EMNIST's need; files of images do not. */
  readonly transpose?: boolean;
  /** The images were files of any size, each resized as a whole and inverted or not. */
  readonly imageFiles?: { readonly invert: boolean };
  /** The inputs are columns of a table. */
  readonly table?: TablePreprocessing;
}

/** The columns of a table that are inputs, and what standardises them: (v − mean) / sd. */
export interface TablePreprocessing {
  /** The name of each input's column; absent where the table had no header. */
  readonly columns?: readonly string[];
  /** The name of the column with the classes; absent where the table had no header. */
  readonly label?: string;
  /** The number of that column among all, counted from 1. */
  readonly labelNumber: number;
  /** The mean of each column over the training rows, [inputs]. */
  readonly mean: readonly number[];
  /** The standard deviation (of the whole, divided by n), [inputs]; 0 says that the column was constant and gives 0. */
  readonly sd: readonly number[];
}
