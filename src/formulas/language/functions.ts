/** The functions of equations: their names, and what they do to an entry. */

import { exp, expm1, gelu, log, sigmoid, softplus, tanh } from '../../kernels/elementary.ts';
import type { ActivationName } from '../../network/activations.ts';

/** The spellings of each function, the one that is printed first. */
const SPELLINGS = {
  relu: ['R', 'relu', 'ReLU', 'Relu'],
  sigmoid: ['sigma', 'sigmoid'],
  tanh: ['tanh'],
  phi: ['phi', 'f'],
  softmax: ['softmax'],
  exp: ['exp'],
  log: ['log', 'ln'],
  max: ['max'],
  diag: ['diag'],
  ones: ['ones'],
  identity: ['I'],
  sum: ['sum'],
  rowsum: ['rowsum'],
  colsum: ['colsum'],
  sumOverSamples: ['sum_n', 'sum_i'],
} as const;

export type FunctionName = keyof typeof SPELLINGS;

const BY_SPELLING = new Map<string, FunctionName>(
  Object.entries(SPELLINGS).flatMap(([name, spellings]) =>
    spellings.map((spelling): [string, FunctionName] => [spelling, name as FunctionName]),
  ),
);

/** The function of this spelling, if there is one. */
export const functionOf = (spelling: string): FunctionName | undefined => BY_SPELLING.get(spelling);

/** Every spelling, for suggestions. */
export const FUNCTION_SPELLINGS: readonly string[] = [...BY_SPELLING.keys()];

/** How a function is printed. */
export const FUNCTION_TEXT: Readonly<Record<FunctionName, string>> = {
  relu: 'R',
  sigmoid: 'σ',
  tanh: 'tanh',
  phi: 'φ',
  softmax: 'softmax',
  exp: 'exp',
  log: 'log',
  max: 'max',
  diag: 'diag',
  ones: 'ones',
  identity: 'I',
  sum: 'sum',
  rowsum: 'rowsum',
  colsum: 'colsum',
  sumOverSamples: 'Σₙ',
};

/** How many arguments each takes. */
export const ARGUMENTS: Readonly<Record<FunctionName, number>> = {
  relu: 1,
  sigmoid: 1,
  tanh: 1,
  phi: 1,
  softmax: 1,
  exp: 1,
  log: 1,
  max: 2,
  diag: 1,
  ones: 2,
  identity: 1,
  sum: 1,
  rowsum: 1,
  colsum: 1,
  sumOverSamples: 1,
};

/** The functions that have a prime: φ′. */
export const DIFFERENTIABLE: readonly FunctionName[] = ['relu', 'sigmoid', 'tanh', 'phi'];

/** φ and φ′ of each activation, of one entry. */
export const ACTIVATION_FUNCTIONS: Readonly<
  Record<ActivationName, { phi: (z: number) => number; prime: (z: number) => number }>
> = {
  relu: { phi: (z) => Math.max(0, z), prime: (z) => (z > 0 ? 1 : 0) },
  sigmoid: { phi: sigmoid, prime: (z) => sigmoid(z) * sigmoid(-z) },
  tanh: { phi: tanh, prime: (z) => 1 - tanh(z) * tanh(z) },
  identity: { phi: (z) => z, prime: () => 1 },
  'leaky-relu': { phi: (z) => (z > 0 ? z : 0.01 * z), prime: (z) => (z > 0 ? 1 : 0.01) },
  elu: { phi: (z) => (z > 0 ? z : expm1(z)), prime: (z) => (z > 0 ? 1 : exp(z)) },
  gelu: { phi: gelu, prime: geluPrime },
  softplus: { phi: softplus, prime: sigmoid },
};

/** φ′ of GELU as the note on its tanh form has it: ½ (1 + tanh u) + ½ z (1 − tanh² u) u′, u = √(2/π) (z + 0.044715 z³). */
function geluPrime(z: number): number {
  const root = 0.7978845608028654;
  const t = tanh(root * (z + 0.044715 * z * z * z));
  return 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * root * (1 + 0.134145 * z * z);
}

/** The other functions of one entry. */
export const ENTRY_FUNCTIONS: Readonly<Partial<Record<FunctionName, (x: number) => number>>> = { exp, log };
