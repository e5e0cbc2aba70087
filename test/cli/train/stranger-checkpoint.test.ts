/** Checkpoints from somebody else, signed again after they were changed: nothing is written where they say, nothing hangs. */

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../../../src/formats/checkpoint.ts';
import { expectError, freshFolder, mlp, shortTraining } from '../run.ts';

let cwd: string;
let remove: () => Promise<void>;
let checkpoint: Checkpoint;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
  const trained = await mlp(shortTraining('--checkpoint', 'own.ckpt', '--out', 'own.json', '--quiet'), {
    cwd,
  });
  expect(trained.code, trained.stderr).toBe(0);
  checkpoint = await decodeCheckpoint(new Uint8Array(await readFile(join(cwd, 'own.ckpt'))), 'own.ckpt');
});
afterAll(() => remove());

const write = async (name: string, changed: Partial<Checkpoint>) =>
  writeFile(join(cwd, name), await encodeCheckpoint({ ...checkpoint, ...changed }));

test('no file is written that a checkpoint names: the model goes beside it', async () => {
  const victims = join(cwd, 'victims');
  await mkdir(victims);
  await mkdir(join(cwd, 'inbox'));
  const config = {
    ...checkpoint.config,
    out: join(victims, '.bashrc'),
    log: join(victims, 'cron.log'),
    checkpoint: join(victims, 'other.ckpt'),
  };
  await write('inbox/their.ckpt', { config });
  const resumed = await mlp(['train', '--resume', 'inbox/their.ckpt'], { cwd });
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(await readdir(victims)).toEqual([]);
  expect((await readdir(join(cwd, 'inbox'))).sort()).toEqual(['model.json', 'their.ckpt']);
  for (const [flag, name] of [
    ['--out', '.bashrc'],
    ['--log', 'cron.log'],
  ]) {
    expect(resumed.stderr).toContain(`warning: inbox/their.ckpt names ${join(victims, name)} for ${flag}`);
  }
  // What is typed is written.
  const typed = ['--resume', 'inbox/their.ckpt', '--out', 'typed.json', '--log', 'typed.log', '--quiet'];
  expect(await mlp(['train', ...typed], { cwd })).toMatchObject({ code: 0 });
  expect(await readdir(cwd)).toEqual(expect.arrayContaining(['typed.json', 'typed.log']));
  expect(await readdir(victims)).toEqual([]);
});

test.each(['ui', 'host', 'noOpen', 'resume', 'json'])(
  '%s is not an option that a checkpoint sets',
  async (key) => {
    const value = key === 'host' ? '0.0.0.0' : key === 'resume' ? 'own.ckpt' : true;
    await write('page.ckpt', { config: { ...checkpoint.config, [key]: value } });
    const resumed = await mlp(['train', '--resume', 'page.ckpt', '--out', 'page.json'], {
      cwd,
      timeout: 30_000,
    });
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stdout + resumed.stderr).not.toContain('the page is at');
    expect(resumed.stdout).not.toContain('{');
  },
);

describe('a state that does not fit is refused:', () => {
  type State = Checkpoint['state'];
  test.each<[string, (state: State) => State, string]>([
    [
      'other parameters',
      (s) => ({ ...s, parameters: s.parameters.slice(0, 2) }),
      'expected W2 of shape [8,10]',
    ],
    [
      'other shapes',
      (s) => ({
        ...s,
        parameters: s.parameters.map((tensor, i) => (i === 0 ? { ...tensor, shape: [8, 784] } : tensor)),
      }),
      'expected W1 of shape [784,8], got [8,784]',
    ],
    ['a batch that there is not', (s) => ({ ...s, batch: 10_000_000 }), 'batch 10000000'],
    ['an epoch that there is not', (s) => ({ ...s, epoch: 10_000_000 }), 'epoch 10000000'],
    ['no generators', (s) => ({ ...s, generators: {} }), 'expected the state of generator shuffle'],
  ])('%s', async (_, change, message) => {
    await write('misfit.ckpt', { state: change(checkpoint.state) });
    for (const threads of ['1', '2']) {
      const flags = ['--resume', 'misfit.ckpt', '--out', 'misfit.json', '--threads', threads];
      const refused = await mlp(['train', ...flags], { cwd, timeout: 30_000 });
      expectError(refused, 3, 'misfit.ckpt', message);
    }
    expect(await readdir(cwd)).not.toContain('misfit.json');
  });

  test('options beyond any machine', async () => {
    await write('huge.ckpt', { config: { ...checkpoint.config, hidden: [9_999_999] } });
    const refused = await mlp(['train', '--resume', 'huge.ckpt', '--out', 'huge.json'], {
      cwd,
      timeout: 30_000,
    });
    expectError(refused, 3, 'huge.ckpt', 'hidden');
  });
});
