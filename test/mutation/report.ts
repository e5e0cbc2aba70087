/** The mutation report: the outcome of every mutant, in Markdown. */

import { EQUIVALENTS } from './equivalents.ts';
import { FAULTS } from './faults.ts';
import { NETWORK_FAULTS } from './network-faults.ts';
import { OPERATORS } from './operators.ts';
import type { Outcomes } from './outcomes.ts';
import { type Cell, type Kill, NETWORKS } from './semantic-mutants.ts';
import { SITES } from './sites.ts';
import { MUTATED_FILES } from './sources.ts';
import type { Trial } from './trial.ts';

const INTRODUCTION = `# Mutation

Is a wrong gradient found out? Each mutant below is the program with one mistake in it, and each is run through checks
that the right program passes. A mutant is killed where a check fails, an exception is thrown or a loop has no end. One
that computes the same function is equivalent, and is listed with the reason. Any other is a survivor: a missing test.
`;

const SOURCE = `## Source mutants

Every function of the built JavaScript that takes part in a backward is changed in every way that the operators know:
no mutant is picked by hand. Left out, each with its reason in \`test/mutation/sources.ts\`, are constructors, checks of
arguments, and the forward operations, which \`test/kernels\` compares with naive computations. What is no JavaScript, or
reads a variable before it has a value, is stillborn and does not count.

The battery: gradient checks by the complex step of the layers, the losses, the L2 term and networks of up to four dense
layers, on dense and on sparse inputs, on short batches in matrices with rows to spare, each just after a step on a
longer batch; the values at the kinks, by equality (φ′(0) = 0, and no gradient at a margin of exactly 0); the digits of
δ where p is near y; products by ranges of columns; rows that are not in use; the forward of the right program, and what
it tells an observer; refusals. No gradient is compared with that of the right program.
`;

const SEMANTIC = `## Semantic mutants

The mistakes of derivations, at each operation of a backward. Each is checked twice: alone, in its layer, loss or term,
and in depth, in a network of four dense layers in which every use of the operation has it. Both witnesses, the complex
step and central differences, must reject it. A number is the relative error that the complex step finds, of the tensor
named beside it if that is not the site's own; \`=\` marks an equivalent, a letter what does not apply.
`;

/** The whole report. */
export function report(outcomes: Outcomes): string {
  const { trials, cells, survivors } = outcomes;
  const letters = lettersOf(cells);
  const bySite = SITES.map(({ name }) => name);
  const networks = NETWORKS.map(({ activation, loss }) => `${activation}, ${loss}`);
  return [
    INTRODUCTION,
    survivors.length === 0 ? 'Survivors: none.\n' : `Survivors:\n\n${list(survivors)}`,
    SOURCE,
    counts(
      'file',
      MUTATED_FILES.map(({ file }) => file),
      trials,
      ({ mutant }) => mutant.file,
    ),
    counts('operator', Object.keys(OPERATORS), trials, ({ mutant }) => mutant.operator),
    '### Which check finds them\n\nThe first in the order of the battery.\n',
    killers(trials),
    '### Equivalent\n',
    ...EQUIVALENTS.map(({ reason, keys }) => `${reason}\n\n${list(keys.map((key) => `\`${key}\``))}`),
    SEMANTIC,
    ...(['alone', 'in depth'] as const).flatMap((where) => [
      `### ${where === 'alone' ? 'Alone' : 'In depth'}\n`,
      grid(
        'mistake',
        bySite,
        FAULTS.map(({ name }) => name),
        cells.filter((cell) => cell.where === where),
        letters,
      ),
    ]),
    '### The recursion itself\n\nNetworks of four dense layers of one width, by activation and loss.\n',
    grid(
      'mistake',
      networks,
      NETWORK_FAULTS.map(({ name }) => name),
      cells,
      letters,
    ),
    '### What does not apply\n',
    list([...letters].map(([reason, letter]) => `${letter}: ${reason}`)),
    '### Equivalent mistakes\n',
    list(equivalentCells(cells)),
  ].join('\n');
}

const list = (items: readonly string[]) => items.map((item) => `- ${item}\n`).join('');

const row = (...cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |\n`;

function counts(
  what: string,
  names: readonly string[],
  trials: readonly Trial[],
  nameOf: (trial: Trial) => string,
): string {
  const line = (name: string, some: readonly Trial[]) => {
    const count = (outcome: Trial['outcome']) => some.filter((trial) => trial.outcome === outcome).length;
    const alive = some.length - count('stillborn');
    const killed = [count('check'), count('exception'), count('endless loop')];
    return row(name, alive, ...killed, count('survived'), count('stillborn'));
  };
  return [
    row(what, 'mutants', 'killed by a check', 'by an exception', 'in a loop', 'equivalent', 'stillborn'),
    row('---', ...Array(6).fill('---:')),
    ...names.map((name) =>
      line(
        name,
        trials.filter((trial) => nameOf(trial) === name),
      ),
    ),
    line('all', trials),
  ].join('');
}

function killers(trials: readonly Trial[]): string {
  const killed = new Map<string, number>();
  for (const { outcome, by } of trials) {
    if (outcome !== 'survived' && outcome !== 'stillborn') killed.set(by, (killed.get(by) ?? 0) + 1);
  }
  const rows = [...killed].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return [row('check', 'mutants'), row('---', '---:'), ...rows.map(([name, count]) => row(name, count))].join(
    '',
  );
}

/** A letter for each reason why a fault does not apply. */
function lettersOf(cells: readonly Cell[]): Map<string, string> {
  const reasons = new Set(
    cells.filter(({ outcome }) => outcome === 'not applicable').map(({ reason }) => reason),
  );
  return new Map([...reasons].map((reason, k) => [reason, String.fromCharCode(97 + k)]));
}

function grid(
  what: string,
  columns: readonly string[],
  faults: readonly string[],
  cells: readonly Cell[],
  letters: ReadonlyMap<string, string>,
): string {
  const text = (fault: string, site: string) => {
    const cell = cells.find((candidate) => candidate.fault === fault && candidate.site === site);
    if (cell === undefined || cell.outcome === 'survived') return 'survived';
    if (cell.outcome === 'not applicable') return letters.get(cell.reason) as string;
    return cell.outcome === 'equivalent' ? '=' : killText(cell);
  };
  return [
    row(what, ...columns),
    row('---', ...columns.map(() => '---')),
    ...faults.map((fault) => row(fault, ...columns.map((site) => text(fault, site)))),
  ].join('');
}

/** The tensor that a site's check is about: not named in the table. */
const OWN: Readonly<Record<string, string>> = { 'Dense ∂L/∂W': 'dW1', 'Dense ∂L/∂b': 'db1', L2: 'dW1' };

function killText({ site, where, kills }: Cell): string {
  const { what, error } = kills['complex-step'] as Kill;
  const size = error < 10 ? error.toPrecision(2) : `${Number(error.toPrecision(2))}`.replace('Infinity', '∞');
  return where === 'alone' && what === (OWN[site] ?? 'dx') ? size : `${size} ${what}`;
}

function equivalentCells(cells: readonly Cell[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { fault, site, where, outcome, reason } of cells) {
    if (outcome !== 'equivalent') continue;
    const name = `${fault} (${where}): ${reason}`;
    groups.set(name, [...(groups.get(name) ?? []), site]);
  }
  return [...groups].map(([name, sites]) => `${name} — ${sites.join('; ')}`);
}
