/** The examples in the pages: what they show of the program's output is what it prints. */

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshFolder, mlp } from './cli/run.ts';

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
  // The model of the examples is the default one.
  const { code } = await mlp(['train', '--quiet'], { cwd, timeout: 120_000 });
  expect(code).toBe(0);
}, 120_000);
afterAll(() => remove());

interface Example {
  readonly page: string;
  readonly command: string;
  /** The lines shown, in parts that stand in the output one after another; `⋮` is what is left out between. */
  readonly parts: readonly string[];
}

/** The commands whose output depends on no clock and no file of the reader's. */
const STEADY = /^\$ (?:npx )?mlp (gradcheck$|check-derivation |explain |eval )/;

async function examplesIn(page: string): Promise<Example[]> {
  const text = await readFile(new URL(`../${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block]) => {
    const [output, ...commands] = block
      .split('\n')
      .reduceRight<string[][]>(
        ([shown, ...rest], line) =>
          line.startsWith('$ ') ? [[], [line, ...shown], ...rest] : [[line, ...shown], ...rest],
        [[]],
      );
    expect(output, `${page}: before the first command`).toEqual([]);
    return commands
      .filter(([command]) => STEADY.test(command))
      .map(([command, ...shown]) => ({
        page,
        command,
        parts: shown
          .join('\n')
          .split(/^⋮\n/m)
          .map((part) => part.trimEnd()),
      }));
  });
}

/** The words of a command line; quotes hold words together. */
const wordsOf = (command: string): string[] =>
  [...command.replace(/^\$ (npx )?mlp /, '').matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare,
  );

test.each(['README.md', 'docs/explain.md', 'docs/gradient-checks.md', 'docs/check-derivation.md'])(
  '%s shows what the commands print',
  async (page) => {
    const examples = await examplesIn(page);
    expect(examples.length).toBeGreaterThan(0);
    for (const { command, parts } of examples) {
      const { stdout } = await mlp(wordsOf(command), { cwd });
      let at = 0;
      for (const part of parts) {
        const found = stdout.indexOf(part, at);
        expect(found === -1 ? stdout.slice(at) : part, `${page}: ${command}`).toBe(part);
        at = found + part.length;
      }
    }
  },
);
