/** The log of a run: its events as JSON, a line each, appended to a file. */

import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { UsageError } from '../../options/errors.ts';
import { fileError } from '../errors.ts';
import type { FileLock } from '../files/file-lock.ts';
import { lockAppended } from '../files/output-file.ts';

const NEWLINE = 10;

/**
 * Appends lines to a file, each in one write that has returned before training goes on, so that a run that is killed
 * leaves whole lines. A line that cannot be written costs no training: only the first failure is reported. Every line
 * has the id of its run, so that runs that share a log can be told apart.
 */
export class EventLog {
  readonly #path: string;
  readonly #file: number;
  readonly #lock: FileLock | undefined;
  readonly #warn: (line: string) => void;
  readonly #run = randomUUID();
  #failed = false;

  private constructor(path: string, file: number, lock: FileLock | undefined, warn: (line: string) => void) {
    this.#path = path;
    this.#file = file;
    this.#lock = lock;
    this.#warn = warn;
    if (this.#isCutOff()) this.#write('\n');
  }

  /**
   * Opens the file, or makes it. A last line that was cut off, as on a full disk, is ended first.
   *
   * @param inputs files that the command reads
   * @param warn receives a line when the log can no longer be written
   * @throws UsageError if the command reads the file
   * @throws FileError if it is no log, another run writes it, or it cannot be written
   */
  static async open(
    path: string,
    inputs: readonly string[],
    warn: (line: string) => void,
  ): Promise<EventLog> {
    if (path === '-') {
      throw new UsageError('--log: expected a file, got -. Use --json to print the events');
    }
    const lock = await lockAppended(path, { kind: 'log', flag: '--log', inputs });
    try {
      return new EventLog(path, openSync(path, 'a+'), lock, warn);
    } catch (error) {
      lock?.release();
      throw fileError('write', path, error);
    }
  }

  /** Appends an event. */
  append<E extends { readonly event: string }>(event: E): void {
    const { event: name, ...rest } = event;
    this.#write(`${JSON.stringify({ event: name, run: this.#run, ...rest })}\n`);
  }

  release(): void {
    closeSync(this.#file);
    this.#lock?.release();
  }

  #isCutOff(): boolean {
    const status = fstatSync(this.#file);
    if (!status.isFile() || status.size === 0) return false;
    const last = Buffer.alloc(1);
    readSync(this.#file, last, 0, 1, status.size - 1);
    return last[0] !== NEWLINE;
  }

  #write(text: string): void {
    if (this.#failed) return;
    try {
      writeSync(this.#file, text);
    } catch (error) {
      this.#failed = true;
      this.#warn(`${fileError('write', this.#path, error).message}; training goes on without the log`);
    }
  }
}
