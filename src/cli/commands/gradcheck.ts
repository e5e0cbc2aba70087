/** `mlp gradcheck` of the project itself: every check in a table. */

import type { Check, Method } from '../../check/result.ts';
import { type CheckGroup, runSuite } from '../../check/suite.ts';
import { UsageError } from '../../options/errors.ts';
import { EXIT } from '../errors.ts';
import type { GradcheckFlags } from '../options/check-flags.ts';
import { checksJson } from '../text/checks-json.ts';
import { openTerminal, type Terminal } from '../text/terminal.ts';
import { wrap } from '../text/wrapped-text.ts';

/** The widths of the columns; what is left of the terminal's is for the name, and the verdict ends the line. */
const FORMULAS_WIDTH = 12;
const METHOD_WIDTH = 7;
const FIGURE_WIDTH = 7;
const VERDICT_WIDTH = 16;
const NAME_WIDTHS = { least: 20, most: 44 };
const DEFAULT_WIDTH = 100;

const METHODS: Record<Method, string> = {
  'complex-step': 'complex',
  'central-difference': 'central',
  float32: 'float32',
  'closed-form': 'closed',
  shape: 'shape',
};

/** Proves the project's own gradients and prints what came out; gives the exit code. */
export async function gradcheck(flags: GradcheckFlags): Promise<number> {
  const terminal = openTerminal(flags);
  if (flags.tolerance !== undefined) {
    throw new UsageError('--tolerance: expected with a module only; the tolerances of the project are fixed');
  }
  for (const [flag, value] of [
    ['--time-limit', flags.timeLimit],
    ['--memory-limit', flags.memoryLimit],
  ]) {
    if (value !== undefined) throw new UsageError(`${flag}: expected with a module only`);
  }
  const groups: CheckGroup[] = [];
  for (const group of runSuite({ seed: flags.seed })) {
    groups.push(group);
    if (!flags.json) for (const line of groupLines(terminal, group, nameWidth())) terminal.out(line);
  }
  const checks = groups.flatMap((group) => group.checks);
  const failed = checks.filter(({ passed }) => !passed);
  if (flags.json) terminal.out(checksJson(checks));
  else for (const line of summaryLines(terminal, checks)) terminal.out(line);
  return failed.length === 0 ? EXIT.done : EXIT.check;
}

/** How wide the names may be, so that a line fits the terminal where that is possible. */
function nameWidth(): number {
  const others = FORMULAS_WIDTH + METHOD_WIDTH + 2 * FIGURE_WIDTH + VERDICT_WIDTH + 5 * 2;
  const left = (process.stdout.columns ?? DEFAULT_WIDTH) - others;
  return Math.max(NAME_WIDTHS.least, Math.min(NAME_WIDTHS.most, left));
}

function groupLines({ colour }: Terminal, { title, checks }: CheckGroup, width: number): string[] {
  const lines: string[] = [];
  for (const several of byName(checks)) {
    const [{ name, formulas }] = several;
    const figures = several.flatMap((check) => {
      const [verdict, ...remarks] = verdictOf(check);
      const tolerance = check.expected === 'pass' ? shownError(check.tolerance) : '';
      const verdictText = check.passed ? colour.green(verdict) : colour.red.bold(verdict);
      return [
        figuresLine(METHODS[check.method], shownError(check.maxRelativeError), tolerance, verdictText),
        ...remarks.map((remark) => figuresLine('', '', '', colour.dim(remark))),
      ];
    });
    lines.push(...block(wrap(name, width), wrap(compressed(formulas), FORMULAS_WIDTH), figures, width));
    // What the witnesses say of one gradient is mostly the same.
    const reported = several.filter(({ passed, method }) => !passed || method === 'shape');
    for (const diagnosis of new Set(reported.map((check) => check.diagnosis ?? ''))) {
      if (diagnosis === '') continue;
      const paint = reported.every(({ passed }) => passed) ? colour.dim : colour.red;
      lines.push(...wrap(diagnosis, width + FORMULAS_WIDTH + 30).map((line) => `  ${paint(line)}`));
    }
  }
  const heading = figuresLine('method', 'error', 'at most', 'verdict');
  const [head, ...more] = block(wrap(title, width), ['formulas'], [heading], width);
  return [...[head, ...more].map((line) => colour.bold(line)), ...lines, ''];
}

/** The checks of one thing by several methods together. */
function byName(checks: readonly Check[]): [Check, ...Check[]][] {
  const groups: [Check, ...Check[]][] = [];
  for (const check of checks) {
    const last = groups.at(-1);
    if (last?.[0].name === check.name) last.push(check);
    else groups.push([check]);
  }
  return groups;
}

const figuresLine = (method: string, error: string, tolerance: string, verdict: string) =>
  `${method.padEnd(METHOD_WIDTH)}  ${error.padStart(FIGURE_WIDTH)}  ${tolerance.padStart(FIGURE_WIDTH)}  ${verdict}`;

/** The three columns side by side, each of as many lines as it has. */
function block(
  name: readonly string[],
  formulas: readonly string[],
  figures: readonly string[],
  width: number,
): string[] {
  return Array.from({ length: Math.max(name.length, formulas.length, figures.length) }, (_, i) => {
    const left = `${(name[i] ?? '').padEnd(width)}  ${(formulas[i] ?? '').padEnd(FORMULAS_WIDTH)}`;
    return `${left}  ${figures[i] ?? ''}`.trimEnd();
  });
}

/** The verdict, and below it what else is to be said. */
function verdictOf({ passed, expected, method, unchecked }: Check): string[] {
  const remarks = unchecked > 0 ? [`${unchecked} unchecked`] : [];
  if (expected === 'pass') return [passed ? 'passes' : 'FAILS', ...remarks];
  if (method === 'shape') return [passed ? 'refused, rightly' : 'NOT REFUSED', ...remarks];
  return [passed ? 'fails, rightly' : 'PASSES, WRONGLY', ...remarks];
}

/** `2.1e-16`; a dash where there is no number. */
const shownError = (error: number) =>
  error === 0 ? '0' : Number.isFinite(error) ? error.toExponential(1) : '—';

/** How many came out as they must, and the worst errors among those that must pass. */
function summaryLines({ colour }: Terminal, checks: readonly Check[]): string[] {
  const worst = (
    [
      ['complex-step', 'complex step'],
      ['central-difference', 'central differences'],
      ['closed-form', 'closed forms'],
    ] as const
  ).map(([method, name]) => {
    const passing = checks.filter((check) => check.method === method && check.expected === 'pass');
    return `${name} ${shownError(Math.max(...passing.map(({ maxRelativeError }) => maxRelativeError)))}`;
  });
  const failed = checks.filter(({ passed }) => !passed).length;
  const controls = checks.filter(({ expected }) => expected === 'fail').length;
  const which = `${checks.length} checks (${controls} of them must fail)`;
  const verdict =
    failed === 0
      ? colour.green.bold(`all ${which} came out as they must`)
      : colour.red.bold(`of ${which} ${failed} did not come out as they must`);
  return [verdict, `worst errors: ${worst.join(', ')}`];
}

/** `A4–A6 B6 E2` of A4, A5, A6, B6, E2. */
export function compressed(ids: readonly string[]): string {
  const parts: string[] = [];
  for (let i = 0; i < ids.length; ) {
    let j = i;
    while (j + 1 < ids.length && follows(ids[j], ids[j + 1])) j++;
    parts.push(j - i > 1 ? `${ids[i]}–${ids[j]}` : ids.slice(i, j + 1).join(' '));
    i = j + 1;
  }
  return parts.join(' ');
}

const follows = (a: string, b: string) =>
  a[0] === b[0] && a.length === 2 && b.length === 2 && Number(b.slice(1)) === Number(a.slice(1)) + 1;
