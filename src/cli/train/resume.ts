/** `mlp train --resume`: the options of a run that is continued, and whether it is still the same run. */

import { dirname, join, resolve } from 'node:path';
import type { DataSource } from '../../data/data-source.ts';
import { FileError } from '../../data/errors.ts';
import type { Checkpoint } from '../../formats/checkpoint.ts';
import type { Values } from '../../options/complete-options.ts';
import { UsageError } from '../../options/errors.ts';
import { flagOf, rowsOf, typed } from '../../options/option-row.ts';
import { decidesWeights, isKept, select, withPlaces } from '../../options/record.ts';
import { MNIST } from '../../options/rows/data-rows.ts';
import { scheduleOf } from '../../options/train-options.ts';
import { makeSchedule } from '../../train/optimizers/schedules.ts';
import { dataName } from '../files/reading.ts';
import {
  completeFlags,
  flagsOfConfig,
  type GivenFlags,
  TRAIN_FLAGS,
  type TrainFlags,
} from '../options/train-flags.ts';
import { VERSION } from '../version.ts';

/** The name of the model that a continued run writes beside its checkpoint. */
const MODEL_NAME = 'model.json';

/** The options as a checkpoint keeps them, by the keys of a config file. */
export const keptOptions = (options: TrainFlags): Values =>
  withPlaces(TRAIN_FLAGS, select(TRAIN_FLAGS, options, isKept), dataName);

/**
 * The options of the run that a checkpoint is of. What decides no weights may be given anew, and a run may be longer
 * than it was to be. A checkpoint may come from somebody else, so that no file is written whose name it holds: by default,
 * the model goes beside it.
 *
 * @param path the checkpoint's file, for messages
 * @throws FileError if an option that decides the weights was given another value
 * @throws UsageError if two of the options do not go together
 */
export function resumedFlags(path: string, checkpoint: Checkpoint, given: GivenFlags): TrainFlags {
  const kept = storedFlags(path, checkpoint);
  const run: Values = completeFlags({ ...kept, resume: path });
  const typedNow: Values = given;
  const now = withPlaces(TRAIN_FLAGS, given, dataName);
  const changed: [string, unknown][] = [];
  for (const [key, row] of rowsOf(TRAIN_FLAGS)) {
    if (now[key] === undefined) continue;
    const hasMoved = row.file === 'read' && isPlace(run[key]) && isPlace(now[key]);
    if (!decidesWeights(row) || hasMoved || (key === 'epochs' && isLonger(run[key], now[key])))
      changed.push([key, typedNow[key]]);
    else requireSame(path, typed(TRAIN_FLAGS, key, run[key]), typed(TRAIN_FLAGS, key, now[key]));
  }
  return completeFlags({
    ...kept,
    out: join(dirname(path), MODEL_NAME),
    ...Object.fromEntries(changed),
    resume: path,
    checkpoint: given.checkpoint ?? path,
  });
}

/** How many steps of the shorter run are compared, one an epoch's share. */
const PROBES = 100;

const isLonger = (kept: unknown, now: unknown) => Number(now) > Number(kept);

/** Says that patience may end a run before its schedule has lowered the learning rate. */
export function warnOfPatience(options: TrainFlags, warn: (line: string) => void): void {
  const { patience, schedule, epochs } = options;
  if (patience === undefined || patience >= epochs || !plansAll(options, epochs, 2 * epochs)) return;
  warn(
    `${schedule} lowers the learning rate over all ${epochs} epochs, and --patience may stop before that; ` +
      '--schedule constant goes with --patience',
  );
}

/** Whether a schedule's rates depend on how many epochs there are. */
function plansAll(options: TrainFlags, before: number, after: number): boolean {
  const factor = makeSchedule(scheduleOf(options));
  const steps = Array.from({ length: PROBES }, (_, i) => i * before);
  return steps.some((step) => factor(step, PROBES, before) !== factor(step, PROBES, after));
}

/**
 * Says how a run that is continued for more epochs differs from one that has had so many from its start: its learning
 * rates so far are those of the shorter run.
 */
export function warnOfLength(
  checkpoint: Checkpoint,
  options: TrainFlags,
  warn: (line: string) => void,
): void {
  const { epochs, schedule } = options;
  const before = Number(checkpoint.config.epochs);
  if (!plansAll(options, before, epochs)) return;
  warn(
    `${schedule} plans the learning rate over all epochs; this run has had that of ${before} epochs, goes on with ` +
      `that of ${epochs}, and is not the run that --epochs ${epochs} makes from the start`,
  );
}

/** The flags that continue a run with the files that it writes now. */
export function continuingFlags({ checkpoint = '', out, log }: TrainFlags): string {
  const usual = resolve(out) === resolve(dirname(checkpoint), MODEL_NAME);
  return [
    `--resume ${checkpoint}`,
    ...(usual ? [] : [`--out ${out}`]),
    ...(log === undefined ? [] : [`--log ${log}`]),
  ].join(' ');
}

function requireSame(path: string, expected: string, got: string): void {
  if (got === expected) return;
  throw new FileError(`${path}: expected ${expected}, as the run was started with, got ${got}`);
}

/** Whether a value is a path. Files may have moved since: whether they are the same is seen by their SHA-256. */
const isPlace = (value: unknown) => typeof value === 'string' && value !== MNIST;

/** @throws FileError if the checkpoint has an option, or a value of one, that this version does not know */
function storedFlags(path: string, { config }: Checkpoint): GivenFlags {
  try {
    const stored = flagsOfConfig(path, JSON.stringify(config));
    return select(TRAIN_FLAGS, stored, (row) => isKept(row) && row.file !== 'written');
  } catch (error) {
    if (error instanceof UsageError) throw new FileError(error.message, { cause: error });
    throw error;
  }
}

/**
 * @param given what is typed now
 * @param warn is called if another version wrote the checkpoint, or it names files that are not written
 * @throws FileError if the data are not those of the checkpoint's run
 */
export function requireSameData(
  path: string,
  { data, mlp, config }: Checkpoint,
  source: DataSource,
  given: GivenFlags,
  warn: (line: string) => void,
): void {
  if (source.sha256 !== data.sha256) {
    throw new FileError(
      `${path}: expected the data it was trained on, with the SHA-256 ${data.sha256}, got ${source.source} with ${source.sha256}`,
    );
  }
  if (mlp !== VERSION) warn(`${path} was written by mlp ${mlp}; the weights may differ in ${VERSION}`);
  const typedNow: Values = given;
  for (const [key, { file, staysOnResume }] of rowsOf(TRAIN_FLAGS)) {
    const named = config[key];
    if (file !== 'written' || !staysOnResume || typeof named !== 'string' || typedNow[key] !== undefined)
      continue;
    if (key === 'out' && resolve(named) === resolve(dirname(path), MODEL_NAME)) continue;
    warn(
      `${path} names ${named} for ${flagOf(key)}; no path in a checkpoint is written to, so pass ${flagOf(key)} to use it`,
    );
  }
}
