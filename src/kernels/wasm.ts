/** `Kernels` in WebAssembly: float32, SIMD, sparse inputs, and one thread of several on a shared memory. */

import type { Kernels } from './kernels.ts';
import type { Floats, Matrix, Samples } from './matrix.ts';
import { type Layout, NARROW, WasmMatrix } from './wasm-matrix.ts';
import {
  Arena,
  CONTROL_BYTES,
  PANEL,
  PANEL_ROW,
  type Range,
  type Thread,
  type WasmExports,
  type WasmMemory,
} from './wasm-memory.ts';
import { DenseBatch, loadSamples, SparseBatch, type WasmSamples } from './wasm-samples.ts';

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

/**
 * What one thread does of every operation. All threads make the same calls in the same order on their own
 * `WasmKernels`, as MPI programs are written: each computes the part of the output that it owns (see `WasmMatrix`),
 * and waits for the others only before it reads what another has written since they last met, or writes what another
 * may still be reading.
 *
 * A sum over a wide dimension whose output is narrow is made block by block and the blocks' parts added in order;
 * blocks follow from the shape alone, so the bits are the same for every number of threads.
 */
export class WasmKernels implements Kernels {
  readonly #arena: Arena;
  readonly #wasm: WasmExports;
  readonly #thread: Thread;
  readonly #control: Int32Array;
  readonly #loaded = new WeakMap<Samples, WasmSamples>();
  /** The parts of narrow sums, by the weights they are of: two sets, used in turn, so that one barrier is enough. */
  readonly #parts = new WeakMap<
    Matrix,
    { sets: [number, number]; bytes: number; turn: 0 | 1; rows: number }
  >();
  /** The product that `weightGradient` has put off, until somebody asks for it or what it is made of goes. */
  #deferred: Deferred | undefined;
  /** How many barriers this thread has passed. */
  #met = 0;
  #asked = 0;
  #metWhenAsked = -1;

  /**
   * @param from where in the memory this run's matrices begin, the same for all its threads; what lies below is taken
   */
  constructor(
    { module, memory }: WasmMemory,
    thread: Thread = { index: 0, count: 1 },
    from: number = CONTROL_BYTES,
  ) {
    this.#arena = new Arena(memory, Math.max(from, CONTROL_BYTES));
    this.#wasm = new WebAssembly.Instance(module, { env: { memory } }).exports as WasmExports;
    this.#thread = thread;
    this.#control = new Int32Array(memory.buffer, 0, CONTROL_BYTES / 4);
  }

  /** The first address that nothing made so far uses. */
  get end(): number {
    return this.#arena.next;
  }

  matrix(capacity: number, cols: number): Matrix {
    return this.#make(cols > NARROW ? 'panels' : 'rows', capacity, cols);
  }

  weights(inputs: number, outputs: number): Matrix {
    if (outputs > NARROW) return this.#make('panels', inputs, outputs);
    return this.#make(inputs > NARROW ? 'blocks' : 'rows', inputs, outputs);
  }

  #make(layout: Layout, capacity: number, cols: number): WasmMatrix {
    return new WasmMatrix(this.#arena, this.#thread, layout, capacity, cols);
  }

  read(x: Matrix): Floats {
    const m = x as WasmMatrix;
    this.#meet([m], undefined);
    const out = new Float32Array(m.rows * m.cols);
    for (let i = 0; i < m.rows; i++) {
      for (let j = 0; j < m.cols; j++) out[i * m.cols + j] = m.values[m.place(i, j)];
    }
    return out;
  }

  write(x: Matrix, values: ArrayLike<number>): void {
    const m = x as WasmMatrix;
    this.#meet([], m);
    const owned = m.divided ? m.partition.unitsIn(m.own) : undefined;
    const rows = m.layout === 'blocks' && owned ? owned : { from: 0, to: m.rows };
    const cols = m.layout === 'panels' && owned ? owned : { from: 0, to: m.cols };
    for (let i = rows.from; i < rows.to; i++) {
      for (let j = cols.from; j < cols.to; j++) m.values[m.place(i, j)] = values[i * m.cols + j];
    }
  }

  load(samples: Samples): Samples {
    if ('places' in samples) return samples;
    let loaded = this.#loaded.get(samples);
    if (loaded === undefined) {
      loaded = loadSamples(this.#arena, this.#wasm, samples);
      this.#loaded.set(samples, loaded);
    }
    return loaded;
  }

  batch(samples: Samples, capacity: number): Matrix {
    const loaded = this.load(samples) as WasmSamples;
    return loaded.places.kind === 'sparse'
      ? new SparseBatch(this.#arena, this.#thread, this.#wasm, loaded, capacity)
      : new DenseBatch(this.#arena, this.#thread, loaded, capacity);
  }

  gather(samples: Samples, order: Uint32Array, from: number, count: number, x: Matrix, y: Matrix): void {
    const { places, cols, scale } = this.load(samples) as WasmSamples;
    const batch = x as SparseBatch | DenseBatch;
    if (this.#deferred?.x === batch) this.#settle(true);
    useRows(x, count);
    for (let i = 0; i < count; i++) batch.order[i] = order[from + i];
    if (batch instanceof SparseBatch) {
      batch.changed();
    } else if (places.kind === 'bytes') {
      this.#wasm.gatherBytes(batch.orderAt, count, cols, places.bytes, scale, batch.at, batch.rowBytes);
    } else if (places.kind === 'floats') {
      this.#wasm.gatherFloats(batch.orderAt, count, cols, places.floats, scale, batch.at, batch.rowBytes);
    }
    this.#intoRows(y as WasmMatrix, count, (rows) =>
      this.#wasm.oneHot(batch.orderAt, count, places.labels, rows.at, rows.rowBytes),
    );
  }

  affine(x: Matrix, w: Matrix, b: Matrix, z: Matrix): void {
    const input = x as SparseBatch | WasmMatrix;
    const weights = w as WasmMatrix;
    const bias = b as WasmMatrix;
    const out = z as WasmMatrix;
    useRows(out, x.rows);
    if (weights.layout === 'panels') this.#wideAffine(input, weights, bias, out);
    else this.#narrowAffine(input, weights, bias, out);
  }

  #wideAffine(x: SparseBatch | WasmMatrix, w: WasmMatrix, b: WasmMatrix, z: WasmMatrix): void {
    const wasm = this.#wasm;
    const { from, to } = z.ownPanels;
    if (x instanceof SparseBatch) {
      const parts = x.byRows(PANEL_ROW, this.#barrier);
      this.#meet([], z);
      for (let p = from; p < to; p++) {
        for (const { from, to, entries, ends } of parts) {
          const out = z.panel(p) + from * PANEL_ROW;
          wasm.sparseForward(to - from, entries, ends, w.panel(p), b.panel(p), out);
        }
      }
      return;
    }
    this.#meet([x], z);
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
    const unpacked = x instanceof SparseBatch ? x.byRows(w.rowBytes, this.#barrier) : [];
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
    if (w.divided) this.#barrier();
    wasm.addParts(x.rows, w.rowBytes, b.at, w.partition.blocks, parts, bytes, z.at);
  }

  #partsOf(w: WasmMatrix, rows: number) {
    let parts = this.#parts.get(w);
    if (parts === undefined || parts.rows < rows) {
      // Parts of weights that every thread has a copy of are every thread's own as well.
      const copies = w.divided ? 1 : this.#thread.count;
      const bytes = Math.ceil((rows * w.rowBytes) / 128) * 128;
      const set = () => {
        const own = w.divided ? 0 : this.#thread.index * w.partition.blocks * bytes;
        return this.#arena.allocate(copies * w.partition.blocks * bytes) + own;
      };
      parts = { sets: [set(), set()], bytes, turn: 0, rows };
      this.#parts.set(w, parts);
    }
    parts.turn = parts.turn === 0 ? 1 : 0;
    return parts;
  }

  weightGradient(x: Matrix, delta: Matrix, dw: Matrix): void {
    const wasm = this.#wasm;
    const input = x as SparseBatch | WasmMatrix;
    const d = delta as WasmMatrix;
    const out = dw as WasmMatrix;
    if (out.layout === 'panels') {
      const { from, to } = out.ownPanels;
      if (input instanceof SparseBatch) {
        this.#meet([], out);
        out.lost = false;
        this.#deferred = { x: input, delta: d, dw: out, used: false };
        return;
      }
      this.#meet([input], out);
      for (let p = from; p < to; p++) {
        forEachChunk(input, (at, rowBytes, k, count) => {
          wasm.denseGradient(at, rowBytes, x.rows, count, d.panel(p), out.panel(p) + k * PANEL_ROW);
        });
      }
      return;
    }
    const unpacked = input instanceof SparseBatch ? input.byColumns(d.rowBytes, this.#barrier) : [];
    this.#meet([], out);
    const units = out.partition.unitsIn(out.own);
    for (let g = 0; g < out.rowBytes; g += GROUP) {
      const vectors = Math.min(4, (out.rowBytes - g) / 16);
      if (input instanceof SparseBatch) {
        for (const columns of unpacked) {
          const { entries, ends } = columns;
          const from = Math.max(0, units.from - columns.from);
          const to = Math.min(columns.to, units.to) - columns.from;
          if (to <= from) continue;
          const into = out.row(columns.from) + g;
          wasm.sparseNarrowGradient(from, to, entries, ends, d.at + g, vectors, out.rowBytes, into);
        }
        continue;
      }
      forEachChunk(
        input,
        (at, rowBytes, k, count) => {
          wasm.narrowGradient(at, rowBytes, x.rows, count, d.at + g, out.rowBytes, vectors, out.row(k) + g);
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
    const parts = x.byColumns(PANEL_ROW, this.#barrier);
    this.#meet([], dw);
    const { from, to } = dw.ownPanels;
    for (let p = from; p < to; p++) {
      for (const { from, to, entries, ends } of parts) {
        const out = dw.panel(p) + from * PANEL_ROW;
        this.#wasm.sparseGradient(to - from, entries, ends, delta.panel(p), out);
      }
    }
  }

  columnSums(delta: Matrix, db: Matrix): void {
    const d = delta as WasmMatrix;
    const out = db as WasmMatrix;
    this.#meet([], out);
    if (d.layout !== 'panels') {
      this.#wasm.narrowSums(d.at, d.rows, d.rowBytes, out.at);
      return;
    }
    const { from, to } = d.ownPanels;
    for (let p = from; p < to; p++) this.#wasm.panelSums(d.panel(p), d.rows, out.panel(p));
  }

  inputGradient(delta: Matrix, w: Matrix, dx: Matrix): void {
    const wasm = this.#wasm;
    const d = delta as WasmMatrix;
    const weights = w as WasmMatrix;
    const out = dx as WasmMatrix;
    useRows(out, d.rows);
    const wide = weights.layout === 'panels';
    this.#meet(wide ? [d, weights] : [], out);
    const into = (k: number, count: number, at: number, rowBytes: number) => {
      if (wide) {
        const row = weights.at + k * PANEL_ROW;
        const { panels } = weights.partition;
        wasm.denseInputGradient(
          d.at,
          d.panelBytes,
          d.rows,
          panels,
          row,
          weights.panelBytes,
          count,
          at,
          rowBytes,
        );
      } else {
        wasm.narrowInputGradient(d.at, d.rows, d.rowBytes, weights.row(k), count, at, rowBytes);
      }
    };
    if (out.layout === 'panels') {
      const { from, to } = out.ownPanels;
      for (let p = from; p < to; p++) into(p * PANEL, out.columnsIn(p), out.panel(p), PANEL_ROW);
    } else {
      into(0, out.cols, out.at, out.rowBytes);
    }
  }

  relu(z: Matrix, x: Matrix): void {
    this.#map(z, x, (from, to, bytes) => this.#wasm.relu(from, to, bytes));
  }

  reluGradient(delta: Matrix, z: Matrix, dz: Matrix): void {
    this.#zip(delta, z, dz, (a, b, to, bytes) => this.#wasm.reluGradient(a, b, to, bytes));
  }

  sigmoid(z: Matrix, x: Matrix): void {
    this.#map(z, x, (from, to, bytes) => this.#wasm.sigmoid(from, to, bytes));
    this.#clearPadding(x as WasmMatrix);
  }

  sigmoidGradient(delta: Matrix, x: Matrix, dz: Matrix): void {
    this.#zip(delta, x, dz, (a, b, to, bytes) => this.#wasm.sigmoidGradient(a, b, to, bytes));
  }

  tanh(z: Matrix, x: Matrix): void {
    this.#map(z, x, (from, to, bytes) => this.#wasm.tanh(from, to, bytes));
  }

  tanhGradient(delta: Matrix, x: Matrix, dz: Matrix): void {
    this.#zip(delta, x, dz, (a, b, to, bytes) => this.#wasm.tanhGradient(a, b, to, bytes));
  }

  squaredError(x: Matrix, y: Matrix, losses: Matrix): void {
    const a = this.#asRows(x);
    const b = this.#asRows(y);
    const out = losses as WasmMatrix;
    useRows(out, x.rows);
    this.#wasm.squaredError(a.at, b.at, x.rows, x.cols, a.rowBytes, out.at, out.rowBytes);
  }

  squaredErrorGradient(x: Matrix, y: Matrix, scale: number, delta: Matrix): void {
    this.#zip(x, y, delta, (a, b, to, bytes) => this.#wasm.scaledDifference(a, b, scale, to, bytes));
  }

  softmaxCrossEntropy(s: Matrix, y: Matrix, p: Matrix, losses: Matrix): void {
    const a = this.#asRows(s);
    const b = this.#asRows(y);
    const out = losses as WasmMatrix;
    useRows(out, s.rows);
    this.#intoRows(p as WasmMatrix, s.rows, (rows) =>
      this.#wasm.softmaxCrossEntropy(a.at, b.at, s.rows, s.cols, a.rowBytes, rows.at, out.at, out.rowBytes),
    );
  }

  softmaxCrossEntropyGradient(p: Matrix, y: Matrix, scale: number, delta: Matrix): void {
    const a = this.#asRows(p);
    const b = this.#asRows(y);
    this.#intoRows(delta as WasmMatrix, p.rows, (rows) =>
      this.#wasm.softmaxCrossEntropyGradient(a.at, b.at, p.rows, p.cols, a.rowBytes, scale, rows.at),
    );
  }

  sigmoidCrossEntropy(s: Matrix, y: Matrix, p: Matrix, losses: Matrix): void {
    const a = this.#asRows(s);
    const b = this.#asRows(y);
    const out = losses as WasmMatrix;
    useRows(out, s.rows);
    this.#intoRows(p as WasmMatrix, s.rows, (rows) =>
      this.#wasm.sigmoidCrossEntropy(a.at, b.at, s.rows, s.cols, a.rowBytes, rows.at, out.at, out.rowBytes),
    );
  }

  sigmoidCrossEntropyGradient(p: Matrix, y: Matrix, scale: number, delta: Matrix): void {
    this.squaredErrorGradient(p, y, scale, delta);
  }

  svm(s: Matrix, y: Matrix, losses: Matrix): void {
    const a = this.#asRows(s);
    const b = this.#asRows(y);
    const out = losses as WasmMatrix;
    useRows(out, s.rows);
    this.#wasm.svm(a.at, b.at, s.rows, s.cols, a.rowBytes, out.at, out.rowBytes);
  }

  svmGradient(s: Matrix, y: Matrix, scale: number, delta: Matrix): void {
    const a = this.#asRows(s);
    const b = this.#asRows(y);
    this.#intoRows(delta as WasmMatrix, s.rows, (rows) =>
      this.#wasm.svmGradient(a.at, b.at, s.rows, s.cols, a.rowBytes, scale, rows.at),
    );
  }

  mean(losses: Matrix, out: Matrix): void {
    const { at, rows, rowBytes } = losses as WasmMatrix;
    out.values[0] = this.#wasm.sumOfLosses(at, rows, rowBytes) / rows;
  }

  addSumOfSquares(w: Matrix, factor: number, out: Matrix): void {
    let sum = 0;
    this.#forEachPart(w as WasmMatrix, (at, bytes) => {
      sum += this.#wasm.sumOfSquares(at, bytes);
    });
    out.values[0] += factor * sum;
  }

  addScaled(x: Matrix, factor: number, y: Matrix): void {
    const deferred = this.#deferred;
    const out = y as WasmMatrix;
    if (deferred?.dw === x && out !== x) {
      // One pass over the weights instead of three over weights and gradient.
      const parts = deferred.x.byColumns(PANEL_ROW, this.#barrier);
      this.#meet([], out);
      const { from, to } = out.ownPanels;
      for (let p = from; p < to; p++) {
        for (const { from, to, entries, ends } of parts) {
          const weights = out.panel(p) + from * PANEL_ROW;
          this.#wasm.sparseDescent(to - from, entries, ends, deferred.delta.panel(p), factor, weights);
        }
      }
      deferred.used = true;
      return;
    }
    this.#map(x, y, (from, to, bytes) => this.#wasm.addScaled(from, factor, to, bytes));
  }

  fill(x: Matrix, value: number): void {
    this.write(x, new Float32Array(x.rows * x.cols).fill(value));
  }

  argmax(scores: Matrix, classes: Matrix): void {
    const s = this.#asRows(scores);
    const out = classes as WasmMatrix;
    useRows(out, scores.rows);
    this.#wasm.argmax(s.at, scores.rows, scores.cols, s.rowBytes, out.at, out.rowBytes);
  }

  countCorrect(scores: Matrix, y: Matrix, out: Matrix): void {
    const s = this.#asRows(scores);
    const targets = this.#asRows(y);
    out.values[0] = this.#wasm.countCorrect(s.at, targets.at, scores.rows, scores.cols, s.rowBytes);
  }

  allFinite(x: Matrix): boolean {
    if (x instanceof SparseBatch) return true; // bytes times a finite scale
    let finite = true;
    this.#forEachPart(x as WasmMatrix, (at, bytes) => {
      if (this.#wasm.allFinite(at, bytes) === 0) finite = false;
    });
    return finite;
  }

  /**
   * What thread 0 said in the call before this one: the same answer in every thread, without a barrier of its own
   * where there was one since.
   */
  agree(said: boolean): boolean {
    if (this.#thread.count === 1) return said;
    if (this.#metWhenAsked === this.#met) this.#barrier();
    const slot = (n: number) => 64 + 32 * (n & 1);
    if (this.#thread.index === 0) Atomics.store(this.#control, slot(this.#asked), said ? 1 : 0);
    const answer = this.#asked > 0 && Atomics.load(this.#control, slot(this.#asked - 1)) === 1;
    this.#asked++;
    this.#metWhenAsked = this.#met;
    return answer;
  }

  readonly #barrier = (): void => {
    this.#met++;
    if (this.#thread.count > 1) this.#wasm.barrier(0, this.#thread.count);
  };

  /** Waits, if need be, before all of `reads` is read and this thread's part of `write` written. */
  #meet(reads: readonly (WasmMatrix | undefined)[], write: WasmMatrix | undefined): void {
    for (const m of reads) this.#provide(m);
    const deferred = this.#deferred;
    if (deferred !== undefined && (deferred.dw === write || deferred.delta === write)) this.#settle(true);
    const unread = reads.some((m) => m?.divided === true && m.writtenAt === this.#met);
    if (unread || (write?.divided === true && write.readAt === this.#met)) this.#barrier();
    for (const m of reads) if (m !== undefined) m.readAt = this.#met;
    if (write !== undefined) write.writtenAt = this.#met;
  }

  /**
   * Makes sure that a matrix holds what it should.
   *
   * @throws RangeError if it is a gradient whose batch is gone, see `weightGradient` of `Kernels`
   */
  #provide(m: WasmMatrix | undefined): void {
    if (m === undefined) return;
    if (this.#deferred?.dw === m) this.#settle(false);
    if (m.lost)
      throw new RangeError('kernels: expected this gradient to be read before its batch was overwritten');
  }

  /** Runs over this thread's part of a matrix and the same part of another of its shape. */
  #map(x: Matrix, out: Matrix, run: (from: number, to: number, bytes: number) => void): void {
    this.#zip(x, x, out, (from, _, to, bytes) => run(from, to, bytes));
  }

  #zip(
    x: Matrix,
    y: Matrix,
    out: Matrix,
    run: (a: number, b: number, to: number, bytes: number) => void,
  ): void {
    const a = x as WasmMatrix;
    const b = y as WasmMatrix;
    const c = out as WasmMatrix;
    useRows(c, a.rows);
    this.#provide(a);
    this.#provide(b);
    this.#meet([], c);
    if (a.layout === 'panels') {
      const { from, to } = a.ownPanels;
      const bytes = a.rows * PANEL_ROW;
      if (bytes === a.panelBytes && c.panelBytes === bytes && b.panelBytes === bytes) {
        run(a.panel(from), b.panel(from), c.panel(from), (to - from) * bytes);
      } else {
        for (let p = from; p < to; p++) run(a.panel(p), b.panel(p), c.panel(p), bytes);
      }
    } else {
      const { from, to } = a.divided ? a.partition.unitsIn(a.own) : { from: 0, to: a.rows };
      run(a.row(from), b.row(from), c.row(from), (to - from) * a.rowBytes);
    }
  }

  /** σ(0) is ½: puts back the zeros behind the last column, which sums over columns take in. */
  #clearPadding(m: WasmMatrix): void {
    const last = m.partition.panels - 1;
    const panels = m.layout === 'panels';
    if (panels && m.ownPanels.to <= last) return;
    const used = 4 * (panels ? m.columnsIn(last) : m.cols);
    if (used < m.rowBytes) this.#wasm.clearPadding(panels ? m.panel(last) : m.at, m.rows, m.rowBytes, used);
  }

  /** Runs over all parts of a matrix, other threads' too, in order. */
  #forEachPart(m: WasmMatrix, run: (at: number, bytes: number) => void): void {
    this.#meet([m], undefined);
    if (m.layout !== 'panels') run(m.at, m.rows * m.rowBytes);
    else for (let p = 0; p < m.partition.panels; p++) run(m.panel(p), m.rows * PANEL_ROW);
  }

  /** The matrix with whole rows in one place: itself, or for panels a copy. */
  #asRows(x: Matrix): WasmMatrix {
    const m = x as WasmMatrix;
    if (m.layout !== 'panels') return m;
    this.#meet([m], undefined);
    const rows = this.#copyOf(m);
    this.#wasm.panelsToRows(m.at, m.panelBytes, m.partition.panels, m.rows, rows.at);
    return rows;
  }

  /** Lets `fill` write whole rows of a matrix: its own, or for panels a copy of which this thread's part is put back. */
  #intoRows(m: WasmMatrix, count: number, fill: (rows: WasmMatrix) => void): void {
    useRows(m, count);
    if (m.layout !== 'panels') {
      fill(m);
      return;
    }
    const rows = this.#copyOf(m);
    fill(rows);
    this.#meet([], m);
    const { from, to } = m.ownPanels;
    this.#wasm.rowsToPanels(rows.at, rows.rowBytes, count, from, to, m.at, m.panelBytes);
  }

  #copyOf(m: WasmMatrix): WasmMatrix {
    m.copy ??= this.#make('rows', m.capacity, m.partition.panels * PANEL);
    return m.copy;
  }
}

/** Sets how many rows of an output are in use. */
function useRows(x: Matrix, rows: number): void {
  if (rows > x.capacity) throw new RangeError(`kernels: expected at most ${x.capacity} rows, got ${rows}`);
  x.rows = rows;
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
