/** `mlp train` of one run: its checkpoints, its model and its last line. */

import { FileError } from '../../data/errors.ts';
import type { Checkpoint } from '../../formats/checkpoint.ts';
import { type RunCourse, StateError } from '../../train/run/run-state.ts';
import { EXIT } from '../errors.ts';
import type { OutputFile } from '../files/output-file.ts';
import { dataName } from '../files/reading.ts';
import { VERSION } from '../version.ts';
import { CheckpointWriter } from './checkpoint-file.ts';
import { modelOf } from './model-record.ts';
import { runOnce } from './one-run.ts';
import { keptOptions } from './resume.ts';
import { endLine } from './run-lines.ts';
import { saveModel } from './saved-model.ts';
import { interruptedEarly, type Session } from './session.ts';
import { stoppedCode } from './stop-signals.ts';

/**
 * Trains, and saves the model; gives the exit code.
 *
 * @param checkpoints where checkpoints go, if anywhere
 * @param resumed the checkpoint to continue from, if any
 */
export async function trainOnce(
  session: Session,
  checkpoints: OutputFile | undefined,
  resumed: Checkpoint | undefined,
): Promise<number> {
  const { signal, options, source, terminal, screen, output, log, page } = session;
  const run = {
    mlp: VERSION,
    config: keptOptions(options),
    data: { source: dataName(options.data), sha256: source.sha256 },
  };
  const writer = checkpoints && new CheckpointWriter(checkpoints, run, screen.warn);
  const course: RunCourse = {
    ...(resumed && { from: resumed.state }),
    ...(writer && { checkpoint: (state) => writer.offer(state) }),
    ...(options.checkpointEvery && { checkpointEvery: options.checkpointEvery }),
  };
  const outcome = await runOnce(session, options, course)
    .catch((error) => {
      if (error instanceof StateError)
        throw new FileError(`${options.resume}: ${error.message}`, { cause: error });
      throw error;
    })
    .finally(() => writer?.finish());
  if (outcome === undefined) return interruptedEarly(session);
  const { end, warnings } = outcome;
  const model = await modelOf(session, options, outcome);
  const saved = await saveModel(output, model.text, end.interrupted);
  const warned = warnings.length > 0 && { warnings };
  screen.report(log, { ...end, model: saved, sha256: model.sha256, ...warned });
  for (const warning of warnings) screen.warn(warning);
  const resumable = writer !== undefined && writer.written > 0 && !writer.failing;
  screen.result(endLine(terminal, end, options, saved, resumable));
  await page?.end(end, outcome.tensors, { path: saved, ...model });
  return end.interrupted ? stoppedCode(signal) : EXIT.done;
}
