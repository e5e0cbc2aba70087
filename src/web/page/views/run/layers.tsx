/** How activations and gradients are distributed, layer by layer. */

import { useState } from 'preact/hooks';
import type { Histogram } from '../../../../train/watch/histogram.ts';
import type { LayerSnapshot } from '../../../../train/watch/monitor.ts';
import { Button } from '../../components/button.tsx';
import { fiveDigits } from '../../components/heat-map.tsx';
import { Panel } from '../../components/panel.tsx';
import { countText } from '../../number-text.ts';

const [WIDTH, HEIGHT] = [240, 90];

interface LayersProps {
  readonly layers: readonly LayerSnapshot[];
  readonly wide?: boolean;
}

/** Two histograms a layer, and the share of its units that are dead. */
export function Layers({ layers, wide }: LayersProps) {
  const [log, setLog] = useState(true);
  return (
    <Panel
      title="Hidden layers"
      wide={wide === true}
      note="Outputs of the units, and the gradients of the loss by them, over the probe samples."
      actions={
        <Button pressed={log} onPress={() => setLog(!log)}>
          Logarithmic counts
        </Button>
      }
    >
      <div class="layers">
        {layers.map((layer) => (
          <section class="layer" key={layer.name} aria-label={layer.name}>
            <div class="layer-head">
              <h3>{layer.name}</h3>
              {layer.deadShare !== undefined && <DeadShare share={layer.deadShare} />}
            </div>
            <div class="layer-plots">
              <Bars
                of={layer.name}
                what="activations"
                colour="--series-1"
                data={layer.activations}
                log={log}
              />
              <Bars of={layer.name} what="gradients" colour="--series-2" data={layer.gradients} log={log} />
            </div>
          </section>
        ))}
      </div>
    </Panel>
  );
}

function DeadShare({ share }: { share: number }) {
  const text = `${(100 * share).toFixed(1)} %`;
  return (
    <div class="dead">
      <span class="number">dead units {text}</span>
      <meter class="dead-meter" min={0} max={1} value={share} aria-label={`Dead units: ${text}`} />
    </div>
  );
}

interface BarsProps {
  readonly of: string;
  readonly what: 'activations' | 'gradients';
  readonly colour: `--${string}`;
  readonly data: Histogram;
  readonly log: boolean;
}

/** A histogram, that shows a bin's numbers under the pointer or the arrow keys. */
function Bars({ of, what, colour, data, log }: BarsProps) {
  const [at, setAt] = useState<number | undefined>(undefined);
  const { from, to, counts } = data;
  const bins = counts.length;
  const most = counts.reduce((largest, count) => Math.max(largest, count), 0);
  const height = (count: number) =>
    most === 0 ? 0 : HEIGHT * (log ? Math.log1p(count) / Math.log1p(most) : count / most);
  const wide = WIDTH / Math.max(1, bins);
  const outline = counts
    .map((count, i) => `M${i * wide},${HEIGHT}v${-height(count)}h${wide}v${height(count)}`)
    .join('');
  const zero = from < 0 && to > 0 ? (-from / (to - from)) * WIDTH : undefined;
  const edge = (i: number) => fiveDigits(from + ((to - from) * i) / bins);
  const line =
    at === undefined || at >= bins ? what : `${edge(at)} to ${edge(at + 1)}: ${countText(counts[at])}`;
  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowLeft: (at ?? bins) - 1, ArrowRight: (at ?? -1) + 1, Home: 0, End: bins - 1 }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    setAt(Math.max(0, Math.min(bins - 1, next)));
  };
  const onPointerMove = (event: PointerEvent & { readonly currentTarget: HTMLElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    setAt(Math.max(0, Math.min(bins - 1, Math.floor(((event.clientX - box.left) / box.width) * bins))));
  };
  return (
    <div class="histogram">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this groups a picture and its keys */}
      <div
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move over its bins
        tabIndex={0}
        aria-label={`Histogram of the ${what} of ${of}, from ${fiveDigits(from)} to ${fiveDigits(to)}; the arrow keys move over its bins`}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setAt(undefined)}
        onBlur={() => setAt(undefined)}
      >
        <svg
          class="histogram-picture"
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {at !== undefined && at < bins && (
            <rect class="histogram-bin" x={at * wide} y="0" width={wide} height={HEIGHT} />
          )}
          <path d={outline} style={{ fill: `var(${colour})` }} />
          {zero !== undefined && <line class="histogram-zero" x1={zero} x2={zero} y1="0" y2={HEIGHT} />}
        </svg>
      </div>
      <div class="histogram-axis number" aria-hidden="true">
        <span>{fiveDigits(from)}</span>
        <span>{fiveDigits(to)}</span>
      </div>
      <output class="histogram-line number">{line}</output>
    </div>
  );
}
