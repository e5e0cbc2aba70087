/** Whole training steps: the wasm kernels beside the reference in float32, on every layout, loss and activation. */

import { describe, expect, test } from 'vitest';
import type { Kernels } from '../../../src/kernels/kernels.ts';
import type { Matrix, Samples } from '../../../src/kernels/matrix.ts';
import { Random } from '../../../src/kernels/random.ts';
import { ReferenceKernels } from '../../../src/kernels/reference.ts';
import type { WasmMatrix } from '../../../src/kernels/wasm/matrix.ts';
import { ACTIVATION_NAMES } from '../../../src/network/activations.ts';
import { LOSS_NAMES } from '../../../src/network/losses.ts';
import { Network, type NetworkSpec, perceptron } from '../../../src/network/network.ts';
import { allOf, Batches } from '../../../src/train/batches.ts';
import { Sgd } from '../../../src/train/optimizers/optimizers.ts';
import { digits } from '../../train/runs.ts';
import { draw, seeded, wasmKernels } from './compare.ts';

const { train: images } = await digits();

/** Floats in which each class has a direction of its own. */
function clusters(count: number, cols: number, classes: number): Samples {
  const random = seeded('clusters', count, cols, classes);
  const centres = draw(random, classes * cols);
  const values = Float32Array.from({ length: count * cols }, (_, k) => {
    const c = Math.floor(k / cols) % classes;
    return centres[c * cols + (k % cols)] + random.uniform(-0.5, 0.5);
  });
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classes);
  return { count, cols, values, scale: 1, labels, classes };
}

const NETWORKS: { name: string; hidden: number[]; samples: Samples }[] = [
  { name: '784 → 200 → 10', hidden: [200], samples: images },
  { name: '784 → 65 → 33 → 10', hidden: [65, 33], samples: images },
  { name: '784 → 30 → 10', hidden: [30], samples: images },
  { name: '784 → 10', hidden: [], samples: images },
  { name: '100 → 70 → 70 → 70', hidden: [70, 70], samples: clusters(140, 100, 70) },
];

/** Small enough that rounding errors do not grow from step to step; with sums over the classes still smaller. */
const LEARNING_RATES = {
  'softmax-cross-entropy': 0.1,
  'squared-error': 0.01,
  'sigmoid-cross-entropy': 0.05,
  svm: 0.005,
} as const;

/** Twenty steps, the last of each round a short batch. Gives the losses, the weights, and every matrix of parameters. */
function steps(kernels: Kernels, spec: NetworkSpec, samples: Samples, learningRate: number) {
  const network = new Network(kernels, spec, 16);
  network.initialize(new Random(1, 'weights'));
  const batches = new Batches(kernels, allOf(samples), 16);
  const optimizer = new Sgd(kernels, network.parameters);
  // A gradient is overwritten: what was there before must not matter.
  for (const { gradient } of network.parameters) kernels.fill(gradient, Number.NaN);
  const losses: number[] = [];
  for (let step = 0; step < 20; step++) {
    batches.load(step % batches.count);
    network.forward(batches.x);
    losses.push(network.loss(batches.y).values[0]);
    network.backward();
    optimizer.step(learningRate);
  }
  losses.push(network.penalty().values[0]);
  return { losses, tensors: network.tensors(), parameters: network.parameters };
}

/** What lies in a matrix's storage besides its entries. */
function padding(matrix: Matrix): number[] {
  const m = matrix as WasmMatrix;
  const values = m.values.slice();
  for (let i = 0; i < m.rows; i++) for (let j = 0; j < m.cols; j++) values[m.place(i, j)] = 0;
  return [...values.filter((v) => v !== 0)];
}

describe.each(NETWORKS)('$name', ({ hidden, samples }) => {
  const shape = { inputs: samples.cols, hidden, classes: samples.classes, l2: 0.001 };

  // Squared error brings the activation to the output as well.
  const pairs = LOSS_NAMES.flatMap((loss) => ACTIVATION_NAMES.map((activation) => ({ loss, activation })));
  const meaningful = pairs.filter(({ loss }) => hidden.length > 0 || loss === 'squared-error');

  test.each(meaningful)('$loss, $activation: 20 steps as the reference', ({ loss, activation }) => {
    const spec = perceptron({ ...shape, loss, activation });
    const rate = LEARNING_RATES[loss];
    const got = steps(wasmKernels(), spec, samples, rate);
    const want = steps(new ReferenceKernels('float32'), spec, samples, rate);
    for (const [k, value] of want.losses.entries()) {
      expect(Math.abs(got.losses[k] - value) / value, `loss ${k}`).toBeLessThan(1e-5); // measured: 1e-6;
    }
    for (const [n, { name, values }] of want.tensors.entries()) {
      const largest = Array.from(values, Math.abs).reduce((a, v) => Math.max(a, v), 0);
      const errors = Array.from(values, (v, k) => Math.abs(v - got.tensors[n].values[k]));
      const worst = errors.reduce((a, v) => Math.max(a, v), 0);
      // Measured: 7e-7 at most.
      expect(worst / largest, name).toBeLessThan(1e-5);
    }
    // σ(0) = ½: the padding of its output must not get into weights, nor into the sums over them.
    for (const { name, value, gradient } of got.parameters) {
      expect(padding(value), `padding of ${name}`).toEqual([]);
      expect(padding(gradient), `padding of the gradient of ${name}`).toEqual([]);
    }
  });
});
