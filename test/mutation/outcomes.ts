/** All trials: what every mutant came to, and which of them need a person. */

import { EQUIVALENTS } from './equivalents.ts';
import type { Linker } from './linker.ts';
import { type Cell, semanticCells } from './semantic-mutants.ts';
import { sourceMutants } from './source-mutants.ts';
import { attempt, type Trial } from './trial.ts';

/** What all mutants came to. */
export interface Outcomes {
  /** Of the source mutants. */
  readonly trials: readonly Trial[];
  /** Of the semantic mutants. */
  readonly cells: readonly Cell[];
  /** Source and semantic mutants that no check tells from the right program, and that are not listed as equivalent. */
  readonly survivors: readonly string[];
  /** What is listed as equivalent and is not there, is found out, or is listed twice. */
  readonly stale: readonly string[];
}

/** Runs every mutant. */
export function runAll(linker: Linker): Outcomes {
  const trials = sourceMutants((file) => linker.read(file)).map((mutant) => attempt(linker, mutant));
  const cells = semanticCells(linker);
  const listed = EQUIVALENTS.flatMap(({ keys }) => keys);
  const survived = trials.filter(({ outcome }) => outcome === 'survived').map(({ mutant }) => mutant.key);
  const wrong = cells.filter(({ outcome }) => outcome === 'survived');
  const place = ({ fault, site, where }: Cell) => `${fault}: ${site}, ${where}`;
  return {
    trials,
    cells,
    survivors: [
      ...survived.filter((key) => !listed.includes(key)),
      ...wrong.filter(({ reason }) => reason === '').map(place),
    ],
    stale: [
      ...listed.filter((key, i) => !survived.includes(key) || listed.indexOf(key) !== i),
      ...wrong.filter(({ reason }) => reason !== '').map(place),
    ],
  };
}
