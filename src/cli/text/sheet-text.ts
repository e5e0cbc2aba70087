/** What `mlp check-derivation FILE` prints. */

import type { ChalkInstance } from 'chalk';
import type { SheetCheck, Verdict } from '../../check/derivation/sheet-check.ts';
import { isLatex, notationOf } from '../../formulas/language/latex.ts';

/** A line for each equation with its verdict, and what that means for the sheet. */
export function sheetLines(path: string, net: string, check: SheetCheck, colour: ChalkInstance): string[] {
  const { passed, firstWrong, lines } = check;
  const paint: Readonly<Record<Verdict, (text: string) => string>> = {
    right: colour.green,
    wrong: colour.red,
    follows: colour.yellow,
    open: colour.cyan,
  };
  const width = Math.max(...lines.map(({ line }) => String(line).length));
  const rows = lines.map(({ line, equation, verdict }) => {
    const shown = isLatex(equation) && verdict !== 'open' ? notationOf(equation) : equation;
    return `${String(line).padStart(width)}  ${paint[verdict](verdict.padEnd('follows'.length))}  ${shown}`;
  });
  const wrong = lines.find(({ verdict }) => verdict === 'wrong');
  const open = lines.filter(({ verdict }) => verdict === 'open').map(({ line }) => line);
  const summary: string[] = [];
  if (passed) summary.push(`All ${lines.length} lines are right.`);
  if (firstWrong !== null) {
    summary.push(colour.red(`${path}:${firstWrong}: the first wrong step.`));
    if (wrong?.diagnosis) summary.push(colour.yellow(wrong.diagnosis));
  }
  if (open.length > 0) summary.push(`Open: line${open.length > 1 ? 's' : ''} ${open.join(', ')}.`);
  return [`${colour.bold(path)}  net ${net}`, ...rows, '', ...summary];
}
