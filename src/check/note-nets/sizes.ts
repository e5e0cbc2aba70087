/** Other sizes for the dimensions of a note's network, so that no number is a dimension by chance. */

import type { NetDefinition } from '../../formulas/nets/definitions.ts';

/** The least size: with fewer classes a softmax or an SVM degenerates. */
const MIN_SIZE = 3;

/** How many sizes are dealt out: more than any net has dimensions, and prime, so that each step below visits all. */
const SIZES = 7;

/** How far apart neighbouring dimensions are dealt, so that their differences vary too. */
const SIZE_STEP = 3;

/**
 * The same network with other sizes: all different from each other, and over `SIZES` variants each dimension has each
 * size once.
 *
 * @param variant which sizes; 0 are the definition's own
 * @param kept the letters whose sizes stay as they are
 */
export function resized(
  definition: NetDefinition,
  variant: number,
  kept: ReadonlySet<string> = new Set(),
): NetDefinition {
  if (variant === 0 || definition.isFixed === true) return definition;
  const { dimensions } = definition;
  const taken = dimensions.filter(({ letter }) => kept.has(letter)).map(({ size }) => size);
  const sizes: number[] = [];
  for (let size = MIN_SIZE; sizes.length < SIZES; size++) if (!taken.includes(size)) sizes.push(size);
  return {
    ...definition,
    dimensions: dimensions.map((dimension, k) =>
      kept.has(dimension.letter)
        ? dimension
        : { ...dimension, size: sizes[(variant + SIZE_STEP * k) % SIZES] },
    ),
  };
}
