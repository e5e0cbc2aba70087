/** Dropout masks: how often they drop, that they depend on places alone, and that every implementation has the same. */

import { describe, expect, test } from 'vitest';
import { ComplexKernels } from '../../src/kernels/complex.ts';
import {
  type DropoutMask,
  drawMask,
  expectRate,
  maskBits,
  maskFactor,
} from '../../src/kernels/dropout-mask.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { byteSamples } from '../support/matrices.ts';
import { wasmKernels } from './wasm/compare.ts';

const mask: DropoutMask = { rate: 0.3, key: [123456789, 4000000000] };

describe('a mask', () => {
  test.each([0.1, 0.5, 0.9])(
    'drops as many as its rate of %d says, in every row and column alike',
    (rate) => {
      const [rows, cols] = [200, 300];
      const dropped = new Float64Array(rows + cols);
      let sum = 0;
      for (let k = 0; k < rows * cols; k++) {
        const factor = maskFactor({ ...mask, rate }, k);
        sum += factor;
        if (factor === 1 / (1 - rate)) continue;
        expect(factor).toBe(0);
        dropped[Math.floor(k / cols)]++;
        dropped[rows + (k % cols)]++;
      }
      // The mean factor is 1, within five standard errors.
      const deviation = Math.sqrt(rate / (1 - rate));
      expect(Math.abs(sum / (rows * cols) - 1)).toBeLessThan((5 * deviation) / Math.sqrt(rows * cols));
      dropped.forEach((count, i) => {
        const of = i < rows ? cols : rows;
        expect(Math.abs(count / of - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / of));
      });
    },
  );

  test('neighbours, and masks that follow each other, are independent', () => {
    const random = new Random(3, 'masks');
    const [first, second] = [drawMask(random, 0.5), drawMask(random, 0.5)];
    const n = 100000;
    const agree = (a: DropoutMask, b: DropoutMask, shift: number) => {
      let same = 0;
      for (let k = 0; k < n; k++) if ((maskFactor(a, k) === 0) === (maskFactor(b, k + shift) === 0)) same++;
      return Math.abs(same / n - 0.5);
    };
    const limit = 5 * 0.5 * Math.sqrt(1 / n);
    for (const shift of [1, 2, 20, 784]) expect(agree(first, first, shift)).toBeLessThan(limit);
    for (const shift of [0, 1, 784]) expect(agree(first, second, shift)).toBeLessThan(limit);
  });

  test('its bits are these everywhere', () => {
    expect([0, 1, 2, 4294967295].map((k) => maskBits(mask, k))).toEqual(BITS);
  });

  test('a rate below 0, of 1 or of NaN is refused', () => {
    for (const rate of [-0.1, 1, 1.5, Number.NaN]) {
      expect(() => expectRate('Dropout', rate)).toThrow(
        `Dropout: expected a dropout rate from 0 up to, not including, 1, got ${rate}`,
      );
    }
    for (const rate of [0, 0.5, 0.999]) expect(() => expectRate('Dropout', rate)).not.toThrow();
  });
});

const BITS = [3831006909, 982012839, 146113081, 4115943841];

const IMPLEMENTATIONS: [string, () => Kernels][] = [
  ['wasm', wasmKernels],
  ['reference', () => new ReferenceKernels('float32')],
  ['complex', () => new ComplexKernels()],
];

describe.each(IMPLEMENTATIONS)('%s', (name, make) => {
  test.each([
    [3, 1],
    [5, 7],
    [4, 64],
    [9, 65],
    [6, 784],
  ])('%i × %i: what the mask says, entry by entry, in place too', (rows, cols) => {
    const kernels = make();
    const [x, y] = [kernels.matrix(rows + 2, cols), kernels.matrix(rows + 2, cols)];
    x.rows = rows;
    const values = Float32Array.from({ length: rows * cols }, (_, k) => 1 + k);
    kernels.write(x, values);
    kernels.dropout(x, mask, y);
    expect(y.rows).toBe(rows);
    const want = values.map((v, k) => v * Math.fround(maskFactor(mask, k)));
    const near = name === 'wasm' ? 0 : 2e-7;
    kernels.read(y).forEach((v, k) => {
      expect(Math.abs(v - want[k])).toBeLessThanOrEqual(near * want[k]);
    });
    kernels.dropout(x, mask, x);
    expect(kernels.read(x)).toEqual(kernels.read(y));
  });
});

describe('a batch of samples', () => {
  const cols = 90;

  /** What the products see of a batch that was dropped from: x w by rows, xᵀ δ by columns. */
  const seen = (kernels: Kernels, share: number, outputs: number, mask?: DropoutMask) => {
    const samples = kernels.load(byteSamples(8, cols, share, 3, new Random(2, 'batch')));
    const order = Uint32Array.of(4, 0, 2, 5, 1, 3, 7, 6);
    const [x, y] = [kernels.batch(samples, 6), kernels.matrix(6, 3)];
    const [w, b, z] = [
      kernels.weights(cols, outputs),
      kernels.matrix(1, outputs),
      kernels.matrix(6, outputs),
    ];
    const [delta, dw] = [kernels.matrix(6, outputs), kernels.weights(cols, outputs)];
    const random = new Random(2, 'numbers');
    for (const matrix of [w, delta]) {
      kernels.write(
        matrix,
        Float32Array.from({ length: matrix.rows * outputs }, () => random.uniform(-1, 1)),
      );
    }
    return [0, 2].map((from) => {
      kernels.gather(samples, order, from, 6, x, y);
      if (mask !== undefined) kernels.dropout(x, mask, x);
      kernels.affine(x, w, b, z);
      kernels.weightGradient(x, delta, dw);
      return [kernels.read(z).slice(), kernels.read(dw).slice()];
    });
  };

  test.each([
    [0.2, 10],
    [0.2, 70],
    [0.9, 10],
    [0.9, 70],
  ])(
    '%d of it not 0, %i outputs: wasm drops what the reference drops, by rows and by columns',
    (share, outputs) => {
      const got = seen(wasmKernels(), share, outputs, mask);
      const want = seen(new ReferenceKernels('float64'), share, outputs, mask);
      const whole = seen(new ReferenceKernels('float64'), share, outputs);
      want.forEach((results, step) => {
        results.forEach((values, i) => {
          values.forEach((v, k) => {
            expect(Math.abs(got[step][i][k] - v)).toBeLessThan(1e-5);
          });
          expect(values).not.toEqual(whole[step][i]);
        });
      });
    },
  );

  test('a sparse batch is dropped from in place, and once', () => {
    const kernels = wasmKernels();
    const samples = kernels.load(byteSamples(8, cols, 0.2, 3, new Random(2, 'batch')));
    const x = kernels.batch(samples, 4);
    const [y, other] = [kernels.matrix(4, 3), kernels.matrix(4, cols)];
    kernels.gather(samples, Uint32Array.of(0, 1, 2, 3), 0, 4, x, y);
    expect(() => kernels.dropout(x, mask, other)).toThrow(
      'kernels: expected dropout of a sparse batch to be in place',
    );
    kernels.dropout(x, mask, x);
    expect(() => kernels.dropout(x, mask, x)).toThrow(
      'kernels: expected dropout of a sparse batch once after it was gathered',
    );
    kernels.gather(samples, Uint32Array.of(0, 1, 2, 3), 0, 4, x, y);
    kernels.dropout(x, mask, x);
  });
});
