/** What the wasm kernels do with whole matrices: read, write, fill, sums, the largest entries, finiteness, refusals. */

import { describe, expect, test } from 'vitest';
import { reserveMemory } from '../../../src/kernels/wasm/memory.ts';
import { WasmKernels } from '../../../src/kernels/wasm/wasm-kernels.ts';
import {
  both,
  draw,
  expectSums,
  put,
  putWeights,
  type Side,
  samplesOfKind,
  seeded,
  spoilt,
  wasmKernels,
  worstRelative,
} from './compare.ts';

/** A matrix in each layout: panels, blocks, rows; and row counts and widths that fill no vector. */
const WEIGHTS = [
  [1, 65],
  [3, 200],
  [784, 201],
  [65, 1],
  [201, 5],
  [784, 64],
  [1, 1],
  [5, 7],
  [64, 64],
];

describe.each(WEIGHTS)('weights %i × %i', (rows, cols) => {
  const values = draw(seeded('weights', rows, cols), rows * cols);
  const other = draw(seeded('others', rows, cols), rows * cols);

  test('begin as zeros, all rows in use', () => {
    const kernels = wasmKernels();
    const w = kernels.weights(rows, cols);
    expect([w.rows, w.capacity, w.cols]).toEqual([rows, rows, cols]);
    expect(kernels.read(w)).toEqual(new Float32Array(rows * cols));
  });

  test('are read as they were written, a copy, beside others', () => {
    const kernels = wasmKernels();
    const side: Side = { kernels, see: (v) => v };
    const [before, w, after] = [other, values, other].map((v) => putWeights(side, v, cols));
    const read = kernels.read(w);
    expect(read).toEqual(values);
    read.fill(7);
    expect(kernels.read(w)).toEqual(values);
    kernels.fill(w, 3);
    expect(kernels.read(w)).toEqual(values.map(() => 3));
    for (const neighbour of [before, after]) expect(kernels.read(neighbour)).toEqual(other);
  });

  test('addScaled', () => {
    expectSums(1, (side) => {
      const y = putWeights(side, other, cols);
      side.kernels.addScaled(putWeights(side, values, cols), 0.3, y);
      return y;
    });
    const { got } = both((side) => {
      const y = putWeights(side, other, cols);
      side.kernels.addScaled(y, -1, y);
      return y;
    });
    expect([...got].every((v) => v === 0)).toBe(true);
  });

  // Summed in float64: only the last store is rounded.
  test('addSumOfSquares', () => {
    const { got, want } = both((side) => {
      const out = side.kernels.matrix(1, 1);
      side.kernels.write(out, [2]);
      side.kernels.addSumOfSquares(putWeights(side, values, cols), 0.5, out);
      return out;
    });
    expect(worstRelative(got, want)).toBeLessThan(1.01 * 2 ** -24);
  });

  test('allFinite sees the last entry, and the first', () => {
    const kernels = wasmKernels();
    const w = putWeights({ kernels, see: (v) => v }, values, cols);
    expect(kernels.allFinite(w)).toBe(true);
    for (const place of [0, rows * cols - 1, (rows - 1) * cols, cols - 1]) {
      for (const bad of [Number.NaN, Infinity, -Infinity]) {
        const spoiltValues = values.slice();
        spoiltValues[place] = bad;
        kernels.write(w, spoiltValues);
        expect(kernels.allFinite(w), `${bad} at ${place}`).toBe(false);
      }
    }
    kernels.fill(w, 3.4e38);
    expect(kernels.allFinite(w)).toBe(true);
  });
});

describe.each([
  [7, 3],
  [9, 64],
  [5, 65],
  [6, 201],
])('activations %i × %i', (rows, cols) => {
  const values = draw(seeded('activations', rows, cols), rows * cols);

  test('operations keep to the rows in use', () => {
    const kernels = wasmKernels();
    const side: Side = { kernels, see: (v) => v };
    const x = put(side, values, cols, 3);
    expect(kernels.allFinite(x)).toBe(true);
    const out = kernels.matrix(1, 1);
    kernels.addSumOfSquares(x, 1, out);
    expect(Number.isFinite(out.values[0])).toBe(true);
    kernels.fill(x, 5);
    x.rows = rows + 3;
    const all = kernels.read(x);
    expect(all.subarray(0, rows * cols)).toEqual(new Float32Array(rows * cols).fill(5));
    expect(all.subarray(rows * cols).every(Number.isNaN)).toBe(true);
    expect(kernels.allFinite(x)).toBe(false);
  });

  test('argmax takes the first of equals; countCorrect counts the rows that agree', () => {
    const grid = values.map((v) => Math.round(v * 2));
    const y = values.map((_, k) => (k % cols === Math.floor(k / cols) % cols ? 1 : 0));
    // The first row is all equal, the second largest at its end, and the third right.
    grid.fill(0, 0, cols);
    grid[2 * cols - 1] = 9;
    grid[2 * cols + (2 % cols)] = 9;
    const classes = both((side) => {
      const out = spoilt(side.kernels, side.kernels.matrix(rows + 1, 1));
      side.kernels.argmax(put(side, grid, cols), out);
      return out;
    });
    expect([...classes.got]).toEqual([...classes.want]);
    expect([...classes.got.subarray(0, 3)]).toEqual([0, cols - 1, 2]);
    const correct = both((side) => {
      const out = spoilt(side.kernels, side.kernels.matrix(1, 1));
      side.kernels.countCorrect(put(side, grid, cols), put(side, y, cols), out);
      return out;
    });
    expect(correct.got[0]).toBe(correct.want[0]);
    expect(correct.got[0]).toBeGreaterThanOrEqual(2);
  });
});

test.each([1, 3, 64, 1000])('mean of %i losses', (rows) => {
  const losses = draw(seeded('mean', rows), rows, 0, 5);
  const { got, want } = both((side) => {
    const out = spoilt(side.kernels, side.kernels.matrix(1, 1));
    side.kernels.mean(put(side, losses, 1), out);
    return out;
  });
  expect(worstRelative(got, want)).toBeLessThan(1.01 * 2 ** -24);
});

describe('refused:', () => {
  const kernels = wasmKernels();
  const samples = samplesOfKind('sparse', 4, 70, seeded('refused'), 70);
  const order = Uint32Array.of(0, 1, 2, 3);
  const refusal = new RangeError('kernels: expected at most 1 rows, got 2');

  test.each([3, 70])('more rows than there is room for, %i columns', (cols) => {
    const [one, two] = [kernels.matrix(1, cols), kernels.matrix(2, cols)];
    const [w, b, losses] = [kernels.weights(cols, cols), kernels.matrix(1, cols), kernels.matrix(1, 1)];
    const operations: (() => void)[] = [
      () => kernels.affine(two, w, b, one),
      () => kernels.inputGradient(two, w, one),
      () => kernels.activation('relu', two, one),
      () => kernels.activationGradient('tanh', two, two, one),
      () => kernels.loss('squared-error', two, two, losses, losses),
      () => kernels.lossGradient('squared-error', two, two, 1, one),
      () => kernels.loss('softmax-cross-entropy', two, two, one, kernels.matrix(2, 1)),
      () => kernels.loss('softmax-cross-entropy', two, two, kernels.matrix(2, cols), losses),
      () => kernels.lossGradient('softmax-cross-entropy', two, two, 1, one),
      () => kernels.loss('sigmoid-cross-entropy', two, two, one, kernels.matrix(2, 1)),
      () => kernels.loss('svm', two, two, losses, losses),
      () => kernels.lossGradient('svm', two, two, 1, one),
      () => kernels.argmax(two, losses),
    ];
    for (const operation of operations) expect(operation).toThrow(refusal);
  });

  test('a batch larger than its matrix', () => {
    const [x, y] = [kernels.batch(samples, 1), kernels.matrix(2, 70)];
    expect(() => kernels.gather(samples, order, 0, 2, x, y)).toThrow(refusal);
    const [wide, one] = [kernels.batch(samples, 2), kernels.matrix(1, 70)];
    expect(() => kernels.gather(samples, order, 0, 2, wide, one)).toThrow(refusal);
  });

  test('more than the memory holds, or wasm can address', () => {
    const small = new WasmKernels(reserveMemory(1 << 17, false));
    expect(() => small.weights(1000, 1000)).toThrow(RangeError);
    expect(() => reserveMemory(2 ** 32 + 1, false)).toThrow(/at most 4 GiB/);
  });
});
