/** The learning rate where none is given, and what it depends on. */

import type { ActivationName } from '../network/activations.ts';
import type { LossName } from '../network/losses.ts';
import type { OptimizerName } from '../train/optimizers/optimizers.ts';
import type { Choices } from './option-row.ts';

/** Whether the size of an optimizer's steps does not depend on that of the gradients. */
export const isNormalised = (optimizer: OptimizerName): boolean =>
  optimizer === 'rmsprop' || optimizer === 'adam' || optimizer === 'adamw';

/** The default learning rate of an optimizer whose steps are normalised. */
export const NORMALISED_RATE = 0.001;

/** Whether an optimizer has a momentum μ. */
export const hasMomentum = (optimizer: OptimizerName): boolean =>
  optimizer === 'momentum' || optimizer === 'nesterov';

/** The default learning rate of an optimizer for a network. */
export function learningRateOf({
  optimizer,
  momentum,
  loss,
  activation,
  outputActivation,
}: Pick<Choices, 'optimizer' | 'momentum' | 'loss' | 'activation' | 'outputActivation'>): number {
  if (isNormalised(optimizer)) return NORMALISED_RATE;
  // In the long run a gradient counts 1 / (1 − μ) times.
  const share = 1 - (momentum ?? 0);
  return Number((share * defaultLearningRate(loss, activation, outputActivation)).toPrecision(3));
}

/** The activations that pass small inputs on nearly as they are, and diverge sooner than ReLU. */
const SOFT: readonly ActivationName[] = ['elu', 'softplus'];

/** What each loss trains well with at batch 128: the gradients of a saturating output are far smaller. */
function defaultLearningRate(loss: LossName, activation: ActivationName, output?: ActivationName): number {
  if (loss === 'squared-error') {
    if (output === 'sigmoid') return activation === 'sigmoid' ? 3 : SOFT.includes(activation) ? 0.5 : 1;
    if (SOFT.includes(activation)) return 0.05;
    return activation === 'identity' ? 0.01 : 0.2;
  }
  if (loss === 'svm') return 0.1;
  if (activation === 'identity') return 0.05;
  if (activation === 'elu') return 0.3;
  return activation === 'sigmoid' ? 1 : 0.6;
}
