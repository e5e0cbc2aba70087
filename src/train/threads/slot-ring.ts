/** A ring of slots in shared memory: one thread fills it with distorted batches, the training threads read them in turn. */

import type { Samples } from '../../kernels/matrix.ts';
import { slotBytes } from '../../kernels/wasm/distortion.ts';
import { CONTROL_BYTES } from '../../kernels/wasm/memory.ts';
import type { DistortedBatches } from '../augmentation.ts';

/** Words of the memory's first bytes, in cache lines that nothing else is in: how many batches are made, and used. */
const MADE_WORD = 128;
const USED_WORD = 160;

/** Enough to be ahead while the training threads evaluate, and little enough to stay in a cache. */
const MAX_SLOTS = 8;
/** One being filled, and the two that training threads may be reading: one of them can be a step behind. */
const MIN_SLOTS = 3;
const MAX_BYTES = 1 << 26;

/** How many slots a ring for batches of this size has. */
export function ringSize(batchSize: number, cols: number): number {
  const fitting = Math.floor(MAX_BYTES / slotBytes(batchSize, cols));
  return Math.max(MIN_SLOTS, Math.min(MAX_SLOTS, fitting));
}

const controlOf = (memory: WebAssembly.Memory) => new Int32Array(memory.buffer, 0, CONTROL_BYTES / 4);

/** Counters grow without end and wrap around: this holds as long as they are less than 2³¹ apart. */
const isBelow = (a: number, b: number) => ((b - a) | 0) > 0;

/** The side of the thread that fills the slots, one after the other. */
export class SlotWriter {
  readonly #control: Int32Array;
  readonly #slots: readonly Samples[];
  #made = 0;

  constructor(memory: WebAssembly.Memory, slots: readonly Samples[]) {
    this.#control = controlOf(memory);
    this.#slots = slots;
  }

  /** Fills the next slot as soon as nobody reads it any more. */
  write(fill: (slot: Samples) => void): void {
    const slots = this.#slots.length;
    const isFull = (used: number) => !isBelow(this.#made, (used + slots) | 0);
    let used = Atomics.load(this.#control, USED_WORD);
    while (isFull(used)) {
      Atomics.wait(this.#control, USED_WORD, used);
      used = Atomics.load(this.#control, USED_WORD);
    }
    fill(this.#slots[(this.#made >>> 0) % slots]);
    this.#made = (this.#made + 1) | 0;
    Atomics.store(this.#control, MADE_WORD, this.#made);
    Atomics.notify(this.#control, MADE_WORD);
  }
}

/** The side of a training thread. */
export class SlotReader implements DistortedBatches {
  readonly #control: Int32Array;
  readonly #slots: readonly Samples[];
  readonly #first: boolean;
  #step = 0;

  /** @param first whether this thread reports the progress of all of them */
  constructor(memory: WebAssembly.Memory, slots: readonly Samples[], first: boolean) {
    this.#control = controlOf(memory);
    this.#slots = slots;
    this.#first = first;
  }

  /** The batch of the next step; which that is, the filling thread knows by itself. */
  next(): Samples {
    const step = this.#step;
    this.#step = (step + 1) | 0;
    if (this.#first && step !== 0) {
      // The threads have met since the step before the last: none is still in that one.
      Atomics.store(this.#control, USED_WORD, (step - 1) | 0);
      Atomics.notify(this.#control, USED_WORD);
    }
    let made = Atomics.load(this.#control, MADE_WORD);
    while (!isBelow(step, made)) {
      Atomics.wait(this.#control, MADE_WORD, made);
      made = Atomics.load(this.#control, MADE_WORD);
    }
    return this.#slots[(step >>> 0) % this.#slots.length];
  }
}
