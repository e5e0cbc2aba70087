/** All flags of `mlp train`, which are also the keys of a config file. */

import { availableParallelism } from 'node:os';
import { FileError } from '../../data/errors.ts';
import { completeOptions, type Values } from '../../options/complete-options.ts';
import type { Chosen, Given, OptionRows } from '../../options/option-row.ts';
import { optionsFromJson, shown } from '../../options/read-options.ts';
import { newRun } from '../../options/recipe-options.ts';
import { TRAIN_OPTIONS } from '../../options/train-options.ts';
import { SWITCH, text } from '../../options/values.ts';
import { PAGE_FLAGS } from './page-flags.ts';
import { RUN_FLAGS } from './run-flags.ts';
import { SHELL_FLAGS } from './shell-flags.ts';

/** Of the flags that need the page. */
const ON_THE_PAGE = { group: 'Page', needs: { anyOf: ['ui'], because: 'the page it is of' } } as const;

/** A row a flag. */
export const TRAIN_FLAGS = {
  ...TRAIN_OPTIONS,
  ...RUN_FLAGS,
  ui: {
    belongsTo: 'page',
    group: 'Most used options',
    schema: SWITCH,
    help: 'show the run on a page, which stays open until Ctrl-C',
    excludes: [{ option: 'findLearningRate', because: 'which has no page' }],
  },
  host: { ...PAGE_FLAGS.host, ...ON_THE_PAGE },
  port: { ...PAGE_FLAGS.port, ...ON_THE_PAGE },
  noOpen: { ...PAGE_FLAGS.noOpen, ...ON_THE_PAGE },
  json: { ...SHELL_FLAGS.json, group: 'Output', help: 'print one JSON object per line instead of text' },
  quiet: { belongsTo: 'shell', group: 'Output', schema: SWITCH, help: 'print only the last line' },
  noColor: { ...SHELL_FLAGS.noColor, group: 'Output', help: 'no colour' },
  config: {
    belongsTo: 'shell',
    group: 'Files',
    value: 'FILE',
    flagOnly: true,
    file: 'read',
    schema: text('a file'),
    help: 'JSON file with these options in camelCase, a model or a checkpoint; a flag overrides it',
    alsoKnownAs: ['cfg', 'config-file', 'settings'],
  },
  printConfig: {
    belongsTo: 'shell',
    group: 'Files',
    flagOnly: true,
    schema: SWITCH,
    help: 'do not train: print all options of the run as a file for --config',
    alsoKnownAs: ['dry-run', 'show-config'],
  },
} as const satisfies OptionRows;

/** What is given of them. */
export type GivenFlags = Given<typeof TRAIN_FLAGS>;

/** All of them, every default chosen. */
export type TrainFlags = Chosen<typeof TRAIN_FLAGS>;

/**
 * Every default chosen on this machine.
 *
 * @throws UsageError if two of the flags do not go together
 */
export const completeFlags = (given: Values): TrainFlags =>
  completeOptions(TRAIN_FLAGS, given, availableParallelism());

/** The flags of a new run, those of its recipe included; @throws UsageError as `completeFlags` */
export const newRunFlags = (given: GivenFlags): TrainFlags => newRun(given, completeFlags);

/**
 * The flags in a config file.
 *
 * @param name the file's, for messages
 * @throws UsageError on a key or value that does not fit; FileError if the text is no JSON object
 */
export function flagsOfConfig(name: string, text: string): GivenFlags {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new FileError(`${name}: expected JSON: ${(error as Error).message.replaceAll(/\s+/g, ' ')}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new FileError(`${name}: expected an object of options, got ${shown(json)}`);
  }
  return optionsFromJson(TRAIN_FLAGS, json, name);
}
