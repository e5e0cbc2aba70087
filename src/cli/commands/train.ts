/** `mlp train`. */

import { resolve } from 'node:path';
import { regularisationText } from '../../explain/regularisation-text.ts';
import { encodeModel } from '../../formats/model.ts';
import { type NamedTensor, type NetworkSpec, perceptron } from '../../network/network.ts';
import { UsageError } from '../../options/errors.ts';
import { newRunOptions } from '../../options/recipe-options.ts';
import type { GivenOptions } from '../../options/train-option-table.ts';
import {
  flagOf,
  givenOptions,
  optimizerOf,
  penaltyOf,
  scheduleOf,
  type TrainOptions,
} from '../../options/train-options.ts';
import { allOf } from '../../train/batches.ts';
import type { TrainConfig, TrainData } from '../../train/config.ts';
import type { EndEvent, EpochEvent, StartEvent } from '../../train/events.ts';
import type { RunCourse, RunState } from '../../train/run-state.ts';
import { ThreadedTrainer } from '../../train/threads/threads.ts';
import { validationRows } from '../data/sample-choice.ts';
import { openTrainingData } from '../data/training-data.ts';
import type { TrainingData } from '../data/training-samples.ts';
import { EXIT } from '../errors.ts';
import { dataName, MNIST, OutputFile, readText } from '../files.ts';
import type { RunPage } from '../page/run-page.ts';
import { networkLine } from '../text/network-text.ts';
import { duration, grouped, openTerminal, percent, type Terminal } from '../text/terminal.ts';
import { augmentationOf, augmentationText } from '../train/augmentation-flags.ts';
import { CheckpointWriter, readCheckpoint } from '../train/checkpoint-file.ts';
import { EventLog } from '../train/event-log.ts';
import { isBetterRun, type RepeatedRun, runLine, summarize, summaryLine } from '../train/repeat.ts';
import { keptOptions, requireSameData, resumedOptions } from '../train/resume.ts';
import { Screen } from '../train/screen.ts';
import { type SignalHandling, stopOnSignals, stoppedCode } from '../train/stop-signals.ts';
import { VERSION } from '../version.ts';

/** The text of a model of more is longer than a string can be. */
const MAX_PARAMETERS = 1e8;

/** @param flags as the command line has them, in camelCase, values as text */
export async function train(flags: Record<string, string | boolean>): Promise<number> {
  const stop = stopOnSignals();
  try {
    return await trainUntil(stop, flags);
  } finally {
    stop.release();
  }
}

async function trainUntil(stop: SignalHandling, flags: Record<string, string | boolean>): Promise<number> {
  const { config: configFile, ...rest } = flags;
  const given = givenOptions(
    rest,
    typeof configFile === 'string' ? { name: configFile, text: await readText(configFile) } : undefined,
  );
  const { signal } = stop.controller;
  if (!given.ui) return trainAsGiven(signal, given);
  const { RunPage } = await import('../page/run-page.ts');
  const page = new RunPage(stop, given);
  return page.whileOpen(trainAsGiven(signal, given, page), openTerminal(given).err);
}

async function trainAsGiven(signal: AbortSignal, given: GivenOptions, page?: RunPage): Promise<number> {
  const resumed = given.resume === undefined ? undefined : await readCheckpoint(given.resume);
  const options =
    resumed === undefined ? newRunOptions(given) : resumedOptions(given.resume ?? '', resumed, given);
  requireOtherFiles(options);
  const terminal = openTerminal(options);
  if (options.findLearningRate) {
    const { findLearningRate } = await import('../train/find-learning-rate.ts');
    const source = await openTrainingData(options, (line) => options.quiet || terminal.err(line));
    const run = configOf(options, specOf(options, source), source);
    return findLearningRate(signal, terminal, options, { run, data: splitData(source, options) });
  }
  const output = await OutputFile.open(options.out);
  const checkpoints =
    options.checkpoint === undefined ? undefined : await OutputFile.open(options.checkpoint);
  const screen = new Screen(terminal, options);
  const log = options.log === undefined ? undefined : new EventLog(options.log, screen.warn);
  try {
    const source = await openTrainingData(options, (line) => options.quiet || terminal.err(line));
    if (resumed !== undefined) requireSameData(options.resume ?? '', resumed, source);
    if (resumed !== undefined && resumed.mlp !== VERSION) {
      screen.warn(
        `${options.resume} was written by mlp ${resumed.mlp}; the weights may differ in ${VERSION}`,
      );
    }
    const spec = specOf(options, source);
    await page?.open(source, terminal.err);
    const session: Session = { signal, options, source, spec, terminal, screen, output, log, page };
    if (options.repeat > 1) return await trainRepeatedly(session);

    const writer =
      checkpoints &&
      new CheckpointWriter(
        checkpoints,
        {
          mlp: VERSION,
          config: keptOptions(options),
          data: { source: dataName(options.data), sha256: source.sha256 },
        },
        screen.warn,
      );
    const course: RunCourse = {
      ...(resumed && { from: resumed.state }),
      ...(writer && { checkpoint: (state) => writer.offer(state) }),
      ...(options.checkpointEvery && { checkpointEvery: options.checkpointEvery }),
    };
    const outcome = await runOnce(session, options, course).finally(() => writer?.finish());
    if (outcome === undefined) return interruptedEarly(session);
    const { end } = outcome;
    const model = await modelOf(session, options, outcome);
    await output.write(model.text);
    screen.report(log, { ...end, model: options.out, sha256: model.sha256 });
    const resumable = writer !== undefined && writer.written > 0 && !writer.failing;
    screen.result(endLine(terminal, end, options, resumable));
    await page?.end(end, outcome.tensors, { path: options.out, ...model });
    return end.interrupted ? stoppedCode(signal) : EXIT.done;
  } finally {
    log?.close();
  }
}

/** All that the runs of one command share. */
interface Session {
  readonly signal: AbortSignal;
  readonly options: TrainOptions;
  readonly source: TrainingData;
  readonly spec: NetworkSpec;
  readonly terminal: Terminal;
  readonly screen: Screen;
  readonly output: OutputFile;
  readonly log: EventLog | undefined;
  /** Where the run is shown besides. */
  readonly page: RunPage | undefined;
}

/** A run that has come to its end, or was interrupted. */
interface Outcome {
  readonly end: EndEvent;
  readonly tensors: readonly NamedTensor[];
}

/** Runs with seeds in a row; the model of the best is saved once all are done, or the signal comes. */
async function trainRepeatedly(session: Session): Promise<number> {
  const { signal, options, terminal, screen, output, log } = session;
  const runs: RepeatedRun[] = [];
  let best: { run: RepeatedRun; text: string } | undefined;
  let interrupted = false;
  for (let i = 0; i < options.repeat && !interrupted; i++) {
    const seeded = { ...options, seed: options.seed + i };
    const run = { ...session, source: session.source.ofSeed?.(seeded.seed) ?? session.source };
    const outcome = await runOnce(run, seeded);
    interrupted = outcome === undefined || outcome.end.interrupted;
    // A run cut short is no figure beside whole ones; alone, it is all there is.
    if (outcome === undefined || (interrupted && best !== undefined)) break;
    const { bestEpoch, validationLoss, validationAccuracy, testLoss, testAccuracy } = outcome.end;
    const model = await modelOf(run, seeded, outcome);
    const result: RepeatedRun = {
      seed: seeded.seed,
      ...(bestEpoch && { bestEpoch }),
      ...(validationLoss !== undefined && { validationLoss }),
      ...(validationAccuracy !== undefined && { validationAccuracy }),
      ...(testLoss !== undefined && { testLoss }),
      ...(testAccuracy !== undefined && { testAccuracy }),
      sha256: model.sha256,
    };
    screen.report(log, { ...outcome.end, seed: seeded.seed, sha256: model.sha256 });
    screen.line(runLine(terminal, result));
    runs.push(result);
    if (isBetterRun(result, best?.run)) best = { run: result, text: model.text };
  }
  if (best === undefined) return interruptedEarly(session);
  await output.write(best.text);
  const summary = summarize(runs, best.run, options.out);
  screen.report(log, summary);
  const cut = interrupted ? `${terminal.colour.yellow('interrupted')}  ` : '';
  screen.result(cut + summaryLine(terminal, summary));
  return interrupted ? stoppedCode(signal) : EXIT.done;
}

function interruptedEarly({ signal, terminal }: Session): number {
  terminal.err('interrupted before the first step; no model was written');
  return stoppedCode(signal);
}

/** One run from its first event to its last but `end`, which the caller reports; undefined if none began. */
async function runOnce(
  { signal, source, spec, terminal, screen, log, page }: Session,
  options: TrainOptions,
  course: RunCourse = {},
): Promise<Outcome | undefined> {
  const data = splitData(source, options);
  const trainer = new ThreadedTrainer(configOf(options, spec, source), data, options.threads);
  const { json: _, quiet: __, noColor: ___, findLearningRate: ____, ...config } = options;
  let end: EndEvent | undefined;
  const startedFrom = signal.aborted
    ? []
    : trainer.run(signal, { ...course, ...page?.course(spec, data, source) });
  try {
    for await (const event of startedFrom) {
      page?.report(event);
      if (event.event === 'batch') {
        screen.progress(event);
        continue;
      }
      if (event.event === 'start') {
        const from = course.from && { epoch: course.from.epoch, steps: course.from.steps };
        screen.report(log, { ...event, ...(from && { resumedFrom: from }), config });
        const done = from ? (from.epoch - 1) / options.epochs : 0;
        page?.begin(event, config, source, course.from);
        screen.begin(event, startLine(spec, event, options, course.from), done);
      } else if (event.event === 'epoch') {
        screen.report(log, event);
        screen.line(epochLine(terminal, event, options.epochs));
      } else {
        end = event;
      }
    }
  } finally {
    screen.clear();
  }
  return end && { end, tensors: trainer.tensors() };
}

/** The text of a run's model file, and the digest of its weights. */
function modelOf({ source, spec }: Session, options: TrainOptions, { end, tensors }: Outcome) {
  const { json: _, quiet: __, noColor: ___, out: ____, threads: _____, ...rest } = options;
  const { repeat: ______, findLearningRate, checkpoint, checkpointEvery, resume, log, ...config } = rest;
  const { trainLoss, trainAccuracy, validationLoss, validationAccuracy, testLoss, testAccuracy } = end;
  return encodeModel(
    {
      spec,
      classes: source.classes,
      preprocessing: {
        scale: source.train.scale,
        ...(source.shape && { shape: source.shape }),
        ...source.preprocessing,
      },
      training: {
        config: {
          ...config,
          data: dataName(options.data),
          ...(typeof options.test === 'string' && { test: dataName(options.test) }),
        },
        seed: options.seed,
        epochs: end.epochs,
        steps: end.steps,
        ...(end.bestEpoch && { bestEpoch: end.bestEpoch }),
        ...(end.stoppedEarly && { stoppedEarly: true }),
        ...(end.interrupted && { interrupted: true }),
        data: {
          source: dataName(options.data),
          ...(source.testPlace && { test: source.testPlace }),
          sha256: source.sha256,
          files: source.files,
        },
        metrics: { trainLoss, trainAccuracy, validationLoss, validationAccuracy, testLoss, testAccuracy },
        mlp: VERSION,
      },
    },
    tensors,
  );
}

/** @throws UsageError if one file is to hold two things */
function requireOtherFiles(options: TrainOptions): void {
  const names = ['data', 'test', 'out', 'checkpoint', 'log'] as const;
  const paths = names.map((name) => {
    const path = options[name];
    return typeof path === 'string' && path !== MNIST ? resolve(path) : undefined;
  });
  names.forEach((name, i) => {
    const same = paths.findIndex((path) => path !== undefined && path === paths[i]);
    // The same samples to train and to test on are an odd wish, but harm no file.
    if (same !== -1 && same < i && name !== 'test') {
      throw new UsageError(
        `${flagOf(name)}: expected another file than ${flagOf(names[same])}, got ${options[name]}`,
      );
    }
  });
}

/** The network that the options name for the data. */
function specOf(options: TrainOptions, { inputs, classes }: TrainingData): NetworkSpec {
  const spec = perceptron({ ...options, l2: penaltyOf(options), inputs, classes: classes.length });
  requireReasonableSize(spec);
  return spec;
}

/** The run that the options name. */
function configOf(options: TrainOptions, network: NetworkSpec, { shape }: TrainingData): TrainConfig {
  const { learningRate, batchSize, epochs, seed, patience } = options;
  const { l1, dropout, inputDropout, maxNorm, labelSmoothing } = options;
  const augmentation = shape && augmentationOf(options, shape);
  return {
    ...{ network, learningRate, batchSize, epochs, seed },
    optimizer: optimizerOf(options),
    schedule: scheduleOf(options),
    regularisation: { l1, dropout, inputDropout, maxNorm, labelSmoothing },
    ...(augmentation && { augmentation }),
    ...(patience && { patience }),
  };
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

function splitData(source: TrainingData, options: TrainOptions): TrainData {
  const samples = source.train;
  const test = source.test === undefined ? {} : { test: source.test };
  const rows = validationRows(samples.labels, samples.classes, options);
  if (rows === undefined) return { train: allOf(samples), ...test };
  return {
    train: { samples, rows: rows.train },
    validation: { samples, rows: rows.heldOut },
    ...test,
  };
}

function startLine(spec: NetworkSpec, event: StartEvent, options: TrainOptions, from?: RunState): string {
  const [regularised, augmented] = [regularisationText(options), augmentationText(options)];
  const held = event.validationSamples > 0 ? `, ${grouped(event.validationSamples)} held out` : '';
  const resumed =
    from === undefined
      ? ''
      : from.epoch > event.epochs
        ? `\n${options.resume} is at the end of its run, after ${grouped(from.steps)} steps`
        : `\nresuming ${options.resume} in epoch ${from.epoch}, after ${grouped(from.steps)} steps`;
  return (
    `${networkLine(spec)}, ${grouped(event.parameters)} parameters\n` +
    `${grouped(event.trainSamples)} training samples (${options.data})${held}\n` +
    `${options.recipe === 'default' ? '' : `recipe ${options.recipe}: `}` +
    `${options.optimizer}, batch size ${options.batchSize}, ${rateText(options)}, seed ${options.seed}, ` +
    `${options.threads === 1 ? '1 thread' : `${options.threads} threads`}${regularised && `\n${regularised}`}${augmented && `\n${augmented}`}${resumed}`
  );
}

/** The learning rate and what becomes of it: `learning rate 0.1, cosine after a warm-up of 2 epochs`. */
function rateText({ learningRate, schedule, warmUp }: TrainOptions): string {
  const changes = schedule === 'constant' ? '' : `, ${schedule}`;
  return `learning rate ${learningRate}${changes}${warmUp > 0 ? ` after a warm-up of ${warmUp} epochs` : ''}`;
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

function endLine({ colour }: Terminal, end: EndEvent, options: TrainOptions, resumable: boolean): string {
  const saved = `saved as ${colour.bold(options.out)}`;
  if (end.interrupted) {
    const trained = `${grouped(end.steps)} steps, ${end.epochs} of ${options.epochs} epochs`;
    const how = resumable ? `; continue with --resume ${options.checkpoint}` : '';
    return `${colour.yellow('interrupted')} after ${trained}; ${saved}${how}`;
  }
  const tested =
    end.testAccuracy === undefined || end.testLoss === undefined
      ? 'trained'
      : `${colour.green(`test accuracy ${percent(end.testAccuracy)}`)}  loss ${end.testLoss.toFixed(4)}`;
  const best = end.bestEpoch === undefined ? '' : `  best epoch ${end.bestEpoch}`;
  const early = end.stoppedEarly ? `, stopped after ${end.epochs}` : '';
  return `${tested}${best}${early}  ${duration(end.seconds)} of training  ${saved}`;
}
