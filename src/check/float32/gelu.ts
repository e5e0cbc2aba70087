/** How far GELU and its derivative in float32 can be from exact ones. */

import { expm1, GELU_CUBE, GELU_SCALE, gelu, sigmoid } from '../../kernels/elementary.ts';
import { gamma, LEAST, SIGMOID, U } from './rounding.ts';

/**
 * An upper bound of |φ″|, which is largest at 0, √(2/π) = 0.798. Of each of the two terms of φ′ the derivative is at most
 * half of that.
 */
export const GELU_BEND = 0.8;

/** t = 2 √(2/π) (z + 0.044715 z³), and its derivative. */
const argument = (z: number) => GELU_SCALE * (z + GELU_CUBE * z * z * z);
const slope = (z: number) => GELU_SCALE * (1 + 3 * GELU_CUBE * z * z);

/** The two terms of φ′(z). */
function derivative(z: number): [on: number, bend: number] {
  // Beyond 100 σ(t) and σ(−t) are exactly 0 and 1, and z³ cannot overflow here.
  const v = Math.max(-100, Math.min(100, z));
  const t = argument(v);
  return [sigmoid(t), v * sigmoid(t) * sigmoid(-t) * slope(v)];
}

/**
 * By what share σ(t) can be off: t is a sum of two terms of one sign and goes through 7 roundings, d ln σ = σ(−t) dt, and
 * float32 computes it within SIGMOID.
 */
function offOn(z: number, e: number): number {
  const most = argument(Math.min(16, Math.abs(z) + e));
  return expm1(gamma(7) * most * sigmoid(-argument(Math.max(-100, Math.min(100, z) - e)))) + SIGMOID;
}

/** How far off φ(z) is of a z that is off by e. */
export function offGelu(z: number, e: number): number {
  const [on, bend] = derivative(z);
  const shifted = e * (Math.abs(on + bend) + GELU_BEND * e);
  const share = offOn(z, e) + 2 * U;
  return shifted + share * (Math.abs(gelu(z)) + shifted) + LEAST * (1 + 3 * (Math.abs(z) + e));
}

/** φ′(z), and how far off it is besides two roundings of a z that is off by e. */
export function offGeluSlope(z: number, e: number): [number, number] {
  const [on, bend] = derivative(z);
  const [most, g] = [argument(Math.min(16, Math.abs(z) + e)), gamma(7)];
  const size = Math.abs(bend) + GELU_BEND * e;
  // σ(t) σ(−t) takes the share of t twice over at most, two quotients, and nine roundings on the way.
  const bendOff = (expm1(g * most) + 2 * SIGMOID + gamma(9)) * size;
  const onOff = offOn(z, e) * (on + e * 0.8);
  return [on + bend, GELU_BEND * e + onOff + bendOff + U * (on + size + e) + 6 * LEAST * (1 + most)];
}
