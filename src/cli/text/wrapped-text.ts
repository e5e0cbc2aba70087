/** Text that fits the terminal: words wrapped, and columns of which one is. */

/** How many characters a text has, as they are seen. */
const lengthOf = (text: string) => [...text].length;

/** A text as lines of at most `width` characters, broken at single spaces; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/(?<! ) (?! )/)) {
    const last = lines.at(-1);
    if (last === undefined || lengthOf(last) + 1 + lengthOf(word) > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** The least that a wrapped column has, however narrow the terminal. */
const MIN_WIDTH = 20;

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
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => lengthOf(row[c]))));
  const others = widths.reduce((sum, cell, c) => sum + (c === wrapping ? 0 : cell + 2), 0);
  widths[wrapping] = Math.min(widths[wrapping], Math.max(MIN_WIDTH, width - others));
  return rows.flatMap((row) =>
    wrap(row[wrapping], widths[wrapping]).map((part, line) =>
      row
        .map((cell, c) => (c === wrapping ? part : line === 0 ? cell : ''))
        .map((cell, c) => cell + ' '.repeat(Math.max(0, widths[c] - lengthOf(cell))))
        .join('  ')
        .trimEnd(),
    ),
  );
}
