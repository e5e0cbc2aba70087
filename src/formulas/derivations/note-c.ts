/** The derivations of note C: a batch of rows, with L2. */

import { tex } from '../notes/notation.ts';
import { cited, type WrittenChain, type WrittenDerivation } from './derivation.ts';

/** ∂L/∂P, and ∂L/∂S through one Jacobian a row. */
const scores: WrittenChain[] = [
  [[cited('C2'), 'definition of the loss']],
  [[cited('C7', 0), 'linearity, and the derivative of the logarithm; the L2 term has no P']],
  [
    [
      tex`\frac{\partial P_{ni}}{\partial S_{nj}} = P_{ni} (\delta_{ij} - P_{nj})`,
      'the softmax Jacobian (B4) of row n',
    ],
  ],
  [
    [
      tex`\frac{\partial L}{\partial S_{nj}} = \sum_i \frac{\partial L}{\partial P_{ni}} \frac{\partial P_{ni}}{\partial S_{nj}}`,
      'chain rule: a score touches the probabilities of its own row',
    ],
    [cited('C7', 1), 'the Jacobian above'],
  ],
];

/** The chains with more lines after the last. */
const continued = (chains: WrittenChain[], ...more: WrittenChain): WrittenChain[] =>
  chains.map((chain, k) => (k === chains.length - 1 ? [...chain, ...more] : chain));

/** A row's own loss by its scores. */
const rowScores: WrittenChain[] = [
  [[tex`L_n = -\sum_j y_{nj} \log P_{nj}`, 'definition of the loss of row n']],
  [[cited('C9'), 'linearity, and the derivative of the logarithm']],
  [
    [
      tex`\frac{\partial P_{ni}}{\partial h_{nj}} = P_{ni} (\delta_{ij} - P_{nj})`,
      'the softmax Jacobian (B4) of row n',
    ],
  ],
  [
    [cited('C11', 0), 'chain rule: 1 × C times C × C'],
    [tex`= -\sum_i \frac{y_{ni}}{P_{ni}} P_{ni} (\delta_{ij} - P_{nj})`, 'the two derivatives above'],
    [tex`= P_{nj} \sum_i y_{ni} - y_{nj}`, 'Pₙᵢ shortened; linearity; δᵢⱼ collapses the sum'],
  ],
];

/** The derivations of C3 to C11. */
export const DERIVATIONS_C: readonly WrittenDerivation[] = [
  {
    id: 'C3',
    chains: continued(
      scores,
      [tex`= -\frac{1}{N} \sum_i y_{ni} (\delta_{ij} - P_{nj})`, '∂L/∂P inserted, and Pₙᵢ shortened'],
      [tex`= \frac{1}{N} \left( P_{nj} \sum_i y_{ni} - y_{nj} \right)`, 'linearity; δᵢⱼ collapses the sum'],
      [tex`= \frac{1}{N} (P_{nj} - y_{nj})`, 'each row of Y is one-hot: Σᵢ yₙᵢ = 1'],
      [cited('C3'), 'matrix form'],
    ),
  },
  {
    id: 'C4',
    chains: [
      [
        [
          tex`S_{nk} = \sum_l X_{1nl} w_{2lk} + b_{2k}`,
          'definition of the scores: entry (n, k) of X₁W₂ + b₂',
        ],
      ],
      [
        [
          tex`\frac{\partial S_{nk}}{\partial w_{2ij}} = \sum_l X_{1nl} \delta_{li} \delta_{kj}`,
          'linearity; ∂w₂ₗₖ/∂w₂ᵢⱼ = δₗᵢ δₖⱼ',
        ],
        [tex`= X_{1ni} \delta_{kj}`, 'δₗᵢ collapses the sum'],
      ],
      [[cited('C10', 2), 'the L2 term by itself: the power rule, and ½ · 2 = 1']],
      [
        [
          tex`\frac{\partial L}{\partial w_{2ij}} = \sum_n \sum_k \frac{\partial L}{\partial S_{nk}} \frac{\partial S_{nk}}{\partial w_{2ij}} + \lambda w_{2ij}`,
          'chain rule through every score, and linearity: L is the loss of the scores plus the L2 term',
        ],
        [
          tex`= \sum_n \sum_k \frac{\partial L}{\partial S_{nk}} X_{1ni} \delta_{kj} + \lambda w_{2ij}`,
          'the derivative above',
        ],
        [tex`= \sum_n X_{1ni} \frac{\partial L}{\partial S_{nj}} + \lambda w_{2ij}`, 'δₖⱼ collapses the sum'],
        [cited('C4', 0), 'matrix form: a sum over the first index of X₁ is a product with X₁ᵀ'],
      ],
      [[tex`\frac{\partial S_{nk}}{\partial b_{2j}} = \delta_{kj}`, 'linearity; b₂ is added to every row']],
      [
        [
          tex`\frac{\partial L}{\partial b_{2j}} = \sum_n \sum_k \frac{\partial L}{\partial S_{nk}} \frac{\partial S_{nk}}{\partial b_{2j}}`,
          'chain rule; biases are not decayed',
        ],
        [tex`= \sum_n \sum_k \frac{\partial L}{\partial S_{nk}} \delta_{kj}`, 'the derivative above'],
        [tex`= \sum_n \frac{\partial L}{\partial S_{nj}}`, 'δₖⱼ collapses the sum'],
        [cited('C4', 1), 'matrix form: the sum of the rows'],
      ],
    ],
  },
  {
    id: 'C5',
    chains: [
      [
        [
          tex`S_{nk} = \sum_l X_{1nl} w_{2lk} + b_{2k}`,
          'definition of the scores: entry (n, k) of X₁W₂ + b₂',
        ],
      ],
      [
        [
          tex`\frac{\partial S_{nk}}{\partial X_{1nj}} = \sum_l \delta_{lj} w_{2lk}`,
          'linearity; ∂X₁ₙₗ/∂X₁ₙⱼ = δₗⱼ',
        ],
        [tex`= w_{2jk}`, 'δₗⱼ collapses the sum'],
      ],
      [
        [
          tex`\frac{\partial L}{\partial X_{1nj}} = \sum_k \frac{\partial L}{\partial S_{nk}} \frac{\partial S_{nk}}{\partial X_{1nj}}`,
          'chain rule: row n of X₁ touches row n of S alone',
        ],
        [tex`= \sum_k \frac{\partial L}{\partial S_{nk}} w_{2jk}`, 'the derivative above'],
        [cited('C5'), 'matrix form: a sum over the second index of W₂ is a product with W₂ᵀ'],
      ],
    ],
  },
  {
    id: 'C6',
    chains: [
      [[tex`Z_1 = X W_1 + b_1`, 'a letter for what the ReLU receives']],
      [
        [
          tex`\frac{\partial X_{1nj}}{\partial Z_{1nk}} = \delta_{jk} \mathbb{1}[Z_{1nk} \gt 0]`,
          'the ReLU works entry by entry; its slope is 1 above 0, else 0',
        ],
      ],
      [
        [
          tex`\frac{\partial L}{\partial Z_{1nk}} = \sum_j \frac{\partial L}{\partial X_{1nj}} \frac{\partial X_{1nj}}{\partial Z_{1nk}}`,
          'chain rule',
        ],
        [
          tex`= \frac{\partial L}{\partial X_{1nk}} \mathbb{1}[Z_{1nk} \gt 0]`,
          'the derivative above; δⱼₖ collapses the sum',
        ],
      ],
      [
        [
          tex`\frac{\partial Z_{1nk}}{\partial w_{1ij}} = \sum_l x_{nl} \delta_{li} \delta_{kj}`,
          'linearity; ∂w₁ₗₖ/∂w₁ᵢⱼ = δₗᵢ δₖⱼ',
        ],
        [tex`= x_{ni} \delta_{kj}`, 'δₗᵢ collapses the sum'],
      ],
      [[cited('C10', 1), 'the L2 term by itself: the power rule, and ½ · 2 = 1']],
      [
        [
          tex`\frac{\partial L}{\partial w_{1ij}} = \sum_n \sum_k \frac{\partial L}{\partial Z_{1nk}} \frac{\partial Z_{1nk}}{\partial w_{1ij}} + \lambda w_{1ij}`,
          'chain rule through every entry of Z₁, and linearity',
        ],
        [
          tex`= \sum_n x_{ni} \frac{\partial L}{\partial Z_{1nj}} + \lambda w_{1ij}`,
          'the derivative above; δₖⱼ collapses the sum',
        ],
        [
          tex`= \sum_n x_{ni} \frac{\partial L}{\partial X_{1nj}} \mathbb{1}[Z_{1nj} \gt 0] + \lambda w_{1ij}`,
          '∂L/∂Z₁ from above',
        ],
        [cited('C6', 0), 'matrix form, with Z₁ written out'],
      ],
      [[tex`\frac{\partial Z_{1nk}}{\partial b_{1j}} = \delta_{kj}`, 'linearity; b₁ is added to every row']],
      [
        [
          tex`\frac{\partial L}{\partial b_{1j}} = \sum_n \sum_k \frac{\partial L}{\partial Z_{1nk}} \frac{\partial Z_{1nk}}{\partial b_{1j}}`,
          'chain rule; biases are not decayed',
        ],
        [tex`= \sum_n \frac{\partial L}{\partial Z_{1nj}}`, 'δₖⱼ collapses the sum'],
        [tex`= \sum_n \frac{\partial L}{\partial X_{1nj}} \mathbb{1}[Z_{1nj} \gt 0]`, '∂L/∂Z₁ from above'],
        [cited('C6', 1), 'matrix form: the sum of the rows'],
      ],
    ],
  },
  { id: 'C7', chains: scores },
  {
    id: 'C8',
    chains: [
      [[cited('C8', 0), 'definition: this page’s σ is the softmax']],
      ...continued(rowScores, [cited('C8', 1), 'each row of Y is one-hot: Σᵢ yₙᵢ = 1']),
    ],
  },
  { id: 'C9', chains: rowScores.slice(0, 2) },
  {
    id: 'C10',
    chains: [
      [
        [cited('C10', 0), 'definition: the mean of the rows’ losses, and the L2 term'],
        [tex`= L_1 + \frac{\lambda}{2} \sum w^2`, 'definition of the L2 term'],
      ],
      [
        [
          tex`\frac{\partial L_2}{\partial w_{1ij}} = \frac{\lambda}{2} \cdot 2 w_{1ij}`,
          'linearity and the power rule; of the sum only w₁ᵢⱼ² depends on w₁ᵢⱼ',
        ],
        [cited('C10', 1), '½ · 2 = 1'],
      ],
      [
        [
          tex`\frac{\partial L_2}{\partial w_{2ij}} = \frac{\lambda}{2} \cdot 2 w_{2ij}`,
          'the same in the second layer',
        ],
        [cited('C10', 2), '½ · 2 = 1'],
      ],
    ],
  },
  {
    id: 'C11',
    chains: [
      ...rowScores,
      [[tex`\frac{\partial h_{nk}}{\partial b_{2j}} = \delta_{kj}`, 'linearity; b₂ is added to every row']],
      [
        [
          tex`\frac{\partial L}{\partial b_{2j}} = \frac{1}{N} \sum_n \sum_k \frac{\partial L_n}{\partial h_{nk}} \frac{\partial h_{nk}}{\partial b_{2j}}`,
          'linearity of the mean, and the chain rule in each row',
        ],
        [cited('C11', 1), 'δₖⱼ collapses the sum'],
      ],
    ],
  },
];
