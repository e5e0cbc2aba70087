/** A small network and its model file for the tests of the format. */

import { encodeModel, type Model, type ModelInfo } from '../../src/formats/model.ts';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { Network, perceptron } from '../../src/network/network.ts';

export const info: ModelInfo = {
  spec: perceptron({ inputs: 4, hidden: [5], classes: 3, l2: 0.25 }),
  classes: ['a', 'b', 'c'],
  preprocessing: { scale: 0.5, shape: [2, 2] },
  training: { seed: 7, epochs: 2, config: { hidden: [5] } },
};

/** The values of a model's tensor. */
export function valuesOf(model: Model, name: string): Float32Array {
  return model.tensors.find((tensor) => tensor.name === name)?.values as Float32Array;
}

/** 4 → 5 relu → 3 with weights at random, the biases too. */
export function makeNetwork(): Network {
  const network = new Network(new ReferenceKernels('float32'), info.spec, 2);
  const random = new Random(7, 'weights');
  network.initialize(random);
  for (const { value } of network.parameters.filter(({ isWeight }) => !isWeight)) {
    for (let i = 0; i < value.values.length; i++) value.values[i] = random.uniform(-1, 1);
  }
  return network;
}

/** The model file of `makeNetwork`, parsed, to be spoilt. */
// biome-ignore lint/suspicious/noExplicitAny: tests write into it what no type would let them
export async function encodedModel(): Promise<any> {
  return JSON.parse((await encodeModel(info, makeNetwork().tensors())).text);
}
