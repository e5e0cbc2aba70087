/** What stdout can take, for commands that print much. */

import { once } from 'node:events';

/** Waits until stdout has room. False if nobody reads it any more, as behind `| head`. */
export async function stdoutTakesMore(): Promise<boolean> {
  const { stdout } = process;
  const gone = () => stdout.destroyed || stdout.errored !== null;
  if (!gone() && stdout.writableNeedDrain) {
    const end = new AbortController();
    const { signal } = end;
    // The program's listener reports the error.
    await Promise.race([once(stdout, 'drain', { signal }), once(stdout, 'close', { signal })]).catch(
      () => {},
    );
    end.abort();
  }
  return !gone();
}
