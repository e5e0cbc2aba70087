/** The reference kernels against naive computations on nested arrays, at awkward sizes, in both precisions. */

import { describe, expect, test } from 'vitest';
import type { Matrix } from '../../src/kernels/matrix.ts';
import { Random } from '../../src/kernels/random.ts';
import { type Precision, ReferenceKernels } from '../../src/kernels/reference.ts';
import { byteSamples, bytes, matrixOf, type Nested, nested, randomMatrix } from '../support/matrices.ts';

const PRECISIONS: Precision[] = ['float64', 'float32'];
const SIZES = [
  [1, 1, 1],
  [3, 5, 7],
  [17, 31, 3],
  [5, 1, 31],
  [7, 17, 1],
  [1, 31, 17],
];

/** Largest |a − b|; what a matrix holds in float32 is rounded, once for each addition. */
function expectClose(got: Matrix, expected: Nested, precision: Precision): void {
  const rows = nested(got);
  expect([rows.length, rows[0].length]).toEqual([expected.length, expected[0].length]);
  const scale = Math.max(1, ...expected.flat().map(Math.abs));
  const worst = Math.max(...rows.flatMap((row, i) => row.map((v, j) => Math.abs(v - expected[i][j]))));
  expect(worst / scale).toBeLessThan(precision === 'float64' ? 1e-14 : 2e-6);
}

const product = (a: Nested, b: Nested): Nested =>
  a.map((row) => b[0].map((_, j) => row.reduce((sum, v, k) => sum + v * b[k][j], 0)));
const transposed = (a: Nested): Nested => a[0].map((_, j) => a.map((row) => row[j]));

describe.each(PRECISIONS)('%s', (precision) => {
  const kernels = new ReferenceKernels(precision);
  const random = new Random(1, precision);
  const draw = (rows: number, cols: number) => randomMatrix(kernels, rows, cols, random);

  test('its matrices hold that precision, zeros, all rows in use', () => {
    const matrix = kernels.matrix(3, 2);
    expect(matrix.values).toEqual(precision === 'float64' ? new Float64Array(6) : new Float32Array(6));
    expect([matrix.rows, matrix.capacity, matrix.cols]).toEqual([3, 3, 2]);
  });

  describe.each(SIZES)('B %i, nIn %i, nOut %i', (b, nIn, nOut) => {
    test('affine: x w + b (E)', () => {
      const [x, w, bias, z] = [draw(b, nIn), draw(nIn, nOut), draw(1, nOut), draw(b, nOut)];
      kernels.affine(x, w, bias, z);
      const expected = product(nested(x), nested(w)).map((row) => row.map((v, j) => v + bias.values[j]));
      expectClose(z, expected, precision);
    });

    test('weightGradient: xᵀ delta (E2)', () => {
      const [x, delta, dw] = [draw(b, nIn), draw(b, nOut), draw(nIn, nOut)];
      kernels.weightGradient(x, delta, dw);
      expectClose(dw, product(transposed(nested(x)), nested(delta)), precision);
    });

    test('columnSums (E2)', () => {
      const [delta, db] = [draw(b, nOut), draw(1, nOut)];
      kernels.columnSums(delta, db);
      expectClose(db, product([new Array(b).fill(1)], nested(delta)), precision);
    });

    test('inputGradient: delta wᵀ (E1)', () => {
      const [delta, w, dx] = [draw(b, nOut), draw(nIn, nOut), draw(b, nIn)];
      kernels.inputGradient(delta, w, dx);
      expectClose(dx, product(nested(delta), transposed(nested(w))), precision);
    });

    test('each sum is taken in the order of its index', () => {
      const [x, w, bias] = [draw(b, nIn), draw(nIn, nOut), draw(1, nOut)];
      // The order itself, from b on in the order of k, each store rounded.
      const [z] = [draw(b, nOut)];
      kernels.affine(x, w, bias, z);
      const store = precision === 'float32' ? Math.fround : (v: number) => v;
      for (let i = 0; i < b; i++) {
        for (let j = 0; j < nOut; j++) {
          let sum = bias.values[j];
          for (let k = 0; k < nIn; k++) sum = store(sum + x.values[i * nIn + k] * w.values[k * nOut + j]);
          expect(z.values[i * nOut + j]).toBe(sum);
        }
      }
    });
  });

  describe('a batch', () => {
    const samples = byteSamples(9, 17, 0.25, 3, random);
    // An empty row, and a column that is 0 in every sample.
    samples.values.fill(0, 2 * 17, 3 * 17);
    for (let i = 0; i < 9; i++) samples.values[i * 17 + 6] = 0;
    const order = Uint32Array.of(8, 2, 5, 0, 2, 7, 1, 3, 4, 6);

    const gathered = (from: number, count: number) => {
      const sparse = kernels.batch(samples, 5);
      const dense = kernels.matrix(5, 17);
      const y = draw(5, 3);
      // What an earlier batch left behind must not show.
      kernels.gather(samples, order, 0, 5, sparse, y);
      kernels.gather(samples, order, 0, 5, dense, y);
      kernels.gather(samples, order, from, count, sparse, y);
      kernels.gather(samples, order, from, count, dense, y);
      return { sparse, dense, y };
    };

    test.each([
      [0, 5],
      [5, 5],
      [1, 3],
      [4, 1],
      [3, 0],
    ])('gathered from %i on, %i samples: dense or sparse, the same rows and targets', (from, count) => {
      const { sparse, dense, y } = gathered(from, count);
      const store = precision === 'float32' ? Math.fround : (v: number) => v;
      const rows = [...order.subarray(from, from + count)];
      const x = rows.map((n) => [...samples.values.subarray(n * 17, n * 17 + 17)].map((v) => store(v / 255)));
      expect(sparse.nonzeros).toBeDefined();
      expect(dense.nonzeros).toBeUndefined();
      for (const [i, row] of x.entries()) {
        // value · scale, not value / 255: at most the last bit apart.
        for (const [k, v] of row.entries())
          expect(nested(dense)[i][k]).toBeCloseTo(v, precision === 'float64' ? 15 : 7);
      }
      expect(nested(sparse)).toEqual(nested(dense));
      expect([sparse.rows, dense.rows, y.rows]).toEqual([count, count, count]);
      expect(nested(y)).toEqual(rows.map((n) => [0, 1, 2].map((c) => (c === n % 3 ? 1 : 0))));
    });

    test('holds only what is not 0 where most is 0', () => {
      const { sparse } = gathered(0, 5);
      const nonzero = nested(sparse)
        .flat()
        .filter((v) => v !== 0).length;
      expect(sparse.nonzeros?.starts[5]).toBe(nonzero);
      expect(kernels.batch(byteSamples(9, 17, 0.9, 3, random), 5).nonzeros).toBeUndefined();
      expect(kernels.batch(byteSamples(2, 70_000, 0, 2, random), 1).nonzeros?.columns).toBeInstanceOf(
        Uint32Array,
      );
    });

    test.each([5, 3, 1])('of %i rows, sparse or dense, gives the same bits', (count) => {
      const { sparse, dense } = gathered(1, count);
      const [w, b, delta] = [draw(17, 7), draw(1, 7), draw(count, 7)];
      const [zs, zd, ds, dd] = [draw(5, 7), draw(5, 7), draw(17, 7), draw(17, 7)];
      kernels.affine(sparse, w, b, zs);
      kernels.affine(dense, w, b, zd);
      expect([zs.rows, zd.rows]).toEqual([count, count]);
      expect(bytes(zs)).toEqual(bytes(zd));
      expectClose(
        zd,
        product(nested(dense), nested(w)).map((row) => row.map((v, j) => v + b.values[j])),
        precision,
      );
      kernels.weightGradient(sparse, delta, ds);
      kernels.weightGradient(dense, delta, dd);
      expect(bytes(ds)).toEqual(bytes(dd));
      expectClose(dd, product(transposed(nested(dense)), nested(delta)), precision);
    });
  });

  test('a short batch is read and written no further than its rows', () => {
    const x = matrixOf(kernels, [[1, 2]], 3);
    x.values.fill(Number.NaN, 2);
    const [w, b, z, dw, db] = [draw(2, 3), draw(1, 3), draw(3, 3), draw(2, 3), draw(1, 3)];
    const rest = [...z.values.subarray(3)];
    kernels.affine(x, w, b, z);
    expect(z.rows).toBe(1);
    expect([...z.values.subarray(3)]).toEqual(rest);
    kernels.weightGradient(x, z, dw);
    kernels.columnSums(z, db);
    expect(kernels.allFinite(dw) && kernels.allFinite(db)).toBe(true);
    expect([...db.values]).toEqual([...z.values.subarray(0, 3)]);
    expect(kernels.allFinite(x)).toBe(true);
  });

  test('more rows than there is room for are refused, by every operation that fills rows', () => {
    const [one, two, w, b] = [draw(1, 2), draw(2, 2), draw(2, 2), draw(1, 2)];
    const samples = byteSamples(4, 2, 0.9, 2, random);
    const order = Uint32Array.of(0, 1, 2, 3);
    const operations: (() => void)[] = [
      () => kernels.gather(samples, order, 0, 2, one, draw(2, 2)),
      () => kernels.gather(samples, order, 0, 2, two, one),
      () => kernels.affine(two, w, b, one),
      () => kernels.inputGradient(two, w, one),
      () => kernels.activation('relu', two, one),
      () => kernels.activationGradient('relu', two, two, one),
      () => kernels.loss('squared-error', two, two, one, draw(1, 1)),
      () => kernels.loss('softmax-cross-entropy', two, two, one, draw(2, 1)),
      () => kernels.lossGradient('softmax-cross-entropy', two, two, 1, one),
      () => kernels.loss('svm', two, two, one, draw(1, 1)),
      () => kernels.lossGradient('svm', two, two, 1, one),
      () => kernels.argmax(two, draw(1, 1)),
    ];
    for (const operation of operations) {
      expect(operation).toThrow(new RangeError('kernels: expected at most 1 rows, got 2'));
    }
  });
});
