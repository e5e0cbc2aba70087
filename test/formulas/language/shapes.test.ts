/** Shapes: what is told of those that fit, and how those that do not are refused. */

import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../../src/formulas/language/errors.ts';
import { shapeText } from '../../../src/formulas/language/shape.ts';
import { checkShapes, shapeOf } from '../../../src/formulas/language/shapes.ts';
import { parse, vocabulary } from './vocabulary.ts';

const report = (text: string) => checkShapes(parse(text), vocabulary);

function refusal(text: string): ShapeError {
  try {
    report(text);
  } catch (error) {
    if (error instanceof ShapeError) return error;
    throw error;
  }
  throw new Error(`the shapes of ${text} fit`);
}

describe('shapes that fit', () => {
  test.each([
    ['X', 'N×D (4×3)'],
    ["X'", 'D×N (3×4)'],
    ['X W', 'N×M (4×2)'],
    ['2', 'a number'],
    ["x' x", 'a number'],
    ["(x' x) X", 'N×D (4×3)'],
    ['ones(3, 5)', '3×5'],
    ['X ones(3, 5)', 'N×5 (4×5)'],
    ['Σₙ X', '1×D (1×3)'],
    ['rowsum(X)', 'N×1 (4×1)'],
    ['[1, 2, 3] + x.T', '1×D (1×3)'],
    ['diag(x)', 'D×D (3×3)'],
    ['dW', 'D×M (3×2)'],
    ['X[1, 2]', 'a number'],
  ])('%s is %s', (text, shape) => {
    expect(shapeText(report(text).shape)).toBe(shape);
    expect(shapeOf(parse(text), vocabulary)).toEqual(report(text).shape);
  });

  test('the steps are told from the inside out', () => {
    expect(report('(X W + b) ⊙ Y').steps).toEqual([
      'X·W is N×D (4×3) times D×M (3×2): fine, N×M (4×2)',
      'X·W + b: b, 1×M (1×2), goes to each row of N×M (4×2), fine',
      '(X·W + b) ⊙ Y: both N×M (4×2), fine',
    ]);
  });
});

describe('shapes that do not fit', () => {
  test('a product: both shapes, and which transpose would fit', () => {
    expect(refusal('X Y').message).toBe(
      'X·Y is N×D (4×3) times N×M (4×2): X has D = 3 columns and Y has N = 4 rows, which must be equal; Xᵀ would fit',
    );
    expect(refusal("X' W").message).toMatch(/Xᵀ has N = 4 columns and W has D = 3 rows.*; X would fit$/);
    expect(refusal('x W').message).toMatch(/x has 1 column and W has D = 3 rows.*; xᵀ would fit$/);
    expect(refusal('Y X').message).toMatch(/; Yᵀ would fit$/);
    expect(refusal('Y c').message).toMatch(/; Yᵀ would fit$/);
    expect(refusal('X X').message).toMatch(/; Xᵀ·X or X·Xᵀ would fit$/);
    expect(refusal('b c').message).not.toMatch(/would fit/);
  });

  test('what was fine up to there comes first, and not what comes after', () => {
    const error = refusal("(X W) ⊙ phi'(c') + X Y");
    expect(error.message).toBe(
      'X·W is N×D (4×3) times D×M (3×2): fine, N×M (4×2); ⊙ φ′(cᵀ) needs N×M (4×2), φ′(cᵀ) is 1×N (1×4)',
    );
    expect(error.fine).toEqual(['X·W is N×D (4×3) times D×M (3×2): fine, N×M (4×2)']);
    expect(error.span).toEqual({ start: 0, end: 16 });
  });

  test.each([
    ["Y ⊙ Y'", /^⊙ Yᵀ needs N×M \(4×2\), Yᵀ is M×N \(2×4\); Y would fit$/],
    ['X + Y', /X is N×D \(4×3\) and Y is N×M \(4×2\), which must be equal$/],
    ["Y + Y'", /which must be equal; with one of the two transposed they would be$/],
    ['X + b', /must be equal/],
    ['c + b', /must be equal/],
    ['X ⊙ c', /^⊙ c needs N×D \(4×3\), c is N×1 \(4×1\)$/],
    ['Y/c', /^Y \/ c needs .*; to divide each column, repeat it first: v·ones\(1, M\)$/],
    ['Y > X', /^> X needs N×M/],
    ['max(X, Y)', /^max with Y needs N×D/],
    ['diag(X)', /^diag needs a vector, X is N×D \(4×3\)$/],
    ['Σₙ W', /^Σₙ goes over the N rows, W is D×M \(3×2\)$/],
    ['[X, 1]', /^an entry of \[ \] needs a number, X is N×D/],
    ['X[5, 1]', /^X\[5, 1\]: no such entry, X is N×D/],
    ['X[0, 1]', /no such entry/],
    ['X[1]', /needs row and column/],
    [
      'W^-1',
      /^W\^-1 needs a number, W is D×M \(3×2\): .* inverse of a matrix, and 1\/W is that of each entry$/,
    ],
    ['(X W)⁻¹', /inverse of a matrix, and 1\/\(X·W\) is/],
    ['x[4]', /no such entry/],
  ])('%s', (text, message) => {
    expect(refusal(text).message).toMatch(message);
    expect(shapeOf(parse(text), vocabulary)).toBeUndefined();
  });
});
