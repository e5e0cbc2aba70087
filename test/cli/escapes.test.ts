/** Escape sequences in whatever comes from outside: names of files, and every string of every format. */

import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/formats/checkpoint.ts';
import { decodeModel, encodeModel } from '../../src/formats/model.ts';
import type { TrainingRecord } from '../../src/formats/training-record.ts';
import { digits, freshFolder, lines, mlp, type Result, shareEnvironment, start } from './run.ts';

/** Writes the clipboard, clears the screen, begins a line, turns the direction of text, colours it. */
const PLANT = 'p\u001b]52;c;aGk=\u0007\u009b2J\r\n\u2028FORGED\u202e\u001b[31mRED\u001b[8m';
/** As it may be printed. */
const PRINTED = 'p\\u001b]52;c;aGk=\\u0007\\u009b2J\\r\\n\\u2028FORGED\\u202e\\u001b[31mRED\\u001b[8m';

/** The codes that the program itself uses. */
const OWN = /\p{Cc}\[(?:[124]|2[24]|3[0-79]|9[0-7])m/gu;

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
  shareEnvironment({ FORCE_COLOR: '1' });
});
afterAll(() => remove());

/** Runs a command; nothing of the plant may reach the terminal. */
async function run(code: number, ...args: string[]): Promise<Result> {
  const result = await mlp(args, { cwd });
  expect(result.code, result.stderr).toBe(code);
  expectClean(result);
  return result;
}

function expectClean({ stdout, stderr }: Pick<Result, 'stdout' | 'stderr'>): void {
  const all = stdout + stderr;
  expect(all).not.toContain('\u001b[31mRED');
  const text = all.replaceAll(OWN, '').replaceAll('\n', '');
  expect(text).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
  expect(lines(all).filter((line) => line.includes('FORGED') && !line.includes('52;c;'))).toEqual([]);
}

/** Every string of a JSON value with the plant behind it, but for those that a key keeps. */
function planted(value: unknown, kept: readonly string[] = []): unknown {
  if (typeof value === 'string') return value + PLANT;
  if (Array.isArray(value)) return value.map((entry) => planted(entry, kept));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, kept.includes(key) ? entry : planted(entry, kept)]),
  );
}

const flags = ['--hidden', '4', '--epochs', '1'];

describe.skipIf(process.platform === 'win32')('no escape reaches the terminal', () => {
  test('of a table: its name, header, classes and cells', async () => {
    // Cells are quoted, and lines of a file end alike.
    const cell = PLANT.replace('\r', '');
    const shown = PRINTED.replace('\\r', '');
    const header = `"b","a${cell}","y${cell}"`;
    const rows = Array.from({ length: 20 }, (_, i) => `${i},${i % 3},"${i % 2}${cell}"`);
    const name = `t${PLANT}.csv`;
    await writeFile(join(cwd, name), [header, ...rows, ''].join('\n'));
    const files = ['--out', `m${PLANT}.json`, '--log', `l${PLANT}`, '--checkpoint', `c${PLANT}`];
    const wanted = ['--data', name, '--label-column', '3', '--test', '0.4'];
    const trained = await run(0, 'train', ...flags, ...wanted, ...files);
    expect(trained.stdout + trained.stderr).toContain(PRINTED);
    const model = `m${PLANT}.json`;
    expect((await run(0, 'eval', model)).stdout).toContain(PRINTED);
    expect((await run(0, 'inspect', model)).stdout).toContain(shown);
    expect((await run(0, 'explain', model)).stdout).toContain('p\\u001b]52;c;aGk=');
    expect((await run(0, 'predict', model, name)).stdout).toContain(shown);
    await run(0, 'train', '--resume', `c${PLANT}`);
    await run(3, 'export', model, '--to', 'html');
    await run(0, 'train', ...flags, ...wanted, '--repeat', '2', '--out', `r${PLANT}.json`);
    await writeFile(join(cwd, `bad${PLANT}.csv`), `${header}\n1,2${PLANT},x\n`);
    await run(3, 'train', ...flags, '--data', `bad${PLANT}.csv`);
    await run(3, 'eval', model, '--data', `bad${PLANT}.csv`);
    await run(2, 'train', ...flags, '--data', name, '--label-column', `no${PLANT}`);
    await run(2, 'train', ...flags, ...wanted, '--classes', `no${PLANT},b`);

    for (const command of ['eval', 'inspect', 'explain', 'predict']) {
      const { stdout } = await run(0, command, model, '--json');
      expect(JSON.stringify(lines(stdout).map((line) => JSON.parse(line)))).toContain(
        JSON.stringify(cell).slice(1, -1),
      );
    }
    const page = start(['ui', model, `l${PLANT}`, '--port', '0', '--no-open'], { cwd });
    await page.printed('the page is at');
    page.child.kill('SIGINT');
    expectClean(await page.result);
  });

  test('of a folder of images: names of files and of classes', async () => {
    const folder = `f${PLANT}`;
    for (const name of await readdir(join(digits, 'png'))) {
      if (name.startsWith('5') || name.startsWith('7')) {
        const to = join(cwd, folder, name[0] + PLANT);
        await mkdir(to, { recursive: true });
        await cp(join(digits, 'png', name), join(to, `${name}${PLANT}.png`));
      }
    }
    await writeFile(join(cwd, folder, `5${PLANT}`, 'other'), '');
    const trained = await run(
      0,
      'train',
      ...flags,
      '--data',
      folder,
      '--test',
      '0.5',
      '--out',
      'images.json',
    );
    expect(trained.stderr).toContain(PRINTED);
    expect((await run(0, 'eval', 'images.json')).stdout).toContain(PRINTED);
    await run(0, 'explain', 'images.json');
    const [image] = await readdir(join(cwd, folder, `7${PLANT}`));
    const path = join(folder, `7${PLANT}`, image);
    expect((await run(0, 'predict', 'images.json', path)).stdout).toContain(PRINTED);
    await run(0, 'explain', 'images.json', '--input', path, '--label', `7${PLANT}`);
    await run(2, 'explain', 'images.json', '--input', path, '--label', `8${PLANT}`);
    await run(0, 'export', 'images.json', '--to', 'html', '--out', `page${PLANT}.html`);
    await writeFile(join(cwd, `broken${PLANT}.png`), PLANT);
    await run(3, 'predict', 'images.json', `broken${PLANT}.png`);
    await run(3, 'eval', 'images.json', '--data', `none${PLANT}`);
  });

  test('of a folder of IDX files', async () => {
    const folder = `i${PLANT}`;
    for (const name of await readdir(digits)) {
      if (name.includes('idx')) await cp(join(digits, name), join(cwd, folder, name));
    }
    const files = ['--out', 'idx.json', '--checkpoint', 'idx.ckpt'];
    const trained = await run(0, 'train', ...flags, '--data', folder, ...files);
    expect(trained.stderr).toContain(PRINTED);
    await run(0, 'eval', 'idx.json');
    await writeFile(join(cwd, folder, 'train-labels-idx1-ubyte'), PLANT);
    await run(3, 'train', ...flags, '--data', folder);
  });

  test('of every string of a model', async () => {
    const model = await decodeModel(await readFile(join(cwd, 'idx.json'), 'utf8'), 'idx.json');
    const more = { [`key${PLANT}`]: ['a'] };
    const training = planted({ ...model.training, more }, ['config', 'sha256']) as object;
    const classes = planted(model.classes) as string[];
    const whole = { ...model, classes, training: { ...training, [`top${PLANT}`]: 'x' } as TrainingRecord };
    await writeFile(join(cwd, 'planted.json'), (await encodeModel(whole, model.tensors)).text);
    expect((await run(0, 'inspect', 'planted.json')).stdout).toContain(PRINTED);
    await run(3, 'eval', 'planted.json');
    await run(0, 'eval', 'planted.json', '--data', digits);
    await run(0, 'explain', 'planted.json', '--data', digits);
    await run(0, 'export', 'planted.json', '--to', 'html');
    await run(0, 'predict', 'planted.json', join(digits, 'png', (await readdir(join(digits, 'png')))[0]));
    // Strings where only certain ones may be, and keys.
    const json = JSON.parse(await readFile(join(cwd, 'idx.json'), 'utf8'));
    for (const key of Object.keys(json)) {
      await writeFile(join(cwd, 'spoilt.json'), JSON.stringify({ ...json, [key]: planted(json[key]) }));
      for (const command of ['inspect', 'eval']) expectClean(await mlp([command, 'spoilt.json'], { cwd }));
      await writeFile(join(cwd, 'spoilt.json'), JSON.stringify({ ...json, [key]: PLANT }));
      expectClean(await mlp(['inspect', 'spoilt.json'], { cwd }));
    }
    await writeFile(join(cwd, 'spoilt.json'), `{"a": ${PLANT}`);
    await run(3, 'inspect', 'spoilt.json');
    await run(3, 'ui', 'spoilt.json');
  });

  test('of every string of a checkpoint', async () => {
    const bytes = new Uint8Array(await readFile(join(cwd, 'idx.ckpt')));
    const checkpoint = await decodeCheckpoint(bytes, 'idx.ckpt');
    const write = async (changed: object) => {
      const whole = { ...checkpoint, ...changed };
      await writeFile(join(cwd, 'planted.ckpt'), await encodeCheckpoint(whole));
    };
    const kept = [
      'data',
      'activation',
      'loss',
      'optimizer',
      'schedule',
      'recipe',
      'outputActivation',
      'hidden',
    ];
    await write({ config: planted(checkpoint.config, kept), mlp: PLANT });
    expectClean(await mlp(['train', '--resume', 'planted.ckpt', '--data', digits], { cwd }));
    for (const key of Object.keys(checkpoint.config)) {
      await write({ config: { ...checkpoint.config, [key]: PLANT } });
      expectClean(await mlp(['train', '--resume', 'planted.ckpt'], { cwd }));
    }
    await write({ config: { ...checkpoint.config, [`key${PLANT}`]: 1 } });
    await run(3, 'train', '--resume', 'planted.ckpt');
    await write({ data: { source: PLANT, sha256: PLANT } });
    await run(3, 'train', '--resume', 'planted.ckpt', '--data', digits);
  });

  test('of a config file, of a log, and of words', async () => {
    const config = async (value: object) => writeFile(join(cwd, `config${PLANT}`), JSON.stringify(value));
    for (const value of [{ [PLANT]: 1 }, { activation: PLANT }, { data: PLANT }, { hidden: [PLANT] }]) {
      await config(value);
      const result = await mlp(['train', '--config', `config${PLANT}`], { cwd });
      expect(result.code).toBeGreaterThan(1);
      expectClean(result);
    }
    await writeFile(join(cwd, `log${PLANT}`), `{"event":"start${PLANT}"}\n${PLANT}\n`);
    await run(3, 'ui', `log${PLANT}`);
    for (const command of ['train', 'eval', 'predict', 'inspect', 'explain', 'export', 'ui', 'gradcheck']) {
      for (const words of [[`--no${PLANT}`], [`missing${PLANT}`], ['--data', PLANT]]) {
        expectClean(await mlp([command, ...words], { cwd }));
      }
    }
    await run(2, PLANT);
  });
});
