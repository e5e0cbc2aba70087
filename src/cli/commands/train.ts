/** `mlp train`. */

import type { Checkpoint } from '../../formats/checkpoint.ts';
import { openTrainingData } from '../data/training-data.ts';
import { EXIT } from '../errors.ts';
import { JSON_TAKES_STDOUT, OutputFile } from '../files/output-file.ts';
import { type GivenFlags, newRunFlags, TRAIN_FLAGS, type TrainFlags } from '../options/train-flags.ts';
import type { RunPage } from '../page/run-page.ts';
import { openTerminal, type Terminal } from '../text/terminal.ts';
import { readCheckpoint } from '../train/checkpoint-file.ts';
import { configText, readConfig } from '../train/config-file.ts';
import { EventLog } from '../train/event-log.ts';
import { trainRepeatedly } from '../train/repeated-runs.ts';
import { requireSameData, resumedFlags, warnOfLength, warnOfPatience } from '../train/resume.ts';
import { specOf, splitData, trainConfigOf } from '../train/run-config.ts';
import { Screen } from '../train/screen.ts';
import { trainOnce } from '../train/single-run.ts';
import { type SignalHandling, stopOnSignals } from '../train/stop-signals.ts';
import { filesRead, requireOtherFiles } from '../train/written-files.ts';

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
  const given = config === undefined ? flags : { ...(await readConfig(config)), ...flags, config };
  if (given.printConfig) {
    const { options } = await chosenOptions(given);
    const terminal = openTerminal(given);
    for (const line of configText(options, given).split('\n')) terminal.out(line);
    return EXIT.done;
  }
  const { signal } = stop.controller;
  if (!given.ui) return trainAsGiven(signal, given);
  const { RunPage } = await import('../page/run-page.ts');
  const page = new RunPage(stop, given);
  return page.whileOpen(trainAsGiven(signal, given, page), openTerminal(given).err);
}

/** The options of a new run, or of the one that is continued, and its checkpoint. */
async function chosenOptions(given: GivenFlags): Promise<{ options: TrainFlags; resumed?: Checkpoint }> {
  const { resume } = given;
  if (resume === undefined) return { options: newRunFlags(given) };
  const resumed = await readCheckpoint(resume);
  return { options: resumedFlags(resume, resumed, given), resumed };
}

async function trainAsGiven(signal: AbortSignal, given: GivenFlags, page?: RunPage): Promise<number> {
  const { resumed, options } = await chosenOptions(given);
  requireOtherFiles(TRAIN_FLAGS, options);
  const shell = openTerminal(options);
  if (options.findLearningRate) return findRate(signal, options, shell);
  const inputs = filesRead(TRAIN_FLAGS, { ...given, ...options });
  const opened: { release(): void }[] = [];
  const keep = <T extends { release(): void }>(output: T): T => {
    opened.push(output);
    return output;
  };
  try {
    const output = keep(
      await OutputFile.open(options.out, {
        kind: 'model',
        flag: '--out',
        inputs,
        noStdout: options.json && JSON_TAKES_STDOUT,
      }),
    );
    // A model on stdout has it for itself.
    const terminal = output.isStdout ? { ...shell, out: shell.note } : shell;
    const screen = new Screen(terminal, options);
    const checkpoints =
      options.checkpoint === undefined
        ? undefined
        : keep(
            await OutputFile.open(options.checkpoint, {
              kind: 'checkpoint',
              flag: '--checkpoint',
              inputs,
              noStdout: 'a checkpoint is replaced as the run goes on',
            }),
          );
    const log =
      options.log === undefined ? undefined : keep(await EventLog.open(options.log, inputs, screen.warn));
    const source = await openTrainingData(options, (line) => options.quiet || terminal.err(line));
    if (resumed !== undefined) requireSameData(options.resume ?? '', resumed, source, given, screen.warn);
    if (resumed !== undefined) warnOfLength(resumed, options, screen.warn);
    warnOfPatience(options, screen.warn);
    const spec = specOf(options, source);
    await page?.open(source, terminal.err);
    const session = { signal, options, source, spec, terminal, screen, output, log, page };
    return await (options.repeat > 1 ? trainRepeatedly(session) : trainOnce(session, checkpoints, resumed));
  } finally {
    for (const output of opened) output.release();
  }
}

async function findRate(signal: AbortSignal, options: TrainFlags, terminal: Terminal): Promise<number> {
  const { findLearningRate } = await import('../train/find-learning-rate.ts');
  const source = await openTrainingData(options, (line) => options.quiet || terminal.err(line));
  const run = trainConfigOf(options, specOf(options, source), source);
  return findLearningRate(signal, terminal, options, { run, data: splitData(source, options) });
}
