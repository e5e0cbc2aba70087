/** The flags of the commands that check gradients and derivations. */

import * as v from 'valibot';
import { TOLERANCE } from '../../check/gradients/gradient-check.ts';
import { NOTE_NETS } from '../../check/note-nets/note-nets.ts';
import { ACTIVATION_NAMES } from '../../network/activations.ts';
import type { Chosen, OptionRows } from '../../options/option-row.ts';
import { RUN_ROWS } from '../../options/rows/run-rows.ts';
import { aboveZeroUpTo, asNumber, oneOf, SWITCH, wholeNumber } from '../../options/values.ts';
import { SHELL_FLAGS } from './shell-flags.ts';

/** What the check of a module may use where its flags are not given. */
export const MODULE_LIMITS = { seconds: 300, megabytes: 2000 } as const;

const BELOW_1 = 'a number between 0 and 1';

const seed = {
  belongsTo: 'run',
  value: RUN_ROWS.seed.value,
  fromText: RUN_ROWS.seed.fromText,
  schema: RUN_ROWS.seed.schema,
  byDefault: RUN_ROWS.seed.byDefault,
} as const;

export const GRADCHECK_FLAGS = {
  seed: { ...seed, help: 'seed of the random numbers' },
  tolerance: {
    belongsTo: 'run',
    value: 'ERROR',
    fromText: asNumber,
    schema: v.pipe(v.number(BELOW_1), v.gtValue(0, BELOW_1), v.ltValue(1, BELOW_1)),
    help: 'the largest relative error of MODULE that passes',
    defaultText: TOLERANCE['central-difference'].toExponential(),
  },
  timeLimit: {
    belongsTo: 'run',
    value: 'SECONDS',
    fromText: asNumber,
    schema: aboveZeroUpTo(86_400),
    help: 'how long the check of MODULE may run',
    defaultText: String(MODULE_LIMITS.seconds),
  },
  memoryLimit: {
    belongsTo: 'run',
    value: 'MEGABYTES',
    fromText: asNumber,
    schema: wholeNumber(100, 1_000_000),
    help: 'how much memory the check of MODULE may use',
    defaultText: String(MODULE_LIMITS.megabytes),
  },
  ...SHELL_FLAGS,
} as const satisfies OptionRows;
export type GradcheckFlags = Chosen<typeof GRADCHECK_FLAGS>;

export const DERIVATION_FLAGS = {
  net: {
    belongsTo: 'network',
    value: 'NAME',
    // In any case of letters.
    fromText: (text: string) => NOTE_NETS.find((net) => net.toLowerCase() === text.toLowerCase()) ?? text,
    schema: oneOf(NOTE_NETS),
    help: `network of the notes: ${NOTE_NETS.join(', ')}`,
  },
  expr: {
    belongsTo: 'run',
    value: 'EQUATION',
    repeats: true,
    schema: v.array(v.string()),
    help: 'an equation LEFT = RIGHT; may be given several times',
  },
  activation: {
    belongsTo: 'network',
    value: 'NAME',
    schema: oneOf(ACTIVATION_NAMES),
    help: `φ of net D: ${ACTIVATION_NAMES.join(', ')}`,
    defaultText: 'sigmoid',
  },
  seed: { ...seed, help: 'seed of the numbers to try' },
  symbols: {
    belongsTo: 'shell',
    schema: SWITCH,
    help: 'list the letters of --net, their shapes and what may be on the left of an equation',
  },
  ...SHELL_FLAGS,
} as const satisfies OptionRows;
export type DerivationFlags = Chosen<typeof DERIVATION_FLAGS>;

export const DERIVE_FLAGS = {
  latex: { belongsTo: 'shell', schema: SWITCH, help: 'print the lines in LaTeX' },
  seed: { ...seed, help: 'seed of the numbers to try' },
  ...SHELL_FLAGS,
} as const satisfies OptionRows;
export type DeriveFlags = Chosen<typeof DERIVE_FLAGS>;
