/** Activations by value and slope, and softmax by rows: what a guess at a user's network is computed with. */

import { ACTIVATION_NAMES, type ActivationName, activationFunctions } from '../../../kernels/activations.ts';
import { exp } from '../../../kernels/elementary.ts';

/** φ and φ′, entry by entry. */
export interface Phi {
  readonly name: ActivationName;
  /** Whether φ′ is 1 everywhere. */
  readonly isIdentity: boolean;
  at(z: Float64Array): Float64Array;
  slope(z: Float64Array): Float64Array;
}

/** Every activation of the project. */
export const PHIS: readonly Phi[] = ACTIVATION_NAMES.map((name) => {
  const { forward, from, gradient } = activationFunctions(name);
  return {
    name,
    isIdentity: from === 'neither',
    at: (z) => z.map(forward),
    slope: (z) => z.map((v) => gradient(1, from === 'x' ? forward(v) : v)),
  };
});

/** softmax of each row of `classes` scores. */
export function softmaxRows(x: Float64Array, classes: number): Float64Array {
  const p = new Float64Array(x.length);
  for (let start = 0; start < x.length; start += classes) {
    const row = x.subarray(start, start + classes);
    const most = row.reduce((a, b) => Math.max(a, b));
    const powers = row.map((s) => exp(s - most));
    const sum = powers.reduce((a, b) => a + b);
    p.set(
      powers.map((value) => value / sum),
      start,
    );
  }
  return p;
}

/** The gradient through softmax: δ Jᵀ row by row, with J = diag(p) − p pᵀ (B4). */
export function throughSoftmax(delta: Float64Array, p: Float64Array, classes: number): Float64Array {
  return p.map((pi, k) => {
    const start = k - (k % classes);
    let sum = 0;
    for (let j = start; j < start + classes; j++) sum += delta[j] * p[j];
    return pi * (delta[k] - sum);
  });
}
