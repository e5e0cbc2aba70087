/** Text that fits the terminal: wrapped words, and columns of which one is wrapped. */

import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

const NO_BREAK = '\u00a0';

/** A text as lines of at most `width` columns, broken at single spaces; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const unbroken = text.replaceAll(/ {2,}/g, (spaces) => NO_BREAK.repeat(spaces.length));
  return wrapAnsi(unbroken, width).replaceAll(NO_BREAK, ' ').split('\n');
}

/** The minimum width of a wrapped column, however narrow the terminal. */
const MIN_WIDTH = 20;

/** A cell filled with spaces up to a width in columns of the terminal. */
export const padded = (cell: string, width: number, side: 'left' | 'right' = 'right'): string => {
  const spaces = ' '.repeat(Math.max(0, width - stringWidth(cell)));
  return side === 'left' ? spaces + cell : cell + spaces;
};

/**
 * Rows of cells flush left, two spaces between; one column is wrapped so that the lines fit.
 *
 * @param wrapping the index of that column
 */
export function wrappedColumns(
  rows: readonly (readonly string[])[],
  wrapping: number,
  width: number,
): string[] {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => stringWidth(row[c]))));
  const others = widths.reduce((sum, cell, c) => sum + (c === wrapping ? 0 : cell + 2), 0);
  widths[wrapping] = Math.min(widths[wrapping], Math.max(MIN_WIDTH, width - others));
  return rows.flatMap((row) =>
    wrap(row[wrapping], widths[wrapping]).map((part, line) =>
      row
        .map((cell, c) => padded(c === wrapping ? part : line === 0 ? cell : '', widths[c]))
        .join('  ')
        .trimEnd(),
    ),
  );
}
