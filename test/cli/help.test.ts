/** Help, version, and words that are no command. */

import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { HELP_GROUPS } from '../../src/options/option-row.ts';
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
    ...['learning-rate', 'l2', 'seed', 'out', 'json', 'quiet', 'no-color', 'config'],
    ...['patience', 'repeat', 'checkpoint', 'checkpoint-every', 'resume', 'log'],
    ...['test', 'label-column', 'classes', 'crop', 'size', 'invert', 'transpose'],
    ...['ui', 'host', 'port', 'no-open'],
  ],
  eval: ['data', 'label-column', 'split', 'json', 'no-color'],
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
  ])('%j', async (args, ...words) => {
    expectError(await mlp(args, { cwd }), 2, ...words);
  });

  test('none at all shows the help, on stderr', async () => {
    const { code, stdout, stderr } = await mlp([], { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Usage: mlp/);
  });
});
