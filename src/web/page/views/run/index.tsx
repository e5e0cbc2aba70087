/** The tab «Run»: a training run as it happens. */

import { useEffect, useMemo } from 'preact/hooks';
import type { Source } from '../../source.ts';
import { lookAgain, source } from '../../state.ts';
import { Curves } from './curves.tsx';
import { RunStatus } from './run-status.tsx';
import { SnapshotPanels } from './snapshot-panels.tsx';
import { WatchedRun } from './watched-run.ts';
import './run.css';

/** The view. It listens from its first visit on, whether it is shown or not. */
export function RunView() {
  const given = source.value;
  return <>{given && <Watch given={given} />}</>;
}

function Watch({ given }: { given: Source }) {
  const { listen } = given;
  // What there is may change while it is listened to; who is listened to does not.
  const run = useMemo(() => new WatchedRun(given), [listen]);
  useEffect(
    () =>
      run.listen(() => {
        // Should mlp have gone meanwhile, there is nothing to draw for, and the view says so itself.
        if (source.value?.info.model === undefined) lookAgain().catch(() => {});
      }),
    [run],
  );
  return (
    <>
      <RunStatus run={run} />
      <Curves run={run} />
      <SnapshotPanels run={run} given={given} />
    </>
  );
}
