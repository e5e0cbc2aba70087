/** Equations as text to trees: spellings, precedence, and what cannot be read. */

import { describe, expect, test } from 'vitest';
import { EquationError } from '../../../src/formulas/language/errors.ts';
import { expressionText } from '../../../src/formulas/language/format.ts';
import { parseEquation } from '../../../src/formulas/language/parser.ts';
import { parse, vocabulary } from './vocabulary.ts';

const understood = (text: string) => expressionText(parse(text));

/** The error of an equation: its message, and the characters it points at. */
function refusal(text: string): { message: string; marked: string; error: EquationError } {
  try {
    parseEquation(text, vocabulary);
  } catch (error) {
    if (!(error instanceof EquationError)) throw error;
    const { start, end } = error.span;
    return { message: error.message, marked: [...text].slice(start, end).join(''), error };
  }
  throw new Error(`${text} was read`);
}

describe('spellings of the same expression', () => {
  test.each([
    ['X·W', ['X W', 'X*W', 'X @ W', 'X × W', 'XW', '(X)(W)', 'X ⋅ W', '[X] W', '{X}{W}']],
    ['X ⊙ X', ['X ∘ X', 'X .* X', 'X.*X']],
    ['Xᵀ', ["X'", 'X.T', 'X^T', 'X′', 'X⊤', 'X^{T}', '(X)ᵀ']],
    ['W2', ['W²', 'W₂', 'W_2', 'W_₂', 'W⁽²⁾', 'W^(2)', 'W^{(2)}']],
    ['x0', ['x⁰', 'x_0', 'x₀']],
    ['λ·W2', ['lambda W2', 'λW2', 'lambda*W²', 'λ W_2', 'λW₂']],
    ['X − X', ['X - X', 'X−X', 'X – X']],
    ['dW2', ['∂L/∂W2', 'dL/dW2', '∇W2', '∇_W2', 'grad_W2', '∇_{W2}', 'dW²', '∂L/∂W²', 'dL / dW_2']],
    ['δ2', ['delta2', 'δ²', 'δ_2', 'delta_2', 'δ₂', 'δ^2', 'δ^{2}']],
    ['R′(X)', ["R'(X)", "relu'(X)", "ReLU'(X)", 'relu′(X)']],
    ['φ(X)', ['phi(X)', 'f(X)', 'ϕ(X)']],
    ['σ(X)', ['sigma(X)', 'sigmoid(X)']],
    ['log(X)', ['ln(X)', 'log X', 'ln X']],
    ['𝟙[X > 0]', ['1[X > 0]', '(X > 0)', 'X > 0', '1[(X) > 0]']],
    ['X/N', ['X ./ N', 'X ÷ N']],
    ['Σₙ(X)', ['sum_n(X)', 'sum_n X', 'Σₙ X', 'Σᵢ X', 'sum_i(X)', '∑ₙ X', 'Σ_n X']],
    ['sum(X)', ['Σ(X)', 'Σ X', '∑ X']],
    ['X^2', ['X²', '(X)²', '(X)^2', 'X^{2}']],
    ['½·X', ['½ X', '½X']],
    ['¼·X', ['¼ X', '¼X']],
    ['N^-1·X', ['N⁻¹ X', 'N⁻¹·X', 'N^-1 X', 'N^{-1} X', 'N^−1*X']],
    [
      'sum((X − X)^2)',
      ['‖X − X‖²', '||X - X||^2', '∥X − X∥²', '‖X − X‖₂²', '||X - X||_2^2', '‖X − X‖_F^{2}'],
    ],
    ['c·1', ['c·1', 'c * 1']],
  ])('%s', (canonical, spellings) => {
    for (const spelling of spellings) expect(understood(spelling), spelling).toBe(canonical);
  });

  test('½ and 0.5 are the same number, and 2.*X is twice X', () => {
    expect(parse('½')).toMatchObject({ kind: 'number', value: 0.5 });
    expect(parse('¼')).toMatchObject({ kind: 'number', value: 0.25 });
    expect(parse('.5')).toMatchObject({ kind: 'number', value: 0.5 });
    expect(parse('1e-3')).toMatchObject({ kind: 'number', value: 0.001 });
    expect(understood('2.*X')).toBe('2 ⊙ X');
    expect(understood('2./X')).toBe('2/X');
  });

  test('a superscript is the name where there is such a name, and else a power', () => {
    expect(understood('W²')).toBe('W2');
    expect(understood('X²')).toBe('X^2');
    expect(understood('W2²')).toBe('W2^2');
    expect(understood('W^2')).toBe('W^2');
  });
});

describe('precedence', () => {
  test.each([
    ["X' (Y - Y)/N", 'Xᵀ·(Y − Y)/N'],
    ['X - Y/N', 'X − Y/N'],
    ['(X - Y)/N', '(X − Y)/N'],
    ['X·W ⊙ Y', '(X·W) ⊙ Y'],
    ['Y ⊙ X W', 'Y ⊙ (X·W)'],
    ['Y .* X*W', 'Y ⊙ (X·W)'],
    ['Y ⊙ Y/N', 'Y ⊙ (Y/N)'],
    ['Y/N ⊙ Y', '(Y/N) ⊙ Y'],
    ['Y ⊙ Y ⊙ Y', 'Y ⊙ Y ⊙ Y'],
    ['Y + Y ⊙ Y', 'Y + Y ⊙ Y'],
    ['-Y ⊙ Y', '−Y ⊙ Y'],
    ['(Y ⊙ Y) W', '(Y ⊙ Y)·W'],
    ['Σₙ Y ⊙ X W', 'Σₙ(Y ⊙ (X·W))'],
    ['½‖X‖² + λ/2 ‖W‖²', '½·sum(X^2) + (λ/2)·sum(W^2)'],
    ['‖X (‖W‖² W)‖²', 'sum((X·(sum(W^2)·W))^2)'],
    ['X·(W ⊙ W)', 'X·(W ⊙ W)'],
    ['X/N·W', '(X/N)·W'],
    ['X/(N·W)', 'X/(N·W)'],
    ['-X W', '−X·W'],
    ['-(X + Y)', '−(X + Y)'],
    ['X - (Y - Y)', 'X − (Y − Y)'],
    ['X - Y - Y', 'X − Y − Y'],
    ['X * -Y', 'X·(−Y)'],
    ["W' X'", 'Wᵀ·Xᵀ'],
    ["(W X)'", '(W·X)ᵀ'],
    ['R(X)ᵀ', 'R(X)ᵀ'],
    ['Σₙ (X ⊙ X)/N', 'Σₙ((X ⊙ X)/N)'],
    ['sum_n(X)/N', 'Σₙ(X)/N'],
    ['Y ⊙ log Y', 'Y ⊙ log(Y)'],
    ['[W(Y) ⊙ Y] X', '((W·Y) ⊙ Y)·X'],
    ['[1, λ; 0, 2]', '[1, λ; 0, 2]'],
    ['Y[2, 1]', 'Y[2, 1]'],
    ['x[3]', 'x[3]'],
    ['(N)[X]', 'N·X'],
    ['max(0, 1 - X)', 'max(0, 1 − X)'],
    ['diag(x) - I(D)', 'diag(x) − I(D)'],
  ])('%s is read as %s', (text, canonical) => expect(understood(text)).toBe(canonical));

  test.each([
    '(X·W) ⊙ Y',
    'Y ⊙ (X·W)',
    'N^-1·X',
    'Xᵀ·(Y − Y)/N + λ·W2',
    'X − (Y − Y)',
    '−(1/N)·sum(Y ⊙ log(Y))',
    '(−X)ᵀ',
    '𝟙[X > 0] ⊙ X',
    '(X − Y)^2',
    'X·(−Y)',
    'X/(N·W)',
    '[1, −2; λ, 4]·b',
    'Σₙ((X·W)/N)',
    'δ2ᵀ·dX',
  ])('what is printed is read again as the same: %s', (text) => {
    expect(understood(understood(text))).toBe(understood(text));
  });
});

describe('the left side', () => {
  const left = (text: string) => parseEquation(text, vocabulary).left;

  test('a value, a gradient, a step', () => {
    expect(left('Y = X W')).toMatchObject({ kind: 'value', name: 'Y' });
    expect(left('∂L/∂W2 = X')).toMatchObject({ kind: 'gradient', by: 'W2', text: 'dW2' });
    expect(left('δ2 = X')).toMatchObject({ kind: 'gradient', by: 'Y', text: 'δ2' });
  });

  test.each([
    ['W = X', /computed, at character 1$/],
    ['X + Y = X', /expected on the left a value .*at character 1$/],
    ['2 = X', /expected on the left/],
    ['dW2 = dW2', /got the left side itself at character 7$/],
    ['dW2 = X + 2 ∂L/∂W²', /got the left side itself at character 13$/],
    ['Y = X W + (Y - 1)', /got the left side itself at character 12$/],
    ['δ2 = dY', /got the left side itself/],
  ])('%s is refused', (text, words) => expect(refusal(text).message).toMatch(words));
});

describe('what cannot be read is refused with its place', () => {
  test.each([
    ['Y = ', 'a name, a number or a parenthesis', '', 'the end of the equation at character 5'],
    ['', 'a name, a number or a parenthesis', '', 'at character 1'],
    ['Y', '`=` between the two sides', '', 'at character 2'],
    ['Y = (X + Y', '`)`', '', 'the end of the equation at character 11'],
    ['Y = X + ) ', 'a name', ')', '«)» at character 9'],
    ['Y = X Y = X', 'the end of the equation', '=', 'at character 9'],
    ['Y = X 2', 'the end of the equation, or an operator', '2', '«2» at character 7'],
    ['Y = $X', 'a name, a number or a sign', '$', '«$» at character 5'],
    ['Y = 𝟙 + X', 'a name', '𝟙', '«𝟙» at character 5'],
    ['Y = 1[X]', 'a comparison in the brackets', '[X]', 'at character 6'],
    ['Y = X⁻³⁰', 'an exponent up to 20', '⁻³⁰', 'at character 6'],
    ['Y = ‖X‖', 'a square after ‖ ‖', '', 'the end of the equation at character 8'],
    ['Y = ‖X‖³', 'a square after ‖ ‖', '³', '«³» at character 8'],
    ['Y = ‖X - Y', '`‖`', '', 'the end of the equation at character 11'],
    ['Y = ∂L/∂δ^2', 'unknown name', 'δ^2', 'at character 9'],
    [
      'Y = X ⊗ W',
      'expected ⊙ for the product entry by entry, or a·bᵀ for the outer product',
      '⊗',
      'at character 7',
    ],
    ['Y = I X', 'the size of the identity matrix, as in I(3)', 'I', 'at character 5'],
    ['Y = Σₖ X', 'an index k after the Σ', 'Σₖ', 'at character 5'],
    ['Y = X_{ab}', 'expected indices of i, j, k', '_{ab}', 'at character 6'],
    ['Y = X @ W W', '`@` or `*` between two factors of numpy', 'W', 'at character 11'],
    ['Y = np.summ(X)', 'one of np.exp', 'np.summ', 'at character 5'],
    ['Y = X^99', 'T or a whole number up to 20', '99', 'at character 7'],
    ['Y = [1, 2; 3]', 'rows of 2 entries', '[1, 2; 3]', 'at character 5'],
    ["Y = softmax'(X)", 'no prime', "'", 'at character 12'],
    ['Y = max(X)', '2 arguments, got 1', 'max(X)', 'at character 5'],
    ['Y = log(X, X)', '1 argument, got 2', 'log(X, X)', 'at character 5'],
    ['Y = log', '`(` after', '', 'at character 8'],
    ['Y = ones(X, 2)', 'a size', 'X', 'at character 10'],
    ['Y = ones(2000, 2)', 'a whole number from 1 to 20', '2000', 'at character 10'],
    ['Y = I(1.5)', 'a size', '1.5', 'at character 7'],
    ['Y = ∂L/W2', '`∂`', 'W2', 'at character 8'],
    ['Y = dλ', 'name', 'd', '«d» at character 5'],
    ['Y = ∇λ', 'expected the name of a tensor', '∇λ', 'at character 5'],
  ])('%s', (text, expected, marked, place) => {
    const found = refusal(text);
    expect(found.message).toContain(expected);
    expect(found.message).toContain(place);
    expect(found.marked).toBe(marked);
  });

  test('characters are counted as they are seen, in astral ones too', () => {
    expect(refusal('Y = 𝟙[X > 0] ⊙ 𝟙[X > 0] ⊙ Q').message).toMatch(/«Q» at character 27$/);
  });

  test('an unknown name comes with those that are known', () => {
    const { message, error } = refusal('Y = X sofmax(W)');
    expect(message).toBe('unknown name «sofmax» at character 7');
    expect(error.unknown).toMatchObject({ word: 'sofmax' });
    expect(error.unknown?.known).toEqual(expect.arrayContaining(['X', 'softmax']));
  });

  test('a text of a length or depth that no derivation has', () => {
    expect(refusal(`Y = ${'X + '.repeat(500)}X`).message).toMatch(/at most 2000 characters/);
    expect(understood(`${'('.repeat(29)}X${')'.repeat(29)}`)).toBe('X');
    for (const [open, close] of [
      ['(', ')'],
      ['[1,', ']'],
      ['R(', ')'],
      ['log ', ''],
      ['Σₙ ', ''],
      ['-', ''],
      ['', "'"],
    ]) {
      const deep = refusal(`Y = ${open.repeat(240)}X${close.repeat(240)}`);
      expect(deep.message, open).toMatch(/^expected at most 30 (parentheses|signs).* at character \d+$/);
    }
  });
});
