/** The files that `mlp train` writes: none may be another one's, or one that it reads. */

import { resolve } from 'node:path';
import type { Values } from '../../options/complete-options.ts';
import { UsageError } from '../../options/errors.ts';
import { flagOf, type OptionRows, rowsOf } from '../../options/option-row.ts';
import { MNIST } from '../../options/rows/data-rows.ts';

/** The files that the options name to be read. */
export const filesRead = (rows: OptionRows, options: Values): string[] =>
  rowsOf(rows)
    .filter(([, { file }]) => file === 'read')
    .map(([key]) => options[key])
    .filter((path) => typeof path === 'string' && path !== MNIST) as string[];

/** @throws UsageError if a file that is written is one of the others */
export function requireOtherFiles(rows: OptionRows, options: Values): void {
  const flags = new Map<string, string>();
  // What is read comes first: it may be read twice, as the same samples to train and to test on.
  for (const kind of ['read', 'written'] as const) {
    for (const [key] of rowsOf(rows).filter(([, { file }]) => file === kind)) {
      const path = options[key];
      if (typeof path !== 'string' || path === MNIST) continue;
      const other = flags.get(resolve(path));
      if (other !== undefined && kind === 'written') {
        throw new UsageError(`${flagOf(key)}: expected another file than ${other}, got ${path}`);
      }
      flags.set(resolve(path), flagOf(key));
    }
  }
}
