/** One thread among those that compute together: when it waits for the others, and what they agree on. */

import type { WasmMatrix } from './matrix.ts';
import { CONTROL_BYTES, type Thread, type WasmExports } from './memory.ts';

export class Team {
  readonly thread: Thread;
  readonly #wasm: WasmExports;
  readonly #control: Int32Array;
  /** How many barriers this thread has passed. */
  #met = 0;
  #asked = 0;
  #metWhenAsked = -1;

  constructor(memory: WebAssembly.Memory, wasm: WasmExports, thread: Thread) {
    this.thread = thread;
    this.#wasm = wasm;
    this.#control = new Int32Array(memory.buffer, 0, CONTROL_BYTES / 4);
  }

  /** Waits until all threads have come here. */
  readonly barrier = (): void => {
    this.#met++;
    if (this.thread.count > 1) this.#wasm.barrier(0, this.thread.count);
  };

  /** Waits, if need be, before all of `reads` is read and this thread's part of `write` written. */
  meet(reads: readonly WasmMatrix[], write: WasmMatrix | undefined): void {
    const unread = reads.some((m) => m.divided && m.writtenAt === this.#met);
    if (unread || (write?.divided === true && write.readAt === this.#met)) this.barrier();
    for (const m of reads) m.readAt = this.#met;
    if (write !== undefined) write.writtenAt = this.#met;
  }

  /**
   * The 32-bit number that thread 0 said in the call before this one, 0 in the first: the same answer in every thread,
   * without a barrier of its own where there was one since. A thread that is alone has its answer at once.
   */
  agree(said: number): number {
    if (this.thread.count === 1) return said;
    if (this.#metWhenAsked === this.#met) this.barrier();
    // Two words in turn: a late thread may still be reading the one while the other is written.
    const slot = (n: number) => 64 + 32 * (n & 1);
    if (this.thread.index === 0) Atomics.store(this.#control, slot(this.#asked), said);
    const answer = this.#asked > 0 ? Atomics.load(this.#control, slot(this.#asked - 1)) : 0;
    this.#asked++;
    this.#metWhenAsked = this.#met;
    return answer;
  }
}
