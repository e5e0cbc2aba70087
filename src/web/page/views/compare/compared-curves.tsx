/** The curves of several runs on the same axes. */

import { useMemo, useState } from 'preact/hooks';
import { alignedData, type Value } from '../../charts/aligned-data.ts';
import { Chart } from '../../charts/chart.tsx';
import { Legend, toggled } from '../../charts/legend.tsx';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { percentText, secondsText, shortLossText } from '../../number-text.ts';
import type { ComparedEpoch, ComparedItem } from './item.ts';
import { lookOf } from './looks.ts';

const AXES = {
  epochs: { label: 'epoch', format: (epoch: number) => String(Number(epoch.toFixed(2))) },
  seconds: { label: 'seconds', format: (seconds: number) => secondsText(seconds) },
} as const;

const DIFFERENT_LOSSES = 'These runs have different losses (--loss), whose values say nothing of each other.';

type Figure = 'Loss' | 'Accuracy';

/** Two panels, and above them what of the runs is shown. */
export function ComparedCurves({ runs }: { runs: readonly ComparedItem[] }) {
  const [by, setBy] = useState<keyof typeof AXES>('epochs');
  const [log, setLog] = useState(false);
  const [kinds, setKinds] = useState<ReadonlySet<string>>(new Set(['training', 'validation']));
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const loss = useMemo(() => dataOf(runs, by, 'Loss', log), [runs, by, log]);
  const accuracy = useMemo(() => dataOf(runs, by, 'Accuracy', false), [runs, by]);
  const kindsOfLoss = new Set(runs.flatMap(({ config }) => (config.loss === undefined ? [] : [config.loss])))
    .size;
  const lines = runs.flatMap(({ name }, place) =>
    (['training', 'validation'] as const).map((kind) => ({
      label: `${name} ${kind}`,
      look: lookOf(place, kind),
      hidden: hidden.has(name) || !kinds.has(kind),
    })),
  );
  return (
    <>
      <Panel
        title="Runs"
        note="Thin lines are of training, strong ones with marks of samples held out. Press a run to hide it."
        actions={
          <>
            {(['training', 'validation'] as const).map((kind) => (
              <Button key={kind} pressed={kinds.has(kind)} onPress={() => setKinds(toggled(kinds, kind))}>
                {kind === 'training' ? 'Training' : 'Validation'}
              </Button>
            ))}
            <Button pressed={by === 'seconds'} onPress={() => setBy(by === 'seconds' ? 'epochs' : 'seconds')}>
              By seconds
            </Button>
          </>
        }
      >
        <Legend
          label="Runs"
          entries={runs.map(({ name }, place) => ({ label: name, look: lookOf(place, 'validation') }))}
          hidden={hidden}
          onToggle={(name) => setHidden(toggled(hidden, name))}
        />
      </Panel>
      <div class="grid compare-charts">
        <Panel
          title="Loss"
          {...(kindsOfLoss > 1 && { note: DIFFERENT_LOSSES })}
          actions={
            <Button pressed={log} onPress={() => setLog(!log)}>
              Logarithmic
            </Button>
          }
        >
          <Chart
            label={`Loss by ${by}`}
            lines={lines}
            data={loss}
            x={AXES[by]}
            y={{ format: shortLossText, log }}
            height={340}
          />
        </Panel>
        <Panel title="Accuracy">
          <Chart
            label={`Accuracy by ${by}`}
            lines={lines}
            data={accuracy}
            x={AXES[by]}
            y={{ format: percentText, tick: shortPercent, range: 'share' }}
            height={340}
          />
        </Panel>
      </div>
    </>
  );
}

/** For each run the line of training, then that of validation. */
function dataOf(runs: readonly ComparedItem[], by: keyof typeof AXES, what: Figure, log: boolean) {
  return alignedData(
    runs.map(({ epochs }) => {
      const values = (key: `train${Figure}` | `validation${Figure}`) =>
        epochs.map((figures: ComparedEpoch): Value => {
          const value = figures[key];
          return value === undefined || (log && value <= 0) ? null : value;
        });
      return {
        x: epochs.map(({ epoch, seconds }) => (by === 'epochs' ? epoch : seconds)),
        ys: [values(`train${what}`), values(`validation${what}`)],
      };
    }),
  );
}

const shortPercent = (share: number) => `${Number((100 * share).toFixed(2))} %`;
