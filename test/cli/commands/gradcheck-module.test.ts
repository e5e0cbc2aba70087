/** `mlp gradcheck MODULE` as a user runs it: right and wrong modules, JSON, and files that cannot be checked. */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectError, expectPlain, freshFolder, mlpAlone, start } from '../run.ts';

const AFFINE = `export const shapes = { x: [4, 3], W: [3, 2], b: [2] };

export const forward = (x, { W, b }) =>
  x.map((row) => b.map((bj, j) => row.reduce((z, xi, i) => z + xi * W[i][j], bj)));

export const backward = (delta, x, { W, b }) => ({
  x: delta.map((d) => W.map((w) => d.reduce((sum, dj, j) => sum + dj * w[j], 0))),
  W: W.map((w, i) => w.map((_, j) => x.reduce((sum, row, n) => sum + row[i] * delta[n][j], 0))),
  b: b.map((_, j) => delta.reduce((sum, d) => sum + d[j], 0)),
});
`;

const FILES: Record<string, string> = {
  'affine.js': AFFINE,
  'mean.mjs': AFFINE.replace('sum + d[j], 0)', 'sum + d[j] / x.length, 0)'),
  'relu.mjs':
    'export const forward = (x) => x.map((row) => row.map((z) => Math.max(0, z)));\nexport const backward = (delta) => delta;\n',
  'class.cjs':
    'module.exports = class { forward(x) { return (this.y = x.map((r) => r.map(Math.tanh))); }\n  backward(delta) { return delta.map((d, n) => d.map((v, j) => v * (1 - this.y[n][j] ** 2))); } };\n',
  'loud.mjs':
    'console.log("loud");\nexport const forward = (x) => x.map((r) => [...r]);\nexport const backward = (d) => d;\n',
  'a folder/ü.js': AFFINE,
  'layer.ts':
    'export const forward = (x: number[][]) => x.map((r) => [...r]);\nexport const backward = (d: number[][]) => d;\n',
  'syntax.mjs': 'export const forward = (x) => x;\n\nexport const backward = (delta) => delta delta;\n',
  'throws.mjs': '\nthrow new Error("not today");\n',
  'missing-import.mjs': "import './nowhere.mjs';\n",
  'empty.mjs': '',
  'no-backward.mjs': 'export const forward = (x) => x;\n',
  'forward-throws.mjs':
    'export const forward = (x) =>\n  x.nothing.at;\nexport const backward = (delta) => delta;\n',
  'async.mjs': 'export const forward = async (x) => x;\nexport const backward = (delta) => delta;\n',
  'nan.mjs':
    'export const forward = (x) => x.map((r) => r.map(Math.log));\nexport const backward = (delta) => delta;\n',
  'backward-throws.mjs':
    'export const forward = (x) => x;\nexport const backward = (delta) => delta.nothing.at;\n',
  'notes.txt': 'no module\n',
  'methods.cjs':
    'module.exports = { forward(x) { return x.map((r) => r.map((v) => v * v)); },\n  backward(d, x) { return d.map((r, n) => r.map((v, j) => 2 * v * x[n][j])); } };\n',
  'exits.mjs': 'process.exit(0);\nexport const forward = (x) => x;\nexport const backward = (d) => d;\n',
  'exits-later.mjs': 'export const forward = (x) => x;\nexport const backward = () => process.exit(0);\n',
  'waits.mjs':
    'await new Promise(() => {});\nexport const forward = (x) => x;\nexport const backward = (d) => d;\n',
  'timer.mjs':
    'setInterval(() => {}, 1000);\nsetTimeout(() => process.exit(0), 1000);\nexport const forward = (x) => x.map((r) => [...r]);\nexport const backward = (d) => d.map((r) => r.map((v) => 2 * v));\n',
  'thread.mjs':
    'import { Worker } from "node:worker_threads";\nconst worker = new Worker("process.exit(0)", { eval: true });\nawait new Promise((done) => worker.on("message", done));\nexport const forward = (x) => x;\nexport const backward = (d) => d;\n',
  'loops.mjs': 'export const forward = () => { for (;;); };\nexport const backward = (d) => d;\n',
  'fills.mjs':
    'export const forward = () => Array.from({ length: 100000 }, () => new Array(30000).fill(1.5));\nexport const backward = (d) => d;\n',
  'fills-typed.mjs':
    'export const forward = () => Array.from({ length: 100000 }, () => new Float64Array(30000).fill(1));\nexport const backward = (d) => d;\n',
  'large.mjs':
    'export const shapes = { x: [100000, 30000] };\nexport const forward = (x) => x;\nexport const backward = (d) => d;\n',
  'throws-later.mjs':
    'setTimeout(() => { throw new Error("late"); });\nawait new Promise((done) => setTimeout(done, 60000));\nexport const forward = (x) => x;\nexport const backward = (d) => d;\n',
  'kills.mjs':
    'export const forward = (x) => x;\nexport const backward = () => process.kill(process.pid, "SIGKILL");\n',
  'getter.mjs': 'export default { get forward() { throw new Error("gone"); }, backward: (d) => d };\n',
  'slow.mjs':
    'export const forward = (x) => { const end = performance.now() + 80; while (performance.now() < end); return x; };\nexport const backward = (d) => d;\n',
};

let folder: Awaited<ReturnType<typeof freshFolder>>;

beforeAll(async () => {
  folder = await freshFolder();
  for (const [name, text] of Object.entries(FILES)) {
    const path = join(folder.cwd, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
});
afterAll(() => folder.remove());

const gradcheck = (...args: string[]) => mlpAlone(['gradcheck', ...args], { cwd: folder.cwd });

describe('a right module', () => {
  test.each(['./affine.js', 'affine.js', 'class.cjs', 'methods.cjs', 'a folder/ü.js'])(
    '%s passes',
    async (path) => {
      const { code, stdout } = await gradcheck(path);
      expect(code).toBe(0);
      expect(stdout).toMatch(/\npassed: \d+ checks\n$/);
      expectPlain(stdout);
    },
  );

  test('is found by its whole path too', async () => {
    expect(await gradcheck(join(folder.cwd, 'affine.js'))).toMatchObject({ code: 0 });
  });
});

describe('a wrong module', () => {
  test('exits with 4 and says what is wrong', async () => {
    const { code, stdout } = await gradcheck('./mean.mjs');
    expect(code).toBe(4);
    expect(stdout).toContain('mean.mjs: a layer, x 4×3, W 3×2, b [2] → 4×2');
    expect(stdout).toMatch(/\nok {4}dW/);
    expect(stdout).toMatch(/\nfail {2}db {2}\[2\] {2}error /);
    expect(stdout).toMatch(/\n {6}divided by N = 4 once too often/);
    expect(stdout).toMatch(/\nfailed: db\n$/);
    expectPlain(stdout);
  });

  test('whose backward throws exits with 4', async () => {
    const { code, stdout } = await gradcheck('backward-throws.mjs');
    expect(code).toBe(4);
    expect(stdout).toMatch(/backward failed with TypeError: [\s\S]*\(backward-throws\.mjs:2\)/);
  });

  test('is told in JSON with --json', async () => {
    const { code, stdout, stderr } = await gradcheck('relu.mjs', '--json');
    expect({ code, stderr }).toEqual({ code: 4, stderr: '' });
    const { passed, checks } = JSON.parse(stdout);
    expect(passed).toBe(false);
    expect(checks[0]).toEqual({
      name: 'dx',
      formulas: [],
      method: 'central-difference',
      expected: 'pass',
      maxRelativeError: expect.any(Number),
      tolerance: 1e-6,
      passed: false,
      unchecked: 0,
      diagnosis: expect.stringMatching(/^φ′ is missing/),
    });
    expect(checks.slice(1).every((check: { passed: boolean }) => check.passed)).toBe(true);
  });
});

test('a module that leaves timers has the verdict of its gradients, and the command ends', async () => {
  const { code, stdout } = await gradcheck('timer.mjs');
  expect(code).toBe(4);
  expect(stdout).toMatch(/\nfailed: dx\n$/);
});

test('--json leaves stdout to the JSON, whatever the module prints', async () => {
  const { code, stdout, stderr } = await gradcheck('loud.mjs', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).passed).toBe(true);
  expect(stderr).toBe('loud\n');
});

test('a check that takes long says so on stderr before it begins', async () => {
  const { child, result } = start(['gradcheck', 'slow.mjs'], { cwd: folder.cwd });
  const said = await new Promise<string>((done) => child.stderr.once('data', done));
  child.kill();
  await result;
  expect(said).toMatch(/^slow\.mjs: 168 calls of forward, about \d+ seconds; smaller shapes show the same/);
});

test('--tolerance and --seed are taken', async () => {
  expect(await gradcheck('relu.mjs', '--tolerance', '0.99', '--seed', '2')).toMatchObject({ code: 4 });
  const [one, again, other] = await Promise.all([
    gradcheck('mean.mjs', '--seed', '1'),
    gradcheck('mean.mjs'),
    gradcheck('mean.mjs', '--seed', '2'),
  ]);
  expect(again.stdout).toBe(one.stdout);
  expect(other.stdout).not.toBe(one.stdout);
});

test.each([
  [['--tolerance', '0'], '--tolerance: expected a number between 0 and 1, got "0"'],
  [['--tolerance', 'small'], '--tolerance: expected a number between 0 and 1, got "small"'],
  [['--time-limit', '0'], '--time-limit: expected a number above 0 and at most 86400, got "0"'],
  [['--memory-limit', '1'], '--memory-limit: expected a whole number from 100 to 1000000, got "1"'],
  [['--seed', '-1'], '--seed: expected a whole number from 0 to 4294967295, got "-1"'],
])('%j is refused', async (flags, message) => {
  expectError(await gradcheck('affine.js', ...flags), 2, message);
});

describe('is refused with exit code 3:', () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const runsTypeScript = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);

  test.each([
    ['nowhere.mjs', /cannot read nowhere\.mjs: no such file or folder/],
    ['.', /cannot read \.: expected a JavaScript file, got a folder/],
    ['syntax.mjs', /cannot load syntax\.mjs: SyntaxError: .* \(syntax\.mjs:3\)/],
    ['throws.mjs', /cannot load throws\.mjs: Error: not today \(throws\.mjs:2\)/],
    ['missing-import.mjs', /cannot load missing-import\.mjs: Error: Cannot find module '.*nowhere\.mjs'/],
    ['notes.txt', /cannot load notes\.txt: expected a \.js, \.mjs, \.cjs or \.ts file, got \.txt/],
    ['empty.mjs', /empty\.mjs: expected functions forward and backward, got nothing exported/],
    ['no-backward.mjs', /no-backward\.mjs: expected a function backward beside forward/],
    ['forward-throws.mjs', /forward: expected an output, got TypeError: .* \(forward-throws\.mjs:2\)/],
    ['async.mjs', /async\.mjs: forward: expected an array of numbers, got a Promise/],
    [
      'exits.mjs',
      /exits\.mjs: it ended the process \(process\.exit\) with code 0 before anything could be checked/,
    ],
    ['exits-later.mjs', /exits-later\.mjs: it ended the process \(process\.exit\)/],
    ['waits.mjs', /cannot load waits\.mjs: its top-level await never ends/],
    ['thread.mjs', /cannot load thread\.mjs: its top-level await never ends/],
    ['large.mjs', /shapes: expected at most 10000000 numbers in all, got \{"x":\[100000,30000\]\}/],
    ['throws-later.mjs', /it threw besides its forward and backward: Error: late \(throws-later\.mjs:1\)/],
    ['kills.mjs', /kills\.mjs: (its process was ended by SIGKILL|it ended the process)/],
    ['getter.mjs', /getter\.mjs: expected functions forward and backward, got Error: gone/],
    ['nan.mjs', /nan\.mjs: forward: expected finite numbers, got NaN at \[\d, \d\]/],
  ])('%s', async (path, message) => expectError(await gradcheck(path), 3, message));

  test('one that never ends', async () => {
    const { code, stdout, stderr } = await gradcheck('loops.mjs', '--time-limit', '3');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^error: loops\.mjs: it did not end within 3 seconds; .*--time-limit larger\n$/);
  });

  test.each(['fills.mjs', 'fills-typed.mjs'])('one that fills the memory: %s', async (path) => {
    const { code, stdout, stderr } = await gradcheck(path, '--memory-limit', '300', '--json');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^error: fills\S*\.mjs: it needs more than 300 megabytes of memory; .*\n$/);
  });

  test.skipIf(runsTypeScript)('TypeScript on a Node that does not run it', async () => {
    expectError(await gradcheck('layer.ts'), 3, /layer\.ts: Node \S+ does not run .*Node 22\.18 or newer/);
  });

  test.runIf(runsTypeScript)('but not TypeScript on a Node that runs it', async () => {
    expect(await gradcheck('layer.ts')).toMatchObject({ code: 0 });
  });
});
