/** `mlp train --repeat`: runs with consecutive seeds, of which the best is saved. */

import type { EndEvent } from '../../train/events.ts';
import { EXIT } from '../errors.ts';
import { modelOf } from './model-record.ts';
import { runOnce } from './one-run.ts';
import { isBetterRun, type RepeatedRun, runLine, summarize, summaryLine } from './repeat.ts';
import { saveModel } from './saved-model.ts';
import { interruptedEarly, type Session } from './session.ts';
import { stoppedCode } from './stop-signals.ts';

/** Trains with each seed, and saves the best model once all runs are done or a signal comes; gives the exit code. */
export async function trainRepeatedly(session: Session): Promise<number> {
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
    const model = await modelOf(run, seeded, outcome);
    const result = resultOf(seeded.seed, outcome.end, model.sha256);
    const { end, warnings } = outcome;
    const warned = warnings.length > 0 && { warnings };
    screen.report(log, { ...end, seed: seeded.seed, sha256: model.sha256, ...warned });
    for (const warning of warnings) screen.warn(`seed ${seeded.seed}: ${warning}`);
    screen.line(runLine(terminal, result));
    runs.push(result);
    if (isBetterRun(result, best?.run)) best = { run: result, text: model.text };
  }
  if (best === undefined) return interruptedEarly(session);
  const saved = await saveModel(output, best.text, interrupted);
  const summary = summarize(runs, best.run, saved);
  screen.report(log, summary);
  const cut = interrupted ? `${terminal.colour.yellow('interrupted')}  ` : '';
  screen.result(cut + summaryLine(terminal, summary));
  return interrupted ? stoppedCode(signal) : EXIT.done;
}

function resultOf(seed: number, end: EndEvent, sha256: string): RepeatedRun {
  const { bestEpoch, validationLoss, validationAccuracy, testLoss, testAccuracy } = end;
  return {
    seed,
    ...(bestEpoch && { bestEpoch }),
    ...(validationLoss !== undefined && { validationLoss }),
    ...(validationAccuracy !== undefined && { validationAccuracy }),
    ...(testLoss !== undefined && { testLoss }),
    ...(testAccuracy !== undefined && { testAccuracy }),
    sha256,
  };
}
