/** `mlp train --config` and `--print-config`: the options of a run as a file, and out of one. */

import { FileError } from '../../data/errors.ts';
import { decodeCheckpoint } from '../../formats/checkpoint.ts';
import { decodeModel } from '../../formats/model.ts';
import type { Values } from '../../options/complete-options.ts';
import { PARTS } from '../../options/option-row.ts';
import { decidesWeights, select } from '../../options/record.ts';
import { HEAD_BYTES, kindOf } from '../files/file-kind.ts';
import { readBytes } from '../files/reading.ts';
import { flagsOfConfig, type GivenFlags, TRAIN_FLAGS, type TrainFlags } from '../options/train-flags.ts';

/**
 * The options in a config file. A model or a checkpoint counts as one: of its options, those that decide the weights.
 *
 * @throws FileError or DataError if it cannot be read, or is none of these
 * @throws UsageError on a key or value that does not fit
 */
export async function readConfig(path: string): Promise<GivenFlags> {
  const bytes = await readBytes(path);
  const text = () => new TextDecoder().decode(bytes);
  const kind = kindOf(new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES)));
  if (kind === 'checkpoint') {
    const { config } = await decodeCheckpoint(new Uint8Array(bytes), path);
    return decidingFlags(path, config);
  }
  if (kind !== 'model') return flagsOfConfig(path, text());
  const { config } = (await decodeModel(text(), path)).training;
  if (config === undefined) {
    throw new FileError(`${path}: expected a model that records how it was trained, got one without that`);
  }
  return decidingFlags(path, config);
}

/** The options of a record; what another program wrote of files to write is no option. */
const decidingFlags = (path: string, config: Values): GivenFlags =>
  flagsOfConfig(path, JSON.stringify(select(TRAIN_FLAGS, config, decidesWeights)));

/** The text of a config file with the options of a run: those that decide its weights, and of the process those given. */
export function configText(options: TrainFlags, given: Values): string {
  const isPrinted = (key: string, row: (typeof TRAIN_FLAGS)[keyof typeof TRAIN_FLAGS]) =>
    decidesWeights(row) || (PARTS[row.belongsTo].reported && given[key] !== undefined);
  const values: Values = options;
  const keys = Object.entries(TRAIN_FLAGS).flatMap(([key, row]) =>
    isPrinted(key, row) && values[key] !== undefined ? [key] : [],
  );
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, values[key]])), null, 2);
}
