/** Where the code lies that the formulas cite. */

import type { CodeReference } from './formula.ts';

const FILES = {
  Dense: 'src/network/dense.ts',
  Relu: 'src/network/activations.ts',
  Sigmoid: 'src/network/activations.ts',
  Tanh: 'src/network/activations.ts',
  Identity: 'src/network/activations.ts',
  LeakyRelu: 'src/network/activations.ts',
  Elu: 'src/network/activations.ts',
  Gelu: 'src/network/activations.ts',
  Softplus: 'src/network/activations.ts',
  MeanLoss: 'src/network/losses.ts',
  SquaredError: 'src/network/losses.ts',
  SoftmaxCrossEntropy: 'src/network/losses.ts',
  SigmoidCrossEntropy: 'src/network/losses.ts',
  Svm: 'src/network/losses.ts',
  L2: 'src/network/l2.ts',
  L1: 'src/network/l1.ts',
  Dropout: 'src/network/dropout.ts',
  Regulariser: 'src/train/regularisation.ts',
  Network: 'src/network/network.ts',
  Sgd: 'src/train/optimizers/optimizers.ts',
  Momentum: 'src/train/optimizers/optimizers.ts',
  Nesterov: 'src/train/optimizers/optimizers.ts',
  RmsProp: 'src/train/optimizers/optimizers.ts',
  Adam: 'src/train/optimizers/adam.ts',
  AdamW: 'src/train/optimizers/adam.ts',
  makeSchedule: 'src/train/optimizers/schedules.ts',
  ReferenceKernels: 'src/kernels/reference.ts',
  softmaxJacobian: 'src/check/formulas/softmax-jacobian.ts',
  throughJacobians: 'src/check/formulas/softmax-jacobian.ts',
} as const;

export type CodeOwner = keyof typeof FILES;

/** A function, a class, or a method of one. */
export type CodeName = CodeOwner | `${CodeOwner}.${string}`;

/** References to functions, and to methods of classes: `Dense.backward`, `softmaxJacobian`. */
export function code(...names: readonly CodeName[]): CodeReference[] {
  return names.map((name) => ({ file: FILES[name.split('.')[0] as CodeOwner], name }));
}
