/** The log of a run: its events as JSON, a line each, appended to a file. */

import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { fileError } from '../errors.ts';

const NEWLINE = 10;

/**
 * Appends lines to a file, each in one write that has returned before training goes on, so that a run that is killed
 * leaves whole lines. A line that cannot be written costs no training: only the first failure is reported.
 */
export class EventLog {
  readonly #path: string;
  readonly #file: number;
  readonly #warn: (line: string) => void;
  #failed = false;

  /**
   * Opens the file, or makes it. A last line that was cut off, as on a full disk, is ended first.
   *
   * @param warn receives a line when the log can no longer be written
   * @throws FileError if it cannot be written
   */
  constructor(path: string, warn: (line: string) => void) {
    this.#path = path;
    this.#warn = warn;
    try {
      this.#file = openSync(path, 'a+');
    } catch (error) {
      throw fileError('write', path, error);
    }
    if (this.#isCutOff()) this.#write('\n');
  }

  /** Appends an event. */
  append(event: object): void {
    this.#write(`${JSON.stringify(event)}\n`);
  }

  close(): void {
    closeSync(this.#file);
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
