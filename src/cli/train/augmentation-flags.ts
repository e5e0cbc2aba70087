/** The flags of augmentation: what the trainer makes of them, and a line that describes them. */

import type { ImageShape } from '../../data/preprocessing.ts';
import type { TrainOptions } from '../../options/train-options.ts';
import type { AugmentationOptions } from '../../train/augmentation.ts';

/** Those that distort; `elasticSigma` says how `elastic` does. */
export const AUGMENTATION_FLAGS = ['shift', 'rotate', 'zoom', 'elastic'] as const;

export type AugmentationFlags = Pick<TrainOptions, (typeof AUGMENTATION_FLAGS)[number]>;

/** The distortions of images of a shape; undefined where there are none. */
export function augmentationOf(options: TrainOptions, shape: ImageShape): AugmentationOptions | undefined {
  if (AUGMENTATION_FLAGS.every((flag) => options[flag] === undefined)) return undefined;
  const { shift, rotate, zoom, elastic, elasticSigma } = options;
  return { shape, shift, rotate, zoom, elastic, elasticSigma };
}

/** `augmented: shift 2, rotate 10°, zoom 0.1, elastic 34 (sigma 4)`; empty where there is none. */
export function augmentationText({ shift, rotate, zoom, elastic, elasticSigma }: TrainOptions): string {
  const parts = [
    ...(shift === undefined ? [] : [`shift ${shift}`]),
    ...(rotate === undefined ? [] : [`rotate ${rotate}°`]),
    ...(zoom === undefined ? [] : [`zoom ${zoom}`]),
    ...(elastic === undefined ? [] : [`elastic ${elastic} (sigma ${elasticSigma})`]),
  ];
  return parts.length === 0 ? '' : `augmented: ${parts.join(', ')}`;
}
