/** A vocabulary and numbers for tests of the language alone: no net behind them. */

import { evaluate } from '../../../src/formulas/language/evaluate.ts';
import { parseExpression } from '../../../src/formulas/language/parser.ts';
import type { Reference, Scope, Vocabulary } from '../../../src/formulas/language/scope.ts';
import { ONE, SCALAR, type Shape } from '../../../src/formulas/language/shape.ts';
import { checkShapes } from '../../../src/formulas/language/shapes.ts';
import { fill, scalar, type Tensor } from '../../../src/formulas/language/tensor.ts';
import type { Rows } from '../../support/notes-matrix.ts';

const sizes: Record<string, number> = { N: 4, D: 3, M: 2 };

/** X is N×D, W and W2 D×M, b 1×M, c N×1, x D×1, Y N×M; λ and N numbers; samples are rows. */
const tensors: Record<string, [rows: string, cols: string]> = {
  X: ['N', 'D'],
  W: ['D', 'M'],
  W2: ['D', 'M'],
  b: ['1', 'M'],
  c: ['N', '1'],
  x: ['D', '1'],
  x0: ['D', '1'],
  Y: ['N', 'M'],
};

const size = (letter: string) => (letter === '1' ? ONE : { size: sizes[letter], letter });

/** Numbers that tell entries and tensors apart, none of them 0, of both signs. */
const entryOf = (name: string, i: number, j: number) =>
  ((i + 1) * 0.7 - (j + 1) * 0.45 + name.charCodeAt(0) / 100) * (((i + j) % 2) * 2 - 1) + name.length / 3;

export const lambda = 0.3;

/** The value that the vocabulary's tensor has. */
export function tensor(name: string): Tensor {
  const [rows, cols] = tensors[name];
  return fill(size(rows).size, size(cols).size, (i, j) => entryOf(name, i, j));
}

export const rowsOf = ({ rows, cols, values }: Tensor): Rows =>
  Array.from({ length: rows }, (_, i) => [...values.subarray(i * cols, (i + 1) * cols)]);

export const rows = (name: string): Rows => rowsOf(tensor(name));

export const vocabulary: Vocabulary & Scope = {
  name: 'T',
  samples: 'rows',
  sampleLetter: 'N',
  activation: 'tanh',
  names: [...Object.keys(tensors), 'lambda', 'L', ...Object.keys(sizes)],
  symbol: (name) => (vocabulary.names.includes(name) ? name : undefined),
  gradient: (name) => (name === 'delta2' ? 'Y' : undefined),
  isLoss: (name) => name === 'L',
  indexCount: (symbol) => (tensors[symbol] ?? ['1', '1']).filter((letter) => letter !== '1').length,
  isOfSamples: (symbol) => tensors[symbol]?.[0] === 'N',
  lettersOfShape: (symbol) => tensors[symbol],
  sigma: 'sigmoid',
  limit: (text) => (text in sizes ? text : undefined),
  // Samples 1 to 4 are of the classes 1, 2, 1, 2.
  classOf: (sample) => 2 - (sample % 2),
  whyNoGradient: (symbol) => (symbol in tensors ? undefined : 'expected the name of a tensor'),
  whyNoJacobian: () => undefined,
  whyNotComputed: (symbol) => (symbol === 'W' ? 'expected something that is computed' : undefined),
  dimension: (letter) => sizes[letter],
  shape(reference: Reference): Shape {
    const name = reference.kind === 'symbol' ? reference.name : reference.by;
    if (!(name in tensors)) return SCALAR;
    const [r, c] = tensors[name];
    return { rows: size(r), cols: size(c) };
  },
  value(reference: Reference): Tensor {
    const name = reference.kind === 'symbol' ? reference.name : reference.by;
    if (name in tensors) return tensor(name);
    return scalar(name === 'lambda' ? lambda : (sizes[name] ?? 0));
  },
};

export const parse = (text: string) => parseExpression(text, vocabulary);

/** The value of an expression as nested rows, its shapes checked first. */
export function worthOf(text: string): Rows {
  const expression = parse(text);
  const { shape } = checkShapes(expression, vocabulary);
  const value = evaluate(expression, vocabulary);
  if (value.rows !== shape.rows.size || value.cols !== shape.cols.size) {
    throw new Error(
      `${text}: the value is ${value.rows}×${value.cols}, the shape said ${shape.rows.size}×${shape.cols.size}`,
    );
  }
  return rowsOf(value);
}
