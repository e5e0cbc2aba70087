/** The options that distort training images. */

import { MOST_SIGMA } from '../../kernels/distortion.ts';
import { DEFAULT_ELASTIC_SIGMA, MAX_DISTORTION } from '../../train/augmentation.ts';
import type { Choices, OptionRows } from '../option-row.ts';
import { aboveZeroUpTo, asNumber, SHARE, upTo } from '../values.ts';

/** All are off by default. */
export const DISTORTION_ROWS = {
  shift: {
    belongsTo: 'training',
    group: 'Distorted images (images only)',
    value: 'PIXELS',
    fromText: asNumber,
    schema: upTo(MAX_DISTORTION.shift),
    off: 0,
    help: 'shift each training image at random, by up to PIXELS in each direction',
    dataKinds: ['idx', 'images'],
  },
  rotate: {
    belongsTo: 'training',
    group: 'Distorted images (images only)',
    value: 'DEGREES',
    fromText: asNumber,
    schema: upTo(MAX_DISTORTION.rotate),
    off: 0,
    help: 'rotate each image at random, by up to DEGREES either way',
    dataKinds: ['idx', 'images'],
  },
  zoom: {
    belongsTo: 'training',
    group: 'Distorted images (images only)',
    value: 'SHARE',
    fromText: asNumber,
    schema: SHARE,
    off: 0,
    help: 'scale the height and the width of each image, by random factors from 1 − SHARE to 1 + SHARE',
    dataKinds: ['idx', 'images'],
  },
  elastic: {
    belongsTo: 'training',
    group: 'Distorted images (images only)',
    value: 'ALPHA',
    fromText: asNumber,
    schema: upTo(MAX_DISTORTION.elastic),
    off: 0,
    help: 'distort each image elastically: a blurred random field times ALPHA moves its pixels (34 for 28 × 28)',
    dataKinds: ['idx', 'images'],
  },
  elasticSigma: {
    belongsTo: 'training',
    group: 'Distorted images (images only)',
    value: 'SIGMA',
    fromText: asNumber,
    schema: aboveZeroUpTo(MOST_SIGMA),
    byDefault: ({ elastic }) => (elastic ? DEFAULT_ELASTIC_SIGMA : undefined),
    help: "standard deviation of that field's blur, in pixels",
    defaultText: String(DEFAULT_ELASTIC_SIGMA),
    needs: { anyOf: ['elastic'], because: 'the distortions that it blurs' },
    dataKinds: ['idx', 'images'],
  },
} as const satisfies OptionRows;

/** Whether training images are distorted. */
export const distortsImages = (options: Pick<Choices, 'shift' | 'rotate' | 'zoom' | 'elastic'>): boolean =>
  Boolean(options.shift || options.rotate || options.zoom || options.elastic);
