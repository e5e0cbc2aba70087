/** A note's network as the project builds it. */

import type { ActivationName } from '../../network/activations.ts';
import { type NetworkSpec, perceptron } from '../../network/network.ts';
import type { NetDefinition } from './definitions.ts';

/** The size of a dimension by its letter. */
export function dimensionSize({ dimensions }: NetDefinition, letter: string): number {
  return dimensions.find((dimension) => dimension.letter === letter)?.size ?? 1;
}

/** The project's spec of a note's network. */
export function specOf(definition: NetDefinition, activation: ActivationName, lambda: number): NetworkSpec {
  return perceptron({
    inputs: dimensionSize(definition, definition.inputs),
    hidden: definition.hidden.map((letter) => dimensionSize(definition, letter)),
    classes: dimensionSize(definition, definition.classes),
    activation,
    loss: definition.loss,
    l2: definition.l2 ? lambda : 0,
  });
}
