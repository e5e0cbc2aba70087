/** `mlp predict`. */

import { FileError } from '../../data/errors.ts';
import { IMAGE_NAME } from '../../data/images/image.ts';
import { readInputs, standardised } from '../../data/tables/table.ts';
import { buildNetwork, type Model } from '../../formats/model.ts';
import type { Samples } from '../../kernels/matrix.ts';
import { WasmKernels } from '../../kernels/wasm/wasm-kernels.ts';
import { memoryFor } from '../../network/memory.ts';
import { UsageError } from '../../options/errors.ts';
import { allOf } from '../../train/batches.ts';
import { predict } from '../../train/predict.ts';
import { inputImage } from '../data/input-image.ts';
import { openModelData } from '../data/model-data.ts';
import { usage } from '../data/sample-choice.ts';
import { requireFits } from '../data/sample-sets.ts';
import { EXIT } from '../errors.ts';
import { readBytes, readModel } from '../files/reading.ts';
import type { PredictFlags } from '../options/model-flags.ts';
import { predictionJson, predictionLine } from '../text/prediction-text.ts';
import { stdoutTakesMore } from '../text/stdout.ts';
import { openTerminal, type Terminal } from '../text/terminal.ts';

const BATCH_SIZE = 200;
const STDIN = '-';

/** Inputs of one kind, in the order of the command line or of the data set. */
interface Inputs {
  /** `seven.png`, for a row of a table `iris.csv:17`, of a data set `test[17]`. */
  readonly nameOf: (index: number) => string;
  /** The longest of the names. */
  readonly width: number;
  readonly samples: Samples;
  /** Whether the labels of the samples are theirs. */
  readonly labelled: boolean;
}

/**
 * Predicts the class of each input, or of each sample of a data set; gives the exit code. All inputs are read before
 * the first is note. A line is made when stdout has room for it, however many there are.
 *
 * @param words the model, then the inputs; none of them means a data set
 * @throws UsageError on flags that do not fit the model or each other
 * @throws FileError or DataError if model or inputs cannot be read or do not fit together
 */
export async function predictInputs(words: readonly string[], flags: PredictFlags): Promise<number> {
  const terminal = openTerminal(flags);
  const [path, ...files] = words;
  if (IMAGE_NAME.test(path) || /\.csv(\.gz)?$/i.test(path)) {
    throw new UsageError(
      `expected the model before the inputs, as in mlp predict model.json ${path}, got ${path}`,
    );
  }
  requireOneKind(files, flags);
  const model = await readModel(path);
  const { classes } = model;
  const { nameOf, width, samples, labelled } =
    files.length === 0
      ? await dataSet(path, model, flags, terminal)
      : await namedInputs(path, model, files, flags, terminal);
  const kernels = new WasmKernels(memoryFor(model.spec, [samples], BATCH_SIZE, 0));
  const network = buildNetwork(kernels, model, BATCH_SIZE);
  let row = 0;
  for (const prediction of predict(kernels, network, allOf(samples))) {
    if (row % BATCH_SIZE === 0 && !(await stdoutTakesMore())) break;
    const input = nameOf(row);
    const label = labelled ? classes[samples.labels[row]] : undefined;
    row++;
    if (flags.json) terminal.out(JSON.stringify(predictionJson(input, prediction, classes, label)));
    else terminal.out(predictionLine(terminal, input.padEnd(width), prediction, classes, label));
  }
  return EXIT.done;
}

/** @throws UsageError on inputs beside a data set, and on what only inputs can have */
function requireOneKind(files: readonly string[], flags: PredictFlags): void {
  const ofData = (['data', 'split'] as const).find((flag) => flags[flag] !== undefined);
  if (files.length > 0 && ofData !== undefined) {
    throw new UsageError(`--${ofData}: expected without inputs, got ${files[0]}`);
  }
  if (files.length === 0 && flags.raw)
    throw new UsageError('--raw: expected with image files only, got none');
}

/** The samples of `--data`, by default the test set of the model's own source. */
async function dataSet(path: string, model: Model, flags: PredictFlags, { err }: Terminal): Promise<Inputs> {
  const { split = 'test' } = flags;
  const { samples } = await openModelData(path, model, { ...flags, split, report: err });
  const nameOf = (index: number) => `${split}[${index}]`;
  return { nameOf, width: nameOf(samples.count - 1).length, samples, labelled: true };
}

async function namedInputs(
  path: string,
  model: Model,
  files: readonly string[],
  flags: PredictFlags,
  terminal: Terminal,
): Promise<Inputs> {
  const isTable = model.preprocessing.table !== undefined;
  if (isTable && flags.raw) throw new UsageError(`--raw: expected with images only, ${path} takes CSV files`);
  if (!isTable && flags.labelColumn !== undefined) {
    throw new UsageError(`--label-column: expected with CSV files only, ${path} takes images`);
  }
  if (files.filter((file) => file === STDIN).length > 1) {
    throw new UsageError('expected - once among the inputs, got it twice');
  }
  const { names, samples } = isTable
    ? await tableRows(path, model, files, flags)
    : await images(path, model, files, flags, terminal);
  requireFits(files[0], [samples]);
  const width = names.reduce((most, name) => Math.max(most, name.length), 0);
  return { nameOf: (index) => names[index], width, samples, labelled: false };
}

/** Samples without classes, and what each is called. */
type Named = Pick<Inputs, 'samples'> & { readonly names: readonly string[] };

async function images(
  path: string,
  model: Model,
  files: readonly string[],
  flags: PredictFlags,
  terminal: Terminal,
): Promise<Named> {
  if (files.includes(STDIN)) throw new UsageError(`-: expected CSV on stdin, but ${path} takes images`);
  const { inputs } = model.spec;
  const values = new Uint8Array(files.length * inputs);
  for (const [i, file] of files.entries()) {
    const image = await inputImage(path, model, file, flags.raw ? 'resized' : 'as-mnist');
    if (image.note !== undefined) terminal.err(`${file}: ${image.note}`);
    values.set(image.values, i * inputs);
  }
  return { names: files, samples: unlabelled(values, model, model.preprocessing.scale) };
}

async function tableRows(
  path: string,
  model: Model,
  files: readonly string[],
  { labelColumn }: PredictFlags,
): Promise<Named> {
  const { table } = model.preprocessing;
  if (table === undefined) throw new TypeError(`tableRows: expected a model of tables, got ${path}`);
  const parts: Float32Array[] = [];
  const names: string[] = [];
  for (const file of files) {
    if (IMAGE_NAME.test(file)) {
      throw new FileError(`${file}: expected a CSV file, as ${path} takes, got an image`);
    }
    const bytes = file === STDIN ? await readStdin() : await readBytes(file);
    const name = file === STDIN ? 'stdin' : file;
    const { values, lines } = usage(() => readInputs(bytes, name, table, false, labelColumn));
    parts.push(standardised(values, table, name, lines));
    for (const line of lines) names.push(`${name}:${line}`);
  }
  const values = new Float32Array(names.length * table.mean.length);
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  return { names, samples: unlabelled(values, model, 1) };
}

/** Samples of whose classes nothing is known: the labels are 0 and nobody looks at them. */
function unlabelled(values: Samples['values'], { spec, classes }: Model, scale: number): Samples {
  const count = values.length / spec.inputs;
  return { count, cols: spec.inputs, values, scale, labels: new Uint8Array(count), classes: classes.length };
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}
