/** The table of recipes: options of `mlp train` that were chosen together, and what they are to reach on MNIST. */

import type { Given, RecipePart, RowsOf } from './option-row.ts';
import type { DATA_ROWS } from './rows/data-rows.ts';
import type { DISTORTION_ROWS } from './rows/distortion-rows.ts';
import type { NETWORK_ROWS } from './rows/network-rows.ts';
import type { REGULARISATION_ROWS } from './rows/regularisation-rows.ts';
import type { TRAINING_ROWS } from './rows/training-rows.ts';

/** The tables with options that a recipe may set. */
type Rows = typeof DATA_ROWS &
  typeof NETWORK_ROWS &
  typeof TRAINING_ROWS &
  typeof REGULARISATION_ROWS &
  typeof DISTORTION_ROWS;

/** What a recipe can choose, as a config file would have it. */
export type RecipeOptions = Given<RowsOf<Rows, RecipePart>>;

/** Options that were tuned together. */
export interface Recipe {
  /** One line for the help and docs/recipes.md. */
  readonly summary: string;
  /** The others have their defaults. */
  readonly options: RecipeOptions;
  /** The mean test accuracy that it is to reach on MNIST; absent where there is no such target. */
  readonly target?: number;
  /** The most seconds that a whole run may last on two cores, from start to exit. */
  readonly within?: number;
  /** With how many seeds its figures are measured. */
  readonly seeds: number;
}

/** What the recipes of note D have in common. */
const NOTE_D: RecipeOptions = {
  activation: 'sigmoid',
  outputActivation: 'sigmoid',
  loss: 'squared-error',
  optimizer: 'sgd',
  schedule: 'constant',
  learningRate: 3,
  batchSize: 10,
  epochs: 30,
};

/** Every recipe of `--recipe`; `default` is `mlp train` without flags. docs/recipes.md is generated from it. */
export const RECIPES = {
  nielsen: {
    summary: 'one small sigmoid layer, as in Nielsen, Neural Networks and Deep Learning (2015)',
    options: {
      hidden: [100],
      activation: 'sigmoid',
      loss: 'softmax-cross-entropy',
      optimizer: 'adamw',
      schedule: 'one-cycle',
      learningRate: 0.01,
      l2: 0.03,
      inputDropout: 0.2,
      batchSize: 128,
      epochs: 30,
    },
    target: 0.98,
    seeds: 5,
  },
  default: {
    summary: 'what train does without flags',
    options: { optimizer: 'adamw', schedule: 'one-cycle', learningRate: 0.01, l2: 0.1 },
    target: 0.983,
    seeds: 5,
  },
  wide: {
    summary: 'one wide layer, with smoothed labels',
    options: {
      hidden: [800],
      activation: 'relu',
      loss: 'softmax-cross-entropy',
      optimizer: 'adamw',
      schedule: 'one-cycle',
      learningRate: 0.003,
      l2: 0.1,
      labelSmoothing: 0.1,
      batchSize: 128,
      epochs: 20,
    },
    target: 0.987,
    seeds: 5,
  },
  deep: {
    summary: 'two wide layers, with dropout and smoothed labels',
    options: {
      hidden: [800, 400],
      activation: 'gelu',
      loss: 'softmax-cross-entropy',
      optimizer: 'adamw',
      schedule: 'one-cycle',
      learningRate: 0.002,
      l2: 0.2,
      inputDropout: 0.2,
      dropout: 0.2,
      labelSmoothing: 0.1,
      batchSize: 128,
      epochs: 60,
    },
    target: 0.989,
    seeds: 5,
  },
  simard: {
    summary: 'one wide layer and distorted images, after Simard, Steinkraus and Platt (2003)',
    options: {
      hidden: [800],
      activation: 'gelu',
      loss: 'softmax-cross-entropy',
      optimizer: 'adamw',
      schedule: 'one-cycle',
      learningRate: 0.0015,
      l2: 0.05,
      elastic: 34,
      elasticSigma: 4,
      rotate: 12,
      zoom: 0.12,
      labelSmoothing: 0.05,
      batchSize: 128,
      epochs: 200,
    },
    target: 0.993,
    seeds: 5,
  },
  fast: {
    summary: '98 % in as little time as possible',
    options: {
      hidden: [200],
      activation: 'relu',
      loss: 'softmax-cross-entropy',
      optimizer: 'adamw',
      schedule: 'one-cycle',
      learningRate: 0.01,
      l2: 0.1,
      labelSmoothing: 0.1,
      batchSize: 128,
      epochs: 4,
    },
    target: 0.98,
    within: 3,
    seeds: 5,
  },
  'notes-30': {
    summary: 'note D as written, K = 30: sigmoid, squared error, plain gradient descent',
    options: { ...NOTE_D, hidden: [30] },
    seeds: 5,
  },
  'notes-100': {
    summary: 'note D as written, K = 100',
    options: { ...NOTE_D, hidden: [100] },
    seeds: 5,
  },
} satisfies Record<string, Recipe>;

export type RecipeName = keyof typeof RECIPES;

/** The names of the recipes, in the order of the table. */
export const RECIPE_NAMES = Object.keys(RECIPES) as RecipeName[];

/** The recipe of this name. */
export const recipeOf = (name: RecipeName): Recipe => RECIPES[name];
