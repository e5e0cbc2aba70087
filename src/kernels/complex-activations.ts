/** φ of each activation on complex numbers. */

import type { ActivationName } from './activations.ts';
import {
  type Complex,
  complexExpm1,
  complexGelu,
  complexSigmoid,
  complexSoftplus,
  complexTanh,
  multiply,
} from './complex-elementary.ts';
import { LEAK } from './elementary.ts';

/** Which side of 0 a number is on: by its real part, or at a kink by its imaginary one. */
export type IsPositive = (re: number, im: number) => boolean;

/** By name, φ(z); a jump of φ′ is decided by `isPositive`. */
export const COMPLEX_ACTIVATIONS: Readonly<
  Record<ActivationName, (z: Complex, isPositive: IsPositive) => Complex>
> = {
  relu: ([re, im], isPositive) => (isPositive(re, im) || Number.isNaN(re) ? [re, im] : [0, 0]),
  sigmoid: complexSigmoid,
  tanh: complexTanh,
  identity: (z) => z,
  'leaky-relu': ([re, im], isPositive) => (isPositive(re, im) ? [re, im] : [LEAK * re, LEAK * im]),
  // Both branches have the slope 1 at 0, which is no kink.
  elu: (z) => (z[0] > 0 ? z : complexExpm1(z)),
  gelu: complexGelu,
  softplus: complexSoftplus,
  silu: (z) => multiply(z, complexSigmoid(z)),
};
