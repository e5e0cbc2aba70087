/** How far each activation and its gradient in float32 can be from exact ones, entry by entry. */

import type { ActivationName } from '../../kernels/activations.ts';
import { exp, expm1, LEAK, sigmoid, softplus, tanh } from '../../kernels/elementary.ts';
import { offGelu, offGeluSlope } from './gelu.ts';
import { gamma, LEAST, off, offScaled, offSigmoid, SIGMOID, SOFTPLUS, U } from './rounding.ts';

/**
 * An upper bound of |φ″| of SiLU, σ′ (2 + z (1 − 2σ)), which is largest at 0, and of the derivative of each of the two
 * terms of φ′.
 */
export const SILU_BEND = 0.5;

/** The bounds of one entry. */
interface ActivationBounds {
  /** How far off φ(z) is of a z that is off by e. */
  readonly forward: (z: number, e: number) => number;
  /** How far off d φ′ is of a d off by dOff, and of z, or x = φ(z) where φ′ is made of that, off by e. */
  readonly gradient: (d: number, dOff: number, at: number, e: number) => number;
}

/** By name; the derivations are those of `Float32Bounds`. */
export const ACTIVATION_BOUNDS: Readonly<Record<ActivationName, ActivationBounds>> = {
  relu: {
    forward: (z, e) => (z <= -e ? 0 : e),
    gradient: (d, dOff, z, e) => {
      if (z > e) return dOff;
      return z <= -e ? 0 : Math.abs(d) + dOff;
    },
  },
  sigmoid: {
    forward: offSigmoid,
    gradient: (d, dOff, x, e) => offScaled(d, dOff, x * (1 - x), e * (Math.abs(1 - 2 * x) + e)),
  },
  tanh: {
    forward: (z, e) => {
      const nearest = sigmoid(-2 * Math.max(0, Math.abs(z) - e));
      const shifted = e * 4 * nearest * (1 - nearest);
      return shifted + SIGMOID * (Math.abs(tanh(z)) + shifted) + 3 * LEAST;
    },
    gradient: (d, dOff, x, e) => {
      const size = Math.abs(x);
      return offScaled(d, dOff, 1 - x * x, e * (2 * size + e) + U * (size + e) ** 2 + LEAST);
    },
  },
  identity: { forward: (_, e) => e, gradient: (_, dOff) => dOff },
  'leaky-relu': {
    forward: (z, e) => {
      if (z > e) return e;
      const small = off(LEAK * z, LEAK * e, 2);
      return z <= -e ? small : e + small;
    },
    gradient: (d, dOff, z, e) => {
      if (z > e) return dOff;
      const small = off(LEAK * d, LEAK * dOff, 2);
      return z <= -e ? small : Math.abs(d) + dOff + small;
    },
  },
  elu: {
    forward: (z, e) => {
      if (z > e) return e;
      // The slope is e^z at most, and 1 above 0.
      const shifted = e * exp(Math.min(0, z + e));
      return shifted + SIGMOID * (Math.abs(z > 0 ? z : expm1(z)) + shifted) + 3 * LEAST;
    },
    gradient: (d, dOff, x, e) => (x > e ? dOff : offScaled(d, dOff, Math.min(0, x) + 1, e)),
  },
  gelu: {
    forward: offGelu,
    gradient: (d, dOff, z, e) => offScaled(d, dOff, ...offGeluSlope(z, e)),
  },
  softplus: {
    forward: (z, e) => {
      const shifted = e * sigmoid(z + e);
      return shifted + (SOFTPLUS + U) * (softplus(z) + shifted) + 3 * LEAST;
    },
    gradient: (d, dOff, z, e) => offScaled(d, dOff, sigmoid(z), offSigmoid(z, e)),
  },
  silu: {
    forward: (z, e) => {
      const shifted = e * (Math.abs(sigmoid(z) + z * sigmoid(z) * sigmoid(-z)) + SILU_BEND * e);
      const underflow = LEAST * (1 + 3 * (Math.abs(z) + e));
      return shifted + (SIGMOID + 2 * U) * (Math.abs(z * sigmoid(z)) + shifted) + underflow;
    },
    gradient: (d, dOff, z, e) => {
      const [on, bend] = [sigmoid(z), z * sigmoid(z) * sigmoid(-z)];
      const [onSize, bendSize] = [on + SILU_BEND * e, Math.abs(bend) + SILU_BEND * e];
      // Two quotients and three roundings in the second term, and the sum of both.
      const rounded = SIGMOID * onSize + (2 * SIGMOID + gamma(3)) * bendSize + U * (onSize + bendSize);
      const underflow = 6 * LEAST * (1 + Math.abs(z) + e);
      return offScaled(d, dOff, on + bend, SILU_BEND * e + rounded + underflow);
    },
  },
};
