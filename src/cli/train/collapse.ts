/** What a run that has learned nothing is warned of. */

import type { Subset } from '../../train/batches.ts';
import type { EndEvent } from '../../train/events.ts';
import { percent } from '../text/terminal.ts';

/** A shorter run may well not have got anywhere yet. */
const MIN_STEPS = 100;

/**
 * Warnings about a run that has ended: its accuracy is not above the share of the most frequent class, or its loss is
 * above that of its first batch. None of a run that was interrupted, or had fewer than 100 steps.
 *
 * @param firstLoss of the run's first batch; undefined if that was before the run was continued
 */
export function collapseWarnings(
  { interrupted, steps, trainAccuracy, trainLoss }: EndEvent,
  train: Subset,
  firstLoss: number | undefined,
): string[] {
  if (interrupted || steps < MIN_STEPS || trainAccuracy === undefined || trainLoss === undefined) return [];
  const share = mostFrequentShare(train);
  const warnings: string[] = [];
  if (trainAccuracy <= share) {
    warnings.push(
      `the training accuracy of ${percent(trainAccuracy)} is no better than guessing the most frequent class ` +
        `(${percent(share)}); try a smaller --learning-rate`,
    );
  }
  if (firstLoss !== undefined && trainLoss > firstLoss) {
    warnings.push(
      `the training loss rose from ${firstLoss.toPrecision(4)} to ${trainLoss.toPrecision(4)}; ` +
        'try a smaller --learning-rate',
    );
  }
  return warnings;
}

/** Which fraction of the samples the most frequent class has. */
function mostFrequentShare({ samples, rows }: Subset): number {
  const counts = new Array<number>(samples.classes).fill(0);
  for (const row of rows) counts[samples.labels[row]]++;
  return Math.max(...counts) / rows.length;
}
