/** The sample digits that ship with the project are the MNIST digits that their names say. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, test } from 'vitest';
import { readIdxFolder } from '../../src/data/idx-folder.ts';
import { readMnist } from '../../src/data/mnist.ts';
import type { Samples } from '../../src/kernels/matrix.ts';
import { digitsFolder, folderReader, mnistFolder } from './files.ts';

const pngFolder = join(digitsFolder, 'png');
const pngs = readdirSync(pngFolder).map((file) => {
  const match = /^([0-9])-(\d{4})\.png$/.exec(file);
  if (!match) throw new Error(`${file} is not named by class and index`);
  return { file, label: Number(match[1]), index: Number(match[2]) };
});

const rowOf = ({ values, cols }: Samples, row: number) => [...values.subarray(row * cols, (row + 1) * cols)];

/** The rows of the first `perClass` samples of each class, ascending. */
function firstOfEachClass({ labels, classes }: Samples, perClass: number): number[] {
  const taken = new Array<number>(classes).fill(0);
  return [...labels.keys()].filter((row) => taken[labels[row]]++ < perClass);
}

describe('data/digits', () => {
  let mnist: { train: Samples; test: Samples };
  let digits: { train: Samples; test: Samples };
  beforeAll(async () => {
    mnist = (await readMnist(folderReader(mnistFolder))) as typeof mnist;
    digits = (await readIdxFolder('data/digits', folderReader(digitsFolder))) as typeof digits;
  });

  test.each([
    ['train', 10, 100],
    ['test', 4, 40],
  ] as const)('%s holds the first %i digits of each class of MNIST', (split, perClass, count) => {
    const rows = firstOfEachClass(mnist[split], perClass);
    expect(digits[split].count).toBe(count);
    expect([...digits[split].labels]).toEqual(rows.map((row) => mnist[split].labels[row]));
    for (const [i, row] of rows.entries()) expect(rowOf(digits[split], i)).toEqual(rowOf(mnist[split], row));
  });

  test('png names the samples of the test pair', () => {
    const indices = pngs.map(({ index }) => index).sort((a, b) => a - b);
    expect(indices).toEqual(firstOfEachClass(mnist.test, 4));
  });

  test.each(pngs)('png/$file is the MNIST test digit of its name', ({ file, label, index }) => {
    const png = decode(readFileSync(join(pngFolder, file)));
    expect(png).toMatchObject({ width: 28, height: 28, channels: 1, depth: 8 });
    expect(mnist.test.labels[index]).toBe(label);
    expect([...png.data]).toEqual(rowOf(mnist.test, index));
  });
});
