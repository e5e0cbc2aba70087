/** A matrix as an image: colours of its entries, and each entry's number under the pointer or the arrow keys. */

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { theme } from '../theme.ts';
import { diverging, grey, sequential } from './palette.ts';

/** How numbers become colours: signed round 0, an image's pixels, or counts from 0 up. */
export type HeatMapColours = 'diverging' | 'grey' | 'sequential';

/** A cell, counted from 0. */
export interface HeatMapPlace {
  readonly row: number;
  readonly col: number;
}

interface HeatMapProps {
  /** Row-major, [rows, cols]. */
  readonly values: ArrayLike<number>;
  readonly rows: number;
  readonly cols: number;
  /** What it is, for screen readers: `W1, 784 × 30`. */
  readonly label: string;
  readonly colours?: HeatMapColours;
  /** The magnitude of the strongest colour; the largest of the values by default. */
  readonly scale?: number;
  /** CSS pixels of a cell, where there is room. */
  readonly cell?: number;
  /** CSS pixels of the whole, where the cells need not be square: width, height. */
  readonly size?: readonly [width: number, height: number];
  /** The line that describes an entry (default: row, column and value). */
  readonly describe?: (row: number, col: number, value: number) => string;
  /** A cell is clicked, or Enter pressed on it. */
  readonly onPick?: (row: number, col: number) => void;
  /** The pointer or the arrow keys have come to a cell, or left the matrix. */
  readonly onPlace?: (place: HeatMapPlace | undefined) => void;
  /** Without pointer, keys and line: a thumbnail. */
  readonly still?: boolean;
}

/** A number with five significant digits. */
export function fiveDigits(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size >= 1e-3 && size < 1e5 ? String(Number(value.toPrecision(5))) : value.toExponential(3);
  return text.replaceAll('-', '−');
}

/** The heat map of a matrix. */
export function HeatMap(props: HeatMapProps) {
  const { values, rows, cols, label, colours = 'diverging', cell = 8, onPick, still } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [place, setPlaceAlone] = useState<HeatMapPlace | undefined>(undefined);
  const setPlace = (next: HeatMapPlace | undefined) => {
    setPlaceAlone(next);
    props.onPlace?.(next);
  };
  const look = theme.value;
  const scale = props.scale ?? largest(values);

  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(cols, rows);
    for (let i = 0; i < rows * cols; i++) {
      const t = scale > 0 ? values[i] / scale : 0;
      const colour =
        colours === 'grey' ? grey(t) : colours === 'sequential' ? sequential(t, look) : diverging(t, look);
      image.data.set(colour, 4 * i);
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [values, rows, cols, colours, scale, look]);

  const [width, height] = props.size ?? [cols * cell, rows * cell];
  const box = { width: `${width}px`, aspectRatio: `${width} / ${height}` };
  const picture = <canvas class="heat-map-canvas" ref={canvas} width={cols} height={rows} style={box} />;
  if (still) {
    return (
      <span class="heat-map-still" role="img" aria-label={label}>
        {picture}
      </span>
    );
  }

  const under = (event: PointerEvent | MouseEvent): HeatMapPlace => {
    const box = (canvas.current as HTMLCanvasElement).getBoundingClientRect();
    const at = (offset: number, length: number, count: number) =>
      Math.max(0, Math.min(count - 1, Math.floor((offset / length) * count)));
    return {
      row: at(event.clientY - box.top, box.height, rows),
      col: at(event.clientX - box.left, box.width, cols),
    };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { row, col } = place ?? { row: 0, col: 0 };
    if ((event.key === 'Enter' || event.key === ' ') && onPick) {
      event.preventDefault();
      onPick(row, col);
      return;
    }
    const [down, right] = MOVES[event.key] ?? [0, 0];
    if (down === 0 && right === 0) return;
    event.preventDefault();
    const kept = (n: number, count: number) => Math.max(0, Math.min(count - 1, n));
    setPlace(place ? { row: kept(row + down, rows), col: kept(col + right, cols) } : { row, col });
  };
  const entry = place && place.row < rows && place.col < cols ? place : undefined;
  const line =
    entry && (props.describe ?? described)(entry.row, entry.col, values[entry.row * cols + entry.col]);

  return (
    <div class="heat-map">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this groups a picture and its keys */}
      <div
        class={onPick ? 'heat-map-field heat-map-pick' : 'heat-map-field'}
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move over its cells
        tabIndex={0}
        aria-label={`${label}; the arrow keys move over its entries`}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => setPlace(under(event))}
        onPointerDown={(event) => setPlace(under(event))}
        onPointerLeave={() => setPlace(undefined)}
        onBlur={() => setPlace(undefined)}
        onClick={(event) => {
          const { row, col } = under(event);
          onPick?.(row, col);
        }}
      >
        {picture}
        {entry && <Cursor place={entry} rows={rows} cols={cols} />}
      </div>
      <output class="heat-map-line">{line ?? ' '}</output>
    </div>
  );
}

/** How an arrow key moves: rows down, columns to the right. */
const MOVES: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function Cursor({ place, rows, cols }: { place: HeatMapPlace; rows: number; cols: number }) {
  const percent = (n: number, of: number) => `${(100 * n) / of}%`;
  const box = {
    left: percent(place.col, cols),
    top: percent(place.row, rows),
    width: percent(1, cols),
    height: percent(1, rows),
  };
  return <span class="heat-map-cursor" style={box} />;
}

const described = (row: number, col: number, value: number) =>
  `row ${row + 1}, column ${col + 1}: ${fiveDigits(value)}`;

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}
