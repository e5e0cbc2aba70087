/** How a recipe becomes the options of a run: given options win, and recipe options that conflict with them are dropped. */

import { choicesOf, completeOptions, conflictOf, type Values } from './complete-options.ts';
import { UsageError } from './errors.ts';
import { flagOf, keysWhere, type OptionRows, PARTS, textOf } from './option-row.ts';
import { type RecipeName, recipeOf } from './recipes.ts';
import { type GivenOptions, TRAIN_OPTIONS, type TrainOptions } from './train-options.ts';

const ROWS: OptionRows = TRAIN_OPTIONS;

/** The options that a recipe can choose, in the order of the table. */
export const RECIPE_KEYS = keysWhere(TRAIN_OPTIONS, ({ belongsTo }) => PARTS[belongsTo].inRecipes);

/**
 * Given options, and beneath them those of their recipe (`default`, if none is given) that go with them: the recipe's
 * option is valid beside the given ones, and the options that it was chosen for are the recipe's.
 */
export function withRecipe<Options extends GivenOptions>(given: Options): Options & { recipe: RecipeName } {
  const name = given.recipe ?? 'default';
  const { options } = recipeOf(name);
  const whole: Values = completeOptions(TRAIN_OPTIONS, options);
  const both: Values = { ...options, ...given };
  const choices = choicesOf(ROWS, both, 1);
  const isRecipes = (key: string) => both[key] === undefined || both[key] === whole[key];
  const kept = Object.entries(options).filter(
    ([key]) =>
      (ROWS[key]?.chosenFor?.(choices) ?? []).every(isRecipes) &&
      conflictOf(ROWS, key, both, choices) === undefined,
  );
  return { ...Object.fromEntries(kept), ...given, recipe: name };
}

/**
 * The whole configuration of a new run: what was given, its recipe, and every default that follows from both.
 *
 * @param complete chooses the defaults
 * @throws UsageError if two of the options do not go together, naming the recipe that one of them may be from
 */
export function newRun<Options extends GivenOptions, All>(
  given: Options,
  complete: (options: Options & { recipe: RecipeName }) => All,
): All {
  try {
    return complete(withRecipe(given));
  } catch (error) {
    if (!(error instanceof UsageError) || given.recipe === undefined) throw error;
    throw new UsageError(`${error.message} (with --recipe ${given.recipe})`, { cause: error });
  }
}

/** The same of the options that are not the command's alone; @throws UsageError as `newRun` */
export const newRunOptions = (given: GivenOptions): TrainOptions =>
  newRun(given, (options) => completeOptions(TRAIN_OPTIONS, options));

/**
 * The flags that set all options of a recipe, so that they train the same weights whatever `default` is: what that
 * would add is turned off.
 */
export function recipeFlags(name: RecipeName): string[] {
  const whole = newRunOptions({ recipe: name });
  const flags: Record<string, unknown> = {};
  for (const key of RECIPE_KEYS) if (whole[key]) flags[key] = whole[key];
  for (const key of RECIPE_KEYS) {
    const usual: Values = withRecipe(flags);
    if (flags[key] === undefined && usual[key]) flags[key] = 0;
  }
  return RECIPE_KEYS.filter((key) => flags[key] !== undefined).flatMap((key) =>
    flags[key] === true ? [flagOf(key)] : [flagOf(key), textOf(TRAIN_OPTIONS, key, flags[key])],
  );
}
