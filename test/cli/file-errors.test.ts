/** Data and models that are missing, damaged, or do not fit: exit code 3 and one line that says which. */

import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idxBytes } from '../data/idx/idx-bytes.ts';
import { digits, expectError, freshFolder, mlp, shortTraining } from './run.ts';

const IMAGES = 'train-images-idx3-ubyte';
const LABELS = 'train-labels-idx1-ubyte';

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
  expect((await mlp(shortTraining('--quiet'), { cwd })).code).toBe(0);
});
afterAll(() => remove());

describe('a file of another kind', () => {
  test.each(['eval', 'predict', 'inspect', 'explain', 'ui'])(
    '%s of a checkpoint says so',
    async (command) => {
      const trained = await mlp([...shortTraining('--quiet'), '--checkpoint', 'run.ckpt'], { cwd });
      expect(trained.code).toBe(0);
      const result = await mlp([command, 'run.ckpt'], { cwd });
      expectError(result, 3, 'run.ckpt: expected a model', 'got a checkpoint', 'mlp train --resume run.ckpt');
    },
  );

  test('a log is no model, and a model no checkpoint', async () => {
    await mlp([...shortTraining('--quiet'), '--log', 'run.log'], { cwd });
    expectError(await mlp(['eval', 'run.log'], { cwd }), 3, "expected a model, got a run's log");
    const resumed = await mlp(['train', '--resume', 'model.json'], { cwd });
    expectError(resumed, 3, 'model.json: expected a checkpoint, got a model', '--checkpoint');
  });

  test.each(['photo.jpg', 'rows.csv'])('predict %s says that the model comes first', async (input) => {
    expectError(await mlp(['predict', input], { cwd }), 2, `mlp predict model.json ${input}`);
  });

  test('a config nested 100,000 deep gives one line', async () => {
    const deep = '['.repeat(1e5) + ']'.repeat(1e5);
    await writeFile(join(cwd, 'deep.json'), deep);
    expectError(await mlp(['train', '--config', 'deep.json'], { cwd }), 3, 'deep.json: expected an object');
    await writeFile(join(cwd, 'deep.json'), `{"hidden":${deep}}`);
    expectError(await mlp(['train', '--config', 'deep.json'], { cwd }), 2, 'nested too deep');
  });
});

describe('data', () => {
  const train = (data: string) => mlp(['train', '--data', data, '--out', 'unused.json'], { cwd });

  /** A copy of the small samples with one file changed; undefined takes it away. */
  async function spoilt(name: string, change: (bytes: Buffer) => Uint8Array): Promise<string> {
    const folder = join(cwd, 'spoilt');
    await mkdir(folder, { recursive: true });
    for (const split of ['train', 't10k']) {
      for (const file of [`${split}-images-idx3-ubyte`, `${split}-labels-idx1-ubyte`]) {
        await cp(join(digits, file), join(folder, file));
      }
    }
    await writeFile(join(folder, name), change(await readFile(join(digits, name))));
    return 'spoilt';
  }

  test('in a folder that is missing', async () => {
    expectError(await train('nowhere'), 3, 'nowhere', 'no such file or folder');
  });

  test('in a folder without them', async () => {
    expectError(await train('.'), 3, IMAGES, 'found none');
  });

  test('named by a file', async () => {
    expectError(await train('model.json'), 3, 'model.json', 'folder of IDX files');
  });

  test('cut short', async () => {
    const data = await spoilt(IMAGES, (bytes) => bytes.subarray(0, 5000));
    expectError(await train(data), 3, `spoilt/${IMAGES}`, 'expected 78416 bytes', 'got 5000');
  });

  test('that are not IDX', async () => {
    const data = await spoilt(LABELS, () => Buffer.from('not IDX at all'));
    expectError(await train(data), 3, `spoilt/${LABELS}`, 'magic number');
  });

  test('with fewer labels than images', async () => {
    const data = await spoilt(LABELS, () => idxBytes([99], new Uint8Array(99)));
    expectError(await train(data), 3, '100 images', '99 labels', LABELS);
  });

  test('with a label that the model has no class for', async () => {
    const data = await spoilt(LABELS, (bytes) => {
      bytes[8 + 17] = 10;
      return bytes;
    });
    const result = await mlp(['eval', 'model.json', '--data', data, '--split', 'train'], { cwd });
    expectError(result, 3, data, 'labels from 0 to 9', 'got 10', 'sample 17');
  });

  test('of which the test images are of another size', async () => {
    const data = await spoilt('t10k-images-idx3-ubyte', () =>
      idxBytes([40, 20, 20], new Uint8Array(40 * 400)),
    );
    expectError(await train(data), 3, 't10k-images-idx3-ubyte', '28 × 28', '20 × 20');
  });
});

describe('a model', () => {
  /** `eval` and `inspect` of a model file with this text. */
  async function refused(text: string, ...words: (string | RegExp)[]): Promise<void> {
    await writeFile(join(cwd, 'bad.json'), text);
    for (const command of ['eval', 'inspect']) {
      expectError(await mlp([command, 'bad.json'], { cwd }), 3, 'bad.json', ...words);
    }
  }

  // biome-ignore lint/suspicious/noExplicitAny: the file is spoilt in ways that no type would allow
  async function spoilt(change: (file: any) => void): Promise<string> {
    const file = JSON.parse(await readFile(join(cwd, 'model.json'), 'utf8'));
    change(file);
    return JSON.stringify(file);
  }

  test('that is missing', async () => {
    for (const command of ['eval', 'inspect']) {
      expectError(await mlp([command, 'none.json'], { cwd }), 3, 'none.json', 'no such file');
      expectError(await mlp([command, '.'], { cwd }), 3, 'folder');
    }
  });

  test('that is not JSON, or other JSON', async () => {
    await refused('not JSON', 'expected JSON');
    await refused('{"name":"mlp"}', 'mlp-model');
  });

  test('of a newer version', async () => {
    const text = await spoilt((file) => {
      file.version = 2;
    });
    await refused(text, 'version 1', 'got 2', 'newer');
  });

  test('with a wrong digest', async () => {
    const text = await spoilt((file) => {
      file.weights.b1.data = Buffer.alloc(8 * 4, 1).toString('base64');
    });
    await refused(text, 'SHA-256');
  });

  test('with wrong shapes', async () => {
    const text = await spoilt((file) => {
      file.weights.W1.shape = [8, 784];
    });
    await refused(text, 'W1', '[784,8]', '[8,784]');
  });

  test('of 784 inputs, evaluated on images of 20 × 20', async () => {
    const folder = join(cwd, 'small');
    await mkdir(folder);
    for (const split of ['train', 't10k']) {
      await writeFile(
        join(folder, `${split}-images-idx3-ubyte`),
        idxBytes([3, 20, 20], new Uint8Array(1200)),
      );
      await writeFile(join(folder, `${split}-labels-idx1-ubyte`), idxBytes([3], [0, 1, 2]));
    }
    const result = await mlp(['eval', 'model.json', '--data', 'small'], { cwd });
    expectError(result, 3, 'small', '784', '400', '20 × 20', 'model.json');
  });

  test('whose own data are gone', async () => {
    const text = await spoilt((file) => {
      file.training.data.source = '/no/such/folder';
    });
    await writeFile(join(cwd, 'moved.json'), text);
    expectError(await mlp(['eval', 'moved.json'], { cwd }), 3, '/no/such/folder', '--data');
  });
});
