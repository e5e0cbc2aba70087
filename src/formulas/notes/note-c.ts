/** Note C: a batch of rows, ReLU, softmax cross-entropy with L2. */

import type { WrittenNote } from '../formula.ts';
import { code } from './code.ts';
import { letter, tex } from './notation.ts';
import { SLIPS_C } from './slips-c.ts';

const X = letter('X', 'X', 'N × D', 'the inputs, one sample a row');
const W1 = letter('W₁', 'W_1', 'D × H', 'weights of the hidden layer');
const b1 = letter('b₁', 'b_1', '1 × H', 'biases of the hidden layer, added to every row');
const X1 = letter('X₁', 'X_1', 'N × H', 'outputs of the hidden layer');
const W2 = letter('W₂', 'W_2', 'H × C', 'weights of the output layer');
const b2 = letter('b₂', 'b_2', '1 × C', 'biases of the output layer, added to every row');
const S = letter('S', 'S', 'N × C', 'scores of the C classes');
const P = letter('P', 'P', 'N × C', 'probabilities: the softmax of each row of S');
const Y = letter('Y', 'Y', 'N × C', 'targets, one-hot by rows');
const L = letter('L', 'L', 'scalar', 'the loss, L2 term included');
const Ln = letter('Lₙ', 'L_n', 'scalar', 'the loss of row n, without the L2 term');
const SAMPLES = letter('N', 'N', 'scalar', 'how many samples the batch has');
const lambda = letter('λ', tex`\lambda`, 'scalar', 'the weight of the L2 term');
const w = letter('w', 'w', 'a column', 'all entries of W₁ and W₂; biases are not decayed');
const indicator = letter('𝟙[·]', tex`\mathbb{1}[\cdot]`, 'N × H', '1 where the condition holds, else 0');
const h = letter('h', 'h', 'N × C', 'the scores, S in the lines above');
const sigma = letter('σ', tex`\sigma`, 'by rows', 'the softmax: this page of the note calls it σ');
const delta = letter('δᵢⱼ', tex`\delta_{ij}`, 'scalar', 'Kronecker’s delta: 1 where i = j, else 0');

/** Note C in the registry: a batch of rows with L2. */
export const NOTE_C: WrittenNote = {
  name: 'C',
  title: 'A batch of rows, ReLU, softmax cross-entropy with L2',
  formulas: [
    {
      id: 'C1',
      note: 'C',
      title: 'the forward pass',
      latex: [
        tex`X_1 = \mathrm{ReLU}(X W_1 + b_1)`,
        tex`S = X_1 W_2 + b_2`,
        tex`P = \mathrm{softmax}(S) \quad \text{by rows}`,
      ],
      symbols: [X, W1, b1, X1, W2, b2, S, P],
      code: code('Dense.forward', 'Activation.forward', 'MeanLoss.forward', 'ReferenceKernels.affine'),
      net: 'C',
    },
    {
      id: 'C2',
      note: 'C',
      title: 'the loss with its L2 term',
      latex: [tex`L = -\frac{1}{N} \sum_n \sum_j y_{nj} \log P_{nj} + \frac{\lambda}{2} \sum w^2`],
      symbols: [L, Y, P, SAMPLES, lambda, w],
      code: code('MeanLoss.forward', 'L2.addTerm', 'Network.penalty'),
      net: 'C',
    },
    {
      id: 'C3',
      note: 'C',
      title: 'the gradient by the scores',
      latex: [tex`\frac{\partial L}{\partial S} = \frac{P - Y}{N}`],
      symbols: [L, S, P, Y, SAMPLES],
      code: code('MeanLoss.backward', 'softmaxCrossEntropyGradient'),
      net: 'C',
    },
    {
      id: 'C4',
      note: 'C',
      title: 'the gradient of the output layer',
      latex: [
        tex`\frac{\partial L}{\partial W_2} = X_1^\top \frac{\partial L}{\partial S} + \lambda W_2`,
        tex`\frac{\partial L}{\partial b_2} = \sum_n \left( \frac{\partial L}{\partial S} \right)_n`,
      ],
      symbols: [L, W2, b2, X1, S, lambda],
      code: code('Dense.backward', 'L2.addGradient', 'ReferenceKernels.weightGradient'),
      net: 'C',
    },
    {
      id: 'C5',
      note: 'C',
      title: 'the gradient by the hidden outputs',
      latex: [tex`\frac{\partial L}{\partial X_1} = \frac{\partial L}{\partial S} \cdot W_2^\top`],
      symbols: [L, X1, S, W2],
      code: code('Dense.backward', 'ReferenceKernels.inputGradient'),
      net: 'C',
    },
    {
      id: 'C6',
      note: 'C',
      title: 'the gradient of the hidden layer',
      latex: [
        tex`\frac{\partial L}{\partial W_1} = X^\top \left( \frac{\partial L}{\partial X_1} \odot \mathbb{1}[X W_1 + b_1 \gt 0] \right) + \lambda W_1`,
        tex`\frac{\partial L}{\partial b_1} = \sum_n \left( \frac{\partial L}{\partial X_1} \odot \mathbb{1}[X W_1 + b_1 \gt 0] \right)_n`,
      ],
      symbols: [L, W1, b1, X, X1, indicator, lambda],
      code: code('Activation.backward', 'Dense.backward', 'L2.addGradient', 'reluGradient'),
      net: 'C',
    },
    {
      id: 'C7',
      note: 'C',
      title: 'the long way round, through one Jacobian a row',
      latex: [
        tex`\frac{\partial L}{\partial P_{nj}} = -\frac{y_{nj}}{N P_{nj}}`,
        tex`\frac{\partial L}{\partial S_{nj}} = \sum_i \frac{\partial L}{\partial P_{ni}} P_{ni} (\delta_{ij} - P_{nj})`,
      ],
      symbols: [L, P, S, Y, delta, SAMPLES],
      code: code('throughJacobians', 'softmaxJacobian'),
      net: 'C',
    },
    {
      id: 'C8',
      note: 'C',
      title: 'the softmax, headed «sigmoid», and its gradient row by row',
      latex: [tex`P = \sigma(h)`, tex`\frac{\partial L_n}{\partial h_{nj}} = P_{nj} - y_{nj}`],
      symbols: [P, h, sigma, Ln, Y],
      code: code('MeanLoss.forward', 'MeanLoss.backward', 'softmaxCrossEntropyGradient'),
      net: 'C',
    },
    {
      id: 'C9',
      note: 'C',
      title: 'the gradient by the softmax’s output, which this page calls h',
      latex: [tex`\frac{\partial L_n}{\partial P_{nj}} = -\frac{y_{nj}}{P_{nj}}`],
      symbols: [Ln, P, Y],
      code: code('throughJacobians'),
      net: 'C',
    },
    {
      id: 'C10',
      note: 'C',
      title: 'the loss in two parts, and the gradient of the L2 term by itself',
      latex: [
        tex`L = L_1 + L_2`,
        tex`\frac{\partial L_2}{\partial w_{1ij}} = \lambda w_{1ij}`,
        tex`\frac{\partial L_2}{\partial w_{2ij}} = \lambda w_{2ij}`,
      ],
      symbols: [
        L,
        letter('L₁', 'L_1', 'scalar', 'the mean of the rows’ losses'),
        letter('L₂', 'L_2', 'scalar', 'the L2 term (λ/2) Σ w²'),
        W1,
        W2,
        lambda,
      ],
      code: code('L2.forward', 'L2.backward', 'Network.penalty'),
      net: 'C',
    },
    {
      id: 'C11',
      note: 'C',
      title: 'the chain of 1 × C, C × C and C × 1, row by row',
      latex: [
        tex`\frac{\partial L_n}{\partial h_{nj}} = \sum_i \frac{\partial L_n}{\partial P_{ni}} \frac{\partial P_{ni}}{\partial h_{nj}}`,
        tex`\frac{\partial L}{\partial b_{2j}} = \frac{1}{N} \sum_n \frac{\partial L_n}{\partial h_{nj}}`,
      ],
      symbols: [L, Ln, h, P, b2, SAMPLES],
      code: code('throughJacobians', 'softmaxJacobian', 'ReferenceKernels.columnSums'),
      net: 'C',
    },
  ],
  slips: SLIPS_C,
};
