/** `mlp predict`. */

import { IMAGE_NAME } from '../data/image.ts';
import { readInputs, standardised } from '../data/table.ts';
import { buildNetwork, type Model } from '../formats/model.ts';
import type { Samples } from '../kernels/matrix.ts';
import { WasmKernels } from '../kernels/wasm.ts';
import { memoryFor } from '../network/memory.ts';
import { allOf } from '../train/batches.ts';
import { type Prediction, predict } from '../train/predict.ts';
import { EXIT, FileError, UsageError } from './errors.ts';
import { readBytes, readModel } from './files.ts';
import { inputImage } from './input-image.ts';
import { requireFits } from './sample-sets.ts';
import { openTerminal, percent, type Terminal } from './terminal.ts';
import { usage } from './training-data.ts';

type Flags = Readonly<Record<string, string | boolean>>;

const BATCH_SIZE = 200;
const STDIN = '-';
/** Classes that a line of text shows besides the first. */
const MORE = 2;

/** Inputs of one kind, in the order of the command line. */
interface Inputs {
  /** `seven.png`, or for a row of a table `iris.csv:17`. */
  readonly names: readonly string[];
  readonly samples: Samples;
}

/**
 * Predicts the class of each input; gives the exit code. All inputs are read before the first is told.
 *
 * @param words the model, then one input or more
 * @throws UsageError on flags that do not fit the model
 * @throws FileError or DataError if model or inputs cannot be read or do not fit together
 */
export async function predictInputs(words: readonly string[], flags: Flags): Promise<number> {
  const terminal = openTerminal(flags);
  const [path, ...files] = words;
  const model = await readModel(path);
  const isTable = model.preprocessing.table !== undefined;
  if (isTable && flags.raw) throw new UsageError(`--raw: expected with images only, ${path} takes CSV files`);
  if (!isTable && flags.labelColumn !== undefined) {
    throw new UsageError(`--label-column: expected with CSV files only, ${path} takes images`);
  }
  if (files.filter((file) => file === STDIN).length > 1) {
    throw new UsageError('expected - once among the inputs, got it twice');
  }
  const inputs = isTable
    ? await tableRows(path, model, files, flags)
    : await images(path, model, files, flags, terminal);
  requireFits(files[0], [inputs.samples]);
  const kernels = new WasmKernels(memoryFor(model.spec, [inputs.samples], BATCH_SIZE, 0));
  const network = buildNetwork(kernels, model, BATCH_SIZE);
  const width = Math.max(...inputs.names.map((name) => name.length));
  let row = 0;
  for (const prediction of predict(kernels, network, allOf(inputs.samples))) {
    const input = inputs.names[row++];
    if (flags.json) terminal.out(JSON.stringify(predictionJson(input, prediction, model.classes)));
    else terminal.out(predictionLine(terminal, input.padEnd(width), prediction, model.classes));
  }
  return EXIT.done;
}

async function images(
  path: string,
  model: Model,
  files: readonly string[],
  flags: Flags,
  terminal: Terminal,
): Promise<Inputs> {
  if (files.includes(STDIN)) throw new UsageError(`-: expected CSV on stdin, but ${path} takes images`);
  const { inputs } = model.spec;
  const values = new Uint8Array(files.length * inputs);
  for (const [i, file] of files.entries()) {
    const image = await inputImage(path, model, file, flags.raw ? 'resized' : 'as-mnist');
    if (image.told !== undefined) terminal.err(`${file}: ${image.told}`);
    values.set(image.values, i * inputs);
  }
  return { names: files, samples: unlabelled(values, model, model.preprocessing.scale) };
}

async function tableRows(
  path: string,
  model: Model,
  files: readonly string[],
  { labelColumn }: Flags,
): Promise<Inputs> {
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
    const label = labelColumn === undefined ? undefined : String(labelColumn);
    const { values, lines } = usage(() => readInputs(bytes, name, table, false, label));
    parts.push(standardised(values, table, name));
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

function predictionJson(input: string, prediction: Prediction, classes: readonly string[]): object {
  const { probabilities, outputs } = prediction;
  const byClass = (values: readonly number[]) =>
    Object.fromEntries(classes.map((name, i) => [name, values[i]]));
  const named = classes[prediction.class];
  if (probabilities !== undefined) return { input, class: named, probabilities: byClass(probabilities) };
  return { input, class: named, scores: byClass(outputs) };
}

function predictionLine(
  { colour }: Terminal,
  input: string,
  prediction: Prediction,
  classes: readonly string[],
): string {
  const { probabilities, outputs } = prediction;
  const values = probabilities ?? outputs;
  const shown = (value: number) => (probabilities === undefined ? value.toFixed(4) : percent(value));
  const others = [...values.keys()]
    .filter((i) => i !== prediction.class)
    .sort((a, b) => values[b] - values[a] || a - b)
    .slice(0, MORE)
    .map((i) => `${classes[i]} ${shown(values[i])}`);
  const unit = probabilities === undefined ? 'score ' : '';
  const best = `${unit}${shown(values[prediction.class])}`.padStart(8);
  return `${input}  ${colour.bold(classes[prediction.class])}  ${best}${colour.dim(`   then ${others.join(', ')}`)}`;
}
