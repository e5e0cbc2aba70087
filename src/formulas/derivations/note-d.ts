/** The derivations of note D: one sample, any φ, squared error. */

import type { FormulaId } from '../formula.ts';
import { tex } from '../notes/notation.ts';
import { cited, type WrittenChain, type WrittenDerivation } from './derivation.ts';

/** z = Wᵀx + b by an entry of W: the layer `to`, whose input is x of the layer `from`. */
const weights = (to: string, from: string): WrittenChain[] => [
  [[tex`z^${to}_k = \sum_l w^${to}_{lk} x^${from}_l + b^${to}_k`, 'definition: entry k of (W)ᵀx + b']],
  [
    [
      tex`\frac{\partial z^${to}_k}{\partial w^${to}_{ij}} = \sum_l \delta_{li} \delta_{kj} x^${from}_l`,
      'linearity; ∂wₗₖ/∂wᵢⱼ = δₗᵢ δₖⱼ, and neither x nor b depends on w',
    ],
    [tex`= \delta_{kj} x^${from}_i`, 'δₗᵢ collapses the sum'],
  ],
  [
    [
      tex`\frac{\partial L}{\partial w^${to}_{ij}} = \sum_k \frac{\partial L}{\partial z^${to}_k} \cdot \frac{\partial z^${to}_k}{\partial w^${to}_{ij}}`,
      'chain rule: L depends on w through every zₖ',
    ],
    [tex`= \sum_k \delta^${to}_k \delta_{kj} x^${from}_i`, 'definition of δ, and the line above'],
    [tex`= \delta^${to}_j x^${from}_i`, 'δₖⱼ collapses the sum'],
  ],
];

/** The same by an entry of b. */
const biases = (to: string): WrittenChain[] => [
  [
    [
      tex`\frac{\partial z^${to}_k}{\partial b^${to}_i} = \delta_{ki}`,
      'linearity; each zₖ contains its own bₖ alone',
    ],
  ],
  [
    [
      tex`\frac{\partial L}{\partial b^${to}_i} = \sum_k \frac{\partial L}{\partial z^${to}_k} \cdot \frac{\partial z^${to}_k}{\partial b^${to}_i}`,
      'chain rule',
    ],
    [tex`= \sum_k \delta^${to}_k \delta_{ki}`, 'definition of δ, and the line above'],
    [tex`= \delta^${to}_i`, 'δₖᵢ collapses the sum'],
  ],
];

/** The chains, the last of which ends in a line of the registry as well. */
const ending = (chains: WrittenChain[], id: FormulaId, line: number, rule: string): WrittenChain[] =>
  chains.map((chain, k) => (k === chains.length - 1 ? [...chain, [cited(id, line), rule]] : chain));

/** ∂x²/∂z² and ∂L/∂x², and δ² by entries. */
const outputDelta: WrittenChain[] = [
  [[cited('D3'), 'definition of the loss']],
  [
    [
      tex`\frac{\partial L}{\partial x^2_k} = \frac{1}{2} \sum_m 2 (x^2_m - y_m) \delta_{mk}`,
      'linearity and the power rule; ∂x²ₘ/∂x²ₖ = δₘₖ',
    ],
    [tex`= x^2_k - y_k`, 'δₘₖ collapses the sum, and ½ · 2 = 1'],
  ],
  [[cited('D2', 1), 'definition of the output']],
  [
    [
      tex`\frac{\partial x^2_k}{\partial z^2_j} = \delta_{kj} \varphi'(z^2_j)`,
      'φ works entry by entry, so x²ₖ depends on z²ₖ alone',
    ],
  ],
  [
    [
      tex`\delta^2_j = \sum_k \frac{\partial L}{\partial x^2_k} \cdot \frac{\partial x^2_k}{\partial z^2_j}`,
      'definition δ²ⱼ = ∂L/∂z²ⱼ, and the chain rule',
    ],
    [tex`= \sum_k (x^2_k - y_k) \delta_{kj} \varphi'(z^2_j)`, 'the two derivatives above'],
    [tex`= (x^2_j - y_j) \varphi'(z^2_j)`, 'δₖⱼ collapses the sum'],
  ],
];

const hiddenDelta: WrittenChain[] = [
  [[cited('D2'), 'definition of the scores']],
  [[tex`z^2_k = \sum_i w^2_{ik} x^1_i + b^2_k`, 'entry k: the transpose turns row and column of W²']],
  [
    [
      tex`\frac{\partial z^2_k}{\partial x^1_j} = \sum_i w^2_{ik} \delta_{ij}`,
      'linearity; ∂x¹ᵢ/∂x¹ⱼ = δᵢⱼ, and b² does not depend on x¹',
    ],
    [tex`= w^2_{jk}`, 'δᵢⱼ collapses the sum'],
  ],
  [[cited('D1', 1), 'definition of the hidden outputs']],
  [
    [
      tex`\frac{\partial x^1_i}{\partial z^1_j} = \delta_{ij} \varphi'(z^1_j)`,
      'φ works entry by entry, so x¹ᵢ depends on z¹ᵢ alone',
    ],
  ],
  [
    [
      tex`\delta^1_j = \sum_k \sum_i \delta^2_k \cdot \frac{\partial z^2_k}{\partial x^1_i} \cdot \frac{\partial x^1_i}{\partial z^1_j}`,
      'definition δ¹ⱼ = ∂L/∂z¹ⱼ, and the chain rule twice: z¹ → x¹ → z² → L',
    ],
    [tex`= \sum_k \sum_i \delta^2_k w^2_{ik} \delta_{ij} \varphi'(z^1_j)`, 'the two derivatives above'],
    [tex`= \sum_k \delta^2_k w^2_{jk} \varphi'(z^1_j)`, 'δᵢⱼ collapses the sum over i'],
    [tex`= \left( \sum_k w^2_{jk} \delta^2_k \right) \varphi'(z^1_j)`, 'φ′(z¹ⱼ) does not depend on k'],
  ],
];

/** The derivations of D4 to D9. */
export const DERIVATIONS_D: readonly WrittenDerivation[] = [
  { id: 'D4', chains: ending(outputDelta, 'D4', 0, 'matrix form: entry j of an elementwise product') },
  {
    id: 'D5',
    chains: ending(hiddenDelta, 'D5', 0, 'matrix form: Σₖ w²ⱼₖ δ²ₖ is entry j of W²δ², without a transpose'),
  },
  {
    id: 'D6',
    chains: [
      ...ending(weights('2', '1'), 'D6', 0, 'matrix form: entry (i, j) of the outer product x¹(δ²)ᵀ'),
      ...ending(biases('2'), 'D6', 1, 'matrix form'),
    ],
  },
  {
    id: 'D7',
    chains: [
      ...ending(weights('1', '0'), 'D7', 0, 'matrix form: entry (i, j) of the outer product x⁰(δ¹)ᵀ'),
      ...ending(biases('1'), 'D7', 1, 'matrix form'),
    ],
  },
  {
    id: 'D8',
    chains: [
      ...ending(weights('1', '0').slice(0, 2), 'D9', 1, 'with the notation of D9'),
      [
        [cited('D9', 0), 'chain rule'],
        [tex`= \sum_k \delta^1_k \delta_{kj} x^0_i`, 'definition of δ¹, and the line above'],
        [cited('D8', 0), 'δₖⱼ collapses the sum'],
      ],
      [[cited('D9', 3), 'linearity; each z¹ₖ contains its own b¹ₖ alone']],
      [
        [cited('D9', 2), 'chain rule'],
        [tex`= \sum_k \delta^1_k \delta_{ki}`, 'definition of δ¹, and the line above'],
        [cited('D8', 1), 'δₖᵢ collapses the sum'],
      ],
      ...weights('2', '1').slice(0, 2),
      [
        [cited('D9', 8), 'chain rule'],
        [tex`= \sum_k \delta^2_k \delta_{kj} x^1_i`, 'definition of δ², and the line above'],
        [cited('D8', 2), 'δₖⱼ collapses the sum'],
      ],
      ...biases('2').slice(0, 1),
      [
        [cited('D9', 9), 'chain rule'],
        [tex`= \sum_k \delta^2_k \delta_{ki}`, 'definition of δ², and the line above'],
        [cited('D8', 3), 'δₖᵢ collapses the sum'],
      ],
    ],
  },
  {
    id: 'D9',
    chains: [
      [[cited('D9', 0), 'chain rule: L depends on w¹ᵢⱼ through every z¹ₖ']],
      ...ending(weights('1', '0').slice(0, 2), 'D9', 1, 'the note’s line'),
      [[cited('D9', 2), 'chain rule']],
      [[cited('D9', 3), 'linearity; each z¹ₖ contains its own b¹ₖ alone']],
      [[cited('D9', 5), 'definition x¹ = φ(z¹), entry by entry']],
      [
        [
          tex`\frac{\partial z^2_k}{\partial x^1_j} = \sum_i w^2_{ik} \delta_{ij}`,
          'linearity; ∂x¹ᵢ/∂x¹ⱼ = δᵢⱼ',
        ],
        [cited('D9', 6), 'δᵢⱼ collapses the sum'],
      ],
      [
        [cited('D9', 4), 'definition δ¹ⱼ = ∂L/∂z¹ⱼ, and the chain rule: z¹ → x¹ → z² → L'],
        [cited('D9', 7), 'the two derivatives above; the sum runs over the 10 classes'],
      ],
      [[cited('D9', 8), 'chain rule']],
      [[cited('D9', 9), 'chain rule']],
      [[cited('D3'), 'definition of the loss']],
      [
        [
          tex`\frac{\partial L}{\partial x^2_k} = \frac{1}{2} \sum_m 2 (x^2_m - y_m) \delta_{mk}`,
          'linearity and the power rule; ∂x²ₘ/∂x²ₖ = δₘₖ',
        ],
        [cited('D9', 11), 'δₘₖ collapses the sum, and ½ · 2 = 1'],
      ],
      [
        [cited('D9', 10), 'definition δ²ⱼ = ∂L/∂z²ⱼ, and the chain rule: x²ⱼ depends on z²ⱼ alone'],
        [cited('D9', 12), 'the derivative above, and x² = φ(z²)'],
      ],
    ],
  },
];
