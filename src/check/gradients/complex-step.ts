/** Exact derivatives by the complex step, of whatever was built on `ComplexKernels`. */

import type { ComplexKernels, ComplexMatrix } from '../../kernels/complex.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import type { Derivative } from './derivative.ts';

/** The step h: its square is below every rounding error, and as a power of two it divides out exactly. */
export const COMPLEX_STEP = 2 ** -100;

/**
 * The derivative of a scalar by every entry of a matrix: ∂f/∂v = Im f(v + ih) / h, exact to rounding (Squire and Trapp
 * 1998, SIAM Review 40). Where a comparison on the way meets exactly 0, f may have a kink: the entry's one-sided
 * derivatives are taken, and if they differ it is reported as one.
 *
 * @param kernels those of f
 * @param x the matrix that f reads, [rows, cols]; its imaginary parts are all 0 afterwards
 * @param f evaluates the function on what x holds at that moment, to a matrix [1, 1]
 * @returns row-major, [rows, cols]
 */
export function complexDerivative(kernels: ComplexKernels, x: ComplexMatrix, f: () => Matrix): Derivative {
  return complexGradient(kernels, x, () => kernels.readImaginary(f())[0]);
}

/**
 * The same for a scalar that is a sum of f's entries, weighted: f ↦ Σ weights ⊙ f.
 *
 * @param weights row-major, as many as f has entries
 */
export function weightedComplexDerivative(
  kernels: ComplexKernels,
  x: ComplexMatrix,
  f: () => Matrix,
  weights: ArrayLike<number>,
): Derivative {
  return complexGradient(kernels, x, () => {
    let sum = 0;
    kernels.readImaginary(f()).forEach((im, k) => {
      sum += im * weights[k];
    });
    return sum;
  });
}

/** @param imaginary evaluates the function and gives the imaginary part of its value */
function complexGradient(kernels: ComplexKernels, x: ComplexMatrix, imaginary: () => number): Derivative {
  const values = new Float64Array(x.rows * x.cols);
  const kinks = new Map<number, readonly [number, number]>();
  for (let k = 0; k < values.length; k++) {
    x.imaginary[k] = COMPLEX_STEP;
    kernels.kinks = 0;
    values[k] = imaginary() / COMPLEX_STEP;
    if (kernels.kinks > 0) {
      const [left, right] = ([-1, 1] as const).map((side) => {
        kernels.side = side;
        return imaginary() / COMPLEX_STEP;
      });
      kernels.side = 0;
      if (left === right) values[k] = left;
      else kinks.set(k, [Math.min(left, right), Math.max(left, right)]);
    }
    x.imaginary[k] = 0;
  }
  return { values, kinks };
}
