/** Distorted samples of the wasm kernels beside those of the reference. */

import { describe, expect, test } from 'vitest';
import { gaussianWeights, identityWarp, type Warp } from '../../../src/kernels/distortion.ts';
import type { Samples } from '../../../src/kernels/matrix.ts';
import { slotBytes } from '../../../src/kernels/wasm/distortion.ts';
import type { WasmKernels } from '../../../src/kernels/wasm/wasm-kernels.ts';
import { Augmentation } from '../../../src/train/augmentation.ts';
import { byteSamples, unitMatrix } from '../../support/matrices.ts';
import { exact, seeded, wasmKernels } from './compare.ts';

const COUNT = 12;

/** The bytes of a slot and its labels, as a batch of the samples sees them. */
function bytesOf(kernels: WasmKernels, samples: Samples, slot: Samples, count: number) {
  const { cols, classes, scale } = samples;
  const [x, y] = [kernels.batch(samples, count), kernels.matrix(count, classes)];
  kernels.gather(
    slot,
    Uint32Array.from({ length: count }, (_, i) => i),
    0,
    count,
    x,
    y,
  );
  const [w, b, z] = [kernels.weights(cols, cols), kernels.matrix(1, cols), kernels.matrix(count, cols)];
  kernels.write(w, unitMatrix(cols));
  kernels.affine(x, w, b, z);
  const targets = kernels.read(y);
  return {
    bytes: Uint8Array.from(kernels.read(z), (value) => Math.round(value / scale)),
    labels: Array.from({ length: count }, (_, i) =>
      targets.subarray(i * classes, (i + 1) * classes).indexOf(1),
    ),
  };
}

/** All samples distorted on both sides. */
function bothSides(samples: Samples, shape: Warp['shape'], warp: (row: number) => Warp, times = 1) {
  const kernels = wasmKernels();
  const loaded = kernels.load(samples);
  const [slot, expected] = [
    kernels.sampleSlot(loaded, COUNT, shape),
    exact.sampleSlot(samples, COUNT, shape),
  ];
  for (let n = 0; n < times; n++) {
    for (let place = 0; place < COUNT; place++) {
      // Not in the order of the rows.
      const row = (5 * place) % COUNT;
      kernels.distort(loaded, row, warp(row), slot, place);
      exact.distort(samples, row, warp(row), expected, place);
    }
  }
  return { got: bytesOf(kernels, loaded, slot, COUNT), want: expected };
}

const SHAPES = [
  [28, 28],
  [20, 20],
  [5, 7],
  [7, 5],
  [1, 1],
  [1, 30],
  [30, 1],
  [16, 33],
] as const;
const KINDS = [
  ['sparse', 0.2],
  ['dense', 0.9],
] as const;

describe.each(KINDS)('%s samples', (kind, share) => {
  const samplesOf = (shape: Warp['shape']) => {
    const samples = byteSamples(COUNT, shape[0] * shape[1], share, 3, seeded(kind, ...shape));
    // One that is empty.
    (samples.values as Uint8Array).fill(0, samples.cols, 2 * samples.cols);
    return samples;
  };

  test.each(SHAPES)('of %i × %i without a distortion are themselves', (...shape) => {
    const samples = samplesOf(shape);
    const { got, want } = bothSides(samples, shape, () => identityWarp(shape));
    expect(got.bytes).toEqual(want.values);
    expect(got.labels).toEqual([...want.labels]);
    for (let i = 0; i < COUNT; i++) {
      const row = (5 * i) % COUNT;
      const part = got.bytes.subarray(i * samples.cols, (i + 1) * samples.cols);
      expect(part).toEqual(samples.values.subarray(row * samples.cols, (row + 1) * samples.cols));
      expect(got.labels[i]).toBe(samples.labels[row]);
    }
  });

  test.each(SHAPES)('of %i × %i read at whole offsets are moved', (...shape) => {
    const warp = (row: number): Warp => ({
      ...identityWarp(shape),
      matrix: row % 2 === 0 ? [1, 0, 0, 1] : [-1, 0, 0, -1],
      offset: [(row % 5) - 2, (row % 3) - 1],
    });
    const { got, want } = bothSides(samplesOf(shape), shape, warp, 2);
    expect(got.bytes).toEqual(want.values);
  });

  // In float32 a place is off by some 10⁻⁶ pixels, and so a value by some 10⁻³ at most, before it is rounded.
  test.each(SHAPES)('of %i × %i differ by 1 in few bytes, whatever the distortion', (...shape) => {
    let [differing, all] = [0, 0];
    for (const [elastic, elasticSigma] of [
      [0, 4],
      [34, 4],
      [8, 0.3],
      [20, 1.2],
      [60, 9],
      [100, 100],
    ]) {
      const options = { shape, shift: 2, rotate: 30, zoom: 0.3, elastic, elasticSigma };
      const augmentation = new Augmentation(options, 5);
      const { got, want } = bothSides(samplesOf(shape), shape, (row) => augmentation.warp(3, row));
      want.values.forEach((byte, k) => {
        if (got.bytes[k] === byte) return;
        expect(Math.abs(got.bytes[k] - byte), `byte ${k}`).toBeLessThanOrEqual(1);
        differing++;
      });
      all += want.values.length;
    }
    expect(differing).toBeLessThanOrEqual(Math.max(1, all / 1000));
  });

  test.each([1e30, -1e30, Number.NaN, Infinity])('read at %d are empty', (offset) => {
    const shape = [6, 6] as const;
    const elastic = { alpha: 1e38, weights: gaussianWeights(2), key: [1, 2] as const };
    for (const warp of [{ offset: [0, offset] }, { offset: [offset, 0], elastic }] as const) {
      const { got } = bothSides(samplesOf(shape), shape, () => ({ ...identityWarp(shape), ...warp }));
      expect(got.bytes).toEqual(new Uint8Array(COUNT * 36));
    }
  });

  test('of a batch filled again are the new ones, and the samples stay', () => {
    const shape = [9, 9] as const;
    const samples = samplesOf(shape);
    const kernels = wasmKernels();
    const loaded = kernels.load(samples);
    const slot = kernels.sampleSlot(loaded, COUNT, shape);
    const order = [...samples.labels.keys()];
    const distort = (offset: number, count: number) => {
      for (const i of order.slice(0, count)) {
        kernels.distort(loaded, i, { ...identityWarp(shape), offset: [offset, 0] }, slot, i);
      }
      return bytesOf(kernels, loaded, slot, count).bytes;
    };
    const first = distort(1, COUNT);
    distort(3, 5);
    expect(distort(1, COUNT)).toEqual(first);
    expect(bytesOf(kernels, loaded, loaded, COUNT).bytes).toEqual(samples.values);
  });
});

test('a slot takes no more memory than is reserved for it', () => {
  for (const shape of SHAPES) {
    for (const capacity of [1, 7, 128]) {
      const cols = shape[0] * shape[1];
      const kernels = wasmKernels();
      const samples = kernels.load(byteSamples(4, cols, 0.2, 3, seeded('room')));
      const before = kernels.end;
      kernels.sampleSlot(samples, capacity, shape);
      expect(kernels.end - before).toBeLessThanOrEqual(slotBytes(capacity, cols));
    }
  }
});

test('samples that are no byte images are refused', () => {
  const kernels = wasmKernels();
  const bytes = byteSamples(4, 6, 0.2, 3, seeded('shape'));
  const floats = { ...bytes, values: new Float32Array(24) };
  expect(() => kernels.sampleSlot(floats, 4, [2, 3])).toThrow(
    /^kernels: expected samples of bytes .*floats$/,
  );
  expect(() => kernels.sampleSlot(bytes, 4, [2, 2])).toThrow(/^kernels: expected samples of 2 × 2 pixels/);
});
