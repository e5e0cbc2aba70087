/** The options that say which samples to train on and how to read them. */

import * as v from 'valibot';
import { decimal, orderedNames } from '../../data/class-names.ts';
import type { OptionRows } from '../option-row.ts';
import { asNumber, SWITCH, text } from '../values.ts';

/** The name of the data set that comes with the program. */
export const MNIST = 'mnist';

const asNumberOrText = (text: string) => (Number.isNaN(decimal(text)) ? text : decimal(text));

const TEST = 'a folder or CSV file, 0, a whole number of samples, or a fraction between 0 and 1';
const LABEL = 'the name of a column, or its number from 1';
const CLASSES = 'two or more names of classes (3,8), each once';
const HELD_OUT = '0, a whole number of samples, or a fraction between 0 and 1';
const MAX_SIDE = 4096;
const SIDE = `a whole number of pixels from 1 to ${MAX_SIDE}`;
const SIZE = `${SIDE}, or ROWSxCOLS`;
const side = (what: string) =>
  v.pipe(v.number(what), v.integer(what), v.minValue(1, what), v.maxValue(MAX_SIDE, what));

/** Which samples, and how they are read. */
export const DATA_ROWS = {
  data: {
    belongsTo: 'data',
    group: 'Most used options',
    value: 'mnist|DIR|FILE.csv',
    schema: text('`mnist`, a folder or a CSV file'),
    byDefault: () => MNIST,
    alsoKnownAs: ['dataset', 'train', 'train-data', 'training-data', 'data-dir', 'input'],
    help: 'MNIST, a folder of IDX files, a folder with a folder of images for each class, or a CSV file',
    file: 'read',
  },
  test: {
    belongsTo: 'data',
    group: 'Most used options',
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
    alsoKnownAs: ['test-data', 'test-set', 'test-size', 'test-split'],
    help: 'test samples: a folder or file, or how many samples (or which fraction) to split off',
    defaultText: 'the test set of the data, if it has one',
    file: 'read',
  },
  labelColumn: {
    belongsTo: 'data',
    group: 'Data',
    value: 'NAME|NUMBER',
    schema: v.pipe(
      v.union([v.string(), v.pipe(v.number(), v.integer(LABEL), v.minValue(1, LABEL))], LABEL),
      v.transform(String),
      v.minLength(1, LABEL),
    ),
    alsoKnownAs: ['target', 'target-column', 'label', 'class-column', 'y'],
    help: 'column of the CSV file that holds the classes',
    defaultText: 'label, class, target or y, else the last',
    dataKinds: ['csv'],
  },
  classes: {
    belongsTo: 'data',
    group: 'Data',
    value: 'NAMES',
    schema: v.pipe(
      v.union([v.string(), v.array(v.union([v.string(), v.number()]))], CLASSES),
      v.transform((names) =>
        typeof names === 'string' ? names.split(',').map((name) => name.trim()) : names,
      ),
      v.transform((names) => names.map(String)),
      v.minLength(2, CLASSES),
      v.check((names) => new Set(names).size === names.length && !names.includes(''), CLASSES),
      // Two runs that differ only in this order are the same run.
      v.transform((names) => orderedNames(names)),
    ),
    separator: ',',
    help: 'use only the samples of these classes: 3,8',
    defaultText: 'all',
  },
  crop: {
    belongsTo: 'data',
    group: 'Data',
    value: 'SIDE',
    fromText: asNumberOrText,
    schema: side(SIDE),
    help: 'crop images to their middle SIDE × SIDE pixels',
    defaultText: 'no crop',
    dataKinds: ['idx', 'images'],
  },
  size: {
    belongsTo: 'data',
    group: 'Data',
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
    help: 'size in pixels to which the images of a folder are resized',
    defaultText: '28x28',
    separator: 'x',
    dataKinds: ['images'],
  },
  invert: {
    belongsTo: 'data',
    group: 'Data',
    value: 'yes|no',
    schema: v.picklist(['yes', 'no'], 'yes or no'),
    help: 'invert the images of a folder',
    defaultText: 'yes if their borders are light',
    dataKinds: ['images'],
  },
  transpose: {
    belongsTo: 'data',
    group: 'Data',
    schema: SWITCH,
    help: 'swap rows and columns of IDX images, as EMNIST needs',
    defaultText: 'no',
    dataKinds: ['idx'],
  },
  /** Part of the training: it chooses the epoch. */
  validation: {
    belongsTo: 'training',
    group: 'Data',
    value: 'N',
    fromText: asNumber,
    schema: v.pipe(
      v.number(HELD_OUT),
      v.minValue(0, HELD_OUT),
      v.check((n) => n < 1 || Number.isInteger(n), HELD_OUT),
    ),
    off: 0,
    byDefault: () => 0,
    alsoKnownAs: ['val', 'valid', 'validation-split', 'val-split', 'dev'],
    help: 'training samples to hold out: how many, or which fraction',
  },
} as const satisfies OptionRows;
