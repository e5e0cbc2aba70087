/** What every implementation of `Kernels` computes on: matrices, and the raw samples that batches are read from. */

export type Floats = Float32Array | Float64Array;

/**
 * A row-major matrix [rows, cols], dense or holding only its nonzero entries. `Kernels` makes matrices and
 * fills them; a layer passes them on and need not know which of the two it has.
 */
export interface Matrix {
  /** Rows there is room for. */
  readonly capacity: number;
  /** Rows in use, at most `capacity`; set by the operation that fills the matrix. */
  rows: number;
  readonly cols: number;
  /**
   * The storage, laid out as the kernels that made it like it; `read` and `write` of `Kernels` do not depend on that.
   * The first value of a 1 × 1 matrix is its entry. Of the reference kernels: entry (i, j) at `i * cols + j`, or of a
   * sparse matrix the nonzero entries, row after row.
   */
  readonly values: Floats;
  /** Where the entries of a sparse matrix stand; absent from a dense one. */
  readonly nonzeros?: Nonzeros;
}

/** The places of a sparse matrix's entries (compressed rows). */
export interface Nonzeros {
  /** Row i holds the entries from `starts[i]` up to, not including, `starts[i + 1]`. */
  readonly starts: Uint32Array;
  /** The column of each entry, ascending within a row. */
  readonly columns: Uint16Array | Uint32Array;
}

/** Labelled samples as they were read: `count` rows of `cols` values, not yet scaled. */
export interface Samples {
  readonly count: number;
  readonly cols: number;
  /** Row-major, [count, cols]; an input is `value * scale`. */
  readonly values: Uint8Array | Float32Array;
  readonly scale: number;
  /** One class index for each row, below `classes`. */
  readonly labels: Uint8Array;
  readonly classes: number;
}
