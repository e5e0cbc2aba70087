/** A chart of many points: uPlot, drawn in the page's colours, with keyboard navigation and a line that shows the values. */

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import './chart.css';
import { Button } from '../components/button.tsx';
import { theme } from '../theme.ts';
import { type AlignedData, valueUpTo } from './aligned-data.ts';
import { type ChartLine, isZoomed, type PlotAxes, plotOptions } from './plot-options.ts';

interface ChartProps extends PlotAxes {
  /** What it shows, for screen readers. */
  readonly label: string;
  readonly lines: readonly ChartLine[];
  /** The x values, then those of each line. */
  readonly data: AlignedData;
  /** CSS pixels. */
  readonly height?: number;
}

/** The chart. Dragging, or + and −, show a part of it; a double click, or Escape, the whole. */
export function Chart(props: ChartProps) {
  const { label, lines, data, x, y, height = 280 } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const zoom = useRef<readonly [number, number] | undefined>(undefined);
  const newest = useRef(data);
  newest.current = data;
  const [at, setAt] = useState<number | undefined>(undefined);
  const [zoomed, setZoomed] = useState(false);
  // All that the plot is made of but its data: where it changes, the plot is made anew.
  const made = JSON.stringify([lines, x.label, y.log, y.range, y.from, y.to, height, theme.value]);

  useLayoutEffect(() => {
    const element = place.current as HTMLDivElement;
    const onScale = (u: uPlot, key: string) => {
      if (key !== 'x') return;
      const { min, max } = u.scales.x;
      zoom.current = isZoomed(u) ? [min as number, max as number] : undefined;
      setZoomed(zoom.current !== undefined);
    };
    const hooks = {
      setScale: [onScale],
      setCursor: [(u: uPlot) => setAt((u.cursor.left ?? -1) < 0 ? undefined : (u.cursor.idx ?? undefined))],
    };
    const size = { width: Math.max(120, element.clientWidth), height };
    const u = new uPlot({ ...plotOptions(lines, { x, y }), ...size, hooks }, undefined, element);
    plot.current = u;
    show(u, newest.current, zoom.current);
    const sizes = new ResizeObserver(() => {
      const { clientWidth: width } = element;
      if (width > 0 && width !== u.width) u.setSize({ width, height });
    });
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      u.destroy();
      plot.current = undefined;
    };
  }, [made]);

  const shown = useRef(data);
  useLayoutEffect(() => {
    if (plot.current === undefined || shown.current === data) return;
    shown.current = data;
    show(plot.current, data, zoom.current);
  }, [data]);

  const all = () => {
    zoom.current = undefined;
    if (plot.current) show(plot.current, newest.current, undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const u = plot.current;
    if (u === undefined || event.target !== event.currentTarget || !press(u, event.key, at, all)) return;
    event.preventDefault();
  };
  const line = at === undefined || at >= data[0].length ? undefined : valuesLine(props, at);

  return (
    <div class="chart">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this groups a picture and its keys */}
      <div
        class="chart-field"
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move over its points
        tabIndex={0}
        aria-label={`${label}; the arrow keys move over its points, + and − show less and more`}
        onKeyDown={onKeyDown}
        onBlur={() => plot.current?.setCursor({ left: -10, top: -10 })}
        ref={place}
      />
      <div class="chart-foot">
        <output class="chart-line">{line ?? ' '}</output>
        {zoomed && (
          <Button quiet onPress={all}>
            Show all
          </Button>
        )}
      </div>
    </div>
  );
}

function show(u: uPlot, data: AlignedData, zoom: readonly [number, number] | undefined): void {
  const known = data as uPlot.AlignedData;
  if (zoom === undefined) {
    u.setData(known);
    return;
  }
  u.batch(() => {
    u.setData(known, false);
    u.setScale('x', { min: zoom[0], max: zoom[1] });
  });
}

/** Does what a key says; false if it says nothing. */
function press(u: uPlot, key: string, at: number | undefined, all: () => void): boolean {
  const [xs] = u.data;
  const { min, max } = u.scales.x;
  if (xs.length === 0 || min == null || max == null) return false;
  const first = u.valToIdx(min);
  const last = u.valToIdx(max);
  const stride = Math.max(1, Math.round((last - first) / 80));
  const from = at ?? last;
  const to = { ArrowLeft: from - stride, ArrowRight: from + stride, Home: first, End: last }[key];
  if (to !== undefined) {
    const value = xs[Math.max(first, Math.min(last, at === undefined ? last : to))];
    u.setCursor({ left: u.valToPos(value, 'x'), top: 4 }, true);
    return true;
  }
  if (key === 'Escape' || key === '0') {
    all();
    return true;
  }
  const factor = { '+': 0.5, '=': 0.5, '-': 2, '−': 2 }[key];
  if (factor === undefined) return false;
  const half = ((max - min) / 2) * factor;
  const middle = xs[from];
  u.setScale('x', {
    min: Math.max(xs[0], middle - half),
    max: Math.min(xs[xs.length - 1], middle + half),
  });
  return true;
}

/** The values at a place: `epoch 2.31: batches 0.213, validation 0.198`. */
function valuesLine({ lines, data, x, y }: ChartProps, at: number): string {
  const values = lines.flatMap((line, i) => {
    const value = line.hidden ? null : valueUpTo(data[i + 1], at);
    return value === null ? [] : [`${line.label} ${y.format(value)}`];
  });
  return `${x.label} ${x.format(data[0][at])}: ${values.join(', ')}`;
}
