/** Batches in the wasm kernels: what `gather` puts into them, and that nothing of an earlier batch shows. */

import { describe, expect, test } from 'vitest';
import type { Samples } from '../../../src/kernels/matrix.ts';
import { byteSamples, unitMatrix } from '../../support/matrices.ts';
import {
  draw,
  expectSums,
  inputs,
  put,
  putWeights,
  ROUNDING,
  samplesOfKind,
  seeded,
  spoilt,
  wasmKernels,
  worstRelative,
} from './compare.ts';

const KINDS = ['floats', 'bytes', 'sparse'] as const;

/** The inputs of a batch, read off as its product with the unit matrix. */
function rowsOf(
  kernels: ReturnType<typeof wasmKernels>,
  samples: Samples,
  order: Uint32Array,
  count: number,
) {
  const { cols, classes } = samples;
  const x = kernels.batch(samples, order.length);
  const y = kernels.matrix(order.length, classes);
  kernels.gather(samples, order, 0, count, x, y);
  const [w, b, z] = [
    kernels.weights(cols, cols),
    kernels.matrix(1, cols),
    kernels.matrix(order.length, cols),
  ];
  kernels.write(w, unitMatrix(cols));
  kernels.affine(x, w, b, z);
  return { x: kernels.read(z), y: kernels.read(y), rows: [x.rows, y.rows, z.rows] };
}

describe.each(KINDS)('%s', (kind) => {
  test.each([1, 3, 16, 17, 64, 65, 200])('%i columns: each sample as it is', (cols) => {
    const kernels = wasmKernels();
    const samples = samplesOfKind(kind, 9, cols, seeded('gather', kind, cols));
    const order = Uint32Array.of(8, 2, 5, 0, 2, 7, 1, 13, 12);
    const { x, rows } = rowsOf(kernels, samples, order, 7);
    const want = [...order.subarray(0, 7)].flatMap((n) =>
      [...samples.values.subarray(n * cols, (n + 1) * cols)].map((v) => v * samples.scale),
    );
    // The scale and the product are each rounded once.
    expect(worstRelative(x, want)).toBeLessThanOrEqual(2 * ROUNDING * (1 + ROUNDING));
    expect(rows).toEqual([7, 7, 7]);
  });

  test.each([3, 64, 65, 70, 201])('%i classes: one-hot targets', (classes) => {
    const kernels = wasmKernels();
    const labels = Uint8Array.from({ length: 20 }, (_, i) => (i === 0 ? classes - 1 : (i * 37) % classes));
    const samples: Samples = { ...samplesOfKind(kind, 15, 7, seeded(classes)), labels, classes };
    const order = Uint32Array.from({ length: 20 }, (_, i) => (i * 7) % 20);
    // A first batch sets ones in other places, which must be gone.
    const y = spoilt(kernels, kernels.matrix(20, classes));
    const x = kernels.batch(samples, 20);
    for (const [from, count] of [
      [0, 20],
      [3, 11],
      [0, 20],
    ]) {
      kernels.gather(samples, order, from, count, x, y);
      const want = [...order.subarray(from, from + count)].flatMap((n) =>
        Array.from({ length: classes }, (_, c) => (c === labels[n] ? 1 : 0)),
      );
      expect([...kernels.read(y)]).toEqual(want);
    }
  });

  test.each([
    [784, 200],
    [784, 10],
    [30, 10],
    [30, 70],
  ])('%i inputs, %i outputs: a short batch between full ones leaves nothing behind', (cols, outputs) => {
    const random = seeded('stale', kind, cols, outputs);
    const samples = samplesOfKind(kind, 40, cols, random);
    const [w, delta] = [draw(random, cols * outputs), draw(random, 32 * outputs)];
    const order = Uint32Array.from({ length: 45 }, (_, i) => (i * 8) % 45);

    /** Products of the batches [from, count] in turn, on kernels of their own. */
    const run = (batches: [number, number][]) => {
      const side = { kernels: wasmKernels(), see: (v: number) => v };
      const { kernels } = side;
      const [x, y] = [kernels.batch(samples, 32), kernels.matrix(32, samples.classes)];
      const [weights, dw] = [putWeights(side, w, outputs), kernels.weights(cols, outputs)];
      const [b, z] = [kernels.matrix(1, outputs), kernels.matrix(32, outputs)];
      return batches.map(([from, count]) => {
        kernels.gather(samples, order, from, count, x, y);
        kernels.affine(x, weights, b, z);
        kernels.weightGradient(x, put(side, delta.subarray(0, count * outputs), outputs, 0), dw);
        return [kernels.read(z), kernels.read(dw)];
      });
    };
    const [full, short, again] = run([
      [0, 32],
      [9, 5],
      [0, 32],
    ]);
    expect(again).toEqual(full);
    expect(run([[9, 5]])[0]).toEqual(short);
    expect(short[0].length).toBe(5 * outputs);
  });
});

test('batches of nothing but zeros: z is b, the gradient 0', () => {
  const random = seeded('zeros');
  const kernels = wasmKernels();
  const samples = byteSamples(9, 65, 0, 3, random);
  for (const outputs of [10, 70]) {
    const side = { kernels, see: (v: number) => v };
    const [x, y] = [kernels.batch(samples, 9), kernels.matrix(9, 3)];
    kernels.gather(samples, Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8), 0, 9, x, y);
    const b = draw(random, outputs);
    const z = spoilt(kernels, kernels.matrix(9, outputs));
    kernels.affine(x, putWeights(side, draw(random, 65 * outputs), outputs), put(side, b, outputs, 0), z);
    expect(kernels.read(z)).toEqual(Float32Array.from({ length: 9 * outputs }, (_, k) => b[k % outputs]));
    const dw = spoilt(kernels, kernels.weights(65, outputs));
    kernels.weightGradient(x, put(side, draw(random, 9 * outputs), outputs), dw);
    expect(kernels.read(dw)).toEqual(new Float32Array(65 * outputs));
  }
});

test('samples are taken in once, and a second time are the same', () => {
  const kernels = wasmKernels();
  const samples = samplesOfKind('sparse', 9, 30, seeded('once'));
  const loaded = kernels.load(samples);
  expect(kernels.load(samples)).toBe(loaded);
  expect(kernels.load(loaded)).toBe(loaded);
  expect([loaded.count, loaded.cols, loaded.classes, loaded.scale]).toEqual([14, 30, 3, 1 / 255]);
  expect(loaded.labels).toEqual(samples.labels);
});

// Samples go into the memory 2¹⁸ bytes at a time, and a sample's last vector of 16 bytes reaches into the next.
test('many samples, of a width that no vector divides, arrive whole', () => {
  const kernels = wasmKernels();
  const samples = byteSamples(3000, 201, 0.3, 3, seeded('many'));
  const order = Uint32Array.of(0, 1, 1303, 1304, 1305, 2607, 2608, 2999);
  const { x } = rowsOf(kernels, samples, order, 8);
  const want = [...order].flatMap((n) =>
    [...samples.values.subarray(n * 201, (n + 1) * 201)].map((v) => v / 255),
  );
  expect(worstRelative(x, want)).toBeLessThanOrEqual(2 * ROUNDING * (1 + ROUNDING));
});

test('several networks on one memory do not share parts of narrow sums', () => {
  const random = seeded('parts');
  const side = { kernels: wasmKernels(), see: (v: number) => v };
  const { kernels } = side;
  const x = inputs('activations', 17, 200, random)(side);
  const b = kernels.matrix(1, 10);
  const weights = [1, 2].map(() => putWeights(side, draw(random, 2000), 10));
  const alone = weights.map((w) => {
    const z = kernels.matrix(17, 10);
    kernels.affine(x, w, b, z);
    return { z, values: kernels.read(z) };
  });
  for (const [n, w] of [...weights.entries(), ...weights.entries()]) {
    kernels.affine(x, w, b, alone[n].z);
    expect(kernels.read(alone[n].z)).toEqual(alone[n].values);
  }
  // A batch larger than any before needs larger parts.
  expectSums(201, (s) => {
    const w = putWeights(s, draw(seeded('w'), 2000), 10);
    const small = s.kernels.matrix(3, 10);
    s.kernels.affine(put(s, draw(seeded('a'), 600), 200), w, s.kernels.matrix(1, 10), small);
    const large = s.kernels.matrix(64, 10);
    s.kernels.affine(put(s, draw(seeded('b'), 12800), 200), w, s.kernels.matrix(1, 10), large);
    return large;
  });
});
