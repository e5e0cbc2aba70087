/** Where note A slips. */

import type { Slip } from './formula.ts';
import { tex } from './notation.ts';

export const SLIPS_A: readonly Slip[] = [
  {
    id: 'slip-A1',
    note: 'A',
    kind: 'shape',
    title: 'the first derivation of ∇_HW',
    latex: [
      tex`-\alpha \nabla_{\mathit{HW}} = \frac{\alpha}{N} \left[ R'(\mathit{HW} \cdot X + \mathit{HB}) \cdot X \right] \left[ (L^\top - S^\top) \cdot W \right]`,
    ],
    unicode: ['−α∇_HW = (α/N) [R′(HW·X + HB)·X] [(Lᵀ − Sᵀ)·W]'],
    why: 'R′ is K × N and X is M × N, so that their product does not exist; it stays impossible with X transposed, since R′ belongs elementwise to Wᵀ(L − S), not in a product with X.',
    net: 'A',
    equations: ['−α∇_HW = (α/N) (R′(HW·X + HB)·X) ((Lᵀ − Sᵀ)·W)'],
    right: ['−α∇_HW = (α/N) (Wᵀ(L − S) ⊙ R′(HW·X + HB)) Xᵀ'],
    formulas: ['A4'],
  },
  {
    id: 'slip-A2',
    note: 'A',
    kind: 'gradient',
    title: 'R′ inside the logit, with two hidden layers',
    latex: [
      tex`y_{ji} = \sum_q w_{jq} R'\left( \sum_k \mathit{hw}_{qk} R'\left( \sum_m \mathit{cw}_{km} x_{mi} + \mathit{cb}_k \right) + \mathit{hb}_q \right) + b_j`,
      tex`-\alpha \nabla_{\mathit{CW}} = \frac{\alpha}{N} \left[ \mathit{HW}^\top \left( W^\top (L - S) \odot R'(\mathit{HW} \cdot R'(\mathit{CW} \cdot X + \mathit{CB}) + \mathit{HB}) \right) \odot R'_c \right] X^\top`,
    ],
    unicode: [
      'yⱼᵢ = Σ_q w_jq R′(Σₖ hw_qk R′(Σₘ cwₖₘ xₘᵢ + cbₖ) + hb_q) + bⱼ',
      '−α∇_CW = (α/N) [HWᵀ(Wᵀ(L − S) ⊙ R′(HW·R′(CW·X + CB) + HB)) ⊙ R′_c] Xᵀ',
    ],
    why: 'Before anything is differentiated the derivative R′ already stands where the forward value R is meant, and the inner one is carried into the line that differentiates, here in matrix form. The next line, and the derivation of ∇_CB, have R there.',
    net: 'A2',
    equations: [
      'Y = W·R′(HW·R′(CW·X + CB) + HB) + B',
      '−α∇_CW = (α/N) (HWᵀ(Wᵀ(L − S) ⊙ R′(HW·R′(CW·X + CB) + HB)) ⊙ R′(CW·X + CB)) Xᵀ',
    ],
    right: [
      'Y = W·R(HW·R(CW·X + CB) + HB) + B',
      '−α∇_CW = (α/N) (HWᵀ(Wᵀ(L − S) ⊙ R′(HW·R(CW·X + CB) + HB)) ⊙ R′(CW·X + CB)) Xᵀ',
    ],
    formulas: ['A6', 'A7'],
  },
  {
    id: 'slip-A4',
    note: 'A',
    kind: 'convention',
    title: 'the order of the indices of Lᵢⱼ and Sᵢⱼ',
    latex: [tex`L_{ij}, S_{ij} \quad \text{with } i \text{ the sample and } j \text{ the class}`],
    unicode: ['Lᵢⱼ, Sᵢⱼ with i the sample and j the class'],
    why: 'In the first half i is the class and j the sample, in the second i the sample and j the class. The project reads class × sample, as the product Wᵀ(L − S) needs it; with sample × class, Wᵀ(Lᵀ − Sᵀ) does not exist.',
    net: 'A',
    equations: ['−α∇_HW = (α/N) (Wᵀ(Lᵀ − Sᵀ) ⊙ R′(HW·X + HB)) Xᵀ'],
    right: ['−α∇_HW = (α/N) (Wᵀ(L − S) ⊙ R′(HW·X + HB)) Xᵀ'],
    formulas: ['A4'],
  },
  {
    id: 'slip-A5',
    note: 'A',
    kind: 'convention',
    title: 'R where R′ is meant, in the sums over the samples',
    latex: [
      tex`\begin{bmatrix} w_{1k} & w_{2k} \end{bmatrix} (L - S) \begin{bmatrix} R_{k1} & R_{k2} & \dots & R_{k50} \end{bmatrix}^\top`,
    ],
    unicode: ['[w₁ₖ w₂ₖ] (L − S) [Rₖ₁ Rₖ₂ … Rₖ₅₀]ᵀ'],
    why: 'The sums for ∇_HW and ∇_HB abbreviate R′(HW·X + HB) as Rₖᵢ and only the last line for ∇_HW has the prime back. Read as the value of the ReLU it is wrong; the project reads the derivative.',
    net: 'A',
    equations: ['−α∇_HB = (α/N) (Wᵀ(L − S) ⊙ R(HW·X + HB)) · 𝟏'],
    right: ['−α∇_HB = (α/N) (Wᵀ(L − S) ⊙ R′(HW·X + HB)) · 𝟏'],
    formulas: ['A5'],
  },
  {
    id: 'slip-A6',
    note: 'A',
    kind: 'convention',
    title: 'the loss as a sum and as a mean',
    latex: [
      tex`\alpha \frac{\partial}{\partial \mathit{hw}_{mk}} \sum_i D(S_i, L_i) = -\frac{\alpha}{N} \frac{\partial}{\partial \mathit{hw}_{mk}} \sum_i \sum_j L_{ij} \ln S_{ij}`,
    ],
    unicode: ['α ∂/∂hwₘₖ Σᵢ D(Sᵢ, Lᵢ) = −(α/N) ∂/∂hwₘₖ Σᵢ Σⱼ Lᵢⱼ ln Sᵢⱼ'],
    why: 'Left of the equals sign the cross-entropy D is summed over the batch, right of it averaged: the 1/N appears from nowhere. The project takes the mean, which gives the step α/N.',
    net: 'A',
    equations: ['loss = −sum(L ⊙ ln(S))'],
    right: ['loss = −(1/N) sum(L ⊙ ln(S))'],
    formulas: ['A2'],
  },
  {
    id: 'slip-A7',
    note: 'A',
    kind: 'convention',
    title: 'N before and after the ReLU, and X where it is meant',
    latex: [tex`S = \mathrm{softmax}(W X + B)`],
    unicode: ['S = softmax(W X + B)'],
    why: 'Y = WN + B has the ReLU’s outputs as N, N_j = HW·X_j + HB what the ReLU gets, and S(WXᵢ + b) has X where the outputs are meant. The project’s Z are the outputs.',
    net: 'A',
    equations: ['S = softmax(W X + B)'],
    right: ['S = softmax(W·R(HW·X + HB) + B)'],
    formulas: ['A1'],
  },
];
