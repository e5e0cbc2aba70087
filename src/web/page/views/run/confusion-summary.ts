/** A confusion matrix in numbers and words. */

/** How often a class was taken for another. */
export interface Confusion {
  readonly label: number;
  readonly predicted: number;
  readonly count: number;
}

/** What a confusion matrix comes to. */
export interface ConfusionSummary {
  readonly samples: number;
  readonly right: number;
  /** Samples of each class. */
  readonly rows: readonly number[];
  /** The most frequent mistakes, at most three; of equals the first in the matrix. */
  readonly worst: readonly Confusion[];
}

/** Sums up counts by label (row) and prediction (column). */
export function confusionSummary(counts: readonly (readonly number[])[]): ConfusionSummary {
  const rows = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const mistakes = counts.flatMap((row, label) =>
    row.flatMap((count, predicted) =>
      label === predicted || count === 0 ? [] : [{ label, predicted, count }],
    ),
  );
  return {
    samples: rows.reduce((sum, row) => sum + row, 0),
    right: counts.reduce((sum, row, label) => sum + row[label], 0),
    rows,
    worst: mistakes.sort((a, b) => b.count - a.count).slice(0, 3),
  };
}

/**
 * How strongly a cell is coloured: below 0 what is right, above 0 what is not, to ±1. By the cube
 * root of the share of its row, as few mistakes among many right answers are what one looks for.
 */
export function cellStrength(counts: readonly (readonly number[])[], row: number, column: number): number {
  const all = counts[row].reduce((sum, count) => sum + count, 0);
  if (all === 0) return 0;
  const strength = Math.cbrt(counts[row][column] / all);
  return row === column ? -strength : strength;
}

/** `true 4, predicted 9: 7 of 98 (7.1 %)`. */
export function cellText(
  counts: readonly (readonly number[])[],
  classes: readonly string[],
  row: number,
  column: number,
): string {
  const all = counts[row].reduce((sum, count) => sum + count, 0);
  const count = counts[row][column];
  const share = all === 0 ? '' : ` (${((100 * count) / all).toFixed(1)} %)`;
  return `true ${classes[row]}, predicted ${classes[column]}: ${count} of ${all}${share}`;
}
