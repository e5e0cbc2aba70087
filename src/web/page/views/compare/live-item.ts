/** The run that the page was opened for, as one of the things that are compared. */

import { useMemo } from 'preact/hooks';
import type { Source } from '../../source.ts';
import { pageRun } from '../run/page-run.ts';
import type { RunRecord } from '../run/run-record.ts';
import type { ComparedItem } from './item.ts';
import { runItem } from './run-log.ts';

/** Its name beside those of files. */
export const LIVE = 'this run';

/** What is known of the run; undefined before an epoch has ended. @param sha256 of the weights it left, if it has */
export function liveItem(
  { start, epochs, end }: Pick<RunRecord, 'start' | 'epochs' | 'end'>,
  sha256?: string,
): ComparedItem | undefined {
  if (start === undefined || epochs.length === 0) return undefined;
  const events = {
    start: { ...start.start, config: start.config },
    epochs: epochs.map((epoch) => ({ ...epoch })),
    end: end && { ...end, ...(sha256 !== undefined && { sha256 }) },
  };
  return runItem(events, LIVE, LIVE);
}

/** The same, anew after each epoch; undefined on a page without a run. */
export function useLiveItem(given: Source): ComparedItem | undefined {
  const run = given.info.run ? pageRun(given) : undefined;
  // The record changes in place; that it has is told by this signal.
  run?.drawn.value;
  const { start, epochs, end } = run?.record ?? {};
  const sha256 = given.info.model?.sha256;
  return useMemo(
    () => start && epochs && liveItem({ start, epochs, end }, sha256),
    [start, epochs?.length, epochs?.at(-1)?.epoch, end, sha256],
  );
}
