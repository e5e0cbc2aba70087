/** The requests of a run on several threads: one word of their memory, and how they agree on when it is heard. */

import { EPOCH_SNAPSHOT, hear, PAUSE, SNAPSHOT, STOP, type StepRequests } from '../watch/run-control.ts';

/** Longest sleep of a paused run, in milliseconds: it is woken at once by whoever changes the word. */
const LONGEST_SLEEP = 60_000;

/**
 * One thread's side. The first thread reads the word; what it has read holds for all of them at the same step, which is
 * what keeps the bits of a run the same, so every thread makes the same calls. A `StopSignal` too: `aborted` is as of
 * the last `take` or `next`.
 */
export class SharedRequests implements StepRequests {
  aborted = false;
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #first: boolean;
  readonly #agree: (said: number) => number;
  #answered = false;

  /**
   * @param at the word of the memory
   * @param agree gives in every thread what the first one said in the call before, or in this one if it is alone
   */
  constructor(words: Int32Array, at: number, first: boolean, agree: (said: number) => number) {
    this.#words = words;
    this.#at = at;
    this.#first = first;
    this.#agree = agree;
  }

  take(epochEnds: boolean): number {
    const asked = this.#agree(this.#first ? hear(this.#words, this.#at) : 0);
    this.aborted = (asked & STOP) !== 0;
    // What was answered at the step before had been said once more by then.
    const answers = epochEnds && (asked & EPOCH_SNAPSHOT) !== 0 && !this.#answered;
    this.#answered = answers;
    if (!answers) return asked;
    if (this.#first) Atomics.and(this.#words, this.#at, ~EPOCH_SNAPSHOT);
    return asked | SNAPSHOT;
  }

  /** The first thread sleeps until the word asks for something else than a pause; the others wait for it. */
  next(): number {
    if (this.#first) {
      let asked = Atomics.load(this.#words, this.#at);
      while ((asked & PAUSE) !== 0 && (asked & (STOP | SNAPSHOT)) === 0) {
        Atomics.wait(this.#words, this.#at, asked, LONGEST_SLEEP);
        asked = Atomics.load(this.#words, this.#at);
      }
    }
    const said = this.#first ? hear(this.#words, this.#at) : 0;
    // Said once, to be heard in the second call.
    const before = this.#agree(said);
    const asked = this.#agree(said & ~SNAPSHOT) | (before & SNAPSHOT);
    this.aborted = (asked & STOP) !== 0;
    return asked;
  }
}
