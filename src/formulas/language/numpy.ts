/** numpy as it is written: which equations are numpy's, and what its functions are here. */

import type { FunctionName } from './functions.ts';

/** Whether a text is numpy's, where `*` works entry by entry: it has `@`, `np.`, `.dot` or a method's `axis`. */
export const isNumpy = (text: string): boolean => /@|\b(?:np|numpy)\s*\.|\.dot\b|\baxis\s*=|\*\*/.test(text);

/** The functions of one entry, and of two. */
export const NUMPY_FUNCTIONS: Readonly<Record<string, FunctionName>> = {
  exp: 'exp',
  log: 'log',
  tanh: 'tanh',
  sqrt: 'sqrt',
  abs: 'abs',
  absolute: 'abs',
  sign: 'sign',
  cos: 'cos',
  maximum: 'max',
  minimum: 'min',
  diag: 'diag',
  eye: 'identity',
  outer: 'outer',
};

/** The functions that sum or average, whole and along an axis: 0 down the rows, 1 along the columns. */
export const NUMPY_SUMS: Readonly<Record<string, readonly [FunctionName, FunctionName, FunctionName]>> = {
  sum: ['sum', 'colsum', 'rowsum'],
  mean: ['mean', 'colmean', 'rowmean'],
};

/** Everything after `np.`, for suggestions. */
export const NUMPY_NAMES: readonly string[] = [
  ...Object.keys(NUMPY_FUNCTIONS),
  ...Object.keys(NUMPY_SUMS),
  ...['dot', 'matmul', 'multiply', 'transpose', 'square', 'ones', 'where'],
];
