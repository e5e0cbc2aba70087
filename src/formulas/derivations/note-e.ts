/** The derivations of note E: the affine layer, two losses, and where the transpose comes from. */

import { tex } from '../notes/notation.ts';
import { cited, type WrittenChain, type WrittenDerivation } from './derivation.ts';

/** The six entries of Y = XW, 2 × 2 times 2 × 3. */
const entries: WrittenChain[] = [1, 2].flatMap((n) =>
  [1, 2, 3].map(
    (m): WrittenChain => [
      [tex`y_{${n}${m}} = x_{${n}1} w_{1${m}} + x_{${n}2} w_{2${m}}`, `row ${n} of X times column ${m} of W`],
    ],
  ),
);

/** The derivatives of the six entries by one of X or W, and why each is what it is. */
const byEntry = (of: string, values: readonly (readonly string[])[], which: string): WrittenChain[] =>
  values.flatMap((row, n) =>
    row.map(
      (value, m): WrittenChain => [
        [
          tex`\frac{\partial y_{${n + 1}${m + 1}}}{\partial ${of}} = ${value}`,
          value === '0'
            ? `y${'₁₂'[n]}${'₁₂₃'[m]} does not contain it: ${which}`
            : `its factor in y${'₁₂'[n]}${'₁₂₃'[m]}`,
        ],
      ],
    ),
  );

const chainRule = (of: string, line: number, rest: string): WrittenChain => [
  [
    tex`\frac{\partial L}{\partial ${of}} = \sum_i \sum_j \frac{\partial L}{\partial y_{ij}} \cdot \frac{\partial y_{ij}}{\partial ${of}}`,
    'chain rule, through all six entries of Y',
  ],
  [cited('E6', line), rest],
];

const x11 = [
  ['w_{11}', 'w_{12}', 'w_{13}'],
  ['0', '0', '0'],
];
const x21 = [...x11].reverse();
const w11 = [
  ['x_{11}', '0', '0'],
  ['x_{21}', '0', '0'],
];
const w22 = [
  ['0', 'x_{12}', '0'],
  ['0', 'x_{22}', '0'],
];

const inputGradient: WrittenChain[] = [
  [[tex`y_{nm} = \sum_k x_{nk} w_{km}`, 'definition: entry (n, m) of XW']],
  [
    [tex`\frac{\partial y_{nm}}{\partial x_{nl}} = \sum_k \delta_{kl} w_{km}`, 'linearity; ∂xₙₖ/∂xₙₗ = δₖₗ'],
    [tex`= w_{lm}`, 'δₖₗ collapses the sum'],
  ],
  [
    [
      tex`\frac{\partial L}{\partial x_{nl}} = \sum_m \frac{\partial L}{\partial y_{nm}} \frac{\partial y_{nm}}{\partial x_{nl}}`,
      'chain rule: xₙₗ is in row n of Y alone',
    ],
    [tex`= \sum_m \frac{\partial L}{\partial y_{nm}} w_{lm}`, 'the derivative above'],
  ],
];

const weightGradient: WrittenChain[] = [
  [[tex`y_{ij} = \sum_l x_{il} w_{lj}`, 'definition: entry (i, j) of XW']],
  [
    [
      tex`\frac{\partial y_{ij}}{\partial w_{km}} = \sum_l x_{il} \delta_{lk} \delta_{jm}`,
      'linearity; ∂wₗⱼ/∂wₖₘ = δₗₖ δⱼₘ',
    ],
    [tex`= x_{ik} \delta_{jm}`, 'δₗₖ collapses the sum: wₖₘ is in column m of Y alone, once in each row'],
  ],
  [
    [
      tex`\frac{\partial L}{\partial w_{km}} = \sum_i \sum_j \frac{\partial L}{\partial y_{ij}} \frac{\partial y_{ij}}{\partial w_{km}}`,
      'chain rule through every entry of Y',
    ],
    [tex`= \sum_i \sum_j \frac{\partial L}{\partial y_{ij}} x_{ik} \delta_{jm}`, 'the derivative above'],
    [
      tex`= \sum_i x_{ik} \frac{\partial L}{\partial y_{im}}`,
      'δⱼₘ collapses the sum: row after row of column m',
    ],
  ],
];

const continued = (chains: WrittenChain[], ...more: WrittenChain): WrittenChain[] =>
  chains.map((chain, k) => (k === chains.length - 1 ? [...chain, ...more] : chain));

/** The derivations of E1 to E6, and of the transpose. */
export const DERIVATIONS_E: readonly WrittenDerivation[] = [
  {
    id: 'E1',
    chains: continued(inputGradient, [
      cited('E1'),
      'matrix form: the sum runs over the second index of W, the first of Wᵀ',
    ]),
  },
  {
    id: 'E2',
    chains: continued(weightGradient, [
      cited('E2'),
      'matrix form: the sum runs over the first index of X, the second of Xᵀ',
    ]),
  },
  {
    id: 'E3',
    chains: [
      [
        [cited('E3', 0), 'definition of the loss of row i'],
        [tex`= -s_{i y_i} + \log \sum_k e^{s_{ik}}`, 'the logarithm of a quotient'],
      ],
      [
        [
          tex`\frac{\partial L_i}{\partial s_{ij}} = -\mathbb{1}[j = y_i] + \frac{e^{s_{ij}}}{\sum_k e^{s_{ik}}}`,
          'linearity; chain rule in the logarithm, where only e^{sᵢⱼ} depends on sᵢⱼ',
        ],
        [cited('E3', 1), 'definition of the softmax'],
      ],
    ],
  },
  {
    id: 'E5',
    chains: [
      [[cited('E4'), 'definition of the loss of row i']],
      [
        [
          tex`\frac{\partial L_i}{\partial s_{ij}} = \sum_{k \neq y_i} \mathbb{1}[s_{ik} - s_{i y_i} + 1 \gt 0] \delta_{kj} \quad \text{for } j \neq y_i`,
          'linearity; the slope of max(0, ·) is 1 above 0, else 0; chain rule: ∂sᵢₖ/∂sᵢⱼ = δₖⱼ',
        ],
        [cited('E5', 0), 'δₖⱼ collapses the sum'],
      ],
      [
        [
          tex`\frac{\partial L_i}{\partial s_{i y_i}} = \sum_{j \neq y_i} \mathbb{1}[s_{ij} - s_{i y_i} + 1 \gt 0] \cdot (-1)`,
          'the own score is in every term, with a minus',
        ],
        [cited('E5', 1), 'linearity'],
      ],
    ],
  },
  {
    id: 'E6',
    chains: [
      ...entries,
      chainRule('x_{11}', 0, 'x₁₁ is in the first row of Y alone, beside w₁₁, w₁₂, w₁₃'),
      chainRule('x_{21}', 1, 'x₂₁ is in the second row of Y alone, beside the same three'),
      chainRule('w_{11}', 2, 'w₁₁ is in the first column of Y alone, beside x₁₁ and x₂₁'),
      chainRule('w_{22}', 3, 'w₂₂ is in the second column of Y alone, beside x₁₂ and x₂₂'),
    ],
  },
  {
    id: 'transpose',
    question: { title: 'where does the transpose come from?', net: 'E-example' },
    chains: [
      ...entries,
      ...byEntry('w_{11}', w11, 'w₁₁ is in column 1 alone'),
      chainRule('w_{11}', 2, 'column 1 of Y remains: x₁₁ and x₂₁ are a column of X'),
      ...byEntry('w_{22}', w22, 'w₂₂ is in column 2 alone'),
      chainRule('w_{22}', 3, 'column 2 of Y remains: x₁₂ and x₂₂ are a column of X'),
      ...weightGradient.slice(1, 2),
      continued(weightGradient, [
        cited('E2'),
        'a column of X stands where a product needs a row: that is the transpose',
      ])[2],
      ...byEntry('x_{11}', x11, 'x₁₁ is in row 1 alone'),
      chainRule('x_{11}', 0, 'row 1 of Y remains: w₁₁, w₁₂, w₁₃ are a row of W'),
      ...byEntry('x_{21}', x21, 'x₂₁ is in row 2 alone'),
      chainRule('x_{21}', 1, 'row 2 of Y remains, with the same row of W'),
      continued(inputGradient, [
        cited('E1'),
        'a row of W stands where a product needs a column: that is the other transpose',
      ])[2],
    ],
  },
];
