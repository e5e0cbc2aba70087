/** The curves of a run: loss, accuracy and learning rate over epochs. */

import { useState } from 'preact/hooks';
import { valueUpTo } from '../../charts/aligned-data.ts';
import { Chart } from '../../charts/chart.tsx';
import { Legend, toggled } from '../../charts/legend.tsx';
import type { LineLook } from '../../charts/line-look.ts';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { percentText, shortLossText } from '../../number-text.ts';
import { type RunCurves, runCurves } from './run-curves.ts';
import type { RunRecord } from './run-record.ts';
import type { WatchedRun } from './watched-run.ts';

/** In the order of the data. */
const LINES: readonly { readonly label: string; readonly look: LineLook }[] = [
  { label: 'batches', look: { colour: '--series-1', width: 1, alpha: 0.35 } },
  { label: 'batches, smoothed', look: { colour: '--series-1', width: 2 } },
  { label: 'epochs', look: { colour: '--series-3', width: 1, dash: [2, 4], marks: true } },
  { label: 'validation', look: { colour: '--series-2', width: 2, dash: [8, 3], marks: true } },
];

const EPOCHS = { label: 'epoch', format: (epoch: number) => String(Number(epoch.toFixed(2))) };
const RATE: LineLook = { colour: '--series-4', width: 2 };

/** Three panels. */
export function Curves({ run }: { run: WatchedRun }) {
  const [log, setLog] = useState(false);
  const [near, setNear] = useState(false);
  const [close, setClose] = useState(false);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  void run.drawn.value;
  const data = runCurves(run.record, log);
  const lines = LINES.map((line) => ({ ...line, hidden: hidden.has(line.label) }));
  const legend = (of: string, of_: keyof RunCurves, format: (value: number) => string) => (
    <Legend
      label={`Lines of the ${of}`}
      entries={entries(data[of_], format)}
      hidden={hidden}
      onToggle={(label) => setHidden(toggled(hidden, label))}
    />
  );
  return (
    <>
      <div class="grid run-charts">
        <Panel
          title="Loss"
          actions={
            <>
              <Button pressed={log} onPress={() => setLog(!log)}>
                Logarithmic
              </Button>
              <Button pressed={near} disabled={log} onPress={() => setNear(!near)}>
                Close-up
              </Button>
            </>
          }
        >
          {legend('loss', 'loss', shortLossText)}
          <Chart
            label="Loss over epochs"
            lines={lines}
            data={data.loss}
            x={EPOCHS}
            y={{ format: shortLossText, log, ...(near && closeLoss(run.record)) }}
          />
        </Panel>
        <Panel
          title="Accuracy"
          actions={
            <Button pressed={close} onPress={() => setClose(!close)}>
              Close-up
            </Button>
          }
        >
          {legend('accuracy', 'accuracy', percentText)}
          <Chart
            label="Accuracy over epochs"
            lines={lines}
            data={data.accuracy}
            x={EPOCHS}
            y={{
              format: percentText,
              tick: shortPercent,
              range: 'share',
              ...(close && closeAccuracy(run.record)),
            }}
          />
        </Panel>
      </div>
      <Panel title="Learning rate">
        <Chart
          label="Learning rate over epochs"
          lines={[{ label: 'η', look: RATE }]}
          data={data.learningRate}
          x={EPOCHS}
          y={{ format: shortLossText, range: 'zero' }}
          height={150}
        />
      </Panel>
    </>
  );
}

/** The lines that there are, with their newest values. */
function entries([, ...series]: RunCurves['loss'], format: (value: number) => string) {
  return LINES.flatMap(({ label, look }, i) => {
    const value = valueUpTo(series[i], series[i].length - 1);
    if (value === null && label === 'validation') return [];
    return [{ label, look, value: value === null ? '–' : format(value) }];
  });
}

/** To a little above the worst epoch but the first, as soon as there are two. */
function closeLoss({ epochs }: RunRecord): { readonly to?: number } {
  const values = epochs.slice(1).flatMap((epoch) => [epoch.trainLoss, epoch.validationLoss ?? 0]);
  return values.length === 0 ? {} : { to: Number((1.25 * Math.max(...values)).toPrecision(2)) };
}

/** From a little below the worst epoch but the first, as soon as there are two. */
function closeAccuracy({ epochs }: RunRecord): { readonly from?: number } {
  const values = epochs.slice(1).flatMap((epoch) => [epoch.trainAccuracy, epoch.validationAccuracy ?? 1]);
  return values.length === 0 ? {} : { from: Math.max(0, Math.floor(100 * Math.min(...values) - 1) / 100) };
}

const shortPercent = (share: number) => `${Number((100 * share).toFixed(2))} %`;
