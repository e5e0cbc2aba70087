/** The wasm kernels beside the reference in float64: the same operation on the same float32 numbers, and how far apart. */

import { expect } from 'vitest';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import type { Matrix, Samples } from '../../../src/kernels/matrix.ts';
import { Random } from '../../../src/kernels/random.ts';
import { ReferenceKernels } from '../../../src/kernels/reference.ts';
import { reserveMemory } from '../../../src/kernels/wasm/memory.ts';
import { WasmKernels } from '../../../src/kernels/wasm/wasm-kernels.ts';
import { byteSamples } from '../../support/matrices.ts';

/** What rounding to float32 can change: half a unit in the last place, relative. */
export const ROUNDING = 2 ** -24;

// The module is compiled once: most of what a comparison would take.
const { module } = reserveMemory(65536, false);

/** Kernels on a fresh memory of 64 MB. */
export function wasmKernels(): WasmKernels {
  return new WasmKernels({ module, memory: new WebAssembly.Memory({ initial: 1024 }) });
}

export const exact = new ReferenceKernels('float64');

/** One side of a comparison: the kernels, and the numbers as this side shall see them. */
export interface Side {
  readonly kernels: Kernels;
  /** Each number of the inputs goes through it: as it is, or its absolute value. */
  readonly see: (value: number) => number;
}

const asIs = (value: number) => value;

/** A matrix of these numbers. Rows beyond those in use hold NaN, which no result may show. */
export function put({ kernels, see }: Side, values: Float32Array, cols: number, spare = 2): Matrix {
  const rows = values.length / cols;
  const matrix = kernels.matrix(rows + spare, cols);
  kernels.fill(matrix, Number.NaN);
  matrix.rows = rows;
  kernels.write(matrix, values.map(see));
  return matrix;
}

/** Weights of these numbers. */
export function putWeights({ kernels, see }: Side, values: Float32Array, cols: number): Matrix {
  const matrix = kernels.weights(values.length / cols, cols);
  kernels.write(matrix, values.map(see));
  return matrix;
}

/** An output that is to be overwritten: NaN everywhere. */
export function spoilt(kernels: Kernels, matrix: Matrix): Matrix {
  kernels.fill(matrix, Number.NaN);
  return matrix;
}

export const draw = (random: Random, length: number, low = -1, high = 1) =>
  Float32Array.from({ length }, () => random.uniform(low, high));

export const INPUT_KINDS = ['activations', 'floats', 'bytes', 'sparse'] as const;
export type InputKind = (typeof INPUT_KINDS)[number];

/**
 * Inputs [rows, cols] of a kind, the same numbers for every side. Among batches of bytes one row is empty and one
 * column is 0 in every row. A batch has held other, and more, rows before.
 */
export function inputs(kind: InputKind, rows: number, cols: number, random: Random): (side: Side) => Matrix {
  if (kind === 'activations') {
    const values = draw(random, rows * cols);
    return (side) => put(side, values, cols);
  }
  const samples = samplesOfKind(kind, rows, cols, random);
  const order = Uint32Array.from({ length: samples.count }, (_, i) => samples.count - 1 - i);
  return ({ kernels, see }) => {
    const values = samples.values instanceof Uint8Array ? samples.values : samples.values.map(see);
    const seen = kernels.load({ ...samples, values });
    const x = kernels.batch(seen, rows + 2);
    const y = kernels.matrix(rows + 2, samples.classes);
    kernels.gather(seen, order, 0, rows + 2, x, y);
    kernels.gather(seen, order, 3, rows, x, y);
    return x;
  };
}

export function samplesOfKind(
  kind: Exclude<InputKind, 'activations'>,
  rows: number,
  cols: number,
  random: Random,
  classes = 3,
): Samples {
  const count = rows + 5;
  const samples = byteSamples(count, cols, kind === 'sparse' ? 0.2 : 0.9, classes, random);
  if (kind === 'floats') return { ...samples, values: draw(random, count * cols), scale: 0.75 };
  (samples.values as Uint8Array).fill(0, cols, 2 * cols);
  const column = Math.floor(cols / 2);
  if (cols > 2) for (let i = 0; i < count; i++) samples.values[i * cols + column] = 0;
  return samples;
}

export const seeded = (...name: (string | number)[]) => new Random(1, name.join(' '));

/**
 * The output of an operation whose entries are sums of at most `terms` products: each within
 * (terms + 2) · 2⁻²⁴ · Σ |terms| of the exact sum, for an input (a byte times the scale), a product and every addition
 * are each rounded once.
 * Gives the worst error in units of that bound.
 */
export function expectSums(terms: number, operation: (side: Side) => Matrix): number {
  const kernels = wasmKernels();
  const got = kernels.read(operation({ kernels, see: asIs }));
  const want = exact.read(operation({ kernels: exact, see: asIs }));
  const sizes = exact.read(operation({ kernels: exact, see: Math.abs }));
  expect(got.length).toBe(want.length);
  let worst = 0;
  for (let k = 0; k < want.length; k++) {
    const bound = (terms + 2) * ROUNDING * sizes[k];
    const error = Math.abs(got[k] - want[k]);
    if (!(error <= bound)) expect.fail(`entry ${k}: ${got[k]} for ${want[k]}, allowed ± ${bound}`);
    if (bound > 0) worst = Math.max(worst, error / bound);
  }
  return worst;
}

/** The outputs of an operation on both sides. */
export function both(operation: (side: Side) => Matrix): { got: Float32Array; want: Float64Array } {
  const kernels = wasmKernels();
  const got = kernels.read(operation({ kernels, see: asIs })) as Float32Array;
  const want = exact.read(operation({ kernels: exact, see: asIs })) as Float64Array;
  expect(got.length).toBe(want.length);
  return { got, want };
}

/** The largest relative error; where nothing is expected there must be nothing. */
export function worstRelative(got: ArrayLike<number>, want: ArrayLike<number>): number {
  expect(got.length).toBe(want.length);
  let worst = 0;
  for (let k = 0; k < want.length; k++) {
    const error = Math.abs(got[k] - want[k]);
    if (Number.isNaN(error)) return Number.NaN;
    if (error > 0) worst = Math.max(worst, error / Math.abs(want[k]));
  }
  return worst;
}

/** The largest error in units in the last place of a float32 of that size. */
export function worstUlps(got: ArrayLike<number>, want: ArrayLike<number>): number {
  let worst = 0;
  for (let k = 0; k < want.length; k++) {
    const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(want[k]))));
    const error = Math.abs(got[k] - want[k]) / 2 ** (exponent - 23);
    if (Number.isNaN(error)) return Number.NaN;
    worst = Math.max(worst, error);
  }
  return worst;
}
