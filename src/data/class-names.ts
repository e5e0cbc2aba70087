/** Names of classes: their order, and the samples of some of them. */

import type { Samples } from '../kernels/matrix.ts';

/** Labels are bytes. */
export const MAX_CLASSES = 256;

/** No text can be split in two ways, so that a long cell is read once. */
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** The value of a decimal number such as `-1.5e3`; NaN for other text, also for `0x10`, `Infinity` and nothing. */
export const decimal = (text: string): number => (DECIMAL.test(text) ? Number(text) : Number.NaN);

/** The distinct names in order: by value if all are numbers, else by code units, which no locale changes. */
export function orderedNames(names: Iterable<string>): string[] {
  const distinct = [...new Set(names)];
  const numeric = distinct.every((name) => !Number.isNaN(decimal(name)));
  return distinct.sort((a, b) => (numeric && decimal(a) - decimal(b)) || (a < b ? -1 : a > b ? 1 : 0));
}

/** Some rows of samples, copied. */
export function pickRows(samples: Samples, rows: ArrayLike<number>): Samples {
  const { cols, values, labels } = samples;
  const Values = values instanceof Uint8Array ? Uint8Array : Float32Array;
  const picked = new Values(rows.length * cols);
  for (let i = 0; i < rows.length; i++) {
    picked.set(values.subarray(rows[i] * cols, (rows[i] + 1) * cols), i * cols);
  }
  return {
    ...samples,
    count: rows.length,
    values: picked,
    labels: Uint8Array.from(rows, (row) => labels[row]),
  };
}

/**
 * The samples whose class is one of `kept`, labelled by its place there. The same object if nothing changes.
 *
 * @param names the class of each label of the samples
 * @param kept names of classes, in the order that the labels shall have
 */
export function keepClasses(samples: Samples, names: readonly string[], kept: readonly string[]): Samples {
  if (names.length === kept.length && names.every((name, i) => name === kept[i])) return samples;
  const place = names.map((name) => kept.indexOf(name));
  const rows: number[] = [];
  for (const [row, label] of samples.labels.entries()) if (place[label] !== -1) rows.push(row);
  const picked = rows.length === samples.count ? samples : pickRows(samples, rows);
  return {
    ...picked,
    labels: Uint8Array.from(picked.labels, (label) => place[label]),
    classes: kept.length,
  };
}
