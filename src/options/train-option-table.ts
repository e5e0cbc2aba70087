/** The table of `mlp train`'s options: from it the flags, their help and the keys of a config file follow. */

import * as v from 'valibot';
import { MOST_SIGMA } from '../kernels/distortion.ts';
import { MAX_SEED } from '../kernels/random.ts';
import { ACTIVATION_NAMES } from '../network/activations.ts';
import { LOSS_NAMES } from '../network/losses.ts';
import { DEFAULT_ELASTIC_SIGMA, MAX_DISTORTION } from '../train/augmentation.ts';
import { OPTIMIZER_NAMES } from '../train/optimizers/optimizers.ts';
import { DEFAULT_DECAY, SCHEDULE_NAMES } from '../train/optimizers/schedules.ts';
import { DATA_OPTIONS } from './data-options.ts';
import { PAGE_OPTIONS } from './page-options.ts';
import { RECIPE_NAMES } from './recipes.ts';

/** How the text of a flag becomes the value that the schema checks; text that does not fit stays text. */
export type FromText = (text: string) => unknown;

const asText: FromText = (text) => text;
const asNumber: FromText = (text) =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
export const asWidths: FromText = (text) =>
  text === 'none' ? 'none' : text.split(',').map((part) => asNumber(part.trim()));

const count = (what: string) =>
  v.pipe(v.number(what), v.integer(what), v.minValue(1, what), v.maxValue(1e9, what));
const ratio = (what: string, above: number) => v.pipe(v.number(what), v.finite(what), v.gtValue(above, what));

const WIDTHS = 'one or more positive whole numbers (200 or 200,100) or `none`';
const HELD_OUT = '0, a whole number of samples, or a fraction between 0 and 1';
/** More would only wait for each other: a wide layer is divided into ten blocks. */
const MAX_THREADS = 64;
export const DEFAULT_THREADS = 8;
const THREADS = `a whole number from 1 to ${MAX_THREADS}`;
/** More is a mistake: it would take days. */
const MAX_REPEATS = 1000;
const REPEATS = `a whole number from 1 to ${MAX_REPEATS}`;
const DECAY = 'a number above 0 and at most 1';
const NON_NEGATIVE = 'a number, 0 or more';
const SHARE = 'a number from 0 up to, not including, 1';
const share = v.pipe(v.number(SHARE), v.minValue(0, SHARE), v.ltValue(1, SHARE));
const upTo = (most: number) => {
  const what = `a number from 0 to ${most}`;
  return v.pipe(v.number(what), v.minValue(0, what), v.maxValue(most, what));
};
const SIGMA = `a number above 0 and at most ${MOST_SIGMA}`;
const oneOf = (names: readonly string[]) => `one of ${names.join(', ')}`;

/** A row of the table of options. */
export interface OptionRow {
  /** The placeholder of its value; none for a switch. */
  readonly value?: string;
  readonly fromText?: FromText;
  readonly schema: v.GenericSchema;
  readonly help: string;
  /** The default as `--help` tells it where the recipe `default` says nothing. */
  readonly defaultText?: string;
}

const width = v.pipe(v.number(WIDTHS), v.integer(WIDTHS), v.minValue(1, WIDTHS), v.maxValue(1e6, WIDTHS));

/** Every flag of `train`; a key is the flag's name in camelCase. */
export const TRAIN_OPTIONS = {
  recipe: {
    value: 'NAME',
    fromText: asText,
    schema: v.picklist(RECIPE_NAMES, oneOf(RECIPE_NAMES)),
    help: `options that go together; any of them given as well wins: ${RECIPE_NAMES.join(', ')}`,
    defaultText: 'default',
  },
  data: {
    value: 'mnist|DIR|FILE.csv',
    fromText: asText,
    schema: v.pipe(
      v.string('`mnist`, a folder or a CSV file'),
      v.minLength(1, '`mnist`, a folder or a CSV file'),
    ),
    help: 'MNIST, a folder of IDX files or of one folder of images a class, or a CSV file',
    defaultText: 'mnist',
  },
  ...DATA_OPTIONS,
  validation: {
    value: 'N',
    fromText: asNumber,
    schema: v.pipe(
      v.number(HELD_OUT),
      v.minValue(0, HELD_OUT),
      v.check((n) => n < 1 || Number.isInteger(n), HELD_OUT),
    ),
    help: 'training samples held out: how many, or which fraction',
    defaultText: '0',
  },
  hidden: {
    value: 'WIDTHS',
    fromText: asWidths,
    schema: v.pipe(
      v.union([v.literal('none'), v.pipe(v.array(width), v.minLength(1)), width], WIDTHS),
      v.transform((widths) => (widths === 'none' ? [] : typeof widths === 'number' ? [widths] : widths)),
    ),
    help: 'widths of the hidden layers (200 or 200,100), or none',
  },
  activation: {
    value: 'NAME',
    fromText: asText,
    schema: v.picklist(ACTIVATION_NAMES, oneOf(ACTIVATION_NAMES)),
    help: ACTIVATION_NAMES.join(', '),
    defaultText: 'relu; sigmoid with squared-error',
  },
  outputActivation: {
    value: 'NAME',
    fromText: asText,
    schema: v.picklist(ACTIVATION_NAMES, oneOf(ACTIVATION_NAMES)),
    help: 'activation of the output layer (squared-error only)',
    defaultText: 'that of --activation',
  },
  loss: {
    value: 'NAME',
    fromText: asText,
    schema: v.picklist(LOSS_NAMES, oneOf(LOSS_NAMES)),
    help: LOSS_NAMES.join(', '),
    defaultText: 'softmax-cross-entropy',
  },
  epochs: {
    value: 'N',
    fromText: asNumber,
    schema: count('a positive whole number'),
    help: 'passes over the training samples',
  },
  batchSize: {
    value: 'N',
    fromText: asNumber,
    schema: count('a positive whole number'),
    help: 'samples in a step',
  },
  learningRate: {
    value: 'RATE',
    fromText: asNumber,
    schema: ratio('a number above 0', 0),
    help: 'step size of the optimizer',
    defaultText:
      '0.001 with rmsprop, adam and adamw; else depends on loss and activation, with momentum and nesterov times 1 − μ',
  },
  optimizer: {
    value: 'NAME',
    fromText: asText,
    schema: v.picklist(OPTIMIZER_NAMES, oneOf(OPTIMIZER_NAMES)),
    help: OPTIMIZER_NAMES.join(', '),
    defaultText: 'sgd',
  },
  momentum: {
    value: 'MU',
    fromText: asNumber,
    schema: v.pipe(v.number(SHARE), v.minValue(0, SHARE), v.ltValue(1, SHARE)),
    help: 'μ of momentum and nesterov: how much of the last step goes on',
    defaultText: '0.9',
  },
  schedule: {
    value: 'NAME',
    fromText: asText,
    schema: v.picklist(SCHEDULE_NAMES, oneOf(SCHEDULE_NAMES)),
    help: `how the learning rate changes over the run: ${SCHEDULE_NAMES.join(', ')}`,
    defaultText: 'constant',
  },
  decay: {
    value: 'GAMMA',
    fromText: asNumber,
    schema: v.pipe(v.number(DECAY), v.gtValue(0, DECAY), v.maxValue(1, DECAY)),
    help: 'factor of the learning rate: of step at ½ and at ¾ of the run, of exponential in every epoch',
    defaultText: `step ${DEFAULT_DECAY.step}, exponential ${DEFAULT_DECAY.exponential}`,
  },
  warmUp: {
    value: 'EPOCHS',
    fromText: asNumber,
    schema: v.pipe(v.number(NON_NEGATIVE), v.finite(NON_NEGATIVE), v.minValue(0, NON_NEGATIVE)),
    help: 'epochs, or a fraction of one, in which the learning rate first rises to its value',
    defaultText: '0',
  },
  findLearningRate: {
    schema: v.boolean('true or false'),
    help: 'instead of training, draw the loss over rising learning rates and suggest one',
  },
  l2: {
    value: 'LAMBDA',
    fromText: asNumber,
    schema: v.pipe(v.number(NON_NEGATIVE), v.finite(NON_NEGATIVE), v.minValue(0, NON_NEGATIVE)),
    help: 'weight decay: λ of the term λ/2 Σw²; with adamw of its decoupled decay',
    defaultText: '0',
  },
  l1: {
    value: 'LAMBDA',
    fromText: asNumber,
    schema: v.pipe(v.number(NON_NEGATIVE), v.finite(NON_NEGATIVE), v.minValue(0, NON_NEGATIVE)),
    help: 'λ of the term λ Σ|w|',
    defaultText: '0',
  },
  dropout: {
    value: 'RATE',
    fromText: asNumber,
    schema: share,
    help: 'probability with which a hidden unit is dropped in training',
    defaultText: '0',
  },
  inputDropout: {
    value: 'RATE',
    fromText: asNumber,
    schema: share,
    help: 'the same of an input',
    defaultText: '0',
  },
  maxNorm: {
    value: 'NORM',
    fromText: asNumber,
    schema: ratio('a number above 0', 0),
    help: "largest norm of a unit's incoming weights",
    defaultText: 'none',
  },
  labelSmoothing: {
    value: 'EPSILON',
    fromText: asNumber,
    schema: share,
    help: 'ε of the targets (1 − ε) y + ε/C (cross-entropies only)',
    defaultText: '0',
  },
  shift: {
    value: 'PIXELS',
    fromText: asNumber,
    schema: upTo(MAX_DISTORTION.shift),
    help: 'shift each training image at random, each way by up to so many pixels (images only)',
    defaultText: '0',
  },
  rotate: {
    value: 'DEGREES',
    fromText: asNumber,
    schema: upTo(MAX_DISTORTION.rotate),
    help: 'rotate it by up to so many degrees, both ways',
    defaultText: '0',
  },
  zoom: {
    value: 'SHARE',
    fromText: asNumber,
    schema: share,
    help: 'scale its height and width, each by a factor from 1 − SHARE to 1 + SHARE',
    defaultText: '0',
  },
  elastic: {
    value: 'ALPHA',
    fromText: asNumber,
    schema: upTo(MAX_DISTORTION.elastic),
    help: 'bend it by a random field, blurred and times ALPHA: elastic distortions (34 for 28 × 28 pixels)',
    defaultText: '0',
  },
  elasticSigma: {
    value: 'SIGMA',
    fromText: asNumber,
    schema: v.pipe(v.number(SIGMA), v.gtValue(0, SIGMA), v.maxValue(MOST_SIGMA, SIGMA)),
    help: "standard deviation of that field's blur, in pixels",
    defaultText: String(DEFAULT_ELASTIC_SIGMA),
  },
  patience: {
    value: 'EPOCHS',
    fromText: asNumber,
    schema: count('a positive whole number'),
    help: 'stop after so many epochs without a better one by validation',
    defaultText: 'all epochs run',
  },
  seed: {
    value: 'N',
    fromText: asNumber,
    schema: v.pipe(
      v.number(`a whole number from 0 to ${MAX_SEED}`),
      v.integer(`a whole number from 0 to ${MAX_SEED}`),
      v.minValue(0, `a whole number from 0 to ${MAX_SEED}`),
      v.maxValue(MAX_SEED, `a whole number from 0 to ${MAX_SEED}`),
    ),
    help: 'decides initial weights, shuffles and the held-out samples',
    defaultText: '1',
  },
  threads: {
    value: 'N',
    fromText: asNumber,
    schema: v.pipe(
      v.number(THREADS),
      v.integer(THREADS),
      v.minValue(1, THREADS),
      v.maxValue(MAX_THREADS, THREADS),
    ),
    help: 'threads to train on; the model is the same for every number',
    defaultText: `the cores, at most ${DEFAULT_THREADS}; one less with images distorted, which takes a thread of its own`,
  },
  repeat: {
    value: 'N',
    fromText: asNumber,
    schema: v.pipe(count(REPEATS), v.maxValue(MAX_REPEATS, REPEATS)),
    help: 'train so many times, with seeds from --seed on, and tell mean ± sd',
    defaultText: '1',
  },
  out: {
    value: 'FILE',
    fromText: asText,
    schema: v.pipe(v.string('a file'), v.minLength(1, 'a file')),
    help: 'where the model goes',
    defaultText: 'model.json',
  },
  checkpoint: {
    value: 'FILE',
    fromText: asText,
    schema: v.pipe(v.string('a file'), v.minLength(1, 'a file')),
    help: 'where the state of the run goes as it trains, and on Ctrl-C',
    defaultText: 'none; with --resume its file',
  },
  checkpointEvery: {
    value: 'STEPS',
    fromText: asNumber,
    schema: count('a positive whole number'),
    help: 'steps from checkpoint to checkpoint',
    defaultText: 'one where an epoch ends',
  },
  resume: {
    value: 'FILE',
    fromText: asText,
    schema: v.pipe(v.string('a file'), v.minLength(1, 'a file')),
    help: 'continue the run of a checkpoint, with its options, to the same weights',
    defaultText: 'a new run',
  },
  log: {
    value: 'FILE',
    fromText: asText,
    schema: v.pipe(v.string('a file'), v.minLength(1, 'a file')),
    help: 'append the events to this file, one JSON object a line',
    defaultText: 'none',
  },
  ui: { schema: v.boolean('true or false'), help: 'show the run on a page, which stays until Ctrl-C' },
  ...PAGE_OPTIONS,
  json: { schema: v.boolean('true or false'), help: 'print one JSON object a line instead of text' },
  quiet: { schema: v.boolean('true or false'), help: 'print the last line alone' },
  noColor: { schema: v.boolean('true or false'), help: 'no colour and no bar' },
} as const satisfies Record<string, OptionRow>;

export type OptionName = keyof typeof TRAIN_OPTIONS;

/** What flags or a config file say, checked; what they do not say is absent. */
export type GivenOptions = { [K in OptionName]?: v.InferOutput<(typeof TRAIN_OPTIONS)[K]['schema']> };
