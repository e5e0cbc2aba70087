/** The options of `mlp train` as a run takes them: from flags and a config file, every default chosen. */

import { availableParallelism } from 'node:os';
import * as v from 'valibot';
import { FileError } from '../data/errors.ts';
import { MAX_SEED } from '../kernels/random.ts';
import type { ActivationName } from '../network/activations.ts';
import type { LossName } from '../network/losses.ts';
import { DEFAULT_ELASTIC_SIGMA } from '../train/augmentation.ts';
import type { OptimizerName, OptimizerOptions } from '../train/optimizers/optimizers.ts';
import { DEFAULT_DECAY, type ScheduleName, type ScheduleOptions } from '../train/optimizers/schedules.ts';
import { SMOOTHABLE } from '../train/regularisation.ts';
import { type DataOptions, dataOptions } from './data-options.ts';
import { UsageError } from './errors.ts';
import { requirePage } from './page-options.ts';
import { RECIPES, type RecipeName } from './recipes.ts';
import { didYouMean } from './suggest.ts';
import {
  asWidths,
  DEFAULT_THREADS,
  type GivenOptions,
  type OptionName,
  type OptionRow,
  TRAIN_OPTIONS,
} from './train-option-table.ts';

/** A whole training configuration, every default chosen. */
export interface TrainOptions extends DataOptions {
  /** The recipe that the run started from, whatever was given besides. */
  recipe: RecipeName;
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
  shift?: number;
  rotate?: number;
  zoom?: number;
  elastic?: number;
  /** With elastic only. */
  elasticSigma?: number;
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
 * What flags (as text) and a config file (as JSON) say, without the defaults: a flag wins over the file, and every
 * value is checked wherever it comes from.
 *
 * @param file the config file's name and content, if there is one
 * @throws UsageError naming the flag or key, what was expected and what came; FileError if the file is no JSON object
 */
export function givenOptions(
  flags: Readonly<Record<string, string | boolean>>,
  file?: { name: string; text: string },
): GivenOptions {
  return { ...(file && fromFile(file.name, file.text)), ...fromFlags(flags) };
}

/**
 * The whole configuration: what was given, and every default that follows from it. Of the recipe it keeps the name
 * alone: `newRunOptions` puts its values beneath what was given.
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
  requirePage(given);
  const outputActivation = loss === 'squared-error' ? (given.outputActivation ?? activation) : undefined;
  const optimizer = given.optimizer ?? 'sgd';
  const schedule = given.schedule ?? 'constant';
  const epochs = given.epochs ?? RECIPES.default.options.epochs;
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
  const distortions = augmentation(given);
  return {
    recipe: given.recipe ?? 'default',
    data: given.data ?? 'mnist',
    ...dataOptions(given),
    validation: given.validation ?? 0,
    hidden: given.hidden ?? RECIPES.default.options.hidden,
    activation,
    ...(outputActivation && { outputActivation }),
    loss,
    epochs,
    batchSize: given.batchSize ?? RECIPES.default.options.batchSize,
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
    ...distortions,
    seed: given.seed ?? 1,
    threads: given.threads ?? defaultThreads(distortions),
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
  if (given.findLearningRate && given.ui) {
    throw new UsageError('--ui: expected without --find-learning-rate, which has no page');
  }
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
  if (repeat > 1 && given.ui) {
    throw new UsageError('--repeat: expected without --ui, which shows one run');
  }
  if (seed + repeat - 1 > MAX_SEED) {
    throw new UsageError(`--repeat: expected seeds up to ${MAX_SEED}, got ${seed + repeat - 1}`);
  }
}

/** The cores, but for the one that distorts images beside the training. */
function defaultThreads(distortions: object): number {
  const cores = Math.min(availableParallelism(), DEFAULT_THREADS);
  return Object.keys(distortions).length === 0 ? cores : Math.max(1, cores - 1);
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

/** Whether the size of an optimizer's steps does not depend on that of the gradients. */
export const isNormalised = (optimizer: OptimizerName): boolean =>
  optimizer === 'rmsprop' || optimizer === 'adam' || optimizer === 'adamw';

/** The learning rate of an optimizer where nobody says one. */
function learningRateOf(
  optimizer: OptimizerName,
  momentum: number | undefined,
  ...network: Parameters<typeof defaultLearningRate>
): number {
  if (isNormalised(optimizer)) return 0.001;
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

/**
 * How training images are to be distorted; what is off is left out.
 *
 * @throws UsageError on a blur of elastic distortions that nobody asked for
 */
function augmentation(given: GivenOptions) {
  const { shift, rotate, zoom, elastic, elasticSigma = DEFAULT_ELASTIC_SIGMA } = given;
  if (given.elasticSigma !== undefined && elastic === undefined) {
    throw new UsageError('--elastic-sigma: expected with --elastic, the distortions that it blurs');
  }
  return {
    ...(shift && { shift }),
    ...(rotate && { rotate }),
    ...(zoom && { zoom }),
    ...(elastic && { elastic, elasticSigma }),
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
