/** The directions of imports, and the few things that the portable code must not touch, read from the sources. */

import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/** What each folder of src may import: folders, or single files of a folder. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'kernels/assembly': ['kernels/assembly'],
  kernels: ['kernels'],
  data: ['data', 'kernels'],
  network: ['network', 'kernels'],
  train: ['train', 'data', 'network', 'kernels'],
  check: ['check', 'network', 'kernels', 'train/optimizers.ts', 'train/schedules.ts'],
  explain: ['explain', 'network', 'kernels'],
  formats: ['formats', 'network', 'kernels', 'data/errors.ts', 'data/digest.ts', 'data/preprocessing.ts'],
  web: ['web', 'data', 'explain', 'formats', 'network', 'kernels', 'train/events.ts', 'train/optimizers.ts'],
  cli: ['cli', 'web', 'check', 'explain', 'formats', 'train', 'data', 'network', 'kernels'],
  'index.ts': ['check', 'explain', 'formats', 'train', 'data', 'network', 'kernels'],
};

/** Where `node:` modules may appear: folders, or single files (the page's server, the adapter that starts threads). */
const MAY_USE_NODE: readonly string[] = [
  'cli',
  'web/server',
  'train/threads.ts',
  'train/worker.ts',
  'train/augmenter.ts',
  'train/run-monitor.ts',
  'train/monitor-worker.ts',
];

/** Where results are computed: nothing here may depend on the clock, on chance or on an engine's own functions. */
const REPRODUCIBLE: readonly string[] = ['kernels', 'network', 'train', 'data'];

const UNREPRODUCIBLE: readonly { pattern: RegExp; why: string }[] = [
  {
    pattern: /\bMath\.(random|exp|expm1|log|log1p|log2|log10|pow|sin|cos|tan|sinh|cosh|tanh|hypot|cbrt)\b/g,
    why: 'differs between engines or runs',
  },
  { pattern: /\bMath\b(?!\s*\.)/g, why: 'hides which of its functions are used' },
  { pattern: /\bDate\b/g, why: 'reads the clock' },
];

interface Import {
  readonly from: string;
  readonly line: number;
}

/** The text with every comment blanked, so that offsets and lines stay. */
function withoutComments(text: string): string {
  return text.replaceAll(
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*/gm,
    (found) => (/^\/[/*]/.test(found) ? found.replaceAll(/[^\n]/g, ' ') : found),
  );
}

const lineAt = (text: string, offset: number) => text.slice(0, offset).split('\n').length;

/** Imports, re-exports, dynamic imports, and modules that a worker is started from; '' for a computed name. */
function importsOf(code: string): Import[] {
  const patterns = [
    /\b(?:import|export)\b[^;'"`=()]*?\bfrom\s*(['"])(?<from>[^'"\n]+)\1/g,
    /\bimport\s*(['"])(?<from>[^'"\n]+)\1/g,
    /\b(?:import|require)\s*\(\s*(?:(['"`])(?<from>[^'"`$\n]+)\1\s*[),])?/g,
    /\bnew\s+URL\s*\(\s*(['"])(?<from>\.[^'"\n]+\.[cm]?[jt]s)\1/g,
  ];
  return patterns
    .flatMap((pattern) => [...code.matchAll(pattern)])
    .map((match) => ({ from: match.groups?.from ?? '', line: lineAt(code, match.index) }))
    .sort((a, b) => a.line - b.line);
}

const isUnder = (file: string, place: string) => file === place || file.startsWith(`${place}/`);

/** @param file its path below src, with forward slashes */
function violationsIn(file: string, text: string): string[] {
  const code = withoutComments(text);
  const found: string[] = [];
  const report = (line: number, what: string) => found.push(`src/${file}:${line}: ${what}`);

  const area = Object.keys(MAY_IMPORT).find((place) => isUnder(file, place));
  if (area === undefined) report(1, 'lies in a folder that the design does not know');

  for (const { from, line } of importsOf(code)) {
    if (from === '') {
      // The user's own module, named on the command line, is the one thing that no source text can name.
      if (!isUnder(file, 'cli')) report(line, 'imports a module whose name is computed');
    } else if (from.startsWith('.')) {
      const target = posix.join(posix.dirname(file), from);
      const outside = target.startsWith('..');
      // package.json is read for the version.
      if (outside && target === '../package.json' && isUnder(file, 'cli')) continue;
      if (outside || !MAY_IMPORT[area ?? '']?.some((place) => isUnder(target, place))) {
        report(line, `imports ${target}, which ${area} must not know`);
      }
    } else if (from.startsWith('node:') || builtinModules.includes(from)) {
      if (!MAY_USE_NODE.some((place) => isUnder(file, place))) report(line, `imports ${from}`);
    }
  }

  if (REPRODUCIBLE.some((place) => isUnder(file, place))) {
    for (const { pattern, why } of UNREPRODUCIBLE) {
      for (const match of code.matchAll(pattern)) {
        report(lineAt(code, match.index), `${match[0]} ${why}`);
      }
    }
  }

  if (file === 'index.ts') {
    const rest = code.replaceAll(/\bexport\b[^;'"`=()]*?\bfrom\s*(['"])[^'"\n]+\1;?/g, (found) =>
      found.replaceAll(/[^\n]/g, ' '),
    );
    const at = rest.search(/\S/);
    if (at !== -1) report(lineAt(rest, at), 'index.ts holds more than re-exports');
  }
  return found;
}

const root = fileURLToPath(new URL('../', import.meta.url));
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.[cm]?[jt]sx?$/.test(name))
  .map((name) => name.split(sep).join('/'))
  .sort();

test('the sources keep to the directions of the design', () => {
  expect(sources.length).toBeGreaterThan(30);
  expect(
    sources.flatMap((file) => violationsIn(file, readFileSync(join(root, 'src', file), 'utf8'))),
  ).toEqual([]);
});

test('bin imports the command line and nothing else', () => {
  for (const file of readdirSync(join(root, 'bin'))) {
    const names = importsOf(withoutComments(readFileSync(join(root, 'bin', file), 'utf8')));
    expect(names.length).toBeGreaterThan(0);
    for (const { from } of names) expect(`${file}: ${from}`).toMatch(/: node:fs$|: \.\.\/dist\/cli\//);
  }
});

test('every file that may use node: modules exists', () => {
  const missing = MAY_USE_NODE.filter((place) => !sources.some((file) => isUnder(file, place)));
  expect(missing).toEqual([]);
});

describe('the scanner', () => {
  test.each([
    ['kernels/a.ts', "import { x } from '../network/layer.ts';", 'network/layer.ts'],
    ['kernels/a.ts', "import type {\n  A,\n  B,\n} from '../data/errors.ts';", 'data/errors.ts'],
    ['network/a.ts', "export { x } from '../train/trainer.ts';", 'train/trainer.ts'],
    ['network/a.ts', "export * from '../data/idx.ts';", 'data/idx.ts'],
    ['data/a.ts', "type N = import('../network/network.ts').Network;", 'network/network.ts'],
    ['data/a.ts', "import '../train/trainer.ts';", 'train/trainer.ts'],
    ['train/a.ts', "const m = await import('../cli/main.ts');", 'cli/main.ts'],
    ['train/a.ts', "new Worker(new URL('../cli/worker.ts', import.meta.url));", 'cli/worker.ts'],
    ['check/a.ts', "import { x } from '../train/trainer.ts';", 'train/trainer.ts'],
    ['explain/a.ts', "import { x } from '../formats/model.ts';", 'formats/model.ts'],
    ['formats/a.ts', "import { x } from '../data/idx.ts';", 'data/idx.ts'],
    ['web/a.ts', "import { x } from '../train/trainer.ts';", 'train/trainer.ts'],
    ['web/page/a.tsx', "import { x } from '../../cli/main.ts';", 'cli/main.ts'],
    ['web/page/a.tsx', "import { createServer } from 'node:http';", 'node:http'],
    ['web/protocol.ts', "import type { Server } from 'node:http';", 'node:http'],
    ['train/a.ts', "import type { PageInfo } from '../web/protocol.ts';", 'web/protocol.ts'],
    ['index.ts', "export { main } from './cli/main.ts';", 'cli/main.ts'],
    ['kernels/assembly/a.ts', "import { x } from '../matrix.ts';", 'kernels/matrix.ts'],
    ['network/a.ts', "import { x } from '../../test/support/matrices.ts';", './support/matrices.ts'],
    ['data/a.ts', "import { readFile } from 'node:fs/promises';", 'node:fs/promises'],
    ['data/a.ts', "import fs from 'fs';", 'fs'],
    ['train/a.ts', 'await import(name);', 'computed'],
    ['train/a.ts', `await import(\`../$\{name}.ts\`);`, 'computed'],
    ['network/a.ts', 'const y = Math.exp(x);', 'Math.exp'],
    ['network/a.ts', 'const { exp } = Math;', 'Math hides'],
    ['train/a.ts', `const s = \`$\{Math.random()}\`;`, 'Math.random'],
    ['train/a.ts', 'const t = Date.now();', 'Date'],
    ['train/a.ts', 'const t = new Date();', 'Date'],
    ['index.ts', 'export const x = 1;', 'more than re-exports'],
    ['index.ts', "import { x } from './network/layer.ts';", 'more than re-exports'],
    ['utils/a.ts', 'export const x = 1;', 'folder that the design does not know'],
  ])('finds in %s: %s', (file, text, what) => {
    const found = violationsIn(file, `/** What it is. */\n\n${text}\n`);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(what);
    expect(found[0]).toContain(`src/${file}:${file === 'utils/a.ts' ? 1 : 3}: `);
  });

  test('passes what the design allows', () => {
    const allowed = [
      ['network/a.ts', "import type { Kernels } from '../kernels/kernels.ts';\nMath.sqrt(Math.max(1, 2));"],
      ['train/a.ts', "import { Network } from '../network/network.ts';\nperformance.now();"],
      ['formats/a.ts', "import { DataError } from '../data/errors.ts';\nimport * as v from 'valibot';"],
      ['cli/a.ts', "import { x } from 'node:fs';\nawait import('../web/server.ts');"],
      ['index.ts', "/** Face. */\nexport type {\n  A,\n} from './kernels/matrix.ts';\n"],
      ['check/a.ts', "const t = Date.now();\nimport { Random } from '../kernels/random.ts';"],
    ];
    for (const [file, text] of allowed) expect(violationsIn(file, text)).toEqual([]);
  });

  test('does not read comments, and is not led astray by strings', () => {
    const text = `
/** Unlike Math.exp. import { x } from '../cli/main.ts'; */
// import fs from 'node:fs';
const url = 'https://example.org/* not a comment';
const y = Math.exp(1); // Math.log
`;
    expect(violationsIn('kernels/a.ts', text)).toEqual([
      'src/kernels/a.ts:5: Math.exp differs between engines or runs',
    ]);
  });
});
