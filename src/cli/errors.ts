/** What can go wrong, and the exit code that scripts see for it. */

import { CommanderError } from 'commander';
import { DataError, FileError } from '../data/errors.ts';
import { MemoryError } from '../kernels/wasm/memory.ts';
import { UsageError } from '../options/errors.ts';
import { DivergenceError } from '../train/run/divergence.ts';
import { oneLine } from './text/terminal.ts';

export const EXIT = {
  done: 0,
  fault: 1,
  usage: 2,
  file: 3,
  check: 4,
  diverged: 5,
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

/** The signals that end a run early, after saving what was trained. */
export type SignalName = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The exit code for an error, and its one-line message; a fault of ours keeps its stack. */
export function describeError(error: unknown): { code: number; message: string } {
  const { code, message } = described(error);
  return { code, message: code === EXIT.fault ? message : oneLine(message) };
}

function described(error: unknown): { code: number; message: string } {
  if (error instanceof CommanderError) {
    return { code: error.exitCode === 0 ? EXIT.done : EXIT.usage, message: '' };
  }
  if (error instanceof UsageError) return { code: EXIT.usage, message: error.message };
  if (error instanceof FileError || error instanceof DataError)
    return { code: EXIT.file, message: error.message };
  if (error instanceof MemoryError) {
    const smaller = 'take fewer samples, a smaller network or a smaller batch';
    return { code: EXIT.file, message: `${error.message} for samples, network and batch; ${smaller}` };
  }
  if (error instanceof DivergenceError) return { code: EXIT.diverged, message: error.message };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: EXIT.fault, message: `internal fault, please report it: ${detail}` };
}

/** What a system error code means, in words. */
const SYSTEM_ERRORS: Record<string, string> = {
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is larger than the system allows',
  EIO: 'the device reports an error',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
};

/** A FileError for what the system said of a path: `cannot read x.json: no such file or folder`. */
export function fileError(doing: string, path: string, error: unknown): FileError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const why = SYSTEM_ERRORS[code] ?? (error instanceof Error ? error.message : String(error));
  return new FileError(`cannot ${doing} ${path}: ${why}`, { cause: error });
}
