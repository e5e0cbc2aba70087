/** The derivations of the project's own formulas, as far as a network of the notes has their numbers. */

import type { FormulaId } from '../formula.ts';
import { tex } from '../notes/notation.ts';
import { cited, type WrittenChain, type WrittenDerivation } from './derivation.ts';
import { loss } from './note-a.ts';

/** The recursion D5, by entries, that every hidden activation starts from. */
const recursion: WrittenChain = [
  [
    tex`\delta^1_j = \sum_k \delta^2_k \cdot \frac{\partial z^2_k}{\partial x^1_j} \cdot \frac{\partial x^1_j}{\partial z^1_j}`,
    'definition δ¹ⱼ = ∂L/∂z¹ⱼ, and the chain rule',
  ],
  [
    tex`= \left( \sum_k w^2_{jk} \delta^2_k \right) \frac{\partial x^1_j}{\partial z^1_j}`,
    'linearity of z² in x¹, as in D5',
  ],
];

/** The derivation of an activation's δ from its definition and its slope by entries. */
const activation = (
  id: FormulaId,
  line: number,
  slope: readonly [latex: string, rule: string],
  before: WrittenChain = [],
): WrittenDerivation => ({
  id,
  chains: [
    [[cited(id, 0), 'definition of the activation'], ...before],
    [[tex`\frac{\partial x^1_j}{\partial z^1_j} = ${slope[0]}`, slope[1]]],
    [...recursion, [cited(id, line), 'matrix form, with the slope above']],
  ],
});

const T = tex`\sqrt{2 / \pi} \left( z^1_j + 0.044715 (z^1_j)^{\odot 3} \right)`;

const outputStep = (units: string, by: string): WrittenChain[] => [
  ...loss,
  [[tex`y_{ji} = \sum_${by} w_{j${by}} ${units}_{${by}i} + b_j`, 'definition of the scores']],
];

/** The step of the output layer on `units`, whose index is `by`; its two lines end in those of `id`. */
const output = (id: FormulaId, units: string, by: string): WrittenChain[] => [
  [
    [
      tex`\frac{\partial y_{ji}}{\partial w_{j${by}}} = ${units}_{${by}i}`,
      'linearity: one term of the sum contains it',
    ],
  ],
  [
    [
      tex`-\alpha \nabla_{w_{j${by}}} = -\alpha \sum_i \nabla_{y_{ji}} \cdot \frac{\partial y_{ji}}{\partial w_{j${by}}}`,
      'chain rule: through the score of class j of every sample',
    ],
    [tex`= \frac{\alpha}{N} \sum_i (L_{ji} - S_{ji}) ${units}_{${by}i}`, 'the two derivatives above'],
    [cited(id, 0), 'matrix form: the sum over the samples is a product with the transpose'],
  ],
  [[tex`\frac{\partial y_{ji}}{\partial b_j} = 1`, 'linearity']],
  [
    [
      tex`-\alpha \nabla_{b_j} = -\alpha \sum_i \nabla_{y_{ji}} \cdot \frac{\partial y_{ji}}{\partial b_j}`,
      'chain rule',
    ],
    [tex`= \frac{\alpha}{N} \sum_i (L_{ji} - S_{ji})`, 'the two derivatives above'],
    [cited(id, 1), 'matrix form'],
  ],
];

/** Of X13: the step of the hidden layer above the first, by an entry of its weights or biases. */
const aboveFirst = (of: string, factor: string, line: number): WrittenChain[] => [
  [
    [
      tex`\frac{\partial g_{qi}}{\partial ${of}} = R'(H_{qi})${factor}`,
      'chain rule and linearity: H is what the second ReLU receives',
    ],
  ],
  [
    [
      tex`-\alpha \nabla_{${of}} = -\alpha \sum_i \sum_j \nabla_{y_{ji}} \cdot \frac{\partial y_{ji}}{\partial g_{qi}} \cdot \frac{\partial g_{qi}}{\partial ${of}}`,
      'chain rule',
    ],
    [
      tex`= \frac{\alpha}{N} \sum_i \left( \sum_j w_{jq} (L_{ji} - S_{ji}) \right) R'(H_{qi})${factor}`,
      'the three derivatives above; what does not depend on j leaves the sum over j',
    ],
    [cited('X13', line), 'matrix form'],
  ],
];

/** The derivations of X12 to X16, X20 to X23 and X28. */
export const DERIVATIONS_OWN: readonly WrittenDerivation[] = [
  { id: 'X12', chains: [...outputStep('z', 'k'), ...output('X12', 'z', 'k')] },
  {
    id: 'X13',
    chains: [
      ...outputStep('g', 'q'),
      ...output('X13', 'g', 'q'),
      [[tex`\frac{\partial y_{ji}}{\partial g_{qi}} = w_{jq}`, 'linearity']],
      ...aboveFirst(tex`\mathit{hw}_{qk}`, tex` \cdot z_{ki}`, 2),
      ...aboveFirst(tex`\mathit{hb}_q`, '', 3),
    ],
  },
  {
    id: 'X14',
    chains: [
      [[cited('X14', 0), 'definition of the layer']],
      [[tex`\frac{\partial y_{nk}}{\partial b_j} = \delta_{kj}`, 'linearity; b is added to every row']],
      [
        [
          tex`\frac{\partial L}{\partial b_j} = \sum_n \sum_k \frac{\partial L}{\partial y_{nk}} \frac{\partial y_{nk}}{\partial b_j}`,
          'chain rule through every entry of Y',
        ],
        [tex`= \sum_n \sum_k \frac{\partial L}{\partial y_{nk}} \delta_{kj}`, 'the derivative above'],
        [tex`= \sum_n \frac{\partial L}{\partial y_{nj}}`, 'δₖⱼ collapses the sum'],
        [cited('X14', 1), 'matrix form: the sum of the rows'],
      ],
    ],
  },
  {
    id: 'X15',
    chains: [
      [[cited('X15', 1), 'definition of the loss']],
      [
        [
          tex`\frac{\partial L}{\partial P_{nj}} = -\frac{1}{N} \left( \frac{y_{nj}}{P_{nj}} - \frac{1 - y_{nj}}{1 - P_{nj}} \right)`,
          'linearity, and the derivative of the logarithm',
        ],
      ],
      [[cited('X15', 0), 'definition of the output']],
      [[tex`\frac{\partial P_{nj}}{\partial S_{nj}} = P_{nj} (1 - P_{nj})`, 'σ′ = σ(1 − σ), entry by entry']],
      [
        [
          tex`\frac{\partial L}{\partial S_{nj}} = \frac{\partial L}{\partial P_{nj}} \frac{\partial P_{nj}}{\partial S_{nj}}`,
          'chain rule: a score touches its own probability alone',
        ],
        [
          tex`= -\frac{1}{N} \left( y_{nj} (1 - P_{nj}) - (1 - y_{nj}) P_{nj} \right)`,
          'the two derivatives above, each fraction shortened',
        ],
        [tex`= \frac{1}{N} (P_{nj} - y_{nj})`, 'y P cancels'],
        [cited('X15', 2), 'matrix form'],
      ],
    ],
  },
  {
    id: 'X16',
    chains: [
      [[cited('X16', 0), 'definition of the activation']],
      [
        [
          tex`\frac{\partial L}{\partial z^1_j} = \frac{\partial L}{\partial x^1_j} \cdot \frac{\partial x^1_j}{\partial z^1_j}`,
          'chain rule: a pre-activation touches its own output alone',
        ],
        [tex`= \frac{\partial L}{\partial x^1_j} \varphi'(z^1_j)`, 'the derivative of φ'],
        [cited('X16', 1), 'matrix form: entry by entry'],
      ],
    ],
  },
  activation('X20', 1, [
    tex`\mathbb{1}[z^1_j \gt 0] + 0.01 \cdot \mathbb{1}[z^1_j \le 0]`,
    'linearity on each side of 0; at 0 the slope from below',
  ]),
  {
    id: 'X21',
    chains: [
      [[cited('X21', 0), 'definition of the activation']],
      [
        [
          tex`\frac{\partial x^1_j}{\partial z^1_j} = e^{\min(0, z^1_j)}`,
          'above 0 the slope of z, which is 1 = e⁰; below, the exponential is its own derivative',
        ],
        [tex`= \min(0, x^1_j) + 1`, 'below 0, x = e^z − 1'],
      ],
      [
        ...recursion,
        [cited('X21', 1), 'matrix form, with the slope above'],
        [cited('X21', 2), 'the other form of the slope, which needs no second exponential'],
      ],
    ],
  },
  activation(
    'X22',
    2,
    [
      tex`\sigma(2 ${T}) + z^1_j \sigma(2 ${T}) \sigma(-2 ${T}) (2 \sqrt{2 / \pi} (1 + 3 \cdot 0.044715 (z^1_j)^{\odot 2}))`,
      'product rule; chain rule in σ, with σ′ = σ(1 − σ) = σ(t) σ(−t)',
    ],
    [[cited('X22', 1), '½ (1 + tanh(t/2)) = σ(t)']],
  ),
  {
    id: 'X23',
    chains: [
      [[cited('X23', 0), 'definition of the activation']],
      [
        [
          tex`\frac{\partial x^1_j}{\partial z^1_j} = \frac{e^{z^1_j}}{1 + e^{z^1_j}}`,
          'chain rule in the logarithm; the exponential is its own derivative',
        ],
        [
          tex`= \sigma(z^1_j)`,
          'definition of the sigmoid, numerator and denominator divided by the exponential',
        ],
      ],
      [...recursion, [cited('X23', 1), 'matrix form, with the slope above']],
    ],
  },
  {
    id: 'X28',
    chains: [
      [[cited('X28', 0), 'definition of the activation']],
      [
        [tex`\frac{\partial x^1_j}{\partial z^1_j} = \sigma(z^1_j) + z^1_j \sigma'(z^1_j)`, 'product rule'],
        [tex`= \sigma(z^1_j) + z^1_j \sigma(z^1_j) (1 - \sigma(z^1_j))`, 'derivative of the sigmoid'],
        [tex`= \sigma(z^1_j) + z^1_j \sigma(z^1_j) \sigma(-z^1_j)`, '1 − σ(z) = σ(−z)'],
      ],
      [...recursion, [cited('X28', 1), 'matrix form, with the slope above']],
    ],
  },
];
