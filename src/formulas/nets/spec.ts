/** What a note's network is made of. */

import type { NetDefinition } from './definitions.ts';

/** The size of a dimension by its letter. */
export function dimensionSize({ dimensions }: NetDefinition, letter: string): number {
  return dimensions.find((dimension) => dimension.letter === letter)?.size ?? 1;
}

/** The layers of a note's net, as a spec has them. */
export function layersOf({ hidden, activationIsOpen }: NetDefinition): readonly ('dense' | 'activation')[] {
  const layers = [...hidden.flatMap(() => ['dense', 'activation'] as const), 'dense' as const];
  // The note that leaves φ open has it at the output too.
  return activationIsOpen ? [...layers, 'activation'] : layers;
}
