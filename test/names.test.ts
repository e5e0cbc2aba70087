/** What is true of an activation, a loss, an optimizer or a schedule is a fact in its entry: other code compares no name. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { FORMULAS } from '../src/formulas/registry.ts';
import { ACTIVATION_NAMES } from '../src/network/activations.ts';
import { LOSS_NAMES } from '../src/network/losses.ts';
import { OPTIMIZER_NAMES, OPTIMIZERS } from '../src/train/optimizers/optimizers.ts';
import { SCHEDULE_NAMES, SCHEDULES } from '../src/train/optimizers/schedules.ts';

const src = fileURLToPath(new URL('../src', import.meta.url));
const NAMES = [...ACTIVATION_NAMES, ...LOSS_NAMES, ...OPTIMIZER_NAMES, ...SCHEDULE_NAMES].join('|');

/** Functions of the language of equations, whose names are its own: R, σ and tanh. */
const LANGUAGE = /^(formulas\/language|check\/derivation)\//;
/** Names that are words of other things too; a comparison counts where the other side is named after one of these. */
const AMBIGUOUS = /^(step|identity)$/;
const NAMED = /(activation|schedule|optimizer|loss|name)$/i;

/** The comparisons with such a name in a source text. */
function comparisons(text: string): string[] {
  const patterns = [
    `(?<other>[\\w.?]+) [!=]== ?['"\`](?<name>${NAMES})['"\`]`,
    `['"\`](?<name>${NAMES})['"\`] [!=]== (?<other>[\\w.?]+)`,
    `(?<other>)case ['"\`](?<name>${NAMES})['"\`]`,
  ];
  return patterns.flatMap((pattern) =>
    [...text.matchAll(new RegExp(pattern, 'g'))]
      .filter(({ groups }) => !AMBIGUOUS.test(groups?.name ?? '') || NAMED.test(groups?.other ?? ''))
      .map(([found]) => found),
  );
}

test('a comparison is found', () => {
  expect(comparisons("if (layer?.name === 'leaky-relu') return;")).toEqual(["layer?.name === 'leaky-relu'"]);
  expect(comparisons("'adamw' !== optimizer; switch (x) { case 'svm': }")).toHaveLength(2);
  expect(comparisons("config.schedule === 'step'")).toHaveLength(1);
  expect(comparisons("left.kind === 'step'; optimizer = 'sgd'; name === 'other'")).toEqual([]);
});

test('no code compares a name', () => {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && !LANGUAGE.test(file),
  );
  expect(files.length).toBeGreaterThan(200);
  const found = files.flatMap((file) =>
    comparisons(readFileSync(join(src, file), 'utf8')).map((line) => `${file}: ${line}`),
  );
  expect(found).toEqual([]);
});

test('the formula of an optimizer cites its class, that of a schedule is about it', () => {
  for (const { make, formula } of Object.values(OPTIMIZERS)) {
    const code = FORMULAS.find(({ id }) => id === formula)?.code.map(({ name }) => name);
    expect(code).toContain(`${make.name}.step`);
  }
  for (const [name, { formula }] of Object.entries(SCHEDULES)) {
    const entry = FORMULAS.find(({ id }) => id === formula);
    expect(entry?.title).toBe(formula && `the ${name} schedule`);
  }
});
