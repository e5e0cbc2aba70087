/** What the network is like at a moment of the run: its first weights, its layers, its mistakes. */

import { useState } from 'preact/hooks';
import type { RunSnapshot } from '../../../protocol.ts';
import { Panel } from '../../components/panel.tsx';
import { countText } from '../../number-text.ts';
import type { PageSource } from '../../source.ts';
import { ConfusionMatrix, MAX_IN_TABLE } from './confusion-matrix.tsx';
import { Layers } from './layers.tsx';
import { Mistakes } from './mistakes.tsx';
import { ReceptiveFieldGrid } from './receptive-fields.tsx';
import type { WatchedRun } from './watched-run.ts';
import './snapshot.css';

interface SnapshotPanelsProps {
  readonly run: WatchedRun;
  readonly given: PageSource;
}

/** What the confusion matrix is of. */
const SETS = {
  training: 'Some of the samples that are trained on.',
  validation: 'Samples that are held out.',
  test: 'The test set, with the weights that are kept.',
  unknown: 'Some samples.',
} as const;

/** The panels of the newest snapshot, or of an earlier one that the slider is put to. */
export function SnapshotPanels({ run, given }: SnapshotPanelsProps) {
  const [step, setStep] = useState<number | undefined>(undefined);
  const [cell, setCell] = useState<readonly [label: number, predicted: number] | undefined>(undefined);
  const snapshots = run.snapshots.value;
  const { record } = run;
  const kept = snapshots.findIndex((snapshot) => snapshot.step === step);
  const place = kept === -1 ? snapshots.length - 1 : kept;
  const snapshot = snapshots[place];
  if (snapshot === undefined) {
    return <p class="muted">Weights, layers and mistakes appear with the run's first snapshot.</p>;
  }
  const classes = record.start?.classes ?? snapshot.confusion.map((_, i) => String(i));
  const many = classes.length > MAX_IN_TABLE;
  const choose = (to: number) => setStep(to >= snapshots.length - 1 ? undefined : snapshots[to].step);
  return (
    <>
      {snapshots.length > 1 && (
        <Moment
          snapshot={snapshot}
          place={place}
          count={snapshots.length}
          batchesPerEpoch={record.batchesPerEpoch}
          onChoose={choose}
        />
      )}
      {snapshot.receptiveFields && snapshot.receptiveFields.units.length > 0 && (
        <ReceptiveFieldGrid fields={snapshot.receptiveFields} />
      )}
      <div class="grid">
        {snapshot.layers.length > 0 && <Layers layers={snapshot.layers} wide={many} />}
        <Panel
          wide={many}
          title="Confusion matrix"
          note={`${SETS[snapshot.set ?? 'unknown']} A row is a true class, a column a predicted one. A cell off the diagonal opens its samples.`}
        >
          <ConfusionMatrix
            counts={snapshot.confusion}
            classes={classes}
            onOpen={(label, predicted) => setCell([label, predicted])}
          />
        </Panel>
      </div>
      {cell && (
        <Mistakes
          label={cell[0]}
          predicted={cell[1]}
          count={snapshot.confusion[cell[0]]?.[cell[1]] ?? 0}
          mistakes={snapshot.mistakes}
          classes={classes}
          shape={record.start?.imageShape}
          given={given}
          onClose={() => setCell(undefined)}
        />
      )}
    </>
  );
}

interface MomentProps {
  readonly snapshot: RunSnapshot;
  readonly place: number;
  readonly count: number;
  readonly batchesPerEpoch: number;
  readonly onChoose: (place: number) => void;
}

/** The slider that goes back in the run. */
function Moment({ snapshot, place, count, batchesPerEpoch, onChoose }: MomentProps) {
  const epoch = (snapshot.step / batchesPerEpoch).toFixed(2);
  const text = `step ${countText(snapshot.step)}, epoch ${epoch}${place === count - 1 ? ', the newest' : ''}`;
  return (
    <section class="panel run-moment" aria-label="Moment of the run">
      <label for="run-moment">Moment</label>
      <input
        id="run-moment"
        type="range"
        min={0}
        max={count - 1}
        value={place}
        aria-valuetext={text}
        onInput={(event) => onChoose(Number(event.currentTarget.value))}
      />
      <span class="number muted">{text}</span>
    </section>
  );
}
