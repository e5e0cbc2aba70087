/** The flags of the commands that use a model: eval, predict, inspect, explain, export and ui. */

import type { Split } from '../../data/data-source.ts';
import { ORIENTATIONS } from '../../explain/orientations.ts';
import type { Chosen, Given, OptionRows } from '../../options/option-row.ts';
import { DATA_ROWS } from '../../options/rows/data-rows.ts';
import { RUN_ROWS } from '../../options/rows/run-rows.ts';
import { asNumber, FILE, oneOf, POSITIVE, text, upTo, wholeNumber } from '../../options/values.ts';
import { PAGE_FLAGS } from './page-flags.ts';
import { SHELL_FLAGS } from './shell-flags.ts';

/** Which samples; by default those that the model was trained on. */
const SAMPLE_FLAGS = {
  data: {
    belongsTo: 'data',
    value: DATA_ROWS.data.value,
    schema: DATA_ROWS.data.schema,
    help: 'samples to use',
    defaultText: 'the data that the model was trained on',
  },
  labelColumn: {
    belongsTo: 'data',
    value: DATA_ROWS.labelColumn.value,
    schema: DATA_ROWS.labelColumn.schema,
    help: DATA_ROWS.labelColumn.help,
    defaultText: 'that of the training data',
  },
  split: {
    belongsTo: 'data',
    value: 'NAME',
    schema: oneOf(['train', 'test'] satisfies Split[]),
    byDefault: () => 'test',
    help: 'train or test',
  },
} as const satisfies OptionRows;

/** The images of the page. */
const IMAGE_DATA = { ...SAMPLE_FLAGS.data, value: 'mnist|DIR' } as const;

export const EVAL_FLAGS = {
  ...SAMPLE_FLAGS,
  minAccuracy: {
    belongsTo: 'shell',
    value: 'FRACTION',
    fromText: asNumber,
    schema: upTo(1),
    help: 'exit with code 4 if the accuracy is below it, as 0.98',
    defaultText: 'any accuracy will do',
    alsoKnownAs: ['threshold', 'min-acc', 'fail-under'],
  },
  ...SHELL_FLAGS,
} as const satisfies OptionRows;
export type EvalFlags = Chosen<typeof EVAL_FLAGS>;

export const REPRODUCE_FLAGS = {
  data: SAMPLE_FLAGS.data,
  threads: RUN_ROWS.threads,
  quiet: { belongsTo: 'shell', schema: SHELL_FLAGS.json.schema, help: 'print only the last line' },
  ...SHELL_FLAGS,
} as const satisfies OptionRows;
export type ReproduceFlags = Given<typeof REPRODUCE_FLAGS>;

export const PREDICT_FLAGS = {
  data: { ...SAMPLE_FLAGS.data, help: 'a data set to predict instead of inputs' },
  split: {
    belongsTo: 'data',
    value: SAMPLE_FLAGS.split.value,
    schema: SAMPLE_FLAGS.split.schema,
    help: 'of a data set: train or test',
    defaultText: 'test',
  },
  raw: {
    belongsTo: 'data',
    schema: SHELL_FLAGS.json.schema,
    help: 'resize images of other sizes, but do not prepare them as the images of MNIST were',
  },
  labelColumn: {
    ...SAMPLE_FLAGS.labelColumn,
    help: 'column of the CSV file that holds the classes, which is no input',
  },
  json: { ...SHELL_FLAGS.json, help: 'print one JSON object per input instead of text' },
  noColor: SHELL_FLAGS.noColor,
} as const satisfies OptionRows;
export type PredictFlags = Chosen<typeof PREDICT_FLAGS>;

export const INSPECT_FLAGS = SHELL_FLAGS;
export type InspectFlags = Chosen<typeof INSPECT_FLAGS>;

const NOT_OF_THE_DATA = 'which explains a sample of the data';

export const EXPLAIN_FLAGS = {
  sample: {
    belongsTo: 'data',
    value: 'I',
    fromText: asNumber,
    schema: wholeNumber(0, Number.MAX_SAFE_INTEGER, 'a whole number, 0 or more'),
    help: 'which sample of the data to explain, counted from 0',
    defaultText: '0',
  },
  ...SAMPLE_FLAGS,
  input: {
    belongsTo: 'data',
    value: 'FILE',
    schema: FILE,
    help: 'a PNG or JPEG image to explain instead, light on dark, of the size that the model takes',
    excludes: ['sample', 'data', 'split', 'labelColumn'].map((option) => ({
      option,
      because: NOT_OF_THE_DATA,
    })),
  },
  label: {
    belongsTo: 'data',
    value: 'CLASS',
    schema: text('a class'),
    help: 'the true class of --input',
    defaultText: 'the predicted class',
  },
  learningRate: {
    belongsTo: 'training',
    value: 'RATE',
    fromText: asNumber,
    schema: POSITIVE,
    help: 'α of the step',
    defaultText: "α/N of the model's training if that was with sgd, otherwise 0.01",
  },
  as: {
    belongsTo: 'shell',
    value: ORIENTATIONS.join('|'),
    schema: oneOf(ORIENTATIONS),
    help: 'the note whose letters, orientation and order to use, or rows for the project’s own',
    defaultText: 'D for squared error, E for the SVM, else C; rows for other networks and for JSON',
  },
  ...SHELL_FLAGS,
  json: { ...SHELL_FLAGS.json, help: 'print one JSON object, with all values, instead of text' },
} as const satisfies OptionRows;
export type ExplainFlags = Chosen<typeof EXPLAIN_FLAGS>;

/** A sample has a kilobyte; a page of more is better served. */
const MAX_SAMPLES = 500;

export const EXPORT_FLAGS = {
  to: {
    belongsTo: 'shell',
    value: 'FORMAT',
    required: true,
    schema: oneOf(['html']),
    help: 'html',
  },
  out: {
    belongsTo: 'shell',
    value: 'FILE',
    schema: FILE,
    help: 'file to write',
    defaultText: "the model's name with the extension of the format",
  },
  samples: {
    belongsTo: 'data',
    value: 'N',
    fromText: asNumber,
    schema: wholeNumber(0, MAX_SAMPLES),
    byDefault: () => 20,
    help: 'test images to include, to step through',
  },
  data: { ...IMAGE_DATA, help: 'where these images come from' },
  ...SHELL_FLAGS,
} as const satisfies OptionRows;
export type ExportFlags = Chosen<typeof EXPORT_FLAGS>;

export const UI_FLAGS = {
  data: { ...IMAGE_DATA, help: 'test images to step through' },
  ...PAGE_FLAGS,
  ...SHELL_FLAGS,
  json: { ...SHELL_FLAGS.json, help: 'print {"event":"listening","url":…} instead of text' },
} as const satisfies OptionRows;
export type UiFlags = Chosen<typeof UI_FLAGS>;
