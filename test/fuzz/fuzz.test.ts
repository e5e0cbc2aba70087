/**
 * Files of every format, changed at random: each is read, or refused in one line with an error that the command line has an exit
 * code for, in bounded time. `npm run fuzz` tries more of them: FUZZ_RUNS a format, from the seed FUZZ_SEED.
 */

import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { encode as encodePng } from 'fast-png';
import jpeg from 'jpeg-js';
import { describe, expect, test } from 'vitest';
import { flagsOfConfig } from '../../src/cli/options/train-flags.ts';
import { sha256 } from '../../src/data/digest.ts';
import { readIdx } from '../../src/data/idx/idx.ts';
import { readImage } from '../../src/data/images/image.ts';
import { readTable } from '../../src/data/tables/table.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/formats/checkpoint.ts';
import { decodeModel, encodeModel, fileDigest } from '../../src/formats/model.ts';
import { parseEquation } from '../../src/formulas/language/parser.ts';
import { runsOfLog } from '../../src/web/page/views/compare/run-log.ts';
import { idxBytes } from '../data/idx/idx-bytes.ts';
import { info, makeNetwork } from '../formats/models.ts';
import { vocabulary } from '../formulas/language/vocabulary.ts';
import { changed } from './mutations.ts';

const LONG = process.env.MODE === 'fuzz';
const runs = Number(process.env.FUZZ_RUNS ?? (LONG ? 100_000 : 150));
const seed = Number(process.env.FUZZ_SEED ?? (LONG ? Date.now() % 2 ** 31 : 7));

/** Processor time that no small file may take, in milliseconds. */
const MOST_TIME = 4000;
/** A refusal, not a fault. */
const REFUSALS = ['DataError', 'FileError', 'UsageError', 'EquationError'];

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Reads changed files; `plain` readers throw `Error` itself where a file does not fit. */
async function fuzz(
  seeds: readonly Uint8Array[],
  read: (bytes: Uint8Array<ArrayBuffer>) => unknown,
  plain = false,
): Promise<void> {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(changed(seeds), async (bytes) => {
      const before = process.cpuUsage();
      try {
        await read(bytes);
      } catch (error) {
        const { name, message } = error as Error;
        expect([...REFUSALS, ...(plain ? ['Error'] : [])], String((error as Error).stack)).toContain(name);
        expect(message).not.toMatch(/\n|undefined|\[object/);
        refused++;
      }
      const { user } = process.cpuUsage(before);
      expect(user / 1000).toBeLessThan(MOST_TIME);
    }),
    { numRuns: runs, seed },
  );
  expect(refused).toBeGreaterThan(0);
}

const tensors = makeNetwork().tensors();
const model = (await encodeModel(info, tensors)).text;
const table = {
  columns: ['a', 'b', 'c', 'd'],
  label: 'y',
  labelNumber: 5,
  mean: [1, 2, 3, 4],
  sd: [1, 0, 2, 3],
};
const ofTable = (await encodeModel({ ...info, preprocessing: { scale: 1, table } }, tensors)).text;
const checkpoint = await encodeCheckpoint({
  mlp: '0.1.0',
  config: { hidden: [5], learningRate: 0.1 },
  data: { source: 'digits', sha256: 'ab' },
  state: {
    ...{
      epoch: 3,
      batch: 7,
      steps: 41,
      lossSum: 1 / 3,
      correctSum: 12,
      samples: 56,
      epochSeconds: 0.25,
      seconds: 1,
    },
    generators: { shuffle: [1, 2, 3, 4] },
    parameters: tensors,
    optimizer: { steps: 41, state: tensors },
    best: { figures: { epoch: 2, trainLoss: 1, trainAccuracy: 0.5 }, parameters: tensors },
  },
});
const pixels = (channels: number) =>
  Uint8Array.from({ length: 12 * 10 * channels }, (_, i) => (i * 37) % 256);
const png = (channels: 1 | 3 | 4) => encodePng({ width: 12, height: 10, channels, data: pixels(channels) });
const photo = new Uint8Array(jpeg.encode({ width: 12, height: 10, data: pixels(4) }, 80).data);
const images = idxBytes(
  [3, 4, 4],
  Uint8Array.from({ length: 48 }, (_, i) => i),
);
const labels = idxBytes([3], Uint8Array.of(0, 1, 2));

describe(`files changed at random, ${runs} a format, seed ${seed}`, () => {
  const timeout = LONG ? 24 * 3_600_000 : 120_000;

  test('a model', { timeout }, () =>
    fuzz([bytesOf(model), bytesOf(ofTable)], (bytes) => decodeModel(textOf(bytes), 'f')),
  );

  test('a model with digests that fit', { timeout }, () =>
    fuzz([bytesOf(model), bytesOf(ofTable)], async (bytes) => {
      let file: Record<string, unknown>;
      try {
        file = JSON.parse(textOf(bytes));
        file.fileSha256 = await fileDigest(file);
      } catch {
        return decodeModel(textOf(bytes), 'f');
      }
      return decodeModel(JSON.stringify(file), 'f');
    }),
  );

  test('a checkpoint', { timeout }, () => fuzz([checkpoint], (bytes) => decodeCheckpoint(bytes, 'f')));

  test('a checkpoint that is signed again', { timeout }, () =>
    fuzz([checkpoint.subarray(0, -64)], async (bytes) => {
      const signed = new Uint8Array(bytes.length + 64);
      signed.set(bytes);
      signed.set(bytesOf(await sha256(bytes)), bytes.length);
      return decodeCheckpoint(signed, 'f');
    }),
  );

  test('IDX, plain and compressed', { timeout }, () =>
    fuzz([images, labels, gzipSync(images), gzipSync(labels)], async (bytes) => {
      await readIdx(bytes, 'f', 3).catch((error) => expect(error.name).toBe('DataError'));
      return readIdx(bytes, 'f', 1);
    }),
  );

  test('CSV', { timeout }, () =>
    fuzz(
      ['a,b,y\n1,2,p\n3,4,q\n', '1;2;"p"\r\n3;4;"q ""x"""\r\n', '\ufeffa\tlabel\n1e3\t.5\n-2.\t7\n'].map(
        bytesOf,
      ),
      (bytes) => readTable(bytes, 'f'),
    ),
  );

  test('PNG', { timeout }, () => fuzz([png(1), png(3), png(4)], (bytes) => readImage(bytes, 'f')));

  test('JPEG', { timeout }, () => fuzz([photo], (bytes) => readImage(bytes, 'f')));

  test('a config file', { timeout }, () =>
    fuzz(
      [
        bytesOf(
          '{"hidden": [200, 100], "activation": "relu", "test": 0.2, "data": "a.csv", "classes": ["1", "2"]}',
        ),
      ],
      (bytes) => flagsOfConfig('f', textOf(bytes)),
    ),
  );

  test('a log', { timeout }, () =>
    fuzz(
      [
        bytesOf(
          '{"event":"start","config":{"hidden":[8],"seed":1},"parameters":9}\n' +
            '{"event":"epoch","epoch":1,"trainLoss":0.5,"trainAccuracy":0.9}\n{"event":"end","epochs":1,"testAccuracy":0.8}\n',
        ),
      ],
      (bytes) => runsOfLog(textOf(bytes), 'f'),
      true,
    ),
  );

  test('an expression', { timeout }, () =>
    fuzz(
      [
        'dW2 = X1ᵀ (P − Y)/N + λ W2',
        "delta1 = (W2*delta2) .* phi'(z1)",
        'L = -1/N Σᵢ log P_{i y_i} + λ/2 ‖W1‖²',
      ].map(bytesOf),
      (bytes) => parseEquation(textOf(bytes), vocabulary),
    ),
  );
});
