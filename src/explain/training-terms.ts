/** What a model's training did that an explanation shows, and what it does not show. */

import type { RecordedConfig } from '../options/record.ts';
import { regularisationText } from '../options/rows/regularisation-rows.ts';
import { optimizerNamed } from '../train/optimizers/optimizers.ts';

/** The training of a model, as far as an explanation is concerned. */
export interface TrainingTerms {
  /** Undefined where the model does not say it. */
  readonly optimizer: string | undefined;
  /** λ₁ of the L1 term; 0 without. */
  readonly l1: number;
  /** In words, how the steps of training were others than the one that is shown; undefined if they were not. */
  readonly note: string | undefined;
}

/** What the recorded configuration of a model says. */
export function trainingTerms(config: RecordedConfig = {}): TrainingTerms {
  const { optimizer, l1, l2 } = config;
  const others = regularisationText({ ...config, l1: undefined });
  const entry = optimizer === undefined ? undefined : optimizerNamed(optimizer);
  const decay = entry?.decoupledDecay && l2 ? l2 : undefined;
  const foreign = [
    ...(optimizer === undefined || entry?.plain ? [] : [optimizer]),
    ...(decay === undefined ? [] : [`decoupled decay ${decay}`]),
    ...(others === '' ? [] : [others]),
  ].join(', ');
  return {
    optimizer,
    l1: l1 ?? 0,
    note: foreign === '' ? undefined : `The step shown is plain SGD; the model was trained with ${foreign}.`,
  };
}

/** The step that one sample had in a training by plain gradient descent: α/N (A4); undefined after other trainings. */
export function trainedRate({
  learningRate,
  batchSize,
  optimizer = 'sgd',
}: RecordedConfig = {}): number | undefined {
  if (!optimizerNamed(optimizer)?.plain || learningRate === undefined || batchSize === undefined)
    return undefined;
  return learningRate / batchSize;
}
