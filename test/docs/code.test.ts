/** The TypeScript in the pages: it passes `tsc` in strict mode, and programs run. */

import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Clone, root } from './clone.ts';
import { type Block, blocksOf, PAGES } from './page.ts';

const OPTIONS = { target: 'es2023', module: 'nodenext', strict: true, noEmit: true, skipLibCheck: true };

const blocks = PAGES.flatMap((page) => blocksOf(page));
const code = blocks.filter(({ language, illustration }) => language === 'ts' && illustration === undefined);
/** A block that begins with its path is a file of the page's project; the others are programs. */
const pathOf = ({ text }: Block) => text.match(/^\/\/ (\S+)\n/)?.[1];
const projects = new Set(code.filter((block) => pathOf(block) !== undefined).map(({ page }) => page));
const programs = code.filter((block) => pathOf(block) === undefined && block.from === undefined);
const at = ({ page, line }: Block) => `${page}:${line}`;
const fileOf = ({ page, line }: Block) => `${page.replaceAll(/\W/g, '-')}-${line}`;

let clone: Clone;
beforeAll(() => {
  clone = new Clone();
});
afterAll(() => clone.remove());

function node(args: readonly string[], cwd: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });
}
const tsc = (cwd: string) => node([join(root, 'node_modules/typescript/bin/tsc')], cwd);

test.each(code.filter(({ from }) => from !== undefined).map((block) => [at(block), block] as const))(
  '%s is in the source',
  (_, { text, from }) => {
    const source = readFileSync(join(root, from as string), 'utf8');
    const lines = source.split('\n').map((line) => line.trim());
    expect(lines).toEqual(expect.arrayContaining(text.trim().split('\n')));
  },
);

test('the programs pass tsc', async () => {
  expect(programs.length).toBeGreaterThan(0);
  for (const block of programs) clone.write(`programs/${fileOf(block)}.ts`, block.text);
  clone.write('package.json', '{ "type": "module" }');
  clone.write(
    'tsconfig.json',
    JSON.stringify({ compilerOptions: { ...OPTIONS, types: ['node'] }, include: ['programs'] }),
  );
  expect((await tsc(clone.folder)).output).toBe('');
});

/** The matchers of a test runner need one. */
const runnable = programs.filter(({ text }) => !/from 'vitest'/.test(text));

test.each(runnable.map((block) => [at(block), block] as const))(
  '%s runs',
  async (_, block) => {
    if (block.after !== undefined) expect((await clone.run(block.after)).code).toBe(0);
    const { code: script } = await transform(block.text, { loader: 'ts', format: 'esm' });
    clone.write(`${fileOf(block)}.mjs`, script);
    const { code: exit, output } = await node([`${fileOf(block)}.mjs`], clone.folder);
    expect(exit, output).toBe(0);
    expect(output).not.toBe('');
  },
  120_000,
);

describe.each([...projects])('the project of %s', (page) => {
  const folder = () => join(clone.folder, 'project');
  beforeAll(() => {
    rmSync(folder(), { recursive: true, force: true });
    for (const block of blocks.filter((block) => block.page === page && /^(ts|json)$/.test(block.language))) {
      const path = pathOf(block);
      if (path !== undefined) clone.write(`project/${path}`, block.text);
    }
    clone.write('project/package.json', '{ "type": "module" }');
  });

  test('passes tsc', async () => {
    expect((await tsc(folder())).output).toBe('');
  });

  test('passes its own tests', async () => {
    const vitest = join(clone.folder, 'node_modules/vitest/vitest.mjs');
    const { code: exit, output } = await node([vitest, 'run', '--root', folder()], folder());
    expect(exit, output).toBe(0);
  });
});
