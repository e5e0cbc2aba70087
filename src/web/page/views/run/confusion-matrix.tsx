/** The confusion matrix: counts and colours, and cells that open their samples. */

import { useMemo, useRef, useState } from 'preact/hooks';
import { HeatMap } from '../../components/heat-map.tsx';
import { diverging } from '../../components/palette.ts';
import { countText, percentText } from '../../number-text.ts';
import { theme } from '../../theme.ts';
import { cellStrength, cellText, confusionSummary } from './confusion-summary.ts';

/** With more classes there is no room for numbers in the cells, and thousands of buttons help nobody. */
export const MAX_IN_TABLE = 16;
/** CSS pixels of a cell without a number. */
const CELL = 16;

interface ConfusionMatrixProps {
  /** By label (row) and prediction (column). */
  readonly counts: readonly (readonly number[])[];
  readonly classes: readonly string[];
  /** A cell of mistakes is chosen. */
  readonly onOpen: (label: number, predicted: number) => void;
}

/** The matrix, and above it what it comes to. */
export function ConfusionMatrix({ counts, classes, onOpen }: ConfusionMatrixProps) {
  const { samples, right, worst } = useMemo(() => confusionSummary(counts), [counts]);
  const open = (label: number, predicted: number) => {
    if (label !== predicted && counts[label][predicted] > 0) onOpen(label, predicted);
  };
  const Cells = classes.length <= MAX_IN_TABLE ? CellTable : CellMap;
  return (
    <>
      <p class="number">
        {countText(right)} of {countText(samples)} right{samples > 0 && ` (${percentText(right / samples)})`}
        {worst.length > 0 && '; most often '}
        {worst
          .map(
            ({ label, predicted, count }) => `${classes[label]} taken for ${classes[predicted]} (${count})`,
          )
          .join(', ')}
      </p>
      <Cells counts={counts} classes={classes} onOpen={open} />
    </>
  );
}

/** A table of buttons, of which one is in the order of the Tab key and the arrow keys move to the others. */
function CellTable({ counts, classes, onOpen }: ConfusionMatrixProps) {
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  const [described, setDescribed] = useState<readonly [number, number] | undefined>(undefined);
  const table = useRef<HTMLTableElement>(null);
  const look = theme.value;
  const onKeyDown = (event: KeyboardEvent) => {
    const [row, column] = at;
    const to = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
    }[event.key];
    const cell = to && table.current?.querySelector<HTMLElement>(`[data-cell="${to[0]},${to[1]}"]`);
    if (to === undefined) return;
    event.preventDefault();
    cell?.focus();
  };
  const line =
    described === undefined || described[0] >= counts.length ? ' ' : cellText(counts, classes, ...described);
  return (
    <div class="confusion">
      <table class="confusion-table number" ref={table}>
        <caption class="visually-hidden">
          Counts by true class (rows) and predicted class (columns); the arrow keys move over the cells
        </caption>
        <thead>
          <tr>
            <td class="confusion-corner" aria-hidden="true">
              true ↓ predicted →
            </td>
            {classes.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>
          {counts.map((row, label) => (
            <tr key={classes[label]}>
              <th scope="row">{classes[label]}</th>
              {row.map((count, predicted) => {
                const opens = label !== predicted && count > 0;
                const here = at[0] === label && at[1] === predicted;
                const text = cellText(counts, classes, label, predicted);
                return (
                  <td key={classes[predicted]}>
                    <button
                      type="button"
                      class="confusion-cell"
                      data-cell={`${label},${predicted}`}
                      tabIndex={here ? 0 : -1}
                      aria-label={text}
                      aria-disabled={!opens}
                      style={cellColours(cellStrength(counts, label, predicted), look)}
                      onClick={() => onOpen(label, predicted)}
                      onFocus={() => {
                        setAt([label, predicted]);
                        setDescribed([label, predicted]);
                      }}
                      onBlur={() => setDescribed(undefined)}
                      onPointerEnter={() => setDescribed([label, predicted])}
                      onPointerLeave={() => setDescribed(undefined)}
                    >
                      {count}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="heat-map-line" aria-hidden="true">
        {line}
      </p>
    </div>
  );
}

/** The same as a heat map. */
function CellMap({ counts, classes, onOpen }: ConfusionMatrixProps) {
  const values = useMemo(
    () => counts.flatMap((row, label) => row.map((_, predicted) => cellStrength(counts, label, predicted))),
    [counts],
  );
  const count = classes.length;
  const long = { width: `${count * CELL + 40}px` };
  const names = (kind: 'rows' | 'columns') => (
    <div class={`confusion-names confusion-${kind}`} aria-hidden="true">
      {classes.map((name) => (
        <span key={name}>{name}</span>
      ))}
    </div>
  );
  return (
    <div class="confusion">
      <p class="note">True class by row, predicted class by column.</p>
      <div class="confusion-scroll">
        <div class="confusion-map" style={long}>
          {names('columns')}
          {names('rows')}
          <HeatMap
            values={values}
            rows={count}
            cols={count}
            scale={1}
            cell={CELL}
            label={`Confusion matrix, ${count} × ${count}; Enter opens the samples of a cell`}
            describe={(label, predicted) => cellText(counts, classes, label, predicted)}
            onPick={onOpen}
          />
        </div>
      </div>
    </div>
  );
}

/** The ground of a cell, and black or white on it, whichever can be read better. */
function cellColours(strength: number, look: 'light' | 'dark') {
  const ground = diverging(strength, look);
  const [red, green, blue] = ground.map((level) => {
    const share = level / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return { background: `rgb(${ground.join(' ')})`, color: luminance > 0.179 ? '#000' : '#fff' };
}
