/** An average in which what is older counts for less. */

import type { Value } from '../../charts/aligned-data.ts';

/** The exponentially weighted average of what has come so far, without a pull towards 0 at its beginning. */
export class SmoothedAverage {
  readonly #memory: number;
  #sum = 0;
  #weight = 0;

  /** @param memory after so many steps a value counts 1/e of what it did */
  constructor(memory: number) {
    this.#memory = memory;
  }

  /** Adds the value of a step, some steps after the last; gives the average, null as long as there is no value. */
  add(value: Value, gap = 1): Value {
    if (value !== null) {
      const kept = Math.exp(-gap / this.#memory);
      this.#sum = kept * this.#sum + (1 - kept) * value;
      this.#weight = kept * this.#weight + (1 - kept);
    }
    return this.#weight === 0 ? null : this.#sum / this.#weight;
  }
}
