/** The error for data that is missing, damaged or does not fit together. */

/**
 * A file of a data set cannot be used. The message is one line for the user: which file, what was expected,
 * what came.
 */
export class DataError extends Error {
  override readonly name = 'DataError';
}
