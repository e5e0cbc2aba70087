/** Colour and dash pattern of the n-th item's lines. Dashes keep lines distinguishable without colour. */

import type { LineLook } from '../../charts/line-look.ts';

const COLOURS = 6;
const DASHES = [undefined, [8, 4], [2, 4], [10, 3, 2, 3]] as const;

/** Of training the line is thin and pale; of validation it is strong and has marks. */
export function lookOf(place: number, kind: 'training' | 'validation'): LineLook {
  const dash = DASHES[(place + Math.floor(place / COLOURS)) % DASHES.length];
  return {
    colour: `--series-${(place % COLOURS) + 1}`,
    ...(dash && { dash }),
    ...(kind === 'training' ? { width: 1.25, alpha: 0.6 } : { width: 2, marks: true }),
  };
}
