/** The usual wrong derivations as students write them, and what a hint must say of each. */

import type { NoteNet } from '../../../src/formulas/formula.ts';

/** One kind of mistake, on several nets and in several notations. */
export interface UsualMistake {
  /** As a teacher calls it. */
  readonly kind: string;
  /** What names it. */
  readonly says: RegExp;
  readonly equations: readonly (readonly [net: NoteNet, equation: string])[];
}

export const USUAL_MISTAKES: readonly UsualMistake[] = [
  {
    kind: 'φ′ missing',
    says: /φ′ is missing/,
    equations: [
      ['D', 'δ1 = W2 δ2'],
      ['D', 'δ2 = x2 − y'],
      ['D', String.raw`\delta^{(1)} = W^{(2)} \delta^{(2)}`],
      ['D', 'δ1 = W2 ((x2 − y) ⊙ φ′(z2))'],
      ['C', 'dW1 = Xᵀ ((P − Y)/N W2ᵀ) + λ W1'],
      ['C', 'dW1 = X.T @ (dS @ W2.T) + lambda * W1'],
      ['C', 'db1 = np.sum(dS @ W2.T, axis=0)'],
      ['C', 'dZ1 = dS W2ᵀ'],
      ['B', String.raw`\frac{\partial L}{\partial q} = W_2^\top (p - y)`],
      ['A', '−α∇_HW = (α/N) [Wᵀ(L − S)] Xᵀ'],
      ['A2', '−α∇_HW = (α/N) [Wᵀ(L − S)] Zᵀ'],
      ['A2', "−α∇_CW = (α/N) [HWᵀ(Wᵀ(L − S)) ⊙ R'(C)] Xᵀ"],
    ],
  },
  {
    kind: 'φ′ twice',
    says: /φ′ is multiplied in twice/,
    equations: [
      ['D', 'δ2 = (x2 − y) ⊙ φ′(z2) ⊙ φ′(z2)'],
      ['D', 'δ1 = (W2 δ2) ⊙ φ′(z1)^2'],
      ['D', 'δ1 = φ′(z1) ⊙ (W2 ((x2 − y) ⊙ φ′(z2) ⊙ φ′(z2)))'],
      ['D', String.raw`\delta^{(2)} = (x^{(2)} - y) \odot \varphi'(z^{(2)}) \odot \varphi'(z^{(2)})`],
    ],
  },
  {
    kind: 'φ′ at the activation',
    says: /φ′ is evaluated at the (activation|output)/,
    equations: [
      ['D', 'δ2 = (x2 − y) ⊙ φ′(x2)'],
      ['D', 'δ1 = (W2 δ2) ⊙ φ′(x1)'],
      ['D', 'dW1 = x0 ((W2 δ2) ⊙ φ′(x1))ᵀ'],
      ['D', String.raw`\delta^{(1)} = (W^{(2)} \delta^{(2)}) \odot \varphi'(x^{(1)})`],
      ['D', 'δ1 = W2 ((x2 − y) ⊙ φ′(x2)) ⊙ φ′(z1)'],
    ],
  },
  {
    kind: 'σ′ as z(1 − z)',
    says: /σ′ is written z\(1 − z\)/,
    equations: [
      ['D', 'δ2 = (x2 − y) ⊙ z2 ⊙ (1 − z2)'],
      ['D', 'δ1 = (W2 δ2) ⊙ z1 ⊙ (1 − z1)'],
      ['D', String.raw`\delta^{(1)} = (W^{(2)} \delta^{(2)}) \odot z^{(1)} \odot (1 - z^{(1)})`],
    ],
  },
  {
    kind: 'δ of the layer above forgotten',
    says: /of the layer above is forgotten/,
    equations: [
      ['D', 'δ1 = φ′(z1)'],
      ['D', 'dW1 = x0 φ′(z1)ᵀ'],
      ['C', 'dZ1 = 1[Z1 > 0]'],
      ['C', 'dW1 = Xᵀ 1[Z1 > 0] + λ W1'],
      ['B', 'dq = 1[q > 0]'],
      ['B', String.raw`\frac{\partial L}{\partial q} = \mathbb{1}[q > 0]`],
    ],
  },
  {
    kind: "dW from the wrong layer's input",
    says: /stands where the layer's input \S+ belongs/,
    equations: [
      ['C', 'dW2 = Xᵀ (P − Y)/N + λ W2'],
      ['C', 'dW2 = Z1ᵀ (P − Y)/N + λ W2'],
      ['C', 'dW2 = Z1.T @ dS + lambda * W2'],
      ['D', 'dW2 = z1 δ2ᵀ'],
      ['D', 'dW2 = x0 δ2ᵀ'],
      ['D', 'dW1 = x1 δ1ᵀ'],
      ['B', 'dW2 = (p − y) qᵀ'],
      ['B', String.raw`\frac{\partial L}{\partial W_2} = (p - y) q^\top`],
      ['A2', "−α∇_HW = (α/N) [Wᵀ(L − S) ⊙ R'(H)] Xᵀ"],
    ],
  },
  {
    kind: 'the mask on the wrong side',
    says: /wrong side|stays together, inside the parentheses/,
    equations: [
      ['C', 'dW1 = (Xᵀ dX1) ⊙ 1[Z1 > 0] + λ W1'],
      ['C', 'dX1 = (dS ⊙ 1[S > 0]) W2ᵀ'],
      ['C', 'dZ1 = (dS ⊙ 1[S > 0]) W2ᵀ'],
      ['B', 'dq = W2ᵀ ((p − y) ⊙ 1[o > 0])'],
      ['A', "−α∇_HW = (α/N) Wᵀ((L − S) ⊙ R'(Y)) Xᵀ"],
      ['D', 'δ1 = W2 (δ2 ⊙ φ′(z2))'],
    ],
  },
  {
    kind: '1/N missing',
    says: /1\/N is missing/,
    equations: [
      ['C', 'dS = P − Y'],
      ['C', 'dS = P - Y'],
      ['C', String.raw`\frac{\partial L}{\partial S} = P - Y`],
      ['C', 'dW2 = X1ᵀ (P − Y) + λ W2'],
      ['C', 'dW2 = X1.T @ (P - Y) + lambda * W2'],
      ['C', 'db2 = Σₙ (P − Y)'],
      ['A', '−α∇_W = α (L − S) Zᵀ'],
      ['A', String.raw`-\alpha \nabla_{HW} = \alpha [W^\top (L - S) \odot R'(H)] X^\top`],
    ],
  },
  {
    kind: '1/N twice',
    says: /divided by N once too often/,
    equations: [
      ['C', 'dS = (P − Y)/N/N'],
      ['C', 'db2 = Σₙ dS / N'],
      ['C', 'dW2 = X1ᵀ dS/N + λ W2'],
      ['C', 'dW2 = X1.T @ dS / N + lambda * W2'],
      ['C', 'db2 = np.mean(dS, axis=0)'],
      ['A', '−α∇_W = (α/N) (L − S)/N Zᵀ'],
      ['E', 'dW = Xᵀ dY/N'],
    ],
  },
  {
    kind: 'λ missing',
    says: /the L2 term is missing/i,
    equations: [
      ['C', 'dW2 = X1ᵀ (P − Y)/N'],
      ['C', 'dW2 = X1.T @ dS'],
      ['C', 'dW1 = Xᵀ (dX1 ⊙ 1[Z1 > 0])'],
      ['C', String.raw`\frac{\partial L}{\partial W_2} = X_1^\top \frac{\partial L}{\partial S}`],
    ],
  },
  {
    kind: 'λ halved or doubled',
    says: /λW\d is added twice|[Hh]alf of λW\d is missing/,
    equations: [
      ['C', 'dW2 = X1ᵀ (P − Y)/N + 2 λ W2'],
      ['C', 'dW2 = X1ᵀ (P − Y)/N + λ/2 W2'],
      ['C', 'dW1 = X.T @ (dX1 * (Z1 > 0)) + 2 * lambda * W1'],
      ['C', 'dW1 = Xᵀ (dX1 ⊙ 1[Z1 > 0]) + ½ λ W1'],
      [
        'C',
        String.raw`\frac{\partial L}{\partial W_2} = X_1^\top \frac{\partial L}{\partial S} + \frac{\lambda}{2} W_2`,
      ],
    ],
  },
  {
    kind: 'λ/N',
    says: /λ.* is divided by N/,
    equations: [
      ['C', 'dW2 = X1ᵀ (P − Y)/N + λ/N W2'],
      ['C', 'dW2 = (X1ᵀ (P − Y) + λ W2)/N'],
      ['C', 'dW1 = Xᵀ (dX1 ⊙ 1[Z1 > 0]) + (λ/N) W1'],
    ],
  },
  {
    kind: "the SVM's own class",
    says: /[Tt]he (column of the )?true class (is|gets|has)/,
    equations: [
      ['E-svm', 'dS = 1[S − rowsum(S ⊙ T) + 1 > 0]'],
      [
        'E-svm',
        'dS = 1[S − rowsum(S ⊙ T) + 1 > 0] ⊙ (1 − T) − T ⊙ (rowsum(1[S − rowsum(S ⊙ T) + 1 > 0]) ones(1, M))',
      ],
      [
        'E-svm',
        'dS = 1[S − rowsum(S ⊙ T) + 1 > 0] − T ⊙ (rowsum(1[S − rowsum(S ⊙ T) + 1 > 0] ⊙ (1 − T)) ones(1, M))',
      ],
      ['E-svm', 'dS = 1[S − rowsum(S ⊙ T) + 1 > 0] ⊙ (1 − T)'],
      ['E-svm', 'dS = 1[S − rowsum(S ⊙ T) + 1 > 0] ⊙ (1 − T) − T'],
    ],
  },
  {
    kind: "the Jacobian's diagonal only",
    says: /[Oo]nly the diagonal of/,
    equations: [
      ['B', '∂p/∂o = diag(p) − diag(p) diag(p)'],
      ['B', '∂p/∂o = diag(p ⊙ (1 − p))'],
      ['B', 'do = (−y/p) ⊙ p ⊙ (1 − p)'],
      ['B', String.raw`\frac{\partial L}{\partial o} = -y \odot (1 - p)`],
      ['C', 'dS = −Y ⊙ (1 − P)/N'],
      ['C', 'dS = (-Y / P) .* P .* (1 - P) / N'],
    ],
  },
  {
    kind: '−Y/P without the Jacobian',
    says: /the softmax Jacobian is missing/,
    equations: [
      ['B', 'do = −y/p'],
      ['B', String.raw`\frac{\partial L}{\partial o} = -\frac{y}{p}`],
      ['C', 'dS = −Y/P/N'],
      ['C', 'dS = -Y / P / N'],
      ['C', 'dW2 = X1ᵀ (−Y/P/N) + λ W2'],
      ['E', 'dY = −T/P'],
    ],
  },
  {
    kind: 'a transpose',
    says: /[Tt]ranspose (is missing|too many)/,
    equations: [
      ['C', 'dW2 = X1 (P − Y)/N + λ W2'],
      ['C', 'dX1 = dS W2'],
      ['C', 'dX1 = dS @ W2'],
      ['D', "δ1 = (W2ᵀ δ2) ⊙ φ'(z1)"],
      ['B', 'dh = W2 (p − y)'],
      ['B', String.raw`\frac{\partial L}{\partial h} = W_2 (p - y)`],
      ['E', 'dX = dY W'],
      ['E', 'dW = X dY'],
      ['A', '−α∇_W = (α/N) (L − S) Z'],
    ],
  },
  {
    kind: 'the order of a product',
    says: /The order of a matrix product matters/,
    equations: [
      ['E', 'dX = Wᵀ dY'],
      ['E', 'dW = dY Xᵀ'],
      ['C', 'dX1 = W2ᵀ dS'],
      ['C', 'dW2 = dS X1ᵀ + λ W2'],
      ['B', 'dh = (p − y) W2ᵀ'],
      ['A', '−α∇_W = (α/N) Zᵀ (L − S)'],
    ],
  },
  {
    kind: 'the outer product turned',
    says: /The outer product is turned/,
    equations: [
      ['D', 'dW2 = δ2 x1ᵀ'],
      ['D', 'dW1 = δ1 x0ᵀ'],
      ['D', 'dW2 = np.outer(delta2, x1)'],
      ['B', 'dW2 = h (p − y)ᵀ'],
      ['B', String.raw`\frac{\partial L}{\partial W_2} = h (p - y)^\top`],
    ],
  },
];
