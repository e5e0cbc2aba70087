/** The images that the page steps through: the test set of a model. */

import { DataError, FileError } from '../../data/errors.ts';
import type { Model } from '../../formats/model.ts';
import { UsageError } from '../../options/errors.ts';
import { ImageSamples } from '../../web/server/image-samples.ts';
import { openModelData } from './model-data.ts';

/**
 * The test set of a model; undefined, with a message, if it cannot be found: digits can still be drawn.
 *
 * @throws UsageError, FileError or DataError if samples were named and do not fit
 */
export async function imagesFor(
  { path, model }: { readonly path: string; readonly model: Model },
  data: string | undefined,
  report: (line: string) => void,
): Promise<ImageSamples | undefined> {
  if (model.preprocessing.table !== undefined) {
    if (data === undefined) return undefined;
    throw new UsageError(`--data: expected with a model of images only, ${path} takes rows of a table`);
  }
  try {
    const { samples, shape } = await openModelData(path, model, { data, split: 'test', report });
    return ImageSamples.of(samples, shape, model.classes);
  } catch (error) {
    const isMissing = error instanceof UsageError || error instanceof FileError || error instanceof DataError;
    if (data !== undefined || !isMissing) throw error;
    report(`no test images: ${error.message}`);
    return undefined;
  }
}
