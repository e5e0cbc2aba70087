/** The wasm products against the reference, in every layout of weights and for every kind of input. */

import { describe, expect, test } from 'vitest';
import type { Layout, WasmMatrix } from '../../../src/kernels/wasm/matrix.ts';
import type { SparseBatch } from '../../../src/kernels/wasm/samples.ts';
import {
  draw,
  expectSums,
  INPUT_KINDS,
  inputs,
  put,
  putWeights,
  samplesOfKind,
  seeded,
  spoilt,
  wasmKernels,
} from './compare.ts';

/** B, inputs, outputs. */
const SIZES: Record<Layout, [number, number, number][]> = {
  panels: [
    [1, 1, 65],
    [3, 5, 200],
    [4, 784, 65],
    [5, 31, 784],
    [7, 201, 65],
    [17, 64, 201],
    [7, 784, 200],
    [31, 65, 784],
    [64, 200, 65],
  ],
  blocks: [
    [1, 65, 1],
    [3, 200, 3],
    [4, 784, 4],
    [5, 201, 64],
    [7, 200, 7],
    [17, 784, 17],
    [31, 201, 31],
    [64, 65, 5],
    [5, 784, 64],
  ],
  rows: [
    [1, 1, 1],
    [1, 7, 1],
    [3, 5, 7],
    [4, 4, 4],
    [5, 1, 31],
    [7, 17, 5],
    [17, 31, 3],
    [31, 3, 17],
    [31, 64, 1],
    [64, 64, 64],
  ],
};

const LAYOUTS = Object.keys(SIZES) as Layout[];

describe.each(LAYOUTS)('weights in %s', (layout) => {
  test.each(SIZES[layout])('B %i, inputs %i, outputs %i lie so', (_, nIn, nOut) => {
    expect((wasmKernels().weights(nIn, nOut) as WasmMatrix).layout).toBe(layout);
  });

  describe.each(SIZES[layout])('B %i, inputs %i, outputs %i', (b, nIn, nOut) => {
    const random = seeded(layout, b, nIn, nOut);
    const w = draw(random, nIn * nOut);
    const bias = draw(random, nOut);
    const delta = draw(random, b * nOut);

    test.each(INPUT_KINDS)('affine of %s', (kind) => {
      const x = inputs(kind, b, nIn, random);
      expectSums(nIn + 1, (side) => {
        const z = spoilt(side.kernels, side.kernels.matrix(b + 1, nOut));
        side.kernels.affine(x(side), putWeights(side, w, nOut), put(side, bias, nOut, 0), z);
        return z;
      });
    });

    test.each(INPUT_KINDS)('weightGradient of %s', (kind) => {
      const x = inputs(kind, b, nIn, random);
      expectSums(b, (side) => {
        const dw = spoilt(side.kernels, side.kernels.weights(nIn, nOut));
        side.kernels.weightGradient(x(side), put(side, delta, nOut), dw);
        return dw;
      });
    });

    test('inputGradient', () => {
      expectSums(nOut, (side) => {
        const dx = spoilt(side.kernels, side.kernels.matrix(b + 1, nIn));
        side.kernels.inputGradient(put(side, delta, nOut), putWeights(side, w, nOut), dx);
        return dx;
      });
    });

    test('columnSums', () => {
      expectSums(b, (side) => {
        const db = spoilt(side.kernels, side.kernels.matrix(1, nOut));
        side.kernels.columnSums(put(side, delta, nOut), db);
        return db;
      });
    });
  });
});

test('the kinds of batches are what they are called', () => {
  const kernels = wasmKernels();
  const kindOf = (kind: 'floats' | 'bytes' | 'sparse') => {
    const samples = kernels.load(samplesOfKind(kind, 9, 64, seeded(kind)));
    return (samples as unknown as { places: { kind: string } }).places.kind;
  };
  expect([kindOf('floats'), kindOf('bytes'), kindOf('sparse')]).toEqual(['floats', 'bytes', 'sparse']);
});

// One sum is made twice with the parts of narrow weights in other places: two sets of parts are used in turn.
test.each([
  [784, 10],
  [30, 10],
  [784, 200],
])('%i inputs, %i outputs: a product computed again has the same bits', (nIn, nOut) => {
  const random = seeded('again', nIn, nOut);
  const side = { kernels: wasmKernels(), see: (v: number) => v };
  const { kernels } = side;
  const x = inputs('sparse', 17, nIn, random)(side) as SparseBatch;
  const other = inputs('activations', 17, nIn, random)(side);
  const [w, b] = [putWeights(side, draw(random, nIn * nOut), nOut), put(side, draw(random, nOut), nOut, 0)];
  const z = kernels.matrix(17, nOut);
  const runs = [x, other, other, x, other, x].map((input) => {
    kernels.affine(input, w, b, z);
    return kernels.read(z);
  });
  expect(runs[3]).toEqual(runs[0]);
  expect(runs[5]).toEqual(runs[0]);
  expect(runs[2]).toEqual(runs[1]);
  expect(runs[4]).toEqual(runs[1]);
  expect(runs[1]).not.toEqual(runs[0]);
});
