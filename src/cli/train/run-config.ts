/** What the trainer gets: the network, the configuration and the samples that the options describe. */

import type { ImageShape } from '../../data/preprocessing.ts';
import { type NetworkSpec, perceptron } from '../../network/network.ts';
import { UsageError } from '../../options/errors.ts';
import type { OptionRow } from '../../options/option-row.ts';
import { DISTORTION_ROWS, distortsImages } from '../../options/rows/distortion-rows.ts';
import { REGULARISATION_ROWS } from '../../options/rows/regularisation-rows.ts';
import { optimizerOf, penaltyOf, scheduleOf, type TrainOptions } from '../../options/train-options.ts';
import type { AugmentationOptions } from '../../train/augmentation.ts';
import { allOf } from '../../train/batches.ts';
import type { TrainConfig, TrainData } from '../../train/config.ts';
import { validationRows } from '../data/sample-choice.ts';
import type { TrainingData } from '../data/training-samples.ts';
import { grouped } from '../text/terminal.ts';

/** The text of a model of more is longer than a string can be. */
const MAX_PARAMETERS = 1e8;

/** The network for the data; @throws UsageError if it has too many parameters */
export function specOf(options: TrainOptions, { inputs, classes }: TrainingData): NetworkSpec {
  const spec = perceptron({ ...options, l2: penaltyOf(options), inputs, classes: classes.length });
  requireReasonableSize(spec);
  return spec;
}

function requireReasonableSize(spec: NetworkSpec): void {
  const parameters = spec.layers.reduce(
    (sum, layer) => sum + (layer.type === 'dense' ? (layer.inputs + 1) * layer.outputs : 0),
    0,
  );
  if (parameters > MAX_PARAMETERS) {
    throw new UsageError(
      `--hidden: expected a network of at most ${grouped(MAX_PARAMETERS)} parameters, got ${grouped(parameters)}`,
    );
  }
}

/** The configuration of the run. */
export function trainConfigOf(
  options: TrainOptions,
  network: NetworkSpec,
  { shape }: TrainingData,
): TrainConfig {
  const { learningRate, batchSize, epochs, seed, patience } = options;
  const augmentation = shape && augmentationOf(options, shape);
  return {
    ...{ network, learningRate, batchSize, epochs, seed },
    optimizer: optimizerOf(options),
    schedule: scheduleOf(options),
    regularisation: pick(REGULARISATION_ROWS, options),
    ...(augmentation && { augmentation }),
    ...(patience && { patience }),
  };
}

/** The distortions of images of a shape; undefined where there are none. */
function augmentationOf(options: TrainOptions, shape: ImageShape): AugmentationOptions | undefined {
  return distortsImages(options) ? { shape, ...pick(DISTORTION_ROWS, options) } : undefined;
}

/** Those of the options that a table has rows of. */
function pick<Key extends keyof TrainOptions>(
  rows: Readonly<Record<Key, OptionRow>>,
  options: TrainOptions,
): { [K in Key]?: TrainOptions[K] | undefined } {
  const picked: { [K in Key]?: TrainOptions[K] | undefined } = {};
  for (const key in rows) picked[key] = options[key];
  return picked;
}

/** The samples to train, validate and test on; @throws UsageError if no sample is left on one of the sides */
export function splitData(source: TrainingData, options: TrainOptions): TrainData {
  const samples = source.train;
  const test = source.test === undefined ? {} : { test: source.test };
  const rows = validationRows(samples.labels, samples.classes, options);
  if (rows === undefined) return { train: allOf(samples), ...test };
  return {
    train: { samples, rows: rows.train },
    validation: { samples, rows: rows.heldOut },
    ...test,
  };
}
