/** Initial weights: uniform, scaled so that the variance of activations and gradients survives the depth. */

import type { Matrix } from '../kernels/matrix.ts';
import type { Random } from '../kernels/random.ts';

/** U(−a, a) with a = √(6 / nIn), for weights that feed a ReLU (He et al. 2015, arXiv:1502.01852). w [nIn, nOut]. */
export function heUniform(w: Matrix, random: Random): void {
  fillUniform(w, Math.sqrt(6 / w.rows), random);
}

/** U(−a, a) with a = √(6 / (nIn + nOut)), for all others (Glorot and Bengio 2010, AISTATS). w [nIn, nOut]. */
export function glorotUniform(w: Matrix, random: Random): void {
  fillUniform(w, Math.sqrt(6 / (w.rows + w.cols)), random);
}

function fillUniform(w: Matrix, a: number, random: Random): void {
  for (let k = 0; k < w.rows * w.cols; k++) w.values[k] = random.uniform(-a, a);
}
