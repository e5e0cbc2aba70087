/** Every n-th write, flush, close and rename failing in turn: the file has its old content or the new one, never neither. */

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { OutputFile } from '../../../src/cli/files/output-file.ts';
import { encodeModel } from '../../../src/formats/model.ts';
import { info, makeNetwork } from '../../formats/models.ts';

/** Which step fails, counted from 1 (0: none), and how many there were. */
const faults = vi.hoisted(() => ({ at: 0, steps: 0 }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const step = (): void => {
    faults.steps++;
    if (faults.steps === faults.at) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
  };
  const failing = (handle: Awaited<ReturnType<typeof real.open>>) =>
    new Proxy(handle, {
      get(target, key) {
        if (key === 'writeFile') {
          return async (content: string | Uint8Array) => {
            try {
              step();
            } catch (error) {
              // As much as there was room for.
              await target.writeFile(content.slice(0, content.length / 2));
              throw error;
            }
            await target.writeFile(content);
          };
        }
        if (key === 'sync')
          return async () => {
            step();
            await target.sync();
          };
        if (key === 'close') {
          return async () => {
            await target.close();
            step();
          };
        }
        const value = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  return {
    ...real,
    open: async (...words: Parameters<typeof real.open>) => {
      step();
      return failing(await real.open(...words));
    },
    rename: async (...words: Parameters<typeof real.rename>) => {
      step();
      await real.rename(...words);
    },
    chmod: async (...words: Parameters<typeof real.chmod>) => {
      step();
      await real.chmod(...words);
    },
  };
});

let folder: string;
let old: string;
let fresh: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlp-faults-'));
  const network = makeNetwork();
  old = (await encodeModel(info, network.tensors())).text;
  fresh = (await encodeModel({ ...info, training: { seed: 8 } }, network.tensors())).text;
});
beforeEach(() => {
  faults.at = 0;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes with the n-th step failing; how many steps there were, and whether it was reported. */
async function writeWithFault(path: string, at: number): Promise<{ steps: number; failed: boolean }> {
  Object.assign(faults, { at, steps: 0 });
  let output: OutputFile | undefined;
  let failed = false;
  try {
    output = await OutputFile.open(path, { kind: 'model', flag: '--out', inputs: [] });
    await output.replace(fresh);
  } catch {
    failed = true;
  }
  output?.release();
  faults.at = 0;
  return { steps: faults.steps, failed };
}

test.each([true, false])('with an old file there: %s', async (exists) => {
  const { steps } = await writeWithFault(join(folder, 'none.json'), 0);
  await rm(join(folder, 'none.json'));
  // At least an open, a write, a flush, a close and a rename.
  expect(steps).toBeGreaterThanOrEqual(5);
  let kept = 0;
  for (let at = 1; at <= steps + 4; at++) {
    const path = join(folder, `model-${at}.json`);
    if (exists) await writeFile(path, old);
    const { failed } = await writeWithFault(path, at);
    const content = await readFile(path, 'utf8').catch(() => undefined);
    expect([exists ? old : undefined, fresh], `step ${at}`).toContain(content);
    // What was not reported was written.
    if (!failed) expect(content).toBe(fresh);
    if (content !== fresh) kept++;
    await rm(path, { force: true });
    expect(await readdir(folder), `step ${at}`).toEqual([]);
  }
  expect(kept).toBeGreaterThanOrEqual(4);
});
