/** A curve in the terminal, drawn with the dots of braille characters, over a logarithmic axis. */

/** The first braille character, without dots; a character has 2 × 4 of them. */
const BLANK = 0x2800;
/** The bits of the dots, by row and column. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];

/** A point of the curve; x is above 0. */
export type CurvePoint = readonly [x: number, y: number];

export interface CurveOptions {
  /** Characters across and lines down, the axes not counted. */
  readonly width: number;
  readonly height: number;
  /** Powers of ten, the ends of the x axis. */
  readonly decades: readonly [from: number, to: number];
  /** What is above the second is drawn at the upper edge. */
  readonly range: readonly [low: number, high: number];
}

/** The lines of the picture, from the top; the last is the x axis's decades. */
export function curve(points: readonly CurvePoint[], options: CurveOptions): string[] {
  const { width, height, decades, range } = options;
  const [columns, rows] = [2 * width, 4 * height];
  const cells = Array.from({ length: height }, () => new Array<number>(width).fill(0));
  const dot = (column: number, row: number) => {
    cells[row >> 2][column >> 1] |= DOTS[row & 3][column & 1];
  };
  const within = (value: number, count: number) => Math.min(count - 1, Math.max(0, Math.round(value)));
  let last: { column: number; row: number } | undefined;
  for (const [x, y] of points) {
    const column = within(
      ((Math.log10(x) - decades[0]) / (decades[1] - decades[0])) * (columns - 1),
      columns,
    );
    const row = within(((range[1] - y) / (range[1] - range[0])) * (rows - 1), rows);
    // From the point before to this one, so that the line has no gaps.
    const from = last ?? { column, row };
    const steps = Math.max(1, Math.abs(row - from.row), column - from.column);
    for (let step = 0; step <= steps; step++) {
      const share = step / steps;
      dot(
        Math.round(from.column + share * (column - from.column)),
        Math.round(from.row + share * (row - from.row)),
      );
    }
    last = { column, row };
  }
  const labels = [range[1], range[0]].map((value) => value.toFixed(2));
  const margin = Math.max(...labels.map(({ length }) => length));
  const label = (line: number) => (line === 0 ? labels[0] : line === height - 1 ? labels[1] : '');
  const picture = cells.map(
    (row, line) =>
      `${label(line).padStart(margin)} ┤${String.fromCharCode(...row.map((bits) => BLANK + bits)).replace(/⠀+$/, '')}`,
  );
  return [...picture, ...axis(width, decades).map((line) => ' '.repeat(margin + 1) + line)];
}

/** The x axis with a tick and a name at each decade. */
function axis(width: number, [from, to]: readonly [number, number]): string[] {
  const ticks = new Array<string>(width).fill('─');
  const names = new Array<string>(width + 8).fill(' ');
  for (let decade = from; decade <= to; decade++) {
    const column = Math.round(((decade - from) / (to - from)) * (width - 1));
    ticks[column] = '┴';
    const name = decade >= -3 && decade <= 3 ? String(10 ** decade) : `1e${decade}`;
    // Centred under its tick, one column further for the corner.
    const start = Math.max(0, column + 1 - (name.length >> 1));
    for (const [i, letter] of [...name].entries()) names[start + i] = letter;
  }
  return [`└${ticks.join('')}`, names.join('').trimEnd()];
}
