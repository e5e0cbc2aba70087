/** Kinks: where an activation or a loss has no derivative, and a difference quotient across one is no witness. */

import { activationFunctions } from '../../kernels/activations.ts';
import { type LossName, lossFunctions } from '../../kernels/losses.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { Activation } from '../../network/activations.ts';
import type { Layer } from '../../network/layer.ts';
import { REACH, STEP } from './finite-differences.ts';

/** The least distance from a kink: 20 times as far as the central differences reach. */
export const KINK_DISTANCE = 20 * REACH * STEP;

/** Whether a layer's derivative, or that of its derivative, jumps at 0, and difference quotients across 0 are no witness. */
export const hasKink = (layer: Layer): boolean =>
  layer instanceof Activation && activationFunctions(layer.name).jump !== 'none';

/** Whether the derivative of a loss, or that of its derivative, jumps where a margin is 0. */
export const hasMarginKink = (loss: LossName): boolean => lossFunctions(loss).jump !== 'none';

/** min |z| over the entries of z: how far the inputs of a ReLU are from its kink at 0 (B8). */
export function zeroDistance(z: Matrix): number {
  let distance = Infinity;
  for (let k = 0; k < z.rows * z.cols; k++) distance = Math.min(distance, Math.abs(z.values[k]));
  return distance;
}

/**
 * min |sⱼ − s_c + 1| over the rows and over j ≠ c, the row's class: how far scores are from a margin of 0 (E5).
 *
 * @param s the scores, [B, C]
 * @param y the targets, [B, C], one-hot
 */
export function marginDistance(s: Matrix, y: Matrix): number {
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
  readonly spec: { readonly loss: { readonly name: LossName } };
}

/**
 * The distance from the nearest kink of a network at these samples: of every activation on the way, and of the loss.
 *
 * @param x the inputs, [B, inputs]
 * @param y the targets, [B, classes], one-hot
 */
export function networkKinkDistance(network: KinkedNetwork, x: Matrix, y: Matrix): number {
  let distance = Infinity;
  let out = x;
  for (const layer of network.layers) {
    if (hasKink(layer)) distance = Math.min(distance, zeroDistance(out));
    out = layer.forward(out);
  }
  return hasMarginKink(network.spec.loss.name) ? Math.min(distance, marginDistance(out, y)) : distance;
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
