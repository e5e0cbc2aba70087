/** One training run, from its first event to its last. */

import { isReported, select } from '../../options/record.ts';
import type { EndEvent } from '../../train/events.ts';
import type { RunCourse } from '../../train/run/run-state.ts';
import { ThreadedTrainer } from '../../train/threads/threads.ts';
import { TRAIN_FLAGS, type TrainFlags } from '../options/train-flags.ts';
import { collapseWarnings } from './collapse.ts';
import { splitData, trainConfigOf } from './run-config.ts';
import { epochLine, startLine } from './run-lines.ts';
import type { Outcome, Session } from './session.ts';

/**
 * Trains once and reports the events. The event `end` is left to the caller, who knows the model's file.
 *
 * @returns undefined if the run was stopped before it began
 */
export async function runOnce(
  {
    signal,
    source,
    spec,
    terminal,
    screen,
    log,
    page,
  }: Pick<Session, 'signal' | 'source' | 'spec' | 'terminal' | 'screen' | 'log' | 'page'>,
  options: TrainFlags,
  course: RunCourse = {},
): Promise<Outcome | undefined> {
  if (signal.aborted) return undefined;
  const data = splitData(source, options);
  const trainer = new ThreadedTrainer(trainConfigOf(options, spec, source), data, options.threads);
  const config = select(TRAIN_FLAGS, options, isReported);
  let end: EndEvent | undefined;
  let firstLoss: number | undefined;
  try {
    for await (const event of trainer.run(signal, { ...course, ...page?.course(spec, data, source) })) {
      page?.report(event);
      if (event.event === 'batch') {
        if (event.steps.firstStep === 1) firstLoss ??= event.steps.losses[0];
        screen.progress(event);
      } else if (event.event === 'start') {
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
  if (end === undefined) return undefined;
  const warnings = collapseWarnings(end, data.train, firstLoss);
  return { end, tensors: trainer.tensors(), warnings };
}
