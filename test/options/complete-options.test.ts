/** Tables of options: their rows refer to options that exist, and every default is one that the row accepts. */

import * as v from 'valibot';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { DERIVATION_FLAGS, GRADCHECK_FLAGS } from '../../src/cli/options/check-flags.ts';
import {
  EVAL_FLAGS,
  EXPLAIN_FLAGS,
  EXPORT_FLAGS,
  INSPECT_FLAGS,
  PREDICT_FLAGS,
  UI_FLAGS,
} from '../../src/cli/options/model-flags.ts';
import { TRAIN_FLAGS } from '../../src/cli/options/train-flags.ts';
import { completeOptions } from '../../src/options/complete-options.ts';
import { type Choices, keysWhere, type OptionRows, PARTS, rowsOf } from '../../src/options/option-row.ts';
import { optionsFromFlags, optionsFromJson } from '../../src/options/read-options.ts';
import { TRAIN_OPTIONS, type TrainOptions } from '../../src/options/train-options.ts';

const TABLES: Record<string, OptionRows> = {
  ...{ train: TRAIN_FLAGS, eval: EVAL_FLAGS, predict: PREDICT_FLAGS, inspect: INSPECT_FLAGS },
  ...{ explain: EXPLAIN_FLAGS, export: EXPORT_FLAGS, ui: UI_FLAGS },
  ...{ gradcheck: GRADCHECK_FLAGS, 'check-derivation': DERIVATION_FLAGS },
};

describe.each(Object.entries(TABLES))('the table of %s', (_, rows) => {
  test('refers to its own options alone', () => {
    const known = Object.keys(rows);
    const choices = { optimizer: 'sgd', loss: 'svm', activation: 'relu', schedule: 'constant' } as const;
    for (const [key, { needs, excludes = [], onlyWith, chosenFor }] of rowsOf(rows)) {
      const named = [
        ...(needs?.anyOf ?? []),
        ...excludes.map(({ option }) => option),
        ...(onlyWith ? [onlyWith.option] : []),
        ...(chosenFor?.({ ...choices, hidden: [8], epochs: 1, seed: 1, cores: 1 }) ?? []),
      ];
      expect(known, key).toEqual(expect.arrayContaining(named));
    }
  });

  test('has defaults that its rows accept', () => {
    for (const [key, value] of Object.entries(completeOptions(rows, {}, 4))) {
      expect(v.safeParse(rows[key].schema, value), key).toMatchObject({ success: true, output: value });
    }
  });
});

test('a rule may ask for any option that is always there', () => {
  expectTypeOf<TrainOptions & { cores: number }>().toExtend<Choices>();
});

test('the options that library and page share belong to no shell', () => {
  const parts = new Set(rowsOf(TRAIN_OPTIONS).map(([, { belongsTo }]) => belongsTo));
  expect(parts).not.toContain('shell');
  expect(parts).not.toContain('page');
});

test('the types follow from the rows', () => {
  const rows = {
    many: { belongsTo: 'run', schema: v.array(v.string()), repeats: true, help: 'texts' },
    count: { belongsTo: 'run', fromText: Number, schema: v.number('a number'), byDefault: () => 3, help: '' },
    must: { belongsTo: 'run', schema: v.string(), required: true, help: 'a text' },
    maybe: { belongsTo: 'run', schema: v.boolean(), help: 'a switch' },
  } as const satisfies OptionRows;
  const given = optionsFromFlags(rows, { many: ['a', 'b'], must: 'x' });
  expectTypeOf(given).toEqualTypeOf<
    { many?: string[]; count?: number; maybe?: boolean } & { must: string }
  >();
  const chosen = completeOptions(rows, given);
  expectTypeOf(chosen).toEqualTypeOf<
    { count: number; must: string } & { many?: string[]; maybe?: boolean }
  >();
  expect(chosen).toEqual({ many: ['a', 'b'], count: 3, must: 'x' });
  expect(() => optionsFromFlags(rows, { count: 'x' })).toThrow('--count: expected a number, got "x"');
  expect(() => optionsFromJson(rows, { cuont: 1 }, 'f')).toThrow(
    'f: unknown key "cuont" (did you mean "count"?)',
  );
});

test('what decides the weights is what a recipe may set, the data, and which run it is', () => {
  const deciding = keysWhere(TRAIN_FLAGS, ({ belongsTo }) => PARTS[belongsTo].decides);
  const others = keysWhere(TRAIN_FLAGS, ({ belongsTo }) => !PARTS[belongsTo].decides);
  expect(deciding).toEqual(expect.arrayContaining(['data', 'classes', 'hidden', 'epochs', 'seed', 'recipe']));
  expect(others).toEqual(
    expect.arrayContaining(['threads', 'out', 'resume', 'ui', 'port', 'json', 'config']),
  );
});
