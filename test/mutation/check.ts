/** One check of the battery. */

import type { Finding } from './finding.ts';
import type { Program } from './linker.ts';

/** A check of a program, against the correct program where the check needs to know the correct result. */
export interface Check {
  readonly name: string;
  run(program: Program, right: Program): readonly Finding[];
}
