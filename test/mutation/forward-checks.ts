/** The battery's checks that the forward of a mutant is that of the right program, and so are the events it tells of. */

import { ACTIVATION_NAMES } from '../../src/kernels/activations.ts';
import { LOSS_NAMES } from '../../src/kernels/losses.ts';
import type { Matrix } from '../../src/kernels/matrix.ts';
import type { Network } from '../../src/network/network.ts';
import type { Check } from './check.ts';
import { equal } from './finding.ts';
import type { Program } from './linker.ts';
import { drawn, fill, networkOf, oneHot } from './samples.ts';

/**
 * A check that a program gives the numbers that the right one does: of a forward, or of what is told when, but never of
 * a gradient, which would be no proof of it.
 */
function same(name: string, numbers: (program: Program) => readonly number[]): Check {
  return { name, run: (program, right) => [equal('numbers', numbers(program), numbers(right))] };
}

const layerChecks = ACTIVATION_NAMES.map((name) =>
  same(`${name}: forward`, (program) => {
    const kernels = new program.ReferenceKernels();
    const layer = new program.Activation(kernels, name, 4, 5);
    const z = drawn(kernels, 3, 4, new program.Random(7, name));
    return [...kernels.read(layer.forward(z))];
  }),
);

const lossChecks = LOSS_NAMES.map((name) =>
  same(`${name}: forward`, (program) => {
    const kernels = new program.ReferenceKernels();
    const loss = new program.MeanLoss(kernels, name, 4, 5);
    const mean = loss.forward(drawn(kernels, 3, 4, new program.Random(7, name)), oneHot(kernels, 3, 4));
    const p = loss.probabilities === undefined ? [] : kernels.read(loss.probabilities);
    return [...kernels.read(mean), ...kernels.read(loss.losses), ...p];
  }),
);

const EVENTS = ['forward', 'loss', 'delta', 'backward', 'decay'];

function network(program: Program, l2: number): Network {
  const kernels = new program.ReferenceKernels();
  return networkOf(program, kernels, { inputs: 5, hidden: [4, 3], classes: 3, activation: 'tanh', l2 }, 3, 8);
}

const regularisationChecks = [
  same('a network with L1 and L2: penalty', (program) => {
    const kernels = new program.ReferenceKernels();
    const spec = program.perceptron({ inputs: 5, hidden: [4], classes: 3, l2: 0.2 });
    const net = new program.Network(kernels, spec, 3, { l1: 0.1 });
    fill(program, net.parameters, 8);
    return [0, 1].map(() => net.penalty().values[0]);
  }),
  same('dropout of dense and of sparse matrices', (program) => {
    const kernels = new program.ReferenceKernels();
    const mask = { rate: 0.4, key: [12345, 67890] } as const;
    const x = drawn(kernels, 3, 4, new program.Random(7, 'dropout'));
    const out = kernels.matrix(5, 4);
    kernels.dropout(x, mask, out);
    const samples = {
      count: 9,
      cols: 6,
      values: new Uint8Array(54).map((_, k) => (k % 3 === 1 ? 50 + k : 0)),
      scale: 1,
      labels: new Uint8Array(9),
      classes: 2,
    };
    const batch = kernels.batch(samples, 9);
    const order = Uint32Array.of(8, 2, 0, 1, 4, 7, 3, 6, 5);
    kernels.gather(samples, order, 0, 9, batch, kernels.matrix(9, 2));
    kernels.dropout(batch, mask, batch);
    return [out.rows, ...kernels.read(out), ...batch.values.subarray(0, 18)];
  }),
];

const networkChecks = [
  same('a network: forward, from a layer on, loss and penalty', (program) => {
    const kernels = new program.ReferenceKernels();
    const net = network(program, 0.2);
    const random = new program.Random(8, 'network');
    const outputs = [...kernels.read(net.forward(drawn(kernels, 3, 5, random)))];
    outputs.push(...kernels.read(net.forward(drawn(kernels, 3, 4, random), 2)));
    const mean = kernels.read(net.loss(oneHot(kernels, 3, 3)));
    const losses = kernels.read(net.losses);
    const penalties = [0, 1].map(() => net.penalty().values[0]);
    return [...outputs, ...mean, ...losses, ...penalties];
  }),
  ...[0.2, 0].map((l2) =>
    same(`a network with λ = ${l2}: what it tells its observer`, (program) => {
      const kernels = new program.ReferenceKernels();
      const net = network(program, l2);
      const x = drawn(kernels, 3, 5, new program.Random(8, 'network'));
      const y = oneHot(kernels, 3, 3);
      // Which matrices, not what is in them: that the gradients are right is for the gradient checks to say.
      const seen: unknown[] = [undefined, x, y];
      const told: number[] = [];
      const tell = (matrix: Matrix | undefined) => {
        if (!seen.includes(matrix)) seen.push(matrix);
        told.push(seen.indexOf(matrix), matrix?.rows ?? 0, matrix?.cols ?? 0);
      };
      net.observer = (event) => {
        told.push(EVENTS.indexOf(event.type), 'layer' in event ? event.layer : -1);
        if (event.type === 'forward') [event.input, event.output].forEach(tell);
        if (event.type === 'loss') [event.outputs, event.targets, event.mean].forEach(tell);
        if (event.type === 'delta') tell(event.delta);
        if (event.type === 'backward') [event.delta, event.inputGradient].forEach(tell);
      };
      tell(net.forward(x));
      tell(net.loss(y));
      net.backward();
      return told;
    }),
  ),
];

/** The forward of layers, losses and a network, and its events. */
export const FORWARD_CHECKS: readonly Check[] = [
  ...layerChecks,
  ...lossChecks,
  ...regularisationChecks,
  ...networkChecks,
];
