/** The linter refuses imports against the directions, circles, and what would make results depend on the engine. */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Files with their faults, and a part of each message of the linter. */
const REFUSED: readonly (readonly [file: string, text: string, ...messages: string[]])[] = [
  [
    'src/kernels/a.ts',
    "export { x } from '../network/layer.ts';",
    'src/kernels must not import from network',
  ],
  ['src/kernels/wasm/a.ts', "export { x } from '../../data/errors.ts';", 'must not import from data'],
  [
    'src/data/a.ts',
    "export type N = import('../network/network.ts').Network;",
    'must not import from network',
  ],
  [
    'src/formulas/language/a.ts',
    "import type { T } from '../../check/result.ts';\nexport type U = T;",
    'from check',
  ],
  ['src/network/a.ts', "export * from '../train/trainer.ts';", 'must not import from train'],
  ['src/network/b.ts', "export { x } from '../../test/support/matrices.ts';", 'must not import from ..'],
  ['src/network/c.ts', "export { x } from '../index.ts';", 'must not import from index.ts'],
  ['src/train/a.ts', "export const m = await import('../cli/main.ts');", 'must not import from cli'],
  ['src/train/threads/a.ts', "new Worker(new URL('../../cli/worker.ts', import.meta.url));", 'from cli'],
  ['src/options/a.ts', "import '../explain/explain.ts';", 'must not import from explain'],
  ['src/check/a.ts', "export { x } from '../explain/explain.ts';", 'must not import from explain'],
  ['src/explain/a.ts', "export { x } from '../formats/model.ts';", 'must not import from formats'],
  ['src/formats/a.ts', "export { x } from '../check/suite.ts';", 'must not import from check'],
  ['src/web/page/a.tsx', "export { x } from '../../cli/main.ts';", 'must not import from cli'],
  [
    'src/web/page/views/step/a.tsx',
    "export { x } from '../../../../check/suite.ts';",
    'must not import from check',
  ],
  [
    'src/index.ts',
    "import { x } from './network/a.ts';\nexport { main } from './cli/main.ts';\nexport const y = x;\nexport { x };\nexport default x;\nx();",
    ...['must not import from cli', 'only re-exports', 'only re-exports', 'only re-exports'],
    ...['only re-exports', 'only re-exports'],
  ],
  ['src/formulas/a.ts', "export type { L } from '../network/losses.ts';", 'must not import from network'],
  ['src/train/c.ts', 'export const load = (name: string) => import(name);', 'computed name'],
  ['src/check/b.ts', "export const load = (name: string) => import('./' + name);", 'computed name'],
  ['src/utils/a.ts', "export { x } from '../kernels/matrix.ts';", 'src/utils must not import'],
  ['bin/a.js', "import '../dist/train/trainer.js';", 'bin starts the command line'],
  ['src/data/b.ts', "import 'node:fs';", 'also runs in a browser'],
  [
    'src/web/protocol.ts',
    "import type { Server } from 'node:http';\nexport type S = Server;",
    'also runs in a browser',
  ],
  ['src/train/b.ts', 'export const a = process.argv;', 'global variable process'],
  ['src/train/threads/b.ts', "import 'chalk';", 'Only src/cli knows a terminal'],
  ['src/network/d.ts', 'export const y = Math.max(1, Math.exp(1));', 'Engines may differ'],
  ['src/network/e.ts', 'export const { exp } = Math;', 'Engines may differ'],
  ['src/train/threads/c.ts', 'export const t = Date.now();', 'global variable Date'],
  ['src/kernels/b.ts', "import type { C } from './c.ts';\nexport type B = C[];", 'part of a cycle'],
  ['src/kernels/c.ts', "import type { B } from './b.ts';\nexport type C = B[];", 'part of a cycle'],
];

const PASSED: readonly (readonly [file: string, text: string])[] = [
  ['src/network/ok.ts', "export { x } from '../kernels/matrix.ts';\nexport const y = Math.sqrt(Math.PI);"],
  [
    'src/check/formulas/ok.ts',
    "export { x } from '../note-nets/a.ts';\nexport { y } from '../../formulas/a.ts';",
  ],
  ['src/cli/ok.ts', "import 'node:fs';\nimport 'chalk';\nexport const y = Math.exp(process.argv.length);"],
  ['src/web/server/ok.ts', "import 'node:http';\nexport { x } from '../../train/events.ts';"],
  ['src/train/threads/ok.ts', "import 'node:worker_threads';\nexport const t = performance.now();"],
];

/** The linter's errors on a folder with this project's configuration, as `file: message`. */
function lint(files: readonly (readonly [file: string, text: string, ...unknown[]])[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'mlp-lint-'));
  try {
    for (const name of ['biome.json', '.gitignore', 'scripts/lint']) {
      cpSync(join(root, name), join(folder, name), { recursive: true });
    }
    for (const [file, text] of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `${text}\n`);
    }
    const { stdout } = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/@biomejs/biome/bin/biome'),
        'lint',
        '--reporter=json',
        '--max-diagnostics=none',
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    const {
      diagnostics,
    }: { diagnostics: { severity: string; message: string; location: { path: string } }[] } =
      JSON.parse(stdout);
    return diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ location, message }) => `${location.path}: ${message}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the linter refuses each planted fault, and nothing else', () => {
  const errors = lint([...REFUSED, ...PASSED]);
  for (const [file, , ...messages] of REFUSED) {
    const found = errors.filter((error) => error.startsWith(`${file}: `)).sort();
    expect(found).toEqual(messages.sort().map((message) => expect.stringContaining(message)));
  }
  expect(errors).toHaveLength(REFUSED.flatMap(([, , ...messages]) => messages).length);
});
