/** A run taken apart and put together again in the middle of it: what has to be kept so that it goes on with its bits. */

import { expect, test } from 'vitest';
import type { Floats } from '../../src/kernels/matrix.ts';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { WasmKernels } from '../../src/kernels/wasm/wasm-kernels.ts';
import { memoryFor } from '../../src/network/memory.ts';
import { Network, perceptron } from '../../src/network/network.ts';
import { allOf, Batches } from '../../src/train/batches.ts';
import { makeOptimizer, OPTIMIZER_NAMES, OPTIMIZERS } from '../../src/train/optimizers/optimizers.ts';
import { makeSchedule } from '../../src/train/optimizers/schedules.ts';
import { Regulariser } from '../../src/train/regularisation.ts';
import { corners } from './runs.ts';

const BATCH = 7;
const EPOCHS = 6;
const samples = corners(20);
const spec = perceptron({ inputs: 3, hidden: [70, 6], classes: 3, activation: 'gelu', l2: 0.001 });
const regularisation = { dropout: 0.3, inputDropout: 0.1, l1: 0.001, maxNorm: 1.2, labelSmoothing: 0.1 };
const factor = makeSchedule({ name: 'cosine', warmUp: 0.5 });

const KERNELS = {
  reference: () => new ReferenceKernels(),
  wasm: (remembered: number) => new WasmKernels(memoryFor(spec, [samples], BATCH, 0, remembered)),
};

test.each(
  (['reference', 'wasm'] as const).flatMap((kernels) =>
    OPTIMIZER_NAMES.map((name) => [kernels, name] as const),
  ),
)('%s, %s: parameters, memory, steps and the masks’ generator are all there is', (on, name) => {
  const start = () => {
    const kernels = KERNELS[on](OPTIMIZERS[name].matrices);
    const regulariser = new Regulariser(kernels, regularisation, spec.loss.name, 5);
    const network = new Network(kernels, spec, BATCH, regulariser.terms);
    network.initialize(new Random(5, 'weights'));
    const optimizer = makeOptimizer(kernels, network.parameters, { name });
    const batches = new Batches(kernels, allOf(samples), BATCH);
    return { kernels, regulariser, network, optimizer, batches };
  };
  const advance = (run: ReturnType<typeof start>, steps: number) => {
    const { regulariser, network, optimizer, batches } = run;
    for (let k = 0; k < steps; k++) {
      batches.load(optimizer.steps % batches.count);
      regulariser.prepare(network, batches.x, batches.y);
      network.forward(batches.x);
      network.loss(batches.y);
      network.backward();
      optimizer.step(0.02 * factor(optimizer.steps, batches.count, EPOCHS));
      regulariser.constrain(network);
    }
    return network.tensors().map(({ values }) => [...values]);
  };
  const whole = start();
  const total = EPOCHS * whole.batches.count;
  const expected = advance(whole, total);

  const first = start();
  advance(first, 8);
  const second = start();
  second.network.setTensors(first.network.tensors());
  for (const [k, { name, value }] of first.optimizer.state.entries()) {
    expect(second.optimizer.state[k].name).toBe(name);
    second.kernels.write(second.optimizer.state[k].value, first.kernels.read(value) as Floats);
  }
  second.optimizer.steps = first.optimizer.steps;
  expect(advance(start(), total - 8)).not.toEqual(expected);
  second.regulariser.restore(first.regulariser.save());
  expect(advance(second, total - 8)).toEqual(expected);
});
