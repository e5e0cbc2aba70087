/** A chart's legend: what each line is, as buttons that show and hide it. */

import type { LineLook } from './line-look.ts';
import './chart.css';

/** A line of the legend. */
export interface LegendEntry {
  readonly label: string;
  readonly look: LineLook;
  /** Its newest value. */
  readonly value?: string | undefined;
}

interface LegendProps {
  /** What it is the legend of. */
  readonly label: string;
  readonly entries: readonly LegendEntry[];
  readonly hidden: ReadonlySet<string>;
  /** By the entry's label. */
  readonly onToggle: (label: string) => void;
}

/** The legend of one chart, or of several that show the same lines. */
export function Legend({ label, entries, hidden, onToggle }: LegendProps) {
  return (
    <ul class="legend" aria-label={label}>
      {entries.map((entry) => (
        <li key={entry.label}>
          <button
            type="button"
            class="legend-entry"
            aria-pressed={!hidden.has(entry.label)}
            onClick={() => onToggle(entry.label)}
          >
            <Swatch look={entry.look} />
            <span class="legend-label">{entry.label}</span>
            {entry.value !== undefined && <span class="legend-value number">{entry.value}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A short piece of a line. */
export function Swatch({ look }: { look: LineLook }) {
  const colour = `var(${look.colour})`;
  return (
    <svg class="swatch" width="30" height="12" viewBox="0 0 30 12" aria-hidden="true">
      {look.width > 0 && (
        <line
          x1="0"
          y1="6"
          x2="30"
          y2="6"
          style={{ stroke: colour, opacity: look.alpha ?? 1 }}
          stroke-width={look.width}
          stroke-dasharray={look.dash?.join(' ')}
        />
      )}
      {look.marks && <circle cx="15" cy="6" r="4" style={{ fill: colour }} />}
    </svg>
  );
}

/** The set with the entry if it had it not, else without. */
export function toggled(set: ReadonlySet<string>, entry: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(entry)) next.add(entry);
  return next;
}
