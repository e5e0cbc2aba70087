/** Runs survive streams that nobody reads, closed terminals, and each other; what is there is not lost to what is half done. */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  digits,
  expectError,
  freshFolder,
  jsonLines,
  lines,
  longTraining,
  mlp,
  mlpAlone,
  shortTraining,
  start,
} from '../run.ts';

const program = fileURLToPath(new URL('../../../bin/mlp.js', import.meta.url));
const isWindows = process.platform === 'win32';
const isLinux = process.platform === 'linux';

let cwd: string;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ cwd, remove } = await freshFolder());
});
afterEach(() => remove());

const modelAt = (name: string) => JSON.parse(readFileSync(join(cwd, name), 'utf8'));

describe.skipIf(!isLinux)('streams that cannot be written', () => {
  const command = `"${process.execPath}" "${program}" ${shortTraining()
    .map((word) => `"${word}"`)
    .join(' ')}`;
  test.each([
    ['stderr on a full disk', '2>/dev/full', 0],
    ['stdout and stderr into a reader that has gone', '2>&1 | head -n 1 >/dev/null', 0],
    ['no stderr', '2>&-', 0],
    ['no stdout', '>&-', 0],
    ['no stream at all', '<&- >&- 2>&-', 0],
    ['JSON into a reader that has gone', '--json | head -n 1 >/dev/null', 0],
    ['stdout on a full disk', '>/dev/full', 3],
  ])('%s', (_, redirection, code) => {
    const script = `${command} ${redirection}; echo "code \${PIPESTATUS[0]}" >&9`;
    const { output } = spawnSync('bash', ['-c', script], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe', ...Array(6).fill('ignore'), 'pipe'],
    });
    expect(`${output[9]}`).toBe(`code ${code}\n`);
    expect(modelAt('model.json').training.interrupted).toBeUndefined();
  });
});

/** A run in a terminal of its own; `close` closes the terminal. */
function inTerminal(args: readonly string[]) {
  const words = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qfec', words, '/dev/null'], { cwd, stdio: ['pipe', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  return { text: () => text, close: () => child.kill('SIGKILL') };
}

const hasScript = isLinux && spawnSync('script', ['--version']).status === 0;

describe.skipIf(isWindows)('SIGHUP', () => {
  test.skipIf(!hasScript)('a closed terminal leaves a model', async () => {
    const terminal = inTerminal(longTraining());
    await vi.waitFor(() => expect(terminal.text()).toContain('3/100000'), { timeout: 60_000 });
    terminal.close();
    await vi.waitFor(() => expect(modelAt('model.json').training.interrupted).toBe(true), {
      timeout: 60_000,
    });
  });

  test('does not end a run without a terminal, as under nohup', async () => {
    const { child, result, printed } = start(longTraining('--json'), { cwd });
    await printed('"epoch":2,');
    child.kill('SIGHUP');
    await printed('"epoch":2000,');
    child.kill('SIGINT');
    expect((await result).code).toBe(130);
  });
});

describe.skipIf(isWindows)('an interrupted run', () => {
  test('goes beside a finished model, and the last line says so', async () => {
    await mlp(shortTraining(), { cwd });
    const finished = readFileSync(join(cwd, 'model.json'));
    for (const extra of [[], ['--repeat', '2']]) {
      const { child, result, printed } = start(longTraining(...extra), { cwd });
      await printed('epoch      3/');
      child.kill('SIGINT');
      const { code, stdout } = await result;
      expect(code).toBe(130);
      expect(lines(stdout).at(-1)).toContain('model.interrupted.json');
      expect(readFileSync(join(cwd, 'model.json')).equals(finished)).toBe(true);
      expect(modelAt('model.interrupted.json').training.interrupted).toBe(true);
    }
  });

  test('replaces the model of another interrupted run', async () => {
    for (let i = 0; i < 2; i++) {
      const { child, result, printed } = start(longTraining('--json'), { cwd });
      await printed('"epoch":2,');
      child.kill('SIGINT');
      expect(jsonLines((await result).stdout).at(-1)).toMatchObject({ model: 'model.json' });
    }
    expect(readdirSync(cwd)).toEqual(['model.json']);
  });
});

describe('what is not replaced', () => {
  test('the config, the data, a log or a text, by --out, --log and --checkpoint', async () => {
    writeFileSync(join(cwd, 'config.json'), JSON.stringify({ hidden: [8], epochs: 1 }));
    writeFileSync(join(cwd, 'thesis.txt'), 'Chapter 1');
    expectError(
      await mlp(shortTraining('--config', 'config.json', '--out', 'config.json'), { cwd }),
      2,
      '--config',
    );
    const labels = join(digits, 'train-labels-idx1-ubyte');
    const label = existsSync(labels) ? labels : `${labels}.gz`;
    const before = readFileSync(label);
    for (const flag of ['--out', '--log', '--checkpoint']) {
      expectError(await mlp(shortTraining(flag, 'thesis.txt'), { cwd }), 3, 'thesis.txt', 'another kind');
      expectError(await mlp(shortTraining(flag, label), { cwd }), 3, 'another kind');
    }
    await mlp(shortTraining('--out', 'other.json'), { cwd });
    expectError(
      await mlp(shortTraining('--log', 'other.json'), { cwd }),
      3,
      "expected a run's log",
      'got a model',
    );
    expectError(await mlp(shortTraining('--checkpoint', 'other.json'), { cwd }), 3, 'got a model');
    expect(readFileSync(label).equals(before)).toBe(true);
    expect(readFileSync(join(cwd, 'thesis.txt'), 'utf8')).toBe('Chapter 1');
  });
});

describe('--out', () => {
  test.skipIf(isWindows).each(['-', '/dev/stdout'])(
    '%s is stdout, which the model has for itself',
    async (path) => {
      const { code, stdout, stderr } = await mlpAlone(shortTraining('--out', path), { cwd });
      expect(code).toBe(0);
      expect(JSON.parse(stdout).format).toBe('mlp-model');
      expect(stderr).toContain('test accuracy');
      expectError(await mlp(shortTraining('--json', '--out', path), { cwd }), 2, '--json prints to stdout');
      expect(readdirSync(cwd)).toEqual([]);
    },
  );

  test.skipIf(isWindows)('/dev/null discards', async () => {
    expect((await mlp(shortTraining('--out', '/dev/null'), { cwd })).code).toBe(0);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });
});

test.skipIf(isWindows)(
  'a second run on one --out, --checkpoint or --log is refused, until the first has died',
  async () => {
    const { child, result, printed } = start(
      longTraining('--json', '--out', 'a.json', '--checkpoint', 'a.ckpt', '--log', 'a.log'),
      { cwd },
    );
    await printed('"epoch":2,');
    for (const [flag, path] of [
      ['--out', 'a.json'],
      ['--checkpoint', 'a.ckpt'],
      ['--log', 'a.log'],
    ]) {
      expectError(await mlp(shortTraining(flag, path), { cwd }), 3, flag, `process ${child.pid}`);
    }
    child.kill('SIGKILL');
    await result;
    const again = shortTraining('--out', 'a.json', '--checkpoint', 'a.ckpt', '--log', 'a.log');
    expect((await mlp(again, { cwd })).code).toBe(0);
    expect(readdirSync(cwd).sort()).toEqual(['a.ckpt', 'a.json', 'a.log']);
  },
);
