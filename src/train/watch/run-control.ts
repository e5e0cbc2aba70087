/** Pausing a run, resuming it, and asking for its weights on the way. */

import type { NamedTensor } from '../../network/network.ts';

/** Requests to a run, as bits of one number. */
export const STOP = 1;
export const PAUSE = 2;
/** The weights as soon as possible. */
export const SNAPSHOT = 4;
/** The weights at the end of the next epoch. */
export const EPOCH_SNAPSHOT = 8;

/** Where a trainer reads requests between two steps. */
export interface StepRequests {
  /**
   * Called once after every step; returns the current requests. Each request for weights is returned once, as `SNAPSHOT`:
   * at once, or for `EPOCH_SNAPSHOT` at the end of the epoch.
   */
  take(epochEnds: boolean): number;
  /** Called repeatedly while the run is paused; returns the requests when they have changed or after some time. */
  next(): number | Promise<number>;
}

/** The weights at a moment of a run. */
export interface WeightSnapshot {
  /** Steps taken in all. */
  readonly step: number;
  /** The epoch it is in, counted from 1. */
  readonly epoch: number;
  /** Batches of that epoch done. */
  readonly batch: number;
  /** W1, b1, W2, b2, … */
  readonly parameters: readonly NamedTensor[];
}

/** While a run is paused on the thread that controls it, it looks this often, in milliseconds, whether it is to go on. */
const LOOK_EVERY = 20;

/**
 * Controls one run after the other: to be given to `Trainer.run` or `ThreadedTrainer.run` as `course.control`. Its
 * methods may be called at any time, from within the run's listeners too; the run reacts a step or two
 * later. None of it changes the trained weights.
 */
export class RunControl implements StepRequests {
  /** One word; while a run on threads listens, it lies in a memory that they share. */
  #words: Int32Array = new Int32Array(1);
  #at = 0;

  /** Makes the run wait between two steps. Its time stands still: no figure of seconds counts a pause. */
  pause(): void {
    this.#set(PAUSE);
  }

  resume(): void {
    Atomics.and(this.#words, this.#at, ~PAUSE);
    Atomics.notify(this.#words, this.#at);
  }

  /** Whether the run has been asked to pause, and not yet to resume. `course.paused` is called when the run has paused. */
  get paused(): boolean {
    return (Atomics.load(this.#words, this.#at) & PAUSE) !== 0;
  }

  /**
   * Asks for the weights, which `course.snapshot` receives once: now, which a paused run answers too, or with the
   * weights that the next epoch ends with.
   */
  requestSnapshot(when: 'now' | 'epoch-end' = 'now'): void {
    this.#set(when === 'now' ? SNAPSHOT : EPOCH_SNAPSHOT);
  }

  /** For a run on this thread. */
  take(epochEnds: boolean): number {
    const asked = hear(this.#words, this.#at);
    if (!epochEnds || (asked & EPOCH_SNAPSHOT) === 0) return asked;
    Atomics.and(this.#words, this.#at, ~EPOCH_SNAPSHOT);
    return asked | SNAPSHOT;
  }

  /** For a run on this thread. */
  async next(): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    return this.take(false);
  }

  /**
   * Takes what has been asked to a word of a memory that other threads look at, and asks there from now on.
   *
   * @returns undoes it; a run that ends paused leaves the next one paused
   */
  attach(words: Int32Array, at: number): () => void {
    Atomics.or(words, at, Atomics.load(this.#words, this.#at));
    this.#words = words;
    this.#at = at;
    return () => {
      if (this.#words !== words || this.#at !== at) return;
      this.#words = Int32Array.of(this.paused ? PAUSE : 0);
      this.#at = 0;
    };
  }

  #set(request: number): void {
    Atomics.or(this.#words, this.#at, request);
    Atomics.notify(this.#words, this.#at);
  }
}

/** What a word asks for. Asking for the weights at once is thereby taken off it. */
export function hear(words: Int32Array, at: number): number {
  const asked = Atomics.load(words, at);
  if ((asked & SNAPSHOT) !== 0) Atomics.and(words, at, ~SNAPSHOT);
  return asked;
}
