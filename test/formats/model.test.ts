/** model.json: its layout, its digest, and that what is written comes back with every bit. */

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { buildNetwork, decodeModel, encodeModel, weightsDigest } from '../../src/formats/model.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { encodedModel, info, makeNetwork, valuesOf } from './models.ts';

/** The bytes of floats as a little-endian machine holds them, by Node's own writer. */
function littleEndian(values: ArrayLike<number>): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (let i = 0; i < values.length; i++) buffer.writeFloatLE(values[i], i * 4);
  return buffer;
}

describe('the file', () => {
  test('is laid out as the contract has it', async () => {
    const network = makeNetwork();
    const { text, sha256 } = await encodeModel(info, network.tensors());
    const file = JSON.parse(text);
    const expected = ['format', 'version', 'inputs', 'classes', 'preprocessing', 'layers', 'loss', 'l2'];
    expect(Object.keys(file)).toEqual([...expected, 'weights', 'training', 'sha256', 'fileSha256']);
    expect(file).toMatchObject({
      format: 'mlp-model',
      version: 1,
      inputs: 4,
      classes: ['a', 'b', 'c'],
      preprocessing: { scale: 0.5, shape: [2, 2] },
      layers: [
        { type: 'dense', inputs: 4, outputs: 5 },
        { type: 'activation', name: 'relu' },
        { type: 'dense', inputs: 5, outputs: 3 },
      ],
      loss: { name: 'softmax-cross-entropy' },
      l2: 0.25,
      training: { seed: 7, epochs: 2 },
      sha256,
    });
    expect(text.endsWith('\n')).toBe(true);
  });

  test('holds each weight as base64 of little-endian float32, row-major, W as [inputs, outputs]', async () => {
    const network = makeNetwork();
    const file = JSON.parse((await encodeModel(info, network.tensors())).text);
    const shapes = { W1: [4, 5], b1: [5], W2: [5, 3], b2: [3] };
    expect(Object.keys(file.weights)).toEqual(['W1', 'b1', 'W2', 'b2']);
    for (const { name, value } of network.parameters) {
      const tensor = file.weights[name];
      expect(tensor.shape).toEqual(shapes[name as keyof typeof shapes]);
      expect(tensor.dtype).toBe('float32');
      expect(tensor.data).toBe(littleEndian(value.values).toString('base64'));
    }
  });

  test('says that x·W + b is the layer', async () => {
    const network = makeNetwork();
    const model = await decodeModel((await encodeModel(info, network.tensors())).text, 'm.json');
    const kernels = new ReferenceKernels('float64');
    const built = buildNetwork(kernels, model, 1);
    const x = kernels.matrix(1, 4);
    x.values.set([1, -2, 3, 0.5]);
    const [w1, b1, w2, b2] = ['W1', 'b1', 'W2', 'b2'].map((name) => valuesOf(model, name));
    const affine = (input: number[], w: Float32Array, b: Float32Array) =>
      [...b].map((bias, j) => input.reduce((sum, xi, i) => sum + xi * w[i * b.length + j], bias));
    const hidden = affine([...x.values], w1, b1).map((z) => Math.max(0, z));
    const scores = affine(hidden, w2, b2);
    [...built.forward(x).values].forEach((score, j) => {
      expect(score).toBeCloseTo(scores[j], 12);
    });
  });
});

describe('the digest', () => {
  test('is SHA-256 over the raw bytes of W1, b1, W2, b2', async () => {
    const network = makeNetwork();
    const hash = createHash('sha256');
    for (const { value } of network.parameters) hash.update(littleEndian(value.values));
    const digest = hash.digest('hex');
    expect((await encodeModel(info, network.tensors())).sha256).toBe(digest);
    expect(await weightsDigest(network.parameters.map(({ value }) => value.values))).toBe(digest);
  });

  test('follows from the weights alone', async () => {
    const network = makeNetwork();
    const first = await encodeModel(info, network.tensors());
    const other = await encodeModel({ ...info, classes: ['x', 'y', 'z'], training: {} }, network.tensors());
    expect(other.sha256).toBe(first.sha256);
    network.parameters[1].value.values[0] = 1;
    expect((await encodeModel(info, network.tensors())).sha256).not.toBe(first.sha256);
  });
});

describe('a round trip', () => {
  test('gives back every bit and all that was said', async () => {
    const network = makeNetwork();
    const { text, sha256 } = await encodeModel(info, network.tensors());
    const model = await decodeModel(text, 'm.json');
    expect(model.spec).toEqual(info.spec);
    expect(model.classes).toEqual(info.classes);
    expect(model.preprocessing).toEqual(info.preprocessing);
    expect(model.training).toEqual(info.training);
    expect(model.sha256).toBe(sha256);
    expect(model.tensors.map(({ name }) => name)).toEqual(['W1', 'b1', 'W2', 'b2']);
    for (const { name, value } of network.parameters) {
      expect(littleEndian(valuesOf(model, name))).toEqual(littleEndian(value.values));
    }
    // Written again, it is the same file.
    const again = await encodeModel(model, buildNetwork(new ReferenceKernels('float32'), model, 1).tensors());
    expect(again.text).toBe(text);
  });

  test('keeps −0 and the smallest numbers', async () => {
    const network = makeNetwork();
    network.parameters[0].value.values.set([-0, 1e-45, -3.4e38]);
    const model = await decodeModel((await encodeModel(info, network.tensors())).text, 'm.json');
    const w1 = valuesOf(model, 'W1');
    expect(Object.is(w1[0], -0)).toBe(true);
    expect([w1[1], w1[2]]).toEqual([Math.fround(1e-45), Math.fround(-3.4e38)]);
  });

  test('computes the same outputs, whatever the batch', async () => {
    const kernels = new ReferenceKernels('float32');
    const network = makeNetwork();
    const model = await decodeModel((await encodeModel(info, network.tensors())).text, 'm.json');
    const built = buildNetwork(kernels, model, 9);
    expect(built.batchSize).toBe(9);
    const x = kernels.matrix(2, 4);
    x.values.set([0.3, -1, 2, 0, 5, 0.25, -0.125, 7]);
    const outputs = [...network.forward(x).values.slice(0, 6)];
    expect([...built.forward(x).values.slice(0, 6)]).toEqual(outputs);
    expect(new Set(outputs).size).toBeGreaterThan(1);
  });

  test('reads a file without a shape and with keys it does not know', async () => {
    const file = await encodedModel();
    file.preprocessing = { scale: 1 };
    file.comment = 'added by hand';
    file.training = undefined;
    delete file.fileSha256;
    const model = await decodeModel(JSON.stringify(file), 'm.json');
    expect(model.preprocessing).toEqual({ scale: 1 });
    expect(model.training).toEqual({});
  });
});
