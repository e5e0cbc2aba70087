/** How a matrix lies in the wasm kernels' memory. */

import type { Floats, Matrix } from '../matrix.ts';
import { type Arena, alignUp, PANEL, PANEL_ROW, Partition, type Range, type Thread } from './memory.ts';

/** Up to this many columns a matrix of activations is narrow: every thread has a copy of its own. */
export const NARROW = 64;

/**
 * - `panels`: panels of 20 columns, one after the other; each thread owns some. Wide activations, and weights
 *   with a wide output.
 * - `blocks`: row-major; each thread owns blocks of rows. Weights from many inputs to a narrow output.
 * - `rows`: row-major, every thread with a copy of its own. Narrow matrices, and dense inputs.
 */
export type Layout = 'panels' | 'blocks' | 'rows';

/** A matrix of float32 in wasm memory; rows are padded with zeros to whole vectors. */
export class WasmMatrix implements Matrix {
  readonly capacity: number;
  rows: number;
  readonly cols: number;
  readonly layout: Layout;
  /** Bytes from row to row: of the matrix, or of a panel. */
  readonly rowBytes: number;
  /** Bytes from panel to panel. */
  readonly panelBytes: number;
  /** What is divided among threads: the columns of `panels`, the rows of `blocks`. */
  readonly partition: Partition;
  /** The blocks that this thread owns; of `rows`, all. */
  readonly own: Range;
  /** Where it starts; of `rows`, this thread's copy. */
  readonly at: number;
  /** The storage as it lies, not row-major but for `rows` whose columns fill whole vectors. */
  readonly values: Floats;
  /** How many barriers had been passed when a thread's own part was last written, and others' parts last read. */
  writtenAt = -1;
  readAt = -1;
  /** Whether it is a gradient that was used without being stored, and cannot be computed any more. */
  lost = false;
  /** A row-major copy of panels for what needs whole rows, made when first needed. */
  copy: WasmMatrix | undefined;

  constructor(arena: Arena, thread: Thread, layout: Layout, capacity: number, cols: number) {
    this.capacity = capacity;
    this.rows = capacity;
    this.cols = cols;
    this.layout = layout;
    this.partition = new Partition(layout === 'panels' ? cols : capacity);
    this.own = layout === 'rows' ? { from: 0, to: this.partition.blocks } : this.partition.blocksOf(thread);
    this.rowBytes = layout === 'panels' ? PANEL_ROW : alignUp(cols, 4) * 4;
    const rowsWithPadding = layout === 'panels' ? alignUp(capacity, 4) : alignUp(capacity, PANEL);
    this.panelBytes = alignUp(rowsWithPadding * this.rowBytes, 128);
    const bytes = layout === 'panels' ? this.panelBytes * this.partition.panels : this.panelBytes;
    const copies = layout === 'rows' ? thread.count : 1;
    this.at = arena.allocate(bytes * copies) + (layout === 'rows' ? bytes * thread.index : 0);
    this.values = new Float32Array(arena.memory.buffer, this.at, bytes / 4);
  }

  /** Whether other threads hold parts of it. */
  get divided(): boolean {
    return this.layout !== 'rows';
  }

  /** The panels, or with `blocks` the groups of 20 rows, that this thread owns. */
  get ownPanels(): Range {
    return this.partition.panelsIn(this.own);
  }

  /** Where a panel starts. */
  panel(p: number): number {
    return this.at + p * this.panelBytes;
  }

  /** Where a row starts, of `blocks` and `rows`. */
  row(i: number): number {
    return this.at + i * this.rowBytes;
  }

  /** How many of a panel's 20 columns belong to the matrix. */
  columnsIn(p: number): number {
    return Math.min(PANEL, this.cols - p * PANEL);
  }

  /** Where entry (i, j) is in `values`. */
  place(i: number, j: number): number {
    if (this.layout !== 'panels') return (i * this.rowBytes) / 4 + j;
    const p = Math.floor(j / PANEL);
    return (p * this.panelBytes + i * PANEL_ROW) / 4 + (j - p * PANEL);
  }
}

/** Sets how many rows of an output are in use. */
export function useRows(x: Matrix, rows: number): void {
  if (rows > x.capacity) throw new RangeError(`kernels: expected at most ${x.capacity} rows, got ${rows}`);
  x.rows = rows;
}
