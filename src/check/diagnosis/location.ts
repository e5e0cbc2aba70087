/** Where a gradient is wrong that is right in its other entries. */

import { entryText } from '../module/arrays.ts';
import { type Evidence, factorOf } from './evidence.ts';
import { nameOf } from './factors.ts';
import { targetsOf } from './loss.ts';

/** Names the rows, columns or entries that are wrong, if others are right; null otherwise. */
export function location(evidence: Evidence): string | null {
  const { analytic, numeric, tolerance, tensor } = evidence;
  if (analytic.length !== numeric.values.length || analytic.length < 2) return null;
  const wrong = wrongEntries(evidence);
  if (wrong.length === 0) return null;
  const pattern = patternOf(evidence, wrong);
  // Most wrong without a pattern is no place: an entry may be right by chance, as where both are 0.
  if (pattern === null && 2 * wrong.length > analytic.length) return null;
  const place = pattern ?? listed(wrong, evidence);
  const a = wrong.map((k) => analytic[k]);
  const n = wrong.map((k) => numeric.values[k]);
  const factor = factorOf(a, n);
  const fits = n.every(
    (value, i) => Math.abs(factor * a[i] - value) <= tolerance * Math.max(...n.map(Math.abs)),
  );
  const named = wrong.length > 1 && fits ? nameOf(factor, evidence) : undefined;
  const zero = a.every((value) => value === 0) ? ` There d${tensor} is 0.` : '';
  const there = named === undefined ? zero : ` There, ${named.text}`;
  return `wrong only ${place}; the other entries are right.${there}`;
}

function wrongEntries({ analytic, numeric, tolerance }: Evidence): number[] {
  const { values, kinks } = numeric;
  const largest = values.reduce((most, n) => Math.max(most, Math.abs(n)), 0);
  return Array.from(values.keys()).filter(
    (k) => !kinks.has(k) && !(Math.abs(analytic[k] - values[k]) <= tolerance * largest),
  );
}

/** The entries as rows, columns, true classes or a sign of x; null if they are none of these. */
function patternOf(evidence: Evidence, wrong: readonly number[]): string | null {
  const { shape, analytic, point, tensor } = evidence;
  const is = (test: (k: number) => boolean): boolean => {
    const all = Array.from(analytic.keys()).filter(test);
    return all.length < analytic.length && all.length === wrong.length && all.every((k, i) => k === wrong[i]);
  };
  const columns = shape.at(-1) ?? 1;
  const rows = analytic.length / columns;
  if (shape.length > 1 && wrong.length > 1) {
    for (let row = 0; row < rows; row++) {
      if (is((k) => Math.floor(k / columns) === row)) return `in row ${row}${ordinal(row, rows)}`;
    }
    for (let column = 0; column < columns; column++) {
      if (is((k) => k % columns === column)) return `in column ${column}${ordinal(column, columns)}`;
    }
    if (is((k) => Math.floor(k / columns) > 0)) return 'below row 0, the first';
    if (is((k) => k % columns > 0)) return 'right of column 0, the first';
  }
  const y = tensor === 'x' ? targetsOf(evidence) : undefined;
  if (y !== undefined && is((k) => y[k] === 1)) return 'where y = 1, the true class';
  if (y !== undefined && is((k) => y[k] === 0)) return 'where y = 0, the other classes';
  const values = point?.tensors[tensor]?.values;
  if (values === undefined || wrong.length < 2) return null;
  if (is((k) => values[k] < 0)) return `where ${tensor} < 0`;
  if (is((k) => values[k] > 0)) return `where ${tensor} > 0`;
  return null;
}

const ordinal = (index: number, count: number): string =>
  index === count - 1 ? ', the last' : index === 0 ? ', the first' : '';

/** At most this many entries are named one by one. */
const MAX_LISTED = 6;

function listed(wrong: readonly number[], { shape }: Evidence): string {
  const names = wrong.slice(0, MAX_LISTED).map((k) => entryText(shape, k));
  const more = wrong.length > MAX_LISTED ? ` and ${wrong.length - MAX_LISTED} more` : '';
  return `at ${names.join(', ')}${more}`;
}
