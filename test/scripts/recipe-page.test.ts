/** docs/recipes.md: what the table of recipes and their logs say today, and nothing of recipes that have changed. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { commandsOf, difference, keptLines, type RecipeLog, readLog } from '../../scripts/recipe-log.mjs';
import { recipePage } from '../../scripts/recipe-page.mjs';
import { newRunOptions } from '../../src/options/recipe-options.ts';
import { RECIPE_NAMES, type RecipeName, recipeOf } from '../../src/options/recipes.ts';
import type { GivenOptions } from '../../src/options/train-options.ts';
import { digits, jsonLines } from '../cli/run.ts';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));

describe('docs/recipes.md', () => {
  const page = readFileSync(join(docs, 'recipes.md'), 'utf8');
  const folder = join(docs, 'recipes');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const logs: { [N in RecipeName]?: RecipeLog } = {};
  for (const name of RECIPE_NAMES) {
    const file = `${name}.ndjson`;
    if (files.includes(file)) logs[name] = readLog(file, readFileSync(join(folder, file), 'utf8'));
  }

  test('is what the table of recipes and the logs say; if not: npm run build, node bench/recipes.mjs --write-only', () => {
    expect(page).toBe(recipePage(page, logs));
    for (const name of RECIPE_NAMES) {
      const seeds = logs[name]?.runs.length ?? recipeOf(name).seeds;
      for (const command of commandsOf(name, seeds)) expect(page).toContain(`\n${command}\n`);
    }
  });

  test.each(RECIPE_NAMES.map((name) => [name, logs[name] === undefined ? 'no log yet' : 'a log'] as const))(
    'tells the figures of %s, or that it is not yet measured: there is %s',
    (name) => {
      const [row] = page.split('\n').filter((line) => line.startsWith(`| [${name}](#${name}) |`));
      expect(row.includes('| not yet measured |')).toBe(logs[name] === undefined);
      expect(page.includes(`](recipes/${name}.ndjson)`)).toBe(logs[name] !== undefined);
    },
  );

  test('has no log of what is no recipe', () => {
    expect(files.filter((file) => !RECIPE_NAMES.some((name) => file === `${name}.ndjson`))).toEqual([]);
  });

  test('has no log of another recipe than today', () => {
    const changed = Object.entries(logs).flatMap(([name, log]) => {
      const told = difference(log, newRunOptions({ recipe: name as RecipeName }));
      return told === undefined ? [] : [`${name}: ${told}`];
    });
    expect(changed, 'measure it again: npm run recipes -- NAME').toEqual([]);
  });
});

describe('a log', () => {
  const events = (name: RecipeName, seeds: number[], epochs = 2) =>
    seeds.flatMap((seed) => [
      { event: 'start', config: { ...newRunOptions({ recipe: name }), seed, threads: 2 } },
      ...Array.from({ length: epochs }, (_, i) => ({ event: 'epoch', epoch: i + 1, trainLoss: 0.1 })),
      { event: 'end', seed, testAccuracy: 0.98 + seed / 1000, seconds: 1.5 },
    ]);
  const measurement = {
    ...{ event: 'measurement', command: 'mlp train', wallSeconds: 10, aloneSeconds: [2.9, 2.1, 2.5] },
    ...{ node: 'v20.20.2', cores: 2, mlp: '0.1.0' },
  };
  const text = (lines: object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const template = readFileSync(join(docs, 'recipes.md'), 'utf8');

  test('gives the figures of the page', () => {
    const log = readLog('fast', text([...events('fast', [1, 2, 3]), { event: 'summary' }, measurement]));
    const page = recipePage(template, { fast: log });
    const row = '98.20 % ± 0.10 | 3 | 98.0 % in 3 s | yes | 1.50 s | 2.50 s |';
    expect(page).toMatch(new RegExp(`^\\| \\[fast\\].* \\| ${row.replaceAll(/[|.]/g, '\\$&')}$`, 'm'));
    expect(page).toContain(
      '98.10 % (seed 1), 98.20 % (seed 2), 98.30 % (seed 3). 2 cores, 2 threads, Node 20.20.2',
    );
    expect(page).toContain('mlp train --recipe fast --repeat 3\n');
    expect(recipePage(page, { fast: log })).toBe(page);
  });

  test.each([
    ['too low', events('fast', [1, 2]).map((e) => ({ ...e, testAccuracy: 0.9799 })), measurement],
    ['too late', events('fast', [1, 2]), { ...measurement, aloneSeconds: [3.1] }],
    ['too late, of a long run', events('fast', [1, 2]), { ...measurement, aloneSeconds: [] }],
  ])('of a recipe that falls short is told so: %s', (_, lines, measured) => {
    const page = recipePage(template, { fast: readLog('fast', text([...lines, measured])) });
    expect(page).toMatch(/^\| \[fast\].* in 3 s \| no \|/m);
  });

  test('of another recipe counts as none, and the difference is named', () => {
    const lines = events('deep', [1]);
    const log = readLog('deep', text([...lines, measurement]));
    expect(difference(log, newRunOptions({ recipe: 'deep' }))).toBeUndefined();
    const now = (given: GivenOptions) => newRunOptions({ recipe: 'deep', ...given });
    expect(difference(log, now({ epochs: 777 }))).toMatch(/^--epochs was \d+, is now 777$/);
    expect(difference(log, now({ maxNorm: 7.5 }))).toMatch(/^--max-norm was \S+, is now 7\.5$/);
    expect(difference(log, now({ data: digits }))).toMatch(/^--data was "mnist"/);
    expect(difference(log, now({ seed: 7, threads: 1 }))).toBeUndefined();
    const stale = { ...log, config: { ...log.config, epochs: 777 } };
    expect(recipePage(template, { deep: stale })).toBe(recipePage(template, {}));
  });

  test('above 100 kB loses the starts and epochs of all runs but the first', () => {
    const long = text([...events('deep', [1, 2, 3], 800), { event: 'summary' }]);
    expect(long.length).toBeGreaterThan(100_000);
    const kept = keptLines(long);
    const names = jsonLines(kept).map(({ event }) => event);
    expect(names).toEqual(['start', ...new Array(800).fill('epoch'), 'end', 'end', 'end', 'summary']);
    const log = readLog('deep', kept + text([measurement]));
    expect(log.whole).toBe(false);
    expect(log.runs.map(({ seed }) => seed)).toEqual([1, 2, 3]);
    expect(recipePage(template, { deep: log })).toContain('(epochs of the first seed only)');
    const short = text(events('deep', [1, 2]));
    expect(keptLines(short)).toBe(short);
  });

  test('that is none is refused', () => {
    expect(() => readLog('x.ndjson', '')).toThrow('x.ndjson: expected a start');
    expect(() => readLog('x.ndjson', text(events('deep', [1])))).toThrow('measurement');
  });
});
