/** MNIST as installed: that it is MNIST, and that what only looks like it is refused. */

import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DataSource } from '../../../src/data/data-source.ts';
import { DataError } from '../../../src/data/errors.ts';
import { MNIST_SHA256, readMnist } from '../../../src/data/idx/mnist.ts';
import { folderReader, mnistFolder } from '../files.ts';

const read = folderReader(mnistFolder);

function histogram(labels: Uint8Array): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label]++;
  return counts;
}

describe('MNIST', () => {
  let mnist: Required<DataSource>;
  beforeAll(async () => {
    mnist = (await readMnist(read)) as Required<DataSource>;
  });

  test('has 60,000 training and 10,000 test images of 28 × 28 in 10 classes', () => {
    expect(mnist).toMatchObject({ source: 'mnist', shape: [28, 28], inputs: 784 });
    expect(mnist.train).toMatchObject({ count: 60_000, cols: 784, scale: 1 / 255, classes: 10 });
    expect(mnist.test).toMatchObject({ count: 10_000, cols: 784, scale: 1 / 255, classes: 10 });
    expect(mnist.train.values).toHaveLength(60_000 * 784);
    expect(mnist.test.values).toHaveLength(10_000 * 784);
  });

  test('has the known labels', () => {
    expect([...mnist.train.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
    expect([...mnist.test.labels.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
    expect(histogram(mnist.train.labels)).toEqual([
      5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]);
    expect(histogram(mnist.test.labels)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  });

  test('has the known mean pixel, 0.1307', () => {
    const { values, scale } = mnist.train;
    const mean = ((values as Uint8Array).reduce((sum, value) => sum + value, 0) * scale) / values.length;
    expect(mean).toBeCloseTo(0.1307, 4);
  });

  test('has the digest of its four digests', () => {
    const digests = Object.values(MNIST_SHA256);
    const lines = digests.map((digest) => `${digest}\n`).join('');
    expect(mnist.files.map(({ sha256 }) => sha256)).toEqual(digests);
    expect(mnist.sha256).toBe(createHash('sha256').update(lines).digest('hex'));
  });

  test('gives the test set alone, the same', async () => {
    const { test, ...rest } = await readMnist(read, { splits: ['test'] });
    expect(rest).not.toHaveProperty('train');
    expect(test?.labels).toEqual(mnist.test.labels);
    expect(Buffer.compare(test?.values as Uint8Array, mnist.test.values as Uint8Array)).toBe(0);
  });
});

test('a file with one pixel changed is not MNIST', async () => {
  const name = 't10k-images-idx3-ubyte';
  const changed = Uint8Array.from((await read(name)) as Uint8Array);
  changed[5000] ^= 1;
  const got = createHash('sha256').update(changed).digest('hex');
  const reading = readMnist(async (asked) => (asked === name ? changed : read(asked)), { splits: ['test'] });
  await expect(reading).rejects.toThrow(
    new DataError(`mnist/${name}: expected SHA-256 ${MNIST_SHA256[name]}, got ${got}`),
  );
});
