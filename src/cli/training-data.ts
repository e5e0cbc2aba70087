/** The samples that `mlp train` trains and tests on, read and made into inputs as its options say. */

import { basename, resolve } from 'node:path';
import { keepClasses, pickRows } from '../data/class-names.ts';
import type { DataSource, Split } from '../data/data-source.ts';
import { sha256, sha256OfDigests } from '../data/digest.ts';
import { DataError } from '../data/errors.ts';
import { readImageFolder } from '../data/image-folder.ts';
import { cropImages, transposeImages } from '../data/image-shape.ts';
import type { ImageShape, Preprocessing } from '../data/preprocessing.ts';
import { splitValidation } from '../data/split.ts';
import { classesOf, readTable, standardised, statistics, tableSamples } from '../data/table.ts';
import type { Samples } from '../kernels/matrix.ts';
import { Random } from '../kernels/random.ts';
import type { DataOptions } from './data-options.ts';
import { type DataPlace, findData, KIND_TEXT } from './data-place.ts';
import { FileError, UsageError } from './errors.ts';
import { MNIST, openIdx, readBytes } from './files.ts';
import { labelledRows, requireFits } from './sample-sets.ts';
import { didYouMean } from './suggest.ts';

/** Where the test samples of a model's data are: in another place, or split off the training samples. */
export type TestPlace = { readonly source: string } | { readonly held: number; readonly seed: number };

/** Samples to train on, with what a model must remember of them. */
export interface TrainingData extends DataSource {
  readonly train: Samples;
  readonly preprocessing: Omit<Preprocessing, 'scale' | 'shape'>;
  /** Absent where the data bring their own test set, or none. */
  readonly testPlace?: TestPlace;
}

type Options = DataOptions & { readonly data: string; readonly seed: number };

/**
 * Reads what `--data` and `--test` name.
 *
 * @param tell gets a line for each thing that was guessed or left out
 * @throws UsageError on options that do not fit the data or each other
 * @throws FileError or DataError if data are missing, cannot be read or do not fit together
 */
export async function openTrainingData(
  options: Options,
  tell: (line: string) => void,
): Promise<TrainingData> {
  const place = await findData(options.data);
  requireFitting(place, options);
  if (typeof options.test === 'number' && options.test > 0) {
    // Drawn once more by `eval`, from the seed alone.
    const testPlace = { held: options.test, seed: options.seed };
    return { ...(await read(place, undefined, options, tell)), testPlace };
  }
  if (typeof options.test !== 'string') return read(place, undefined, options, tell);
  const test = await findData(options.test);
  if (test.kind !== place.kind) {
    throw new FileError(
      `${options.test}: expected ${KIND_TEXT[place.kind]}, as ${options.data} is, got ${KIND_TEXT[test.kind]}`,
    );
  }
  const testPlace = { source: options.test === MNIST ? MNIST : resolve(options.test) };
  return { ...(await read(place, test, options, tell)), testPlace };
}

async function read(
  place: DataPlace,
  test: DataPlace | undefined,
  options: Options,
  tell: (line: string) => void,
): Promise<TrainingData> {
  const data =
    place.kind === 'csv'
      ? await readTables(place.path, test?.path, options, tell)
      : await readImages(place, test, options, tell);
  requireFits(options.data, [data.train, data.test]);
  return data;
}

async function readImages(
  place: Exclude<DataPlace, { kind: 'csv' }>,
  test: DataPlace | undefined,
  options: Options,
  tell: (line: string) => void,
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
    source = await readImageFolder(
      place.path,
      { train: place.train, ...(tested && { test: tested }) },
      readBytes,
      {
        shape: (options.size ?? [28, 28]) as ImageShape,
        ...(options.invert && { invert: options.invert === 'yes' }),
      },
    );
    tell(imagesLine(place, source, options));
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

async function readTables(
  path: string,
  testPath: string | undefined,
  options: Options,
  tell: (line: string) => void,
): Promise<TrainingData> {
  const bytes = await readBytes(path);
  const table = usage(() => readTable(bytes, path, options.labelColumn));
  const found = classesOf(table.labels, path);
  const classes = chosenClasses(found, options);
  const kept = [...table.labels.keys()].filter((row) => classes.includes(table.labels[row]));
  const labels = kept.map((row) => table.labels[row]);
  const place = new Map(classes.map((name, i) => [name, i]));
  const numbers = Uint8Array.from(labels, (label) => place.get(label) as number);
  const held = heldRows(numbers, classes.length, options);
  const rowsOf = (rows: ArrayLike<number>) => Array.from(rows, (row) => kept[row]);
  const train = rowsOf(held?.train ?? [...kept.keys()]);
  const { inputs, values, label, labelNumber, columns } = table;
  const { mean, sd } = statistics(values, inputs, train);
  const preprocessing = {
    table: { ...(columns && { columns }), ...(label !== undefined && { label }), labelNumber, mean, sd },
  };
  const samples = (rows: readonly number[]) => {
    const part = new Float64Array(rows.length * inputs);
    for (const [i, row] of rows.entries()) {
      part.set(values.subarray(row * inputs, (row + 1) * inputs), i * inputs);
    }
    const names = rows.map((row) => table.labels[row]);
    return tableSamples(standardised(part, { mean, sd }, path), names, classes);
  };
  const header = columns === undefined ? 'no header' : 'a header';
  const named = label === undefined ? `column ${labelNumber}` : `column "${label}"`;
  const shown = classes.length > 10 ? `${classes.length} classes` : classes.join(', ');
  tell(`${path}: ${header}, ${inputs} inputs, standardised; classes in ${named}: ${shown}`);

  const files = [{ name: basename(path), sha256: await sha256(bytes) }];
  let test = held && samples(rowsOf(held.validation));
  if (testPath !== undefined) {
    const testBytes = await readBytes(testPath);
    files.push({ name: basename(testPath), sha256: await sha256(testBytes) });
    const subset = classes.length < found.length;
    const labelled = usage(() =>
      labelledRows(testBytes, testPath, preprocessing.table, classes, subset, options.labelColumn),
    );
    test = labelled.samples;
  }
  return {
    source: path,
    inputs,
    classes,
    train: samples(train),
    ...(test && { test }),
    files,
    sha256: await sha256OfDigests(files.map((file) => file.sha256)),
    preprocessing,
  };
}

/** The test rows of `--test N`; undefined if none are to be split off. */
function heldRows(labels: Uint8Array, classes: number, { test, seed }: Options) {
  if (typeof test !== 'number' || test === 0) return undefined;
  return usage(() => splitValidation(labels, classes, test, new Random(seed, 'test'), 'test'));
}

function splitOff(train: Samples, options: Options, test: Samples | undefined) {
  const held = heldRows(train.labels, train.classes, options);
  if (held === undefined) return { train, ...(test && { test }) };
  return { train: pickRows(train, held.train), test: pickRows(train, held.validation) };
}

/** The classes to keep, in the order of the data, so that the order they are named in decides nothing. */
function chosenClasses(found: readonly string[], { classes, data }: Options): readonly string[] {
  if (classes === undefined) return found;
  const unknown = classes.find((name) => !found.includes(name));
  if (unknown !== undefined) {
    const known = found.length > 30 ? `names of ${found.length} classes` : found.join(', ');
    throw new UsageError(
      `--classes: expected ${known}, the classes of ${data}, got "${unknown}"${didYouMean(unknown, found)}`,
    );
  }
  return found.filter((name) => classes.includes(name));
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

/** Options that say something of data of one kind. */
const ONLY: readonly (readonly [keyof DataOptions, string, readonly DataPlace['kind'][]])[] = [
  ['labelColumn', 'label-column', ['csv']],
  ['crop', 'crop', ['idx', 'images']],
  ['size', 'size', ['images']],
  ['invert', 'invert', ['images']],
  ['transpose', 'transpose', ['idx']],
];

function requireFitting({ kind }: DataPlace, options: Options): void {
  for (const [key, flag, kinds] of ONLY) {
    if (options[key] === undefined || options[key] === false || kinds.includes(kind)) continue;
    const wanted = kinds.map((one) => KIND_TEXT[one]).join(' or ');
    throw new UsageError(`--${flag}: expected with ${wanted} only, got --data ${options.data}`);
  }
}

function imagesLine(place: DataPlace & { kind: 'images' }, source: DataSource, { invert }: Options): string {
  const inverted = source.preprocessing?.imageFiles?.invert;
  const guessed = inverted
    ? 'dark on light, inverted (see --invert)'
    : 'light on dark, not inverted (see --invert)';
  const ink = invert === undefined ? guessed : inverted ? 'inverted' : 'not inverted';
  const others =
    place.others === 0 ? '' : `; ${place.others} other ${place.others === 1 ? 'file' : 'files'} left out`;
  return `${place.path}: ${source.classes.length} classes, resized to ${source.shape?.join(' × ')}, ${ink}${others}`;
}

/** What a RangeError of the data's readers says of an option is a wrong word of the user's. */
export function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--${error.message}`);
    throw error;
  }
}
