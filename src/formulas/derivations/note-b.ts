/** The derivations of note B: one sample, index by index. */

import { tex } from '../notes/notation.ts';
import { cited, type WrittenChain, type WrittenDerivation } from './derivation.ts';

const quotient: WrittenChain[] = [
  [[cited('B2'), 'definition of the softmax']],
  [
    [
      tex`\frac{\partial p_i}{\partial o_j} = \frac{\delta_{ij} e^{o_i} \sum_k e^{o_k} - e^{o_i} e^{o_j}}{\left( \sum_k e^{o_k} \right) \left( \sum_k e^{o_k} \right)}`,
      'quotient rule; ∂e^{oᵢ}/∂oⱼ = δᵢⱼ e^{oᵢ}, and of the sum only e^{oⱼ} depends on oⱼ',
    ],
    [cited('B9'), 'the fraction in two parts, and Σₖ e^{oₖ} shortened in the first'],
  ],
];

/** The chain with more lines after its last. */
const continued = (chains: WrittenChain[], ...more: WrittenChain): WrittenChain[] =>
  chains.map((chain, k) => (k === chains.length - 1 ? [...chain, ...more] : chain));

const scores: WrittenChain[] = [
  [[cited('B3'), 'definition of the loss']],
  [
    [
      tex`\frac{\partial L}{\partial p_j} = -\sum_i y_i \frac{1}{p_i} \delta_{ij}`,
      'linearity, and the derivative of the logarithm',
    ],
    [tex`= -\frac{y_j}{p_j}`, 'δᵢⱼ collapses the sum'],
  ],
  [
    [cited('B10', 0), 'chain rule: L depends on oⱼ through every pᵢ'],
    [cited('B10', 1), 'the line above, and the softmax Jacobian B4'],
    [tex`= -\sum_i y_i (\delta_{ij} - p_j)`, 'pᵢ shortened'],
    [cited('B10', 2), 'linearity'],
    [tex`= p_j \sum_i y_i - y_j`, 'pⱼ does not depend on i; δᵢⱼ collapses the second sum'],
  ],
];

const hidden: WrittenChain[] = [
  [[tex`o_i = \sum_k W^2_{ik} h_k + b^2_i`, 'definition of the scores, row i']],
  [
    [tex`\frac{\partial o_i}{\partial h_j} = \sum_k W^2_{ik} \delta_{kj}`, 'linearity; ∂hₖ/∂hⱼ = δₖⱼ'],
    [cited('B10', 4), 'δₖⱼ collapses the sum'],
  ],
];

const outputWeights: WrittenChain[] = [
  [
    [
      tex`\frac{\partial o_k}{\partial W^2_{ij}} = \sum_l \delta_{ki} \delta_{lj} h_l`,
      'linearity; ∂W²ₖₗ/∂W²ᵢⱼ = δₖᵢ δₗⱼ',
    ],
    [cited('B10', 6), 'δₗⱼ collapses the sum'],
  ],
];

const rectified: WrittenChain[] = [
  [[cited('B1', 1), 'definition of the hidden outputs']],
  [[cited('B10', 8), 'the ReLU works entry by entry; its slope is 1 above 0, else 0']],
];

/** The derivations of B4 to B10. */
export const DERIVATIONS_B: readonly WrittenDerivation[] = [
  {
    id: 'B4',
    chains: continued(
      quotient,
      [tex`= \delta_{ij} p_i - p_i p_j`, 'definition of the softmax, three times'],
      [cited('B4'), 'pᵢ factored out'],
    ),
  },
  { id: 'B5', chains: continued(scores, [cited('B5'), 'y is one-hot: Σᵢ yᵢ = 1']) },
  {
    id: 'B6',
    chains: [
      [[cited('B10', 3), 'linearity; each oᵢ contains its own b²ᵢ alone']],
      [
        [
          tex`\frac{\partial L}{\partial b^2_j} = \sum_i \frac{\partial L}{\partial o_i} \frac{\partial o_i}{\partial b^2_j}`,
          'chain rule',
        ],
        [tex`= \sum_i (p_i - y_i) \delta_{ij}`, 'B5, and the line above'],
        [cited('B6', 0), 'δᵢⱼ collapses the sum'],
      ],
      ...outputWeights,
      [
        [cited('B10', 7), 'chain rule'],
        [tex`= \sum_k (p_k - y_k) \delta_{ki} h_j`, 'B5, and the line above'],
        [cited('B6', 1), 'δₖᵢ collapses the sum'],
      ],
    ],
  },
  {
    id: 'B7',
    chains: [
      ...hidden,
      [
        [cited('B10', 5), 'chain rule: L depends on hⱼ through every oᵢ'],
        [cited('B7'), 'B5, and the line above'],
      ],
    ],
  },
  {
    id: 'B8',
    chains: [
      ...rectified,
      [
        [cited('B10', 9), 'chain rule'],
        [tex`= \sum_i \frac{\partial L}{\partial h_i} \delta_{ij} \mathbb{1}[q_j \gt 0]`, 'the line above'],
        [cited('B8'), 'δᵢⱼ collapses the sum'],
      ],
    ],
  },
  { id: 'B9', chains: quotient },
  {
    id: 'B10',
    chains: [
      ...scores,
      [[cited('B10', 3), 'linearity; each oᵢ contains its own b²ᵢ alone']],
      ...hidden,
      [[cited('B10', 5), 'chain rule']],
      ...outputWeights,
      [[cited('B10', 7), 'chain rule']],
      ...rectified,
      [[cited('B10', 9), 'chain rule']],
    ],
  },
];
