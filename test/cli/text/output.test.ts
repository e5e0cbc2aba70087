/** Where `mlp train` writes: a path that cannot be written is found at once, an old model is never harmed. */

import { chmod, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectError, freshFolder, longTraining, mlp, shortTraining, start } from '../run.ts';

let cwd: string;
let remove: () => Promise<void>;

beforeEach(async () => {
  ({ cwd, remove } = await freshFolder());
});
afterEach(() => remove());

const isRoot = process.getuid?.() === 0;

describe('a path that cannot be written is refused before training starts:', () => {
  // stdout is empty, so no epoch was trained; a run of this length would not end in time either.
  const refused = (out: string) => mlp(longTraining('--out', out), { cwd });

  test('in a folder that is missing', async () => {
    expectError(await refused('no/model.json'), 3, 'no/model.json', 'no folder');
  });

  test('a folder', async () => {
    await mkdir(join(cwd, 'taken'));
    expectError(await refused('taken'), 3, 'taken', 'folder');
  });

  test.skipIf(process.platform === 'win32')('a device', async () => {
    expectError(await refused('/dev/zero'), 3, '/dev/zero', 'device');
  });

  test('below a file', async () => {
    await writeFile(join(cwd, 'file'), '');
    expectError(await refused('file/model.json'), 3, 'file/model.json');
  });

  // root may write anywhere, so for root there is nothing to refuse.
  test.skipIf(isRoot)('in a folder that is read-only (not as root)', async () => {
    await mkdir(join(cwd, 'closed'));
    await chmod(join(cwd, 'closed'), 0o555);
    expectError(await refused('closed/model.json'), 3, 'closed/model.json', 'permission denied');
    await chmod(join(cwd, 'closed'), 0o755);
  });

  test.skipIf(isRoot)('a model that is read-only (not as root)', async () => {
    await writeFile(join(cwd, 'old.json'), 'old', { mode: 0o444 });
    expectError(await refused('old.json'), 3, 'old.json', 'permission denied');
  });
});

describe('the old model', () => {
  const old = JSON.stringify({ format: 'mlp-model', name: 'the old model, byte for byte' });
  const now = () => readFile(join(cwd, 'model.json'), 'utf8');
  beforeEach(() => writeFile(join(cwd, 'model.json'), old));

  test('stays when training diverges, which exits with 5', async () => {
    const result = await mlp(shortTraining('--quiet', '--learning-rate', '1e30'), { cwd });
    expectError(result, 5, /epoch \d+, batch \d+ of \d+ \(step \d+\)/, 'learning rate of 1e+30');
    expect(await now()).toBe(old);
    expect(await readdir(cwd)).toEqual(['model.json']);
  });

  test('stays when it diverges with --json, whose stdout is JSON to the last', async () => {
    const result = await mlp(shortTraining('--json', '--learning-rate', '1e30'), { cwd });
    expect(result).toMatchObject({ code: 5, stderr: expect.stringMatching(/^error: [^\n]+\n$/) });
    for (const line of result.stdout.trim().split('\n')) expect(JSON.parse(line).event).not.toBe('end');
    expect(await now()).toBe(old);
  });

  test('stays when the data cannot be read', async () => {
    expectError(await mlp(['train', '--data', 'nowhere'], { cwd }), 3, 'nowhere');
    expect(await now()).toBe(old);
  });

  test('stays while another is trained, and when that run is killed', async () => {
    const { child, result, printed } = start(longTraining(), { cwd });
    await printed('epoch      2/');
    expect(await now()).toBe(old);
    child.kill('SIGKILL');
    expect(await result).toMatchObject({ signal: 'SIGKILL' });
    expect(await now()).toBe(old);
    // The lock of the dead run is left for the next one to take over.
    expect(await readdir(cwd)).toEqual(['.model.json.lock', 'model.json']);
  });

  test('is replaced by one that is whole', async () => {
    expect((await mlp(shortTraining(), { cwd })).code).toBe(0);
    expect(JSON.parse(await now())).toMatchObject({ format: 'mlp-model' });
    expect(await readdir(cwd)).toEqual(['model.json']);
  });
});

test.skipIf(process.platform === 'win32')(
  'a link stays a link, and what it points to is replaced',
  async () => {
    await mkdir(join(cwd, 'models'));
    await writeFile(join(cwd, 'models', 'real.json'), '{"format":"mlp-model"}');
    await symlink(join('models', 'real.json'), join(cwd, 'link.json'));
    expect((await mlp(shortTraining('--out', 'link.json'), { cwd })).code).toBe(0);
    expect((await lstat(join(cwd, 'link.json'))).isSymbolicLink()).toBe(true);
    expect(JSON.parse(await readFile(join(cwd, 'models', 'real.json'), 'utf8')).version).toBe(1);
  },
);

test('a folder that vanishes during training costs no model: it is saved elsewhere', async () => {
  await mkdir(join(cwd, 'sub'));
  await mkdir(join(cwd, 'tmp'));
  const env = { TMPDIR: join(cwd, 'tmp'), TEMP: join(cwd, 'tmp'), TMP: join(cwd, 'tmp') };
  const { child, result, printed } = start(longTraining('--out', 'sub/model.json'), { cwd, env });
  await printed('epoch      1/');
  await rm(join(cwd, 'sub'), { recursive: true });
  child.kill('SIGINT');
  const { code, stderr } = await result;
  expect(code).toBe(3);
  const [, refuge] = stderr.match(/error: cannot write sub\/model\.json.*saved as (.+) instead\n$/) ?? [];
  expect((await mlp(['inspect', refuge], { cwd })).code).toBe(0);
});
