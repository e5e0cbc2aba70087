/** Checks of regularisation: L2, dropout, L1, max-norm and label smoothing against exact derivatives (X17, X24 to X27). */

import type { Formula } from '../../formulas/formula.ts';
import { ComplexKernels } from '../../kernels/complex.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import type { Matrix } from '../../kernels/matrix.ts';
import { Random } from '../../kernels/random.ts';
import { ReferenceKernels } from '../../kernels/reference.ts';
import { Dense } from '../../network/dense.ts';
import { Dropout } from '../../network/dropout.ts';
import type { Parameter } from '../../network/layer.ts';
import { LOSS_NAMES, LOSSES, MeanLoss } from '../../network/losses.ts';
import { Network, perceptron } from '../../network/network.ts';
import { L1, L2 } from '../../network/penalties.ts';
import { complexDerivative } from '../gradients/complex-step.ts';
import { relativeError } from '../gradients/derivative.ts';
import { centralDifferences } from '../gradients/finite-differences.ts';
import {
  checkLayer,
  checkNetwork,
  checkPenalty,
  type GradientCheck,
  TOLERANCE,
  type Witness,
} from '../gradients/gradient-check.ts';
import type { Check } from '../result.ts';

const [ROWS, COLS] = [4, 7];
const RATE = 0.4;
const EPSILON = 0.1;

const reference = new ReferenceKernels('float64');

/** ∂L/∂X of a dropout layer with a mask, the same in every pass, and of the same layer without one (X24). */
export function checkDropout(witness: Witness, seed = 1): GradientCheck[] {
  const x = drawn(ROWS, COLS, new Random(seed, 'check dropout'));
  return [true, false].flatMap((drops) => {
    const make = (kernels: Kernels) => {
      const layer = new Dropout(kernels, COLS, ROWS, RATE);
      if (drops) layer.draw(new Random(seed, 'check dropout mask'));
      return layer;
    };
    return checkLayer(make, x, { witness });
  });
}

/** The gradient of the L1 term (X25). */
export const checkL1 = (witness: Witness, seed = 1) => checkTerm(L1, witness, seed);

/** The gradient of a term of the weights: L1, or L2 (X17). */
function checkTerm(Term: typeof L1 | typeof L2, witness: Witness, seed: number): GradientCheck[] {
  const make = (kernels: Kernels) => {
    const { parameters } = new Dense(kernels, COLS, 3, { batchSize: 1 });
    fillFrom(parameters, new Random(seed, `check ${Term.name}`));
    return { l2: new Term(kernels, 0.37, parameters), parameters };
  };
  return checkPenalty(make, { witness });
}

/** The gradients of a network with dropout behind two hidden layers, L1 and L2, its masks held. */
export function checkRegularisedNetwork(witness: Witness, seed = 1): GradientCheck[] {
  const spec = perceptron({ inputs: 6, hidden: [COLS, 5], classes: 4, activation: 'tanh', l2: 0.05 });
  const x = drawn(ROWS, 6, new Random(seed, 'check regularised inputs'));
  const make = (kernels: Kernels) => {
    const network = new Network(kernels, spec, ROWS, { dropout: RATE, l1: 0.03 });
    fillFrom(network.parameters, new Random(seed, 'check regularised network'));
    network.drawMasks(new Random(seed, 'check regularised masks'));
    return network;
  };
  return checkNetwork(make, x, oneHot(ROWS, 4, 0), { witness });
}

/**
 * The check of a formula of regularisation.
 *
 * @throws RangeError if the formula is neither X17 nor one of X24 to X27
 */
export function checkRegularisation({ id, title }: Formula, seed = 1): Check {
  switch (id) {
    case 'X17':
      return asCheck(id, title, 'complex-step', checkTerm(L2, 'complex-step', seed));
    case 'X24':
      return asCheck(id, title, 'complex-step', [
        ...checkDropout('complex-step', seed),
        ...checkRegularisedNetwork('complex-step', seed),
      ]);
    case 'X25':
      return asCheck(id, title, 'complex-step', checkL1('complex-step', seed));
    case 'X26':
      return asCheck(id, title, 'central-difference', [{ what: 'W', error: maxNormError(seed) }]);
    case 'X27':
      return asCheck(id, title, 'complex-step', smoothingErrors(seed));
    default:
      throw new RangeError(`checkRegularisation: expected X17 or one of X24 to X27, got ${id}`);
  }
}

/** The worst of some results as one check. */
function asCheck(
  id: Formula['id'],
  title: string,
  method: Witness,
  results: readonly Pick<GradientCheck, 'what' | 'error'>[],
): Check {
  const worst = results.reduce((a, b) => (b.error > a.error ? b : a));
  const tolerance = TOLERANCE[method];
  const passed = worst.error <= tolerance;
  return {
    name: `${id} ${title}`,
    formulas: [id],
    method,
    expected: 'pass',
    maxRelativeError: worst.error,
    tolerance,
    passed,
    unchecked: 0,
    diagnosis: passed ? null : `${worst.what} is off by ${worst.error.toExponential(1)}`,
  };
}

/**
 * The scaled columns against the gradient of what nearest points are the gradient of: by columns ½‖w‖² inside of the ball
 * of radius c, and c‖w‖ − ½c² outside.
 */
function maxNormError(seed: number): number {
  const limit = 1;
  const w = drawn(5, COLS, new Random(seed, 'check max-norm'));
  // Some columns far inside, some far outside.
  w.values.forEach((value, k) => {
    w.values[k] = value * (k % 2 === 0 ? 0.3 : 3);
  });
  const envelope = () => {
    let sum = 0;
    for (let j = 0; j < COLS; j++) {
      let squares = 0;
      for (let k = j; k < w.values.length; k += COLS) squares += w.values[k] * w.values[k];
      const norm = Math.sqrt(squares);
      sum += norm <= limit ? squares / 2 : limit * norm - (limit * limit) / 2;
    }
    return sum;
  };
  const { values } = centralDifferences(w.values as Float64Array, envelope);
  reference.limitColumnNorms(w, limit);
  return relativeError(w.values, values);
}

/** δ on smoothed targets against the derivative of the mean of the losses on one-hot ones, of every loss that allows them. */
function smoothingErrors(seed: number): { what: string; error: number }[] {
  const s = drawn(ROWS, COLS, new Random(seed, 'check smoothing'));
  return LOSS_NAMES.filter((name) => LOSSES[name].smoothable).map((name) => {
    const loss = new MeanLoss(reference, name, COLS, ROWS);
    const smoothed = oneHot(ROWS, COLS, 0);
    reference.smoothTargets(smoothed, EPSILON);
    loss.forward(s, smoothed);
    const analytic = loss.backward().values;

    const complex = new ComplexKernels();
    const twin = new MeanLoss(complex, name, COLS, ROWS);
    const on = ({ rows, cols, values }: Matrix) => {
      const copy = complex.matrix(rows, cols);
      complex.write(copy, values);
      return copy;
    };
    // The class itself has the weight 1 − ε, and each class in turn, as every class, ε/C.
    const targets = [
      { weight: 1 - EPSILON, y: on(oneHot(ROWS, COLS, 0)) },
      ...Array.from({ length: COLS }, (_, c) => ({ weight: EPSILON / COLS, y: on(oneHot(ROWS, COLS, c)) })),
    ];
    const x = on(s);
    const sum = complex.matrix(1, 1);
    const { values } = complexDerivative(complex, x, () => {
      complex.fill(sum, 0);
      for (const { weight, y } of targets) complex.addScaled(twin.forward(x, y), weight, sum);
      return sum;
    });
    return { what: `δ of ${name}`, error: relativeError(analytic, values) };
  });
}

function drawn(rows: number, cols: number, random: Random): Matrix {
  const matrix = reference.matrix(rows, cols);
  for (let k = 0; k < rows * cols; k++) matrix.values[k] = random.uniform(-1, 1);
  return matrix;
}

/** The classes of the rows in turn, from this one on. */
function oneHot(rows: number, cols: number, first: number): Matrix {
  const y = reference.matrix(rows, cols);
  for (let i = 0; i < rows; i++) y.values[i * cols + ((first + i) % cols)] = 1;
  return y;
}

/** Numbers away from 0, where the L1 term has a corner. */
function fillFrom(parameters: readonly Parameter[], random: Random): void {
  for (const { value } of parameters) {
    for (let k = 0; k < value.rows * value.cols; k++) {
      const size = random.uniform(0.1, 1);
      value.values[k] = random.below(2) === 0 ? size : -size;
    }
  }
}
