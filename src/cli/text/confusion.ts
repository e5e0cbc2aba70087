/** A confusion matrix and its figures, as text that fits the terminal. */

import stringWidth from 'string-width';
import type { ClassMetrics, Evaluation, MeanMetrics } from '../../train/evaluate.ts';
import { percent, type Terminal, table } from './terminal.ts';
import { padded } from './wrapped-text.ts';

/** The widths of terminals that a matrix is made for; elsewhere than in a terminal the least of them holds. */
const MIN_COLUMNS = 80;
const LONGEST_NAME = 12;
/** How many pairs of classes are listed. */
const PAIRS = 12;

/** A name of at most `width` columns. */
function shortened(name: string, width = LONGEST_NAME): string {
  if (stringWidth(name) <= width) return name;
  let short = '';
  for (const letter of name) {
    if (stringWidth(short + letter) >= width) break;
    short += letter;
  }
  return `${short}…`;
}

/** The matrix where the terminal has room for it, rows true and columns predicted, and the most frequent confusions. */
export function confusionLines(
  terminal: Terminal,
  confusion: Evaluation['confusion'],
  classes: readonly string[],
  columns = process.stdout.columns ?? MIN_COLUMNS,
): string[] {
  const matrix = matrixLines(terminal, confusion, classes, columns);
  const pairs = pairLines(terminal, confusion, classes);
  return matrix.length === 0 ? pairs : [...matrix, '', ...pairs];
}

/** No lines where it does not fit. */
function matrixLines(
  { colour }: Terminal,
  confusion: Evaluation['confusion'],
  classes: readonly string[],
  columns: number,
): string[] {
  const digits = Math.max(...confusion.flat().map((n) => String(n).length));
  const first = Math.min(LONGEST_NAME, Math.max(4, ...classes.map((name) => stringWidth(name))));
  // Names over the columns are cut as short as the counts leave room for.
  const room = Math.floor((columns - first) / classes.length) - 1;
  const longest = Math.min(LONGEST_NAME, Math.max(...classes.map((name) => stringWidth(name))));
  const width = Math.max(digits, Math.min(longest, room));
  const heads = classes.map((name) => shortened(name, width));
  if (width > room || new Set(heads).size < heads.length) return [];
  const cell = Math.min(width + 2, room + 1);
  const names = classes.map((name) => shortened(name));
  const lines = [
    colour.dim(`${' '.repeat(first)}${'predicted'.padStart(cell * Math.min(2, classes.length) + 4)}`),
    colour.bold(`${'true'.padEnd(first)}${heads.map((name) => padded(name, cell, 'left')).join('')}`),
  ];
  confusion.forEach((row, label) => {
    const most = Math.max(1, ...row.filter((_, c) => c !== label));
    const cells = row.map((n, c) => {
      const text = (n === 0 ? '·' : String(n)).padStart(cell);
      if (c === label) return colour.green(text);
      if (n === 0) return colour.dim(text);
      return n === most ? colour.red(text) : text;
    });
    lines.push(`${colour.bold(padded(names[label], first))}${cells.join('')}`);
  });
  return lines;
}

function pairLines(
  { colour }: Terminal,
  confusion: Evaluation['confusion'],
  classes: readonly string[],
): string[] {
  const pairs = confusion
    .flatMap((row, label) => row.map((n, predicted) => ({ n, label, predicted })))
    .filter(({ n, label, predicted }) => n > 0 && label !== predicted)
    .sort((a, b) => b.n - a.n)
    .slice(0, PAIRS);
  if (pairs.length === 0) return ['no confusions'];
  const [head, ...lines] = table([
    ['most frequent confusions', 'predicted', 'times'],
    ...pairs.map(({ n, label, predicted }) => [
      shortened(classes[label]),
      shortened(classes[predicted]),
      String(n),
    ]),
  ]);
  return [colour.bold(head), ...lines];
}

/** Precision, recall and F1, a line a class, and their means. */
export function metricLines(
  { colour }: Terminal,
  metrics: readonly ClassMetrics[],
  { macro, weighted }: { readonly macro: MeanMetrics; readonly weighted: MeanMetrics },
): string[] {
  const samples = metrics.reduce((sum, { support }) => sum + support, 0);
  const means = [
    { class: 'macro', ...macro, support: samples },
    { class: 'weighted', ...weighted, support: samples },
  ];
  const [head, ...lines] = table([
    ['class', 'precision', 'recall', 'F1', 'samples'],
    ...[...metrics.map((m) => ({ ...m, class: shortened(m.class) })), ...means].map((m) => [
      m.class,
      percent(m.precision),
      percent(m.recall),
      percent(m.f1),
      String(m.support),
    ]),
  ]);
  return [colour.bold(head), ...lines];
}
