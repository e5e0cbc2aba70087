/** The project's own formulas of regularisation: dropout, L1, max-norm, label smoothing. Each has a check of its own. */

import type { WrittenFormula } from '../formula.ts';
import { code } from './code.ts';
import { letter, tex } from './notation.ts';

const N = letter('N', 'N', 'scalar', 'samples in the batch');
const L = letter('L', 'L', 'scalar', 'the loss');
const w = letter('w', 'w', 'scalar', 'a weight; biases have no penalty');
const lambda = letter('λ', tex`\lambda`, 'scalar', 'the strength of the penalty');

const own = { note: 'X' } as const;

export const REGULARISATION_FORMULAS: readonly WrittenFormula[] = [
  {
    ...own,
    id: 'X24',
    title: 'dropout',
    latex: [
      tex`Y = X \odot M, \quad P(M_{ij} = 0) = p, \quad M_{ij} = \frac{1}{1 - p} \text{ otherwise}`,
      tex`\frac{\partial L}{\partial X} = \frac{\partial L}{\partial Y} \odot M`,
    ],
    symbols: [
      letter('X', 'X', 'N × H', 'outputs of the layer below, or the inputs'),
      letter('M', 'M', 'N × H', 'the mask, drawn anew for each step'),
      letter('Y', 'Y', 'N × H', 'what is handed on'),
      letter('p', 'p', 'scalar', 'the dropout rate'),
    ],
    code: code('Dropout.forward', 'Dropout.backward', 'Regulariser.prepare', 'ReferenceKernels.dropout'),
    derivation:
      'Given the mask, each entry is a linear function of one entry with the slope M, so that δ is multiplied with the same M. The mean of M is (1 − p)/(1 − p) = 1, so that at evaluation, where nothing is dropped, the layer above sees on average what it saw in training.',
    source:
      'Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, Dropout, JMLR 15, with the factor in training (inverted dropout) instead of at evaluation.',
  },
  {
    ...own,
    id: 'X25',
    title: 'the L1 term',
    latex: [
      tex`R = \lambda \sum \lvert w \rvert`,
      tex`\frac{\partial R}{\partial w} = \lambda \operatorname{sign}(w), \quad \operatorname{sign}(0) = 0`,
    ],
    symbols: [letter('R', 'R', 'scalar', 'what is added to the loss'), lambda, w],
    code: code(
      'L1.addTerm',
      'L1.addGradient',
      'ReferenceKernels.addSumOfMagnitudes',
      'ReferenceKernels.addScaledSign',
    ),
    derivation:
      'Above 0 the magnitude has the slope 1, below 0 the slope −1. At 0 every slope between is a subgradient, and 0, which leaves a weight that is 0 where it is, is taken.',
    source: 'Tibshirani 1996, Regression shrinkage and selection via the lasso, JRSS B 58.',
  },
  {
    ...own,
    id: 'X26',
    title: 'max-norm',
    latex: [tex`w_j \leftarrow w_j \cdot \min(1, \frac{c}{\lVert w_j \rVert})`],
    symbols: [
      letter(
        'wⱼ',
        'w_j',
        'D × 1',
        'the incoming weights of unit j, column j of W; its bias is not among them',
      ),
      letter('c', 'c', 'scalar', 'the largest norm'),
    ],
    code: code('Regulariser.constrain', 'ReferenceKernels.limitColumnNorms'),
    derivation:
      'It is the nearest point of the ball of radius c, taken after each step (projected gradient descent). The nearest point is the gradient of half the squared norm less half the squared distance from the ball, ½‖w‖² inside and c‖w‖ − ½c² outside, which is what the check differentiates.',
    source:
      'Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, Dropout, JMLR 15, section 5.1; Srebro and Shraibman 2005. It applies to every dense layer, the output layer too.',
  },
  {
    ...own,
    id: 'X27',
    title: 'label smoothing',
    latex: [
      tex`Y' = (1 - \varepsilon) Y + \frac{\varepsilon}{C}`,
      tex`\frac{\partial L}{\partial S} = \frac{1}{N} (P - Y')`,
    ],
    symbols: [
      letter('Y', 'Y', 'N × C', 'the targets, one-hot'),
      letter("Y'", "Y'", 'N × C', 'the smoothed targets'),
      letter('S', 'S', 'N × C', 'the scores'),
      letter('P', 'P', 'N × C', 'softmax(S) by rows, or σ(S)'),
      letter(
        'ε',
        tex`\varepsilon`,
        'scalar',
        'the share that is taken from the class and given to all alike',
      ),
      letter('C', 'C', 'scalar', 'classes'),
      L,
      N,
    ],
    code: code('Regulariser.prepare', 'ReferenceKernels.smoothTargets'),
    derivation:
      'Both cross-entropies are affine in the targets, so that the loss of Y′ is the mean of those of the one-hot targets with the weights 1 − ε for the class and ε/C for every class. The δ of each is (P − its target)/N, and the same mean of the targets is Y′.',
    source: 'Szegedy, Vanhoucke, Ioffe, Shlens and Wojna 2016, arXiv:1512.00567, section 7.',
  },
];
