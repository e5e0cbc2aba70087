/** The options that say which run it is, and on how many threads it computes. */

import { MAX_SEED } from '../../kernels/random.ts';
import type { OptionRows } from '../option-row.ts';
import { RECIPE_NAMES } from '../recipes.ts';
import { asNumber, oneOf, wholeNumber } from '../values.ts';
import { distortsImages } from './distortion-rows.ts';

/** More would only wait for each other: a wide layer is divided into ten blocks. */
const MAX_THREADS = 64;
const DEFAULT_THREADS = 8;

/** The recipe that a run starts from. */
export const RECIPE_ROWS = {
  recipe: {
    belongsTo: 'run',
    group: 'Most used options',
    value: 'NAME',
    schema: oneOf(RECIPE_NAMES),
    byDefault: () => 'default',
    alsoKnownAs: ['preset'],
    help: `options that were tuned together; your own options override it: ${RECIPE_NAMES.join(', ')}`,
  },
} as const satisfies OptionRows;

/** Seed and threads. */
export const RUN_ROWS = {
  seed: {
    belongsTo: 'run',
    group: 'Run',
    value: 'N',
    fromText: asNumber,
    schema: wholeNumber(0, MAX_SEED),
    byDefault: () => 1,
    alsoKnownAs: ['random-seed', 'random-state', 'manual-seed'],
    help: 'seed of the initial weights, the shuffles and the held-out samples',
  },
  threads: {
    belongsTo: 'process',
    group: 'Run',
    value: 'N',
    fromText: asNumber,
    schema: wholeNumber(1, MAX_THREADS),
    byDefault: (choices) => {
      const threads = Math.min(choices.cores, DEFAULT_THREADS);
      // Distorting images has a thread of its own.
      return distortsImages(choices) ? Math.max(1, threads - 1) : threads;
    },
    alsoKnownAs: ['jobs', 'j', 'workers', 'num-workers', 'n-jobs', 'cores'],
    help: 'threads to train on; the model is the same for every number',
    defaultText: `the number of cores, at most ${DEFAULT_THREADS}; one less with distorted images`,
  },
} as const satisfies OptionRows;
