/** The battery: every check that a source mutant must get past, those that kill most first. */

import { ACTIVATION_NAMES } from '../../src/kernels/activations.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { LOSS_NAMES, lossFunctions } from '../../src/kernels/losses.ts';
import type { Matrix } from '../../src/kernels/matrix.ts';
import type { PerceptronOptions } from '../../src/network/network.ts';
import type { Check } from './check.ts';
import { equal } from './finding.ts';
import { FORWARD_CHECKS } from './forward-checks.ts';
import { KERNEL_CHECKS } from './kernel-checks.ts';
import type { Program } from './linker.ts';
import { layerAfter, lossAfter, networkAfter } from './longer-batch.ts';
import { REFUSAL_CHECKS } from './refusal-checks.ts';
import { drawn, fill, networkOf, oneHot, soft, tied } from './samples.ts';

const ROWS = 4;

const denseChecks: Check[] = [
  { inputs: 5, outputs: 3, inputGradient: true },
  { inputs: 2, outputs: 6, inputGradient: true },
  { inputs: 3, outputs: 4, inputGradient: false },
].map(({ inputs, outputs, inputGradient }) => ({
  name: `Dense ${inputs} → ${outputs}${inputGradient ? '' : ' without ∂L/∂X'}: gradients`,
  run(program) {
    const kernels = new program.ReferenceKernels();
    const random = new program.Random(1, 'dense');
    const make = (on: Kernels) => {
      const layer = new program.Dense(on, inputs, outputs, { batchSize: ROWS + 2, inputGradient });
      fill(program, layer.parameters, 1);
      return on === kernels ? layerAfter(layer, ROWS + 2, kernels, random) : layer;
    };
    const x = drawn(kernels, ROWS, inputs, random);
    x.values.set([0, 1, -1, 2]);
    const results = program.checkLayer(make, x, { random, kernels });
    const expected = inputGradient ? ['dx', 'dW1', 'db1'] : ['dW1', 'db1'];
    const checked = results.filter(({ tolerance }) => tolerance > 0).map(({ what }) => what);
    return [...results, { what: 'gradients checked', error: 0, passed: checked.join() === expected.join() }];
  },
}));

const activationChecks: Check[] = ACTIVATION_NAMES.map((name) => ({
  name: `${name}: gradient`,
  run(program) {
    const kernels = new program.ReferenceKernels();
    const random = new program.Random(2, name);
    const make = (on: Kernels) => {
      const layer = new program.Activation(on, name, 6, ROWS + 2);
      return on === kernels ? layerAfter(layer, ROWS + 2, kernels, random) : layer;
    };
    const results = program.checkLayer(make, drawn(kernels, ROWS, 6, random), { random, kernels });
    const checked = results.some(({ what }) => what === 'dx');
    return [...results, { what: 'gradients checked', error: 0, passed: checked }];
  },
}));

const TARGETS = { 'one-hot': oneHot, soft, tied };

const lossChecks: Check[] = LOSS_NAMES.flatMap((name) =>
  (['one-hot', lossFunctions(name).jump === 'none' ? 'soft' : 'tied'] as const).flatMap((targets) =>
    [ROWS, 2].map((rows) => ({
      name: `${name}, ${targets} targets, ${rows} rows: gradient`,
      run(program: Program) {
        const kernels = new program.ReferenceKernels();
        const random = new program.Random(3, name);
        const s = drawn(kernels, rows, 5, random);
        const y = TARGETS[targets](kernels, rows, 5, random);
        const make = (on: Kernels) => {
          const loss = new program.MeanLoss(on, name, 5, rows + 2);
          return on === kernels ? lossAfter(loss, rows + 2, 5, kernels, random) : loss;
        };
        return program.checkLoss(make, s, y, { random, kernels });
      },
    })),
  ),
);

/** One class: the last row is also the last entry. */
const oneClassCheck: Check = {
  name: 'squared-error, one class: gradient',
  run(program) {
    const kernels = new program.ReferenceKernels();
    const random = new program.Random(3, 'one class');
    const [x, y] = [drawn(kernels, 3, 1, random), drawn(kernels, 3, 1, random)];
    return program.checkLoss((on) => new program.MeanLoss(on, 'squared-error', 1, 5), x, y, {
      random,
      kernels,
    });
  },
};

const penaltyChecks: Check[] = [0.37, 1, 0].map((lambda) => ({
  name: `L2 with λ = ${lambda}: gradient`,
  run(program) {
    const kernels = new program.ReferenceKernels();
    return program.checkPenalty(
      (on) => {
        const parameters = [1, 2].flatMap(
          (number) => new program.Dense(on, 4, 3, { batchSize: 2, number }).parameters,
        );
        fill(program, parameters, 4);
        return { l2: new program.L2(on, lambda, parameters), parameters };
      },
      { kernels },
    );
  },
}));

const magnitudeChecks: Check[] = [0.37, 1, 0].map((lambda) => ({
  name: `L1 with λ = ${lambda}: gradient`,
  run(program) {
    const kernels = new program.ReferenceKernels();
    return program.checkPenalty(
      (on) => {
        const parameters = [1, 2].flatMap(
          (number) => new program.Dense(on, 4, 3, { batchSize: 2, number }).parameters,
        );
        fill(program, parameters, 4);
        return { l2: new program.L1(on, lambda, parameters), parameters };
      },
      { kernels },
    );
  },
}));

const dropoutChecks: Check[] = [true, false].map((drops) => ({
  name: `Dropout ${drops ? 'with' : 'without'} a mask: gradient`,
  run(program) {
    const kernels = new program.ReferenceKernels();
    const random = new program.Random(14, 'dropout');
    const make = (on: Kernels) => {
      const layer = new program.Dropout(on, 6, ROWS + 2, 0.4);
      layer.draw(new program.Random(14, 'mask'));
      if (!drops) layer.clear();
      return on === kernels ? layerAfter(layer, ROWS + 2, kernels, random) : layer;
    };
    const results = program.checkLayer(make, drawn(kernels, ROWS, 6, random), { random, kernels });
    const checked = results.some(({ what }) => what === 'dx');
    return [...results, { what: 'gradients checked', error: 0, passed: checked }];
  },
}));

const NETWORKS: readonly Omit<PerceptronOptions, 'inputs' | 'classes'>[] = [
  { hidden: [5, 3], activation: 'relu', loss: 'softmax-cross-entropy', l2: 0.05 },
  { hidden: [4, 5], activation: 'sigmoid', loss: 'squared-error', l2: 0 },
  { hidden: [5, 4, 3], activation: 'tanh', loss: 'sigmoid-cross-entropy', l2: 0.3 },
  { hidden: [4], activation: 'identity', loss: 'svm', l2: 0.1 },
  { hidden: [], loss: 'softmax-cross-entropy', l2: 0 },
];

const networkChecks: Check[] = NETWORKS.flatMap((options) =>
  ['dense', 'sparse'].map((inputs) => ({
    name: `${[6, ...options.hidden, 4].join(' → ')}, ${options.activation ?? 'linear'}, ${options.loss}, ${inputs} inputs: gradients`,
    run(program: Program) {
      const kernels = new program.ReferenceKernels();
      const random = new program.Random(5, options.loss ?? '');
      const x = inputs === 'sparse' ? sparse(kernels) : drawn(kernels, ROWS, 6, random);
      const make = (on: Kernels) => {
        const network = networkOf(program, on, { inputs: 6, classes: 4, ...options }, ROWS, 5);
        return on === kernels ? networkAfter(network, ROWS + 2, kernels, random) : network;
      };
      return program.checkNetwork(make, x, oneHot(kernels, ROWS, 4), { random, kernels });
    },
  })),
);

/** A batch of which most entries are 0, in compressed rows. */
function sparse(kernels: Kernels): Matrix {
  const values = new Uint8Array((ROWS + 2) * 6).map((_, k) => (k % 3 === 1 ? 50 + 7 * k : 0));
  const samples = {
    count: ROWS + 2,
    cols: 6,
    values,
    scale: 1 / 255,
    labels: new Uint8Array(ROWS + 2),
    classes: 4,
  };
  const x = kernels.batch(samples, ROWS + 2);
  kernels.gather(samples, Uint32Array.of(4, 0, 5, 2), 0, ROWS, x, kernels.matrix(ROWS + 2, 4));
  return x;
}

const regularisedCheck: Check = {
  name: 'a network with dropout and L1: gradients',
  run(program) {
    const kernels = new program.ReferenceKernels();
    const random = new program.Random(15, 'regularised');
    const spec = program.perceptron({ inputs: 6, hidden: [5, 3], classes: 4, activation: 'tanh', l2: 0.05 });
    const make = (on: Kernels) => {
      const network = new program.Network(on, spec, ROWS + 2, { dropout: 0.4, l1: 0.03 });
      fill(program, network.parameters, 15);
      network.drawMasks(new program.Random(15, 'mask'));
      return on === kernels ? networkAfter(network, ROWS + 2, kernels, random) : network;
    };
    return program.checkNetwork(make, drawn(kernels, ROWS, 6, random), oneHot(kernels, ROWS, 4), {
      random,
      kernels,
    });
  },
};

const kinkChecks: Check[] = [
  {
    name: 'φ′(0) = 0 of ReLU, at −0 too',
    run(program) {
      const kernels = new program.ReferenceKernels();
      const relu = new program.Activation(kernels, 'relu', 4, 1);
      const z = kernels.matrix(1, 4);
      kernels.write(z, [0, -0, Number.MIN_VALUE, -Number.MIN_VALUE]);
      relu.forward(z);
      const delta = kernels.matrix(1, 4);
      delta.values.fill(3);
      return [equal('dz', relu.backward(delta).values, [0, 0, 3, 0])];
    },
  },
  {
    name: 'φ′(0) = 0.01 of leaky ReLU, at −0 too',
    run(program) {
      const kernels = new program.ReferenceKernels();
      const leaky = new program.Activation(kernels, 'leaky-relu', 4, 1);
      const z = kernels.matrix(1, 4);
      kernels.write(z, [0, -0, Number.MIN_VALUE, -Number.MIN_VALUE]);
      leaky.forward(z);
      const delta = kernels.matrix(1, 4);
      delta.values.fill(3);
      return [equal('dz', leaky.backward(delta).values, [0.03, 0.03, 3, 0.03])];
    },
  },
  {
    name: 'nothing from L1 at a weight of 0',
    run(program) {
      const kernels = new program.ReferenceKernels();
      const { parameters } = new program.Dense(kernels, 1, 3, { batchSize: 1 });
      kernels.write(parameters[0].value, [0, -0, 2]);
      kernels.fill(parameters[0].gradient, 1);
      new program.L1(kernels, 0.5, parameters).backward();
      return [equal('dW', parameters[0].gradient.values, [1, 1, 1.5])];
    },
  },
  {
    name: 'no gradient at a margin of exactly 0 (E5)',
    run(program) {
      const kernels = new program.ReferenceKernels();
      const svm = new program.MeanLoss(kernels, 'svm', 3, 1);
      const [s, y] = [kernels.matrix(1, 3), kernels.matrix(1, 3)];
      kernels.write(s, [2, 1, 1 + 2 ** -52]);
      kernels.write(y, [1, 0, 0]);
      svm.forward(s, y);
      return [equal('δ', svm.backward().values, [-1, 0, 1])];
    },
  },
];

/** Where p is so near 1 that 1 − p has no digits, δ of the class must still be minus the sum of the others. */
const cancellationCheck: Check = {
  name: 'softmax-cross-entropy: δ keeps its digits where p is near 1',
  run(program) {
    const kernels = new program.ReferenceKernels();
    const loss = new program.MeanLoss(kernels, 'softmax-cross-entropy', 3, 1);
    const [s, y] = [kernels.matrix(1, 3), kernels.matrix(1, 3)];
    kernels.write(s, [1, 41, 2]);
    kernels.write(y, [0, 1, 0]);
    loss.forward(s, y);
    const [first, own, last] = loss.backward().values;
    const error = Math.abs(own + first + last) / (first + last);
    return [{ what: 'δ', error, passed: error < 1e-15 }];
  },
};

/** The same of sigmoid cross-entropy, entry by entry against the complex step, on either side of 0. */
const saturationCheck: Check = {
  name: 'sigmoid-cross-entropy: δ keeps its digits where p is near y',
  run(program) {
    const kernels = new program.ReferenceKernels();
    const [s, y] = [kernels.matrix(1, 4), kernels.matrix(1, 4)];
    kernels.write(s, [-40.5, 40, -41, -40]);
    kernels.write(y, [0, 1, 0, 0]);
    const make = (on: Kernels) => new program.MeanLoss(on, 'sigmoid-cross-entropy', 4, 1);
    return program.checkLoss(make, s, y, { kernels });
  },
};

/** In the order in which a mutant meets them. */
export const BATTERY: readonly Check[] = [
  ...denseChecks,
  ...activationChecks,
  ...lossChecks,
  oneClassCheck,
  ...penaltyChecks,
  ...magnitudeChecks,
  ...dropoutChecks,
  regularisedCheck,
  ...kinkChecks,
  cancellationCheck,
  saturationCheck,
  ...KERNEL_CHECKS,
  ...FORWARD_CHECKS,
  ...REFUSAL_CHECKS,
  ...networkChecks,
];
