/** The memory that the wasm kernels compute in, the module on it, and who of several threads owns what. */

import { SHARED, SINGLE } from './module.ts';

/** The exports of the wasm module: numbers in, at most a number out. */
export type WasmExports = Record<string, (...numbers: number[]) => number>;

export const PAGE = 65536;

/** Wasm's 32-bit addresses reach no further. */
export const MAX_BYTES = 65536 * PAGE;

/** Columns of a panel, and bytes of one of its rows; as in assembly/layout.ts. */
export const PANEL = 20;
export const PANEL_ROW = 80;

/** Reads of a matrix or a barrier start on a cache line of their own. */
const ALIGN = 128;

/** Sums over a wide dimension are made in at most this many parts, a number that no thread count changes. */
const MOST_BLOCKS = 10;

export const alignUp = (n: number, to: number) => Math.ceil(n / to) * to;

/** What is to be computed needs more memory than there can be. */
export class MemoryError extends RangeError {
  override readonly name = 'MemoryError';
}

/** A memory that several threads, or one, may compute in; the rest of the process sees it through `memory.buffer`. */
export interface WasmMemory {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

/**
 * Reserves a memory of this size; the system hands out its pages as they are first touched.
 *
 * @param shared whether several threads will compute in it; needs SharedArrayBuffer
 * @throws MemoryError if it is more than wasm can address (4 GiB) or the system can reserve
 */
export function reserveMemory(bytes: number, shared: boolean): WasmMemory {
  const pages = Math.ceil(bytes / PAGE);
  if (bytes > MAX_BYTES) {
    throw new MemoryError(`kernels: expected to need at most 4 GiB, got ${gibibytes(bytes)}`);
  }
  const binary = Uint8Array.from(atob(shared ? SHARED : SINGLE), (letter) => letter.charCodeAt(0));
  const module = new WebAssembly.Module(binary);
  const limits = shared ? { initial: pages, maximum: pages, shared } : { initial: pages };
  try {
    return { module, memory: new WebAssembly.Memory(limits) };
  } catch (error) {
    throw new MemoryError(`kernels: expected ${gibibytes(bytes)} of memory to be free, got less`, {
      cause: error,
    });
  }
}

const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** Bytes at the start of the memory that hold the barrier's words and the threads' agreement. */
export const CONTROL_BYTES = 1024;

/** Hands out addresses from a point on, never taking any back: threads that ask alike get alike. */
export class Arena {
  readonly memory: WebAssembly.Memory;
  #next: number;

  constructor(memory: WebAssembly.Memory, from: number) {
    this.memory = memory;
    this.#next = alignUp(from, ALIGN);
  }

  /** Where the next allocation will be. */
  get next(): number {
    return this.#next;
  }

  /** @throws RangeError if the memory was reserved too small */
  allocate(bytes: number): number {
    const at = this.#next;
    this.#next = alignUp(at + bytes, ALIGN);
    if (this.#next > this.memory.buffer.byteLength) {
      throw new RangeError(
        `kernels: expected ${this.memory.buffer.byteLength} bytes to do, got ${this.#next}`,
      );
    }
    return at;
  }
}

/** Which of several threads this is, counted from 0. */
export interface Thread {
  readonly index: number;
  readonly count: number;
}

/** A range of whole numbers, from `from` up to, not including, `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * How a dimension is divided: into panels of 20, those into blocks, and the blocks among the threads. Panels and
 * blocks follow from the dimension alone, so sums made block by block are the same for every number of threads.
 */
export class Partition {
  readonly length: number;
  readonly panels: number;
  readonly blocks: number;
  readonly #panelsPerBlock: number;

  constructor(length: number) {
    this.length = length;
    this.panels = Math.ceil(length / PANEL);
    this.#panelsPerBlock = Math.ceil(this.panels / MOST_BLOCKS);
    this.blocks = Math.ceil(this.panels / this.#panelsPerBlock);
  }

  /** The blocks that a thread owns. */
  blocksOf({ index, count }: Thread): Range {
    const share = (i: number) => Math.floor((i * this.blocks) / count);
    return { from: share(index), to: share(index + 1) };
  }

  /** The panels of a range of blocks. */
  panelsIn({ from, to }: Range): Range {
    const first = (block: number) => Math.min(this.panels, block * this.#panelsPerBlock);
    return { from: first(from), to: first(to) };
  }

  /** The units (columns, or rows) of a range of blocks. */
  unitsIn(blocks: Range): Range {
    const { from, to } = this.panelsIn(blocks);
    return { from: Math.min(this.length, from * PANEL), to: Math.min(this.length, to * PANEL) };
  }
}
