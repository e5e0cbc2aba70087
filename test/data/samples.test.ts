/** The sample digits that ship with the project are the MNIST digits that their names say. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, test } from 'vitest';
import { readIdxFolder } from '../../src/data/idx/idx-folder.ts';
import { readMnist } from '../../src/data/idx/mnist.ts';
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

  test('digits.csv has the means of 4 × 4 pixels of all of them', () => {
    const [header, ...rows] = readFileSync(join(digitsFolder, '../digits.csv'), 'utf8').trim().split('\n');
    expect(header.split(',').slice(0, 3)).toEqual(['label', 'r0c0', 'r0c1']);
    const all = [digits.train, digits.test].flatMap((set) =>
      Array.from(set.labels, (label, row) => ({ label, pixels: rowOf(set, row) })),
    );
    expect(rows).toHaveLength(all.length);
    for (const [i, { label, pixels }] of all.entries()) {
      const cells = rows[i].split(',').map(Number);
      expect(cells).toHaveLength(50);
      expect(cells[0]).toBe(label);
      for (const [k, cell] of cells.slice(1).entries()) {
        const [top, left] = [4 * Math.floor(k / 7), 4 * (k % 7)];
        const block = pixels.filter((_, p) => {
          const [row, col] = [Math.floor(p / 28) - top, (p % 28) - left];
          return row >= 0 && row < 4 && col >= 0 && col < 4;
        });
        expect(cell).toBe(Math.round(block.reduce((a, b) => a + b, 0) / 16));
      }
    }
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
