/** Initial weights: uniform, scaled so that the variance of activations and gradients survives the depth. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Matrix } from '../kernels/matrix.ts';
import type { Random } from '../kernels/random.ts';

/** Fills new weights w [nIn, nOut]. */
export type WeightInit = (kernels: Kernels, w: Matrix, random: Random) => void;

/** U(−a, a) with a = √(6 / nIn), for weights that feed a ReLU (He et al. 2015, arXiv:1502.01852). w [nIn, nOut]. */
export function heUniform(kernels: Kernels, w: Matrix, random: Random): void {
  fillUniform(kernels, w, Math.sqrt(6 / w.rows), random);
}

/** U(−a, a) with a = √(6 / (nIn + nOut)), for all others (Glorot and Bengio 2010, AISTATS). w [nIn, nOut]. */
export function glorotUniform(kernels: Kernels, w: Matrix, random: Random): void {
  fillUniform(kernels, w, Math.sqrt(6 / (w.rows + w.cols)), random);
}

function fillUniform(kernels: Kernels, w: Matrix, a: number, random: Random): void {
  const values = Float64Array.from({ length: w.rows * w.cols }, () => random.uniform(-a, a));
  kernels.write(w, values);
}
