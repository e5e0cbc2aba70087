/** The functions of equations: their names, and what they do to an entry. */

import { type ActivationName, activationFunctions } from '../../kernels/activations.ts';
import { exp, log } from '../../kernels/elementary.ts';

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
  sumOverSamples: ['sum_n'],
  min: ['min'],
  pow: ['pow'],
  sqrt: ['sqrt'],
  abs: ['abs'],
  sign: ['sign', 'sgn'],
  ismorethan: ['ismorethan'],
  cos: ['cos'],
  outer: ['outer'],
  mean: ['mean'],
  colmean: ['colmean'],
  rowmean: ['rowmean'],
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
  min: 'min',
  pow: 'pow',
  sqrt: '√',
  abs: 'abs',
  sign: 'sign',
  ismorethan: 'ismorethan',
  cos: 'cos',
  outer: 'outer',
  mean: 'mean',
  colmean: 'colmean',
  rowmean: 'rowmean',
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
  min: 2,
  pow: 2,
  sqrt: 1,
  abs: 1,
  sign: 1,
  ismorethan: 1,
  cos: 1,
  outer: 2,
  mean: 1,
  colmean: 1,
  rowmean: 1,
};

/** The functions that have a prime: φ′. */
export const DIFFERENTIABLE: readonly FunctionName[] = ['relu', 'sigmoid', 'tanh', 'phi'];

/** φ and φ′ of an activation, of one entry. */
export function phiOf(name: ActivationName): { phi: (z: number) => number; prime: (z: number) => number } {
  const { forward, from, gradient } = activationFunctions(name);
  return { phi: forward, prime: (z) => gradient(1, from === 'x' ? forward(z) : z) };
}

/** The other functions of one entry. */
export const ENTRY_FUNCTIONS: Readonly<Partial<Record<FunctionName, (x: number) => number>>> = {
  exp,
  log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sign: Math.sign,
  ismorethan: (x) => (x > 0 ? 1 : 0),
  cos: Math.cos,
};
