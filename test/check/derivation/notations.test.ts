/** The same equation as students write it: LaTeX, indices, numpy, the notes' own letters; and what is refused. */

import { describe, expect, test } from 'vitest';
import { checkEquation } from '../../../src/check/derivation/derivation.ts';
import type { NoteNet } from '../../../src/formulas/formula.ts';
import { EquationError } from '../../../src/formulas/language/errors.ts';

const check = (net: NoteNet, text: string) => checkEquation(text, net, { draws: 4, diagnose: false });

const RIGHT: readonly (readonly [net: NoteNet, text: string])[] = [
  // LaTeX.
  ['D', String.raw`\frac{\partial L}{\partial W^{(2)}} = x^{(1)} (\delta^{(2)})^\top`],
  ['D', String.raw`$$\delta^{(1)} = W^{(2)} \delta^{(2)} \odot \varphi'(z^{(1)})$$`],
  [
    'D',
    String.raw`\delta_j^{(1)} = \left( \sum_{k=1}^{10} w_{jk}^{(2)} \delta_k^{(2)} \right) \varphi'(z_j^{(1)})`,
  ],
  ['D', String.raw`L = \frac{1}{2} \sum_{k=1}^{M} (x_k^{(2)} - y_k)^2`],
  ['D', String.raw`z^1_j = \sum_{i=1}^{784} w^1_{ij} x^0_i + b^1_j`],
  ['A', String.raw`-\alpha \nabla_{HW} = \frac{\alpha}{N} [W^T (L - S) \odot R'(HW X + HB)] X^T`],
  ['B', String.raw`\frac{\partial \mathbf{p}}{\partial \mathbf{o}} = \mathrm{diag}(p) - p p^{\mathsf{T}}`],
  ['C', String.raw`\frac{dL}{dW_2} = X_1^{\top} \frac{dL}{dS} + \lambda W_2`],
  ['C', String.raw`\nabla_{W_2} = \frac{1}{N} X_1^\top (P - Y) + \lambda W_2`],
  ['E', 'Y = X W'],
  // Indices.
  ['B', '∂pᵢ/∂oⱼ = pᵢ(δᵢⱼ − pⱼ)'],
  ['B', 'dp_i/do_j = p_i*(1[i = j] - p_j)'],
  ['B', '∂pᵢ/∂oᵢ = pᵢ(1 − pᵢ)'],
  ['B', '∂pᵢ/∂oⱼ = −pᵢ pⱼ for i ≠ j'],
  ['B', 'dL/dW2_ij = (p_i - y_i) h_j'],
  ['B', '∂L/∂h_j = sum_i (p_i − y_i) W2_{ij}'],
  ['C', '∂L/∂w_{2ij} = Σₙ X₁ₙᵢ ∂L/∂Sₙⱼ + λ w_{2ij}'],
  ['C', '∂Lₙ/∂hₙⱼ = Pₙⱼ − 𝟙[j = yₙ]'],
  ['E-svm', 'Lᵢ = Σ_{j≠yᵢ} max(0, sⱼ − s_{yᵢ} + 1)'],
  ['E-svm', '∂Lᵢ/∂sⱼ = 𝟙[sⱼ − s_{yᵢ} + 1 > 0] for j ≠ yᵢ'],
  ['E', '∂L/∂w_{km} = Σᵢ x_{ik} ∂L/∂y_{im}'],
  // The notes' own letters.
  ['A', '−α∂L/∂hwₖₘ = (α/N) Σᵢ Σⱼ (Lⱼᵢ − Sⱼᵢ) wⱼₖ R′(Σₘ hwₖₘ xₘᵢ + hbₖ) xₘᵢ'],
  ['C', 'P = σ(h)'],
  ['C', '∂L/∂P = −Y/(N P)'],
  ['C', 'dW1 = Xᵀ (dX1 ⊙ ismorethan(X W1 + b1)) + λ W1'],
  ['C', 'dW1 = Xᵀ (dX1 ⊙ sign(X1)) + λ W1'],
  // numpy.
  ['C', 'dW2 = X1.T @ dS + lambda * W2'],
  ['C', 'dW2 = np.dot(X1.T, (P - Y) / X.shape[0]) + lambda * W2'],
  ['C', 'dW2 = X1.T.dot(dS) + lambda * W2'],
  ['C', 'db2 = np.sum(dS, axis=0)'],
  ['C', 'db2 = dS.sum(axis=0, keepdims=True)'],
  ['C', 'db2 = np.mean(P - Y, axis=0)'],
  ['C', 'dZ1 = (dS @ W2.T) * (Z1 > 0)'],
  ['C', 'dZ1 = np.where(Z1 > 0, dS @ W2.T, 0)'],
  ['C', 'P = np.exp(S) / np.sum(np.exp(S), axis=1, keepdims=True)'],
  ['A', 'S = np.exp(Y) / np.sum(np.exp(Y), axis=0)'],
  ['A', 'Y = W @ Z + B'],
  ['D', 'delta1 = (W2 @ delta2) * x1 * (1 - x1)'],
  ['D', 'dW2 = np.outer(x1, delta2)'],
  ['D', 'L = 0.5 * np.sum((x2 - y)**2)'],
];

test.each(RIGHT)('net %s: %s is right', (net, text) => {
  expect(check(net, text)).toMatchObject({ passed: true });
});

test.each<[NoteNet, string]>([
  ['B', '∂pᵢ/∂oⱼ = pᵢ(1 − pⱼ)'],
  ['B', '∂L/∂hⱼ = Σᵢ (pᵢ − yᵢ) W²ᵢⱼ hⱼ'],
  ['D', String.raw`\delta^{(1)} = W^{(2)} \delta^{(2)} \odot \varphi'(x^{(1)})`],
  ['C', 'db2 = np.sum(P - Y, axis=0)'],
  ['E-svm', '∂Lᵢ/∂sⱼ = 𝟙[sⱼ − s_{yᵢ} + 1 > 0]'],
])('net %s: %s is wrong', (net, text) => expect(check(net, text)).toMatchObject({ passed: false }));

describe('what has two meanings, or none, is refused with how to write it', () => {
  test.each<[NoteNet, string, RegExp]>([
    ['C', 'dS = P * Y', /^expected P ⊙ Y or P \.\* Y for the product entry by entry .* at character 6$/],
    ['B', '∂p/∂o = diag(p) * diag(p)', /⊙ .*diag\(p\)·diag\(p\) for the matrix product/],
    ['B', 'do = p ⊗ y', /expected ⊙ for the product entry by entry, or a·bᵀ for the outer product/],
    [
      'B',
      '∂p/∂o = diag(p) (I − p)',
      /expected the size of the identity matrix, as in I\(3\): «I» at character 18/,
    ],
    ['C', String.raw`dS = \sigmma(P)`, /^unknown command «\\sigmma» at character 6, did you mean \\sigma\?$/],
    ['C', String.raw`dS = \frac{P - Y}{N`, /^expected `}` for the «{» at character 18/],
    ['C', String.raw`dS = \frac{P - Y}}{N}`, /expected an argument in braces, got «}» at character 18/],
    ['B', 'doⱼ = pᵢ − yⱼ', /every index on the right below a Σ or on the left, got i/],
    ['B', 'doⱼ = Σₖ pⱼ', /expected an index k after the Σ: «Σₖ» at character 7/],
    ['C', 'S = softmax(S) by columns', /expected rows, which are the samples of this net/],
    ['C', 'dW2 = X1.T @ dS + λ W2', /expected `@` or `\*` between two factors of numpy/],
  ])('net %s: %s', (net, text, message) => {
    expect(() => check(net, text)).toThrow(EquationError);
    expect(() => check(net, text)).toThrow(message);
  });

  test('an index that counts two things, and a sum that goes too far', () => {
    expect(check('B', 'doⱼ = Σᵢ pᵢ hᵢ')).toMatchObject({ passed: false, shapesFit: false });
    expect(check('B', 'doⱼ = Σᵢ pᵢ hᵢ').diagnosis).toMatch(
      /i counts 1 to M .* and 1 to H .*: one letter counts one thing/,
    );
    expect(check('D', String.raw`L = \frac{1}{2} \sum_{k=1}^{K} (x^2_k - y_k)^2`).diagnosis).toMatch(
      /goes up to K, but k counts 1 to M/,
    );
  });
});

describe('bad input is one line, soon', () => {
  const long = 100_000;
  test.each<[string, string]>([
    ['a long sum', `dS = ${'P + '.repeat(long / 4)}P`],
    ['long LaTeX', `dS = ${String.raw`\frac{P}{N} + `.repeat(long / 14)}P`],
    ['open braces', `dS = ${'{'.repeat(long)}`],
    ['open LaTeX braces', String.raw`\frac${'{'.repeat(long)}`],
    ['closing braces', String.raw`\frac{P}{N}${'}'.repeat(long)}`],
    ['deep fractions', `dS = ${String.raw`\frac{`.repeat(100)}P${'}{N}'.repeat(100)}`],
    ['a long command', `dS = \\${'a'.repeat(1500)}`],
    ['many sums', `dS = ${'Σₖ '.repeat(600)}P`],
    ['a long subscript', `dS = P_{${'i'.repeat(1500)}}`],
    ['deep numpy', `dS = ${'np.exp('.repeat(200)}P${')'.repeat(200)}`],
    ['a brace too many', String.raw`dS = \odot P}`],
    ['no matrix end', String.raw`dS = \begin{bmatrix} 1 & 2`],
    ['a matrix of dots', String.raw`dS = \begin{bmatrix} 1 & \dots \end{bmatrix}`],
    ['mixed notations', String.raw`dS = \frac{P.T @ Y}{N} np.sum(`],
    ['nothing after a command', '\\'],
  ])('%s', (_, text) => {
    const started = performance.now();
    expect(() => check('C', text)).toThrow(EquationError);
    try {
      check('C', text);
    } catch (error) {
      expect((error as Error).message).not.toContain('\n');
      expect((error as Error).message.length).toBeLessThan(300);
    }
    expect(performance.now() - started).toBeLessThan(4000);
  });
});
