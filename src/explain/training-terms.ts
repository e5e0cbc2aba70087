/** What a model's training did that an explanation shows, and what it does not show. */

import { regularisationText } from '../options/regularisation-rows.ts';

/** The training of a model, as far as an explanation is concerned. */
export interface TrainingTerms {
  /** Undefined where the model does not say it. */
  readonly optimizer: string | undefined;
  /** λ₁ of the L1 term; 0 without. */
  readonly l1: number;
  /** In words, how the steps of training were others than the one that is shown; undefined if they were not. */
  readonly note: string | undefined;
}

/** Reads the configuration in a model file, `training.config`, whose values nobody has checked. */
export function trainingTerms(told: unknown): TrainingTerms {
  const config = (told ?? {}) as Record<string, unknown>;
  const strength = (key: string) => {
    const value = config[key];
    return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
  };
  const optimizer = typeof config.optimizer === 'string' ? config.optimizer : undefined;
  const [dropout, inputDropout] = [strength('dropout'), strength('inputDropout')];
  const [maxNorm, labelSmoothing] = [strength('maxNorm'), strength('labelSmoothing')];
  const others = regularisationText({
    ...(dropout && { dropout }),
    ...(inputDropout && { inputDropout }),
    ...(maxNorm && { maxNorm }),
    ...(labelSmoothing && { labelSmoothing }),
  });
  const decay = optimizer === 'adamw' ? strength('l2') : undefined;
  const foreign = [
    ...(optimizer === undefined || optimizer === 'sgd' ? [] : [optimizer]),
    ...(decay === undefined ? [] : [`decoupled decay ${decay}`]),
    ...(others === '' ? [] : [others]),
  ].join(', ');
  return {
    optimizer,
    l1: strength('l1') ?? 0,
    note: foreign === '' ? undefined : `The step shown is plain SGD; the model was trained with ${foreign}.`,
  };
}
