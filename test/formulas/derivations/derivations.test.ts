/** The derivations: complete, every line right and equal to the one before, and none that could be otherwise. */

import { describe, expect, test } from 'vitest';
import { NetPool } from '../../../src/check/derivation/derivation.ts';
import { checkLines, passes } from '../../../src/check/derivation/lines.ts';
import { noteNet } from '../../../src/check/note-nets/note-nets.ts';
import type { Derivation } from '../../../src/formulas/derivations/derivation.ts';
import { DERIVATIONS } from '../../../src/formulas/derivations/derivations.ts';
import { EquationError } from '../../../src/formulas/language/errors.ts';
import { parseEquation } from '../../../src/formulas/language/parser.ts';
import { FORMULAS } from '../../../src/formulas/registry.ts';
import {
  type StatementMutant,
  statementMutants,
  whyEquivalent,
} from '../../check/formulas/statement-mutants.ts';
import { SOAK } from '../../support/soak.ts';

const equations = (chain: Derivation['chains'][number]) => chain.map(({ equation }) => equation);

/** The lines of a formula that are derivatives. */
const gradientsOf = ({ net, latex }: (typeof FORMULAS)[number]) =>
  net === undefined ? [] : latex.filter((line) => parseEquation(line, noteNet(net)).left.kind !== 'value');

describe('completeness', () => {
  test('every formula that states a derivative on a network has a derivation that has all of its derivatives', () => {
    const stating = FORMULAS.filter((of) => gradientsOf(of).length > 0);
    expect(stating.length).toBeGreaterThan(35);
    for (const of of stating) {
      const derivation = DERIVATIONS.find(({ id }) => id === of.id);
      const lines = derivation?.chains.flatMap(equations) ?? [];
      for (const line of gradientsOf(of)) expect(lines.map(spaceless), of.id).toContain(spaceless(line));
    }
  });

  test('each is there once, begins with a whole equation, and every line has its rule', () => {
    expect(new Set(DERIVATIONS.map(({ id }) => id)).size).toBe(DERIVATIONS.length);
    for (const { id, chains } of DERIVATIONS) {
      for (const chain of chains) {
        expect(chain[0].latex, id).toBe(chain[0].equation);
        expect(chain[0].unicode, id).not.toMatch(/^=/);
        for (const { rule, unicode } of chain) {
          expect(rule, id).toMatch(/^\S.*[^.\s]$/);
          expect(unicode, id).not.toContain('\\');
        }
      }
    }
  });
});

const spaceless = (line: string) => line.replaceAll(/\s/g, '');

describe.each(DERIVATIONS.map((of) => [of.id, of] as const))('%s', (_, of) => {
  const pool = new NetPool();
  const open = of.net === 'D' && of.activation === undefined ? (['sigmoid', 'tanh', 'relu'] as const) : [];
  const activations = open.length > 0 ? open : [of.activation];

  test('every line has the exact values, and those of the line before', () => {
    for (const activation of activations) {
      for (const chain of of.chains) {
        const checks = checkLines(equations(chain), of.net, {
          draws: 3,
          pool,
          ...(activation && { activation }),
        });
        expect(checks.slice(1).every(({ step }) => step !== null)).toBe(true);
        expect(chain.filter((_, k) => !passes(checks[k])).map(({ unicode }) => unicode)).toEqual([]);
      }
    }
  });

  test('whoever changes a token of a line so that its value changes, breaks it', () => {
    // None that the notation has a name for, which a changed φ may become.
    const activation = of.activation ?? (open.length > 0 ? 'softplus' : undefined);
    const net = pool.net(of.net, { ...(activation && { activation }) });
    const names = [
      ...net.tensorNames,
      ...net.numberNames.filter((name) => name.length === 1 && name !== 'C'),
    ];
    const survivors: string[] = [];
    for (const { equation } of of.chains.flat()) {
      // Another left side is another question, to which the right side may be the answer too.
      const mutants = statementMutants(equation, names).filter(({ at }) => at > equation.indexOf('='));
      const tried = SOAK ? mutants : spread(mutants, MUTANTS);
      const alive = tried.filter(({ line }) => survives(line, of, activation, pool));
      expect(alive.length, equation).toBeLessThan(tried.length);
      for (const mutant of alive) {
        if (whyEquivalent(of.net, mutant) !== undefined || isEquivalent(mutant)) continue;
        survivors.push(`${mutant.line}: ${mutant.from} → ${mutant.to}`);
      }
    }
    expect(survivors).toEqual([]);
  });
});

/** How many mutants of each line are tried; all of them when soaking. */
const MUTANTS = 3;

const spread = <T>(all: readonly T[], count: number): T[] =>
  all.filter((_, k) => Math.floor((k * count) / all.length) !== Math.floor(((k - 1) * count) / all.length));

/** Whether a mutant of a derivation has the value of its line, beside the reasons that statements have. */
const isEquivalent = (mutant: StatementMutant): boolean =>
  meetsDelta(mutant) || ADDS_UP_TO_1.includes(swap(mutant)) || MASKS_ONCE.includes(swap(mutant));

const swap = ({ from, to }: StatementMutant) => `${from} ${to}`;

/** Labels and probabilities, which both add up to 1 over the classes. */
const ADDS_UP_TO_1 = ['L S', 'y p', 'y P'];

/** What a ReLU gives and what it is given: its mask is 1 for both where it is 1, and masking twice masks once. */
const MASKS_ONCE = ['z H', 'g H', 'z C', 'Z X'];

/** Whether an index became one that is equal to it wherever a δ or a Jacobian of the line is not 0. */
const meetsDelta = ({ line, from, to }: StatementMutant): boolean =>
  /\\delta_\{|\\frac\{\\partial (?!L_?n?\})/.test(line) &&
  [from, to].every((token) => /^[ijklmnqr]+$/.test(token));

function survives(
  line: string,
  of: Derivation,
  activation: Derivation['activation'],
  pool: NetPool,
): boolean {
  try {
    return checkLines([line], of.net, { draws: 3, pool, ...(activation && { activation }) }).every(passes);
  } catch (error) {
    if (error instanceof EquationError) return false;
    throw error;
  }
}
