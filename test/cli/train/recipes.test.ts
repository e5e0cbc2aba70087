/** `mlp train --recipe`: each recipe, and what becomes of it beside what was given. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandsOf } from '../../../scripts/recipe-log.mjs';
import { newRunFlags, TRAIN_FLAGS } from '../../../src/cli/options/train-flags.ts';
import { flagOf } from '../../../src/options/option-row.ts';
import { optionsFromFlags, optionsFromJson, type Typed } from '../../../src/options/read-options.ts';
import { newRunOptions, RECIPE_KEYS, recipeFlags, withRecipe } from '../../../src/options/recipe-options.ts';
import {
  RECIPE_NAMES,
  RECIPES,
  type Recipe,
  type RecipeName,
  type RecipeOptions,
  recipeOf,
} from '../../../src/options/recipes.ts';
import { type GivenOptions, TRAIN_OPTIONS } from '../../../src/options/train-options.ts';
import { digits, expectError, freshFolder, jsonLines, mlp } from '../run.ts';

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
});
afterAll(() => remove());

const train = (...args: string[]) =>
  mlp(['train', '--data', digits, '--epochs', '1', '--threads', '1', ...args], { cwd });
const configOf = async (...args: string[]) => {
  const { code, stdout, stderr } = await train('--json', ...args);
  expect([code, stderr]).toEqual([0, '']);
  return jsonLines(stdout)[0].config;
};

/** What `mlp train` makes of flags as they stand in a command. */
function optionsOf(command: string) {
  const [runner, program, verb, ...words] = command.split(' ');
  expect([runner, program, verb]).toEqual(['npx', 'mlp', 'train']);
  const keys = Object.keys(TRAIN_FLAGS);
  const flags: Record<string, Typed> = {};
  while (words.length > 0) {
    const flag = words.shift();
    const key = keys.find((name) => flagOf(name) === flag);
    expect(key, flag).toBeDefined();
    flags[key as string] = words[0] === undefined || words[0].startsWith('--') ? true : String(words.shift());
  }
  return newRunFlags(optionsFromFlags(TRAIN_FLAGS, flags));
}

/** What comes of a recipe `made` of these options. */
function withMade<T>(options: RecipeOptions, use: (name: RecipeName) => T): T {
  const recipes: Record<string, Recipe> = RECIPES;
  recipes.made = { options, summary: 'made for this test', seeds: 5 };
  try {
    return use('made' as RecipeName);
  } finally {
    delete recipes.made;
  }
}

describe.each(RECIPE_NAMES)('the recipe %s', (name) => {
  const { options, summary, target, within, seeds } = recipeOf(name);

  test('holds options of recipes alone, as a config file would have them', () => {
    expect(RECIPE_KEYS).toEqual(expect.arrayContaining(Object.keys(options)));
    expect(optionsFromJson(TRAIN_OPTIONS, options, 'run.json')).toEqual(options);
    expect(summary).toMatch(/^\S[^\n]{5,95}[^.\s]$/);
    if (target !== undefined) expect(target > 0.5 && target < 1).toBe(true);
    if (within !== undefined) expect(within).toBeGreaterThan(0);
    expect(seeds).toBeGreaterThanOrEqual(3);
  });

  test('is the whole of what it says, and of nothing else', () => {
    expect(newRunOptions({ recipe: name })).toMatchObject({
      ...options,
      recipe: name,
      seed: 1,
      data: 'mnist',
    });
  });

  test('is the same by its name and flag by flag', () => {
    const [named, spelled] = commandsOf(name, seeds).map(optionsOf);
    expect(named).toMatchObject({ recipe: name, repeat: seeds });
    expect(spelled).toEqual({ ...named, recipe: 'default' });
  });

  test('trains, with what is given over it', async () => {
    const config = await configOf(
      ...['--recipe', name, '--hidden', '9', '--validation', '0', '--out', `${name}.json`],
    );
    expect(config).toMatchObject({ recipe: name, hidden: [9], epochs: 1, loss: options.loss ?? config.loss });
    const model = JSON.parse(await readFile(join(cwd, `${name}.json`), 'utf8'));
    expect(model.training.config).toMatchObject({ recipe: name, hidden: [9], epochs: 1 });
  });

  test('goes with any optimizer, schedule, loss and activation, with one epoch and nothing held out', () => {
    const given: GivenOptions[] = [
      { epochs: 1 },
      { validation: 0 },
      { hidden: [] },
      ...TRAIN_OPTIONS.optimizer.schema.options.map((optimizer) => ({ optimizer })),
      ...TRAIN_OPTIONS.schedule.schema.options.map((schedule) => ({ schedule })),
      ...TRAIN_OPTIONS.loss.schema.options.map((loss) => ({ loss })),
      ...TRAIN_OPTIONS.activation.schema.options.map((activation) => ({ activation })),
    ];
    for (const one of given) {
      for (const other of given) {
        const both = { ...one, ...other };
        expect(newRunOptions({ ...both, recipe: name })).toMatchObject(both);
      }
    }
  });
});

test('the flags of a recipe say all of it, whatever the recipe default holds', () => {
  const usual = RECIPES.default as Recipe;
  const kept = usual.options;
  const others: RecipeOptions = {
    ...{ optimizer: 'nesterov', momentum: 0.95, schedule: 'cosine', warmUp: 2, learningRate: 0.04, l1: 0.1 },
    ...{ dropout: 0.2, l2: 0.0001, labelSmoothing: 0.1, validation: 10_000, patience: 3 },
  };
  Object.assign(usual, { options: { ...kept, ...others } });
  try {
    for (const name of RECIPE_NAMES) {
      const [named, spelled] = [['--recipe', name], recipeFlags(name)].map((words) =>
        optionsOf(`npx mlp train ${words.join(' ')}`),
      );
      expect(spelled).toEqual({ ...named, recipe: 'default' });
    }
  } finally {
    Object.assign(usual, { options: kept });
  }
});

describe('what is given', () => {
  test('wins: a flag over the file, the file over the recipe, the recipe over the defaults', async () => {
    await writeFile(join(cwd, 'run.json'), JSON.stringify({ recipe: 'wide', hidden: 8, dropout: 0.1 }));
    const config = await configOf('--config', 'run.json', '--dropout', '0.2');
    const { batchSize, optimizer } = newRunOptions({ recipe: 'wide' });
    expect(config).toMatchObject({ recipe: 'wide', hidden: [8], dropout: 0.2, batchSize, optimizer });
    // The flag's recipe, not the file's; what else the file says stays.
    expect(await configOf('--config', 'run.json', '--recipe', 'notes-30')).toMatchObject({
      recipe: 'notes-30',
      loss: 'squared-error',
      hidden: [8],
      dropout: 0.1,
    });
  });

  test.each<[given: GivenOptions, gone: (keyof GivenOptions)[]]>([
    [{ optimizer: 'adam' }, ['learningRate', 'momentum', 'l2', 'schedule', 'decay', 'warmUp']],
    [{ optimizer: 'momentum' }, []],
    [{ momentum: 0.5 }, ['learningRate']],
    [{ schedule: 'cosine' }, ['learningRate', 'decay']],
    [{ schedule: 'one-cycle' }, ['learningRate', 'decay', 'warmUp']],
    [{ loss: 'svm' }, ['learningRate', 'labelSmoothing']],
    [{ activation: 'tanh' }, ['learningRate']],
    [{ epochs: 2 }, ['warmUp']],
    [{ epochs: 3, batchSize: 7, hidden: [3] }, []],
    [{ validation: 0 }, ['patience']],
    [{ validation: 100 }, []],
    [{ optimizer: 'adam', learningRate: 0.5, l2: 0.1 }, ['momentum', 'schedule', 'decay', 'warmUp']],
  ])('takes what does not fit beside it from the recipe: %j', (given, gone) => {
    const options: RecipeOptions = {
      ...{ optimizer: 'momentum', momentum: 0.8, schedule: 'step', decay: 0.5, learningRate: 0.123 },
      ...{ l2: 0.001, warmUp: 2, epochs: 10, labelSmoothing: 0.1, validation: 500, patience: 3 },
    };
    const left = withMade(options, (recipe) => {
      newRunOptions({ ...given, recipe });
      return withRecipe({ ...given, recipe });
    });
    const expected: GivenOptions = { ...options, ...given };
    for (const key of gone) delete expected[key];
    expect(left).toEqual({ ...expected, recipe: 'made' });
  });

  test('turns off what a recipe turns on', () => {
    const left = withMade({ dropout: 0.5, l1: 0.1 }, (recipe) => newRunOptions({ recipe, dropout: 0 }));
    expect(left).not.toHaveProperty('dropout');
    expect(left).toHaveProperty('l1', 0.1);
  });

  test('that does not go with the recipe is refused, naming it', async () => {
    expectError(await train('--recipe', 'notes-30', '--decay', '0.5'), 2, '--decay', 'constant', 'notes-30');
  });
});

test('without flags train is the recipe default, to the byte', async () => {
  const flags = ['--data', digits, '--quiet'];
  await mlp(['train', ...flags, '--out', 'plain.json'], { cwd });
  await mlp(['train', ...flags, '--out', 'named.json', '--recipe', 'default'], { cwd });
  const [plain, named] = await Promise.all(['plain.json', 'named.json'].map((n) => readFile(join(cwd, n))));
  expect(plain.equals(named)).toBe(true);
  const { training } = JSON.parse(`${plain}`);
  expect(training.config).toMatchObject({ ...recipeOf('default').options, recipe: 'default' });
});

test('a name that is none is refused, with the names and the nearest', async () => {
  expectError(await train('--recipe', 'wdie'), 2, '--recipe', ...RECIPE_NAMES, 'did you mean "wide"');
  expectError(await train('--recipe', 'toString'), 2, '--recipe', 'got "toString"');
  await writeFile(join(cwd, 'bad.json'), '{"recipe": "quick"}');
  expectError(await train('--config', 'bad.json'), 2, 'bad.json: recipe', 'got "quick"');
});

test('--help names each with its line, and tells the defaults of the recipe default', async () => {
  const { stdout } = await mlp(['train', '--help'], { cwd });
  const [, told] = stdout.split('\nRecipes:\n');
  for (const name of RECIPE_NAMES) {
    expect(told).toMatch(new RegExp(`^  ${name} +${recipeOf(name).summary.slice(0, 20)}`, 'm'));
  }
  const { hidden, epochs, batchSize, optimizer } = newRunOptions({ recipe: 'default' });
  const words = stdout.replaceAll(/\s+/g, ' ');
  for (const [flag, value] of Object.entries({ hidden, epochs, 'batch-size': batchSize, optimizer })) {
    expect(words).toMatch(new RegExp(`--${flag} <[^-]*\\(default: ${value}\\)`));
  }
});

describe('a checkpoint', () => {
  const name = RECIPE_NAMES.find((one) => recipeOf(one).options.dropout) ?? 'wide';
  const other = RECIPE_NAMES.find((one) => one !== name) as RecipeName;
  const start = ['--recipe', name, '--hidden', '8', '--dropout', '0', '--epochs', '2', '--validation', '0'];

  test('keeps the recipe and what was given over it, and resumes to the same bytes', async () => {
    expect((await train(...start, '--out', 'whole.json', '--checkpoint', 'run.ckpt')).code).toBe(0);
    const { code, stdout } = await mlp(
      ['train', '--resume', 'run.ckpt', '--json', '--out', 'again.json', '--recipe', name],
      { cwd },
    );
    expect(code).toBe(0);
    const { config } = jsonLines(stdout)[0];
    expect(config).toMatchObject({ recipe: name, hidden: [8] });
    // The recipe is not put beneath what the checkpoint says: dropout stays off.
    expect(config).not.toHaveProperty('dropout');
    const [whole, again] = await Promise.all(['whole.json', 'again.json'].map((n) => readFile(join(cwd, n))));
    expect(again.equals(whole)).toBe(true);
  });

  test('refuses another recipe', async () => {
    const result = await mlp(['train', '--resume', 'run.ckpt', '--recipe', other], { cwd });
    expectError(result, 3, 'run.ckpt', `--recipe ${name}`, `--recipe ${other}`);
  });
});
