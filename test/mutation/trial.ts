/** Trials: a source mutant against the battery. */

import { BATTERY } from './battery.ts';
import type { Check } from './check.ts';
import { EndlessLoop, type Linker, type Program } from './linker.ts';
import type { SourceMutant } from './source-mutants.ts';

/** How a mutant ended: found out by a check, by an exception, by a loop without end, never a program, or not at all. */
export type Outcome = 'check' | 'exception' | 'endless loop' | 'stillborn' | 'survived';

/** A mutant and what became of it. */
export interface Trial {
  readonly mutant: SourceMutant;
  readonly outcome: Outcome;
  /** The check that found it out. */
  readonly by: string;
}

/** Rounds of loops that a check may make: more than ten times what any makes of the right program. */
export const ROUNDS = 1_500_000;

/** Runs the battery until a check fails; what does not compile is stillborn. */
export function attempt(linker: Linker, mutant: SourceMutant): Trial {
  let program: Program;
  try {
    program = linker.link(mutant.file, mutant.source);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { mutant, outcome: 'stillborn', by: '' };
  }
  for (const check of BATTERY) {
    const outcome = judge(linker, program, check);
    if (outcome !== 'survived') return { mutant, outcome, by: check.name };
  }
  return { mutant, outcome: 'survived', by: '' };
}

/** One check: `survived` if all that it looks at is right. */
export function judge(linker: Linker, program: Program, check: Check): Outcome {
  try {
    const findings = linker.run(ROUNDS, () => check.run(program, linker.right));
    return findings.every(({ passed }) => passed) ? 'survived' : 'check';
  } catch (error) {
    if (error instanceof EndlessLoop) return 'endless loop';
    return error instanceof ReferenceError ? 'stillborn' : 'exception';
  }
}
