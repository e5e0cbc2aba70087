/** Runs that are killed, stopped or refused, and continued with --resume: the model is the same, byte for byte. */

import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/kernels/random.ts';
import { SOAK } from '../../support/soak.ts';
import { digits, expectError, freshFolder, jsonLines, lines, longTraining, mlp, start } from '../run.ts';

const isWindows = process.platform === 'win32';

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
});
afterAll(() => remove());

const bytesOf = (name: string) => readFile(join(cwd, name));
const base = ['train', '--data', digits, '--learning-rate', '0.05', '--batch-size', '4', '--json'];

// Eight times when soaking.
test('killed with SIGKILL at random moments', async () => {
  const random = new Random(7, 'kills');
  const flags = [...base, '--hidden', '70', '--epochs', '300', '--validation', '20', '--l2', '0.001'];
  expect((await mlp([...flags, '--out', 'whole.json'], { cwd })).code).toBe(0);

  const kept = ['--checkpoint', 'kill.ckpt', '--checkpoint-every', '17', '--log', 'kill.ndjson'];
  let args = [...flags, '--out', 'killed.json', ...kept];
  const kills = SOAK ? 8 : 3;
  for (let kill = 1; kill <= kills; kill++) {
    const { child, result, printed } = start([...args, '--threads', `${1 + random.below(3)}`], { cwd });
    await printed(`"epoch":${25 * kill + random.below(20)},`);
    await new Promise((resolve) => setTimeout(resolve, random.below(20)));
    child.kill('SIGKILL');
    expect(await result).toMatchObject({ signal: 'SIGKILL' });
    args = ['train', '--resume', 'kill.ckpt', '--json', '--out', 'killed.json', '--log', 'kill.ndjson'];
  }
  const { code, stdout, stderr } = await mlp(args, { cwd });
  expect([code, stderr]).toEqual([0, '']);
  const end = jsonLines(stdout).at(-1);
  const whole = await bytesOf('whole.json');
  expect(end).toMatchObject({ event: 'end', epochs: 300, sha256: JSON.parse(`${whole}`).sha256 });
  expect((await bytesOf('killed.json')).equals(whole)).toBe(true);
  // Every epoch was logged, those between a checkpoint and a kill twice, and every line is whole.
  const logged = jsonLines(`${await bytesOf('kill.ndjson')}`);
  expect(new Set(logged.filter(({ event }) => event === 'epoch').map(({ epoch }) => epoch)).size).toBe(300);
  expect(logged.filter(({ event }) => event === 'start')).toHaveLength(kills + 1);
  expect((await readdir(cwd)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

describe.skipIf(isWindows)('stopped by a signal', () => {
  const flags = [...base, '--hidden', '12', '--epochs', '200', '--batch-size', '16'];

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s leaves model and checkpoint, and the run goes on', async (signal, code) => {
    expect((await mlp([...flags, '--out', 'plain.json'], { cwd })).code).toBe(0);
    const out = `${signal}.json`;
    const stopped = [...flags, '--out', out, '--checkpoint', 'stop.ckpt'];
    const { child, result, printed } = start([...stopped, '--checkpoint-every', '1000000'], { cwd });
    await printed('"epoch":3,');
    // As when a process and its group are told: that is one wish, not two.
    child.kill(signal);
    child.kill(signal);
    const halted = await result;
    expect(halted).toMatchObject({ code, signal: null, stderr: '' });
    const half = jsonLines(halted.stdout).at(-1);
    expect(half).toMatchObject({ event: 'end', interrupted: true, model: out });

    const more = ['--json', '--threads', '3', '--out', out];
    const { stdout } = await mlp(['train', '--resume', 'stop.ckpt', ...more], { cwd });
    expect(jsonLines(stdout)[0]).toMatchObject({ event: 'start', resumedFrom: { steps: half.steps } });
    expect((await bytesOf(out)).equals(await bytesOf('plain.json'))).toBe(true);
  });

  test('as text, the last line tells how to go on, and the start of the next where it does', async () => {
    const { child, result, printed } = start(longTraining('--checkpoint', 'text.ckpt'), { cwd });
    await printed('epoch      2/');
    child.kill('SIGINT');
    expect(lines((await result).stdout).at(-1)).toMatch(/model\.json; continue with --resume text\.ckpt$/);
    const again = start(['train', '--resume', 'text.ckpt', '--checkpoint', 'other.ckpt'], { cwd });
    await again.printed('epoch');
    again.child.kill('SIGINT');
    const { code, stderr, stdout } = await again.result;
    expect(code).toBe(130);
    expect(stderr).toMatch(/^resuming text\.ckpt in epoch \d+, after [\d,]+ steps$/m);
    expect(lines(stdout).at(-1)).toMatch(/continue with --resume other\.ckpt$/);
  });
});

describe('a finished run', () => {
  const flags = [...base, '--hidden', '5', '--epochs', '3', '--validation', '20', '--out', 'done.json'];
  beforeAll(async () => {
    expect((await mlp([...flags, '--checkpoint', 'done.ckpt'], { cwd })).code).toBe(0);
  });

  test('writes its model again', async () => {
    const before = await bytesOf('done.json');
    const { code, stdout } = await mlp(['train', '--resume', 'done.ckpt', '--out', 'again.json'], { cwd });
    expect(code).toBe(0);
    expect(lines(stdout)).toHaveLength(1);
    expect((await bytesOf('again.json')).equals(before)).toBe(true);
  });

  const resume = (...more: string[]) => mlp(['train', '--resume', 'done.ckpt', ...more], { cwd });

  test('takes flags that say what it says', async () => {
    const { code } = await resume(
      '--hidden',
      '5',
      '--data',
      digits,
      '--epochs',
      '3',
      '--seed',
      '1',
      '--quiet',
    );
    expect(code).toBe(0);
  });

  test.each([
    [['--hidden', '5,5'], '--hidden 5,', '--hidden 5,5'],
    [['--epochs', '2'], '--epochs 3', '--epochs 2'],
    [['--learning-rate', '0.06'], '--learning-rate 0.05', '--learning-rate 0.06'],
    [['--seed', '2'], '--seed 1', '--seed 2'],
    [['--validation', '30'], '--validation 20', '--validation 30'],
    [['--patience', '2', '--validation', '20'], 'no --patience', '--patience 2'],
    [['--data', 'mnist'], `--data ${digits}`, '--data mnist'],
  ])('refuses %j, naming the difference', async (more, ...words) => {
    expectError(await resume(...more), 3, 'done.ckpt', ...words);
  });

  test('refuses --repeat and what a config file says otherwise', async () => {
    expectError(await resume('--repeat', '2'), 2, '--repeat', '--resume');
    await writeFile(join(cwd, 'other.json'), '{"batchSize": 8}');
    expectError(await resume('--config', 'other.json'), 3, 'batch-size 4', 'batch-size 8');
  });

  test('takes the same data from another place, and refuses others there', async () => {
    const folder = await freshFolder();
    for (const name of await readdir(digits)) {
      if (name.endsWith('ubyte')) await copyFile(join(digits, name), join(folder.cwd, name));
    }
    const there = await resume('--data', folder.cwd, '--out', 'there.json', '--quiet');
    expect(there.code, there.stderr).toBe(0);
    const weights = async (name: string) => JSON.parse(String(await bytesOf(name))).weights;
    expect(await weights('there.json')).toEqual(await weights('done.json'));
    const images = join(folder.cwd, 'train-images-idx3-ubyte');
    const changed = await readFile(images);
    changed[5000] ^= 1;
    await writeFile(images, changed);
    expectError(await resume('--data', folder.cwd), 3, 'done.ckpt', 'SHA-256', folder.cwd);
    await folder.remove();
  });

  test('refuses other data under the same name', async () => {
    const folder = await freshFolder();
    for (const name of await readdir(digits)) {
      if (name.endsWith('ubyte')) await copyFile(join(digits, name), join(folder.cwd, name));
    }
    const args = [
      'train',
      '--data',
      folder.cwd,
      '--hidden',
      'none',
      '--epochs',
      '1',
      '--checkpoint',
      'moved',
    ];
    expect((await mlp(args, { cwd })).code).toBe(0);
    const images = join(folder.cwd, 'train-images-idx3-ubyte');
    const changed = await readFile(images);
    changed[5000] ^= 1;
    await writeFile(images, changed);
    expectError(await mlp(['train', '--resume', 'moved'], { cwd }), 3, 'moved', 'SHA-256', folder.cwd);
    await folder.remove();
  });

  test('refuses a file that is missing, damaged, or no checkpoint', async () => {
    expectError(await mlp(['train', '--resume', 'none.ckpt'], { cwd }), 3, 'none.ckpt', 'no such file');
    expectError(await mlp(['train', '--resume', 'done.json'], { cwd }), 3, 'done.json', 'got a model');
    const damaged = await bytesOf('done.ckpt');
    damaged[damaged.length >> 1] ^= 1;
    await writeFile(join(cwd, 'damaged.ckpt'), damaged);
    expectError(await mlp(['train', '--resume', 'damaged.ckpt'], { cwd }), 3, 'damaged.ckpt', 'damaged');
  });
});

test.each([
  [['--checkpoint-every', '5'], '--checkpoint-every', '--checkpoint'],
  [['--checkpoint', 'a', '--checkpoint-every', '0'], '--checkpoint-every', 'positive'],
  [['--patience', '3'], '--patience', '--validation'],
  [['--patience', '0', '--validation', '9'], '--patience', 'positive'],
  [['--repeat', '0'], '--repeat', '1 to 1000'],
  [['--repeat', '2', '--checkpoint', 'a'], '--repeat', '--checkpoint'],
  [['--repeat', '2', '--seed', '4294967295'], '--repeat', '4294967295'],
  [['--out', 'a', '--checkpoint', './a'], '--checkpoint', '--out'],
  [['--out', 'a', '--log', 'a'], '--log', '--out'],
])('%j is refused', async (flags, ...words) => {
  expectError(await mlp([...base, ...flags], { cwd }), 2, ...words);
});
