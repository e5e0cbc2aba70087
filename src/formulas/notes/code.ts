/** Where the code lies that the formulas cite. */

import { ACTIVATION_NAMES, type ActivationName } from '../../kernels/activations.ts';
import { LOSS_NAMES, type LossName } from '../../kernels/losses.ts';
import type { CodeReference } from '../formula.ts';

const FILES = {
  Dense: 'src/network/dense.ts',
  Activation: 'src/network/activations.ts',
  MeanLoss: 'src/network/losses.ts',
  L2: 'src/network/penalties.ts',
  L1: 'src/network/penalties.ts',
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

/** The activations that are functions of mathematics besides. */
const ELEMENTARY: readonly string[] = ['sigmoid', 'tanh', 'gelu', 'softplus'];

export type CodeOwner = keyof typeof FILES;

/** `leaky-relu` as a function is called: `leakyRelu`. */
type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** The functions of an activation or a loss, and of its gradient. */
type Named = CamelCase<ActivationName | LossName>;
type NamedFunction = Named | `${Named}Gradient`;

/** A function, a class, or a method of one. */
export type CodeName = CodeOwner | `${CodeOwner}.${string}` | NamedFunction;

/** `leaky-relu` as its function is called: `leakyRelu`. */
export const functionName = (name: ActivationName | LossName): string =>
  name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const functionsOf = (names: readonly (ActivationName | LossName)[]): string[] =>
  names.flatMap((name) => [functionName(name), `${functionName(name)}Gradient`]);

const ACTIVATION_FUNCTIONS = functionsOf(ACTIVATION_NAMES);
const LOSS_FUNCTIONS = functionsOf(LOSS_NAMES);

/** References to functions, and to methods of classes: `Dense.backward`, `softmaxJacobian`, `leakyReluGradient`. */
export function code(...names: readonly CodeName[]): CodeReference[] {
  return names.map((name) => ({ file: fileOf(name), name }));
}

function fileOf(name: string): string {
  if (ELEMENTARY.includes(name)) return 'src/kernels/elementary.ts';
  if (ACTIVATION_FUNCTIONS.includes(name)) return 'src/kernels/activations.ts';
  if (LOSS_FUNCTIONS.includes(name)) return 'src/kernels/losses.ts';
  return FILES[name.split('.')[0] as CodeOwner];
}
