/** Checkpoints and logs that cannot be written: refused at once, or told once while training goes on. */

import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CheckpointTarget, CheckpointWriter } from '../../../src/cli/train/checkpoint-file.ts';
import { decodeCheckpoint } from '../../../src/formats/checkpoint.ts';
import type { RunState } from '../../../src/train/run/run-state.ts';
import {
  expectError,
  freshFolder,
  jsonLines,
  lines,
  longTraining,
  mlp,
  shortTraining,
  start,
} from '../run.ts';

const isWindows = process.platform === 'win32';
const isRoot = process.getuid?.() === 0;

let cwd: string;
let remove: () => Promise<void>;

beforeEach(async () => {
  ({ cwd, remove } = await freshFolder());
});
afterEach(() => remove());

describe('before training starts', () => {
  test.each(['--checkpoint', '--log'])('%s in a folder that is missing is refused', async (flag) => {
    expectError(await mlp(longTraining(flag, 'no/file'), { cwd }), 3, 'no/file');
  });

  test.each(['--checkpoint', '--log'])('%s that is a folder is refused', async (flag) => {
    await mkdir(join(cwd, 'taken'));
    expectError(await mlp(longTraining(flag, 'taken'), { cwd }), 3, 'taken', 'folder');
  });

  // root may write anywhere, so for root there is nothing to refuse.
  test.skipIf(isRoot)('a folder that is read-only is refused (not as root)', async () => {
    await mkdir(join(cwd, 'closed'));
    await chmod(join(cwd, 'closed'), 0o555);
    for (const flag of ['--checkpoint', '--log']) {
      expectError(await mlp(longTraining(flag, 'closed/file'), { cwd }), 3, 'closed/file', 'permission');
    }
    await chmod(join(cwd, 'closed'), 0o755);
  });
});

test('what a killed process left half-written is removed, what a running one writes is not', async () => {
  const names = [
    '.run.ckpt.999999999.tmp',
    `.run.ckpt.${process.pid}.tmp`,
    '.run.ckpt.x.tmp',
    'run.ckpt.1.tmp',
  ];
  for (const name of names) await writeFile(join(cwd, name), '');
  expect((await mlp(shortTraining('--checkpoint', 'run.ckpt'), { cwd })).code).toBe(0);
  expect((await readdir(cwd)).sort()).toEqual([...names.slice(1), 'model.json', 'run.ckpt'].sort());
});

test('a folder that vanishes costs checkpoints, is told once, and costs no training', async () => {
  await mkdir(join(cwd, 'sub'));
  const args = longTraining('--json', '--checkpoint', 'sub/run.ckpt', '--checkpoint-every', '3');
  const { child, result, printed } = start(args, { cwd });
  await printed('"epoch":5,');
  // Moved, not removed: a checkpoint may be on its way into it.
  await rename(join(cwd, 'sub'), join(cwd, 'gone'));
  await printed('"epoch":300,');
  child.kill(isWindows ? 'SIGKILL' : 'SIGINT');
  const { code, stdout, stderr } = await result;
  if (isWindows) return;
  expect(code).toBe(130);
  expect(stderr).toMatch(
    /^warning: cannot write sub\/run\.ckpt: no such file or folder; training goes on without (new )?checkpoints\n$/,
  );
  expect(jsonLines(stdout).at(-1)).toMatchObject({ interrupted: true, model: 'model.json' });
});

// A limit on the size of files fails as a full disk does: in the middle of a write.
test.skipIf(isWindows)('a disk that is full leaves the last good checkpoint as it was', async () => {
  expect((await mlp(shortTraining('--checkpoint', 'run.ckpt'), { cwd })).code).toBe(0);
  const before = await readFile(join(cwd, 'run.ckpt'));
  const program = fileURLToPath(new URL('../../../bin/mlp.js', import.meta.url));
  const words = [process.execPath, program, ...shortTraining('--hidden', '70', '--checkpoint', 'run.ckpt')];
  const { code, stdout, stderr } = await new Promise<{ code: number; stdout: string; stderr: string }>(
    (done) =>
      execFile('sh', ['-c', 'ulimit -f 200 && exec "$@"', 'sh', ...words], { cwd }, (error, stdout, stderr) =>
        done({ code: Number(error?.code ?? 0), stdout, stderr }),
      ),
  );
  expect(stderr).toContain('warning: cannot write run.ckpt: the file is larger than the system allows');
  expect(stderr.match(/warning/g)).toHaveLength(1);
  expect(lines(stdout)).toHaveLength(2);
  // The model is as large, so that it cannot be written either: that is the error.
  expect(code).toBe(3);
  expect(stderr).toMatch(/error: cannot write model\.json: [^\n]+\n$/);
  expect((await readFile(join(cwd, 'run.ckpt'))).equals(before)).toBe(true);
  expect((await readdir(cwd)).sort()).toEqual(['model.json', 'run.ckpt']);
});

describe('the log', () => {
  test('holds what --json prints, and another run appends to it', async () => {
    const { stdout } = await mlp(shortTraining('--json', '--log', 'run.ndjson'), { cwd });
    const logged = jsonLines(await readFile(join(cwd, 'run.ndjson'), 'utf8'));
    expect(logged.map(({ run, ...event }) => event)).toEqual(jsonLines(stdout));
    const text = await mlp(shortTraining('--log', 'run.ndjson'), { cwd });
    expect(text.stdout).toContain('epoch 2/2');
    const events = jsonLines(await readFile(join(cwd, 'run.ndjson'), 'utf8')).map(({ event }) => event);
    expect(events).toEqual(['start', 'epoch', 'epoch', 'end', 'start', 'epoch', 'epoch', 'end']);
    const runs = jsonLines(await readFile(join(cwd, 'run.ndjson'), 'utf8')).map(({ run }) => run);
    expect(new Set(runs.slice(0, 4)).size).toBe(1);
    expect(new Set(runs).size).toBe(2);
  });

  test('ends a line that was cut off', async () => {
    await writeFile(join(cwd, 'run.ndjson'), '{"event":"epo');
    await mlp(shortTraining('--log', 'run.ndjson'), { cwd });
    const [first, ...rest] = lines(await readFile(join(cwd, 'run.ndjson'), 'utf8'));
    expect(first).toBe('{"event":"epo');
    expect(rest.map((line) => JSON.parse(line).event)).toEqual(['start', 'epoch', 'epoch', 'end']);
  });

  test.skipIf(process.platform !== 'linux')('on a full disk is told once and costs no training', async () => {
    const { code, stdout, stderr } = await mlp(shortTraining('--json', '--log', '/dev/full'), { cwd });
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toHaveLength(4);
    expect(stderr).toBe(
      'warning: cannot write /dev/full: no space left on the device; training goes on without the log\n',
    );
  });
});

describe('the writer', () => {
  const run = { mlp: '1', config: {}, data: { source: 's', sha256: '' } };
  const state = (steps: number): RunState => ({
    ...{ epoch: 1, batch: steps, steps, lossSum: 0, correctSum: 0, samples: 0, epochSeconds: 0, seconds: 0 },
    ...{ generators: {}, parameters: [], optimizer: { steps, state: [] } },
  });

  /** A disk on which each write waits for `release`, which may make it fail. */
  function slowDisk() {
    const pending: { steps: number; release: (error?: Error) => void }[] = [];
    const target: CheckpointTarget = {
      path: 'run.ckpt',
      replace: async (content) => {
        const { state: written } = await decodeCheckpoint(new Uint8Array(content as Uint8Array), 'run.ckpt');
        await new Promise<void>((resolve, reject) =>
          pending.push({
            steps: written.steps,
            release: (error) => (error === undefined ? resolve() : reject(error)),
          }),
        );
      },
    };
    const next = async () => {
      while (pending.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      return pending.shift() as (typeof pending)[number];
    };
    return { target, pending, next };
  }

  test('writes one at a time, of those that wait the newest', async () => {
    const { target, pending, next } = slowDisk();
    const writer = new CheckpointWriter(target, run, () => expect.unreachable());
    writer.offer(state(1));
    const first = await next();
    for (const steps of [2, 3, 4]) writer.offer(state(steps));
    expect([first.steps, pending.length]).toEqual([1, 0]);
    first.release();
    const second = await next();
    expect(second.steps).toBe(4);
    const finished = writer.finish();
    second.release();
    await finished;
    expect([writer.written, writer.failing, pending.length]).toEqual([2, false, 0]);
  });

  test('tells of the first failure in a row, and tries again with the next', async () => {
    const { target, next } = slowDisk();
    const told: string[] = [];
    const writer = new CheckpointWriter(target, run, (line) => told.push(line));
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
    const failing: boolean[] = [];
    for (const error of [full, full, undefined, full]) {
      writer.offer(state(1));
      (await next()).release(error);
      await writer.finish();
      failing.push(writer.failing);
    }
    expect(failing).toEqual([true, true, false, true]);
    expect(told).toEqual([
      'cannot write run.ckpt: no space left on the device; training goes on without checkpoints',
      'cannot write run.ckpt: no space left on the device; training goes on without new checkpoints',
    ]);
  });
});
