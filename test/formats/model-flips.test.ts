/** Every bit of a model file: changed, the file is refused, or predicts what it predicted. */

import { describe, expect, test } from 'vitest';
import { decodeModel, encodeModel, type Model, type ModelInfo } from '../../src/formats/model.ts';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { Network, perceptron } from '../../src/network/network.ts';

const images: ModelInfo = {
  spec: perceptron({ inputs: 4, hidden: [2], classes: 2, l2: 0.25 }),
  classes: ['a', 'b'],
  preprocessing: { scale: 0.5, shape: [2, 2], cropFrom: [4, 4], imageFiles: { invert: true } },
  training: { seed: 7 },
};
const table: ModelInfo = {
  ...images,
  preprocessing: {
    scale: 1,
    table: {
      columns: ['é', 'w', 'h', 'd'],
      label: 'y',
      labelNumber: 5,
      mean: [0.1, -2, 3, 1e-7],
      sd: [1, 0, 2.5, 3e8],
    },
  },
};

/** All that decides what is predicted. */
const deciding = ({ spec, classes, preprocessing, tensors }: Model) => ({
  spec,
  classes,
  preprocessing,
  tensors,
});

describe.each([
  ['of images', images],
  ['of a table', table],
])('a model %s', (_, info) => {
  test('no flip of a bit changes a prediction', { timeout: 60_000 }, async () => {
    const network = new Network(new ReferenceKernels('float32'), info.spec, 1);
    network.initialize(new Random(3, 'weights'));
    const { text } = await encodeModel(info, network.tensors());
    const bytes = new TextEncoder().encode(text);
    const expected = deciding(await decodeModel(text, 'm.json'));
    let read = 0;
    for (let at = 0; at < bytes.length; at++) {
      for (let bit = 1; bit < 256; bit *= 2) {
        bytes[at] ^= bit;
        const flipped = await decodeModel(new TextDecoder().decode(bytes), 'm.json').catch((error) => {
          expect(error.name).toBe('DataError');
          return undefined;
        });
        if (flipped !== undefined) {
          read++;
          expect(deciding(flipped), `bit ${bit} of byte ${at}`).toEqual(expected);
        }
        bytes[at] ^= bit;
      }
    }
    // Blanks, what is recorded of the training, and the name of the digest itself.
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(bytes.length);
  });
});
