/** Checkpoints on the disk: written while training goes on, and read back to continue from. */

import { readFile } from 'node:fs/promises';
import { FileError } from '../../data/errors.ts';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../../formats/checkpoint.ts';
import type { RunState } from '../../train/run/run-state.ts';
import { fileError } from '../errors.ts';
import { HEAD_BYTES, kindOf } from '../files/file-kind.ts';
import type { OutputFile } from '../files/output-file.ts';

/** Where a checkpoint goes: of an `OutputFile`, all that is needed. */
export type CheckpointTarget = Pick<OutputFile, 'path' | 'replace'>;

/**
 * Writes the states of a run to one file, one at a time. Training never waits: a state that comes while another is
 * being written takes the place of one that waits, so that a slow disk gets fewer checkpoints, always the newest.
 * A write that fails costs that checkpoint alone; only the first of several failures in a row is reported.
 */
export class CheckpointWriter {
  readonly #target: CheckpointTarget;
  readonly #run: Omit<Checkpoint, 'state'>;
  readonly #warn: (line: string) => void;
  #waiting: RunState | undefined;
  #working: Promise<void> | undefined;
  #failing = false;
  #written = 0;

  /**
   * @param run what every checkpoint says of its run
   * @param warn receives a line when checkpoints can no longer be written
   */
  constructor(target: CheckpointTarget, run: Omit<Checkpoint, 'state'>, warn: (line: string) => void) {
    this.#target = target;
    this.#run = run;
    this.#warn = warn;
  }

  /** How many checkpoints have reached the disk. */
  get written(): number {
    return this.#written;
  }

  /** Whether the newest state is in the file, of those written so far. */
  get failing(): boolean {
    return this.#failing;
  }

  /** Takes a state over, to be written as soon as the one before is. */
  offer(state: RunState): void {
    this.#waiting = state;
    this.#working ??= this.#work();
  }

  /** Settles when the newest state is on the disk, or its write has failed. Never rejects. */
  async finish(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#waiting !== undefined) {
      const state = this.#waiting;
      this.#waiting = undefined;
      try {
        await this.#target.replace(await encodeCheckpoint({ ...this.#run, state }));
        this.#written++;
        this.#failing = false;
      } catch (error) {
        if (!this.#failing) this.#warn(this.#failure(error));
        this.#failing = true;
      }
    }
    this.#working = undefined;
  }

  #failure(error: unknown): string {
    const kept = this.#written > 0 ? 'without new checkpoints' : 'without checkpoints';
    return `${fileError('write', this.#target.path, error).message}; training goes on ${kept}`;
  }
}

/** @throws FileError or DataError if it cannot be read, is no checkpoint, of another version, or damaged */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const bytes = await readFile(path).catch((error) => {
    throw fileError('read', path, error);
  });
  const kind = kindOf(bytes.toString('utf8', 0, HEAD_BYTES));
  if (kind === 'model') {
    throw new FileError(
      `${path}: expected a checkpoint, got a model, which keeps weights but not the state of a run. Checkpoints are written with --checkpoint`,
    );
  }
  return decodeCheckpoint(new Uint8Array(bytes), path);
}
