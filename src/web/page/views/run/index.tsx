/** The tab «Run»: a training run as it happens. */

import { source } from '../../state.ts';
import { Curves } from './curves.tsx';
import { pageRun } from './page-run.ts';
import { RunStatus } from './run-status.tsx';
import { SnapshotPanels } from './snapshot-panels.tsx';
import './run.css';

/** The view. */
export function RunView() {
  const given = source.value;
  if (given === undefined) return null;
  const run = pageRun(given);
  return (
    <>
      <RunStatus run={run} />
      <Curves run={run} />
      <SnapshotPanels run={run} given={given} />
    </>
  );
}
