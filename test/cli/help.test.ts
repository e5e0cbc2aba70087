/** Help, version, and words that are no command. */

import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { TRAIN_FLAGS } from '../../src/cli/options/train-flags.ts';
import { flagOf, HELP_GROUPS, type OptionRows } from '../../src/options/option-row.ts';
import { expectError, mlp } from './run.ts';

const cwd = tmpdir();

const FLAGS: Record<string, string[]> = {
  train: [
    ...[
      'recipe',
      'data',
      'validation',
      'hidden',
      'activation',
      'output-activation',
      'loss',
      'epochs',
      'batch-size',
    ],
    ...['optimizer', 'momentum', 'schedule', 'decay', 'warm-up', 'find-learning-rate'],
    ...['learning-rate', 'l2', 'seed', 'out', 'json', 'quiet', 'no-color', 'config', 'print-config'],
    ...['patience', 'repeat', 'checkpoint', 'checkpoint-every', 'resume', 'log'],
    ...['test', 'label-column', 'classes', 'crop', 'size', 'invert', 'transpose'],
    ...['ui', 'host', 'port', 'no-open'],
  ],
  eval: ['data', 'label-column', 'split', 'min-accuracy', 'json', 'no-color'],
  reproduce: ['data', 'threads', 'quiet', 'json', 'no-color'],
  env: ['json', 'no-color'],
  completion: [],
  predict: ['label-column', 'raw', 'json', 'no-color'],
  inspect: ['json', 'no-color'],
  gradcheck: ['seed', 'tolerance', 'json', 'no-color'],
  'check-derivation': ['net', 'expr', 'activation', 'seed', 'symbols', 'json', 'no-color'],
  derive: ['latex', 'seed', 'json', 'no-color'],
  ui: ['data', 'host', 'port', 'no-open', 'json', 'no-color'],
  export: ['to', 'out', 'samples', 'data', 'json', 'no-color'],
  explain: ['sample', 'data', 'label-column', 'split', 'input', 'label', 'learning-rate', 'json', 'no-color'],
};
/** The options that most people use, which the help lists first. */
const MOST_USED = [
  ...['recipe', 'data', 'test', 'hidden', 'activation'],
  ...['epochs', 'batch-size', 'learning-rate', 'out', 'ui'],
];
/** Flags that are off, or have no value, unless they are given. */
const WITHOUT_DEFAULT = [
  'raw',
  'json',
  'quiet',
  'no-color',
  'config',
  'print-config',
  'net',
  'expr',
  'symbols',
  'latex',
  'input',
  'find-learning-rate',
  'ui',
  'no-open',
  'to',
];

test('--version prints the version of package.json', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(await mlp(['--version'], { cwd })).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});

describe('--help', () => {
  test.each(Object.entries(FLAGS))(
    'of %s shows every flag with its default, and an example',
    async (command, flags) => {
      const { code, stdout, stderr } = await mlp([command, '--help'], { cwd });
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(new RegExp(`Examples?:\\n +mlp ${command}\\b`));
      for (const flag of flags) {
        const [, told] = stdout.match(new RegExp(`\\n  --${flag}\\b([^]*?)(?=\\n  -|\\n\\n)`)) ?? [];
        expect(told, `--${flag}`).toBeDefined();
        if (!WITHOUT_DEFAULT.includes(flag)) expect(told).toMatch(/default/);
      }
    },
  );

  test('of train has groups, the options that most people use first, in 80 columns', async () => {
    const { stdout } = await mlp(['train', '--help'], { cwd });
    const groups = stdout.split(/\n\n(?=[A-Z][^\n]*:\n)/);
    const titles = groups.slice(1).map((group) => group.slice(0, group.indexOf(':\n')));
    expect(titles.slice(0, HELP_GROUPS.length)).toEqual(HELP_GROUPS);
    const flags = [...groups[1].matchAll(/^ {2}--([a-z-]+)/gm)].map(([, flag]) => flag);
    expect(flags).toEqual(MOST_USED);
    for (const line of groups.slice(0, -2).join('\n').split('\n'))
      expect(line.length).toBeLessThanOrEqual(80);
  });

  test('of the program names the commands, with an example', async () => {
    const { code, stdout, stderr } = await mlp(['--help'], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    for (const command of Object.keys(FLAGS)) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    expect(stdout).toMatch(/Examples?:\n +mlp train/);
  });
});

describe('words that do not fit', () => {
  test.each([
    [['trian'], 'trian', 'train'],
    [['explode'], 'explode', 'unknown command'],
    [['eval'], 'MODEL', 'missing'],
    [['inspect'], 'MODEL', 'missing'],
    [['train', 'extra'], 'train', 'too many'],
    [['eval', 'model.json', '--split', 'both'], '--split', 'both'],
    [['inspect', 'model.json', '--jsno'], '--jsno', '--json'],
    [['--loud'], '--loud', 'unknown option'],
    [['help', 'evla'], 'unknown command "evla"', 'did you mean "eval"'],
    [['train', '--epochs'], '--epochs <N>', 'argument missing'],
  ])('%j', async (args, ...words) => {
    expectError(await mlp(args, { cwd }), 2, ...words);
  });

  test.each([
    ['--lr', '--learning-rate'],
    ['--lr=0.1', '--learning-rate'],
    ['--epoch', '--epochs'],
    ['--num_epochs', '--epochs'],
    ['--bs', '--batch-size'],
    ['--batch', '--batch-size'],
    ['--wd', '--l2'],
    ['--weight-decay', '--l2'],
    ['--layers', '--hidden'],
    ['--lr-schedule', '--schedule'],
    ['--output', '--out'],
    ['-o', '--out'],
    ['--random-state', '--seed'],
    ['--learing-rate', '--learning-rate'],
  ])('%s is unknown, and its name here is %s', async (word, name) => {
    const hint = `unknown option ${word.replace(/=.*/, '')} (did you mean "${name}"?); see mlp train --help`;
    expectError(await mlp(['train', word, '1'], { cwd }), 2, hint);
  });

  test.each([
    ['mse', 'squared-error'],
    ['MSE', 'squared-error'],
    ['cross-entropy', 'softmax-cross-entropy'],
    ['cross_entropy', 'softmax-cross-entropy'],
    ['hinge', 'svm'],
    ['bce', 'sigmoid-cross-entropy'],
  ])('--loss %s is %s here', async (word, name) => {
    expectError(await mlp(['train', '--loss', word], { cwd }), 2, `got "${word}" (did you mean "${name}"`);
  });

  test.each([
    [['--hidden', '200', '100'], '--hidden', 'got "200 100". Type --hidden 200,100'],
    [['--classes', '3', '8', '--seed', '1'], '--classes', 'Type --classes 3,8;'],
    [['--seed', '1', '--hidden', '200,', '100'], '--hidden', 'Type --hidden 200,100;'],
    [['--size', '28', '28'], '--size', 'Type --size 28x28;'],
  ])('train %j says how a list is typed', async (args, ...words) => {
    expectError(await mlp(['train', ...args], { cwd }), 2, ...words);
  });

  test('every name in other programs is that of one option, and no option of this one', () => {
    const rows: OptionRows = TRAIN_FLAGS;
    const names = Object.values(rows).flatMap(({ alsoKnownAs = [] }) => alsoKnownAs);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => Object.keys(rows).some((key) => flagOf(key) === `--${name}`))).toEqual([]);
    for (const { valuesAlsoKnownAs = {}, schema } of Object.values(rows)) {
      for (const [other, name] of Object.entries(valuesAlsoKnownAs)) {
        expect(v.safeParse(schema, name).success, name).toBe(true);
        expect(v.safeParse(schema, other).success, other).toBe(false);
      }
    }
  });

  test('help shows the help of a command, and of the program', async () => {
    const { stdout } = await mlp(['train', '--help'], { cwd });
    expect(await mlp(['help', 'train'], { cwd })).toMatchObject({ code: 0, stdout, stderr: '' });
    const whole = await mlp(['help'], { cwd });
    expect([whole.code, whole.stderr]).toEqual([0, '']);
    expect(whole.stdout).toMatch(/^Usage: mlp/);
  });

  test('none at all shows the help, on stderr', async () => {
    const { code, stdout, stderr } = await mlp([], { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Usage: mlp/);
  });
});
