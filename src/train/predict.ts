/** What a network makes of samples whose classes nobody knows. */

import type { Kernels } from '../kernels/kernels.ts';
import type { Network } from '../network/network.ts';
import { Batches, type Subset } from './batches.ts';

/** What a network makes of one sample. */
export interface Prediction {
  /** The class of the largest output; of equals, the lowest. */
  readonly class: number;
  /** What the network gives for each class: scores, or activations with squared error. */
  readonly outputs: readonly number[];
  /**
   * Softmax of the scores, which sums to 1, or with sigmoid cross-entropy the sigmoid of each, which does not. Absent
   * with the SVM and squared error, whose outputs are no probabilities.
   */
  readonly probabilities?: readonly number[];
}

/**
 * Runs a network forward over samples in their order; their labels are not looked at.
 *
 * @throws RangeError if the samples are not what the network takes
 */
export function* predict(kernels: Kernels, network: Network, subset: Subset): Generator<Prediction> {
  const batches = new Batches(kernels, subset, network.batchSize);
  const predicted = kernels.matrix(network.batchSize, 1);
  const { lossLayer, classes } = network;
  for (let i = 0; i < batches.count; i++) {
    const count = batches.load(i);
    const x = network.forward(batches.x);
    kernels.argmax(x, predicted);
    network.loss(batches.y);
    const [outputs, best] = [kernels.read(x), kernels.read(predicted)];
    const p = lossLayer.probabilities && kernels.read(lossLayer.probabilities);
    for (let n = 0; n < count; n++) {
      const [from, to] = [n * classes, (n + 1) * classes];
      yield {
        class: best[n],
        outputs: [...outputs.subarray(from, to)],
        ...(p && { probabilities: [...p.subarray(from, to)] }),
      };
    }
  }
}
