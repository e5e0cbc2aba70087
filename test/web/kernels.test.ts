/** What the page computes: the bits of the prediction, and the numbers of the explanation. */

import { expect, test } from 'vitest';
import { decodeModel, encodeModel } from '../../src/formats/model.ts';
import { Random } from '../../src/kernels/random.ts';
import { WasmKernels } from '../../src/kernels/wasm/wasm-kernels.ts';
import { memoryFor } from '../../src/network/memory.ts';
import { Network, type PerceptronOptions, perceptron } from '../../src/network/network.ts';
import { predict } from '../../src/train/predict.ts';
import { explainInput } from '../../src/web/page/explanation.ts';
import { loadModel, oneSample } from '../../src/web/page/kernels.ts';

const CLASSES = ['a', 'b', 'c', 'd'];

/** The text of an untrained model of these sizes. */
async function modelText(options: Partial<PerceptronOptions>): Promise<string> {
  const spec = perceptron({ inputs: 784, hidden: [33], classes: CLASSES.length, ...options });
  const network = new Network(new WasmKernels(memoryFor(spec, [], 1, 0)), spec, 1);
  network.initialize(new Random(5, 'weights'));
  const preprocessing = { scale: 1 / 255, shape: [28, 28] as const };
  const info = { spec, classes: CLASSES, preprocessing, training: {} };
  return (await encodeModel(info, network.tensors())).text;
}

const random = new Random(7, 'pixels');
const full = Uint8Array.from({ length: 784 }, () => 1 + random.below(255));
const sparse = full.map((value, i) => (i % 5 === 0 ? value : 0));
const INPUTS = { sparse, full, empty: new Uint8Array(784), floats: Float32Array.from(full) };

test.each<[string, Partial<PerceptronOptions>]>([
  ['one hidden layer', {}],
  ['two', { hidden: [70, 12] }],
  ['no hidden layer', { hidden: [] }],
  ['a loss without probabilities', { loss: 'svm' }],
])('the page predicts the bits of mlp predict: %s', async (_, options) => {
  const text = await modelText(options);
  const loaded = await loadModel(text, 'model.json');
  const model = await decodeModel(text, 'model.json');
  // Twice, and in turn, so that nothing is left of the input before.
  for (const values of [...Object.values(INPUTS), ...Object.values(INPUTS).reverse()]) {
    const samples = oneSample(model, values);
    const kernels = new WasmKernels(memoryFor(model.spec, [samples], 1, 0));
    const network = new Network(kernels, model.spec, 1);
    network.setTensors(model.tensors);
    const [expected] = predict(kernels, network, { samples, rows: Uint32Array.of(0) });
    const got = loaded.predict(values);
    expect(got.class).toBe(expected.class);
    expect([...got.outputs]).toEqual(expected.outputs);
    expect(got.probabilities && [...got.probabilities]).toEqual(expected.probabilities);
    expect(got.hidden.map(({ length }) => length)).toEqual(options.hidden ?? [33]);
  }
});

test('predictions can be asked for without end', async () => {
  const loaded = await loadModel(await modelText({}), 'model.json');
  const first = loaded.predict(full);
  for (let i = 0; i < 2000; i++) loaded.predict(i % 2 ? full : sparse);
  expect(loaded.predict(full)).toEqual(first);
});

test('an explanation takes the predicted class where none is said, and leaves the model as it is', async () => {
  const model = await decodeModel(await modelText({}), 'model.json');
  const explanation = explainInput(model, sparse, undefined);
  expect(explanation.label).toBe(explanation.prediction);
  expect(explanation.lossAfter).toBeLessThan(explanation.loss);
  expect(explainInput(model, sparse, 2).label).toBe(2);
  expect(explainInput(model, sparse, undefined)).toEqual(explanation);
});

test('an input of another size is refused', async () => {
  const loaded = await loadModel(await modelText({}), 'model.json');
  expect(() => loaded.predict(new Uint8Array(783))).toThrow('expected 784 input values, got 783');
});
