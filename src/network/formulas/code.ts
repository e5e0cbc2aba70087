/** Where the code lies that the formulas cite. */

import type { CodeReference } from '../formulas.ts';

const FILES = {
  Dense: 'src/network/dense.ts',
  Relu: 'src/network/activations.ts',
  Sigmoid: 'src/network/activations.ts',
  Tanh: 'src/network/activations.ts',
  Identity: 'src/network/activations.ts',
  MeanLoss: 'src/network/losses.ts',
  SquaredError: 'src/network/losses.ts',
  SoftmaxCrossEntropy: 'src/network/losses.ts',
  SigmoidCrossEntropy: 'src/network/losses.ts',
  Svm: 'src/network/losses.ts',
  L2: 'src/network/l2.ts',
  Network: 'src/network/network.ts',
  Sgd: 'src/train/optimizers.ts',
  ReferenceKernels: 'src/kernels/reference.ts',
  softmaxJacobian: 'src/check/softmax-jacobian.ts',
  throughJacobians: 'src/check/softmax-jacobian.ts',
} as const;

type Owner = keyof typeof FILES;

/** References to functions, and to methods of classes: `Dense.backward`, `softmaxJacobian`. */
export function code(...names: readonly (Owner | `${Owner}.${string}`)[]): CodeReference[] {
  return names.map((name) => ({ file: FILES[name.split('.')[0] as Owner], name }));
}
