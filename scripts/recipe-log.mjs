// @ts-check
// The log of a recipe under docs/recipes: the events of its runs and, last, how they were measured. Needs dist.

import { flagOf } from '../dist/options/option-row.js';
import { RECIPE_KEYS, recipeFlags } from '../dist/options/recipe-options.js';

/** @typedef {import('../src/options/recipes.ts').RecipeName} RecipeName */

/**
 * The last line of a log, added by `npm run recipes`.
 *
 * @typedef {object} Measurement
 * @property {'measurement'} event
 * @property {string} command
 * @property {number} wallSeconds from start to exit of that command, all its runs together
 * @property {readonly number[]} aloneSeconds from start to exit of single runs, each its own command; none if a run is long
 * @property {string} node
 * @property {number} cores
 * @property {string} mlp
 */

/**
 * A run of the log, from its `end` event.
 *
 * @typedef {object} MeasuredRun
 * @property {number} seed
 * @property {number} testAccuracy
 * @property {number} seconds training time alone
 */

/**
 * @typedef {object} RecipeLog
 * @property {Readonly<Record<string, unknown>>} config of the first `start` event
 * @property {readonly MeasuredRun[]} runs
 * @property {Measurement} measurement
 * @property {boolean} whole whether the epochs of every run are in the log, or only those of the first
 */

/** A larger log is cut. */
const MAX_BYTES = 100_000;

/** @param {string} text @returns {Record<string, any>[]} */
const eventsOf = (text) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/**
 * The lines of a log to keep: all, or above 100 kB those of the first run and the ends of the others.
 *
 * @param {string} text
 */
export function keptLines(text) {
  if (Buffer.byteLength(text) <= MAX_BYTES) return text;
  const lines = text.split('\n').filter((line) => line !== '');
  const events = eventsOf(text);
  const first = events.findIndex(({ event }) => event === 'end');
  const kept = lines.filter((_, i) => i <= first || !['start', 'epoch'].includes(events[i].event));
  return `${kept.join('\n')}\n`;
}

/**
 * Reads a log.
 *
 * @param {string} name the file's, for messages
 * @param {string} text
 * @returns {RecipeLog}
 * @throws Error if it has no start, no end or no measurement, or a run without a test accuracy
 */
export function readLog(name, text) {
  const events = eventsOf(text);
  const [start] = events;
  const ends = events.filter(({ event }) => event === 'end');
  const measurement = events.at(-1);
  if (start?.event !== 'start' || ends.length === 0 || measurement?.event !== 'measurement') {
    throw new Error(`${name}: expected a start, ends and, last, a measurement`);
  }
  const { config } = start;
  const runs = ends.map(({ seed = config.seed, testAccuracy, seconds }) => {
    if (typeof testAccuracy !== 'number') throw new Error(`${name}: expected runs with a test accuracy`);
    return { seed, testAccuracy, seconds };
  });
  const starts = events.filter(({ event }) => event === 'start').length;
  return {
    config,
    runs,
    measurement: /** @type {Measurement} */ (measurement),
    whole: starts === ends.length,
  };
}

/**
 * How the configuration of a log's run differs from the recipe; undefined if it does not.
 *
 * @param {RecipeLog} log
 * @param {object} config what the recipe resolves to
 */
export function difference(log, config) {
  const before = log.config;
  const now = /** @type {Record<string, unknown>} */ (config);
  const key = ['recipe', 'data', ...RECIPE_KEYS].find(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]),
  );
  if (key === undefined) return undefined;
  return `${flagOf(key)} was ${JSON.stringify(before[key])}, is now ${JSON.stringify(now[key])}`;
}

/**
 * The command that trains a recipe by name, and the same with every option.
 *
 * @param {RecipeName} name
 * @param {number} seeds
 * @returns {[named: string, spelled: string]}
 */
export const commandsOf = (name, seeds) => [
  `npx mlp train --recipe ${name} --repeat ${seeds}`,
  `npx mlp train ${recipeFlags(name).join(' ')} --repeat ${seeds}`,
];
