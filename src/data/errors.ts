/** The errors for files: those that cannot be used, and data that are damaged or do not fit together. */

/**
 * A file of a data set cannot be used. The message is one line for the user: which file, what was expected,
 * what came.
 */
export class DataError extends Error {
  override readonly name = 'DataError';
}

/** A file or folder named by the user that is missing, or cannot be read or written. */
export class FileError extends Error {
  override readonly name = 'FileError';
}
