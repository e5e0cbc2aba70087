/** Augmentation: every time that a training image comes round, it is another distorted version of itself. */

import { gaussianWeights, uniformOf, type Warp } from '../kernels/distortion.ts';
import { type MaskKey, maskBits } from '../kernels/dropout-mask.ts';
import { cosPi, sinPi } from '../kernels/elementary.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Samples } from '../kernels/matrix.ts';
import { Random } from '../kernels/random.ts';

/** How far training images are distorted. What is absent or 0 is off. */
export interface AugmentationOptions {
  /** Rows and columns of the images. */
  readonly shape: readonly [rows: number, cols: number];
  /** Shifts each way by up to so many pixels, fractions of one too. */
  readonly shift?: number | undefined;
  /** Rotates about the centre by up to so many degrees, both ways. */
  readonly rotate?: number | undefined;
  /** Scales height and width, each by a factor of its own, from 1 − zoom to 1 + zoom. */
  readonly zoom?: number | undefined;
  /** α of Simard's elastic distortions: what the blurred random displacements are multiplied with. */
  readonly elastic?: number | undefined;
  /** Their σ: the standard deviation of the blur, in pixels; 4 if nothing is said. */
  readonly elasticSigma?: number | undefined;
}

/** σ of the elastic distortions where nothing is said. */
export const DEFAULT_ELASTIC_SIGMA = 4;

/** The largest value of each option but `elasticSigma`; more would leave nothing of an image. */
export const MAX_DISTORTION = { shift: 1000, rotate: 180, elastic: 10_000 } as const;

/** The numbers of a sample's key that its rotation, scaling and shift are made of; those of the field come later. */
const ROTATION = 0;
const ZOOM_ROWS = 1;
const ZOOM_COLUMNS = 2;
const SHIFT_ROWS = 3;
const SHIFT_COLUMNS = 4;

/**
 * The distortions of a run. That of a sample follows from the seed, the epoch and the sample's row alone, so that any
 * thread can make it at any time, and make it again.
 *
 * @throws RangeError on a value out of its range
 */
export class Augmentation {
  readonly shape: AugmentationOptions['shape'];
  readonly #options: { shift: number; rotate: number; zoom: number; elastic: number };
  readonly #weights: Float64Array | undefined;
  readonly #key: MaskKey;

  constructor(options: AugmentationOptions, seed: number) {
    const { shape, shift = 0, rotate = 0, zoom = 0, elastic = 0, elasticSigma } = options;
    for (const [name, value] of Object.entries({ shift, rotate, elastic })) {
      const most = MAX_DISTORTION[name as keyof typeof MAX_DISTORTION];
      if (!(value >= 0 && value <= most)) {
        throw new RangeError(`Augmentation: expected ${name} from 0 to ${most}, got ${value}`);
      }
    }
    if (!(zoom >= 0 && zoom < 1)) {
      throw new RangeError(`Augmentation: expected zoom from 0 up to, not including, 1, got ${zoom}`);
    }
    if (!shape.every((side) => Number.isInteger(side) && side > 0)) {
      throw new RangeError(`Augmentation: expected images of whole pixels, got ${shape.join(' × ')}`);
    }
    const weights = gaussianWeights(elasticSigma ?? DEFAULT_ELASTIC_SIGMA);
    this.shape = shape;
    this.#options = { shift, rotate, zoom, elastic };
    this.#weights = elastic === 0 ? undefined : weights;
    const random = new Random(seed, 'augmentation');
    this.#key = [random.bits(), random.bits()];
  }

  /** The distortion of a sample in an epoch, counted from 1. */
  warp(epoch: number, row: number): Warp {
    const key = subkey(subkey(this.#key, epoch), row);
    const { shift, rotate, zoom, elastic } = this.#options;
    const halfTurns = (rotate * uniformOf(key, ROTATION)) / 180;
    const [cos, sin] = [cosPi(halfTurns), sinPi(halfTurns)];
    const high = 1 + zoom * uniformOf(key, ZOOM_ROWS);
    const wide = 1 + zoom * uniformOf(key, ZOOM_COLUMNS);
    const down = shift * uniformOf(key, SHIFT_ROWS);
    const right = shift * uniformOf(key, SHIFT_COLUMNS);
    // An image that is scaled, then turned anticlockwise (rows count downwards), then shifted, is read the way back.
    const [yy, yx, xy, xx] = [cos / high, sin / high, -sin / wide, cos / wide];
    const { shape } = this;
    const matrix = [yy, yx, xy, xx] as const;
    const offset = [-(yy * down + yx * right), -(xy * down + xx * right)] as const;
    if (this.#weights === undefined) return { shape, matrix, offset };
    return { shape, matrix, offset, elastic: { alpha: elastic, weights: this.#weights, key } };
  }
}

/** The key that follows from another for number n. */
function subkey(key: MaskKey, n: number): MaskKey {
  return [maskBits({ key }, 2 * n), maskBits({ key }, 2 * n + 1)];
}

/** Where batches of distorted samples come from. */
export interface DistortedBatches {
  /**
   * The samples `order[from … from + count)` as they are distorted in this epoch, numbered from 0 on, until the next call.
   * To be called for each batch of the run, in turn.
   */
  next(epoch: number, order: Uint32Array, from: number, count: number): Samples;
}

/** Fills a slot with the samples `order[from … from + count)` as they are distorted in an epoch. */
export function distortBatch(
  kernels: Kernels,
  augmentation: Augmentation,
  samples: Samples,
  slot: Samples,
  { epoch, order, from, count }: { epoch: number; order: Uint32Array; from: number; count: number },
): void {
  for (let i = 0; i < count; i++) {
    const row = order[from + i];
    kernels.distort(samples, row, augmentation.warp(epoch, row), slot, i);
  }
}

/** Batches that are distorted when they are asked for, by the thread that asks. */
export class BatchDistorter implements DistortedBatches {
  readonly #kernels: Kernels;
  readonly #augmentation: Augmentation;
  readonly #samples: Samples;
  readonly #slot: Samples;

  /** @throws RangeError if the samples are no byte images of the augmentation's shape */
  constructor(kernels: Kernels, augmentation: Augmentation, samples: Samples, batchSize: number) {
    this.#kernels = kernels;
    this.#augmentation = augmentation;
    this.#samples = kernels.load(samples);
    this.#slot = kernels.sampleSlot(this.#samples, batchSize, augmentation.shape);
  }

  next(epoch: number, order: Uint32Array, from: number, count: number): Samples {
    const batch = { epoch, order, from, count };
    distortBatch(this.#kernels, this.#augmentation, this.#samples, this.#slot, batch);
    return this.#slot;
  }
}

/** The batches that a configuration asks for; undefined without augmentation. */
export function distorterFor(
  kernels: Kernels,
  { augmentation, seed }: { augmentation?: AugmentationOptions; seed: number },
  samples: Samples,
  batchSize: number,
): DistortedBatches | undefined {
  if (augmentation === undefined) return undefined;
  return new BatchDistorter(kernels, new Augmentation(augmentation, seed), samples, batchSize);
}
