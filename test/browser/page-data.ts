/** A model trained in a few seconds, and what the page is given of it, by a server or in one file. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readIdx } from '../../src/data/idx/idx.ts';
import { decodeModel } from '../../src/formats/model.ts';
import { modelSummary } from '../../src/web/model-summary.ts';
import type { SampleImage, StandaloneData } from '../../src/web/protocol.ts';
import { digits, mlp } from '../cli/run.ts';
import type { Answers } from './page-server.ts';

/** The small test set of the repository: 40 digits of MNIST's, 4 of each class. */
async function testDigits(): Promise<readonly SampleImage[]> {
  const read = async (name: string, dims: 1 | 3) =>
    (await readIdx(await readFile(join(digits, name)), name, dims)).values;
  const [images, labels] = [await read('t10k-images-idx3-ubyte', 3), await read('t10k-labels-idx1-ubyte', 1)];
  const size = images.length / labels.length;
  return Array.from(labels, (label, index) => {
    const pixels = Buffer.from(images.subarray(index * size, (index + 1) * size)).toString('base64');
    return { index, label, pixels };
  });
}

/** What a page of this model is given: its text, and where its inputs are MNIST's digits, 40 test digits. */
export async function pageData(modelText: string, name = 'model.json'): Promise<StandaloneData> {
  const model = await decodeModel(modelText, name);
  const { classes } = model;
  const { shape } = model.preprocessing;
  const isMnist = shape?.join() === '28,28' && classes.length === 10;
  const samples = isMnist ? await testDigits() : [];
  return {
    info: {
      version: '0.0.0',
      model: modelSummary(name, model),
      compare: [],
      ...(isMnist && { samples: { count: samples.length, classes, rows: 28, cols: 28 } }),
    },
    model: modelText,
    samples,
  };
}

/**
 * Trains by `mlp train` and gives the model's text; the file is `model.json` in the folder.
 *
 * @param words on 100 digits, in a second; `'--data', 'mnist', '--epochs', '1'` takes three and knows digits
 */
export async function trainModel(cwd: string, ...words: string[]): Promise<string> {
  const data = words.includes('--data') ? [] : ['--data', digits, '--epochs', '20', '--learning-rate', '0.2'];
  const result = await mlp(['train', ...data, '--quiet', ...words], { cwd });
  if (result.code !== 0) throw new Error(`mlp train: ${result.stderr}`);
  return readFile(join(cwd, 'model.json'), 'utf8');
}

/** The same, as what a server answers. */
export const answersOf = ({ info, model, samples }: StandaloneData): Answers => ({
  'api/info': info,
  'api/model': model,
  'api/samples': (query) => {
    const from = Number(query.get('from'));
    return { samples: samples.slice(from, from + Number(query.get('count'))) };
  },
});
