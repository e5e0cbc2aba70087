/** An explanation as text that fits the terminal: a block for each formula. */

import { type Citation, citedLines } from '../../explain/citation.ts';
import type { Explanation } from '../../explain/explain.ts';
import { ALPHA, LAMBDA, LAMBDA_1, type Letter } from '../../explain/letter.ts';
import { type Summary, summary } from '../../explain/summary.ts';
import type { Step } from '../../explain/walk.ts';
import { formula } from '../../formulas/registry.ts';
import type { NamedTensor } from '../../network/network.ts';
import { grouped, type Terminal } from './terminal.ts';
import { wrap } from './wrapped-text.ts';

/** Up to so many values are all shown; of more, the largest. */
const SHOW_ALL = 20;
const LARGEST = 5;
const LONGEST_NAME = 9;
const INDENT = '    ';

const HEADINGS = { forward: 'Forward', backward: 'Backward', step: 'The step' } as const;

/** What the text needs besides the explanation. */
export interface ExplainTextOptions {
  readonly terminal: Terminal;
  /** Columns that the text may take. */
  readonly width: number;
  readonly classes: readonly string[];
  /** λ. */
  readonly l2: number;
  /** The parameters before the step. */
  readonly tensors: readonly NamedTensor[];
}

/** 4 significant digits: `0.9993`, `-12.35`, `1.2e-7`. */
export function figure(value: number, digits = 4): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e5) return String(value);
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(Math.max(1, digits - 3)).replace('e+', 'e');
  return value.toPrecision(digits);
}

/** At most 6 characters below a million, so that ten classes fit a line: `0.999`, `-12.35`, `1.2e-7`, `-1e-7`. */
function narrowFigure(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e5) return String(value);
  if (size >= 1e-3 && size < 1e4) return value.toFixed(size < 9.9995 ? 3 : size < 99.995 ? 2 : 1);
  const two = value.toExponential(1).replace('e+', 'e');
  return two.length <= 6 ? two : value.toExponential(0).replace('e+', 'e');
}

/** All steps, under a heading for each direction. */
export function stepLines(setting: ExplainTextOptions, explanation: Explanation): string[] {
  const { colour } = setting.terminal;
  const lines: string[] = [];
  const stated = new Set<string>();
  let direction = '';
  for (const step of explanation.steps) {
    if (step.direction !== direction) {
      direction = step.direction;
      lines.push('', colour.bold.underline(HEADINGS[step.direction]));
    }
    lines.push('', ...block(setting, explanation, step, stated));
  }
  return lines;
}

function block(
  setting: ExplainTextOptions,
  explanation: Explanation,
  step: Step,
  stated: Set<string>,
): string[] {
  const { colour } = setting.terminal;
  const [citation] = step.citations;
  const lines = [`${colour.cyan.bold((citation?.id ?? '').padEnd(3))} ${step.name}`];
  if (citation !== undefined) lines.push(...unstated(setting, citation, stated));
  const { learningRate, l1 } = explanation;
  const scalars = new Map<Letter, number>([
    [LAMBDA, setting.l2],
    [LAMBDA_1, l1],
    [ALPHA, learningRate],
  ]);
  const each = step.operands.map((letter) => {
    const value = scalars.get(letter);
    return value === undefined ? `${letter.symbol} ${letter.shape.join('×')}` : `${letter.symbol} = ${value}`;
  });
  const operands = each.join(', ');
  const where = operands === '' ? '' : `   ${operands}`;
  if (INDENT.length + [...step.text, ...where].length <= setting.width) {
    lines.push(`${INDENT}${colour.bold(step.text)}${colour.dim(where)}`);
  } else {
    const text = wrap(step.text, setting.width - INDENT.length);
    lines.push(...text.map((line) => `${INDENT}${colour.bold(line)}`));
    lines.push(
      ...listLines(each, setting.width - 2 * INDENT.length).map(
        (line) => INDENT.repeat(2) + colour.dim(line),
      ),
    );
  }
  return [...lines, ...numbers(setting, explanation, step)];
}

/** `W1 784×200, W2 200×100` as lines, each operand whole. */
function listLines(entries: readonly string[], width: number): string[] {
  const unbroken = entries.map((entry) => entry.replaceAll(' ', '\u00a0')).join(', ');
  return entries.length === 0 ? [] : wrap(unbroken, width).map((line) => line.replaceAll('\u00a0', ' '));
}

/** What a citation cites, as its note has it, or as the project's own registry does; each line once in a text. */
function unstated(
  { terminal: { colour }, width }: ExplainTextOptions,
  citation: Citation,
  stated: Set<string>,
): string[] {
  const cited = citedLines(citation, 'unicode').filter((line) => !stated.has(line));
  for (const line of cited) stated.add(line);
  const { note } = formula(citation.id);
  const name = note === 'X' ? 'not in the notes: ' : `note ${note}: `;
  const room = width - INDENT.length - name.length;
  // The notes' own lines stay whole.
  const lines = note === 'X' ? cited.flatMap((line) => wrap(line, room)) : cited;
  return lines.map((line, n) => `${INDENT}${colour.dim(n === 0 ? name : ' '.repeat(name.length))}${line}`);
}

/** What is shown of a step's values. */
type ShownValues = Pick<Step, 'symbol' | 'shape' | 'values' | 'direction'> & {
  readonly result: Pick<Step['result'], 'perClass'>;
};

/** The numbers of a step: the figures of its matrix, and its values or the largest of them. */
export function numbers(setting: ExplainTextOptions, explanation: Explanation, step: ShownValues): string[] {
  const { symbol, shape, values, direction } = step;
  if (shape.length === 0) return [`${INDENT}${symbol} = ${figure(values[0], 6)}`];
  const figures = summary(values, LARGEST);
  const lines = [`${INDENT}${summaryLine(step, figures)}`];
  const before = direction === 'step' ? setting.tensors.find(({ name }) => name === symbol) : undefined;
  const gradient = explanation.gradients[symbol];
  if (values.length <= SHOW_ALL && isRow(shape)) {
    return [...lines, ...allValues(setting, explanation, step, before?.values)];
  }
  if (before !== undefined && gradient !== undefined) {
    const most = summary(gradient.values, 3).largest.filter(({ value }) => value !== 0);
    const entries = most.map(
      ({ index }) =>
        `${place(shape, index)} ${figure(before.values[index], 5)} → ${figure(values[index], 5)}`,
    );
    return entries.length === 0 ? lines : [...lines, ...wrapped(setting, 'moved most', entries)];
  }
  const entries = figures.largest
    .filter(({ value }) => value !== 0)
    .map(({ index, value }) => `${place(shape, index)} ${figure(value)}`);
  return entries.length === 0 ? lines : [...lines, ...wrapped(setting, 'largest', entries)];
}

function summaryLine(
  { shape, values }: Pick<Step, 'shape' | 'values'>,
  { norm, min, max, nonzero }: Summary,
): string {
  const sparse = nonzero === values.length ? '' : `   ${grouped(nonzero)} of ${grouped(values.length)} not 0`;
  return `${shape.join(' × ')}   norm ${figure(norm)}   min ${figure(min)}   max ${figure(max)}${sparse}`;
}

/** Whether the entries have one index: of a bias, a row or a column. */
const isRow = (shape: readonly number[]) => shape.length === 1 || shape[0] === 1 || shape[1] === 1;

/** `[17]`, or of a matrix `[407, 12]`: counted from 0. */
function place(shape: readonly number[], index: number): string {
  const cols = shape[shape.length - 1];
  return isRow(shape) ? `[${index}]` : `[${Math.floor(index / cols)}, ${index % cols}]`;
}

function wrapped(
  { width, terminal }: ExplainTextOptions,
  head: string,
  entries: readonly string[],
): string[] {
  const lines: string[] = [];
  let line = `${INDENT}${terminal.colour.dim(head)}`;
  let length = INDENT.length + head.length;
  for (const entry of entries) {
    if (length + 3 + entry.length > width) {
      lines.push(line);
      line = INDENT + ' '.repeat(head.length);
      length = INDENT.length + head.length;
    }
    line += `   ${entry}`;
    length += 3 + entry.length;
  }
  return [...lines, line];
}

/** Every value under the name of its class, or its number in a hidden layer. */
function allValues(
  { terminal: { colour }, width, classes }: ExplainTextOptions,
  { label, prediction }: Explanation,
  { result: { perClass }, values }: ShownValues,
  before: ArrayLike<number> | undefined,
): string[] {
  const names = Array.from(values, (_, k) => (perClass ? classes[k].slice(0, LONGEST_NAME) : `[${k}]`));
  const row = (head: string, of: ArrayLike<number>) => ({ head, texts: Array.from(of, narrowFigure) });
  const rows = before === undefined ? [row('', values)] : [row('before', before), row('after', values)];
  const title = perClass ? 'class' : '';
  const first = Math.max(title.length, ...rows.map(({ head }) => head.length));
  const cell =
    1 + Math.max(...names.map((n) => n.length), ...rows.flatMap((r) => r.texts.map((t) => t.length)));
  const most = Math.max(1, Math.floor((width - INDENT.length - first) / cell));
  // Lines of equal length where one does not hold all.
  const perLine = Math.ceil(values.length / Math.ceil(values.length / most));
  const paint = (text: string, k: number) => {
    if (!perClass) return text;
    if (k === label) return colour.green(text);
    return k === prediction ? colour.red(text) : text;
  };
  const lines: string[] = [];
  for (let start = 0; start < values.length; start += perLine) {
    const part = (texts: readonly string[], style: (text: string, k: number) => string) =>
      texts
        .slice(start, start + perLine)
        .map((text, k) => style(text.padStart(cell), start + k))
        .join('');
    const headOf = (head: string) => INDENT + colour.dim(head.padEnd(first));
    lines.push(headOf(title) + part(names, (text) => colour.dim(text)));
    for (const { head, texts } of rows) lines.push(headOf(head) + part(texts, paint));
  }
  return lines;
}
