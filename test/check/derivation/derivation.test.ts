/** Equations of the notes in their own orientation pass; wrong ones of each usual kind are told what is wrong. */

import { describe, expect, test } from 'vitest';
import { checkEquation, DERIVATION_TOLERANCE } from '../../../src/check/derivation/derivation.ts';
import type { NoteNet } from '../../../src/formulas/formula.ts';
import { EquationError } from '../../../src/formulas/language/errors.ts';
import { ACTIVATION_NAMES } from '../../../src/network/activations.ts';

/** Formula, net, the equation in Unicode and in ASCII. */
const RIGHT: readonly (readonly [formula: string, net: NoteNet, unicode: string, ascii: string])[] = [
  ['A1', 'A', 'Z = R(HW·X + HB)', 'Z = relu(HW*X + HB)'],
  ['A1', 'A', 'Y = W·Z + B', 'Y = W@Z + B'],
  ['A1', 'A', 'S = softmax(Y)', 'S = softmax(Y)'],
  ['A2', 'A', 'loss = −(1/N) Σ(L ⊙ ln S)', 'loss = -1/N*sum(L .* log(S))'],
  ['X12', 'A', '−α∇_W = (α/N) (L − S) Zᵀ', "-alpha*grad_W = alpha/N*(L - S)*Z'"],
  ['X12', 'A', '−α∇_B = (α/N) Σᵢ (L − S)', '-alpha*grad_B = alpha/N*sum_i(L - S)'],
  [
    'A4',
    'A',
    '−α∇_HW = (α/N) [Wᵀ(L − S) ⊙ R′(HW·X + HB)] Xᵀ',
    "-alpha*grad_HW = alpha/N*(W'*(L - S) .* R'(H))*X'",
  ],
  [
    'A5',
    'A',
    '−α∇_HB = (α/N) [Wᵀ(L − S) ⊙ R′(HW·X + HB)] · 𝟏',
    "-alpha*grad_HB = alpha/N*(W'*(L - S) .* R'(H))*ones(N, 1)",
  ],
  ['A6', 'A2', 'Z = R(CW·X + CB)', 'Z = R(CW X + CB)'],
  ['A6', 'A2', 'G = R(HW·Z + HB)', 'G = max(0, HW Z + HB)'],
  ['A6', 'A2', 'Y = W·G + B', 'Y = W*G + B'],
  [
    'A7',
    'A2',
    '−α∇_CW = (α/N) [HWᵀ(Wᵀ(L − S) ⊙ R′(H)) ⊙ R′(C)] Xᵀ',
    "-alpha*grad_CW = alpha/N*((HW'*((W'*(L - S)) .* R'(H))) .* R'(C))*X.T",
  ],
  [
    'A7',
    'A2',
    '−α∇_CB = (α/N) [HWᵀ(Wᵀ(L − S) ⊙ R′(H)) ⊙ R′(C)] 𝟏',
    "-alpha*grad_CB = alpha/N*sum_n(HW'*(W'*(L - S) .* R'(H)) .* R'(C))",
  ],
  ['X13', 'A2', '−α∇_W = (α/N) (L − S) Gᵀ', "-alpha*grad_W = alpha/N*(L - S)*G'"],
  ['X13', 'A2', '−α∇_HW = (α/N) [Wᵀ(L − S) ⊙ R′(H)] Zᵀ', "-alpha*grad_HW = alpha/N*(W'*(L - S) .* R'(H))*Z'"],
  ['X13', 'A2', '−α∇_B = (α/N) (L − S) 𝟏', '-alpha*grad_B = alpha/N*sum_n(L - S)'],
  [
    'X13',
    'A2',
    '−α∇_HB = (α/N) [Wᵀ(L − S) ⊙ R′(H)] 𝟏',
    "-alpha*grad_HB = alpha/N*sum_n(W'*(L - S) .* R'(H))",
  ],
  ['B1', 'B', 'h = R(W¹x + b¹)', 'h = relu(W1*x + b1)'],
  ['B1', 'B', 'o = W²h + b²', 'o = W2*h + b2'],
  ['B2', 'B', 'p = exp(o)/Σ exp(o)', 'p = exp(o)/sum(exp(o))'],
  ['B3', 'B', 'L = −yᵀ log p', "L = -y'*log(p)"],
  ['B4', 'B', '∂p/∂o = diag(p) − p pᵀ', "dp/do = diag(p) - p*p'"],
  ['B5', 'B', '∂L/∂o = p − y', 'dL/do = p - y'],
  ['B5', 'B', '∂L/∂o = (∂p/∂o)ᵀ (−y/p)', "do = (dp/do)' * (-y/p)"],
  ['B6', 'B', '∂L/∂b² = p − y', 'db2 = p - y'],
  ['B6', 'B', '∂L/∂W² = (p − y) hᵀ', "dW2 = (p - y)*h'"],
  ['B7', 'B', '∂L/∂h = W²ᵀ(p − y)', "dh = W2'*(p - y)"],
  ['B8', 'B', '∂L/∂q = ∂L/∂h ⊙ 𝟙[q > 0]', 'dq = dh .* 1[q > 0]'],
  ['C1', 'C', 'X₁ = ReLU(X W₁ + b₁)', 'X1 = R(X*W1 + b1)'],
  ['C1', 'C', 'S = X₁W₂ + b₂', 'S = X1*W2 + b2'],
  ['C1', 'C', 'P = softmax(S)', 'P = softmax(S)'],
  [
    'C2',
    'C',
    'L = −(1/N) Σ(Y ⊙ log P) + (λ/2) (Σ(W₁^2) + Σ(W₂^2))',
    'L = -sum(Y .* log(P))/N + lambda/2*(sum(W1^2) + sum(W2^2))',
  ],
  ['C3', 'C', '∂L/∂S = (P − Y)/N', 'dS = (P - Y)/N'],
  ['C4', 'C', '∂L/∂W₂ = X₁ᵀ ∂L/∂S + λW₂', "dW2 = X1'*(P - Y)/N + lambda*W2"],
  ['C4', 'C', '∂L/∂b₂ = Σₙ ∂L/∂S', 'db2 = sum_n(dS)'],
  ['C5', 'C', '∂L/∂X₁ = ∂L/∂S · W₂ᵀ', "dX1 = dS*W2'"],
  [
    'C6',
    'C',
    '∂L/∂W₁ = Xᵀ(∂L/∂X₁ ⊙ 𝟙[X W₁ + b₁ > 0]) + λW₁',
    "dW1 = X'*(dX1 .* 1[X*W1 + b1 > 0]) + lambda*W1",
  ],
  ['C6', 'C', '∂L/∂b₁ = Σₙ (∂L/∂X₁ ⊙ 𝟙[Z₁ > 0])', "db1 = sum_n(dX1 .* R'(Z1))"],
  ['X15', 'C-sigmoid', 'P = σ(S)', 'P = sigmoid(S)'],
  ['X15', 'C-sigmoid', '∂L/∂S = (P − Y)/N', 'dS = (P - Y)/N'],
  ['D1', 'D', 'z¹ = W¹ᵀ x⁰ + b¹', "z1 = W1'*x0 + b1"],
  ['D1', 'D', 'x¹ = φ(z¹)', 'x1 = phi(z1)'],
  ['D2', 'D', 'x² = φ(W²ᵀ x¹ + b²)', "x2 = f(W2'*x1 + b2)"],
  ['D3', 'D', 'L = ½ Σ((x² − y)^2)', 'L = 1/2*sum((x2 - y)^2)'],
  ['D4', 'D', 'δ² = (x² − y) ⊙ φ′(z²)', "delta2 = (x2 - y) .* phi'(z2)"],
  ['D5', 'D', 'δ¹ = (W² δ²) ⊙ φ′(z¹)', "delta1 = (W2*delta2) .* phi'(z1)"],
  ['D6', 'D', '∂L/∂W² = x¹ (δ²)ᵀ', "dW2 = x1*delta2'"],
  ['D6', 'D', '∂L/∂b² = δ²', 'db2 = delta2'],
  ['D7', 'D', '∂L/∂W¹ = x⁰ (δ¹)ᵀ', "dW1 = x0*delta1'"],
  ['D7', 'D', '∂L/∂b¹ = δ¹', 'db1 = delta1'],
  ['E1', 'E', '∂L/∂X = ∂L/∂Y · Wᵀ', "dX = dY*W'"],
  ['E2', 'E', '∂L/∂W = Xᵀ · ∂L/∂Y', "dW = X'*dY"],
  ['X14', 'E-bias', '∂L/∂b = Σₙ ∂L/∂Y', 'db = colsum(dY)'],
  ['E3', 'E', '∂L/∂S = P − T', 'dS = softmax(S) - T'],
  [
    'E4',
    'E-svm',
    'L = Σ(max(0, S − rowsum(S ⊙ T) + 1) ⊙ (1 − T))',
    'L = sum(max(0, S - rowsum(S .* T) + 1) .* (1 - T))',
  ],
  [
    'E5',
    'E-svm',
    '∂L/∂S = 𝟙[S − rowsum(S ⊙ T) + 1 > 0] ⊙ (1 − T) − T ⊙ (rowsum(𝟙[S − rowsum(S ⊙ T) + 1 > 0] ⊙ (1 − T)) ones(1, M))',
    'dS = 1[S - rowsum(S .* T) + 1 > 0] .* (1 - T) - T .* (rowsum(1[S - rowsum(S .* T) + 1 > 0] .* (1 - T))*ones(1, M))',
  ],
];

describe('the formulas of the notes, in their own orientation, are exact', () => {
  test.each(RIGHT)('%s on net %s: %s', (_formula, net, unicode, ascii) => {
    for (const text of [unicode, ascii]) {
      const check = checkEquation(text, net);
      expect(check, text).toMatchObject({ passed: true, diagnosis: null, hint: null, shapesFit: true });
      expect(check.maxRelativeError, text).toBeLessThanOrEqual(DERIVATION_TOLERANCE);
      if (check.productionError !== null) expect(check.productionError, text).toBeLessThanOrEqual(1e-12);
    }
  });

  test('with every activation of net D, on every seed', () => {
    const equations = RIGHT.filter(([, net]) => net === 'D').map(([, , text]) => text);
    for (const activation of ACTIVATION_NAMES) {
      for (const text of equations) {
        expect(checkEquation(text, 'D', { activation, seed: 5 }).passed, `${activation}: ${text}`).toBe(true);
      }
    }
  });

  test('in the notation of the notes: ⊙ after the products beside it, ‖x − y‖², ½, N⁻¹', () => {
    for (const [net, text] of [
      ['D', "δ1 = φ'(z1) ⊙ W2 δ2"],
      ['D', 'L = ½‖x² − y‖²'],
      ['C', 'dS = N⁻¹ (P − Y)'],
      ['C', 'L = −N⁻¹ Σ(Y ⊙ log P) + ½ λ (‖W₁‖² + ‖W₂‖²)'],
      ['A2', "−α∇_CW = (α/N) [R'(C) ⊙ HWᵀ(R'(H) ⊙ Wᵀ(L − S))] Xᵀ"],
    ] as const) {
      expect(checkEquation(text, net), text).toMatchObject({ passed: true });
    }
  });

  test('another true form of the same gradient passes too', () => {
    expect(checkEquation('δ2 = (x2 − y) ⊙ x2 ⊙ (1 − x2)', 'D').passed).toBe(true);
    expect(checkEquation('δ2 = (x2 − y) ⊙ (1 − x2^2)', 'D', { activation: 'tanh' }).passed).toBe(true);
    expect(checkEquation("dW1 = X'*(dX1 .* R'(X1)) + λ W1", 'C').passed).toBe(true);
  });
});

describe('production is compared with the exact gradient where it computes one', () => {
  test.each([
    ['C', 'dW2 = X1', true],
    ['C', 'dZ1 = X1', true],
    ['C', 'dX = X', false],
    ['C', 'X1 = R(Z1)', false],
    ['B', '∂p/∂o = p pᵀ', false],
    ['A', '−α∇_HB = 𝟏', true],
  ] as const)('%s: %s', (net, text, is) => {
    const { productionError } = checkEquation(text, net, { diagnose: false });
    if (is) expect(productionError).toBeLessThan(1e-12);
    else expect(productionError).toBeNull();
  });
});

/** Each usual slip, and what its diagnosis must say. */
const WRONG: readonly (readonly [slip: string, net: NoteNet, text: string, hint: string])[] = [
  [
    'a transpose too few',
    'C',
    'dW2 = X1 (P − Y)/N + λ W2',
    'with X1ᵀ instead of X1 at character 7: dW2 = X1ᵀ·(P − Y)/N + λ·W2.',
  ],
  ['a transpose too few', 'C', 'dX1 = dS W2', 'with W2ᵀ instead of W2 at character 10'],
  ['a transpose too many', 'D', "δ1 = (W2ᵀ δ2) ⊙ φ'(z1)", 'with W2 instead of W2ᵀ at character 7'],
  ['the whole transposed', 'D', 'dW2 = δ2 x1ᵀ', 'with x1·δ2ᵀ instead of δ2·x1ᵀ'],
  ['a term transposed', 'C', 'dW2 = (P − Y)ᵀ X1/N + λ W2', 'with X1ᵀ·(P − Y)/N instead of (P − Y)ᵀ·X1/N'],
  ['an argument transposed', 'D', "δ1 = (W2 δ2) ⊙ φ'(z1ᵀ)", 'with z1 instead of z1ᵀ at character 19'],
  ['factors the wrong way round', 'E', 'dX = Wᵀ dY', 'with dY·Wᵀ instead of Wᵀ·dY'],
  ['order and transpose', 'C', 'dX1 = W2 dS', 'with dS·W2ᵀ instead of W2·dS'],
  ['the sign of a difference', 'B', 'do = y − p', 'with p − y instead of y − p at character 6'],
  ['the sign in a step', 'A', '−α∇_W = (α/N) (S − L) Zᵀ', 'with L − S instead of S − L'],
  ['the sign of the whole', 'C', 'db2 = -Σₙ dS', 'without the minus at character 7'],
  ['no 1/N', 'C', 'dS = P − Y', 'divided by N: dS = (P − Y)/N. The loss is the mean over the N samples.'],
  ['no 1/N in a term', 'C', 'dW2 = X1ᵀ (P − Y) + λ W2', 'with X1ᵀ·(P − Y)/N instead of X1ᵀ·(P − Y)'],
  ['1/N twice', 'C', 'db2 = Σₙ dS / N', 'without /N at character 15'],
  [
    '1/N in a sum',
    'E',
    'dY = (P − T)/N',
    'without /N at character 14: dY = P − T. The loss of this net is the sum',
  ],
  ['N for 1/N', 'C', 'dS = (P − Y) N', 'with (P − Y)/N instead of (P − Y)·N'],
  ['N only over a part', 'C', 'dS = P − Y/N', 'with (P − Y)/N instead of P − Y/N'],
  ['a factor 2', 'D', 'δ2 = 2 (x2 − y) ⊙ φ′(z2)', 'without the factor 2'],
  ['no factor ½', 'D', 'L = sum((x2 − y)^2)', 'with a factor ½'],
  ['another constant', 'C', 'dS = 3.7 (P − Y)/N', 'without the factor 3.7'],
  ['α in a gradient', 'A', '∇_W = (α/N) (S − L) Zᵀ', 'with 1/N instead of α/N'],
  ['no α in a step', 'A', '−α∇_W = (1/N) (L − S) Zᵀ', 'with α instead of 1'],
  ['no λ term', 'C', 'dW2 = X1ᵀ (P − Y)/N', 'with + λ·W2 at its end'],
  ['no λ term in the loss', 'C', 'L = −sum(Y ⊙ log P)/N', 'with + (λ/2)·(sum(W1^2) + sum(W2^2)) at its end'],
  ['the λ term twice', 'C', 'dW2 = X1ᵀ (P − Y)/N + 2 λ W2', 'without the factor 2 at character 23'],
  ['half a λ term', 'C', 'dW2 = X1ᵀ (P − Y)/N + λ/2 W2', 'without /2'],
  [
    'the sign of the λ term',
    'C',
    'dW2 = X1ᵀ (P − Y)/N − λ W2',
    'with + instead of − before λ·W2 at character 23',
  ],
  ['λ without W', 'C', 'dW2 = X1ᵀ (P − Y)/N + λ', 'W2'],
  [
    'a bias that isWeight',
    'C',
    'db2 = Σₙ dS + λ b2',
    'without + λ·b2 at character 15: db2 = Σₙ(dS). The term (λ/2) Σ w² is over the weights alone',
  ],
  ['no φ′', 'D', 'δ2 = x2 − y', 'with ⊙ φ′(z2) after x2 − y'],
  ['no φ′ inside', 'C', 'dW1 = Xᵀ dX1 + λ W1', 'with ⊙ R′(Z1) after dX1 at character 10'],
  [
    'no φ′ of one layer of two',
    'A2',
    "−α∇_CW = (α/N) [HWᵀ(Wᵀ(L − S)) ⊙ R'(C)] Xᵀ",
    'with ⊙ R′(H) after Wᵀ·(L − S)',
  ],
  ['φ for φ′', 'D', 'δ2 = (x2 − y) ⊙ φ(z2)', 'with φ′(z2) instead of φ(z2) at character 17'],
  ['φ′ for φ', 'A', "Y = W·R'(HW·X + HB) + B", 'with R(HW·X + HB) instead of R′(HW·X + HB)'],
  ['φ′ at x', 'D', 'δ2 = (x2 − y) ⊙ φ′(x2)', 'with z2 instead of x2 at character 20'],
  ['φ′ of another function', 'D', "δ2 = (x2 − y) ⊙ tanh'(z2)", 'with σ′(z2) instead of tanh′(z2)'],
  ['φ′ where there is none', 'C', "dS = (P − Y)/N ⊙ R'(S)", 'without ⊙ R′(S)'],
  ['the side of an indicator', 'C', 'dZ1 = dX1 ⊙ 1[Z1 < 0]', 'with 𝟙[Z1 > 0] instead of 𝟙[Z1 < 0]'],
  ['a bias left out', 'C', 'dW1 = Xᵀ(dX1 ⊙ 1[X W1 > 0]) + λ W1', 'with + b1 after X·W1 at character 18'],
  ['· for ⊙', 'C', "dZ1 = dX1 R'(Z1)", 'with dX1 ⊙ R′(Z1) instead of dX1·R′(Z1)'],
  ['⊙ for ·', 'D', 'z1 = W1ᵀ ⊙ x0 + b1', 'with W1ᵀ·x0 instead of W1ᵀ ⊙ x0'],
  [
    'a parenthesis',
    'C',
    'dW1 = Xᵀ dX1 ⊙ 1[Z1 > 0] + λ W1',
    'with Xᵀ·(dX1 ⊙ 𝟙[Z1 > 0]) instead of (Xᵀ·dX1) ⊙ 𝟙[Z1 > 0]',
  ],
  ['no sum over the samples', 'E-bias', 'db = dY', 'with Σₙ(dY) instead of dY'],
  ['1 for the ones', 'A', '−α∇_B = (α/N) (L − S) · 1', 'with the column of ones 𝟏 instead of the number 1'],
  ['the wrong sums', 'E-bias', 'db = rowsum(dY)', 'with colsum(dY) instead of rowsum(dY)'],
  ['1 for δ', 'D', '∂L/∂b² = 1', 'with δ2 instead of 1 at character 10: db2 = δ2. The 1 is ∂z/∂b alone'],
  ['a letter of another layer', 'C', 'dW2 = Xᵀ (P − Y)/N + λ W2', 'with X1 instead of X at character 7'],
  ['δ of another layer', 'D', 'dW1 = x0 δ2ᵀ', 'with δ1 instead of δ2 at character 10'],
  ['a factor that is missing', 'E', 'dW = P − T', 'with Xᵀ· before P − T'],
  ['no ReLU', 'C', 'X1 = X W1 + b1', 'with R(X·W1 + b1) instead of X·W1 + b1'],
  ['no square', 'D', 'L = ½ sum(x2 − y)', 'with (x2 − y)^2 instead of x2 − y'],
  ['no logarithm', 'E', 'L = −sum(T ⊙ P)', 'with log(P) instead of P'],
  ['softmax for σ', 'C-sigmoid', 'P = softmax(S)', 'with σ(S) instead of softmax(S)'],
  [
    'two slips',
    'C',
    'dS = Y − P',
    'Two changes would make it right: with P − Y instead of Y − P at character 6, and divided by N',
  ],
  [
    'two slips',
    'C',
    'dW2 = X1 (Y − P)/N + λ W2',
    'with X1ᵀ instead of X1 at character 7: dW2 = X1ᵀ·(P − Y)/N + λ·W2.',
  ],
  [
    'three slips',
    'C',
    'dW2 = X1 (P − Y)',
    'Three changes would make it right: with X1ᵀ instead of X1 at character 7, divided by N, and with + λ·W2',
  ],
  [
    'a constant that is none of the net’s',
    'C',
    'dS = 0.11 (P − Y) + 0.23 (P − Y) + 0.37 (P − Y)',
    'Every entry is 0.71·N times what it should be.',
  ],
];

describe('a wrong equation fails, and is told what would make it right', () => {
  test.each(WRONG)('%s on net %s: %s', (_slip, net, text, hint) => {
    const check = checkEquation(text, net);
    expect(check.passed).toBe(false);
    expect(check.maxRelativeError).toBeGreaterThan(1e-3);
    expect(check.hint).toContain(hint);
    expect(check.diagnosis).toContain(check.hint);
  });

  test('what a hint proposes is right, as it is printed', () => {
    for (const [, net, text] of WRONG) {
      const hint = checkEquation(text, net).hint as string;
      const change = hint.slice(Math.max(0, hint.search(/(It|changes) would/)));
      const proposed = /: (\S+ = .*?)\.(?: [A-Z]|$)/.exec(change)?.[1];
      if (proposed === undefined) expect(hint).toMatch(/^Every entry/);
      else expect(checkEquation(proposed, net).passed, `${text} → ${proposed}`).toBe(true);
    }
  });

  test('an equation that no small change makes right is told nothing that is not so', () => {
    const check = checkEquation('do = sum(y ⊙ p) − y', 'B');
    expect(check).toMatchObject({ passed: false, hint: null, diagnosis: null, shapesFit: true });
  });
});

describe('shapes', () => {
  test('of a right equation are told step by step', () => {
    expect(checkEquation('dW2 = X1ᵀ (P − Y)/N + λ W2', 'C').shapes).toEqual([
      'P − Y: both N×C (6×3), fine',
      'X1ᵀ·(P − Y) is H×N (4×6) times N×C (6×3): fine, H×C (4×3)',
      'X1ᵀ·(P − Y)/N + λ·W2: both H×C (4×3), fine',
      'the right side is H×C (4×3), as dW2: fine',
    ]);
  });

  test('that do not fit fail the check, with an infinite error and the line of the one that does not', () => {
    const check = checkEquation("δ1 = W2·delta2 ⊙ phi'(z1')", 'D');
    expect(check).toMatchObject({
      passed: false,
      shapesFit: false,
      maxRelativeError: Infinity,
      analytic: null,
    });
    expect(check.diagnosis).toMatch(
      /^W2·δ2 is K×M \(5×3\) times M×1 \(3×1\): fine, K×1 \(5×1\); ⊙ φ′\(z1ᵀ\) needs K×1 \(5×1\), φ′\(z1ᵀ\) is 1×K \(1×5\)/,
    );
  });

  test('a right side of another shape than the left is refused', () => {
    const { shapesFit, diagnosis } = checkEquation('dW2 = (P − Y)ᵀ X1', 'C');
    expect(shapesFit).toBe(false);
    expect(diagnosis).toMatch(/dW2 is H×C \(4×3\), the right side is C×H \(3×4\); its transpose would fit/);
    expect(checkEquation('dW2 = λ', 'C').shapesFit).toBe(false);
  });

  test('slips of the notes whose products do not exist', () => {
    expect(checkEquation('−α∇_HW = −(α/N) [R′(HW·X + HB)·X] [(Lᵀ − Sᵀ)·W]', 'A').shapesFit).toBe(false);
    expect(checkEquation("−α∇_CW = (α/N) [HWᵀ(W(L − S) ⊙ R'(H)) ⊙ R'(C)] Xᵀ", 'A2').shapesFit).toBe(false);
    expect(checkEquation('z1 = W1 x0 + b1', 'D').shapesFit).toBe(false);
  });
});

describe('a number is not a dimension by chance', () => {
  test.each([
    [
      'C',
      'dW2 = X1ᵀ (P − Y)/6 + λ W2',
      'with N instead of 6 at character 19: dW2 = X1ᵀ·(P − Y)/N + λ·W2. 6 is N here by chance: write N.',
    ],
    ['C', 'dS = 1/6 (P − Y)', '6 is N here by chance: write N.'],
    ['A', '−α∇_B = α (L − S) 𝟏/6', '6 is N here by chance: write N.'],
    ['B', 'dq = dh ⊙ 1[q > 0] + h (3 − M)', '3 is M here by chance: write M.'],
  ] as const)('%s: %s', (net, text, hint) => {
    const check = checkEquation(text, net);
    expect(check).toMatchObject({ passed: false, shapesFit: true });
    expect(check.hint).toContain(hint);
  });

  test('beside another slip', () => {
    const { hint } = checkEquation('dW2 = X1 (P − Y)/6 + λ W2', 'C');
    expect(hint).toMatch(/^Two changes /);
    for (const words of ['X1ᵀ instead of X1', 'N instead of 6', '6 is N here by chance: write N.']) {
      expect(hint).toContain(words);
    }
  });

  test('what is told is of a draw that shows it', () => {
    const { analytic, numeric, otherSizes, shapes } = checkEquation('dS = (P − Y)/6', 'C');
    expect(shapes.at(-1)).toBe('the right side is N×C (6×3), as dS: fine');
    expect(otherSizes).toMatch(/^N = \d, D = \d, H = \d, C = \d$/);
    expect(otherSizes).not.toContain('N = 6');
    expect(analytic?.values).toHaveLength(numeric.values.length);
    expect(analytic?.values).not.toEqual(numeric.values);
    expect(checkEquation('dS = (P − Y)/5', 'C').otherSizes).toBeNull();
  });

  test('sizes that the equation has as numbers stay', () => {
    for (const [net, text] of [
      ['C', 'db2 = ones(1, 6) dS'],
      ['C', 'db2 = [1, 1, 1, 1, 1, 1] dS'],
      ['B', 'do = p − I(3) y'],
      ['A', '−α∇_B = (α/N) (L − S) ones(6, 1)'],
      ['D', 'x2 = φ(I(3) (W2ᵀ x1) + b2)'],
      ['C', 'X1 = R(X W1 + b1) + 0 X[6, 5]'],
    ] as const) {
      expect(checkEquation(text, net), text).toMatchObject({ passed: true });
    }
    expect(checkEquation('db2 = (ones(1, 6) dS) * 6/6', 'C').passed).toBe(true);
    expect(checkEquation('db2 = (ones(1, 6) dS) C/3', 'C').passed).toBe(false);
  });
});

test('an equation of any form that fits is answered in time', () => {
  for (const text of [
    `dS = ${'[1,'.repeat(28)}1${']'.repeat(28)}`,
    `dS = ${'P+'.repeat(490)}P`,
    `dS = ${'N*'.repeat(490)}P`,
    `dS = ${'(P - Y)/N + '.repeat(80)}P`,
    `dS = [${'1,'.repeat(490)}1]`,
  ]) {
    const started = performance.now();
    expect(checkEquation(text, 'C').passed, text).toBe(false);
    expect(performance.now() - started, text).toBeLessThan(20_000);
  }
  expect(checkEquation(`dS = ${'P+'.repeat(490)}P`, 'C').hint).toMatch(/too long to look for the slip/);
}, 60_000);

test('a value that is not finite fails', () => {
  const check = checkEquation('dS = (P − Y)/(N − 6)', 'C', { diagnose: false });
  expect(check).toMatchObject({ passed: false, maxRelativeError: Infinity, shapesFit: true });
});

test('one draw of numbers can hide a slip; all must hold', () => {
  const slip = 'dq = dh ⊙ 1[W1 x > 0]';
  const alone = Array.from({ length: 60 }, (_, seed) => {
    return checkEquation(slip, 'B', { seed, draws: 1, diagnose: false }).passed;
  });
  expect(alone).toContain(true);
  for (let seed = 0; seed < 60; seed++) {
    expect(checkEquation(slip, 'B', { seed, diagnose: false }).passed, `seed ${seed}`).toBe(false);
  }
});

test('the same equation, net and seed give the same bits', () => {
  const [a, b] = [1, 1].map(() => checkEquation('dW2 = X1ᵀ dS', 'C', { seed: 3 }));
  expect(a).toEqual(b);
});

test('what cannot be read is refused', () => {
  expect(() => checkEquation('dW2 = X1ᵀ (Q − Y)', 'C')).toThrow(EquationError);
  expect(() => checkEquation("dX = φ'(X)", 'E')).toThrow(/this net has no activation: «φ» at character 6/);
  expect(() => checkEquation('db1 = Σₙ δ1', 'D')).toThrow(/one sample/);
  expect(() => checkEquation('dY = X1', 'C')).toThrow(/Y is given/);
  expect(() => checkEquation('∂P/∂S = P', 'C')).toThrow(/one sample/);
});
