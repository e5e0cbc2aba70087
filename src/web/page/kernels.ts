/** A model in the browser: read, and run forward by the same wasm kernels that trained it. */

import { buildNetwork, decodeModel, type Model } from '../../formats/model.ts';
import type { Samples } from '../../kernels/matrix.ts';
import { WasmKernels } from '../../kernels/wasm/wasm-kernels.ts';
import { memoryFor } from '../../network/memory.ts';
import type { NetworkEvent } from '../../network/observer.ts';

/** What a network makes of one input. */
export interface ForwardResult {
  /** The class of the largest output; of equals, the lowest. */
  readonly class: number;
  /** The last layer's outputs, [classes]. */
  readonly outputs: Float32Array;
  /** [classes]; absent of losses that make none. */
  readonly probabilities?: Float32Array;
  /** What each hidden activation layer gave, from the input on: [units]. */
  readonly hidden: readonly Float32Array[];
}

/** A model that can be asked. */
export interface LoadedModel {
  /** The file's name. */
  readonly name: string;
  readonly model: Model;
  /** Rows and columns of its inputs, where they are an image. */
  readonly shape: readonly [rows: number, cols: number] | undefined;
  /** The same bits as `mlp predict`. @param values raw, as many as the model has inputs: pixels from 0 to 255 */
  predict(values: Uint8Array | Float32Array): ForwardResult;
}

/** One input as samples of one row; its label is not looked at. */
export function oneSample(
  model: Model,
  values: Uint8Array | Float32Array,
  label = 0,
  scale = model.preprocessing.scale,
): Samples {
  const { inputs } = model.spec;
  if (values.length !== inputs) {
    throw new RangeError(`model: expected ${inputs} input values, got ${values.length}`);
  }
  const classes = model.classes.length;
  return { count: 1, cols: inputs, values, scale, labels: Uint8Array.of(label), classes };
}

/**
 * Reads a model file and builds its network.
 *
 * @throws {DataError} the text is not a model file, or does not fit itself
 */
export async function loadModel(text: string, name: string): Promise<LoadedModel> {
  const model = await decodeModel(text, name);
  const sizes = oneSample(model, new Uint8Array(model.spec.inputs));
  const memory = memoryFor(model.spec, [sizes, { ...sizes, values: new Float32Array(sizes.cols) }], 1, 0);
  const kernels = new WasmKernels(memory);
  const network = buildNetwork(kernels, model, 1);
  const y = kernels.matrix(1, network.classes);
  const best = kernels.matrix(1, 1);
  const free = kernels.end;
  const {
    lossLayer: { probabilities },
    layers,
  } = network;

  const predict = (values: Uint8Array | Float32Array): ForwardResult => {
    // Kernels never take memory back, so each input is put at the same place by kernels of its own.
    const gatherer = new WasmKernels(memory, { index: 0, count: 1 }, free);
    const samples = oneSample(model, values);
    const x = gatherer.batch(samples, 1);
    gatherer.gather(samples, Uint32Array.of(0), 0, 1, x, y);
    const hidden: Float32Array[] = [];
    network.observer = (event: NetworkEvent) => {
      if (event.type !== 'forward' || event.layer === layers.length - 1) return;
      if (model.spec.layers[event.layer].type !== 'activation') return;
      hidden.push(kernels.read(event.output) as Float32Array);
    };
    const scores = network.forward(x);
    network.observer = undefined;
    kernels.argmax(scores, best);
    network.loss(y);
    const prediction = {
      class: kernels.read(best)[0],
      outputs: kernels.read(scores) as Float32Array,
      ...(probabilities && { probabilities: kernels.read(probabilities) as Float32Array }),
      hidden,
    };
    new Uint8Array(memory.memory.buffer, free, gatherer.end - free).fill(0);
    return prediction;
  };
  return { name, model, shape: model.preprocessing.shape, predict };
}
