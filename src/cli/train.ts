/** `mlp train`. */

import type { DataSource } from '../data/data-source.ts';
import { splitValidation } from '../data/split.ts';
import { encodeModel } from '../formats/model.ts';
import type { Samples } from '../kernels/matrix.ts';
import { Random } from '../kernels/random.ts';
import { type NetworkSpec, perceptron } from '../network/network.ts';
import { allOf } from '../train/batches.ts';
import type { EndEvent, EpochEvent, StartEvent } from '../train/events.ts';
import { ThreadedTrainer } from '../train/threads.ts';
import type { TrainData } from '../train/trainer.ts';
import { EXIT, type StopSignal, UsageError } from './errors.ts';
import { dataName, OutputFile, openData, readText } from './files.ts';
import { networkLine } from './network-text.ts';
import { EpochBar } from './progress.ts';
import { duration, grouped, openTerminal, percent, type Terminal } from './terminal.ts';
import { type TrainOptions, trainOptions } from './train-options.ts';
import { VERSION } from './version.ts';

/** Beyond this the weights and their gradients alone would take gigabytes. */
const MAX_PARAMETERS = 2 ** 27;

/** @param flags as the command line has them, in camelCase, values as text */
export async function train(flags: Record<string, string | boolean>): Promise<number> {
  const stop = stopOnSignals();
  try {
    return await trainUntil(stop.controller.signal, flags);
  } finally {
    stop.release();
  }
}

async function trainUntil(signal: AbortSignal, flags: Record<string, string | boolean>): Promise<number> {
  const { config: configFile, ...rest } = flags;
  const options = trainOptions(
    rest,
    typeof configFile === 'string' ? { name: configFile, text: await readText(configFile) } : undefined,
  );
  const terminal = openTerminal(options);
  const output = await OutputFile.open(options.out);
  const source = await openData(options.data, ['train', 'test']);
  const trainSet = source.train as Samples;
  const spec = perceptron({ ...options, inputs: source.inputs, classes: source.classes.length });
  requireReasonableSize(spec);
  const data = splitData(source, options);
  const { learningRate, batchSize, epochs, seed, threads } = options;
  const run = { network: spec, learningRate, batchSize, epochs, seed };
  const trainer = new ThreadedTrainer(run, data, threads);

  const { json, quiet, noColor, out, threads: _, ...config } = options;
  const drawing = terminal.redraws && !json && !quiet;
  let bar: EpochBar | undefined;
  let lastEpoch: EpochEvent | undefined;
  let end: EndEvent | undefined;
  const startedFrom = signal.aborted ? [] : trainer.run(signal);
  try {
    for await (const event of startedFrom) {
      if (event.event === 'batch') {
        bar?.update(event.epoch, event.batch, event.trainLoss);
        continue;
      }
      bar?.clear();
      if (event.event === 'start') {
        if (json) terminal.out(JSON.stringify({ ...event, config: { ...config, threads, out } }));
        else if (!quiet) terminal.err(startLine(spec, event, options));
        if (drawing) bar = new EpochBar(event.epochs, event.batchesPerEpoch);
      } else if (event.event === 'epoch') {
        lastEpoch = event;
        if (json) terminal.out(JSON.stringify(event));
        else if (!quiet) terminal.out(epochLine(terminal, event, options.epochs));
      } else {
        end = event;
      }
    }
  } finally {
    bar?.clear();
  }
  if (end === undefined) {
    terminal.err('interrupted before the first step; no model was written');
    return EXIT[signal.reason as StopSignal];
  }

  const { trainLoss, trainAccuracy, validationLoss, validationAccuracy } = lastEpoch ?? {};
  const { testLoss, testAccuracy } = end;
  const model = await encodeModel(
    {
      spec,
      classes: source.classes,
      preprocessing: { scale: trainSet.scale, shape: source.shape },
      training: {
        config: { ...config, data: dataName(options.data) },
        seed: options.seed,
        epochs: end.epochs,
        steps: end.steps,
        ...(end.interrupted && { interrupted: true }),
        data: { source: dataName(options.data), sha256: source.sha256, files: source.files },
        metrics: { trainLoss, trainAccuracy, validationLoss, validationAccuracy, testLoss, testAccuracy },
        mlp: VERSION,
      },
    },
    trainer.tensors(),
  );
  await output.write(model.text);
  if (json) terminal.out(JSON.stringify({ ...end, model: out, sha256: model.sha256 }));
  else terminal.out(endLine(terminal, end, out, options.epochs));
  return end.interrupted ? EXIT[signal.reason as StopSignal] : EXIT.done;
}

/** Turns the first SIGINT or SIGTERM into an abort whose reason is the signal's name; the second kills as usual. */
function stopOnSignals() {
  const controller = new AbortController();
  const abort = (name: NodeJS.Signals) => {
    controller.abort(name);
    release();
  };
  const release = () => {
    process.removeListener('SIGINT', abort);
    process.removeListener('SIGTERM', abort);
  };
  process.on('SIGINT', abort);
  process.on('SIGTERM', abort);
  return { controller, release };
}

function requireReasonableSize(spec: NetworkSpec): void {
  const parameters = spec.layers.reduce(
    (sum, layer) => sum + (layer.type === 'dense' ? (layer.inputs + 1) * layer.outputs : 0),
    0,
  );
  if (parameters > MAX_PARAMETERS) {
    throw new UsageError(
      `--hidden: expected a network of at most ${grouped(MAX_PARAMETERS)} parameters, got ${grouped(parameters)}`,
    );
  }
}

function splitData(source: DataSource, { validation, seed }: TrainOptions): TrainData {
  const samples = source.train as Samples;
  const test = source.test === undefined ? {} : { test: source.test };
  if (validation === 0) return { train: allOf(samples), ...test };
  try {
    const random = new Random(seed, 'validation');
    const rows = splitValidation(samples.labels, samples.classes, validation, random);
    return {
      train: { samples, rows: rows.train },
      validation: { samples, rows: rows.validation },
      ...test,
    };
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--${error.message}`);
    throw error;
  }
}

function startLine(spec: NetworkSpec, event: StartEvent, options: TrainOptions): string {
  const held = event.validationSamples > 0 ? `, ${grouped(event.validationSamples)} held out` : '';
  return (
    `${networkLine(spec)}, ${grouped(event.parameters)} parameters\n` +
    `${grouped(event.trainSamples)} training samples (${options.data})${held}\n` +
    `batch size ${options.batchSize}, learning rate ${options.learningRate}, seed ${options.seed}, ` +
    `${options.threads === 1 ? '1 thread' : `${options.threads} threads`}`
  );
}

function epochLine({ colour }: Terminal, event: EpochEvent, epochs: number): string {
  const { validationLoss, validationAccuracy } = event;
  const held =
    validationLoss === undefined || validationAccuracy === undefined
      ? ''
      : `  validation ${validationLoss.toFixed(4)} ${percent(validationAccuracy)}`;
  const rate = held === '' ? `  ${grouped(event.samplesPerSecond)} samples/s` : '';
  return (
    `${colour.bold(`epoch ${String(event.epoch).padStart(String(epochs).length)}/${epochs}`)}` +
    `  loss ${event.trainLoss.toFixed(4)}  accuracy ${percent(event.trainAccuracy).padStart(7)}${held}` +
    colour.dim(`  ${duration(event.seconds)}${rate}`)
  );
}

function endLine({ colour }: Terminal, end: EndEvent, out: string, epochs: number): string {
  if (end.interrupted) {
    const trained = `${grouped(end.steps)} steps, ${end.epochs} of ${epochs} epochs`;
    return `${colour.yellow('interrupted')} after ${trained}; saved as ${colour.bold(out)}`;
  }
  const tested =
    end.testAccuracy === undefined || end.testLoss === undefined
      ? 'trained'
      : `${colour.green(`test accuracy ${percent(end.testAccuracy)}`)}  loss ${end.testLoss.toFixed(4)}`;
  return `${tested}  ${duration(end.seconds)} of training  saved as ${colour.bold(out)}`;
}
