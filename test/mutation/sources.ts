/** What the source mutants are made of: the files with the gradients in them, less what is no part of a backward. */

import { functionName } from '../../src/formulas/notes/code.ts';
import { ACTIVATION_NAMES, type ActivationName } from '../../src/kernels/activations.ts';
import { LOSS_NAMES, type LossName } from '../../src/kernels/losses.ts';

/** A file of `dist`, with the reason why each function that is not mutated is none of a backward's. */
export interface MutatedFile {
  readonly file: string;
  /** The names, without #, that mean a matrix in it; all other variables are numbers. */
  readonly matrices: readonly string[];
  readonly leftOut: Readonly<Record<string, string>>;
}

const FORWARD = 'forward alone; compared with naive computations in test/kernels';
const STEP =
  'a step of an optimizer; compared with its formula written out in test/train/optimizers/optimizers.test.ts';
const AFTER = 'after a step; compared with naive computations in test/kernels';
const METRIC = 'a metric';
const DATA = 'makes matrices and fills them';
const MADE = 'makes the object and checks arguments';

/** The forwards among the functions of these names; those of elementary.ts are in another file. */
function forwards(names: readonly (ActivationName | LossName)[]): Record<string, string> {
  const elsewhere = ['sigmoid', 'tanh', 'gelu', 'softplus'];
  const own = names.map(functionName).filter((name) => !elsewhere.includes(name));
  return Object.fromEntries(own.map((name) => [name, FORWARD]));
}

/** Every function in these files is mutated but those left out, so that a new one is mutated too. */
export const MUTATED_FILES: readonly MutatedFile[] = [
  {
    file: 'kernels/reference.js',
    matrices: ['a', 'b', 'x', 'y', 'z', 's', 'p', 'w', 'out', 'delta', 'dw', 'db', 'dx', 'dz', 'losses'],
    leftOut: {
      'ReferenceKernels.constructor': MADE,
      'ReferenceKernels.#floats': DATA,
      'ReferenceKernels.matrix': DATA,
      'ReferenceKernels.weights': DATA,
      'ReferenceKernels.read': DATA,
      'ReferenceKernels.write': DATA,
      'ReferenceKernels.load': DATA,
      'ReferenceKernels.batch': DATA,
      'ReferenceKernels.gather': DATA,
      'ReferenceKernels.sampleSlot': DATA,
      'ReferenceKernels.distort': DATA,
      'ReferenceKernels.affine': FORWARD,
      'ReferenceKernels.activation': FORWARD,
      'ReferenceKernels.loss': FORWARD,
      'ReferenceKernels.smoothTargets': FORWARD,
      'ReferenceKernels.mean': FORWARD,
      'ReferenceKernels.addSumOfSquares': FORWARD,
      'ReferenceKernels.momentumStep': STEP,
      'ReferenceKernels.nesterovStep': STEP,
      'ReferenceKernels.rmsPropStep': STEP,
      'ReferenceKernels.adamStep': STEP,
      'ReferenceKernels.addSumOfMagnitudes': FORWARD,
      'ReferenceKernels.limitColumnNorms': AFTER,
      'ReferenceKernels.fill': FORWARD,
      'ReferenceKernels.argmax': METRIC,
      'ReferenceKernels.countCorrect': METRIC,
      'ReferenceKernels.allFinite': METRIC,
      map: FORWARD,
      dropNonzeros: FORWARD,
      eachRow: FORWARD,
      nonzeroShare: DATA,
    },
  },
  {
    file: 'network/dense.js',
    matrices: ['x', 'z', 'w', 'b', 'delta', 'dw', 'db', 'dx'],
    leftOut: { 'Dense.constructor': MADE },
  },
  {
    file: 'kernels/activations.js',
    matrices: [],
    leftOut: { ...forwards(ACTIVATION_NAMES), activationFunctions: DATA },
  },
  {
    file: 'kernels/losses.js',
    matrices: ['at', 'x', 'y', 's', 'p', 'delta'],
    leftOut: { ...forwards(LOSS_NAMES), lossFunctions: DATA },
  },
  {
    file: 'network/activations.js',
    matrices: ['x', 'z', 'delta', 'dz'],
    leftOut: { 'Activation.constructor': MADE },
  },
  {
    file: 'network/losses.js',
    matrices: ['x', 'y', 'at', 'p', 'losses', 'delta', 'mean'],
    leftOut: { 'MeanLoss.constructor': MADE },
  },
  {
    file: 'network/penalties.js',
    matrices: ['value', 'gradient', 'penalty', 'w'],
    leftOut: { 'Penalty.constructor': MADE },
  },
  {
    file: 'network/dropout.js',
    matrices: ['x', 'y', 'delta', 'dx'],
    leftOut: { 'Dropout.constructor': MADE, 'Dropout.draw': DATA, 'Dropout.clear': DATA },
  },
  {
    file: 'network/network.js',
    matrices: ['x', 'y', 'out', 'input', 'outputs', 'inputGradient', 'delta', 'mean'],
    leftOut: {
      perceptron: MADE,
      'Network.constructor': MADE,
      'Network.initialize': DATA,
      'Network.drawMasks': DATA,
      'Network.clearMasks': DATA,
      'Network.tensors': DATA,
      'Network.setTensors': DATA,
    },
  },
];
