/** All trials: what every mutant came to, and which of them need a person. */

import { EQUIVALENTS } from './equivalents.ts';
import type { Linker } from './linker.ts';
import { type Cell, semanticCells } from './semantic-mutants.ts';
import { type SourceMutant, sourceMutants } from './source-mutants.ts';
import { attempt, type Trial } from './trial.ts';

/** What all mutants came to. */
export interface Outcomes {
  /** How many source mutants there are, tried or not. */
  readonly sourceMutants: number;
  /** Of the source mutants that were tried. */
  readonly trials: readonly Trial[];
  /** Of the semantic mutants. */
  readonly cells: readonly Cell[];
  /** Source and semantic mutants that no check tells from the right program, and that are not listed as equivalent. */
  readonly survivors: readonly string[];
  /** What is listed as equivalent and is not there, is found out, or is listed twice. */
  readonly stale: readonly string[];
}

/** Runs every mutant, or of the source mutants of each function the first and every nth after it. */
export function runAll(linker: Linker, nth = 1): Outcomes {
  const mutants = sourceMutants((file) => linker.read(file));
  const firsts = new Map(mutants.map(({ name }, i) => [name, i] as const).reverse());
  const isTried = ({ name }: SourceMutant, i: number) => (i - (firsts.get(name) ?? 0)) % nth === 0;
  const trials = mutants.filter(isTried).map((mutant) => attempt(linker, mutant));
  const untried = new Set(mutants.filter((mutant, i) => !isTried(mutant, i)).map(({ key }) => key));
  const cells = semanticCells(linker);
  const listed = EQUIVALENTS.flatMap(({ keys }) => keys);
  const survived = trials.filter(({ outcome }) => outcome === 'survived').map(({ mutant }) => mutant.key);
  const wrong = cells.filter(({ outcome }) => outcome === 'survived');
  const place = ({ fault, site, where }: Cell) => `${fault}: ${site}, ${where}`;
  return {
    sourceMutants: mutants.length,
    trials,
    cells,
    survivors: [
      ...survived.filter((key) => !listed.includes(key)),
      ...wrong.filter(({ reason }) => reason === '').map(place),
    ],
    stale: [
      ...listed.filter(
        (key, i) => !(survived.includes(key) || untried.has(key)) || listed.indexOf(key) !== i,
      ),
      ...wrong.filter(({ reason }) => reason !== '').map(place),
    ],
  };
}
