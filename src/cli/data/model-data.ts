/** The samples that a model is run on: those named on the command line, else those that it was trained on. */

import { keepClasses, pickRows } from '../../data/class-names.ts';
import type { DataSource, Split } from '../../data/data-source.ts';
import { DataError, FileError } from '../../data/errors.ts';
import { type ClassFolder, readImageFolder } from '../../data/images/image-folder.ts';
import { cropImages, transposeImages } from '../../data/images/image-shape.ts';
import type { ImageShape } from '../../data/preprocessing.ts';
import { holdOut } from '../../data/split.ts';
import type { Model } from '../../formats/model.ts';
import type { Samples } from '../../kernels/matrix.ts';
import { Random } from '../../kernels/random.ts';
import { UsageError } from '../../options/errors.ts';
import { openIdx, readBytes } from '../files/reading.ts';
import { type DataPlace, findData, KIND_TEXT } from './data-place.ts';
import { type OwnData, requireOwnFiles, requireOwnTable } from './own-data.ts';
import { usage } from './sample-choice.ts';
import { labelledRows, requireFits, requireImagesFit } from './sample-sets.ts';

/** One set of samples, made into inputs as the model takes them. */
export interface ModelData {
  /** As the command line or the model names it. */
  readonly data: string;
  readonly samples: Samples;
  /** Rows and columns of an image; undefined where the samples are none. */
  readonly shape: DataSource['shape'];
}

/** Which samples the command line asks for. */
export interface DataRequest {
  /** What `--data` names; the model's own source where it is undefined. */
  readonly data?: string | undefined;
  /** Of a CSV file or a folder of images named by `--data` all samples are taken, unless it has a test set. */
  readonly split: Split;
  readonly labelColumn?: string;
  /** Gets a line for what was left out. */
  readonly report: (line: string) => void;
}

interface Found {
  /** What the model records of the data, where they are its own. */
  readonly own?: OwnData;
  readonly place: DataPlace;
  /** The samples to split off or to leave, where the data are the model's own. */
  readonly held?: { readonly held: number; readonly seed: number };
  /** Whether the data are one set, to be taken whole. */
  readonly whole: boolean;
}

/**
 * Opens one set of the samples.
 *
 * @param path the model's file, for messages
 * @throws UsageError if neither says which samples, or the split is not there
 * @throws FileError or DataError if they cannot be read or do not fit the model
 */
export async function openModelData(path: string, model: Model, request: DataRequest): Promise<ModelData> {
  const { data, split, labelColumn } = request;
  const named = data ?? ownSource(path, model);
  const found = await find(path, model, named, request).catch((error) => {
    if (data === undefined && error instanceof FileError) {
      throw new FileError(`${error.message}; ${path} was trained on it, give other samples with --data`);
    }
    throw error;
  });
  const { place, held } = found;
  const isTable = model.preprocessing.table !== undefined;
  if (isTable !== (place.kind === 'csv')) {
    const expected = isTable ? KIND_TEXT.csv : 'images';
    throw new FileError(
      `${place.path}: expected ${expected}, as ${path} was trained on, got ${KIND_TEXT[place.kind]}`,
    );
  }
  if (labelColumn !== undefined && !isTable) {
    throw new UsageError(`--label-column: expected with ${KIND_TEXT.csv} only, got ${named}`);
  }
  let samples: Samples;
  if (place.kind === 'csv') samples = await rows(place, model, found.own, request);
  else samples = await images(path, place, model, found, request);
  if (held !== undefined) {
    const random = new Random(held.seed, 'test');
    const parts = usage(() => holdOut(samples.labels, samples.classes, held.held, random, 'test'));
    samples = pickRows(samples, split === 'test' ? parts.heldOut : parts.train);
  }
  requireFits(named, [samples]);
  return { data: named, samples, shape: model.preprocessing.shape };
}

/** Looks where the samples are, in the model's own data also by where its test samples come from. */
async function find(path: string, model: Model, named: string, { data, split }: DataRequest): Promise<Found> {
  const place = await findData(named);
  const whole = place.kind === 'csv' || (place.kind === 'images' && place.test === undefined);
  if (data !== undefined) return { place, whole };
  const { test } = model.training.data ?? {};
  if (test !== undefined && 'held' in test) {
    return { place, held: test, whole: true, own: { path, model, part: 'train' } };
  }
  const own: OwnData = { path, model, part: split };
  if (test !== undefined && split === 'test') {
    const other = await findData(test.source);
    return {
      own,
      place: other,
      whole: other.kind === 'csv' || (other.kind === 'images' && other.test === undefined),
    };
  }
  if (whole && split === 'test') {
    throw new UsageError(
      `--split: expected train, as ${path} was trained on all of ${named} and has no test samples; or give some with --data`,
    );
  }
  return { place, whole, own };
}

/** Whether samples of other classes are left out, as they were in training. */
function keepsSome({ training }: Model): boolean {
  return training.config?.classes !== undefined;
}

async function rows(
  place: DataPlace & { kind: 'csv' },
  model: Model,
  own: OwnData | undefined,
  { labelColumn, report }: DataRequest,
): Promise<Samples> {
  const { path } = place;
  const bytes = await readBytes(path);
  if (own !== undefined) await requireOwnTable(place, own, bytes);
  const { table } = model.preprocessing;
  if (table === undefined) throw new TypeError('rows: expected a model of tables');
  const { samples, left } = usage(() =>
    labelledRows(bytes, path, table, model.classes, keepsSome(model), labelColumn),
  );
  if (left > 0) report(leftOut(path, left));
  return samples;
}

async function images(
  path: string,
  place: Exclude<DataPlace, { kind: 'csv' }>,
  model: Model,
  { whole, held, own }: Found,
  { split, report }: DataRequest,
): Promise<Samples> {
  const { shape, cropFrom, transpose, imageFiles, scale } = model.preprocessing;
  const field = cropFrom ?? shape;
  const part = held === undefined ? split : 'train';
  let source: DataSource;
  let samples: Samples;
  if (place.kind === 'images') {
    if (field === undefined)
      throw new FileError(`${path}: expected the size of its images in it, found none`);
    const folders: readonly ClassFolder[] = whole || split === 'train' ? place.train : (place.test ?? []);
    requireImagesFit(place.path, folders, field);
    source = await readImageFolder(place.path, { [part]: folders }, readBytes, {
      shape: field,
      ...(imageFiles && { invert: imageFiles.invert }),
    });
    samples = source[part] as Samples;
  } else {
    source = await openIdx(place.path, [part], place.names);
    samples = source[part] as Samples;
    if (transpose) samples = transposeImages(samples, source.shape as ImageShape);
  }
  if (own !== undefined) requireOwnFiles(place.path, own, source.files);
  const [height, width] = source.shape as ImageShape;
  const given = transpose && place.kind === 'idx' ? [width, height] : [height, width];
  const fits = cropFrom === undefined || cropFrom.join() === given.join();
  if (!fits || (cropFrom === undefined && source.inputs !== model.spec.inputs)) {
    const cut =
      cropFrom && shape ? `images of ${cropFrom.join(' × ')}, to be cut to ${shape.join(' × ')}` : '';
    const values = cut || `samples of ${model.spec.inputs} values`;
    throw new FileError(
      `${place.path}: expected ${values}, as ${path} takes, got ${source.inputs} (${given.join(' × ')})`,
    );
  }
  if (cropFrom && shape) samples = cropImages(samples, cropFrom, shape);
  const kept = keepClasses(samples, namesAsTrained(samples, source, model, place.path), model.classes);
  if (kept.count === 0) {
    throw new DataError(`${place.path}: expected samples of ${model.classes.join(', ')}, found none`);
  }
  if (kept.count < samples.count) report(leftOut(place.path, samples.count - kept.count));
  return { ...kept, scale };
}

/**
 * The name of the class of each label. The classes of IDX files are numbers; a model whose names are others (of an
 * import, say) has them in the order of its outputs.
 */
function namesAsTrained(
  { labels }: Samples,
  source: DataSource,
  model: Model,
  path: string,
): readonly string[] {
  if (keepsSome(model)) return source.classes;
  const byPlace = source.preprocessing?.imageFiles === undefined;
  const strange = byPlace
    ? labels.findIndex((label) => label >= model.classes.length)
    : labels.findIndex((label) => !model.classes.includes(source.classes[label]));
  if (strange !== -1) {
    const expected = byPlace
      ? `labels from 0 to ${model.classes.length - 1}`
      : `the classes of the model (${model.classes.join(', ')})`;
    const got = byPlace ? `${labels[strange]} at sample ${strange}` : `"${source.classes[labels[strange]]}"`;
    throw new DataError(`${path}: expected ${expected}, got ${got}`);
  }
  return byPlace ? model.classes : source.classes;
}

const leftOut = (path: string, left: number) =>
  `${path}: ${left} ${left === 1 ? 'sample' : 'samples'} of other classes left out`;

function ownSource(path: string, model: Model): string {
  const { source } = model.training.data ?? {};
  if (source !== undefined) return source;
  throw new UsageError(`--data: expected the samples to use, as ${path} does not say what it was trained on`);
}
