/**
 * Golden digests: short runs through the command line whose trained weights are these bits on every machine, Node
 * version and number of threads. A change of the kernels' sums changes them; that the new ones are as good is for the
 * other tests to say. Then make them anew:
 *
 *     UPDATE_GOLDEN=1 npm test -- test/golden
 */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digits, freshFolder, jsonLines, mlp } from '../cli/run.ts';

interface Golden {
  readonly args: readonly string[];
  sha256: string;
}

// Also read by scripts/check-node-versions.mjs.
const tablePath = fileURLToPath(new URL('commands.json', import.meta.url));
const table: Record<string, Golden> = JSON.parse(await readFile(tablePath, 'utf8'));
const updating = process.env.UPDATE_GOLDEN === '1';

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ cwd, remove } = await freshFolder());
});
afterAll(async () => {
  await remove();
  if (updating) await writeFile(tablePath, `${JSON.stringify(table, null, 2)}\n`);
});

/** Trains three epochs on the small samples; the digest in the model file, which is that of the last line of --json. */
async function digest(args: readonly string[], threads: number): Promise<string> {
  const out = `${args.join('')}-${threads}.json`;
  const all = ['train', '--data', digits, '--epochs', '3', '--threads', `${threads}`, '--json', '--out', out];
  const { code, stdout, stderr } = await mlp([...all, ...args], { cwd });
  expect([code, stderr]).toEqual([0, '']);
  const { sha256 } = JSON.parse(await readFile(join(cwd, out), 'utf8'));
  expect(jsonLines(stdout).at(-1).sha256).toBe(sha256);
  return sha256;
}

describe.each(Object.entries(table))('%s', (_, golden) => {
  test.each([1, 2])('%i thread(s)', async (threads) => {
    const got = await digest(golden.args, threads);
    if (updating && threads === 1) golden.sha256 = got;
    expect(got).toBe(golden.sha256);
  });
});

test('no two runs have the same weights', () => {
  const digests = Object.values(table).map(({ sha256 }) => sha256);
  expect(new Set(digests).size).toBe(digests.length);
});
