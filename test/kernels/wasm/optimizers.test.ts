/** The optimizers' steps of the wasm kernels: beside the reference, in every layout, by any number of threads. */

import { describe, expect, test } from 'vitest';
import type { Kernels, Matrix } from '../../../src/kernels/kernels.ts';
import type { WasmMatrix } from '../../../src/kernels/wasm/matrix.ts';
import { reserveMemory } from '../../../src/kernels/wasm/memory.ts';
import { WasmKernels } from '../../../src/kernels/wasm/wasm-kernels.ts';
import { draw, exact, put, ROUNDING, type Side, samplesOfKind, seeded, wasmKernels } from './compare.ts';

const STEPS = ['momentumStep', 'nesterovStep', 'rmsPropStep', 'adamStep'] as const;
type Step = (typeof STEPS)[number];

const ADAM = { beta1: 0.9, beta2: 0.999, rate: 0.02, squareScale: 300, epsilon: 1e-8, shrink: 0.99 };

function take(kernels: Kernels, step: Step, gradient: Matrix, a: Matrix, b: Matrix, w: Matrix): void {
  if (step === 'rmsPropStep') kernels.rmsPropStep(gradient, a, 0.9, 0.01, 1e-8, w);
  else if (step === 'adamStep') kernels.adamStep(gradient, a, b, ADAM, w);
  else kernels[step](gradient, a, 0.9, 0.05, w);
}

/** A weight matrix in each layout (panels, blocks, rows), and biases. */
const SHAPES = [
  [1, 5],
  [1, 70],
  [3, 200],
  [30, 201],
  [784, 65],
  [201, 5],
  [64, 64],
  [5, 7],
];

const matrixOf = (kernels: Kernels, rows: number, cols: number) =>
  rows === 1 ? kernels.matrix(1, cols) : kernels.weights(rows, cols);

/** What lies in a matrix's storage besides its entries. */
function padding(matrix: Matrix): number[] {
  const m = matrix as WasmMatrix;
  const values = m.values.slice();
  for (let i = 0; i < m.rows; i++) for (let j = 0; j < m.cols; j++) values[m.place(i, j)] = 0;
  return [...values].filter((v) => v !== 0);
}

describe.each(SHAPES)('%i × %i', (rows, cols) => {
  const size = rows * cols;
  const random = seeded('optimizers', rows, cols);
  const numbers = {
    gradient: draw(random, size),
    a: draw(random, size, 0, 1),
    b: draw(random, size, 0.001, 1),
    w: draw(random, size),
  };

  const run = ({ kernels, see }: Side, step: Step) => {
    const of = (values: Float32Array) => {
      const matrix = matrixOf(kernels, rows, cols);
      kernels.write(matrix, values.map(see));
      return matrix;
    };
    const [gradient, a, b, w] = [of(numbers.gradient), of(numbers.a), of(numbers.b), of(numbers.w)];
    take(kernels, step, gradient, a, b, w);
    return { gradient, a, b, w };
  };

  test.each(STEPS)('%s as the reference, to rounding', (step) => {
    const kernels = wasmKernels();
    const got = run({ kernels, see: (v) => v }, step);
    const want = run({ kernels: exact, see: (v) => v }, step);
    expect([...kernels.read(got.gradient)]).toEqual([...numbers.gradient]);
    for (const name of ['a', 'b', 'w'] as const) {
      const [values, exactly] = [kernels.read(got[name]), exact.read(want[name])];
      for (let k = 0; k < size; k++) {
        // Numbers and terms are at most 1 but for Adam's quotient, which stays below 20: a few roundings of each.
        const bound = 8 * ROUNDING * (1 + Math.abs(exactly[k] - numbers[name][k]));
        if (!(Math.abs(values[k] - exactly[k]) <= bound)) {
          expect.fail(`${name} ${k}: ${values[k]} for ${exactly[k]}, allowed ± ${bound}`);
        }
      }
    }
  });

  test.each(STEPS)('%s leaves zeros behind the last column', (step) => {
    const { a, b, w } = run({ kernels: wasmKernels(), see: (v) => v }, step);
    for (const matrix of [a, b, w]) expect(padding(matrix)).toEqual([]);
  });

  test.each(STEPS)('%s touches its own matrices alone', (step) => {
    const kernels = wasmKernels();
    const before = matrixOf(kernels, rows, cols);
    const fill = (matrix: Matrix, value: number) => {
      kernels.fill(matrix, value);
      return matrix;
    };
    fill(before, 7);
    run({ kernels, see: (v) => v }, step);
    const after = fill(matrixOf(kernels, rows, cols), 7);
    expect(new Set(kernels.read(before))).toEqual(new Set([7]));
    expect(new Set(kernels.read(after))).toEqual(new Set([7]));
  });

  // Each thread's share by itself, one after the other on one memory: together they are the whole.
  test.each(STEPS)('%s by 1, 2 and 3 threads has the same bits', (step) => {
    const whole = wasmKernels();
    const want = run({ kernels: whole, see: (v) => v }, step);
    for (const count of [2, 3]) {
      const memory = reserveMemory(1 << 23, false);
      const runs = Array.from({ length: count }, (_, index) => {
        const kernels = new WasmKernels(memory, { index, count });
        return { kernels, ...run({ kernels, see: (v) => v }, step) };
      });
      for (const name of ['a', 'b', 'w'] as const) {
        const m = runs[0][name] as WasmMatrix;
        const all = Array.from({ length: size }, (_, k) => m.values[m.place(Math.floor(k / cols), k % cols)]);
        expect(all, `${name}, ${count} threads`).toEqual([...whole.read(want[name])]);
      }
    }
  });
});

describe.each([
  ['narrow', 5],
  ['wide', 70],
])('special values, %s', (_, cols) => {
  const run = (step: Step, g: number, remembered: number, w = 1) => {
    const kernels = wasmKernels();
    const all = [g, remembered, remembered, w].map((value) => {
      const matrix = kernels.matrix(1, cols);
      kernels.fill(matrix, value);
      return matrix;
    });
    take(kernels, step, all[0], all[1], all[2], all[3]);
    return all.map((matrix) => kernels.read(matrix)[cols - 1]);
  };

  test.each(STEPS)('%s: NaN reaches the weight and what is remembered', (step) => {
    expect(run(step, Number.NaN, 0).slice(1, 2)).toEqual([Number.NaN]);
    expect(run(step, Number.NaN, 0)[3]).toBeNaN();
    expect(run(step, 0, Number.NaN)[3]).toBeNaN();
  });

  test.each(STEPS)('%s: where nothing ever happened nothing happens', (step) => {
    const [, a, b, w] = run(step, 0, 0);
    expect([a, b]).toEqual([0, 0]);
    expect(w).toBe(step === 'adamStep' ? Math.fround(0.99) : 1);
  });

  test.each(STEPS)('%s: what is remembered ends at 0, not at the smallest numbers', (step) => {
    expect(run(step, 0, 1.2e-38)[1]).toBe(0);
    expect(run(step, 0, 1.4e-45)[1]).toBe(0);
    expect(run(step, 0, 2e-38)[1]).toBeGreaterThan(1.17e-38);
  });
});

test.each(STEPS)('%s provides a gradient that was put off first', (step) => {
  const samples = samplesOfKind('sparse', 9, 300, seeded('put off'));
  const order = Uint32Array.from({ length: samples.count }, (_, i) => i);
  const delta = draw(seeded('delta'), 9 * 70);
  const run = (kernels: Kernels, readFirst: boolean) => {
    const [x, y] = [kernels.batch(kernels.load(samples), 9), kernels.matrix(9, samples.classes)];
    kernels.gather(samples, order, 0, 9, x, y);
    const [dw, a, b, w] = Array.from({ length: 4 }, () => kernels.weights(300, 70));
    kernels.weightGradient(x, put({ kernels, see: (v) => v }, delta, 70, 0), dw);
    if (readFirst) kernels.read(dw);
    take(kernels, step, dw, a, b, w);
    kernels.gather(samples, order, 1, 9, x, y);
    return [dw, a, b, w].map((matrix) => [...kernels.read(matrix)]);
  };
  const got = run(wasmKernels(), false);
  expect(got).toEqual(run(wasmKernels(), true));
  expect(got[0].some((v) => v !== 0)).toBe(true);
  expect(got[3].some((v) => v !== 0)).toBe(true);
});
