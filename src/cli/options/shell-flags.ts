/** The flags of every command: how it prints its results. */

import type { Chosen, OptionRows } from '../../options/option-row.ts';
import { SWITCH } from '../../options/values.ts';

/** JSON and colour. */
export const SHELL_FLAGS = {
  json: { belongsTo: 'shell', schema: SWITCH, help: 'print one JSON object instead of text' },
  noColor: { belongsTo: 'shell', schema: SWITCH, help: 'no colour' },
} as const satisfies OptionRows;

export type EnvFlags = Chosen<typeof SHELL_FLAGS>;
