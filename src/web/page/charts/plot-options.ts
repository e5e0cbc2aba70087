/** uPlot's options for a chart: axes, scales, and how each line looks in the theme that is shown. */

import type uPlot from 'uplot';
import { colour } from '../theme.ts';
import type { LineLook } from './line-look.ts';

/** A line of a chart. */
export interface ChartLine {
  readonly label: string;
  readonly look: LineLook;
  readonly hidden?: boolean;
}

/** The axes of a chart. */
export interface PlotAxes {
  readonly x: {
    /** In words that stand before a value: `epoch`. */
    readonly label: string;
    readonly format: (value: number) => string;
  };
  readonly y: {
    readonly format: (value: number) => string;
    /** Of the values beside the axis, where they are to be shorter. */
    readonly tick?: (value: number) => string;
    /** Powers of ten at equal distances; what is not positive is left out by the data. */
    readonly log?: boolean;
    /** `share`: within 0 to 1; `zero`: from 0 up. */
    readonly range?: 'share' | 'zero';
    /** What lies below is cut off. */
    readonly from?: number;
    /** What lies above is cut off. */
    readonly to?: number;
  };
}

/** Marks are drawn where they have this much room each, in CSS pixels. */
const MARK_ROOM = 9;
/** Between two ticks of x; no 2.5, as nobody counts epochs by it. */
const INCREMENTS = Array.from({ length: 11 }, (_, i) =>
  [1, 2, 5].map((digit) => digit * 10 ** (i - 3)),
).flat();
const FONT = '13px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';

/** All of the options but size and hooks. */
export function plotOptions(
  lines: readonly ChartLine[],
  { x, y }: PlotAxes,
): Omit<uPlot.Options, 'width' | 'height'> {
  const axis = {
    stroke: colour('--muted'),
    font: FONT,
    labelFont: FONT,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1, size: 6 },
  };
  const tick = y.tick ?? y.format;
  return {
    legend: { show: false },
    padding: [10, 14, 0, 0],
    scales: {
      x: { time: false, range: (_, min, max) => (min === max ? [min, min + 1] : [min, max]) },
      y: { distr: y.log ? 3 : 1, range: yRange(y) },
    },
    axes: [
      { ...axis, label: x.label, incrs: INCREMENTS, labelSize: 18, size: 30, gap: 4 },
      {
        ...axis,
        size: 64,
        gap: 4,
        values: (_, splits) => splits.map((value) => (value == null ? '' : tick(value))),
      },
    ],
    series: [{}, ...lines.map(seriesOf)],
    cursor: {
      y: false,
      drag: { x: true, y: false, dist: 6 },
      points: { show: false },
    },
  };
}

/** Whether a part of the x values is shown. */
export function isZoomed(u: uPlot): boolean {
  const [xs] = u.data;
  const { min, max } = u.scales.x;
  if (min == null || max == null || xs.length < 2) return false;
  return min > xs[0] || max < xs[xs.length - 1];
}

function seriesOf({ label, look, hidden }: ChartLine): uPlot.Series {
  const { width, dash, alpha, marks } = look;
  const stroke = colour(look.colour);
  const points: uPlot.Series.Points = marks
    ? { show: hasRoom, size: 7, width: 0, fill: stroke, stroke }
    : { show: false };
  return {
    label,
    show: !hidden,
    stroke,
    width,
    spanGaps: true,
    points,
    ...(dash && { dash: [...dash] }),
    ...(alpha !== undefined && { alpha }),
  };
}

function hasRoom(u: uPlot, line: number, from: number, to: number): boolean {
  const values = u.data[line];
  const most = u.over.clientWidth / MARK_ROOM;
  let count = 0;
  for (let i = from; i <= to && count <= most; i++) if (values[i] != null) count++;
  // A single point makes no line, so its mark is all that is seen of it.
  return count === 1 || count <= most;
}

function yRange({ range, log, from, to }: PlotAxes['y']): uPlot.Scale.Range {
  return (_, min, max) => {
    if (min == null || max == null) return log ? [0.1, 10] : [0, 1];
    if (log) {
      // A little air, so that lines do not lie on the frame.
      const air = Math.max(1.08, (max / min) ** 0.04);
      return [min / air, max * air];
    }
    if (to !== undefined && to > min) return [0, to];
    const air = 0.06 * (max - min || Math.abs(max) || 1);
    if (range === 'zero') return [0, max + air || 1];
    if (from !== undefined && from < max) return [from, Math.min(1, max + 0.06 * (max - from))];
    const low = Math.max(0, min - air);
    return [low, range === 'share' ? Math.min(1, max + air) : max + air];
  };
}
