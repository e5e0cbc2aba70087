/** `mlp train`. */

import { openTrainingData } from '../data/training-data.ts';
import { OutputFile, readText } from '../files.ts';
import {
  flagsOfConfig,
  type GivenFlags,
  newRunFlags,
  TRAIN_FLAGS,
  type TrainFlags,
} from '../options/train-flags.ts';
import type { RunPage } from '../page/run-page.ts';
import { openTerminal, type Terminal } from '../text/terminal.ts';
import { readCheckpoint } from '../train/checkpoint-file.ts';
import { EventLog } from '../train/event-log.ts';
import { trainRepeatedly } from '../train/repeated-runs.ts';
import { requireSameData, resumedFlags } from '../train/resume.ts';
import { specOf, splitData, trainConfigOf } from '../train/run-config.ts';
import { Screen } from '../train/screen.ts';
import { trainOnce } from '../train/single-run.ts';
import { type SignalHandling, stopOnSignals } from '../train/stop-signals.ts';
import { requireOtherFiles } from '../train/written-files.ts';

/**
 * Trains as the flags and the config file say; gives the exit code.
 *
 * @throws UsageError on options that do not fit the data or each other
 * @throws FileError or DataError if a file cannot be read or written, or does not fit
 * @throws DivergenceError if a value leaves the finite numbers
 */
export async function train(flags: GivenFlags): Promise<number> {
  const stop = stopOnSignals();
  try {
    return await trainUntil(stop, flags);
  } finally {
    stop.release();
  }
}

async function trainUntil(stop: SignalHandling, { config, ...flags }: GivenFlags): Promise<number> {
  const given = config === undefined ? flags : { ...flagsOfConfig(config, await readText(config)), ...flags };
  const { signal } = stop.controller;
  if (!given.ui) return trainAsGiven(signal, given);
  const { RunPage } = await import('../page/run-page.ts');
  const page = new RunPage(stop, given);
  return page.whileOpen(trainAsGiven(signal, given, page), openTerminal(given).err);
}

async function trainAsGiven(signal: AbortSignal, given: GivenFlags, page?: RunPage): Promise<number> {
  const resumed = given.resume === undefined ? undefined : await readCheckpoint(given.resume);
  const options =
    resumed === undefined ? newRunFlags(given) : resumedFlags(given.resume ?? '', resumed, given);
  requireOtherFiles(TRAIN_FLAGS, options);
  const terminal = openTerminal(options);
  if (options.findLearningRate) return findRate(signal, options, terminal);
  const output = await OutputFile.open(options.out);
  const checkpoints =
    options.checkpoint === undefined ? undefined : await OutputFile.open(options.checkpoint);
  const screen = new Screen(terminal, options);
  const log = options.log === undefined ? undefined : new EventLog(options.log, screen.warn);
  try {
    const source = await openTrainingData(options, (line) => options.quiet || terminal.err(line));
    if (resumed !== undefined) requireSameData(options.resume ?? '', resumed, source, screen.warn);
    const spec = specOf(options, source);
    await page?.open(source, terminal.err);
    const session = { signal, options, source, spec, terminal, screen, output, log, page };
    return await (options.repeat > 1 ? trainRepeatedly(session) : trainOnce(session, checkpoints, resumed));
  } finally {
    log?.close();
  }
}

async function findRate(signal: AbortSignal, options: TrainFlags, terminal: Terminal): Promise<number> {
  const { findLearningRate } = await import('../train/find-learning-rate.ts');
  const source = await openTrainingData(options, (line) => options.quiet || terminal.err(line));
  const run = trainConfigOf(options, specOf(options, source), source);
  return findLearningRate(signal, terminal, options, { run, data: splitData(source, options) });
}
