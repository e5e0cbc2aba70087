/** Answers requests between two steps: hands out the weights, and holds the run while it is paused. */

import type { Network } from '../../network/network.ts';
import type { StopSignal } from '../config.ts';
import type { BatchEvent } from '../events.ts';
import { PAUSE, SNAPSHOT } from '../watch/run-control.ts';
import type { Progress } from './progress.ts';
import type { BatchReports } from './reports.ts';
import type { TrainerCourse } from './run-state.ts';

/**
 * Takes the requests of `course.control` once. If one of them pauses the run, this returns when the run is resumed or
 * stopped; until then it keeps answering requests for weights. The clock stops meanwhile.
 *
 * @returns the steps that were not yet reported, before a pause begins
 */
export async function* answerRequests(
  { control, paused, snapshot }: TrainerCourse,
  progress: Progress,
  network: Network,
  reports: BatchReports,
  lastBatch: boolean,
  signal?: StopSignal,
): AsyncGenerator<BatchEvent, void, void> {
  let requests = control?.take(lastBatch) ?? 0;
  if ((requests & (PAUSE | SNAPSHOT)) === 0) return;
  const { clock, steps: step, epoch, batch } = progress;
  clock.stop();
  const pauses = (requests & PAUSE) !== 0;
  if (pauses) {
    yield* reports.pending();
    paused?.(true);
  }
  for (;;) {
    if ((requests & SNAPSHOT) !== 0) {
      // Reading weights that are divided among threads takes all of them, so every thread reads, listener or not.
      const parameters = network.tensors();
      snapshot?.({ step, epoch, batch, parameters });
    }
    if ((requests & PAUSE) === 0 || signal?.aborted === true) break;
    requests = (await control?.next()) ?? 0;
  }
  if (pauses) paused?.(false);
  clock.start();
}
