/** Wrong affine layers and activations, each diagnosed by name. */

import { describe, expect, test } from 'vitest';
import {
  activation,
  affine,
  columnSums,
  dense,
  map,
  product,
  type Rows,
  sigma,
  sigmaPrime,
  softmax,
  transpose,
} from '../module/modules.ts';
import { expectDiagnosed, failures } from './expect-diagnosed.ts';

const twice = (a: Rows) => map(a, (v) => 2 * v);

describe('an affine layer', () => {
  test.each<[string, object, Record<string, RegExp>]>([
    [
      'dW transposed, by its values',
      affine((g) => ({ ...g, W: transpose(g.W) }), [4, 3, 3]),
      { dW: /^transposed: dWᵀ is right\. .*Xᵀδ \(E2\)/ },
    ],
    [
      'dW transposed, by its shape',
      affine((g) => ({ ...g, W: transpose(g.W) })),
      { dW: /^dW is 2×3, W is 3×2: transposed: dWᵀ is right/ },
    ],
    ['the sign', affine((g) => ({ ...g, W: map(g.W, (v) => -v) })), { dW: /^the sign is wrong/ }],
    ['a factor 2 too much', affine((g) => ({ ...g, x: twice(g.x) })), { dx: /^twice too large: a factor ½/ }],
    [
      'a ½ too much',
      affine((g) => ({ ...g, W: map(g.W, (v) => v / 2) })),
      { dW: /^half of what it should be/ },
    ],
    [
      '1/N in the layer',
      affine((g) => ({ ...g, b: g.b.map((v) => Number(v) / 4) })),
      { db: /^divided by N = 4 once too often.*C3/ },
    ],
    [
      'a factor that has no name',
      affine((g) => ({ ...g, W: map(g.W, (v) => v / 0.37) })),
      { dW: /^a constant factor is missing: 0\.37 × dW is right/ },
    ],
    [
      'transposed and of the wrong sign',
      affine((g) => ({ ...g, W: map(transpose(g.W), (v) => -v) }), [4, 3, 3]),
      { dW: /^two things\. First, transposed.*Then, the sign is wrong/ },
    ],
    [
      'db not summed',
      affine((g, delta) => ({ ...g, b: delta })),
      { db: /^db is 4×2, b is \[2\]: not summed over the batch/ },
    ],
    [
      'db of the first sample',
      affine((g, delta) => ({ ...g, b: delta[0] })),
      { db: /^only one sample of the batch counts, the first/ },
    ],
    [
      'dW of the last sample',
      affine((g, delta, x) => ({ ...g, W: product(transpose(x.slice(-1)), delta.slice(-1)) })),
      { dW: /^only one sample of the batch counts, the last/ },
    ],
    ['db = 1', affine((g) => ({ ...g, b: [1, 1] })), { db: /^1 in every entry: .*X14/ }],
    [
      'δ not multiplied in',
      affine((g, delta, x) => ({
        ...g,
        W: product(
          transpose(x),
          map(delta, () => 1),
        ),
      })),
      { dW: /^δ is not multiplied in/ },
    ],
    [
      'W untransposed in dx',
      affine((g, delta, _, { W }) => ({ ...g, x: product(delta, W) }), [4, 3, 3]),
      { dx: /^W is not transposed: dx = δW\. .*δWᵀ \(E1\)/ },
    ],
    [
      'W missing in dx',
      affine((g, delta) => ({ ...g, x: delta }), [4, 3, 3]),
      { dx: /^W is missing: dx = δ/ },
    ],
    [
      'W untransposed and the sign',
      affine((g, delta, _, { W }) => ({ ...g, x: map(product(delta, W), (v) => -v) }), [4, 3, 3]),
      { dx: /^two things\. First, W is not transposed.*Then, the sign/ },
    ],
    [
      'db summed over the wrong axis',
      affine((g, delta) => ({ ...g, b: columnSums(transpose(delta)) }), [3, 2, 3]),
      { db: /^summed over the columns/ },
    ],
    [
      'dx and dW swapped',
      affine((g) => ({ ...g, x: g.W, W: g.x }), [3, 3, 3]),
      { dx: /^this is the gradient of W: dx and dW are swapped/, dW: /^this is the gradient of x/ },
    ],
    [
      'dW all 0',
      affine((g) => ({ ...g, W: map(g.W, () => 0) })),
      { dW: /^0 in every entry: backward never computes dW/ },
    ],
    [
      'λW where forward has none',
      affine((g, _d, _x, { W }) => ({ ...g, W: map(g.W, (v, i, j) => v + 0.1 * W[i][j]) })),
      { dW: /^0\.1 × W is added as weight decay, but forward has no L2 term/ },
    ],
    [
      'the last column',
      affine((g) => ({ ...g, W: map(g.W, (v, _, j) => (j === 1 ? 0 : v)) })),
      { dW: /^wrong only in column 1, the last; the other entries are right\. There dW is 0/ },
    ],
    [
      'one row of the wrong sign',
      affine((g) => ({ ...g, x: map(g.x, (v, i) => (i === 0 ? -v : v)) })),
      { dx: /^wrong only in row 0, the first; .* There, the sign is wrong/ },
    ],
    [
      'one entry',
      affine((g) => ({ ...g, W: map(g.W, (v, i, j) => (i === 2 && j === 1 ? 1.01 * v : v)) })),
      { dW: /^wrong only at \[2, 1\]/ },
    ],
  ])('%s', (_, module, expected) => expectDiagnosed(module, expected));
});

describe('an activation', () => {
  test.each<[string, object, RegExp]>([
    ['φ′ missing', activation(Math.tanh, (d) => d), /^φ′ is missing/],
    [
      "ReLU's mask missing",
      activation(
        (x) => Math.max(0, x),
        (d) => d,
      ),
      /^φ′ is missing/,
    ],
    ['φ for φ′', activation(sigma, (d, _, y) => d * y), /^φ stands where φ′ belongs/],
    [
      'φ′ at φ(x)',
      activation(sigma, (d, _, y) => d * sigmaPrime(y)),
      /^φ′ is evaluated at the output φ\(x\)/,
    ],
    ['φ′ twice', activation(sigma, (d, x) => d * sigmaPrime(x) ** 2), /^φ′ is multiplied in twice/],
    ['δ missing', activation(sigma, (_, x) => sigmaPrime(x)), /^δ is not multiplied in/],
    [
      'φ′ missing and the sign',
      activation(sigma, (d) => -d),
      /^two things\. First, φ′ is missing.*the sign is wrong/,
    ],
    [
      'one side of 0',
      activation(
        (x) => (x > 0 ? x : Math.expm1(x)),
        (d, x) => (x > 0 ? d : d * 0.1),
      ),
      /^wrong only where x < 0/,
    ],
  ])('%s', (_, module, words) => expectDiagnosed(module, { dx: words }));
});

describe('a layer φ(xW + b)', () => {
  test.each<[string, object, RegExp]>([
    ['φ′ missing', dense(sigma, (d) => d), /^φ′ is missing/],
    ['φ for φ′', dense(sigma, (d, _, y) => d * y), /^φ stands where φ′ belongs/],
    [
      'φ′ at the output',
      dense(sigma, (d, _, y) => d * sigmaPrime(y)),
      /^φ′ is evaluated at the output φ\(z\)/,
    ],
    ['φ′ at XW', dense(sigma, (d, _z, _y, xw) => d * sigmaPrime(xw)), /^φ′ is evaluated at XW, without b/],
    [
      'φ′ at the output, and half',
      dense(sigma, (d, _, y) => (d * sigmaPrime(y)) / 2),
      /^two things.*φ\(z\).*half/,
    ],
  ])('%s', (_, module, words) => expectDiagnosed(module, { dx: words, dW: words, db: words }));

  describe('with W as [outputs, inputs]', () => {
    const flipped = (dz: (delta: number, z: number) => number, spoil = (g: Rows) => g) => {
      const { forward, backward } = dense(sigma, dz);
      type Params = { W: Rows; b: number[] };
      return {
        shapes: { x: [4, 3], W: [2, 3], b: [2] },
        forward: (x: Rows, { W, b }: Params) => forward(x, { W: transpose(W), b }),
        backward: (delta: Rows, x: Rows, { W, b }: Params) => {
          const right = backward(delta, x, { W: transpose(W), b });
          return { ...right, W: spoil(transpose(right.W)) };
        },
      };
    };
    const right = (d: number, z: number) => d * sigmaPrime(z);

    test('right', () => expect(failures(flipped(right))).toEqual({}));
    test('φ′ missing', () => {
      const words = /^φ′ is missing/;
      expectDiagnosed(
        flipped((d) => d),
        { dx: words, dW: words, db: words },
      );
    });
    test('transposed', () =>
      expectDiagnosed(flipped(right, transpose), { dW: /: transposed: dWᵀ is right\. For Y = XWᵀ .* δᵀX/ }));
  });

  test('softmax by the diagonal of its Jacobian alone', () => {
    const module = {
      forward: softmax,
      backward: (delta: Rows, _x: Rows, _: unknown, p: Rows) =>
        map(p, (q, i, j) => delta[i][j] * q * (1 - q)),
    };
    expectDiagnosed(module, { dx: /^only the diagonal of the Jacobian is there.*B4/ });
  });
});
