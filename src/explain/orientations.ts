/** In whose letters an explanation is written. */

import type { NoteName } from '../formulas/formula.ts';

/** The notes, and `rows`: the project's own letters. */
export const ORIENTATIONS = ['A', 'B', 'C', 'D', 'E', 'rows'] as const satisfies readonly (
  | NoteName
  | 'rows'
)[];

export type Orientation = (typeof ORIENTATIONS)[number];
