/** Which of the samples a run uses: the classes that are kept, the rows held out. */

import { type HeldOutRows, holdOut } from '../../data/split.ts';
import { Random } from '../../kernels/random.ts';
import { UsageError } from '../../options/errors.ts';
import { didYouMean } from '../../options/suggest.ts';
import type { TrainOptions } from '../../options/train-options.ts';
import type { TrainFlags } from '../options/train-flags.ts';

/** The options of a run, and how many runs there will be: each has a seed of its own. */
export type RunOptions = TrainOptions & Pick<TrainFlags, 'repeat'>;

/** The test rows of `--test N`; undefined if none are to be split off. */
export function testRows(labels: Uint8Array, classes: number, { test, seed }: RunOptions) {
  if (typeof test !== 'number' || test === 0) return undefined;
  return usage(() => holdOut(labels, classes, test, new Random(seed, 'test'), 'test'));
}

/**
 * The training samples that `--validation` holds out, by the run's seed; undefined if none.
 *
 * @throws UsageError if it leaves no sample on one of the sides
 */
export function validationRows(
  labels: Uint8Array,
  classes: number,
  { validation, seed }: Pick<RunOptions, 'validation' | 'seed'>,
): HeldOutRows | undefined {
  if (validation === 0) return undefined;
  return usage(() => holdOut(labels, classes, validation, new Random(seed, 'validation')));
}

/** The classes to keep, in the order of the data, so that the order they are named in decides nothing. */
export function chosenClasses(found: readonly string[], { classes, data }: RunOptions): readonly string[] {
  if (classes === undefined) return found;
  const unknown = classes.find((name) => !found.includes(name));
  if (unknown !== undefined) {
    const known = found.length > 30 ? `names of ${found.length} classes` : found.join(', ');
    throw new UsageError(
      `--classes: expected ${known}, the classes of ${data}, got "${unknown}"${didYouMean(unknown, found)}`,
    );
  }
  return found.filter((name) => classes.includes(name));
}

/** What a RangeError of the data's readers says of an option is a wrong word of the user's. */
export function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--${error.message}`);
    throw error;
  }
}
