/** Where note A slips. */

import type { WrittenSlip } from '../formula.ts';
import { tex } from './notation.ts';

export const SLIPS_A: readonly WrittenSlip[] = [
  {
    id: 'slip-A1',
    note: 'A',
    kind: 'shape',
    title: 'the first derivation of ∇_HW',
    latex: [
      tex`-\alpha \nabla_{\mathit{HW}} = \frac{\alpha}{N} \left[ R'(\mathit{HW} \cdot X + \mathit{HB}) \cdot X \right] \left[ (L^\top - S^\top) \cdot W \right]`,
    ],
    why: 'R′ is K × N and X is M × N, so that their product does not exist; it stays impossible with X transposed, since R′ belongs elementwise to Wᵀ(L − S), not in a product with X.',
    net: 'A',
    right: [
      tex`-\alpha \nabla_{\mathit{HW}} = \frac{\alpha}{N} \left[ W^\top (L - S) \odot R'(\mathit{HW} \cdot X + \mathit{HB}) \right] X^\top`,
    ],
    formulas: ['A4'],
  },
  {
    id: 'slip-A2',
    note: 'A',
    kind: 'gradient',
    title: 'R′ inside the logit, with two hidden layers',
    latex: [
      tex`Y = W \cdot R'(\mathit{HW} \cdot R'(\mathit{CW} \cdot X + \mathit{CB}) + \mathit{HB}) + B`,
      tex`-\alpha \nabla_{\mathit{CW}} = \frac{\alpha}{N} \left[ \mathit{HW}^\top \left( W^\top (L - S) \odot R'(\mathit{HW} \cdot R'(\mathit{CW} \cdot X + \mathit{CB}) + \mathit{HB}) \right) \odot R'(\mathit{CW} \cdot X + \mathit{CB}) \right] X^\top`,
    ],
    why: 'Before anything is differentiated the derivative R′ already stands where the forward value R is meant, and the inner one is carried into the line that differentiates, here in matrix form. The next line, and the derivation of ∇_CB, have R there.',
    net: 'A2',
    right: [
      tex`Y = W \cdot R(\mathit{HW} \cdot R(\mathit{CW} \cdot X + \mathit{CB}) + \mathit{HB}) + B`,
      tex`-\alpha \nabla_{\mathit{CW}} = \frac{\alpha}{N} \left[ \mathit{HW}^\top \left( W^\top (L - S) \odot R'(\mathit{HW} \cdot R(\mathit{CW} \cdot X + \mathit{CB}) + \mathit{HB}) \right) \odot R'(\mathit{CW} \cdot X + \mathit{CB}) \right] X^\top`,
    ],
    formulas: ['A6', 'A7'],
  },
  {
    id: 'slip-A4',
    note: 'A',
    kind: 'convention',
    title: 'the order of the indices of Lᵢⱼ and Sᵢⱼ',
    latex: [
      tex`-\alpha \nabla_{\mathit{HW}} = \frac{\alpha}{N} \left[ W^\top (L^\top - S^\top) \odot R'(\mathit{HW} \cdot X + \mathit{HB}) \right] X^\top`,
    ],
    why: 'In the first half i is the class and j the sample, in the second i the sample and j the class. The project reads class × sample, as the product Wᵀ(L − S) needs it; with sample × class, Wᵀ(Lᵀ − Sᵀ) does not exist.',
    net: 'A',
    right: [
      tex`-\alpha \nabla_{\mathit{HW}} = \frac{\alpha}{N} \left[ W^\top (L - S) \odot R'(\mathit{HW} \cdot X + \mathit{HB}) \right] X^\top`,
    ],
    formulas: ['A4'],
  },
  {
    id: 'slip-A5',
    note: 'A',
    kind: 'convention',
    title: 'R where R′ is meant, in the sums over the samples',
    latex: [
      tex`-\alpha \nabla_{\mathit{HB}} = \frac{\alpha}{N} \left[ W^\top (L - S) \odot R(\mathit{HW} \cdot X + \mathit{HB}) \right] \cdot \mathbf{1}`,
    ],
    why: 'The sums for ∇_HW and ∇_HB abbreviate R′(HW·X + HB) as Rₖᵢ and only the last line for ∇_HW has the prime back. Read as the value of the ReLU it is wrong; the project reads the derivative.',
    net: 'A',
    right: [
      tex`-\alpha \nabla_{\mathit{HB}} = \frac{\alpha}{N} \left[ W^\top (L - S) \odot R'(\mathit{HW} \cdot X + \mathit{HB}) \right] \cdot \mathbf{1}`,
    ],
    formulas: ['A5'],
  },
  {
    id: 'slip-A6',
    note: 'A',
    kind: 'convention',
    title: 'the loss as a sum and as a mean',
    latex: [tex`\mathrm{loss} = -\sum_i \sum_j L_{ij} \ln S_{ij}`],
    why: 'Left of the equals sign the cross-entropy D is summed over the batch, right of it averaged: the 1/N appears from nowhere. The project takes the mean, which gives the step α/N.',
    net: 'A',
    right: [tex`\mathrm{loss} = -\frac{1}{N} \sum_i \sum_j L_{ij} \ln S_{ij}`],
    formulas: ['A2'],
  },
  {
    id: 'slip-A7',
    note: 'A',
    kind: 'convention',
    title: 'N before and after the ReLU, and X where it is meant',
    latex: [tex`S = \mathrm{softmax}(W X + B)`],
    why: 'Y = WN + B has the ReLU’s outputs as N, N_j = HW·X_j + HB what the ReLU gets, and S(WXᵢ + b) has X where the outputs are meant. The project’s Z are the outputs.',
    net: 'A',
    right: [tex`S = \mathrm{softmax}(W \cdot R(\mathit{HW} \cdot X + \mathit{HB}) + B)`],
    formulas: ['A1'],
  },
];
