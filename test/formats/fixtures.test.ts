/** Models and checkpoints of earlier versions: every later version loads them, and they mean what they meant. */

import { readdirSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeCheckpoint } from '../../src/formats/checkpoint.ts';
import { decodeModel } from '../../src/formats/model.ts';
import { digits, freshFolder, jsonLines, mlp } from '../cli/run.ts';

const folder = fileURLToPath(new URL('../fixtures', import.meta.url));
const versions = readdirSync(folder).filter((name) => /^\d/.test(name));

/** Class and probability of `a` of each row of table.csv, for the models of every version so far. */
const ROWS: readonly (readonly [string, number])[] = [
  ['a', 0.5074810981750488],
  ['a', 0.5074810981750488],
  ['b', 0.05683044344186783],
  ['b', 0.04007278382778168],
  ['b', 0.4141848087310791],
  ['b', 0.3620701730251312],
  ['a', 0.5074810981750488],
  ['a', 0.5074810981750488],
];

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
});
afterAll(() => remove());

test('there is a version', () => {
  expect(versions).toContain('0.1.0');
});

describe.each(versions)('files of version %s', (version) => {
  const path = (name: string) => join(folder, version, name);
  const bytes = async (name: string) => new Uint8Array(await readFile(path(name)));

  test('are read', async () => {
    for (const name of readdirSync(join(folder, version))) {
      const content = await bytes(name);
      if (name.endsWith('.ckpt')) await expect(decodeCheckpoint(content, name)).resolves.toBeDefined();
      else expect(await decodeModel(new TextDecoder().decode(content), name)).toHaveProperty('fileSha256');
    }
  });

  test('predict what they predicted', async () => {
    const rows = await mlp(['predict', path('table.json'), join(folder, 'table.csv'), '--json'], { cwd });
    expect(rows.code, rows.stderr).toBe(0);
    expect(jsonLines(rows.stdout).map(({ class: name }) => name)).toEqual(ROWS.map(([name]) => name));
    expect(jsonLines(rows.stdout).map(({ probabilities }) => probabilities.a)).toEqual(
      ROWS.map(([, a]) => a),
    );
    const images = await mlp(['eval', path('digits.json'), '--data', digits, '--json'], { cwd });
    expect(jsonLines(images.stdout)[0]).toMatchObject({ samples: 40, correct: 6 });
  });

  test('are continued', async () => {
    await copyFile(path('digits.ckpt'), join(cwd, 'old.ckpt'));
    const { code, stdout, stderr } = await mlp(
      ['train', '--resume', 'old.ckpt', '--data', digits, '--json'],
      { cwd },
    );
    expect(code, stderr).toBe(0);
    const { sha256 } = await decodeModel(new TextDecoder().decode(await bytes('digits.json')), 'digits.json');
    expect(jsonLines(stdout).at(-1)).toMatchObject({ event: 'end', sha256 });
  });
});
