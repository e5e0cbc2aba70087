/** The rows of a CSV file that `mlp train` trains and tests on. */

import { basename } from 'node:path';
import type { DataFile } from '../../data/data-source.ts';
import { sha256, sha256OfDigests } from '../../data/digest.ts';
import type { TablePreprocessing } from '../../data/preprocessing.ts';
import { classesOf, readTable, standardised, statistics, tableSamples } from '../../data/tables/table.ts';
import type { Samples } from '../../kernels/matrix.ts';
import { readBytes } from '../files/reading.ts';
import { oneLine } from '../text/terminal.ts';
import { chosenClasses, type RunOptions, testRows, usage, validationRows } from './sample-choice.ts';
import { labelledRows } from './sample-sets.ts';
import type { TrainingData } from './training-samples.ts';

/**
 * Reads a table, and another with the test rows where `testPath` names one. Columns are standardised by the rows that
 * train: not those held out to test or to validate.
 *
 * @param report receives a line of what was found
 * @throws UsageError on options that do not fit the data
 * @throws FileError or DataError if a file cannot be read or does not fit
 */
export async function readTables(
  path: string,
  testPath: string | undefined,
  options: RunOptions,
  report: (line: string) => void,
): Promise<TrainingData> {
  const bytes = await readBytes(path);
  const table = usage(() => readTable(bytes, path, options.labelColumn));
  const found = classesOf(table.labels, path);
  const classes = chosenClasses(found, options);
  const kept = [...table.labels.keys()].filter((row) => classes.includes(table.labels[row]));
  const labels = kept.map((row) => table.labels[row]);
  const place = new Map(classes.map((name, i) => [name, i]));
  const numbers = Uint8Array.from(labels, (label) => place.get(label) as number);
  const parts = testRows(numbers, classes.length, options);
  const rowsOf = (rows: ArrayLike<number>) => Array.from(rows, (row) => kept[row]);
  const train = rowsOf(parts?.train ?? [...kept.keys()]);
  const { inputs, values, label, labelNumber, columns } = table;
  const header = columns === undefined ? 'no header' : 'a header';
  const named = label === undefined ? `column ${labelNumber}` : `column "${label}"`;
  const shown = classes.length > 10 ? `${classes.length} classes` : classes.join(', ');
  report(oneLine(`${path}: ${header}, ${inputs} inputs, standardised; classes in ${named}: ${shown}`));

  const samples = (rows: readonly number[], scaling: Scaling) => {
    const part = new Float64Array(rows.length * inputs);
    for (const [i, row] of rows.entries()) {
      part.set(values.subarray(row * inputs, (row + 1) * inputs), i * inputs);
    }
    const names = rows.map((row) => table.labels[row]);
    const lines = rows.map((row) => table.lines[row]);
    return tableSamples(standardised(part, scaling, path, lines), names, classes);
  };
  const files: DataFile[] = [
    { name: basename(path), sha256: await sha256(bytes), count: table.labels.length },
  ];
  const testBytes = testPath === undefined ? undefined : await readBytes(testPath);
  if (testPath !== undefined && testBytes !== undefined) {
    files.push({ name: basename(testPath), sha256: await sha256(testBytes) });
  }
  const testOf = (preprocessing: TablePreprocessing): Samples | undefined => {
    if (testPath === undefined || testBytes === undefined) {
      return parts && samples(rowsOf(parts.heldOut), preprocessing);
    }
    const subset = classes.length < found.length;
    return usage(() => labelledRows(testBytes, testPath, preprocessing, classes, subset, options.labelColumn))
      .samples;
  };
  const digest = await sha256OfDigests(files.map((file) => file.sha256));
  const trainLabels = Uint8Array.from(train, (row) => place.get(table.labels[row]) as number);
  const ofSeed = (seed: number): TrainingData => {
    const heldOut = validationRows(trainLabels, classes.length, { ...options, seed });
    const trained = heldOut === undefined ? train : Array.from(heldOut.train, (i) => train[i]);
    const { mean, sd } = statistics(values, inputs, trained);
    const scaling = {
      ...(columns && { columns }),
      ...(label !== undefined && { label }),
      ...{ labelNumber, mean, sd },
    };
    const test = testOf(scaling);
    return {
      ...{ source: path, inputs, classes, files, sha256: digest },
      train: samples(train, scaling),
      ...(test && { test }),
      preprocessing: { table: scaling },
    };
  };
  const data = ofSeed(options.seed);
  // What it takes to do it again is not kept where nobody will ask.
  return options.repeat > 1 && options.validation !== 0 ? { ...data, ofSeed } : data;
}

type Scaling = Pick<TablePreprocessing, 'mean' | 'sd' | 'columns'>;
