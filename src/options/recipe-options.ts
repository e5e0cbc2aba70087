/** How a recipe becomes the options of a run: what was given wins, and what no longer fits beside it gives way. */

import type { OptimizerName } from '../train/optimizers/optimizers.ts';
import { UsageError } from './errors.ts';
import { NOT_OF_RECIPES, type RecipeName, type RecipeOptions, recipeOf } from './recipes.ts';
import { type GivenOptions, type OptionName, type OptionRow, TRAIN_OPTIONS } from './train-option-table.ts';
import { completeOptions, flagOf, isNormalised, type TrainOptions } from './train-options.ts';

/** The options that a recipe can choose, in the order of the table. */
export const RECIPE_KEYS = (Object.keys(TRAIN_OPTIONS) as OptionName[]).filter(
  (key) => !(NOT_OF_RECIPES as readonly string[]).includes(key),
) as (keyof RecipeOptions)[];

/**
 * Whether a value of a recipe stands beside what was given.
 *
 * @param now the recipe's options with those that were given over them
 * @param same whether none of these options was given another value than the recipe's
 */
type Stands = (
  now: Readonly<Record<string, unknown>>,
  same: (...keys: (keyof TrainOptions)[]) => boolean,
) => boolean;

/**
 * The options that stand under a condition. Some were chosen for the value of another: a learning rate is too high or
 * too low for another optimizer, and λ means something else to AdamW. Others mean nothing without another.
 */
const STANDS: Readonly<Record<string, Stands>> = {
  learningRate: ({ optimizer }, same) =>
    same('optimizer', 'momentum', 'schedule') &&
    (isNormalised(optimizer as OptimizerName) || same('loss', 'activation', 'outputActivation')),
  momentum: (_, same) => same('optimizer'),
  schedule: (_, same) => same('optimizer'),
  l2: (_, same) => same('optimizer'),
  decay: (_, same) => same('optimizer', 'schedule'),
  warmUp: ({ warmUp, epochs, schedule }, same) =>
    same('optimizer') && schedule !== 'one-cycle' && Number(warmUp) < Number(epochs),
  outputActivation: (_, same) => same('loss'),
  labelSmoothing: (_, same) => same('loss'),
  patience: ({ validation }) => Number(validation) > 0,
  elasticSigma: ({ elastic }) => Number(elastic) > 0,
};

/**
 * What was given, and beneath it the values of its recipe (`default`, if none is named) that stand beside it.
 *
 * @param given what flags and config file say
 */
export function withRecipe(given: GivenOptions): GivenOptions {
  const name = given.recipe ?? 'default';
  const { options } = recipeOf(name);
  const whole = completeOptions(options);
  const now = { epochs: whole.epochs, ...options, ...given };
  const same = (...keys: (keyof TrainOptions)[]) =>
    keys.every((key) => given[key] === undefined || given[key] === whole[key]);
  const standing = Object.entries(options).filter(([key]) => STANDS[key]?.(now, same) ?? true);
  return { ...Object.fromEntries(standing), ...given, recipe: name };
}

/**
 * The whole configuration of a new run: what was given, its recipe, and every default that follows from both.
 *
 * @throws UsageError if two of the options do not go together, naming the recipe that one of them may be from
 */
export function newRunOptions(given: GivenOptions): TrainOptions {
  try {
    return completeOptions(withRecipe(given));
  } catch (error) {
    if (!(error instanceof UsageError) || given.recipe === undefined) throw error;
    throw new UsageError(`${error.message} (with --recipe ${given.recipe})`, { cause: error });
  }
}

/**
 * The flags that say all of a recipe, so that they train the same weights whatever `default` is: what that would add
 * is turned off.
 */
export function recipeFlags(name: RecipeName): string[] {
  const whole = newRunOptions({ recipe: name });
  const said: Record<string, unknown> = {};
  for (const key of RECIPE_KEYS) if (whole[key]) said[key] = whole[key];
  for (const key of RECIPE_KEYS) if (said[key] === undefined && withRecipe(said)[key]) said[key] = 0;
  return RECIPE_KEYS.filter((key) => said[key] !== undefined).flatMap((key) =>
    said[key] === true ? [flagOf(key)] : [flagOf(key), textOf(said[key])],
  );
}

/** The default of an option as `--help` tells it, that of the recipe `default` if it has one. */
export function defaultTextOf(key: OptionName): string | undefined {
  const { defaultText }: OptionRow = TRAIN_OPTIONS[key];
  const value = recipeOf('default').options[key as keyof RecipeOptions];
  if (value === undefined) return defaultText;
  const depends = key === 'learningRate' && defaultText !== undefined;
  return depends ? `${textOf(value)} as the recipe has it; else ${defaultText}` : textOf(value);
}

/** A value as it stands on the command line. */
const textOf = (value: unknown): string => (Array.isArray(value) ? value.join(',') || 'none' : String(value));
