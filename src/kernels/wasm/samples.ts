/** Samples in the wasm kernels' memory, and the batches that are read from them. */

import { type DropoutMask, dropBelow, keptScale } from '../dropout-mask.ts';
import type { Matrix, Samples } from '../matrix.ts';
import { WasmMatrix } from './matrix.ts';
import { type Arena, alignUp, type Thread, type WasmExports } from './memory.ts';

/** Below this share of nonzero values, following the nonzeros is faster than looking at every entry. */
const SPARSE_BELOW = 0.5;

/** The column of a packed nonzero has 16 bits. */
const MOST_COLUMNS = 65536;

/** Bytes that go through the staging buffer at a time. */
const STAGE = 1 << 18;

/** Where samples lie: compressed rows, or every value. */
export type SamplePlaces =
  | {
      readonly kind: 'sparse';
      /** Where sample 0's nonzeros end (a word), the words of the others after it; the word before is their beginning. */
      readonly rowEnds: number;
      readonly labels: number;
    }
  | { readonly kind: 'bytes'; readonly bytes: number; readonly labels: number }
  | { readonly kind: 'floats'; readonly floats: number; readonly labels: number };

/** Samples that lie in wasm memory; `values` is empty. May be sent to other threads of the same memory. */
export interface WasmSamples extends Samples {
  readonly places: SamplePlaces;
}

/** Upper bound of the bytes that `loadSamples` takes. */
export function sampleBytes({ count, cols }: Samples): number {
  return alignUp(count * 5 + count * cols * 4, 128) + STAGE * 2 + 8192;
}

/** Puts samples into the memory: byte values that are mostly 0 compressed, others as they are. */
export function loadSamples(arena: Arena, wasm: WasmExports, samples: Samples): WasmSamples {
  const { count, cols, values, scale, labels, classes } = samples;
  const memory = new Uint8Array(arena.memory.buffer);
  const labelsAt = arena.allocate(count);
  memory.set(labels, labelsAt);
  const head = { count, cols, scale, labels: labels.slice(), classes, values: new Uint8Array(0) };
  if (!(values instanceof Uint8Array)) {
    const floats = arena.allocate(values.byteLength);
    new Float32Array(arena.memory.buffer, floats, values.length).set(values);
    return { ...head, places: { kind: 'floats', floats, labels: labelsAt } };
  }
  const rows = Math.max(1, Math.floor(STAGE / cols));
  const stage = arena.allocate(rows * cols + 16);
  const staged = (from: number) => {
    const part = values.subarray(from * cols, Math.min(count, from + rows) * cols);
    memory.set(part, stage);
    memory.fill(0, stage + part.length, stage + part.length + 16);
    return part.length;
  };
  let nonzeros = 0;
  for (let i = 0; i < count; i += rows) nonzeros += wasm.countNonzeros(stage, staged(i));
  if (nonzeros >= SPARSE_BELOW * count * cols || cols > MOST_COLUMNS) {
    const bytes = arena.allocate(count * cols);
    memory.set(values, bytes);
    return { ...head, places: { kind: 'bytes', bytes, labels: labelsAt } };
  }
  const rowEnds = arena.allocate(4 * (count + 1)) + 4;
  const entries = arena.allocate(4 * (nonzeros + 3)); // unpacking reads whole vectors
  new Uint32Array(arena.memory.buffer)[rowEnds / 4 - 1] = entries;
  let next = 0;
  for (let i = 0; i < count; i += rows) {
    next = wasm.compress(stage, staged(i) / cols, cols, rowEnds + 4 * i, entries, next);
  }
  return { ...head, places: { kind: 'sparse', rowEnds, labels: labelsAt } };
}

/** A part of a batch's rows, or columns, unpacked: entries one after the other, and the address where each one's end. */
export interface Unpacked {
  from: number;
  to: number;
  readonly entries: number;
  readonly ends: number;
}

/**
 * A batch of compressed rows, unpacked when a product first asks for it: by rows, and once columns have ever been
 * asked for, by columns as well. Each thread unpacks a part for all, so that they meet for it once in a step.
 */
export class SparseBatch implements Matrix {
  readonly capacity: number;
  rows: number;
  readonly cols: number;
  readonly values = new Float32Array(0);
  /** The samples of the batch, by their number in the data set; every thread has its own list. */
  readonly order: Uint32Array;
  readonly orderAt: number;
  readonly #scale: number;
  /** Of the samples that were gathered last. */
  #rowEnds = 0;
  readonly #thread: Thread;
  readonly #wasm: WasmExports;
  /** Two, used in turn: while one thread unpacks a batch, another may still be working with the one before. */
  readonly #sets: readonly { readonly rows: readonly Unpacked[]; readonly columns: readonly Unpacked[] }[];
  #turn = 0;
  /** The bytes of a row that the batch was unpacked for, 0 before it was. */
  #rowsFor = 0;
  #columnsFor = 0;
  /** The same of the columns of the last batch that had them unpacked. */
  #columnsWanted = 0;
  /** What is dropped of the batch as it is unpacked. */
  #mask: DropoutMask | undefined;

  constructor(arena: Arena, thread: Thread, wasm: WasmExports, samples: WasmSamples, capacity: number) {
    this.capacity = capacity;
    this.rows = capacity;
    this.cols = samples.cols;
    this.#scale = samples.scale;
    this.#thread = thread;
    this.#wasm = wasm;
    const orderBytes = alignUp(4 * capacity, 128);
    this.orderAt = arena.allocate(orderBytes * thread.count) + orderBytes * thread.index;
    this.order = new Uint32Array(arena.memory.buffer, this.orderAt, capacity);
    const parts = (of: number, across: number) => {
      const most = Math.ceil(of / thread.count);
      return Array.from({ length: thread.count }, () => ({
        from: 0,
        to: 0,
        entries: arena.allocate(8 * (most * across + 3)), // unpacking writes up to 3 too many
        ends: arena.allocate(4 * most),
      }));
    };
    this.#sets = [0, 1].map(() => ({
      rows: parts(capacity, this.cols),
      columns: parts(this.cols, capacity),
    }));
  }

  /**
   * To be called after `order` and `rows` were set anew.
   *
   * @param rowEnds of the samples that `order` is of
   */
  changed(rowEnds = this.#rowEnds): void {
    this.#rowEnds = rowEnds;
    this.#turn = 1 - this.#turn;
    this.#rowsFor = 0;
    this.#columnsFor = 0;
    this.#mask = undefined;
  }

  /**
   * Drops entries from the batch, once after it was gathered.
   *
   * @throws RangeError if that was done before
   */
  drop(mask: DropoutMask): void {
    if (this.#mask !== undefined)
      throw new RangeError('kernels: expected dropout of a sparse batch once after it was gathered');
    if (this.#rowsFor !== 0 || this.#columnsFor !== 0) this.changed();
    this.#mask = mask;
  }

  /** @param inner by how much an entry's number grows from one offset of `unit` to the next, and `outer` by group */
  #dropFrom({ from, to, entries, ends }: Unpacked, unit: number, outer: number, inner: number): void {
    const mask = this.#mask;
    if (mask === undefined) return;
    const { key } = mask;
    const drop = this.#wasm.dropNonzeros;
    const [below, scale] = [dropBelow(mask), keptScale(mask)];
    drop(to - from, entries, ends, unit, from, outer, inner, key[0], key[1], below, scale);
  }

  /**
   * The nonzeros by rows, with offsets for weights of `rowBytes` a row.
   *
   * @param meet waits for all threads
   */
  byRows(rowBytes: number, meet: () => void): readonly Unpacked[] {
    const { rows } = this.#sets[this.#turn];
    if (this.#rowsFor !== rowBytes) {
      if (this.#rowsFor !== 0) meet();
      divide(rows, this.rows);
      const { from, to, entries, ends } = rows[this.#thread.index];
      const order = this.orderAt + 4 * from;
      this.#wasm.decodeRows(order, to - from, this.#rowEnds, this.#scale, rowBytes, entries, ends);
      this.#dropFrom(rows[this.#thread.index], rowBytes, this.cols, 1);
      this.#rowsFor = rowBytes;
      if (this.#columnsWanted !== 0 && this.#columnsFor === 0) this.#unpackColumns(this.#columnsWanted);
      meet();
    }
    return rows;
  }

  /**
   * The nonzeros by columns, with offsets for a delta of `rowBytes` a row.
   *
   * @param meet waits for all threads
   */
  byColumns(rowBytes: number, meet: () => void): readonly Unpacked[] {
    if (this.#columnsFor !== rowBytes) {
      if (this.#columnsFor !== 0) meet();
      this.#unpackColumns(rowBytes);
      meet();
    }
    return this.#sets[this.#turn].columns;
  }

  #unpackColumns(rowBytes: number): void {
    const { columns } = this.#sets[this.#turn];
    divide(columns, this.cols);
    const { from, to, entries, ends } = columns[this.#thread.index];
    const rows = this.rows;
    const scale = this.#scale;
    this.#wasm.decodeColumns(this.orderAt, rows, this.#rowEnds, scale, rowBytes, from, to, entries, ends);
    this.#dropFrom(columns[this.#thread.index], rowBytes, 1, this.cols);
    this.#columnsFor = rowBytes;
    this.#columnsWanted = rowBytes;
  }
}

/** Divides so many rows or columns among the parts. */
function divide(parts: readonly Unpacked[], length: number): void {
  const each = Math.ceil(length / parts.length);
  parts.forEach((part, i) => {
    part.from = Math.min(length, i * each);
    part.to = Math.min(length, (i + 1) * each);
  });
}

/** A batch of dense inputs, row-major. */
export class DenseBatch extends WasmMatrix {
  readonly order: Uint32Array;
  readonly orderAt: number;

  constructor(arena: Arena, thread: Thread, samples: WasmSamples, capacity: number) {
    super(arena, thread, 'rows', capacity, samples.cols);
    const size = alignUp(4 * capacity, 128);
    this.orderAt = arena.allocate(size * thread.count) + size * thread.index;
    this.order = new Uint32Array(arena.memory.buffer, this.orderAt, capacity);
  }
}
