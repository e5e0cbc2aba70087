/** What of a run's options is recorded, where: in models and checkpoints, in events, in comparisons. */

import * as v from 'valibot';
import type { Values } from './complete-options.ts';
import {
  type DecidingPart,
  type OptionRow,
  type OptionRows,
  PARTS,
  type RowsOf,
  rowsOf,
} from './option-row.ts';
import { TRAIN_OPTIONS } from './train-options.ts';

/** Whether an option decides the trained weights. */
export const decidesWeights = ({ belongsTo }: OptionRow): boolean => PARTS[belongsTo].decides;

/** Whether a checkpoint keeps an option. */
export const isKept = (row: OptionRow): boolean => decidesWeights(row) || row.staysOnResume === true;

/** Whether an option is part of the configuration that the start event reports. */
export const isReported = ({ belongsTo }: OptionRow): boolean => PARTS[belongsTo].reported;

/** Those of the options whose rows fulfil a condition, in the order of the table. */
export function select(rows: OptionRows, options: Values, holds: (row: OptionRow) => boolean) {
  const keys = rowsOf(rows).flatMap(([key, row]) => (holds(row) && options[key] !== undefined ? [key] : []));
  return Object.fromEntries(keys.map((key) => [key, options[key]]));
}

/** The same options, the names of files and folders that are read as `nameOf` has them. */
export function withPlaces(rows: OptionRows, options: Values, nameOf: (path: string) => string): Values {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => {
      const isPlace = rows[key]?.file === 'read' && typeof value === 'string';
      return [key, isPlace ? nameOf(value) : value];
    }),
  );
}

/** A recorded value. The names of another version may be others, so any name is one. */
type Recorded<Schema extends v.GenericSchema> =
  Schema extends v.PicklistSchema<infer _Names, infer _Message> ? string : v.InferOutput<Schema>;

type DecidingRows = RowsOf<typeof TRAIN_OPTIONS, DecidingPart>;

/** The configuration in a model file or a log. Any of it may be absent, and what is unknown is kept. */
export type RecordedConfig = {
  readonly [K in keyof DecidingRows]?: Recorded<DecidingRows[K]['schema']>;
} & Values;

/**
 * Reads a recorded configuration.
 *
 * @param fail makes the error for what does not fit, of a message such as `config.epochs: expected …`
 */
export function decodeConfig(json: object, fail: (message: string) => Error): RecordedConfig {
  const rows: OptionRows = TRAIN_OPTIONS;
  const entries = Object.entries(json).map(([key, value]) => {
    const row = Object.hasOwn(rows, key) ? rows[key] : undefined;
    if (row === undefined || !decidesWeights(row)) return [key, value];
    const schema = row.schema.type === 'picklist' ? v.string('a name') : row.schema;
    const result = v.safeParse(schema, value);
    if (result.success) return [key, result.output];
    throw fail(`config.${key}: expected ${result.issues[0].message}, got ${JSON.stringify(value)}`);
  });
  return Object.fromEntries(entries);
}

/** The keys in which configurations of the same kind of run are compared; layers are compared as such. */
export const COMPARED_KEYS: readonly string[] = rowsOf(TRAIN_OPTIONS).flatMap(([key, row]) =>
  decidesWeights(row) && !row.seenInLayers ? [key] : [],
);
