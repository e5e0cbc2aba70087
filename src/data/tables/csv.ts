/** Comma-separated values: rows of text cells, each with the line it stands on. */

import { type CsvError, parse } from 'csv-parse/sync';
import { decimal } from '../class-names.ts';
import { DataError } from '../errors.ts';

/** One row as it stands in the file. */
export interface CsvRow {
  readonly cells: readonly string[];
  /** The line that the row ends on, counted from 1. */
  readonly line: number;
}

/** What a file's first rows say of the others. */
export interface CsvHead {
  /** The name of each column; absent if the file begins with data. */
  readonly columns?: readonly string[];
  /** Cells in every row. */
  readonly width: number;
}

/** Names by which a column says that it holds the classes. */
export const LABEL_NAMES: readonly string[] = ['label', 'class', 'target', 'y'];

const SEPARATORS = [',', ';', '\t'] as const;

/**
 * Reads UTF-8 text of comma-separated values, or separated by semicolons or tabs where the first line has no comma.
 * Cells may be quoted, empty lines are skipped, blanks around a cell go. One row is held at a time: `each` gets it
 * and keeps what it wants.
 *
 * The first row is taken for a header if none of its cells is a number, or if one of them is called as a label column
 * is.
 *
 * @param name the file's name, for messages
 * @param labelColumn a name that makes a header of the row that has it; a number does not
 * @throws {DataError} no rows, a ragged row, a header that names two columns alike, a quote that is never closed, text
 *   that is not UTF-8.
 *   Whatever `each` throws is passed on.
 */
export function readCsv(
  bytes: Uint8Array,
  name: string,
  labelColumn: string | undefined,
  each: (row: CsvRow, head: CsvHead) => void,
): CsvHead {
  let head: CsvHead | undefined;
  let thrown: { error: unknown } | undefined;
  const take = (cells: string[], line: number): void => {
    if (head === undefined) {
      const named = isHeader(cells, labelColumn);
      head = { width: cells.length, ...(named && { columns: cells }) };
      if (named) {
        requireUtf8(cells, name, line);
        requireDistinct(cells, name, line);
        return;
      }
    }
    if (cells.length !== head.width) {
      throw new DataError(
        `${name}:${line}: expected ${head.width} ${head.width === 1 ? 'cell' : 'cells'} as in the first row, got ${cells.length}`,
      );
    }
    requireUtf8(cells, name, line);
    each({ cells, line }, head);
  };
  try {
    parse(bytes, {
      bom: true,
      delimiter: separatorOf(bytes),
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      on_record: (cells: string[], { lines }: { lines: number }) => {
        try {
          take(cells, lines);
        } catch (error) {
          thrown = { error };
          throw error;
        }
        return null;
      },
    });
  } catch (error) {
    if (thrown !== undefined) throw thrown.error;
    const { code, lines } = error as CsvError & { lines?: number };
    const why = code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote that is never closed' : 'a quote inside a cell';
    throw new DataError(`${name}:${lines ?? 1}: expected a row of cells, got ${why}`, { cause: error });
  }
  if (head === undefined) throw new DataError(`${name}: expected rows of comma-separated values, got none`);
  return head;
}

/**
 * The number in a cell.
 *
 * @throws {DataError} it is empty, no decimal number, or beyond the range of float32
 */
export function numberIn({ cells, line }: CsvRow, column: number, name: string): number {
  const text = cells[column];
  const value = decimal(text);
  if (Math.abs(value) <= MAX_VALUE) return value;
  const got =
    text === '' ? 'an empty cell' : `"${text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text}"`;
  const what = Number.isNaN(value) ? 'a number' : 'a number that float32 can hold';
  throw new DataError(`${name}:${line}:${column + 1}: expected ${what}, got ${got}`);
}

/** Characters of a cell that a message shows. */
const MAX_SHOWN = 40;

const MAX_VALUE = 3.4028234663852886e38;

function isHeader(cells: readonly string[], labelColumn: string | undefined): boolean {
  if (cells.every((cell) => Number.isNaN(decimal(cell)))) return cells.some((cell) => cell !== '');
  // A number says which column is meant, and may as well be a value of the first row.
  const named = labelColumn === undefined || !Number.isNaN(decimal(labelColumn)) ? undefined : labelColumn;
  return cells.some((cell) => cell === named || LABEL_NAMES.includes(cell.toLowerCase()));
}

/** Bytes that are no UTF-8 are decoded as U+FFFD all alike, so that different classes would become one. */
function requireUtf8(cells: readonly string[], name: string, line: number): void {
  const strange = cells.findIndex((cell) => cell.includes('\ufffd'));
  if (strange !== -1) {
    throw new DataError(
      `${name}:${line}:${strange + 1}: expected text in UTF-8, got "${cells[strange].slice(0, MAX_SHOWN)}"`,
    );
  }
}

function requireDistinct(cells: readonly string[], name: string, line: number): void {
  const places = new Map<string, number>();
  const twice = cells.findIndex((cell, i) => {
    if (places.has(cell)) return true;
    places.set(cell, i);
    return false;
  });
  if (twice !== -1) {
    const first = (places.get(cells[twice]) ?? 0) + 1;
    throw new DataError(
      `${name}:${line}:${twice + 1}: expected columns of different names, got "${cells[twice]}" as in column ${first}`,
    );
  }
}

function separatorOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0x0a);
  const first = bytes.subarray(0, end === -1 ? bytes.length : end);
  return SEPARATORS.find((separator) => first.includes(separator.charCodeAt(0))) ?? ',';
}
