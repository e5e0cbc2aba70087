/** Whoever changes one token of a statement of the registry, so that its value changes, fails its check. */

import { expect, test } from 'vitest';
import { NetPool } from '../../../src/check/derivation/derivation.ts';
import { sidesFit, sidesOf } from '../../../src/check/derivation/sides.ts';
import { isWrittenUpdate, writtenError } from '../../../src/check/formulas/written-updates.ts';
import { relativeError } from '../../../src/check/gradients/derivative.ts';
import type { Formula, NoteNet } from '../../../src/formulas/formula.ts';
import { EquationError, ShapeError } from '../../../src/formulas/language/errors.ts';
import { parseEquation } from '../../../src/formulas/language/parser.ts';
import { FORMULAS } from '../../../src/formulas/registry.ts';
import { SOAK } from '../../support/soak.ts';
import { type StatementMutant, statementMutants, whyEquivalent } from './statement-mutants.ts';

/** One mutant in so many is tried; all of them when soaking. */
const EVERY = SOAK ? 1 : 16;

const evaluated = FORMULAS.filter(({ net }) => net !== undefined);

test.each(evaluated.map((of) => [of.id, of] as const))('%s', (_, of) => {
  const { tried, survivors } = survivorsOf(of);
  expect(tried).toBeGreaterThan(0);
  expect(survivors.filter((mutant) => whyEquivalent(of.net as NoteNet, mutant) === undefined)).toEqual([]);
});

const updates = FORMULAS.filter(({ id }) => isWrittenUpdate(id));

test.each(updates.map((of) => [of.id, of] as const))('%s, an update', (_, { id, latex }) => {
  const names = ['w', 'g', 'v', 's', 'm', 't', 'f', 'T', 'E', 'U'];
  const survivors = latex.flatMap((line, k) =>
    statementMutants(line, names).filter((mutant) => {
      try {
        return writtenError({ id, latex: latex.with(k, mutant.line) }, 1) <= 1e-12;
      } catch (error) {
        if (error instanceof EquationError || error instanceof ShapeError) return false;
        throw error;
      }
    }),
  );
  expect(survivors.filter((mutant) => whyEquivalent(undefined, mutant) === undefined)).toEqual([]);
});

test('there are as many mutants as make the test worth something', () => {
  const count = evaluated.reduce((sum, of) => sum + mutantsOf(of).length, 0);
  expect(count).toBeGreaterThan(10_000);
});

function mutantsOf({ net, latex, activation }: Formula): StatementMutant[] {
  const letters = new NetPool().net(net as NoteNet, { ...(activation && { activation }) });
  const names = [
    ...letters.tensorNames,
    ...letters.numberNames.filter((name) => name.length === 1 && name !== 'C'),
  ];
  return latex.flatMap((line) => statementMutants(line, names));
}

function survivorsOf(of: Formula): { tried: number; survivors: StatementMutant[] } {
  const net = of.net as NoteNet;
  const pool = new NetPool();
  const own = of.activation && { activation: of.activation };
  const open = net === 'D' && own === undefined ? (['tanh', 'relu', 'identity'] as const) : [undefined];
  // As the formula's own check: several draws and sizes, each φ, and one draw at the kinks, where > and ≥ differ.
  const nets = [
    ...open.map((activation) => pool.net(net, { seed: 1, ...(activation ? { activation } : own) })),
    ...[1, 2, 3, 4, 5, 6, 7].map((k) => pool.net(net, { seed: 1 + k, sizes: k, ...own })),
    pool.net(net, { seed: 1, atKink: true, ...own }),
  ];
  const survives = ({ line }: StatementMutant): boolean => {
    try {
      const equation = parseEquation(line, nets[0]);
      return nets.every((drawn) => {
        if (!sidesFit(equation, equation.right, drawn)) return false;
        const { analytic, exact } = sidesOf(equation, equation.right, drawn);
        return relativeError(analytic.values, exact.values) <= 1e-12;
      });
    } catch (error) {
      if (error instanceof EquationError || error instanceof ShapeError) return false;
      throw error;
    }
  };
  const tried = mutantsOf(of).filter((_, k) => k % EVERY === 0);
  return { tried: tried.length, survivors: tried.filter(survives) };
}
