/** A confusion matrix and its figures, as text that fits 80 columns. */

import type { ClassMetrics, Evaluation } from '../../train/evaluate.ts';
import { percent, type Terminal, table } from './terminal.ts';

const COLUMNS = 80;
const LONGEST_NAME = 12;
/** How many pairs are listed where the whole matrix is too wide. */
const PAIRS = 12;

const shortened = (name: string) =>
  name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;

/** The matrix, rows true and columns predicted, or the most frequent confusions where it is too wide. */
export function confusionLines(
  { colour }: Terminal,
  confusion: Evaluation['confusion'],
  classes: readonly string[],
): string[] {
  const names = classes.map(shortened);
  const first = Math.max(4, ...names.map((name) => name.length));
  const cell =
    Math.max(...names.map((name) => name.length), ...confusion.flat().map((n) => String(n).length)) + 2;
  if (first + cell * classes.length > COLUMNS) return pairLines(confusion, classes);
  const lines = [
    colour.dim(`${' '.repeat(first)}${'predicted'.padStart(cell * Math.min(2, classes.length) + 4)}`),
    colour.bold(`${'true'.padEnd(first)}${names.map((name) => name.padStart(cell)).join('')}`),
  ];
  confusion.forEach((row, label) => {
    const most = Math.max(1, ...row.filter((_, c) => c !== label));
    const cells = row.map((n, c) => {
      const text = (n === 0 ? '·' : String(n)).padStart(cell);
      if (c === label) return colour.green(text);
      if (n === 0) return colour.dim(text);
      return n === most ? colour.red(text) : text;
    });
    lines.push(`${colour.bold(names[label].padEnd(first))}${cells.join('')}`);
  });
  return lines;
}

function pairLines(confusion: Evaluation['confusion'], classes: readonly string[]): string[] {
  const pairs = confusion
    .flatMap((row, label) => row.map((n, predicted) => ({ n, label, predicted })))
    .filter(({ n, label, predicted }) => n > 0 && label !== predicted)
    .sort((a, b) => b.n - a.n)
    .slice(0, PAIRS);
  if (pairs.length === 0) return ['no confusions'];
  return table([
    ['most frequent confusions', 'taken for', 'times'],
    ...pairs.map(({ n, label, predicted }) => [classes[label], classes[predicted], String(n)]),
  ]);
}

/** Precision, recall and F1, a line a class. */
export function metricLines({ colour }: Terminal, metrics: readonly ClassMetrics[]): string[] {
  const [head, ...lines] = table([
    ['class', 'precision', 'recall', 'F1', 'samples'],
    ...metrics.map((m) => [
      shortened(m.class),
      percent(m.precision),
      percent(m.recall),
      percent(m.f1),
      String(m.support),
    ]),
  ]);
  return [colour.bold(head), ...lines];
}
