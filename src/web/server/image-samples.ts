/** Labelled images as the page gets them. */

import { toBase64 } from '../../formats/base64.ts';
import type { Samples } from '../../kernels/matrix.ts';
import type { SampleImage, SamplesInfo } from '../protocol.ts';

/** A set of images that the page may ask for by their numbers. */
export class ImageSamples {
  readonly info: SamplesInfo;
  readonly #samples: Samples;

  private constructor(samples: Samples, info: SamplesInfo) {
    this.#samples = samples;
    this.info = info;
  }

  /** The set, or undefined where the samples are no images of one byte a pixel. */
  static of(
    samples: Samples,
    shape: readonly [rows: number, cols: number] | undefined,
    classes: readonly string[],
  ): ImageSamples | undefined {
    if (shape === undefined || !(samples.values instanceof Uint8Array)) return undefined;
    const [rows, cols] = shape;
    if (rows * cols !== samples.cols) return undefined;
    return new ImageSamples(samples, { count: samples.count, classes, rows, cols });
  }

  get count(): number {
    return this.info.count;
  }

  /** The image at a place from 0 up to, not including, `info.count`. */
  at(index: number): SampleImage {
    const { cols, values, labels } = this.#samples;
    const pixels = Uint8Array.from(values.subarray(index * cols, (index + 1) * cols));
    return { index, label: labels[index], pixels: toBase64(pixels) };
  }

  /**
   * The places of up to `most` images: the first of each class, no class more often than another as far as they go, in
   * the order of the set.
   */
  someOfEach(most: number): number[] {
    const { labels, count } = this.#samples;
    const seen = new Map<number, number>();
    const places = Array.from({ length: count }, (_, index) => {
      const round = seen.get(labels[index]) ?? 0;
      seen.set(labels[index], round + 1);
      return { index, round };
    });
    return places
      .sort((a, b) => a.round - b.round || a.index - b.index)
      .slice(0, most)
      .map(({ index }) => index)
      .sort((a, b) => a - b);
  }
}
