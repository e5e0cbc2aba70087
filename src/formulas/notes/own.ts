/** X: the formulas of the project's own, which no note has, each with its derivation and its source. */

import type { WrittenNote } from '../formula.ts';
import { ACTIVATION_FORMULAS } from './activations.ts';
import { BEYOND_NOTES } from './beyond-notes.ts';
import { OPTIMIZER_FORMULAS } from './optimizers.ts';
import { REGULARISATION_FORMULAS } from './regularisation.ts';

/** What training needs and no note derives. */
export const OWN: WrittenNote = {
  name: 'X',
  title: 'The project’s own formulas, not in the notes',
  formulas: [...OPTIMIZER_FORMULAS, ...BEYOND_NOTES, ...ACTIVATION_FORMULAS, ...REGULARISATION_FORMULAS],
  slips: [],
};
