/** The samples that a model is run on: those named on the command line, else those that it was trained on. */

import type { DataSource, Split } from '../data/data-source.ts';
import type { Model } from '../formats/model.ts';
import type { Samples } from '../kernels/matrix.ts';
import { FileError, UsageError } from './errors.ts';
import { openData } from './files.ts';

/** One set of samples, scaled as the model takes them. */
export interface ModelData {
  /** As the command line or the model names it. */
  readonly data: string;
  readonly samples: Samples;
  /** Rows and columns of an image. */
  readonly shape: DataSource['shape'];
}

/**
 * Opens one split of the samples.
 *
 * @param path the model's file, for messages
 * @param data what `--data` names; the model's own source where it is undefined
 * @throws UsageError if neither says which samples
 * @throws FileError or DataError if they cannot be read or have another width than the model
 */
export async function openModelData(
  path: string,
  model: Model,
  data: string | undefined,
  split: Split,
): Promise<ModelData> {
  const named = data ?? ownSource(path, model);
  const source = await openData(named, [split], model.classes.length).catch((error) => {
    if (data === undefined && error instanceof FileError) {
      throw new FileError(`${error.message}; ${path} was trained on it, give other samples with --data`);
    }
    throw error;
  });
  if (source.inputs !== model.spec.inputs) {
    const [rows, cols] = source.shape;
    throw new FileError(
      `${named}: expected samples of ${model.spec.inputs} values, as ${path} takes, got ${source.inputs} (${rows} × ${cols})`,
    );
  }
  const samples = { ...(source[split] as Samples), scale: model.preprocessing.scale };
  return { data: named, samples, shape: source.shape };
}

function ownSource(path: string, model: Model): string {
  const { source } = (model.training.data ?? {}) as { source?: unknown };
  if (typeof source === 'string') return source;
  throw new UsageError(`--data: expected the samples to use, as ${path} does not say what it was trained on`);
}
