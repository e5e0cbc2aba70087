/** The error for options that do not fit. */

/** A word or value on the command line, or a key or value of a config file, that does not fit. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
