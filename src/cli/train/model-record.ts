/** What a model file records of the run that trained it. */

import { encodeModel } from '../../formats/model.ts';
import { decidesWeights, select, withPlaces } from '../../options/record.ts';
import { dataName } from '../files/reading.ts';
import { TRAIN_FLAGS, type TrainFlags } from '../options/train-flags.ts';
import { VERSION } from '../version.ts';
import type { Outcome, Session } from './session.ts';

/** The options that a model records: those that decide its weights. */
export const recordedConfig = (options: TrainFlags) =>
  withPlaces(TRAIN_FLAGS, select(TRAIN_FLAGS, options, decidesWeights), dataName);

/** The text of a run's model file, and the digest of its weights. */
export function modelOf(
  { source, spec }: Pick<Session, 'source' | 'spec'>,
  options: TrainFlags,
  { end, tensors }: Outcome,
): Promise<{ text: string; sha256: string }> {
  const { trainLoss, trainAccuracy, validationLoss, validationAccuracy, testLoss, testAccuracy } = end;
  return encodeModel(
    {
      spec,
      classes: source.classes,
      preprocessing: {
        scale: source.train.scale,
        ...(source.shape && { shape: source.shape }),
        ...source.preprocessing,
      },
      training: {
        config: recordedConfig(options),
        seed: options.seed,
        epochs: end.epochs,
        steps: end.steps,
        ...(end.bestEpoch && { bestEpoch: end.bestEpoch }),
        ...(end.stoppedEarly && { stoppedEarly: true }),
        ...(end.interrupted && { interrupted: true }),
        data: {
          source: dataName(options.data),
          ...(source.testPlace && { test: source.testPlace }),
          sha256: source.sha256,
          files: source.files,
        },
        metrics: { trainLoss, trainAccuracy, validationLoss, validationAccuracy, testLoss, testAccuracy },
        mlp: VERSION,
      },
    },
    tensors,
  );
}
