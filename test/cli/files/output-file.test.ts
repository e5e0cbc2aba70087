/** Output files: what they refuse to replace, what they keep, and where their content goes when it cannot be written. */

import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { interruptedPath, OutputFile, type OutputRequest } from '../../../src/cli/files/output-file.ts';

const MODEL = '{\n "format": "mlp-model",\n "version": 1\n}\n';
const CHECKPOINT = 'mlp-ckpt\u0001';
const LOG = '{"event":"start"}\n';
const request: OutputRequest = { kind: 'model', flag: '--out' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlp output '));
});

async function written(path: string, text = MODEL): Promise<void> {
  const output = await OutputFile.open(path, request);
  await output.write(text).finally(() => output.release());
}

describe('what is replaced', () => {
  test.each([
    ['an IDX label file', '\u0000\u0000\b\u0001'],
    ['a thesis', 'Chapter 1'],
    ['a config', '{"hidden": [30]}'],
    ['a checkpoint', CHECKPOINT],
    ['a log', LOG],
    ['a CSV file', 'a,b\n1,2\n'],
  ])('a model does not replace %s', async (_, text) => {
    const path = join(folder, 'file');
    writeFileSync(path, text);
    await expect(OutputFile.open(path, request)).rejects.toThrow(/expected a model to replace, got/);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('a model replaces a model, and an empty file', async () => {
    for (const before of [MODEL, '']) {
      const path = join(folder, 'model.json');
      writeFileSync(path, before);
      await written(path, `${MODEL} `);
      expect(readFileSync(path, 'utf8')).toBe(`${MODEL} `);
    }
  });

  test('a file that the command reads is refused under any of its names', async () => {
    const path = join(folder, 'model.json');
    writeFileSync(path, MODEL);
    symlinkSync(path, join(folder, 'link.json'));
    const reading = { ...request, inputs: [path] };
    await expect(OutputFile.open(join(folder, 'link.json'), reading)).rejects.toThrow(
      /which this command reads/,
    );
    await expect(OutputFile.open(join(folder, '.', 'model.json'), reading)).rejects.toThrow(
      /which this command reads/,
    );
  });
});

describe('what is kept', () => {
  test('the mode of the file', async () => {
    const path = join(folder, 'model.json');
    writeFileSync(path, MODEL);
    chmodSync(path, 0o600);
    await written(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('a link, also one whose target does not exist yet', async () => {
    const link = join(folder, 'latest.json');
    mkdirSync(join(folder, 'runs'));
    symlinkSync(join('runs', 'model.json'), link);
    for (let i = 0; i < 2; i++) {
      await written(link);
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      expect(readFileSync(join(folder, 'runs', 'model.json'), 'utf8')).toBe(MODEL);
    }
  });

  test('a finished model is told from an interrupted one', async () => {
    const path = join(folder, 'model.json');
    for (const [text, finished] of [
      ['', false],
      ['{"format":"mlp-model","training":{"interrupted":true}}', false],
      ['{"format":"mlp-model","training":{}}', true],
      ['{"format":"mlp-model","training":', true],
    ] as const) {
      writeFileSync(path, text);
      const output = await OutputFile.open(path, request);
      expect(await output.holdsFinishedModel()).toBe(finished);
      output.release();
    }
    expect(interruptedPath('a.b/model.json')).toBe('a.b/model.interrupted.json');
    expect(interruptedPath('model')).toBe('model.interrupted');
  });
});

test('stdout that --json takes is refused', async () => {
  for (const path of ['-', '/dev/stdout']) {
    await expect(OutputFile.open(path, { ...request, noStdout: '--json prints to stdout' })).rejects.toThrow(
      /--json/,
    );
  }
});

test('/dev/null discards', async () => {
  await written('/dev/null');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

describe('locks', () => {
  const lock = () => join(folder, '.model.json.lock');

  test('a second output of the same file is refused while the first is open', async () => {
    const path = join(folder, 'model.json');
    const first = await OutputFile.open(path, request);
    await expect(OutputFile.open(path, request)).rejects.toThrow(`which process ${process.pid} writes`);
    first.release();
    expect(existsSync(lock())).toBe(false);
    (await OutputFile.open(path, request)).release();
  });

  test.each([
    ['of a process that is gone', (own: object) => ({ ...own, pid: 2 ** 22 + 1 })],
    ['of an earlier process with the same id', (own: object) => ({ ...own, started: '1' })],
    ['that was cut off', () => undefined],
  ])('a lock %s is taken over at once', async (_, change) => {
    const path = join(folder, 'model.json');
    const first = await OutputFile.open(path, request);
    const owner = JSON.parse(readFileSync(lock(), 'utf8'));
    first.release();
    const stale = change(owner);
    writeFileSync(lock(), stale === undefined ? '{"pid":' : JSON.stringify(stale));
    (await OutputFile.open(path, request)).release();
    expect(existsSync(lock())).toBe(false);
  });

  test('a lock of another machine holds while it is renewed', async () => {
    const path = join(folder, 'model.json');
    writeFileSync(lock(), JSON.stringify({ pid: 1, started: '1', place: 'elsewhere' }));
    await expect(OutputFile.open(path, request)).rejects.toThrow('which process 1 writes');
  });
});
