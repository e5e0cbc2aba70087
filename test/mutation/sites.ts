/** The sites of the semantic mutants: each operation of a backward, with the checks that look at it. */

import type { GradientCheck, Witness } from '../../src/check/gradients/gradient-check.ts';
import { ACTIVATION_NAMES, type ActivationName, activationFunctions } from '../../src/kernels/activations.ts';
import type { Kernels } from '../../src/kernels/kernels.ts';
import { LOSS_NAMES, type LossName, lossFunctions } from '../../src/kernels/losses.ts';
import type { Matrix } from '../../src/kernels/matrix.ts';
import type { Parameter } from '../../src/network/layer.ts';
import { LOSSES } from '../../src/network/losses.ts';
import type { PerceptronOptions } from '../../src/network/network.ts';
import type { Program } from './linker.ts';
import { drawn, fill, networkOf, oneHot } from './samples.ts';

/** What an operation reads, by the letter of its formula, and the factor that it is given (1/B, λ). */
export type Role = 'x' | 'z' | 'p' | 's' | 'y' | 'delta' | 'w' | 'scale';

/** The name of a site, as the report has it. */
export type SiteName =
  | ActivationName
  | LossName
  | 'Dense ∂L/∂W'
  | 'Dense ∂L/∂b'
  | 'Dense ∂L/∂X'
  | 'L2'
  | 'L1';

/** An operation of a backward. */
export interface Site {
  readonly name: SiteName;
  /** The operation of the kernels; of an activation or a loss, that of its name. */
  readonly operation: keyof Kernels;
  /** What its arguments are, in order; `out` is its output. */
  readonly roles: readonly (Role | 'out')[];
  /** Those of the networks that it is checked in. */
  readonly activation: ActivationName;
  readonly loss: LossName;
  /** What kind of check is its own. */
  readonly kind: 'dense' | 'activation' | 'loss' | 'penalty';
}

const dense = { activation: 'tanh', loss: 'softmax-cross-entropy', kind: 'dense' } as const;
const activation = { loss: 'softmax-cross-entropy', kind: 'activation' } as const;
const loss = { activation: 'tanh', kind: 'loss' } as const;

/** The letter of what the gradient of a loss reads: outputs, scores or probabilities. */
const roleOf = (name: LossName): Role =>
  lossFunctions(name).from === 'p' ? 'p' : LOSSES[name].scores ? 's' : 'x';

/** The columns of the tables: every operation of a backward. */
export const SITES: readonly Site[] = [
  { name: 'Dense ∂L/∂W', operation: 'weightGradient', roles: ['x', 'delta', 'out'], ...dense },
  { name: 'Dense ∂L/∂b', operation: 'columnSums', roles: ['delta', 'out'], ...dense },
  { name: 'Dense ∂L/∂X', operation: 'inputGradient', roles: ['delta', 'w', 'out'], ...dense },
  ...ACTIVATION_NAMES.map((name) => ({
    name,
    operation: 'activationGradient' as const,
    roles: ['delta', activationFunctions(name).from === 'x' ? 'x' : 'z', 'out'] as const,
    activation: name,
    ...activation,
  })),
  ...LOSS_NAMES.map((name) => ({
    name,
    operation: 'lossGradient' as const,
    roles: [roleOf(name), 'y', 'scale', 'out'] as const,
    loss: name,
    ...loss,
  })),
  {
    name: 'L2',
    operation: 'addScaled',
    roles: ['w', 'scale', 'out'],
    activation: 'tanh',
    loss: 'softmax-cross-entropy',
    kind: 'penalty',
  },
  {
    name: 'L1',
    operation: 'addScaledSign',
    roles: ['w', 'scale', 'out'],
    activation: 'tanh',
    loss: 'softmax-cross-entropy',
    kind: 'penalty',
  },
];

/** A program with a fault in it, the right one beside it, and the parameters of what was made of it last. */
export interface Subject {
  readonly program: Program;
  readonly right: Program;
  parameters: readonly Parameter[];
}

const [ROWS, INPUTS, OUTPUTS] = [3, 5, 4];

/** The check of the layer, loss or term that a site is in. */
export function checkAlone(subject: Subject, site: Site, witness: Witness): GradientCheck[] {
  const { program, right } = subject;
  const kernels = new program.ReferenceKernels();
  const random = new program.Random(11, site.name);
  const options = { random, kernels, witness };
  const y = oneHot(kernels, ROWS, OUTPUTS);
  const given = (on: Kernels, parameters: readonly Parameter[]) => {
    fill(program, parameters, 11);
    if (on === kernels) subject.parameters = parameters;
    return parameters;
  };
  const away = (cols: number, distance: (x: Matrix) => number) => {
    let x = drawn(kernels, ROWS, cols, random);
    right.drawAwayFromKinks(
      () => {
        x = drawn(kernels, ROWS, cols, random);
      },
      () => distance(x),
    );
    return x;
  };

  if (site.kind === 'penalty') {
    const make = (on: Kernels) => {
      const layer = new program.Dense(on, INPUTS, OUTPUTS, { batchSize: ROWS });
      const parameters = given(on, layer.parameters);
      const Penalty = site.name === 'L1' ? program.L1 : program.L2;
      return { l2: new Penalty(on, 0.3, parameters), parameters };
    };
    return program.checkPenalty(make, options);
  }
  if (site.kind === 'loss') {
    const s = away(OUTPUTS, (x) => right.marginDistance(x, y));
    return program.checkLoss((on) => new program.MeanLoss(on, site.loss, OUTPUTS, ROWS + 2), s, y, options);
  }
  const make = (on: Kernels) => {
    if (site.kind === 'activation') return new program.Activation(on, site.activation, OUTPUTS, ROWS + 2);
    const layer = new program.Dense(on, INPUTS, OUTPUTS, { batchSize: ROWS + 2 });
    given(on, layer.parameters);
    return layer;
  };
  const x = away(site.kind === 'dense' ? INPUTS : OUTPUTS, (z) => (alive(z) ? right.zeroDistance(z) : 0));
  return program.checkLayer(make, x, options);
}

/** Whether each column has an entry above 0, so that a ReLU stops none of them. */
function alive({ values, rows, cols }: Matrix): boolean {
  const columns = Array.from({ length: cols }, (_, j) => j);
  return columns.every((j) => values.subarray(0, rows * cols).some((z, k) => k % cols === j && z > 0));
}

/** The check of a network of four dense layers, all of one width if wanted, so that any of its products fits any other. */
export function checkInDepth(
  subject: Subject,
  { activation, loss, name }: Pick<Site, 'activation' | 'loss'> & Partial<Site>,
  witness: Witness,
  square = false,
): GradientCheck[] {
  const { program, right } = subject;
  const kernels = new program.ReferenceKernels();
  const random = new program.Random(12, `${activation} ${loss}`);
  const [inputs, hidden, classes] = square ? [4, [4, 4, 4], 4] : [INPUTS, [6, 4, 5], OUTPUTS];
  const options: PerceptronOptions = { inputs, hidden, classes, activation, loss, l2: 0.05 };
  const terms = name === 'L1' ? { l1: 0.05 } : {};
  const y = oneHot(kernels, ROWS, classes);
  let x = drawn(kernels, ROWS, inputs, random);
  let seed = 0;
  right.drawAwayFromKinks(
    () => {
      x = drawn(kernels, ROWS, inputs, random);
      seed++;
    },
    () => {
      const network = networkOf(right, new right.ReferenceKernels(), options, ROWS, seed, terms);
      const distance = right.networkKinkDistance(network, x, y);
      network.forward(x);
      network.loss(y);
      network.backward();
      const least = Math.min(
        ...network.parameters.map(({ gradient }) => Math.max(...gradient.values.map(Math.abs))),
      );
      return least > 1e-2 ? distance : 0;
    },
  );
  const make = (on: Kernels) => {
    const network = networkOf(program, on, options, ROWS, seed, terms);
    if (on === kernels) subject.parameters = network.parameters;
    return network;
  };
  return program.checkNetwork(make, x, y, { random, kernels, witness });
}
