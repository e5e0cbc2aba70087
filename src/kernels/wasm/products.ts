/** The matrix products of the wasm kernels. */

import type { Matrix } from '../matrix.ts';
import { useRows, type WasmMatrix } from './matrix.ts';
import { type Arena, PANEL, PANEL_ROW, type Range, type WasmExports } from './memory.ts';
import { SparseBatch } from './samples.ts';
import type { Team } from './team.ts';

/** Terms of a sum taken at a time with dense inputs, so that their rows of a panel stay in the first cache. */
const CHUNK = 196;

/** Bytes of the 4 vectors of columns that a narrow product takes at a time. */
const GROUP = 64;

/** dw = xᵀ delta, not computed yet; `used` once it has been added to some weights without being stored. */
interface Deferred {
  readonly x: SparseBatch;
  readonly delta: WasmMatrix;
  readonly dw: WasmMatrix;
  used: boolean;
}

/** Where the parts of a narrow sum go: two sets, used in turn, so that one barrier is enough. */
interface Parts {
  readonly sets: readonly [number, number];
  /** Bytes of one block's part. */
  readonly bytes: number;
  readonly rows: number;
  turn: 0 | 1;
}

/**
 * x w + b, xᵀ delta and delta wᵀ in every layout. A sum over a wide dimension whose output is narrow is made block by
 * block and the blocks' parts added in order; blocks follow from the shape alone, so the bits are the same for every
 * number of threads.
 */
export class Products {
  readonly #arena: Arena;
  readonly #wasm: WasmExports;
  readonly #team: Team;
  readonly #parts = new WeakMap<Matrix, Parts>();
  /** The product that `weightGradient` has put off, until somebody asks for it or what it is made of goes. */
  #deferred: Deferred | undefined;

  constructor(arena: Arena, wasm: WasmExports, team: Team) {
    this.#arena = arena;
    this.#wasm = wasm;
    this.#team = team;
  }

  /** To be called before this thread reads all of `reads` and writes its part of `write`. */
  ready(reads: readonly WasmMatrix[], write: WasmMatrix | undefined): void {
    for (const m of reads) this.provide(m);
    const deferred = this.#deferred;
    if (deferred !== undefined && (deferred.dw === write || deferred.delta === write)) this.#settle(true);
    this.#team.meet(reads, write);
  }

  /**
   * Makes sure that a matrix holds what it should.
   *
   * @throws RangeError if it is a gradient whose batch is gone, see `weightGradient` of `Kernels`
   */
  provide(m: WasmMatrix): void {
    if (this.#deferred?.dw === m) this.#settle(false);
    if (m.lost)
      throw new RangeError('kernels: expected this gradient to be read before its batch was overwritten');
  }

  /** To be called before a batch is filled anew. */
  batchChanges(x: Matrix): void {
    if (this.#deferred?.x === x) this.#settle(true);
  }

  affine(x: SparseBatch | WasmMatrix, w: WasmMatrix, b: WasmMatrix, z: WasmMatrix): void {
    useRows(z, x.rows);
    if (w.layout === 'panels') this.#wideAffine(x, w, b, z);
    else this.#narrowAffine(x, w, b, z);
  }

  #wideAffine(x: SparseBatch | WasmMatrix, w: WasmMatrix, b: WasmMatrix, z: WasmMatrix): void {
    const wasm = this.#wasm;
    const { from, to } = z.ownPanels;
    if (x instanceof SparseBatch) {
      const parts = x.byRows(PANEL_ROW, this.#team.barrier);
      this.ready([], z);
      for (let p = from; p < to; p++) {
        for (const { from, to, entries, ends } of parts) {
          const out = z.panel(p) + from * PANEL_ROW;
          wasm.sparseForward(to - from, entries, ends, w.panel(p), b.panel(p), out);
        }
      }
      return;
    }
    this.ready([x], z);
    for (let p = from; p < to; p++) {
      forEachChunk(x, (at, rowBytes, k, count) => {
        const rows = w.panel(p) + k * PANEL_ROW;
        wasm.denseForward(at, rowBytes, x.rows, count, rows, b.panel(p), k === 0 ? 1 : 0, z.panel(p));
      });
    }
  }

  #narrowAffine(x: SparseBatch | WasmMatrix, w: WasmMatrix, b: WasmMatrix, z: WasmMatrix): void {
    const wasm = this.#wasm;
    const { sets, bytes, turn } = this.#partsOf(w, z.capacity);
    const parts = sets[turn];
    const unpacked = x instanceof SparseBatch ? x.byRows(w.rowBytes, this.#team.barrier) : [];
    for (let block = w.own.from; block < w.own.to; block++) {
      const units = w.partition.unitsIn({ from: block, to: block + 1 });
      for (let g = 0; g < w.rowBytes; g += GROUP) {
        const vectors = Math.min(4, (w.rowBytes - g) / 16);
        const part = parts + block * bytes + g;
        if (x instanceof SparseBatch) {
          const { from, to } = units;
          for (const rows of unpacked) {
            const { entries, ends } = rows;
            const out = part + rows.from * w.rowBytes;
            const count = rows.to - rows.from;
            wasm.sparseNarrowForward(count, entries, ends, from, to, w.rowBytes, w.at + g, vectors, out);
          }
          continue;
        }
        forEachChunk(
          x,
          (at, rowBytes, k, count) => {
            const start = k === units.from ? 1 : 0;
            wasm.narrowForward(at, rowBytes, x.rows, count, w.row(k) + g, w.rowBytes, vectors, start, part);
          },
          units,
        );
      }
    }
    if (w.divided) this.#team.barrier();
    wasm.addParts(x.rows, w.rowBytes, b.at, w.partition.blocks, parts, bytes, z.at);
  }

  #partsOf(w: WasmMatrix, rows: number) {
    let parts = this.#parts.get(w);
    if (parts === undefined || parts.rows < rows) {
      // Parts of weights that every thread has a copy of are every thread's own as well.
      const copies = w.divided ? 1 : this.#team.thread.count;
      const bytes = Math.ceil((rows * w.rowBytes) / 128) * 128;
      const set = () => {
        const own = w.divided ? 0 : this.#team.thread.index * w.partition.blocks * bytes;
        return this.#arena.allocate(copies * w.partition.blocks * bytes) + own;
      };
      parts = { sets: [set(), set()], bytes, turn: 0, rows };
      this.#parts.set(w, parts);
    }
    parts.turn = parts.turn === 0 ? 1 : 0;
    return parts;
  }

  weightGradient(x: SparseBatch | WasmMatrix, delta: WasmMatrix, dw: WasmMatrix): void {
    const wasm = this.#wasm;
    if (dw.layout === 'panels') {
      const { from, to } = dw.ownPanels;
      if (x instanceof SparseBatch) {
        this.ready([], dw);
        if (this.#deferred !== undefined) this.#settle(false);
        dw.lost = false;
        this.#deferred = { x, delta, dw, used: false };
        return;
      }
      this.ready([x], dw);
      for (let p = from; p < to; p++) {
        forEachChunk(x, (at, rowBytes, k, count) => {
          wasm.denseGradient(at, rowBytes, x.rows, count, delta.panel(p), dw.panel(p) + k * PANEL_ROW);
        });
      }
      return;
    }
    const unpacked = x instanceof SparseBatch ? x.byColumns(delta.rowBytes, this.#team.barrier) : [];
    this.ready([], dw);
    const units = dw.partition.unitsIn(dw.own);
    for (let g = 0; g < dw.rowBytes; g += GROUP) {
      const vectors = Math.min(4, (dw.rowBytes - g) / 16);
      if (x instanceof SparseBatch) {
        for (const columns of unpacked) {
          const { entries, ends } = columns;
          const from = Math.max(0, units.from - columns.from);
          const to = Math.min(columns.to, units.to) - columns.from;
          if (to <= from) continue;
          const into = dw.row(columns.from) + g;
          wasm.sparseNarrowGradient(from, to, entries, ends, delta.at + g, vectors, dw.rowBytes, into);
        }
        continue;
      }
      forEachChunk(
        x,
        (at, rowBytes, k, count) => {
          wasm.narrowGradient(at, rowBytes, x.rows, count, delta.at + g, dw.rowBytes, vectors, dw.row(k) + g);
        },
        units,
      );
    }
  }

  /** Computes the deferred product after all, or where it was used already and is about to change, lets it go. */
  #settle(changes: boolean): void {
    const { x, delta, dw, used } = this.#deferred as Deferred;
    this.#deferred = undefined;
    if (used && changes) {
      dw.lost = true;
      return;
    }
    const parts = x.byColumns(PANEL_ROW, this.#team.barrier);
    this.ready([], dw);
    const { from, to } = dw.ownPanels;
    for (let p = from; p < to; p++) {
      for (const { from, to, entries, ends } of parts) {
        const out = dw.panel(p) + from * PANEL_ROW;
        this.#wasm.sparseGradient(to - from, entries, ends, delta.panel(p), out);
      }
    }
  }

  columnSums(delta: WasmMatrix, db: WasmMatrix): void {
    this.ready([], db);
    if (delta.layout !== 'panels') {
      this.#wasm.narrowSums(delta.at, delta.rows, delta.rowBytes, db.at);
      return;
    }
    const { from, to } = delta.ownPanels;
    for (let p = from; p < to; p++) this.#wasm.panelSums(delta.panel(p), delta.rows, db.panel(p));
  }

  inputGradient(delta: WasmMatrix, w: WasmMatrix, dx: WasmMatrix): void {
    const wasm = this.#wasm;
    useRows(dx, delta.rows);
    const wide = w.layout === 'panels';
    this.ready(wide ? [delta, w] : [], dx);
    const into = (k: number, count: number, at: number, rowBytes: number) => {
      if (wide) {
        const row = w.at + k * PANEL_ROW;
        const { panels } = w.partition;
        wasm.denseInputGradient(
          delta.at,
          delta.panelBytes,
          delta.rows,
          panels,
          row,
          w.panelBytes,
          count,
          at,
          rowBytes,
        );
      } else {
        wasm.narrowInputGradient(delta.at, delta.rows, delta.rowBytes, w.row(k), count, at, rowBytes);
      }
    };
    if (dx.layout === 'panels') {
      const { from, to } = dx.ownPanels;
      for (let p = from; p < to; p++) into(p * PANEL, dx.columnsIn(p), dx.panel(p), PANEL_ROW);
    } else {
      into(0, dx.cols, dx.at, dx.rowBytes);
    }
  }

  /**
   * w += factor · dw where dw has been put off: one pass over the weights instead of three over weights and gradient.
   * Gives back whether that was so.
   */
  descend(dw: WasmMatrix, factor: number, w: WasmMatrix): boolean {
    const deferred = this.#deferred;
    if (deferred?.dw !== dw || w === dw) return false;
    const parts = deferred.x.byColumns(PANEL_ROW, this.#team.barrier);
    this.ready([], w);
    const { from, to } = w.ownPanels;
    for (let p = from; p < to; p++) {
      for (const { from, to, entries, ends } of parts) {
        const weights = w.panel(p) + from * PANEL_ROW;
        this.#wasm.sparseDescent(to - from, entries, ends, deferred.delta.panel(p), factor, weights);
      }
    }
    deferred.used = true;
    return true;
  }
}

/**
 * The columns of x (or those in `units`) in the pieces that lie together: calls `run` with the address of a piece's
 * first column in row 0, the bytes from row to row, the first column and the number of columns.
 */
function forEachChunk(
  x: WasmMatrix,
  run: (at: number, rowBytes: number, k: number, count: number) => void,
  units: Range = { from: 0, to: x.cols },
): void {
  if (x.layout === 'panels') {
    for (let k = units.from; k < units.to; k += PANEL) {
      run(x.panel(k / PANEL), PANEL_ROW, k, Math.min(PANEL, units.to - k));
    }
  } else {
    for (let k = units.from; k < units.to; k += CHUNK) {
      run(x.at + 4 * k, x.rowBytes, k, Math.min(CHUNK, units.to - k));
    }
  }
}
