/** `mlp train --resume`: the options of a run that is continued, and whether it is still the same run. */

import type { DataSource } from '../../data/data-source.ts';
import { FileError } from '../../data/errors.ts';
import type { Checkpoint } from '../../formats/checkpoint.ts';
import { UsageError } from '../../options/errors.ts';
import type { GivenOptions } from '../../options/train-option-table.ts';
import { completeOptions, flagOf, givenOptions, type TrainOptions } from '../../options/train-options.ts';
import { dataName, MNIST } from '../files.ts';

/** What may differ from run to run: none of it changes the weights. The others are kept from the checkpoint. */
const OF_THIS_PROCESS = ['threads', 'json', 'quiet', 'noColor', 'checkpoint', 'resume'] as const;
const OF_THE_PAGE = ['ui', 'host', 'port', 'noOpen'] as const;
const MAY_DIFFER: readonly string[] = [
  ...OF_THIS_PROCESS,
  ...OF_THE_PAGE,
  ...['out', 'log', 'checkpointEvery'],
];

/** Where samples are. Files may have moved since: whether they are the same is seen by their SHA-256. */
const PLACES = ['data', 'test'] as const;
const isPlace = (value: unknown) => typeof value === 'string' && value !== MNIST;

/** The options as a checkpoint keeps them: those that a config file could hold, without the ones of this process. */
export function keptOptions(options: TrainOptions): Record<string, unknown> {
  const kept: Record<string, unknown> = { ...options, ...placesOf(options) };
  for (const key of OF_THIS_PROCESS) delete kept[key];
  return { ...kept, hidden: options.hidden.length === 0 ? 'none' : options.hidden };
}

/**
 * The options of the run that a checkpoint is of, with what was given now where that may differ.
 *
 * @param path the checkpoint's file, for messages
 * @throws FileError if something else was given than the run was started with
 * @throws UsageError if --repeat was given
 */
export function resumedOptions(path: string, checkpoint: Checkpoint, given: GivenOptions): TrainOptions {
  if (given.repeat !== undefined && given.repeat > 1) {
    throw new UsageError('--repeat: expected without --resume, which continues one run');
  }
  const kept = storedOptions(path, checkpoint);
  const run: Record<string, unknown> = { ...completeOptions({ ...kept, resume: path }) };
  const now: Record<string, unknown> = { ...given, ...placesOf(given) };
  const moved = PLACES.filter((key) => isPlace(run[key]) && isPlace(now[key]));
  const free: readonly string[] = [...MAY_DIFFER, ...moved];
  for (const key of Object.keys(now)) {
    const [expected, got] = [asFlag(key, run[key]), asFlag(key, now[key])];
    if (free.includes(key) || got === expected) continue;
    throw new FileError(`${path}: expected ${expected}, as the run was started with, got ${got}`);
  }
  const changed = Object.fromEntries(Object.entries(given).filter(([key]) => free.includes(key)));
  return completeOptions({ ...kept, ...changed, resume: path, checkpoint: given.checkpoint ?? path });
}

/** @throws FileError if the checkpoint has an option, or a value of one, that this version does not know */
function storedOptions(path: string, { config }: Checkpoint): GivenOptions {
  try {
    return givenOptions({}, { name: path, text: JSON.stringify(config) });
  } catch (error) {
    if (error instanceof UsageError) throw new FileError(error.message, { cause: error });
    throw error;
  }
}

/** @throws FileError if the data are not those of the checkpoint's run */
export function requireSameData(path: string, { data }: Checkpoint, source: DataSource): void {
  if (source.sha256 === data.sha256) return;
  throw new FileError(
    `${path}: expected the data it was trained on, with the SHA-256 ${data.sha256}, got ${source.source} with ${source.sha256}`,
  );
}

/** Where the samples are, whatever folder the run is continued from. */
function placesOf({ data, test }: GivenOptions): Pick<GivenOptions, 'data' | 'test'> {
  return {
    ...(data !== undefined && { data: dataName(data) }),
    ...(typeof test === 'string' && { test: dataName(test) }),
  };
}

/** An option as it stands on the command line. */
function asFlag(key: string, value: unknown): string {
  if (value === undefined || value === false) return `no ${flagOf(key)}`;
  if (value === true) return flagOf(key);
  const list = Array.isArray(value) ? value.join(key === 'size' ? 'x' : ',') || 'none' : String(value);
  return `${flagOf(key)} ${list}`;
}
