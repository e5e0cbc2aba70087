/** The run that the page was opened for, as one of the things that are compared. */

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
    start: { ...start.start },
    config: start.config,
    epochs: epochs.map((epoch) => ({ ...epoch })),
    end: end && { ...end, ...(sha256 !== undefined && { sha256 }) },
  };
  return runItem(events, LIVE, LIVE);
}
