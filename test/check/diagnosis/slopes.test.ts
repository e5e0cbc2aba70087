/** σ′ and tanh′ misremembered, each diagnosed by name. */

import { test } from 'vitest';
import { activation, dense, sigma } from '../module/modules.ts';
import { expectDiagnosed } from './expect-diagnosed.ts';

type Phi = (z: number) => number;
type Dz = (delta: number, z: number, y: number) => number;

test.each<[string, Phi, Dz, RegExp]>([
  [
    'σ′ = z(1 − z)',
    sigma,
    (d, z) => d * z * (1 - z),
    /^σ′ is written ([xz])\(1 − \1\), of the input \1: .*y\(1 − y\)/,
  ],
  ['σ′ = 1 − y', sigma, (d, _, y) => d * (1 - y), /^1 − y alone: a factor y is missing/],
  [
    'σ′ = 1 − y²',
    sigma,
    (d, _, y) => d * (1 - y * y),
    /^this is the derivative of tanh, 1 − y²: σ′ = y\(1 − y\)/,
  ],
  [
    'tanh′ = 1 − z²',
    Math.tanh,
    (d, z) => d * (1 - z * z),
    /^tanh′ is written 1 − ([xz])², of the input \1: .*1 − y²/,
  ],
  ['tanh′ = 1 − y', Math.tanh, (d, _, y) => d * (1 - y), /^1 − y alone: the square is missing/],
  ['tanh′ = 1 + y²', Math.tanh, (d, _, y) => d * (1 + y * y), /^1 \+ y²: the sign of the square/],
  [
    'tanh′ = y(1 − y)',
    Math.tanh,
    (d, _, y) => d * y * (1 - y),
    /^this is the derivative of σ.*: tanh′ = 1 − y²/,
  ],
  ['of another φ', (z) => z ** 3, (d, _, y) => d * y * (1 - y), /^this is the derivative of σ.*φ is not σ/],
])('%s', (_, phi, dz, words) => {
  expectDiagnosed(activation(phi, dz), { dx: words });
  expectDiagnosed(dense(phi, dz), { dx: words, dW: words, db: words });
});
