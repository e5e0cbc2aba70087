/** The options that say which samples to train on and how to read them. */

import * as v from 'valibot';
import { decimal, orderedNames } from '../data/class-names.ts';
import type { OptionRow } from './train-option-table.ts';

const asText = (text: string) => text;
const asNumberOrText = (text: string) => (Number.isNaN(decimal(text)) ? text : decimal(text));

const TEST = 'a folder or CSV file, 0, a whole number of samples, or a fraction between 0 and 1';
const LABEL = 'the name of a column, or its number from 1';
const CLASSES = 'two or more names of classes (3,8), each once';
const MAX_SIDE = 4096;
const SIDE = `a whole number of pixels from 1 to ${MAX_SIDE}`;
const SIZE = `${SIDE}, or ROWSxCOLS`;
const side = (what: string) =>
  v.pipe(v.number(what), v.integer(what), v.minValue(1, what), v.maxValue(MAX_SIDE, what));

/** Rows of the table of options of `train`. */
export const DATA_OPTIONS = {
  test: {
    value: 'DIR|FILE.csv|N',
    fromText: asNumberOrText,
    schema: v.union(
      [
        v.pipe(v.string(), v.minLength(1, TEST)),
        v.pipe(
          v.number(),
          v.minValue(0, TEST),
          v.check((n) => n < 1 || Number.isInteger(n), TEST),
        ),
      ],
      TEST,
    ),
    help: 'test samples: a folder or file, or how many or which fraction to split off',
    defaultText: "the data's own, if any",
  },
  labelColumn: {
    value: 'NAME|NUMBER',
    fromText: asText,
    schema: v.pipe(
      v.union([v.string(), v.pipe(v.number(), v.integer(LABEL), v.minValue(1, LABEL))], LABEL),
      v.transform(String),
      v.minLength(1, LABEL),
    ),
    help: 'column of a CSV file with the classes',
    defaultText: 'label, class, target or y, else the last',
  },
  classes: {
    value: 'NAMES',
    fromText: asText,
    schema: v.pipe(
      v.union([v.string(), v.array(v.union([v.string(), v.number()]))], CLASSES),
      v.transform((names) =>
        typeof names === 'string' ? names.split(',').map((name) => name.trim()) : names,
      ),
      v.transform((names) => names.map(String)),
      v.minLength(2, CLASSES),
      v.check((names) => new Set(names).size === names.length && !names.includes(''), CLASSES),
      // Their order means nothing, so that it must not tell one run from another.
      v.transform((names) => orderedNames(names)),
    ),
    help: 'keep the samples of these classes alone: 3,8',
    defaultText: 'all',
  },
  crop: {
    value: 'SIDE',
    fromText: asNumberOrText,
    schema: side(SIDE),
    help: 'cut images to their middle SIDE × SIDE pixels',
    defaultText: 'no cut',
  },
  size: {
    value: 'ROWSxCOLS',
    fromText: asNumberOrText,
    schema: v.pipe(
      v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+x\d+$/, SIZE)), v.array(v.number())], SIZE),
      v.transform((size) => {
        if (typeof size === 'number') return [size, size];
        return typeof size === 'string' ? size.split('x').map(Number) : size;
      }),
      v.tuple([side(SIZE), side(SIZE)]),
    ),
    help: 'pixels that the images of a folder are resized to',
    defaultText: '28x28',
  },
  invert: {
    value: 'yes|no',
    fromText: asText,
    schema: v.picklist(['yes', 'no'], 'yes or no'),
    help: 'whether to make dark light in a folder of images',
    defaultText: 'yes if their rims are light',
  },
  transpose: {
    schema: v.boolean('true or false'),
    help: "rows for columns in IDX images, as EMNIST's need",
    defaultText: 'no',
  },
} as const satisfies Record<string, OptionRow>;

/** Which samples, and how they are read; absent is the default. */
export type DataOptions = {
  -readonly [K in keyof typeof DATA_OPTIONS]?: v.InferOutput<(typeof DATA_OPTIONS)[K]['schema']>;
};

/** Those of the options that were given. */
export function dataOptions(given: DataOptions): DataOptions {
  const keys = Object.keys(DATA_OPTIONS) as (keyof DataOptions)[];
  return Object.fromEntries(keys.filter((key) => given[key] !== undefined).map((key) => [key, given[key]]));
}
