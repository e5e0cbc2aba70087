/** Samples as columns, as in note A: Y = φ(WX + b), wrong in each usual way and diagnosed in that layout. */

import { expect, test } from 'vitest';
import { map, product, type Rows, transpose } from '../module/modules.ts';
import { expectDiagnosed, failures } from './expect-diagnosed.ts';

interface Params {
  W: Rows;
  b: Rows;
}

const rowSums = (a: Rows): Rows => a.map((row) => [row.reduce((sum, v) => sum + v, 0)]);

const gradients = (dz: Rows, x: Rows, { W }: Params) => ({
  x: product(transpose(W), dz),
  W: product(dz, transpose(x)),
  b: rowSums(dz),
});

type Given = { delta: Rows; x: Rows; params: Params; y: Rows; right: ReturnType<typeof gradients> };

/** tanh(WX + b), three inputs, `outputs` outputs, four samples. */
const layer = (spoil: (given: Given) => object, outputs = 2) => ({
  shapes: { x: [3, 4], W: [outputs, 3], b: [outputs, 1] },
  forward: (x: Rows, { W, b }: Params) => map(product(W, x), (v, i) => Math.tanh(v + b[i][0])),
  backward: (delta: Rows, x: Rows, params: Params, y: Rows) => {
    const right = gradients(
      map(delta, (d, i, n) => d * (1 - y[i][n] ** 2)),
      x,
      params,
    );
    return { ...right, ...spoil({ delta, x, params, y, right }) };
  },
});

const all = (words: RegExp) => ({ dx: words, dW: words, db: words });

test('right', () => {
  expect(failures(layer(() => ({})))).toEqual({});
  expect(failures(layer(() => ({}), 3))).toEqual({});
});

test.each<[string, object, Record<string, RegExp>]>([
  ['φ′ missing', layer(({ delta, x, params }) => gradients(delta, x, params)), all(/^φ′ is missing/)],
  [
    'φ for φ′',
    layer(({ delta, x, params, y }) =>
      gradients(
        map(delta, (d, i, n) => d * y[i][n]),
        x,
        params,
      ),
    ),
    all(/^φ stands where φ′ belongs/),
  ],
  [
    'φ′ at φ(z)',
    layer(({ delta, x, params, y }) =>
      gradients(
        map(delta, (d, i, n) => d * (1 - Math.tanh(y[i][n]) ** 2)),
        x,
        params,
      ),
    ),
    all(/^φ′ is evaluated at the output φ\(z\)/),
  ],
  [
    'φ′ at WX',
    layer(({ delta, x, params }) => {
      const wx = product(params.W, x);
      return gradients(
        map(delta, (d, i, n) => d * (1 - Math.tanh(wx[i][n]) ** 2)),
        x,
        params,
      );
    }),
    all(/^φ′ is evaluated at WX, without b: it belongs at z = WX \+ b/),
  ],
  [
    'db of the first sample',
    layer(({ delta, y }) => ({ b: delta.map((row, i) => [row[0] * (1 - y[i][0] ** 2)]) })),
    { db: /^only one sample of the batch counts, the first\. Sum over all 4/ },
  ],
  [
    'db not summed',
    layer(({ delta, y }) => ({ b: map(delta, (d, i, n) => d * (1 - y[i][n] ** 2)) })),
    { db: /^db is 2×4, b is 2×1: not summed over the batch: db has a column for each of the 4.*\(A4\)/ },
  ],
  [
    '1/N',
    layer(({ right }) => ({ W: map(right.W, (v) => v / 4) })),
    { dW: /^divided by N = 4 once too often/ },
  ],
  [
    'dW transposed',
    layer(({ right }) => ({ W: transpose(right.W) })),
    { dW: /^dW is 3×2, W is 2×3: transposed: dWᵀ is right\. For Y = WX the gradient is δXᵀ \(X12\)/ },
  ],
  [
    'W untransposed in dx, outputs as inputs',
    layer(({ delta, params, y }) => {
      const dz = map(delta, (d, i, n) => d * (1 - y[i][n] ** 2));
      return { x: product(params.W, dz) };
    }, 3),
    { dx: /^W is not transposed: dx = Wδ\. For Y = WX the gradient is Wᵀδ \(A4\)/ },
  ],
])('%s', (_, module, expected) => expectDiagnosed(module, expected));
