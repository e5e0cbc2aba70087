/** How long a run has trained, without its pauses, and how long it will yet. */

/** Started when it is made. */
export class RunClock {
  readonly #total: number;
  readonly #doneBefore: number;
  readonly #now: () => number;
  readonly #started: number;
  #pausedAt: number | undefined;
  #paused = 0;

  /**
   * @param total steps of the whole run
   * @param doneBefore those that were done when it was continued: they say nothing of the time left
   * @param now milliseconds
   */
  constructor(total: number, doneBefore = 0, now: () => number = () => performance.now()) {
    this.#total = total;
    this.#doneBefore = doneBefore;
    this.#now = now;
    this.#started = now();
  }

  pause(): void {
    this.#pausedAt ??= this.#now();
  }

  resume(): void {
    if (this.#pausedAt === undefined) return;
    this.#paused += this.#now() - this.#pausedAt;
    this.#pausedAt = undefined;
  }

  /** Since the start, in seconds. */
  get seconds(): number {
    return ((this.#pausedAt ?? this.#now()) - this.#started - this.#paused) / 1000;
  }

  /** An estimate from the pace so far; undefined before there is one. */
  secondsLeft(done: number): number | undefined {
    const now = done - this.#doneBefore;
    return now > 0 ? (this.seconds / now) * Math.max(0, this.#total - done) : undefined;
  }
}
