/** Kinks: where ReLU and the SVM have no derivative, and a difference quotient across one is no witness. */

import type { Matrix } from '../../kernels/matrix.ts';
import { Elu, LeakyRelu, Relu } from '../../network/activations.ts';
import type { Layer } from '../../network/layer.ts';
import { REACH, STEP } from './finite-differences.ts';

/** The least distance from a kink: 20 times as far as the central differences reach. */
export const KINK_DISTANCE = 20 * REACH * STEP;

/** Whether a layer's derivative, or that of its derivative, jumps at 0, and difference quotients across 0 are no witness. */
export const hasKink = (layer: Layer): boolean =>
  layer instanceof Relu || layer instanceof LeakyRelu || layer instanceof Elu;

/** min |z| over the entries of z: how far a ReLU's inputs are from its kink at 0 (B8). */
export function reluKinkDistance(z: Matrix): number {
  let distance = Infinity;
  for (let k = 0; k < z.rows * z.cols; k++) distance = Math.min(distance, Math.abs(z.values[k]));
  return distance;
}

/**
 * min |sⱼ − s_c + 1| over the rows and over j ≠ c, the row's class: how far scores are from the kink of the SVM (E5).
 *
 * @param s the scores, [B, C]
 * @param y the targets, [B, C], one-hot
 */
export function svmKinkDistance(s: Matrix, y: Matrix): number {
  let distance = Infinity;
  for (let start = 0; start < s.rows * s.cols; start += s.cols) {
    const c = start + y.values.subarray(start, start + s.cols).indexOf(1);
    for (let j = start; j < start + s.cols; j++) {
      if (j !== c) distance = Math.min(distance, Math.abs(s.values[j] - s.values[c] + 1));
    }
  }
  return distance;
}

/** What `networkKinkDistance` needs of a `Network`. */
export interface KinkedNetwork {
  readonly layers: readonly Layer[];
  readonly spec: { readonly loss: { readonly name: string } };
}

/**
 * The distance from the nearest kink of a network at these samples: of every ReLU on the way, and of the SVM.
 *
 * @param x the inputs, [B, inputs]
 * @param y the targets, [B, classes], one-hot
 */
export function networkKinkDistance(network: KinkedNetwork, x: Matrix, y: Matrix): number {
  let distance = Infinity;
  let out = x;
  for (const layer of network.layers) {
    if (hasKink(layer)) distance = Math.min(distance, reluKinkDistance(out));
    out = layer.forward(out);
  }
  return network.spec.loss.name === 'svm' ? Math.min(distance, svmKinkDistance(out, y)) : distance;
}

/**
 * Draws until what was drawn is far enough from every kink.
 *
 * @param draw fills inputs and weights anew
 * @param distance of what was drawn from the nearest kink
 * @param least the distance to reach (default `KINK_DISTANCE`)
 * @param tries how often to draw at most
 * @returns the distance reached
 * @throws RangeError if no try reaches it
 */
export function drawAwayFromKinks(
  draw: () => void,
  distance: () => number,
  least: number = KINK_DISTANCE,
  tries = 1000,
): number {
  for (let i = 0; i < tries; i++) {
    draw();
    const reached = distance();
    if (reached >= least) return reached;
  }
  throw new RangeError(`drawAwayFromKinks: expected a distance of ${least} within ${tries} tries`);
}
