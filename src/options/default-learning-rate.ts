/** The learning rate where none is given. */

import { ACTIVATIONS } from '../network/activations.ts';
import { LOSSES } from '../network/losses.ts';
import { OPTIMIZERS } from '../train/optimizers/optimizers.ts';
import type { Choices } from './option-row.ts';

/** The default learning rate of an optimizer for a network. */
export function learningRateOf({
  optimizer,
  momentum = 0,
  loss,
  activation,
  outputActivation = 'identity',
}: Pick<Choices, 'optimizer' | 'momentum' | 'loss' | 'activation' | 'outputActivation'>): number {
  const sgdRate = LOSSES[loss].learningRate(ACTIVATIONS[activation], ACTIVATIONS[outputActivation]);
  return Number(OPTIMIZERS[optimizer].learningRate(sgdRate, momentum).toPrecision(3));
}
