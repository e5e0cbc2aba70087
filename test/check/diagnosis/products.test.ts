/** Wrong products with x and W, less usual places of φ′, and stranger factors, each diagnosed by name. */

import { test } from 'vitest';
import {
  activation,
  affine,
  columnSums,
  crossEntropy,
  map,
  product,
  type Rows,
  sigma,
  sigmaPrime,
  transpose,
} from '../module/modules.ts';
import { expectDiagnosed } from './expect-diagnosed.ts';

type Gradients = { x: Rows; W: Rows; b: number[] };

/** y = σ(xW + b) on square matrices, its gradients spoiled; z and δ ⊙ σ′(z) are at hand. */
const square = (spoil: (right: Gradients, x: Rows, z: Rows, y: Rows, dz: Rows) => Partial<Gradients>) => ({
  shapes: { x: [3, 3], W: [3, 3], b: [3] },
  forward: (x: Rows, { W, b }: Gradients) => map(product(x, W), (v, _, j) => sigma(v + b[j])),
  backward: (delta: Rows, x: Rows, { W, b }: Gradients, y: Rows) => {
    const z = map(product(x, W), (v, _, j) => v + b[j]);
    const dz = map(z, (v, i, j) => delta[i][j] * sigmaPrime(v));
    const right = { x: product(dz, transpose(W)), W: product(transpose(x), dz), b: columnSums(dz) };
    return { ...right, ...spoil(right, x, z, y, dz) };
  },
});

test.each<[string, object, Record<string, RegExp>]>([
  [
    'x missing in dW',
    square((right) => ({ W: map(right.W, (_v, _i, j) => right.b[j]) })),
    { dW: /^x is missing: .*bias/ },
  ],
  [
    'y for x in dW',
    square((_r, _x, _z, y, dz) => ({ W: product(transpose(y), dz) })),
    { dW: /^the layer's output y stands/ },
  ],
  [
    'z for x in dW',
    square((_r, _x, z, _y, dz) => ({ W: product(transpose(z), dz) })),
    { dW: /^the layer's output z stands/ },
  ],
  [
    'Xδ',
    square((_r, x, _z, _y, dz) => ({ W: product(x, dz) })),
    { dW: /^x is not transposed: Xδ\. .*Xᵀδ \(E2\)/ },
  ],
  [
    'φ′ at the input of the layer',
    square((_r, x, z, _y, dz) => ({
      b: columnSums(map(dz, (d, i, j) => (d / sigmaPrime(z[i][j])) * sigmaPrime(x[i][j]))),
    })),
    { db: /^φ′ is evaluated at the layer's input x/ },
  ],
  [
    'dx and dW swapped and transposed',
    square((right) => ({ x: transpose(right.W) })),
    { dx: /^this is the gradient of W, transposed/ },
  ],
  [
    'dx given for dW',
    square((right) => ({ W: right.x })),
    { dW: /^this is the gradient of x, which dx has already: W needs one of its own/ },
  ],
  [
    'the last sample left out',
    square((_r, x, _z, _y, dz) => ({
      b: columnSums(dz.slice(0, -1)),
      W: product(transpose(x.slice(1)), dz.slice(1)),
    })),
    {
      dW: /^one sample of the batch is left out, the first/,
      db: /^one sample of the batch is left out, the last\. .*end too early/,
    },
  ],
  ['δ divided by φ′', activation(sigma, (d, x) => d / sigmaPrime(x)), { dx: /^δ is divided by φ′/ }],
  ['φ′ added to δ', activation(sigma, (d, x) => d + sigmaPrime(x)), { dx: /^φ′ is added to δ/ }],
  [
    'N² too large',
    crossEntropy((p, y, n) => (p - y) * n),
    { dx: /^N² times too large: multiply by 1\/N², N = 4/ },
  ],
  ['N·C too small', affine((g) => ({ ...g, W: map(g.W, (v) => v / 8) })), { dW: /^divided by N·C = 8/ }],
  [
    'λ forgotten as a factor',
    { ...affine((g) => ({ ...g, W: map(g.W, (v) => v / 0.3) })), lambda: 0.3 },
    { dW: /^a factor λ = 0\.3 is missing/ },
  ],
])('%s', (_, module, expected) => expectDiagnosed(module, expected));

test('without a bias, φ′ is asked for by W alone', () => {
  const unbiased = {
    shapes: { x: [4, 3], W: [3, 2] },
    forward: (x: Rows, { W }: Gradients) => map(product(x, W), sigma),
    backward: (delta: Rows, x: Rows, { W }: Gradients, y: Rows) => {
      const d = map(delta, (v, i, j) => v * sigmaPrime(y[i][j]));
      return { x: product(d, transpose(W)), W: product(transpose(x), d) };
    },
  };
  const words = /^φ′ is evaluated at the output φ\(z\) instead of at z/;
  expectDiagnosed(unbiased, { dx: words, dW: words });
});
