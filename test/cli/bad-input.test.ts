/** Input that nobody should give and somebody will: one clear line, the right exit code, no half-written file. */

import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idxBytes } from '../data/idx/idx-bytes.ts';
import { pngChunk, pngHeader, pngOf } from '../data/images/png-bytes.ts';
import { digits, expectError, freshFolder, lines, mlp, shortTraining } from './run.ts';

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
  for (const name of await readdir(join(digits, 'png'))) {
    if (name.startsWith('5') || name.startsWith('7')) {
      await cp(join(digits, 'png', name), join(cwd, 'images', name[0], name));
    }
  }
});
afterAll(() => remove());

/** What a short run says of data, and that it leaves no model. */
async function refused(data: string, ...more: string[]) {
  const flags = ['--hidden', '4', '--epochs', '1', '--quiet', '--data', data, '--out', 'refused.json'];
  const result = await mlp(['train', ...flags, ...more], { cwd });
  expect(existsSync(join(cwd, 'refused.json'))).toBe(false);
  return result;
}

const written = async (name: string, content: string | Uint8Array) => {
  await writeFile(join(cwd, name), content);
  return name;
};

describe('tables', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['a line break in a number', '1,"2\n3",x\n4,5,z\n', ':2:2: expected a number, got "2\\n3"'],
    ['an escape in a number', '1,\u001b[31m2,x\n', ':1:2: expected a number, got "\\u001b[31m2"'],
    ['a zero byte', '1,\u00002,x\n', ':1:2: expected a number, got "\\u00002"'],
    ['a header alone', 'a,b,y\n', ': expected rows below the header, got none'],
    ['two columns of a name', 'a,a,y\n1,2,x\n', ':1:2: expected columns of different names, got "a"'],
    ['one column', 'x\ny\n', ': expected 2 columns or more, inputs and their class, got 1'],
    ['a class in Latin-1', Buffer.from('1,2,\xe9\n3,4,\xe8\n', 'latin1'), ':1:3: expected text in UTF-8'],
    ['a header in Latin-1', Buffer.from('a,\xe9,y\n3,4,x\n', 'latin1'), ':1:2: expected text in UTF-8'],
    ['an open quote', '1,2,"x\n3,4,y\n', ': expected a row of cells, got a quote that is never closed'],
    ['nothing but line breaks', '\r\n\n', ': expected rows of comma-separated values, got none'],
  ])('%s is refused with 3 and where', async (name, content, message) => {
    const file = await written(`${name.replaceAll(' ', '-')}.csv`, content);
    const result = await refused(file);
    expectError(result, 3);
    expect(result.stderr).toContain(message);
  });

  test('line breaks and escapes in names of classes do not reach the terminal', async () => {
    const rows = Array.from({ length: 8 }, (_, i) => (i % 2 ? `${i},"a\nb"` : `${i},c\u001b[31m`));
    await written('odd.csv', `${rows.join('\n')}\n`);
    const trained = await mlp(['train', '--data', 'odd.csv', '--epochs', '1', '--out', 'odd.json'], { cwd });
    expect(trained.code).toBe(0);
    expect(lines(trained.stderr)[0]).toContain('classes in column 2: a\\nb, c\\u001b[31m');
    const predicted = await mlp(['predict', 'odd.json', '--split', 'train'], { cwd });
    expect(lines(predicted.stdout)).toHaveLength(8);
    const evaluated = await mlp(['eval', 'odd.json', '--split', 'train'], { cwd });
    expect(evaluated.stdout).toMatch(/^a\\nb +/m);
    for (const { stdout, stderr } of [trained, predicted, evaluated]) {
      expect(stdout + stderr).not.toContain('\u001b');
    }
    // JSON has names as they are.
    const { stdout } = await mlp(['predict', 'odd.json', '--split', 'train', '--json'], { cwd });
    expect(JSON.parse(lines(stdout)[1])).toMatchObject({ label: 'a\nb' });
  });

  test('a value far beyond the training rows is named by its line, of rows held out, evaluated and predicted', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${(i % 2) / 1000},${i % 2 ? 'a' : 'b'}`);
    const outlier = [...rows];
    outlier[20] = '3e38,b';
    await written('even.csv', `v,y\n\n${rows.join('\n')}\n`);
    await written('outlier.csv', `v,y\n\n${outlier.join('\n')}\n`);
    const flags = ['--hidden', '4', '--epochs', '1', '--quiet', '--data', 'even.csv', '--out', 'even.json'];
    expect((await mlp(['train', ...flags, '--test', '0.5'], { cwd })).code).toBe(0);
    const words = ['outlier.csv:23: expected values like those of the training rows', '3e+38 in column "v"'];
    expectError(await mlp(['eval', 'even.json', '--data', 'outlier.csv'], { cwd }), 3, ...words);
    expectError(await mlp(['predict', 'even.json', 'outlier.csv'], { cwd }), 3, ...words);
    expectError(await refused('outlier.csv', '--test', '0.5', '--seed', '1'), 3, ...words);
  });

  test('a file of more than 2 GiB', async () => {
    await written('huge.csv', '');
    await truncate(join(cwd, 'huge.csv'), 2 ** 31 + 1);
    expectError(await refused('huge.csv'), 3, 'cannot read huge.csv', '2 GiB');
  });
});

describe('folders of images', () => {
  test('a link that leads nowhere is named', async () => {
    await cp(join(cwd, 'images'), join(cwd, 'linked'), { recursive: true });
    await symlink('nowhere', join(cwd, 'linked/5/gone.png'));
    expectError(await refused('linked'), 3, 'cannot read linked/5/gone.png: no such file');
  });

  test('a palette image without a palette is damaged', async () => {
    await cp(join(cwd, 'images'), join(cwd, 'bare'), { recursive: true });
    const pixels = pngChunk('IDAT', deflateSync(Buffer.from([0, 1, 1])));
    await written('bare/5/x.png', pngOf(pngHeader(1, 2, 3), pixels));
    expectError(await refused('bare'), 3, 'bare/5/x.png', 'damaged bytes (no palette)');
  });

  test('a small image that unpacks to far more than its pixels is refused, of a folder and of predict', async () => {
    await cp(join(cwd, 'images'), join(cwd, 'bomb'), { recursive: true });
    const pixels = pngChunk('IDAT', deflateSync(new Uint8Array(30e6)));
    await written('bomb/5/x.png', pngOf(pngHeader(28, 28), pixels));
    const words = ['bomb/5/x.png: expected 28 × 28 pixels that unpack to at most 66348 bytes, got more'];
    expectError(await refused('bomb'), 3, ...words);
    const trained = await mlp([...shortTraining('--epochs', '1'), '--quiet', '--out', 'm.json'], { cwd });
    expect(trained.code, trained.stderr).toBe(0);
    expectError(await mlp(['predict', 'm.json', 'bomb/5/x.png'], { cwd }), 3, ...words);
  });

  test('more than fits into memory is refused before it is read', async () => {
    await mkdir(join(cwd, 'many/a'), { recursive: true });
    await mkdir(join(cwd, 'many/b'), { recursive: true });
    for (let i = 0; i < 230; i++) await written(`many/${'ab'[i % 2]}/${i}.png`, 'not looked at');
    const result = await refused('many', '--size', '4096');
    expectError(result, 3, 'many: expected images that fit into 3.5 GiB, got 230 of 4096 × 4096, 3.6 GiB');
  });

  test('a network that does not fit is no fault of ours', async () => {
    expectError(await refused('images', '--size', '4096'), 3, 'at most 4 GiB', 'a smaller network');
  });
});

describe('IDX files', () => {
  const folder = async (name: string, over: Record<string, Uint8Array>) => {
    await mkdir(join(cwd, name));
    const pixels = new Uint8Array(20 * 16).map((_, i) => (31 * i) % 256);
    const images = idxBytes([20, 4, 4], pixels);
    const labels = idxBytes(
      [20],
      Array.from({ length: 20 }, (_, i) => i % 5),
    );
    const names = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'];
    for (const split of ['train', 't10k']) {
      for (const [i, bytes] of [images, labels].entries()) {
        const file = names[i].replace('train', split);
        const given = over[file] ?? over[`${file}.gz`] ?? bytes;
        await written(`${name}/${file}${over[`${file}.gz`] ? '.gz' : ''}`, given);
      }
    }
    return name;
  };
  const IMAGES = 'train-images-idx3-ubyte';

  test('a header that promises more than all memory', async () => {
    const data = await folder('promise', { [IMAGES]: idxBytes([2 ** 32 - 1, 28, 28], [1]) });
    expectError(await refused(data), 3, IMAGES, 'expected 3367254359296 bytes', 'got 17');
  });

  test('a header that promises more than its gzip file can hold', async () => {
    const file = gzipSync(idxBytes([5_000_000, 28, 28], [1]));
    const data = await folder('packed', { [`${IMAGES}.gz`]: file });
    expectError(await refused(data), 3, `${IMAGES}.gz: expected 3920000016 bytes`, 'too few for that');
  });

  test('labels of one class', async () => {
    const zeros = idxBytes([20], new Uint8Array(20));
    const data = await folder('one', { 'train-labels-idx1-ubyte': zeros, 't10k-labels-idx1-ubyte': zeros });
    expectError(await refused(data), 3, 'one: expected labels of 2 classes or more');
  });
});

describe.skipIf(process.platform !== 'linux')('a full disk behind stdout', () => {
  const program = fileURLToPath(new URL('../../bin/mlp.js', import.meta.url));
  const full = (...args: string[]) => {
    const disk = openSync('/dev/full', 'w');
    const { status, signal, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd,
      stdio: ['ignore', disk, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(disk);
    return { code: status, signal, stdout: '', stderr };
  };

  test.each([['eval'], ['eval', '--json'], ['predict'], ['inspect'], ['explain'], ['explain', '--json']])(
    '%s ends with 3 and one line',
    async (command, ...flags) => {
      await mlp(shortTraining('--quiet', '--out', 'model.json'), { cwd });
      const result = full(command, 'model.json', ...flags);
      expectError(result, 3, 'cannot write stdout: no space left on the device');
    },
  );

  test('costs no training: the model is there', async () => {
    const result = full(...shortTraining('--json', '--out', 'kept.json'));
    expectError(result, 3, 'cannot write stdout: no space left on the device');
    const plain = await mlp(shortTraining('--quiet', '--out', 'same.json'), { cwd });
    expect(plain.code).toBe(0);
    const digest = async (name: string) => JSON.parse(await readFile(join(cwd, name), 'utf8')).sha256;
    expect(await digest('kept.json')).toBe(await digest('same.json'));
  });
});

test('a network of more weights than a model file can hold is refused before training', async () => {
  const result = await refused(digits, '--hidden', '130000');
  expectError(result, 2, '--hidden: expected a network of at most 100,000,000 parameters, got 103,350,010');
});
