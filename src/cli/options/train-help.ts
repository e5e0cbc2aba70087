/** The defaults of `mlp train` as its help shows them: those of the recipe `default`. */

import type { Values } from '../../options/complete-options.ts';
import { type OptionRows, textOf } from '../../options/option-row.ts';
import { recipeOf } from '../../options/recipes.ts';
import { usualDefault } from './command-line.ts';
import { TRAIN_FLAGS } from './train-flags.ts';

const ROWS: OptionRows = TRAIN_FLAGS;
const usual = usualDefault(ROWS);

/** The default of a flag in words; undefined where it has none. */
export function trainDefault(key: string): string | undefined {
  const recipe: Values = recipeOf('default').options;
  const { defaultText, chosenFor } = ROWS[key];
  if (recipe[key] === undefined) return usual(key);
  const text = textOf(ROWS, key, recipe[key]);
  const isOften = chosenFor !== undefined && defaultText !== undefined;
  return isOften ? `${text} with the other defaults; otherwise ${defaultText}` : text;
}
