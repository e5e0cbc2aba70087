/** The report on a user's module as plain text: a verdict for each tensor, the worst entries, the diagnosis. */

import type { Check } from '../result.ts';
import { entryText, tensorShapeText, tensorSize } from './arrays.ts';
import type { ModuleReport, TensorResult } from './module.ts';

/** The report, a line each; each line has a kind, so that a terminal can colour it. */
export interface ReportLine {
  readonly kind: 'head' | 'pass' | 'fail' | 'entry' | 'diagnosis' | 'verdict';
  readonly text: string;
}

/** The widest line of prose. */
const WIDTH = 80;

/** At most this many entries of a tensor are shown. */
const MAX_ENTRIES = 5;

/**
 * The whole report: one line for each gradient that passes; for one that fails its worst entries with analytic and
 * numeric value side by side, and what is wrong. Other checks are printed only if they fail.
 */
export function reportText(report: ModuleReport): string {
  return reportLines(report)
    .map(({ text }) => text)
    .join('\n');
}

/** The same, line by line. */
export function reportLines(report: ModuleReport): ReportLine[] {
  const { checks, tensors, passed } = report;
  const habits = checks.filter((check) => !tensors.some((tensor) => tensor.check === check));
  const broken = habits.filter((check) => !check.passed);
  const failed = checks.filter((check) => !check.passed).map(({ name }) => name);
  const lines: ReportLine[] = [{ kind: 'head', text: headOf(report) }, ...tensorLines(tensors)];
  for (const check of broken) {
    lines.push({ kind: 'fail', text: `fail  ${check.name}` }, ...diagnosisLines(check));
  }
  if (broken.length === 0) {
    lines.push({ kind: 'pass', text: 'ok    inputs unchanged, gradients overwritten' });
  }
  const verdict = passed ? `passed: ${checks.length} checks` : `failed: ${failed.join(', ')}`;
  return [...lines, { kind: 'verdict', text: verdict }];
}

function headOf({ name, kind, shapes, outputShape, draws }: ModuleReport): string {
  const given = Object.entries(shapes).map(([tensor, shape]) => `${tensor} ${tensorShapeText(shape)}`);
  const points = draws === 1 ? 'one point' : `${draws} points`;
  return `${name}: a ${kind}, ${given.join(', ')} → ${tensorShapeText(outputShape)}; central differences at ${points}`;
}

function tensorLines(tensors: readonly TensorResult[]): ReportLine[] {
  const [names, shapes] = [
    padded(tensors.map(({ name }) => name)),
    padded(tensors.map(({ shape }) => tensorShapeText(shape))),
  ];
  return tensors.flatMap((tensor, i) => linesOf(tensor, `${names[i]}  ${shapes[i]}`));
}

function linesOf(result: TensorResult, what: string): ReportLine[] {
  const { shape, analytic, drawn, atKinks, check } = result;
  const { passed, maxRelativeError, tolerance } = check;
  const size = tensorSize(shape);
  const kinked = atKinks === 0 ? '' : `, ${atKinks} unchecked at kinks`;
  const few = drawn === size ? '' : `, ${drawn} of ${size} entries drawn`;
  const title = `${what}  error ${errorText(maxRelativeError)}, tolerance ${errorText(tolerance)}${few}${kinked}`;
  if (passed) return [{ kind: 'pass', text: `ok    ${title}` }];
  return [
    { kind: 'fail', text: `fail  ${title}` },
    ...(analytic === undefined ? [] : entryLines(result, analytic)),
    ...diagnosisLines(check),
  ];
}

/** The entries that are farthest off, the worst first; at a kink as far as they are from the slopes on both sides. */
function entryLines({ shape, numeric, kinks }: TensorResult, analytic: Float64Array): ReportLine[] {
  const distance = (k: number) => {
    const [low, high] = kinks.get(k) ?? [numeric[k], numeric[k]];
    const d = Math.max(low - analytic[k], analytic[k] - high);
    return Number.isNaN(d) ? Infinity : Math.max(0, d);
  };
  const worst = Array.from(analytic.keys())
    .filter((k) => (kinks.has(k) ? distance(k) > 0 : !Number.isNaN(numeric[k])))
    .sort((a, b) => (distance(a) === distance(b) ? a - b : distance(b) - distance(a)))
    .slice(0, MAX_ENTRIES);
  if (worst.length === 0) return [];
  const rows = [
    ['entry', 'analytic', 'numeric', 'ratio'],
    ...worst.map((k) => {
      const sides = kinks.get(k);
      return [
        shape.length === 0 ? '-' : entryText(shape, k),
        valueText(analytic[k]),
        sides === undefined ? valueText(numeric[k]) : `${sides.map(valueText).join(' to ')}, a kink`,
        sides !== undefined || numeric[k] === 0 ? '-' : ratioText(analytic[k] / numeric[k]),
      ];
    }),
  ];
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows.map((row) => ({
    kind: 'entry',
    text: `        ${row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('  ')}`,
  }));
}

const padded = (words: readonly string[]): string[] => {
  const width = Math.max(...words.map((word) => word.length));
  return words.map((word) => word.padEnd(width));
};

function diagnosisLines({ diagnosis, name }: Check): ReportLine[] {
  const text =
    diagnosis ??
    `None of the usual suspects makes ${name} right. Compare its formula with the entries above.`;
  return wrapped(text, WIDTH - 6).map((line) => ({ kind: 'diagnosis', text: `      ${line}` }));
}

function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1];
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

/** `1.2e-10`, `0`, `∞`. */
function errorText(error: number): string {
  if (error === 0) return '0';
  if (!Number.isFinite(error)) return '∞';
  return error.toExponential(1).replace('.0e', 'e').replace('e+0', '');
}

/** Seven digits, in as little space as they take. */
function valueText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e6 ? value.toExponential(4) : value.toFixed(7);
}

function ratioText(ratio: number): string {
  if (!Number.isFinite(ratio)) return String(ratio);
  const size = Math.abs(ratio);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? ratio.toExponential(2) : ratio.toFixed(4);
}
