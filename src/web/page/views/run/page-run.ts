/** The run that the page was opened for, one for all views. */

import type { PageSource } from '../../source.ts';
import { lookAgain, source } from '../../state.ts';
import { WatchedRun } from './watched-run.ts';

/** What there is may change while it is listened to; who is listened to does not. */
const runs = new WeakMap<PageSource['listen'], WatchedRun>();

/** The run of the page, which is listened to from the first call on, whichever view is shown. */
export function pageRun(given: PageSource): WatchedRun {
  const known = runs.get(given.listen);
  if (known !== undefined) return known;
  const run = new WatchedRun(given);
  runs.set(given.listen, run);
  run.listen(() => {
    // Should mlp have gone meanwhile, there is nothing to draw for, and the view says so itself.
    if (source.value?.info.model === undefined) lookAgain().catch(() => {});
  });
  return run;
}
