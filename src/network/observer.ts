/** The events that a network reports to an observer. */

import type { Matrix } from '../kernels/matrix.ts';

/**
 * What has just happened in a network, in the order in which it happens. The matrices are the layers' own: they
 * hold what was computed until the next call overwrites them, so an observer that keeps values copies them at once
 * (`Kernels.read`).
 */
export type NetworkEvent =
  /** Layer `layer`, counted from 0, has turned `input` into `output`. */
  | {
      readonly type: 'forward';
      readonly layer: number;
      readonly input: Matrix;
      readonly output: Matrix;
    }
  /** The loss layer has compared `outputs` with `targets`, both [B, C]; `mean` [1, 1] is its mean over the batch. */
  | {
      readonly type: 'loss';
      readonly outputs: Matrix;
      readonly targets: Matrix;
      readonly mean: Matrix;
    }
  /** The loss has given the first δ, ∂L/∂outputs [B, C]. */
  | { readonly type: 'delta'; readonly delta: Matrix }
  /**
   * Layer `layer` has turned `delta` = ∂L/∂output into `inputGradient` = ∂L/∂input, and its parameters hold their
   * gradients, still without λW. Of the first layer `inputGradient` is undefined: nothing needs it.
   */
  | {
      readonly type: 'backward';
      readonly layer: number;
      readonly delta: Matrix;
      readonly inputGradient: Matrix | undefined;
    }
  /** λW has been added to the gradients of the weights; not reported if λ is 0. */
  | { readonly type: 'decay' };

/** Hears of everything that a network does; what it does itself must not change the network. */
export type NetworkObserver = (event: NetworkEvent) => void;
