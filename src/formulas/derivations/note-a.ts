/** The derivations of note A: a batch of columns, and the step −α∇. */

import { tex } from '../notes/notation.ts';
import { cited, type WrittenChain, type WrittenDerivation } from './derivation.ts';

const HW_IN = tex`\sum_m \mathit{hw}_{km} x_{mi} + \mathit{hb}_k`;
const SECOND_IN = tex`\sum_k \mathit{hw}_{qk} z_{ki} + \mathit{hb}_q`;
const FIRST_IN = tex`\sum_m \mathit{cw}_{km} x_{mi} + \mathit{cb}_k`;

/** The loss by the scores, as the note has it: the logarithm of the quotient first. */
export const loss: WrittenChain[] = [
  [
    [cited('A2'), 'definition of the loss'],
    [
      tex`= -\frac{1}{N} \sum_i \sum_j \left( L_{ji} y_{ji} - L_{ji} \ln \sum_k e^{y_{ki}} \right)`,
      'the logarithm of a quotient; y are the scores',
    ],
  ],
  [
    [
      tex`\nabla_{y_{ji}} = -\frac{1}{N} \left( L_{ji} - \sum_l L_{li} \frac{e^{y_{ji}}}{\sum_k e^{y_{ki}}} \right)`,
      'linearity; chain rule in the logarithm, which every class of sample i has',
    ],
    [
      tex`= -\frac{1}{N} (L_{ji} - S_{ji})`,
      'the labels of a sample sum to 1, and the quotient is the softmax',
    ],
  ],
];

const oneHidden: WrittenChain[] = [
  ...loss,
  [[tex`y_{ji} = \sum_k w_{jk} z_{ki} + b_j`, 'definition of the scores']],
  [[tex`\frac{\partial y_{ji}}{\partial z_{ki}} = w_{jk}`, 'linearity; δ collapses the sum over k']],
  [[tex`z_{ki} = R\left( ${HW_IN} \right)`, 'definition of the hidden units']],
];

const byHiddenWeight: WrittenChain = [
  [
    tex`\frac{\partial z_{ki}}{\partial \mathit{hw}_{km}} = R'\left( ${HW_IN} \right) \cdot x_{mi}`,
    'chain rule and linearity: of the sum, only one term contains hwₖₘ',
  ],
];

const hiddenWeightStep: WrittenChain = [
  [
    tex`-\alpha \nabla_{\mathit{hw}_{km}} = -\alpha \sum_i \sum_j \nabla_{y_{ji}} \cdot \frac{\partial y_{ji}}{\partial z_{ki}} \cdot \frac{\partial z_{ki}}{\partial \mathit{hw}_{km}}`,
    'chain rule: the loss depends on hwₖₘ through zₖᵢ of every sample i, and that through every yⱼᵢ',
  ],
  [cited('A9', 0), 'the three derivatives above; the minus signs cancel'],
  [cited('A10'), 'linearity: what does not depend on j leaves the sum over j'],
];

const hiddenBiasStep: WrittenChain[] = [
  [
    [
      tex`\frac{\partial z_{ki}}{\partial \mathit{hb}_k} = R'\left( ${HW_IN} \right)`,
      'chain rule; hbₖ is added once',
    ],
  ],
  [
    [
      tex`-\alpha \nabla_{\mathit{hb}_k} = -\alpha \sum_i \sum_j \nabla_{y_{ji}} \cdot \frac{\partial y_{ji}}{\partial z_{ki}} \cdot \frac{\partial z_{ki}}{\partial \mathit{hb}_k}`,
      'chain rule, as for the weights',
    ],
    [cited('A9', 1), 'the three derivatives above; the minus signs cancel'],
  ],
];

const twoHidden: WrittenChain[] = [
  ...loss,
  [[tex`y_{ji} = \sum_q w_{jq} g_{qi} + b_j`, 'definition of the scores']],
  [[tex`\frac{\partial y_{ji}}{\partial g_{qi}} = w_{jq}`, 'linearity; δ collapses the sum over q']],
  [[tex`g_{qi} = R\left( ${SECOND_IN} \right)`, 'definition of the second hidden units']],
  [
    [
      tex`\frac{\partial g_{qi}}{\partial z_{ki}} = R'\left( ${SECOND_IN} \right) \cdot \mathit{hw}_{qk}`,
      'chain rule and linearity',
    ],
  ],
  [[tex`z_{ki} = R\left( ${FIRST_IN} \right)`, 'definition of the first hidden units']],
];

/** The step of the first of two hidden layers, by an entry of its weights or biases. */
const firstStep = (of: string, factor: string, line: number): WrittenChain[] => [
  [
    [
      tex`\frac{\partial z_{ki}}{\partial ${of}} = R'\left( ${FIRST_IN} \right)${factor}`,
      'chain rule and linearity',
    ],
  ],
  [
    [
      tex`-\alpha \nabla_{${of}} = -\alpha \sum_i \sum_j \sum_q \nabla_{y_{ji}} \cdot \frac{\partial y_{ji}}{\partial g_{qi}} \cdot \frac{\partial g_{qi}}{\partial z_{ki}} \cdot \frac{\partial z_{ki}}{\partial ${of}}`,
      'chain rule: through zₖᵢ of every sample i, every g_qi and every yⱼᵢ',
    ],
    [cited('A11', line), 'the four derivatives above; the minus signs cancel'],
  ],
];

/** The chain's lines and one more. */
const ending = (chains: WrittenChain[], ...more: WrittenChain): WrittenChain[] =>
  chains.map((chain, k) => (k === chains.length - 1 ? [...chain, ...more] : chain));

const cwStep = firstStep(tex`\mathit{cw}_{km}`, tex` \cdot x_{mi}`, 0);
const cbStep = firstStep(tex`\mathit{cb}_k`, '', 1);

/** The derivations of the gradients of note A. */
export const DERIVATIONS_A: readonly WrittenDerivation[] = [
  {
    id: 'A4',
    chains: [
      ...oneHidden,
      byHiddenWeight,
      [
        ...hiddenWeightStep,
        [
          cited('A4'),
          'matrix form: the sum over j is a product with Wᵀ, the sum over the samples i one with Xᵀ',
        ],
      ],
    ],
  },
  {
    id: 'A5',
    chains: [
      ...oneHidden,
      ...ending(hiddenBiasStep, [
        cited('A5'),
        'matrix form: the sum over the samples i is a product with a column of ones',
      ]),
    ],
  },
  {
    id: 'A7',
    chains: [
      ...twoHidden,
      ...ending(cwStep, [
        cited('A7', 0),
        'matrix form: the sum over j is Wᵀ, the sum over q HWᵀ, the sum over the samples i Xᵀ',
      ]),
      ...ending(cbStep, [cited('A7', 1), 'matrix form, with a column of ones for Xᵀ']),
    ],
  },
  { id: 'A9', chains: [...oneHidden, byHiddenWeight, hiddenWeightStep.slice(0, 2), ...hiddenBiasStep] },
  { id: 'A10', chains: [...oneHidden, byHiddenWeight, hiddenWeightStep] },
  { id: 'A11', chains: [...twoHidden, ...cwStep, ...cbStep] },
];
