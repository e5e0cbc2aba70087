/** The options of `mlp train`: one table from which the flags, their help and the keys of a config file follow. */

import { availableParallelism } from 'node:os';
import * as v from 'valibot';
import { MAX_SEED } from '../kernels/random.ts';
import { ACTIVATION_NAMES, type ActivationName } from '../network/activations.ts';
import { LOSS_NAMES, type LossName } from '../network/losses.ts';
import { OPTIMIZER_NAMES, type OptimizerName, type OptimizerOptions } from '../train/optimizers.ts';
import { SMOOTHABLE } from '../train/regularisation.ts';
import {
  DEFAULT_DECAY,
  SCHEDULE_NAMES,
  type ScheduleName,
  type ScheduleOptions,
} from '../train/schedules.ts';
import { DATA_OPTIONS, type DataOptions, dataOptions } from './data-options.ts';
import { FileError, UsageError } from './errors.ts';
import { didYouMean } from './suggest.ts';

/** How the text of a flag becomes the value that the schema checks; text that does not fit stays text. */
type FromText = (text: string) => unknown;

const asText: FromText = (text) => text;
const asNumber: FromText = (text) =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
const asWidths: FromText = (text) =>
  text === 'none' ? 'none' : text.split(',').map((part) => asNumber(part.trim()));

const count = (what: string) =>
  v.pipe(v.number(what), v.integer(what), v.minValue(1, what), v.maxValue(1e9, what));
const ratio = (what: string, above: number) => v.pipe(v.number(what), v.finite(what), v.gtValue(above, what));

const WIDTHS = 'one or more positive whole numbers (200 or 200,100) or `none`';
const HELD_OUT = '0, a whole number of samples, or a fraction between 0 and 1';
/** More would only wait for each other: a wide layer is divided into ten blocks. */
const MAX_THREADS = 64;
const DEFAULT_THREADS = 8;
const THREADS = `a whole number from 1 to ${MAX_THREADS}`;
/** More is a mistake: it would take days. */
const MAX_REPEATS = 1000;
const REPEATS = `a whole number from 1 to ${MAX_REPEATS}`;
const BELOW_ONE = 'a number from 0 up to, not including, 1';
const DECAY = 'a number above 0 and at most 1';
const NON_NEGATIVE = 'a number, 0 or more';
const SHARE = 'a number from 0 up to, not including, 1';
const share = v.pipe(v.number(SHARE), v.minValue(0, SHARE), v.ltValue(1, SHARE));
const oneOf = (names: readonly string[]) => `one of ${names.join(', ')}`;

/** A row of the table of options. */
export interface OptionRow {
  /** The placeholder of its value; none for a switch. */
  readonly value?: string;
  readonly fromText?: FromText;
  readonly schema: v.GenericSchema;
  readonly help: string;
  /** The default as `--help` tells it. */
  readonly defaultText?: string;
}

const width = v.pipe(v.number(WIDTHS), v.integer(WIDTHS), v.minValue(1, WIDTHS), v.maxValue(1e6, WIDTHS));

/** Every flag of `train`; a key is the flag's name in camelCase. */
export const TRAIN_OPTIONS = {
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
    defaultText: '200',
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
    defaultText: '13',
  },
  batchSize: {
    value: 'N',
    fromText: asNumber,
    schema: count('a positive whole number'),
    help: 'samples in a step',
    defaultText: '128',
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
    schema: v.pipe(v.number(BELOW_ONE), v.minValue(0, BELOW_ONE), v.ltValue(1, BELOW_ONE)),
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
    defaultText: `the cores, at most ${DEFAULT_THREADS}`,
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
  json: { schema: v.boolean('true or false'), help: 'print one JSON object a line instead of text' },
  quiet: { schema: v.boolean('true or false'), help: 'print the last line alone' },
  noColor: { schema: v.boolean('true or false'), help: 'no colour and no bar' },
} as const satisfies Record<string, OptionRow>;

type OptionName = keyof typeof TRAIN_OPTIONS;

/** What flags or a config file say, checked; what they do not say is absent. */
export type GivenOptions = { [K in OptionName]?: v.InferOutput<(typeof TRAIN_OPTIONS)[K]['schema']> };

/** A whole training configuration, every default chosen. */
export interface TrainOptions extends DataOptions {
  data: string;
  validation: number;
  hidden: number[];
  activation: ActivationName;
  outputActivation?: ActivationName;
  loss: LossName;
  epochs: number;
  batchSize: number;
  learningRate: number;
  optimizer: OptimizerName;
  /** Of momentum and nesterov only. */
  momentum?: number;
  schedule: ScheduleName;
  /** Of step and exponential only. */
  decay?: number;
  warmUp: number;
  findLearningRate: boolean;
  l2: number;
  patience?: number;
  l1?: number;
  dropout?: number;
  inputDropout?: number;
  maxNorm?: number;
  labelSmoothing?: number;
  seed: number;
  threads: number;
  repeat: number;
  out: string;
  checkpoint?: string;
  checkpointEvery?: number;
  resume?: string;
  log?: string;
  json: boolean;
  quiet: boolean;
  noColor: boolean;
}

/** `learningRate` to `--learning-rate`. */
export const flagOf = (key: string) =>
  `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * The configuration from flags (as text) and a config file (as JSON): a flag wins over the file, both over the
 * defaults, and every value is checked wherever it comes from.
 *
 * @param file the config file's name and content, if there is one
 * @throws UsageError naming the flag or key, what was expected and what came; FileError if the file is no JSON object
 */
export function trainOptions(
  flags: Readonly<Record<string, string | boolean>>,
  file?: { name: string; text: string },
): TrainOptions {
  return completeOptions(givenOptions(flags, file));
}

/**
 * What flags and a config file say, without the defaults.
 *
 * @throws UsageError or FileError as `trainOptions` does
 */
export function givenOptions(
  flags: Readonly<Record<string, string | boolean>>,
  file?: { name: string; text: string },
): GivenOptions {
  return { ...(file && fromFile(file.name, file.text)), ...fromFlags(flags) };
}

/**
 * The whole configuration: what was given, and every default that follows from it.
 *
 * @throws UsageError if two of the options do not go together
 */
export function completeOptions(given: GivenOptions): TrainOptions {
  const loss = given.loss ?? 'softmax-cross-entropy';
  const activation = given.activation ?? (loss === 'squared-error' ? 'sigmoid' : 'relu');
  if (given.outputActivation !== undefined && loss !== 'squared-error') {
    throw new UsageError(`--output-activation: expected with --loss squared-error only, got --loss ${loss}`);
  }
  requireTogether(given);
  const outputActivation = loss === 'squared-error' ? (given.outputActivation ?? activation) : undefined;
  const optimizer = given.optimizer ?? 'sgd';
  const schedule = given.schedule ?? 'constant';
  const epochs = given.epochs ?? 13;
  const warmUp = given.warmUp ?? 0;
  const hasMomentum = optimizer === 'momentum' || optimizer === 'nesterov';
  if (given.momentum !== undefined && !hasMomentum) {
    throw new UsageError(
      `--momentum: expected with --optimizer momentum or nesterov only, got --optimizer ${optimizer}`,
    );
  }
  const defaultDecay = DEFAULT_DECAY[schedule];
  if (given.decay !== undefined && defaultDecay === undefined) {
    throw new UsageError(
      `--decay: expected with --schedule step or exponential only, got --schedule ${schedule}`,
    );
  }
  if (warmUp > 0 && schedule === 'one-cycle') {
    throw new UsageError(
      `--warm-up: expected 0 with --schedule one-cycle, which warms up itself, got ${warmUp}`,
    );
  }
  if (warmUp > 0 && warmUp >= epochs) {
    throw new UsageError(`--warm-up: expected less than the ${epochs} epochs of the run, got ${warmUp}`);
  }
  const momentum = hasMomentum ? (given.momentum ?? 0.9) : undefined;
  return {
    data: given.data ?? 'mnist',
    ...dataOptions(given),
    validation: given.validation ?? 0,
    hidden: given.hidden ?? [200],
    activation,
    ...(outputActivation && { outputActivation }),
    loss,
    epochs,
    batchSize: given.batchSize ?? 128,
    learningRate:
      given.learningRate ?? learningRateOf(optimizer, momentum, loss, activation, outputActivation),
    optimizer,
    ...(momentum !== undefined && { momentum }),
    schedule,
    ...(defaultDecay !== undefined && { decay: given.decay ?? defaultDecay }),
    warmUp,
    findLearningRate: given.findLearningRate ?? false,
    l2: given.l2 ?? 0,
    ...(given.patience && { patience: given.patience }),
    ...regularisation(given, loss),
    seed: given.seed ?? 1,
    threads: given.threads ?? Math.min(availableParallelism(), DEFAULT_THREADS),
    repeat: given.repeat ?? 1,
    out: given.out ?? 'model.json',
    ...(given.checkpoint && { checkpoint: given.checkpoint }),
    ...(given.checkpointEvery && { checkpointEvery: given.checkpointEvery }),
    ...(given.resume && { resume: given.resume }),
    ...(given.log && { log: given.log }),
    json: given.json ?? false,
    quiet: given.quiet ?? false,
    noColor: given.noColor ?? false,
  };
}

/** @throws UsageError for an option without the one that it needs, or with one that it excludes */
function requireTogether(given: GivenOptions): void {
  const { patience, validation = 0, checkpoint, checkpointEvery, repeat = 1, seed = 1 } = given;
  const ofRuns = ['repeat', 'checkpoint', 'checkpointEvery', 'resume', 'log'] as const;
  const ofRun = given.findLearningRate ? ofRuns.find((key) => given[key] !== undefined) : undefined;
  if (ofRun !== undefined) {
    throw new UsageError(`${flagOf(ofRun)}: expected without --find-learning-rate, which trains no model`);
  }
  if (patience !== undefined && validation === 0) {
    throw new UsageError('--patience: expected with --validation, the samples that it goes by');
  }
  if (checkpointEvery !== undefined && checkpoint === undefined && given.resume === undefined) {
    throw new UsageError('--checkpoint-every: expected with --checkpoint, the file that it writes');
  }
  if (repeat > 1 && checkpoint !== undefined) {
    throw new UsageError('--repeat: expected without --checkpoint, which is of one run');
  }
  if (seed + repeat - 1 > MAX_SEED) {
    throw new UsageError(`--repeat: expected seeds up to ${MAX_SEED}, got ${seed + repeat - 1}`);
  }
}

/** What the trainer is to take its steps with; AdamW decays the weights itself. */
export function optimizerOf({ optimizer, momentum, l2 }: TrainOptions): OptimizerOptions {
  return {
    name: optimizer,
    ...(momentum !== undefined && { momentum }),
    ...(optimizer === 'adamw' && { weightDecay: l2 }),
  };
}

/** What the trainer is to change the learning rate by. */
export function scheduleOf({ schedule, decay, warmUp }: TrainOptions): ScheduleOptions {
  return { name: schedule, warmUp, ...(decay !== undefined && { decay }) };
}

/** λ of the loss's L2 term, which a decay that is decoupled from the loss leaves out. */
export const penaltyOf = ({ optimizer, l2 }: TrainOptions): number => (optimizer === 'adamw' ? 0 : l2);

/** The default of an optimizer: the normalised steps of some do not depend on the size of the gradients. */
function learningRateOf(
  optimizer: OptimizerName,
  momentum: number | undefined,
  ...network: Parameters<typeof defaultLearningRate>
): number {
  if (optimizer === 'rmsprop' || optimizer === 'adam' || optimizer === 'adamw') return 0.001;
  // In the long run a gradient counts 1 / (1 − μ) times.
  const share = 1 - (momentum ?? 0);
  return Number((share * defaultLearningRate(...network)).toPrecision(3));
}
/**
 * What was asked for besides L2; what is off is left out.
 *
 * @throws UsageError on label smoothing with a loss whose targets are no probabilities
 */
function regularisation(given: GivenOptions, loss: LossName) {
  const { l1, dropout, inputDropout, maxNorm, labelSmoothing } = given;
  if (labelSmoothing && !SMOOTHABLE.includes(loss)) {
    throw new UsageError(
      `--label-smoothing: expected with --loss ${SMOOTHABLE.join(' or ')} only, got --loss ${loss}`,
    );
  }
  return {
    ...(l1 && { l1 }),
    ...(dropout && { dropout }),
    ...(inputDropout && { inputDropout }),
    ...(maxNorm && { maxNorm }),
    ...(labelSmoothing && { labelSmoothing }),
  };
}

/** The activations that pass small inputs on nearly as they are, and diverge sooner than ReLU. */
const SOFT: readonly ActivationName[] = ['elu', 'softplus'];

/** What each loss trains well with at batch 128: the gradients of a saturating output are far smaller. */
function defaultLearningRate(loss: LossName, activation: ActivationName, output?: ActivationName): number {
  if (loss === 'squared-error') {
    if (output === 'sigmoid') return activation === 'sigmoid' ? 3 : SOFT.includes(activation) ? 0.5 : 1;
    if (SOFT.includes(activation)) return 0.05;
    return activation === 'identity' ? 0.01 : 0.2;
  }
  if (loss === 'svm') return 0.1;
  if (activation === 'identity') return 0.05;
  if (activation === 'elu') return 0.3;
  return activation === 'sigmoid' ? 1 : 0.6;
}

function fromFlags(flags: Readonly<Record<string, string | boolean>>): GivenOptions {
  const values: Record<string, unknown> = {};
  for (const [key, row] of Object.entries<OptionRow>(TRAIN_OPTIONS)) {
    const text = flags[key];
    if (text === undefined) continue;
    const value = row.fromText === undefined ? text : row.fromText(String(text));
    values[key] = checked(row, value, flagOf(key), `"${text}"`);
  }
  return values as GivenOptions;
}

function fromFile(name: string, text: string): GivenOptions {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new FileError(`${name}: expected JSON: ${(error as Error).message.replaceAll(/\s+/g, ' ')}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new FileError(`${name}: expected an object of options, got ${JSON.stringify(json)?.slice(0, 40)}`);
  }
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(json)) {
    if (!Object.hasOwn(TRAIN_OPTIONS, key)) {
      throw new UsageError(`${name}: unknown key "${key}"${didYouMean(key, Object.keys(TRAIN_OPTIONS))}`);
    }
    const row: OptionRow = TRAIN_OPTIONS[key as OptionName];
    const parsed = key === 'hidden' && typeof value === 'string' ? asWidths(value) : value;
    values[key] = checked(row, parsed, `${name}: ${key}`, JSON.stringify(value));
  }
  return values as GivenOptions;
}

function checked(row: OptionRow, value: unknown, where: string, got: string): unknown {
  const result = v.safeParse(row.schema, value);
  if (result.success) return result.output;
  const names =
    row.schema.type === 'picklist' ? (row.schema as v.GenericSchema & { options: string[] }).options : [];
  const hint = typeof value === 'string' ? didYouMean(value, names) : '';
  throw new UsageError(`${where}: expected ${result.issues[0].message}, got ${got}${hint}`);
}
