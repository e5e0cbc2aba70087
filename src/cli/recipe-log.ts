/** The log of a recipe under docs/recipes: the events of its runs and, last, how they were measured. */

import { flagOf } from '../options/option-row.ts';
import { RECIPE_KEYS, recipeFlags } from '../options/recipe-options.ts';
import type { RecipeName } from '../options/recipes.ts';

/** What `npm run recipes` adds as the last line. */
export interface Measurement {
  readonly event: 'measurement';
  readonly command: string;
  /** From start to exit of that command, all its runs together. */
  readonly wallSeconds: number;
  /** From start to exit of single runs, each a command of its own; empty where a run is long. */
  readonly aloneSeconds: readonly number[];
  readonly node: string;
  readonly cores: number;
  readonly mlp: string;
}

/** A run of the log, as its `end` event tells it. */
export interface MeasuredRun {
  readonly seed: number;
  readonly testAccuracy: number;
  /** Training time alone. */
  readonly seconds: number;
}

/** What a log says. */
export interface RecipeLog {
  /** Of the first `start` event. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly runs: readonly MeasuredRun[];
  readonly measurement: Measurement;
  /** Whether the epochs of every run are there, or those of the first alone. */
  readonly whole: boolean;
}

/** A log above this is cut. */
const MAX_BYTES = 100_000;

interface Event {
  readonly event: string;
  readonly [key: string]: unknown;
}

const eventsOf = (text: string): Event[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** The lines of a log that are kept: all, or of one above 100 kB the first run's and of the others the ends. */
export function keptLines(text: string): string {
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
 * @param name the file's, for messages
 * @throws Error if it has no start, no end or no measurement, or a run without a test accuracy
 */
export function readLog(name: string, text: string): RecipeLog {
  const events = eventsOf(text);
  const [start] = events;
  const ends = events.filter(({ event }) => event === 'end');
  const measurement = events.at(-1);
  if (start?.event !== 'start' || ends.length === 0 || measurement?.event !== 'measurement') {
    throw new Error(`${name}: expected a start, ends and, last, a measurement`);
  }
  const config = start.config as Record<string, unknown>;
  const runs = ends.map(({ seed = config.seed, testAccuracy, seconds }) => {
    if (typeof testAccuracy !== 'number') throw new Error(`${name}: expected runs with a test accuracy`);
    return { seed: seed as number, testAccuracy, seconds: seconds as number };
  });
  const starts = events.filter(({ event }) => event === 'start').length;
  return {
    config,
    runs,
    measurement: measurement as unknown as Measurement,
    whole: starts === ends.length,
  };
}

/**
 * Where a log's run was configured otherwise than the recipe is now, in words; undefined where it was not.
 *
 * @param config what the recipe resolves to now
 */
export function difference(log: RecipeLog, config: object): string | undefined {
  const [then, now] = [log.config, config as Record<string, unknown>];
  const key = ['recipe', 'data', ...RECIPE_KEYS].find(
    (name) => JSON.stringify(then[name]) !== JSON.stringify(now[name]),
  );
  if (key === undefined) return undefined;
  return `${flagOf(key)} was ${JSON.stringify(then[key])}, is now ${JSON.stringify(now[key])}`;
}

/** The command that trains a recipe by its name, and the same flag by flag. */
export const commandsOf = (name: RecipeName, seeds: number): [named: string, spelled: string] => [
  `npx mlp train --recipe ${name} --repeat ${seeds}`,
  `npx mlp train ${recipeFlags(name).join(' ')} --repeat ${seeds}`,
];
