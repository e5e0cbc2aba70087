/** Tables as samples: which column holds the classes, the numbers of the others, and their standardisation. */

import type { Samples } from '../../kernels/matrix.ts';
import { decimal, MAX_CLASSES, orderedNames } from '../class-names.ts';
import { DataError } from '../errors.ts';
import type { TablePreprocessing } from '../preprocessing.ts';
import { type CsvHead, type CsvRow, LABEL_NAMES, numberIn, readCsv } from './csv.ts';

/** A table as it was read: numbers not yet standardised, classes as text. */
export interface Table {
  /** The names of the input columns; absent without a header. */
  readonly columns?: readonly string[];
  /** The name of the column with the classes; absent without a header. */
  readonly label?: string;
  /** The number of that column among all, counted from 1. */
  readonly labelNumber: number;
  readonly inputs: number;
  /** [rows, inputs], row-major. */
  readonly values: Float64Array;
  /** The class of each row, as its cell says it. */
  readonly labels: readonly string[];
  /** The line that each row ends on. */
  readonly lines: readonly number[];
}

/**
 * Reads a table with a column of classes. All other columns are inputs.
 *
 * @param name the file's name, for messages
 * @param labelColumn the column with the classes, by name or by number counted from 1; by default one that is called
 *   label, class, target or y, else the last
 * @throws {DataError} as `readCsv`; a cell that is missing or no number, with line and column; no row; one column
 * @throws {RangeError} there is no column `labelColumn`
 */
export function readTable(bytes: Uint8Array, name: string, labelColumn?: string | number): Table {
  const numbers = new Numbers();
  const labels: string[] = [];
  const lines: number[] = [];
  // A name is kept once, however many rows have it.
  const names = new Map<string, string>();
  const wanted = labelColumn === undefined ? undefined : String(labelColumn);
  let at = -1;
  const head = readCsv(bytes, name, wanted, (row, { width, columns }) => {
    if (at === -1) at = labelIndex(name, { width, ...(columns && { columns }) }, wanted);
    for (let i = 0; i < width; i++) if (i !== at) numbers.push(numberIn(row, i, name));
    const label = className(row, at, name);
    if (!names.has(label)) names.set(label, label);
    labels.push(names.get(label) as string);
    lines.push(row.line);
  });
  if (labels.length === 0) throw new DataError(`${name}: expected rows below the header, got none`);
  const { columns, width } = head;
  return {
    ...(columns && { columns: columns.filter((_, i) => i !== at), label: columns[at] }),
    labelNumber: at + 1,
    inputs: width - 1,
    values: numbers.taken(),
    labels: likeNumbers(labels, [...names.keys()]),
    lines,
  };
}

/** The rows of a table as inputs of a model. */
export interface TableInputs {
  /** [rows, inputs] in the model's order of columns, not yet standardised. */
  readonly values: Float64Array;
  /** The class of each row; empty unless asked for. */
  readonly labels: readonly string[];
  /** The line that each row ends on. */
  readonly lines: readonly number[];
}

/**
 * Reads the rows of a table as inputs of a model: the columns by their names where both have a header, in any order
 * and among others; else by their places, where the column of classes may be missing if nobody asks for it.
 *
 * @param name the file's name, for messages
 * @param labelled whether the classes are wanted
 * @param labelColumn the column with the classes; that of the model by default
 * @throws {DataError} as `readCsv`; a column is missing; a cell is missing or no number; no rows
 * @throws {RangeError} there is no column `labelColumn`
 */
export function readInputs(
  bytes: Uint8Array,
  name: string,
  table: TablePreprocessing,
  labelled: boolean,
  labelColumn?: string | number,
): TableInputs {
  const numbers = new Numbers();
  const labels: string[] = [];
  const lines: number[] = [];
  const wanted = labelColumn === undefined ? undefined : String(labelColumn);
  let places: { inputs: number[]; label: number } | undefined;
  readCsv(bytes, name, wanted ?? table.label, (row, head) => {
    places ??= placesOf(name, head, table, labelled, wanted);
    for (const place of places.inputs) numbers.push(numberIn(row, place, name));
    if (labelled) labels.push(className(row, places.label, name));
    lines.push(row.line);
  });
  const inputs = table.mean.length;
  if (lines.length === 0) throw new DataError(`${name}: expected rows of ${inputs} values, got none`);
  return { values: numbers.taken(), labels, lines };
}

/** Mean and standard deviation of each column, over the rows given. */
export function statistics(
  values: Float64Array,
  inputs: number,
  rows: ArrayLike<number>,
): { mean: number[]; sd: number[] } {
  const mean: number[] = [];
  const sd: number[] = [];
  for (let column = 0; column < inputs; column++) {
    let sum = 0;
    for (let i = 0; i < rows.length; i++) sum += values[rows[i] * inputs + column];
    const centre = sum / rows.length;
    let squares = 0;
    let constant = true;
    for (let i = 0; i < rows.length; i++) {
      const value = values[rows[i] * inputs + column];
      squares += (value - centre) * (value - centre);
      constant &&= value === values[rows[0] * inputs + column];
    }
    mean.push(centre);
    // Rounding of the mean leaves a constant column a deviation that is not quite 0.
    sd.push(constant ? 0 : Math.sqrt(squares / rows.length));
  }
  return { mean, sd };
}

/**
 * (v − mean) / sd, rounded to float32; of a column that was constant in training, 0.
 *
 * @param values [rows, inputs], row-major
 * @param name the file's name, for messages
 * @param lines the line of the file that each row stands on, for messages; without it they count these rows
 * @throws {DataError} a value that is beyond float32 then, as it lies that far from what the model was trained on
 */
export function standardised(
  values: Float64Array,
  { mean, sd, columns }: Pick<TablePreprocessing, 'mean' | 'sd' | 'columns'>,
  name: string,
  lines?: readonly number[],
): Float32Array {
  const inputs = mean.length;
  const result = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const column = i % inputs;
    result[i] = sd[column] === 0 ? 0 : (values[i] - mean[column]) / sd[column];
    if (!Number.isFinite(result[i])) {
      const where = columns === undefined ? `input ${column + 1}` : `column "${columns[column]}"`;
      const row = Math.floor(i / inputs);
      throw new DataError(
        `${name}${lines === undefined ? ` in row ${row + 1}` : `:${lines[row]}`}: expected values like those of the training rows ` +
          `(mean ${mean[column]}, standard deviation ${sd[column]}), got ${values[i]} in ${where}`,
      );
    }
  }
  return result;
}

/** The distinct classes of the labels, ordered. */
export function classesOf(labels: readonly string[], name: string): string[] {
  const classes = orderedNames(labels);
  if (classes.length < 2 || classes.length > MAX_CLASSES) {
    throw new DataError(
      `${name}: expected 2 to ${MAX_CLASSES} different classes in the label column, got ${classes.length}`,
    );
  }
  return classes;
}

/** Standardised values and the numbers of their classes, as samples. */
export function tableSamples(
  values: Float32Array,
  labels: readonly string[],
  classes: readonly string[],
): Samples {
  const place = new Map(classes.map((name, i) => [name, i]));
  const count = labels.length;
  return {
    count,
    cols: values.length / count,
    values,
    scale: 1,
    labels: Uint8Array.from(labels, (label) => place.get(label) ?? 0),
    classes: classes.length,
  };
}

/** Which of a file's columns holds the classes. */
function labelIndex(name: string, { width, columns }: CsvHead, wanted: string | undefined): number {
  if (width < 2) {
    throw new DataError(`${name}: expected 2 columns or more, inputs and their class, got ${width}`);
  }
  if (wanted === undefined) {
    const found = columns?.findIndex((column) => LABEL_NAMES.includes(column.toLowerCase())) ?? -1;
    return found === -1 ? width - 1 : found;
  }
  const byName = columns?.indexOf(wanted) ?? -1;
  if (byName !== -1) return byName;
  const number = /^\d+$/.test(wanted) ? Number(wanted) : 0;
  if (number >= 1 && number <= width) return number - 1;
  const names = columns === undefined ? `${name} has no header` : columns.slice(0, 20).join(', ');
  const more = columns !== undefined && width > 20 ? ', …' : '';
  throw new RangeError(
    `label-column: expected a column of ${name} (${names}${more}) or its number from 1 to ${width}, got "${wanted}"`,
  );
}

/** Where the model's inputs stand in a file, and its classes (-1: nowhere). */
function placesOf(
  name: string,
  head: CsvHead,
  table: TablePreprocessing,
  labelled: boolean,
  wanted: string | undefined,
): { inputs: number[]; label: number } {
  const { columns, width } = head;
  const inputs = table.mean.length;
  const label = labelPlace(name, head, table, labelled, wanted);
  if (columns !== undefined && table.columns !== undefined) {
    const placeOf = new Map(columns.map((column, place) => [column, place]));
    const places = table.columns.map((column) => {
      const place = placeOf.get(column);
      if (place === undefined) {
        throw new DataError(`${name}: expected a column "${column}", as in training, found none`);
      }
      return place;
    });
    return { inputs: places, label };
  }
  const all = Array.from({ length: width }, (_, i) => i);
  if (width === inputs && !labelled) return { inputs: all, label: -1 };
  if (width === inputs + 1) return { inputs: all.filter((i) => i !== label), label };
  const expected = labelled ? `${inputs + 1} columns` : `${inputs} columns, or ${inputs + 1} with the class`;
  throw new DataError(`${name}: expected ${expected}, got ${width}`);
}

function labelPlace(
  name: string,
  head: CsvHead,
  { label, labelNumber }: TablePreprocessing,
  labelled: boolean,
  wanted: string | undefined,
): number {
  if (wanted !== undefined) return labelIndex(name, head, wanted);
  if (head.columns === undefined || label === undefined) return labelNumber - 1;
  const place = head.columns.indexOf(label);
  if (place === -1 && labelled) {
    throw new DataError(`${name}: expected a column "${label}" with the classes, as in training, found none`);
  }
  return place;
}

function className({ cells, line }: CsvRow, column: number, name: string): string {
  const text = cells[column];
  if (text !== '') return text;
  throw new DataError(`${name}:${line}:${column + 1}: expected a class, got an empty cell`);
}

/** Where all labels are numbers, `1`, `1.0` and `01` are one class. */
function likeNumbers(labels: readonly string[], distinct: readonly string[]): readonly string[] {
  if (distinct.some((label) => Number.isNaN(decimal(label)))) return labels;
  const plain = new Map(distinct.map((label) => [label, String(decimal(label))]));
  return labels.map((label) => plain.get(label) as string);
}

/** Numbers of which nobody knows how many there will be. */
class Numbers {
  #values = new Float64Array(1 << 12);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Float64Array(2 * this.#length);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  taken(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}
