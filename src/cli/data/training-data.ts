/** The samples that `mlp train` trains and tests on, read and made into inputs as its options say. */

import { resolve } from 'node:path';
import { keepClasses, pickRows } from '../../data/class-names.ts';
import type { DataSource, Split } from '../../data/data-source.ts';
import { sha256OfDigests } from '../../data/digest.ts';
import { DataError, FileError } from '../../data/errors.ts';
import { readImageFolder } from '../../data/images/image-folder.ts';
import { cropImages, transposeImages } from '../../data/images/image-shape.ts';
import type { ImageShape } from '../../data/preprocessing.ts';
import type { TestPlace } from '../../formats/training-record.ts';
import type { Samples } from '../../kernels/matrix.ts';
import type { Values } from '../../options/complete-options.ts';
import { UsageError } from '../../options/errors.ts';
import { flagOf, rowsOf } from '../../options/option-row.ts';
import { MNIST } from '../../options/rows/data-rows.ts';
import { TRAIN_OPTIONS } from '../../options/train-options.ts';
import { openIdx, readBytes } from '../files/reading.ts';
import { type DataPlace, findData, KIND_TEXT } from './data-place.ts';
import { chosenClasses, type RunOptions, testRows } from './sample-choice.ts';
import { requireFits, requireImagesFit } from './sample-sets.ts';
import type { TrainingData } from './training-samples.ts';
import { readTables } from './training-tables.ts';

/**
 * Reads what `--data` and `--test` name.
 *
 * @param report receives a line for each thing that was guessed or left out
 * @throws UsageError on options that do not fit the data or each other
 * @throws FileError or DataError if data are missing, cannot be read or do not fit together
 */
export async function openTrainingData(
  options: RunOptions,
  report: (line: string) => void,
): Promise<TrainingData> {
  const place = await findData(options.data);
  requireFitting(place, options);
  if (typeof options.test === 'number' && options.test > 0) {
    // Drawn once more by `eval`, from the seed alone.
    const testPlace = { held: options.test, seed: options.seed };
    return placed(await read(place, undefined, options, report), testPlace);
  }
  if (typeof options.test !== 'string') return read(place, undefined, options, report);
  const test = await findData(options.test);
  if (test.kind !== place.kind) {
    throw new FileError(
      `${options.test}: expected ${KIND_TEXT[place.kind]}, as ${options.data} is, got ${KIND_TEXT[test.kind]}`,
    );
  }
  const testPlace = { source: options.test === MNIST ? MNIST : resolve(options.test) };
  return placed(await read(place, test, options, report), testPlace);
}

function placed(data: TrainingData, testPlace: TestPlace): TrainingData {
  const { ofSeed } = data;
  return { ...data, testPlace, ...(ofSeed && { ofSeed: (seed: number) => placed(ofSeed(seed), testPlace) }) };
}

async function read(
  place: DataPlace,
  test: DataPlace | undefined,
  options: RunOptions,
  report: (line: string) => void,
): Promise<TrainingData> {
  const data =
    place.kind === 'csv'
      ? await readTables(place.path, test?.path, options, report)
      : await readImages(place, test, options, report);
  requireFits(options.data, [data.train, data.test]);
  return data;
}

async function readImages(
  place: Exclude<DataPlace, { kind: 'csv' }>,
  test: DataPlace | undefined,
  options: RunOptions,
  report: (line: string) => void,
): Promise<TrainingData> {
  const splits: Split[] = options.test === undefined ? ['train', 'test'] : ['train'];
  let source: DataSource;
  if (place.kind === 'idx') {
    source = await openIdx(place.path, splits, place.names);
    if (test?.kind === 'idx')
      source = await withTest(source, await openIdx(test.path, ['test'], test.names), test.path);
  } else {
    const own = options.test === undefined ? place.test : undefined;
    const other = test?.kind === 'images' ? (test.test ?? test.train) : undefined;
    const tested = own ?? other;
    const shape = (options.size ?? [28, 28]) as ImageShape;
    requireImagesFit(place.path, [...place.train, ...(tested ?? [])], shape);
    source = await readImageFolder(
      place.path,
      { train: place.train, ...(tested && { test: tested }) },
      readBytes,
      {
        shape,
        ...(options.invert && { invert: options.invert === 'yes' }),
      },
    );
    report(imagesLine(place, source, options));
  }
  if (source.classes.length < 2) {
    throw new FileError(`${options.data}: expected labels of 2 classes or more, got those of one`);
  }
  let shape = source.shape as ImageShape;
  const given = shape;
  const { transpose } = options;
  const crop = options.crop === undefined ? undefined : ([options.crop, options.crop] as const);
  const steps: ((samples: Samples) => Samples)[] = [];
  if (transpose) {
    steps.push((samples) => transposeImages(samples, given));
    shape = [shape[1], shape[0]];
  }
  const uncropped = shape;
  if (crop !== undefined) {
    if (crop[0] > shape[0] || crop[1] > shape[1]) {
      throw new UsageError(
        `--crop: expected at most the images' ${shape.join(' × ')} pixels, got ${options.crop}`,
      );
    }
    steps.push((samples) => cropImages(samples, uncropped, crop));
    shape = crop;
  }
  const classes = chosenClasses(source.classes, options);
  steps.push((samples) => keepClasses(samples, source.classes, classes));
  const made = (samples: Samples) => steps.reduce((done, step) => step(done), samples);
  const train = made(source.train as Samples);
  requireSome(train, options.data);
  const tested = source.test && made(source.test);
  if (tested) requireSome(tested, `the test set of ${options.data}`);
  return {
    ...source,
    shape,
    inputs: shape[0] * shape[1],
    classes,
    ...splitOff(train, options, tested),
    preprocessing: {
      ...(crop && { cropFrom: uncropped }),
      ...(transpose && { transpose }),
      ...source.preprocessing,
    },
  };
}

function splitOff(train: Samples, options: RunOptions, test: Samples | undefined) {
  const parts = testRows(train.labels, train.classes, options);
  if (parts === undefined) return { train, ...(test && { test }) };
  return { train: pickRows(train, parts.train), test: pickRows(train, parts.heldOut) };
}

/** The training set of one folder and the test set of another. */
async function withTest(source: DataSource, other: DataSource, path: string): Promise<DataSource> {
  const test = other.test as Samples;
  if (other.shape?.join() !== source.shape?.join()) {
    throw new DataError(
      `${path}: expected images of ${source.shape?.join(' × ')} as in ${source.source}, got ${other.shape?.join(' × ')}`,
    );
  }
  const largest = test.labels.reduce((a, b) => Math.max(a, b), 0);
  if (largest >= source.classes.length) {
    throw new DataError(
      `${path}: expected labels from 0 to ${source.classes.length - 1} as in ${source.source}, got ${largest}`,
    );
  }
  const files = [...source.files, ...other.files];
  const sha256 = await sha256OfDigests(files.map((file) => file.sha256));
  return { ...source, test: { ...test, classes: source.classes.length }, files, sha256 };
}

function requireSome({ count }: Samples, of: string): void {
  if (count === 0) throw new FileError(`${of}: expected samples of the classes of --classes, found none`);
}

/** @throws UsageError on an option that applies to data of other kinds only */
function requireFitting({ kind }: DataPlace, options: RunOptions): void {
  const values: Values = options;
  for (const [key, { dataKinds }] of rowsOf(TRAIN_OPTIONS)) {
    const value = values[key];
    if (dataKinds === undefined || dataKinds.includes(kind) || value === undefined || value === false)
      continue;
    const expected = dataKinds.map((one) => KIND_TEXT[one]).join(' or ');
    throw new UsageError(`${flagOf(key)}: expected with ${expected} only, got --data ${options.data}`);
  }
}

function imagesLine(
  place: DataPlace & { kind: 'images' },
  source: DataSource,
  { invert }: RunOptions,
): string {
  const inverted = source.preprocessing?.imageFiles?.invert;
  const guessed = inverted
    ? 'dark on light, inverted (see --invert)'
    : 'light on dark, not inverted (see --invert)';
  const ink = invert === undefined ? guessed : inverted ? 'inverted' : 'not inverted';
  const others =
    place.others === 0 ? '' : `; ${place.others} other ${place.others === 1 ? 'file' : 'files'} left out`;
  return `${place.path}: ${source.classes.length} classes, resized to ${source.shape?.join(' × ')}, ${ink}${others}`;
}
