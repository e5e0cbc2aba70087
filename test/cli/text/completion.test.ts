/** The completion scripts, in the shells that read them. */

import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectError, freshFolder, mlp } from '../run.ts';

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout, stderr } = await mlp(['completion', shell], { cwd });
    expect([code, stderr]).toEqual([0, '']);
    await writeFile(join(cwd, `mlp.${shell}`), stdout);
  }
});
afterAll(() => remove());

const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;

/** What a shell offers for the last word of a line. */
const OFFERS: Readonly<Record<string, (line: string) => string[]>> = {
  bash: (line) => {
    const words = line.split(' ');
    const script = `source mlp.bash; COMP_WORDS=(${words.map((word) => `"${word}"`).join(' ')})
COMP_CWORD=${words.length - 1}; _mlp 2>/dev/null; printf '%s\n' "\${COMPREPLY[@]}"`;
    return printed('bash', ['--norc', '-c', script]);
  },
  fish: (line) =>
    printed('fish', ['--no-config', '-c', `source mlp.fish; complete -C "${line}"`]).map(
      (offer) => offer.split('\t')[0],
    ),
  // A shell in a terminal of its own, whose `mlp` prints the words that the Tab key made.
  zsh: (line) => {
    const script = `zmodload zsh/zpty; zpty z zsh -f -i
zpty -w z "PS1=; autoload -Uz compinit; compinit -u -D; source mlp.zsh; mlp() { print -r \\"<\\$*>\\" }; print rea''dy"
zpty -r z out '*ready*'; zpty -w -n z ${JSON.stringify(line)}$'\\t\\n'; zpty -r z out '*>*'; print -r -- "$out"; zpty -d z`;
    const [, made = ''] = /<([^<>]*)>/.exec(printed('zsh', ['-f', '-c', script]).join('\n')) ?? [];
    return [made.trim().split(' ').at(-1) ?? ''];
  },
};

function printed(program: string, args: readonly string[]): string[] {
  const { stdout } = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: 60_000 });
  return stdout.split('\n').filter((line) => line !== '');
}

describe.each(['bash', 'zsh', 'fish'])('in %s', (shell) => {
  test.skipIf(!has(shell)).each([
    ['mlp repr', 'reproduce'],
    ['mlp train --learn', '--learning-rate'],
    ['mlp train --loss squ', 'squared-error'],
    ['mlp train --optimizer nest', 'nesterov'],
    ['mlp eval --min', '--min-accuracy'],
    ['mlp completion fi', 'fish'],
  ])('%s becomes %s', (line, word) => {
    expect(OFFERS[shell](line)).toEqual([word]);
  });
});

test('another shell is refused with the names of these', async () => {
  expectError(await mlp(['completion', 'bahs'], { cwd }), 2, 'bash, zsh, fish', 'did you mean "bash"');
});
