/** `mlp explain`. */

import { type Explanation, explain } from '../../explain/explain.ts';
import { defaultOrientation, fitsNote, noteView } from '../../explain/note-view.ts';
import { ORIENTATIONS, type Orientation } from '../../explain/orientations.ts';
import { trainedRate, trainingTerms } from '../../explain/training-terms.ts';
import { buildNetwork, type Model } from '../../formats/model.ts';
import type { Samples } from '../../kernels/matrix.ts';
import { ReferenceKernels } from '../../kernels/reference.ts';
import { UsageError } from '../../options/errors.ts';
import { didYouMean } from '../../options/suggest.ts';
import { Sgd } from '../../train/optimizers/optimizers.ts';
import { inputImage } from '../data/input-image.ts';
import { openModelData } from '../data/model-data.ts';
import { EXIT } from '../errors.ts';
import { readModel } from '../files/reading.ts';
import type { ExplainFlags } from '../options/model-flags.ts';
import { imageLines } from '../text/digit.ts';
import { explanationJson } from '../text/explain-json.ts';
import { noteLines } from '../text/explain-note-text.ts';
import { figure, stepLines } from '../text/explain-text.ts';
import { networkLine } from '../text/network-text.ts';
import { oneLine, openTerminal, percent, printMessage, printPart, type Terminal } from '../text/terminal.ts';
import { wrap } from '../text/wrapped-text.ts';

/** Of a model that does not say how it was trained. */
const LEARNING_RATE = 0.01;
const MAX_WIDTH = 100;
/** Columns that the text beside the picture needs. */
const TEXT_BESIDE = 50;

/** The one sample that is explained. */
interface Chosen {
  readonly samples: Samples;
  readonly index: number;
  /** Undefined where nobody has said it. */
  readonly label: number | undefined;
  /** Rows and columns, where it is an image. */
  readonly shape: readonly [rows: number, cols: number] | undefined;
  /** The fields of JSON that say which it is. */
  readonly note: Readonly<Record<string, unknown>>;
  /** The same in words. */
  readonly title: string;
}

/**
 * Explains one sample; gives the exit code.
 *
 * @throws UsageError on flags that do not fit the model, the data or each other
 * @throws FileError or DataError if model, data or image cannot be read or do not fit together
 */
export async function explainModel(path: string, flags: ExplainFlags): Promise<number> {
  const terminal = openTerminal(flags);
  if (flags.label !== undefined && flags.input === undefined) {
    throw new UsageError('--label: expected with --input only; a sample of the data has its own label');
  }
  const model = await readModel(path);
  const as = orientationOf(flags.as, model);
  const chosen =
    flags.input === undefined
      ? await fromData(path, model, flags)
      : await fromImage(path, model, flags.input, flags.label);

  const kernels = new ReferenceKernels('float64');
  const network = buildNetwork(kernels, model, 1);
  const x = kernels.matrix(1, network.inputs);
  const y = kernels.matrix(1, network.classes);
  kernels.gather(chosen.samples, Uint32Array.of(chosen.index), 0, 1, x, y);
  if (chosen.label === undefined) {
    const predicted = kernels.matrix(1, 1);
    kernels.argmax(network.forward(x), predicted);
    kernels.fill(y, 0);
    y.values[predicted.values[0]] = 1;
  }
  const learningRate = flags.learningRate ?? trainedRate(model.training.config) ?? LEARNING_RATE;
  const training = trainingTerms(model.training.config);
  // The step of the notes, whatever the model was trained with.
  const sgd = new Sgd(kernels, network.parameters);
  const descent = { learningRate, step: () => sgd.step(learningRate) };
  const explanation = explain(kernels, network, x, y, descent, training.l1);

  if (flags.json) {
    const head = { model: path, ...chosen.note, optimizer: 'sgd', trainedWith: training.optimizer ?? null };
    const view =
      flags.as === undefined || as === 'rows'
        ? undefined
        : noteView(model.spec, model.tensors, explanation, as);
    for (const piece of explanationJson(head, explanation, model.classes, view)) printPart(piece);
    terminal.out('');
    return EXIT.done;
  }
  const width = Math.min(MAX_WIDTH, process.stdout.columns ?? 80);
  for (const line of headLines(terminal, width, model, chosen, explanation)) terminal.out(line);
  if (training.note !== undefined)
    for (const line of ['', ...wrap(oneLine(training.note), width)]) terminal.out(line);
  const { spec, tensors } = model;
  const setting = { terminal, width, classes: model.classes.map(oneLine), l2: spec.l2, tensors };
  const lines =
    as === 'rows'
      ? stepLines(setting, explanation)
      : noteLines(setting, explanation, noteView(spec, tensors, explanation, as));
  for (const line of lines) terminal.out(line);
  return EXIT.done;
}

/** @throws UsageError if the network is none of the note's */
function orientationOf(asked: Orientation | undefined, { spec }: Model): Orientation {
  const as = asked ?? defaultOrientation(spec);
  if (fitsNote(spec, as)) return as;
  const fitting = ORIENTATIONS.filter((each) => fitsNote(spec, each)).join(' or ');
  throw new UsageError(
    `--as: expected ${fitting} for ${networkLine(spec)}, got ${as}, whose note has another network`,
  );
}

async function fromData(path: string, model: Model, flags: ExplainFlags): Promise<Chosen> {
  const { split, sample: index = 0 } = flags;
  const { data, samples, shape } = await openModelData(path, model, {
    ...flags,
    report: printMessage,
  });
  if (index >= samples.count) {
    throw new UsageError(
      `--sample: expected 0 to ${samples.count - 1}, a ${split} sample of ${data}, got ${index}`,
    );
  }
  return {
    samples,
    index,
    label: samples.labels[index],
    shape,
    note: { data, split, sample: index },
    title: `sample ${index} of ${data}, ${split}`,
  };
}

async function fromImage(
  path: string,
  model: Model,
  file: string,
  className: string | undefined,
): Promise<Chosen> {
  const { classes, spec, preprocessing } = model;
  const named = className === undefined ? undefined : classes.indexOf(className);
  if (named === -1) {
    const hint = didYouMean(className ?? '', classes);
    const known = classes.length > 20 ? `one of ${path}'s ${classes.length} classes` : classes.join(', ');
    throw new UsageError(`--label: expected ${known}, got "${className}"${hint}`);
  }
  const { values, shape } = await inputImage(path, model, file, 'refused');
  const { scale } = preprocessing;
  const labels = Uint8Array.of(named ?? 0);
  return {
    samples: { count: 1, cols: spec.inputs, values, scale, labels, classes: classes.length },
    index: 0,
    label: named,
    shape,
    note: { input: file, sample: null },
    title: file,
  };
}

/** The picture, and beside it what the sample is and what the network makes of it. */
function headLines(
  { colour }: Terminal,
  width: number,
  model: Model,
  { samples, index, title, label, shape }: Chosen,
  explanation: Explanation,
): string[] {
  const { spec } = model;
  const classes = model.classes.map(oneLine);
  const { prediction, probabilities, outputs, loss, penalty, lossAfter, penaltyAfter } = explanation;
  const { l1, l1Penalty, l1PenaltyAfter } = explanation;
  const right = explanation.label === prediction ? colour.green : colour.red;
  const sure =
    probabilities === undefined
      ? `output ${figure(outputs[prediction])}`
      : `probability ${percent(probabilities[prediction])}`;
  const assumed = label === undefined ? colour.dim('  as predicted; see --label') : '';
  const head = [
    ...wrap(oneLine(title), width).map((line) => colour.bold(line)),
    ...wrap(networkLine(spec), width),
    '',
  ];
  const text = [
    `label       ${colour.bold(classes[explanation.label])}${assumed}`,
    `prediction  ${right.bold(classes[prediction])}  ${sure}`,
    '',
    `loss        ${figure(loss, 6)}`,
    `after step  ${figure(lossAfter, 6)}   α = ${figure(explanation.learningRate)}`,
    ...(spec.l2 > 0
      ? ['', `L2 term     ${figure(penalty, 6)}`, `after step  ${figure(penaltyAfter, 6)}`]
      : []),
    ...(l1 > 0
      ? ['', `L1 term     ${figure(l1Penalty, 6)}`, `after step  ${figure(l1PenaltyAfter, 6)}`]
      : []),
    '',
    colour.dim('Indices count from 0.'),
  ];
  const [rows, cols] = shape ?? [0, 0];
  if (rows < 2 || cols > width) return [...head, ...text];
  const raw = samples.values.subarray(index * samples.cols, (index + 1) * samples.cols);
  const white = raw instanceof Uint8Array ? 255 : Math.max(...raw) || 1;
  const picture = imageLines(
    colour,
    Array.from(raw, (value) => value / white),
    rows,
    cols,
  );
  if (cols > width - TEXT_BESIDE) return [...head, ...picture, '', ...text];
  const top = Math.max(0, Math.floor((picture.length - text.length) / 2));
  const height = Math.max(picture.length, top + text.length);
  const beside = Array.from({ length: height }, (_, n) =>
    `${picture[n] ?? ' '.repeat(cols)}   ${text[n - top] ?? ''}`.trimEnd(),
  );
  return [...head, ...beside];
}
