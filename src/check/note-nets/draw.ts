/** The numbers of a note's network: weights, biases, samples and labels from a seed, away from every kink. */

import type { NetDefinition } from '../../formulas/nets/definitions.ts';
import { dimensionSize } from '../../formulas/nets/spec.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { lossFunctions } from '../../kernels/losses.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { Random } from '../../kernels/random.ts';
import { ReferenceKernels } from '../../kernels/reference.ts';
import type { ActivationName } from '../../network/activations.ts';
import { Network, type NetworkSpec, perceptron } from '../../network/network.ts';
import {
  drawAwayFromKinks,
  hasKink,
  hasMarginKink,
  marginDistance,
  networkKinkDistance,
} from '../gradients/kinks.ts';

/** A network that holds what was drawn, in the project's orientation: a sample a row. */
export interface Draw {
  readonly network: Network;
  readonly x: Matrix;
  readonly y: Matrix;
  readonly alpha: number;
  readonly lambda: number;
}

/** The project's spec of a note's network. */
export function specOf(definition: NetDefinition, activation: ActivationName, lambda: number): NetworkSpec {
  return perceptron({
    inputs: dimensionSize(definition, definition.inputs),
    hidden: definition.hidden.map((letter) => dimensionSize(definition, letter)),
    classes: dimensionSize(definition, definition.classes),
    activation,
    loss: definition.loss,
    l2: definition.l2 ? lambda : 0,
  });
}

/**
 * Draws until no ReLU and no margin is near its kink and each layer's have both signs, so that a derivative that is
 * left out shows.
 *
 * @param atKink whether some pre-activations and margins are exactly 0 instead
 * @throws RangeError if the seed is not an integer from 0 to 2³² − 1
 */
export function draw(
  definition: NetDefinition,
  activation: ActivationName,
  seed: number,
  atKink = false,
): Draw {
  const kernels = new ReferenceKernels('float64');
  const random = new Random(seed, `net ${definition.name}`);
  const alpha = random.uniform(0.2, 0.9);
  const lambda = random.uniform(0.2, 0.9);
  const samples = definition.sampleLetter === null ? 1 : dimensionSize(definition, definition.sampleLetter);
  const network = new Network(kernels, specOf(definition, activation, lambda), samples);
  const x = kernels.matrix(samples, network.inputs);
  const y = kernels.matrix(samples, network.classes);
  drawAwayFromKinks(
    () => {
      network.parameters.forEach(({ value }, p) => {
        if (definition.isLinear && isBias(p)) value.values.fill(0);
        else randomize(value, random);
      });
      randomize(x, random);
      y.values.fill(0);
      const first = random.below(y.cols);
      for (let i = 0; i < samples; i++) y.values[i * y.cols + ((first + i) % y.cols)] = 1;
    },
    () => (showsEveryDerivative(network, x, y) ? networkKinkDistance(network, x, y) : 0),
  );
  if (atKink) putAtKinks(network, x);
  return { network, x, y, alpha, lambda };
}

/**
 * Sets pre-activations to exactly 0, and margins of the SVM: those of the first unit of each hidden layer, for which
 * its weights and bias are 0, and those of class 1, whose scores are −1 where all others are 0.
 */
function putAtKinks(network: Network, x: Matrix): void {
  const { parameters, spec } = network;
  const dense = parameters.filter((_, p) => p % 2 === 0).length;
  for (let l = 0; l < dense - 1; l++) {
    const [weights, bias] = [parameters[2 * l].value, parameters[2 * l + 1].value];
    for (let i = 0; i < weights.rows; i++) weights.values[i * weights.cols] = 0;
    bias.values[0] = 0;
  }
  if (lossFunctions(spec.loss.name).jump !== 'slope') return;
  const [weights, bias] = [parameters[2 * dense - 2].value, parameters[2 * dense - 1].value];
  weights.values.fill(0);
  bias.values.fill(0);
  weights.values[0] = -1;
  for (let i = 0; i < x.rows; i++) x.values[i * x.cols] = 1;
}

/** The same network on other kernels. */
export function copyOn(
  kernels: Kernels,
  { network, x, y }: Draw,
): { network: Network; x: Matrix; y: Matrix } {
  const copy = new Network(kernels, network.spec, network.batchSize);
  copy.setTensors(network.tensors());
  const [inputs, targets] = [x, y].map((matrix) => {
    const other = kernels.matrix(matrix.rows, matrix.cols);
    kernels.write(other, matrix.values);
    return other;
  });
  return { network: copy, x: inputs, y: targets };
}

/** Whether the parameter of an index is a bias: W1, b1, W2, … */
const isBias = (index: number) => index % 2 === 1;

function randomize(matrix: Matrix, random: Random): void {
  for (let k = 0; k < matrix.rows * matrix.cols; k++) matrix.values[k] = random.uniform(-1, 1);
}

/** Whether every ReLU layer is on somewhere and off somewhere, and the SVM's margins too. */
function showsEveryDerivative(network: Network, x: Matrix, y: Matrix): boolean {
  let out = x;
  for (const layer of network.layers) {
    if (hasKink(layer)) {
      const positive = out.values.subarray(0, out.rows * out.cols).filter((z) => z > 0).length;
      if (positive === 0 || positive === out.rows * out.cols) return false;
    }
    out = layer.forward(out);
  }
  return !hasMarginKink(network.spec.loss.name) || (marginDistance(out, y) > 0 && hasBothMargins(out, y));
}

function hasBothMargins(s: Matrix, y: Matrix): boolean {
  const margins: number[] = [];
  for (let start = 0; start < s.rows * s.cols; start += s.cols) {
    const c = start + y.values.subarray(start, start + s.cols).indexOf(1);
    for (let j = start; j < start + s.cols; j++) if (j !== c) margins.push(s.values[j] - s.values[c] + 1);
  }
  return margins.some((margin) => margin > 0) && margins.some((margin) => margin < 0);
}
