/** What a row of a table of options says, and the types that follow from a table. */

import type * as v from 'valibot';
import type { ActivationName } from '../network/activations.ts';
import type { LossName } from '../network/losses.ts';
import type { OptimizerName } from '../train/optimizers/optimizers.ts';
import type { ScheduleName } from '../train/optimizers/schedules.ts';

/**
 * What an option can belong to, and what follows from it.
 *
 * - `decides`: it decides the trained weights. A model records it; a checkpoint keeps it, and a resumed run must agree.
 * - `inRecipes`: a recipe may set it.
 * - `reported`: the start event reports it.
 */
export const PARTS = {
  data: { decides: true, inRecipes: false, reported: true },
  network: { decides: true, inRecipes: true, reported: true },
  training: { decides: true, inRecipes: true, reported: true },
  /** Which run of the training that the others describe. */
  run: { decides: true, inRecipes: false, reported: true },
  /** How and where this process runs: threads and files. */
  process: { decides: false, inRecipes: false, reported: true },
  page: { decides: false, inRecipes: false, reported: false },
  shell: { decides: false, inRecipes: false, reported: false },
} as const;

export type Part = keyof typeof PARTS;

type PartWith<Fact extends 'decides' | 'inRecipes' | 'reported'> = {
  [P in Part]: (typeof PARTS)[P][Fact] extends true ? P : never;
}[Part];

/** The parts whose options decide the trained weights. */
export type DecidingPart = PartWith<'decides'>;

/** The parts whose options a recipe may set. */
export type RecipePart = PartWith<'inRecipes'>;

/** The groups of `--help`, in their order. */
export const HELP_GROUPS = [
  'Most used options',
  'Data',
  'Network',
  'Training',
  'Regularisation',
  'Distorted images (images only)',
  'Run',
  'Files',
  'Page',
  'Output',
] as const;

/** The kinds of data, by what they are read from. */
export type DataKind = 'idx' | 'csv' | 'images';

/** The chosen options that a rule may ask about, and the number of cores. */
export interface Choices {
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly outputActivation?: ActivationName;
  readonly loss: LossName;
  readonly epochs: number;
  readonly optimizer: OptimizerName;
  readonly momentum?: number;
  readonly schedule: ScheduleName;
  readonly shift?: number;
  readonly rotate?: number;
  readonly zoom?: number;
  readonly elastic?: number;
  readonly seed: number;
  readonly cores: number;
}

/** A row of a table of options; its key is the flag's name in camelCase. */
export interface OptionRow {
  readonly belongsTo: Part;
  /** Where `--help` lists it; `Options` by default. */
  readonly group?: (typeof HELP_GROUPS)[number];
  /** The placeholder of its value; none for a switch. */
  readonly value?: string;
  /** Whether the flag may be repeated; its value is then a list. */
  readonly repeats?: boolean;
  /** Whether the command needs it. */
  readonly required?: boolean;
  /** Whether it is a flag only, and no key of a config file. */
  readonly flagOnly?: boolean;
  /** How the text of a flag becomes the value that the schema checks; text that does not fit stays text. */
  readonly fromText?: (text: string) => unknown;
  readonly schema: v.GenericSchema;
  /** What separates the entries of a list on the command line; only a list has one. */
  readonly separator?: string;
  /** The value that means «off»; it counts as not given, and is left out where there is no default rule. */
  readonly off?: unknown;
  /** The default, which may depend on other options. */
  byDefault?(choices: Choices): unknown;
  readonly help: string;
  /** Its names in other programs, as flags without their dashes: errors suggest it for them. */
  readonly alsoKnownAs?: readonly string[];
  /** Names of its values in other programs, each with the name here. */
  readonly valuesAlsoKnownAs?: Readonly<Record<string, string>>;
  /** The default as `--help` shows it, where it is not one value. */
  readonly defaultText?: string;
  /** Options of which it needs one. */
  readonly needs?: { readonly anyOf: readonly string[]; readonly because: string };
  /** Options that it does not go with. */
  readonly excludes?: readonly { readonly option: string; readonly because: string }[];
  /** The values of another option that it goes with. */
  readonly onlyWith?: { readonly option: keyof Choices; readonly values: readonly string[] };
  /** What else is wrong with a value beside the others: the end of a message, after the flag. */
  check?(value: unknown, choices: Choices): string | undefined;
  /** The kinds of data that it applies to; all by default. */
  readonly dataKinds?: readonly DataKind[];
  /** Options for whose values a recipe chooses it: the recipe's value is dropped beside other values of them. */
  chosenFor?(choices: Choices): readonly string[];
  /** Whether it names a file or folder that is read or written. */
  readonly file?: 'read' | 'written';
  /** Whether a resumed run goes on with it, though it decides no weights. */
  readonly staysOnResume?: boolean;
  /** Whether what it says is seen in the layers of a network. */
  readonly seenInLayers?: boolean;
}

/** A table of options. */
export type OptionRows = Readonly<Record<string, OptionRow>>;

/** The value of an option. */
type Value<Row extends OptionRow> = v.InferOutput<Row['schema']>;

/** What is given of the options of a table: the values are checked, and what is not given is absent. */
export type Given<Rows extends OptionRows> = {
  -readonly [K in keyof Rows as Rows[K] extends { required: true } ? never : K]?: Value<Rows[K]>;
} & { -readonly [K in keyof Rows as Rows[K] extends { required: true } ? K : never]: Value<Rows[K]> };

/** Whether an option always has a value. */
type HasValue<Row extends OptionRow> = Row extends { required: true }
  ? true
  : Row extends { byDefault: (choices: never) => infer Default }
    ? undefined extends Default
      ? false
      : true
    : false;

/** All options of a table, every default chosen. */
export type Chosen<Rows extends OptionRows> = {
  -readonly [K in keyof Rows as HasValue<Rows[K]> extends true ? K : never]: Value<Rows[K]>;
} & { -readonly [K in keyof Rows as HasValue<Rows[K]> extends true ? never : K]?: Value<Rows[K]> };

/** The rows that belong to some parts. */
export type RowsOf<Rows extends OptionRows, P extends Part> = {
  [K in keyof Rows as Rows[K]['belongsTo'] extends P ? K : never]: Rows[K];
};

/** The rows of a table as a list. */
export const rowsOf = (rows: OptionRows): [key: string, row: OptionRow][] => Object.entries(rows);

/** The rows of a table for which something holds. */
export function keysWhere<Rows extends OptionRows>(
  rows: Rows,
  holds: (row: OptionRow) => boolean,
): (keyof Rows & string)[] {
  return Object.keys(rows).filter((key) => holds(rows[key]));
}

/** `learningRate` to `--learning-rate`. */
export const flagOf = (key: string) =>
  `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** An option as it is typed: `--size 28x28`, `--transpose`, `no --patience`. */
export function typed(rows: OptionRows, key: string, value: unknown): string {
  if (value === undefined || value === false) return `no ${flagOf(key)}`;
  return value === true ? flagOf(key) : `${flagOf(key)} ${textOf(rows, key, value)}`;
}

/** The value of an option as it is typed. */
export function textOf(rows: OptionRows, key: string, value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.length === 0 ? 'none' : value.join(rows[key]?.separator ?? ',');
}
