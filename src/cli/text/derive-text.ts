/** What `mlp derive` prints. */

import type { ChalkInstance } from 'chalk';
import stringWidth from 'string-width';
import type { LineCheck } from '../../check/derivation/lines.ts';
import type { Derivation, DerivationLine } from '../../formulas/derivations/derivation.ts';
import { padded, wrap, wrappedColumns } from './wrapped-text.ts';

/** Equations up to this many columns have their rule beside them, longer ones below. */
const MOST_COLUMNS = 60;

/** The furthest that a line is moved right, so that its sign is below the sign of the line before. */
const MOST_INDENT = 16;

const MIN_RULE = 24;

/** The formulas that have a derivation. */
export function derivationListLines(derivations: readonly Derivation[], width: number): string[] {
  const rows = derivations.map(({ id, title, net }) => [id, `net ${net}`, title]);
  return [...wrappedColumns(rows, 2, width), '', 'One of them: mlp derive D5'];
}

/** The lines with their rules, a chain after the other, and how far they were checked. */
export function deriveLines(
  { id, title, net, activation, chains }: Derivation,
  checks: readonly (readonly LineCheck[])[],
  { latex, width }: { latex: boolean; width: number },
  colour: ChalkInstance,
): string[] {
  const shown = chains.map((chain) => aligned(chain, latex));
  const widths = shown.flat().map(({ text }) => stringWidth(text));
  const column = Math.max(...widths.filter((w) => w <= MOST_COLUMNS), 0) + 2;
  const beside = Math.max(MIN_RULE, width - column - 2);
  const of = activation === undefined ? '' : `, φ = ${activation}`;
  const lines = [`${colour.bold(`${id} · ${title}`)}  net ${net}${of}`];
  for (const [k, chain] of shown.entries()) {
    // Definitions and derivatives of one line each stay together.
    if (k === 0 || chain.length > 1 || shown[k - 1].length > 1) lines.push('');
    for (const { text, rule } of chain) lines.push(...ruled(text, rule, column, beside, colour));
  }
  return [...lines, '', ...footer(net, checks, width)];
}

function ruled(text: string, rule: string, column: number, width: number, colour: ChalkInstance): string[] {
  const parts = wrap(rule, width).map((part) => colour.dim(part));
  const indent = ' '.repeat(column + 2);
  if (stringWidth(text) > column - 2) return [`  ${text}`, ...parts.map((part) => indent + part)];
  return parts.map((part, k) => (k === 0 ? `  ${padded(text, column)}${part}` : indent + part));
}

/** The lines of a chain, each sign below the one before. */
function aligned(chain: readonly DerivationLine[], latex: boolean): { text: string; rule: string }[] {
  let indent = 0;
  return chain.map((line) => {
    const text = latex ? line.latex : line.unicode;
    if (text.startsWith('=')) return { text: ' '.repeat(indent) + text, rule: ruleOf(line) };
    indent = Math.min(MOST_INDENT, Math.max(0, stringWidth(text.slice(0, text.indexOf('=')))));
    return { text, rule: ruleOf(line) };
  });
}

const ruleOf = ({ rule, formula }: DerivationLine) => (formula === null ? rule : `${rule} (${formula})`);

function footer(net: string, checks: readonly (readonly LineCheck[])[], width: number): string[] {
  const all = checks.flat();
  const worst = Math.max(...all.map(({ error }) => error));
  const step = Math.max(0, ...all.map((check) => check.step ?? 0));
  const text =
    `Each of the ${all.length} lines was evaluated on random numbers: it is within ${digits(worst)} of the exact ` +
    `value of its left side, and within ${digits(step)} of the line before. ` +
    `The letters: mlp check-derivation --net ${net} --symbols`;
  return wrap(text, width);
}

const digits = (error: number) =>
  error === 0 || !Number.isFinite(error) ? String(error) : error.toExponential(1);
