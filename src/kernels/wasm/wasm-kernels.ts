/** `Kernels` in WebAssembly: float32, SIMD, sparse inputs, and one thread of several on a shared memory. */

import type { ActivationName } from '../activations.ts';
import type { Warp } from '../distortion.ts';
import { type DropoutMask, dropBelow, keptScale } from '../dropout-mask.ts';
import type { AdamStep, Kernels } from '../kernels.ts';
import type { LossName } from '../losses.ts';
import type { Floats, Matrix, Samples } from '../matrix.ts';
import { Distorter, makeSlot, type WasmSlot } from './distortion.ts';
import { type Layout, NARROW, useRows, WasmMatrix } from './matrix.ts';
import {
  Arena,
  CONTROL_BYTES,
  PANEL,
  PANEL_ROW,
  type Thread,
  type WasmExports,
  type WasmMemory,
} from './memory.ts';
import { type ActivationExports, activationExports, type LossExports, lossExports } from './named-exports.ts';
import { Products } from './products.ts';
import { DenseBatch, loadSamples, SparseBatch, type WasmSamples } from './samples.ts';
import { Team } from './team.ts';

/**
 * What one thread does of every operation. All threads make the same calls in the same order on their own
 * `WasmKernels`, as MPI programs are written: each computes the part of the output that it owns (see `WasmMatrix`),
 * and waits for the others only before it reads what another has written since they last met, or writes what another
 * may still be reading.
 */
export class WasmKernels implements Kernels {
  readonly #arena: Arena;
  readonly #wasm: WasmExports;
  readonly #team: Team;
  readonly #products: Products;
  readonly #activations: Readonly<Record<ActivationName, ActivationExports>>;
  readonly #losses: Readonly<Record<LossName, LossExports>>;
  readonly #loaded = new WeakMap<Samples, WasmSamples>();
  /** A factor for each column of the weights whose norms are limited. */
  readonly #factors = new WeakMap<Matrix, WasmMatrix>();
  #distorter: Distorter | undefined;
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
    this.#activations = activationExports(this.#wasm);
    this.#losses = lossExports(this.#wasm);
    this.#team = new Team(memory, this.#wasm, thread);
    this.#products = new Products(this.#arena, this.#wasm, this.#team);
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
    return new WasmMatrix(this.#arena, this.#team.thread, layout, capacity, cols);
  }

  read(x: Matrix): Floats {
    const m = x as WasmMatrix;
    this.#products.ready([m], undefined);
    const out = new Float32Array(m.rows * m.cols);
    for (let i = 0; i < m.rows; i++) {
      for (let j = 0; j < m.cols; j++) out[i * m.cols + j] = m.values[m.place(i, j)];
    }
    return out;
  }

  write(x: Matrix, values: ArrayLike<number>): void {
    const m = x as WasmMatrix;
    this.#products.ready([], m);
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
      ? new SparseBatch(this.#arena, this.#team.thread, this.#wasm, loaded, capacity)
      : new DenseBatch(this.#arena, this.#team.thread, loaded, capacity);
  }

  gather(samples: Samples, order: Uint32Array, from: number, count: number, x: Matrix, y: Matrix): void {
    const { places, cols, scale } = this.load(samples) as WasmSamples;
    const batch = x as SparseBatch | DenseBatch;
    this.#products.batchChanges(batch);
    useRows(x, count);
    for (let i = 0; i < count; i++) batch.order[i] = order[from + i];
    if (batch instanceof SparseBatch) {
      if (places.kind === 'sparse') batch.changed(places.rowEnds);
    } else if (places.kind === 'bytes') {
      this.#wasm.gatherBytes(batch.orderAt, count, cols, places.bytes, scale, batch.at, batch.rowBytes);
    } else if (places.kind === 'floats') {
      this.#wasm.gatherFloats(batch.orderAt, count, cols, places.floats, scale, batch.at, batch.rowBytes);
    }
    this.#intoRows(y as WasmMatrix, count, (rows) =>
      this.#wasm.oneHot(batch.orderAt, count, places.labels, rows.at, rows.rowBytes),
    );
  }

  sampleSlot(samples: Samples, capacity: number, shape: Warp['shape']): Samples {
    return makeSlot(this.#arena, this.#team.thread, this.load(samples) as WasmSamples, capacity, shape);
  }

  distort(samples: Samples, row: number, warp: Warp, slot: Samples, place: number): void {
    this.#distorter ??= new Distorter(this.#arena.memory, this.#wasm);
    this.#distorter.distort(this.load(samples) as WasmSamples, row, warp, slot as WasmSlot, place);
  }

  affine(x: Matrix, w: Matrix, b: Matrix, z: Matrix): void {
    const weights = w as WasmMatrix;
    this.#products.affine(x as SparseBatch | WasmMatrix, weights, b as WasmMatrix, z as WasmMatrix);
  }

  weightGradient(x: Matrix, delta: Matrix, dw: Matrix): void {
    this.#products.weightGradient(x as SparseBatch | WasmMatrix, delta as WasmMatrix, dw as WasmMatrix);
  }

  columnSums(delta: Matrix, db: Matrix): void {
    this.#products.columnSums(delta as WasmMatrix, db as WasmMatrix);
  }

  inputGradient(delta: Matrix, w: Matrix, dx: Matrix): void {
    this.#products.inputGradient(delta as WasmMatrix, w as WasmMatrix, dx as WasmMatrix);
  }

  activation(name: ActivationName, z: Matrix, x: Matrix): void {
    const { forward, keepsZero } = this.#activations[name];
    this.#map(z, x, forward);
    if (!keepsZero) this.#clearPadding(x as WasmMatrix);
  }

  activationGradient(name: ActivationName, delta: Matrix, at: Matrix, dz: Matrix): void {
    this.#zip(delta, at, dz, this.#activations[name].gradient);
  }

  dropout(x: Matrix, mask: DropoutMask, out: Matrix): void {
    if (x instanceof SparseBatch) {
      if (out !== x) throw new RangeError('kernels: expected dropout of a sparse batch to be in place');
      this.#products.batchChanges(x);
      x.drop(mask);
      return;
    }
    const [a, b] = [x as WasmMatrix, out as WasmMatrix];
    useRows(b, a.rows);
    this.#products.provide(a);
    this.#products.ready([], b);
    const run = (from: number, to: number, rows: number, first: number) =>
      this.#wasm.dropout(
        from,
        to,
        rows,
        a.rowBytes,
        a.cols,
        first,
        mask.key[0],
        mask.key[1],
        dropBelow(mask),
        keptScale(mask),
      );
    if (a.layout === 'panels') {
      const { from, to } = a.ownPanels;
      for (let p = from; p < to; p++) run(a.panel(p), b.panel(p), a.rows, p * PANEL);
    } else {
      run(a.row(0), b.row(0), a.rows, 0);
    }
  }

  smoothTargets(y: Matrix, epsilon: number): void {
    this.#map(y, y, (from, to, bytes) =>
      this.#wasm.scaleAndShift(from, 1 - epsilon, epsilon / y.cols, to, bytes),
    );
    this.#clearPadding(y as WasmMatrix);
  }

  loss(name: LossName, x: Matrix, y: Matrix, p: Matrix, losses: Matrix): void {
    const { forward, probabilities } = this.#losses[name];
    const a = this.#asRows(x);
    const b = this.#asRows(y);
    const out = losses as WasmMatrix;
    useRows(out, x.rows);
    if (probabilities) {
      this.#intoRows(p as WasmMatrix, x.rows, (rows) =>
        forward(a.at, b.at, x.rows, x.cols, a.rowBytes, rows.at, out.at, out.rowBytes),
      );
    } else {
      forward(a.at, b.at, x.rows, x.cols, a.rowBytes, out.at, out.rowBytes);
    }
  }

  lossGradient(name: LossName, at: Matrix, y: Matrix, scale: number, delta: Matrix): void {
    const { gradient, separable, keepsZero } = this.#losses[name];
    if (separable) {
      this.#zip(at, y, delta, (a, b, to, bytes) => gradient(a, b, scale, to, bytes));
      if (!keepsZero) this.#clearPadding(delta as WasmMatrix);
      return;
    }
    const a = this.#asRows(at);
    const b = this.#asRows(y);
    this.#intoRows(delta as WasmMatrix, at.rows, (rows) =>
      gradient(a.at, b.at, at.rows, at.cols, a.rowBytes, scale, rows.at),
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

  addSumOfMagnitudes(w: Matrix, factor: number, out: Matrix): void {
    let sum = 0;
    this.#forEachPart(w as WasmMatrix, (at, bytes) => {
      sum += this.#wasm.sumOfMagnitudes(at, bytes);
    });
    out.values[0] += factor * sum;
  }

  addScaledSign(x: Matrix, factor: number, y: Matrix): void {
    this.#map(x, y, (from, to, bytes) => this.#wasm.addScaledSign(from, factor, to, bytes));
  }

  limitColumnNorms(w: Matrix, limit: number): void {
    const m = w as WasmMatrix;
    let factors = this.#factors.get(m);
    if (factors === undefined) {
      factors = this.#make('rows', 1, m.layout === 'panels' ? PANEL : m.cols);
      this.#factors.set(m, factors);
    }
    const wasm = this.#wasm;
    if (m.layout === 'panels') {
      this.#products.ready([], m);
      const { from, to } = m.ownPanels;
      for (let p = from; p < to; p++) {
        wasm.columnFactors(m.panel(p), m.rows, m.rowBytes, limit, factors.at);
        wasm.scaleColumns(factors.at, m.panel(p), m.rows, m.rowBytes);
      }
      return;
    }
    // A column's norm takes all of its rows, other threads' too; nobody may scale before everybody has it.
    this.#products.ready([m], undefined);
    wasm.columnFactors(m.at, m.rows, m.rowBytes, limit, factors.at);
    this.#products.ready([], m);
    const { from, to } = m.divided ? m.partition.unitsIn(m.own) : { from: 0, to: m.rows };
    wasm.scaleColumns(factors.at, m.row(from), to - from, m.rowBytes);
  }

  addScaled(x: Matrix, factor: number, y: Matrix): void {
    if (this.#products.descend(x as WasmMatrix, factor, y as WasmMatrix)) return;
    this.#map(x, y, (from, to, bytes) => this.#wasm.addScaled(from, factor, to, bytes));
  }

  momentumStep(gradient: Matrix, v: Matrix, momentum: number, rate: number, w: Matrix): void {
    this.#step(gradient, [v, v], w, (from, state, _, to, bytes) =>
      this.#wasm.momentumStep(from, state, momentum, rate, to, bytes),
    );
  }

  nesterovStep(gradient: Matrix, v: Matrix, momentum: number, rate: number, w: Matrix): void {
    this.#step(gradient, [v, v], w, (from, state, _, to, bytes) =>
      this.#wasm.nesterovStep(from, state, momentum, rate, to, bytes),
    );
  }

  rmsPropStep(gradient: Matrix, s: Matrix, rho: number, rate: number, epsilon: number, w: Matrix): void {
    this.#step(gradient, [s, s], w, (from, state, _, to, bytes) =>
      this.#wasm.rmsPropStep(from, state, rho, 1 - rho, rate, epsilon, to, bytes),
    );
  }

  adamStep(gradient: Matrix, m: Matrix, s: Matrix, numbers: AdamStep, w: Matrix): void {
    const { beta1, beta2, rate, squareScale, epsilon, shrink } = numbers;
    const { adamStep } = this.#wasm;
    this.#step(gradient, [m, s], w, (from, mean, squares, to, bytes) =>
      adamStep(
        ...[from, mean, squares, to, bytes],
        ...[beta1, 1 - beta1, beta2, 1 - beta2, rate, squareScale, epsilon, shrink],
      ),
    );
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

  /** The 32-bit number that thread 0 said in the call before this one: the same answer in every thread. */
  agree(said: number): number {
    return this.#team.agree(said);
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
    this.#products.provide(a);
    this.#products.provide(b);
    this.#products.ready([], c);
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

  /** Runs over this thread's part of a gradient, of the two matrices that an optimizer remembers, and of the weights. */
  #step(
    gradient: Matrix,
    remembered: readonly [Matrix, Matrix],
    w: Matrix,
    run: (gradient: number, first: number, second: number, to: number, bytes: number) => void,
  ): void {
    const a = gradient as WasmMatrix;
    const [b, c] = remembered as readonly [WasmMatrix, WasmMatrix];
    const d = w as WasmMatrix;
    this.#products.provide(a);
    for (const changed of [b, c, d]) this.#products.ready([], changed);
    if (a.layout === 'panels') {
      const bytes = a.rows * PANEL_ROW;
      for (let p = a.ownPanels.from; p < a.ownPanels.to; p++) {
        run(a.panel(p), b.panel(p), c.panel(p), d.panel(p), bytes);
      }
    } else {
      const { from, to } = a.divided ? a.partition.unitsIn(a.own) : { from: 0, to: a.rows };
      run(a.row(from), b.row(from), c.row(from), d.row(from), (to - from) * a.rowBytes);
    }
  }

  /** Where φ(0) is not 0: puts back the zeros behind the last column, which sums over columns take in. */
  #clearPadding(m: WasmMatrix): void {
    const last = m.partition.panels - 1;
    const panels = m.layout === 'panels';
    if (panels && m.ownPanels.to <= last) return;
    const used = 4 * (panels ? m.columnsIn(last) : m.cols);
    if (used < m.rowBytes) this.#wasm.clearPadding(panels ? m.panel(last) : m.at, m.rows, m.rowBytes, used);
  }

  /** Runs over all parts of a matrix, other threads' too, in order. */
  #forEachPart(m: WasmMatrix, run: (at: number, bytes: number) => void): void {
    this.#products.ready([m], undefined);
    if (m.layout !== 'panels') run(m.at, m.rows * m.rowBytes);
    else for (let p = 0; p < m.partition.panels; p++) run(m.panel(p), m.rows * PANEL_ROW);
  }

  /** The matrix with whole rows in one place: itself, or for panels a copy. */
  #asRows(x: Matrix): WasmMatrix {
    const m = x as WasmMatrix;
    if (m.layout !== 'panels') return m;
    this.#products.ready([m], undefined);
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
    this.#products.ready([], m);
    const { from, to } = m.ownPanels;
    this.#wasm.rowsToPanels(rows.at, rows.rowBytes, count, from, to, m.at, m.panelBytes);
  }

  #copyOf(m: WasmMatrix): WasmMatrix {
    m.copy ??= this.#make('rows', m.capacity, m.partition.panels * PANEL);
    return m.copy;
  }
}
