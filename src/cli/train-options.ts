/** The options of `mlp train`: one table from which the flags, their help and the keys of a config file follow. */

import { availableParallelism } from 'node:os';
import * as v from 'valibot';
import { MAX_SEED } from '../kernels/random.ts';
import { ACTIVATION_NAMES, type ActivationName } from '../network/activations.ts';
import { LOSS_NAMES, type LossName } from '../network/losses.ts';
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
const NON_NEGATIVE = 'a number, 0 or more';
const oneOf = (names: readonly string[]) => `one of ${names.join(', ')}`;

interface OptionRow {
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
    value: 'mnist|DIR',
    fromText: asText,
    schema: v.pipe(v.string('`mnist` or a folder'), v.minLength(1, '`mnist` or a folder')),
    help: 'MNIST, or a folder of IDX files under its names (plain or .gz)',
    defaultText: 'mnist',
  },
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
    help: 'step size of stochastic gradient descent',
    defaultText: 'depends on loss and activation',
  },
  l2: {
    value: 'LAMBDA',
    fromText: asNumber,
    schema: v.pipe(v.number(NON_NEGATIVE), v.finite(NON_NEGATIVE), v.minValue(0, NON_NEGATIVE)),
    help: 'weight decay: λ of the term λ/2 Σw²',
    defaultText: '0',
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
  out: {
    value: 'FILE',
    fromText: asText,
    schema: v.pipe(v.string('a file'), v.minLength(1, 'a file')),
    help: 'where the model goes',
    defaultText: 'model.json',
  },
  json: { schema: v.boolean('true or false'), help: 'print one JSON object a line instead of text' },
  quiet: { schema: v.boolean('true or false'), help: 'print the last line alone' },
  noColor: { schema: v.boolean('true or false'), help: 'no colour and no bar' },
} as const satisfies Record<string, OptionRow>;

type OptionName = keyof typeof TRAIN_OPTIONS;
type OptionValues = { [K in OptionName]?: v.InferOutput<(typeof TRAIN_OPTIONS)[K]['schema']> };

/** A whole training configuration, every default chosen. */
export interface TrainOptions {
  data: string;
  validation: number;
  hidden: number[];
  activation: ActivationName;
  outputActivation?: ActivationName;
  loss: LossName;
  epochs: number;
  batchSize: number;
  learningRate: number;
  l2: number;
  seed: number;
  threads: number;
  out: string;
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
  const given: OptionValues = { ...(file && fromFile(file.name, file.text)), ...fromFlags(flags) };
  const loss = given.loss ?? 'softmax-cross-entropy';
  const activation = given.activation ?? (loss === 'squared-error' ? 'sigmoid' : 'relu');
  if (given.outputActivation !== undefined && loss !== 'squared-error') {
    throw new UsageError(`--output-activation: expected with --loss squared-error only, got --loss ${loss}`);
  }
  const outputActivation = loss === 'squared-error' ? (given.outputActivation ?? activation) : undefined;
  return {
    data: given.data ?? 'mnist',
    validation: given.validation ?? 0,
    hidden: given.hidden ?? [200],
    activation,
    ...(outputActivation && { outputActivation }),
    loss,
    epochs: given.epochs ?? 13,
    batchSize: given.batchSize ?? 128,
    learningRate: given.learningRate ?? defaultLearningRate(loss, activation, outputActivation),
    l2: given.l2 ?? 0,
    seed: given.seed ?? 1,
    threads: given.threads ?? Math.min(availableParallelism(), DEFAULT_THREADS),
    out: given.out ?? 'model.json',
    json: given.json ?? false,
    quiet: given.quiet ?? false,
    noColor: given.noColor ?? false,
  };
}

/** What each loss trains well with at batch 128: the gradients of a saturating output are far smaller. */
function defaultLearningRate(loss: LossName, activation: ActivationName, output?: ActivationName): number {
  if (loss === 'squared-error') {
    if (output === 'sigmoid') return activation === 'sigmoid' ? 3 : 1;
    return activation === 'identity' ? 0.01 : 0.2;
  }
  if (loss === 'svm') return 0.1;
  if (activation === 'identity') return 0.05;
  return activation === 'sigmoid' ? 1 : 0.6;
}

function fromFlags(flags: Readonly<Record<string, string | boolean>>): OptionValues {
  const values: Record<string, unknown> = {};
  for (const [key, row] of Object.entries<OptionRow>(TRAIN_OPTIONS)) {
    const text = flags[key];
    if (text === undefined) continue;
    const value = row.fromText === undefined ? text : row.fromText(String(text));
    values[key] = checked(row, value, flagOf(key), `"${text}"`);
  }
  return values as OptionValues;
}

function fromFile(name: string, text: string): OptionValues {
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
  return values as OptionValues;
}

function checked(row: OptionRow, value: unknown, where: string, got: string): unknown {
  const result = v.safeParse(row.schema, value);
  if (result.success) return result.output;
  const names =
    row.schema.type === 'picklist' ? (row.schema as v.GenericSchema & { options: string[] }).options : [];
  const hint = typeof value === 'string' ? didYouMean(value, names) : '';
  throw new UsageError(`${where}: expected ${result.issues[0].message}, got ${got}${hint}`);
}
