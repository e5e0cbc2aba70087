/** Note B: one sample, ReLU, softmax, cross-entropy, index by index. */

import type { WrittenNote } from '../formula.ts';
import { code } from './code.ts';
import { letter, tex } from './notation.ts';

const x = letter('x', 'x', 'D × 1', 'the input, a column');
const W1 = letter('W¹', 'W^1', 'H × D', 'weights of the hidden layer, outputs × inputs');
const b1 = letter('b¹', 'b^1', 'H × 1', 'biases of the hidden layer');
const q = letter('q', 'q', 'H × 1', 'pre-activations of the hidden layer');
const h = letter('h', 'h', 'H × 1', 'outputs of the hidden layer');
const W2 = letter('W²', 'W^2', 'M × H', 'weights of the output layer, outputs × inputs');
const b2 = letter('b²', 'b^2', 'M × 1', 'biases of the output layer');
const o = letter('o', 'o', 'M × 1', 'scores of the M classes');
const p = letter('p', 'p', 'M × 1', 'probabilities of the classes');
const y = letter('y', 'y', 'M × 1', 'the target, one-hot');
const L = letter('L', 'L', 'scalar', 'the loss of the sample');
const delta = letter('δᵢⱼ', tex`\delta_{ij}`, 'scalar', 'Kronecker’s delta: 1 where i = j, else 0');
const indicator = letter('𝟙[·]', tex`\mathbb{1}[\cdot]`, 'scalar', '1 where the condition holds, else 0');

/** Note B in the registry: one sample, index by index. */
export const NOTE_B: WrittenNote = {
  name: 'B',
  title: 'One sample, ReLU, softmax and cross-entropy, index by index',
  formulas: [
    {
      id: 'B1',
      note: 'B',
      title: 'the forward pass up to the scores',
      latex: [tex`q = W^1 x + b^1`, tex`h = \mathrm{ReLU}(q)`, tex`o = W^2 h + b^2`],
      symbols: [x, W1, b1, q, h, W2, b2, o],
      code: code('Dense.forward', 'Activation.forward', 'ReferenceKernels.affine', 'relu'),
      net: 'B',
    },
    {
      id: 'B2',
      note: 'B',
      title: 'the softmax',
      latex: [tex`p_i = \frac{e^{o_i}}{\sum_k e^{o_k}}`],
      symbols: [p, o],
      code: code('MeanLoss.forward', 'softmaxCrossEntropy'),
      net: 'B',
    },
    {
      id: 'B3',
      note: 'B',
      title: 'the cross-entropy',
      latex: [tex`L = -\sum_i y_i \log p_i`],
      symbols: [L, y, p],
      code: code('MeanLoss.forward', 'softmaxCrossEntropy'),
      net: 'B',
    },
    {
      id: 'B4',
      note: 'B',
      title: 'the softmax Jacobian',
      latex: [tex`\frac{\partial p_i}{\partial o_j} = p_i (\delta_{ij} - p_j)`],
      symbols: [p, o, delta],
      code: code('softmaxJacobian'),
      net: 'B',
    },
    {
      id: 'B5',
      note: 'B',
      title: 'the gradient by the scores',
      latex: [tex`\frac{\partial L}{\partial o_j} = p_j - y_j`],
      symbols: [L, o, p, y],
      code: code('MeanLoss.backward', 'softmaxCrossEntropyGradient'),
      net: 'B',
    },
    {
      id: 'B6',
      note: 'B',
      title: 'the gradient of the output layer',
      latex: [
        tex`\frac{\partial L}{\partial b^2_j} = p_j - y_j`,
        tex`\frac{\partial L}{\partial W^2_{ij}} = (p_i - y_i) h_j`,
      ],
      symbols: [L, b2, W2, p, y, h],
      code: code('Dense.backward', 'ReferenceKernels.columnSums', 'ReferenceKernels.weightGradient'),
      net: 'B',
    },
    {
      id: 'B7',
      note: 'B',
      title: 'the gradient by the hidden outputs',
      latex: [tex`\frac{\partial L}{\partial h_j} = \sum_i (p_i - y_i) W^2_{ij}`],
      symbols: [L, h, p, y, W2],
      code: code('Dense.backward', 'ReferenceKernels.inputGradient'),
      net: 'B',
    },
    {
      id: 'B8',
      note: 'B',
      title: 'the gradient through the ReLU',
      latex: [
        tex`\frac{\partial L}{\partial q_j} = \frac{\partial L}{\partial h_j} \cdot \mathbb{1}[q_j \gt 0]`,
      ],
      symbols: [L, q, h, indicator],
      code: code('Activation.backward', 'reluGradient'),
      net: 'B',
    },
    {
      id: 'B9',
      note: 'B',
      title: 'the softmax Jacobian, step by step',
      latex: [
        tex`\frac{\partial p_i}{\partial o_j} = \frac{\delta_{ij} e^{o_i}}{\sum_k e^{o_k}} - \frac{e^{o_i}}{\sum_k e^{o_k}} \cdot \frac{e^{o_j}}{\sum_k e^{o_k}}`,
      ],
      symbols: [p, o, delta],
      code: code('softmaxJacobian'),
      net: 'B',
    },
    {
      id: 'B10',
      note: 'B',
      title: 'the chain rule, line by line',
      latex: [
        tex`\frac{\partial L}{\partial o_j} = \sum_i \frac{\partial L}{\partial p_i} \frac{\partial p_i}{\partial o_j}`,
        tex`\frac{\partial L}{\partial o_j} = \sum_i -y_i \frac{1}{p_i} \cdot p_i (\delta_{ij} - p_j)`,
        tex`\frac{\partial L}{\partial o_j} = \sum_i y_i p_j - \sum_i y_i \delta_{ij}`,
        tex`\frac{\partial o_i}{\partial b^2_j} = \delta_{ij}`,
        tex`\frac{\partial o_i}{\partial h_j} = W^2_{ij}`,
        tex`\frac{\partial L}{\partial h_j} = \sum_i \frac{\partial L}{\partial o_i} \frac{\partial o_i}{\partial h_j}`,
        tex`\frac{\partial o_k}{\partial W^2_{ij}} = \delta_{ki} h_j`,
        tex`\frac{\partial L}{\partial W^2_{ij}} = \sum_k \frac{\partial L}{\partial o_k} \frac{\partial o_k}{\partial W^2_{ij}}`,
        tex`\frac{\partial h_i}{\partial q_j} = \delta_{ij} \cdot \mathbb{1}[q_j \gt 0]`,
        tex`\frac{\partial L}{\partial q_j} = \sum_i \frac{\partial L}{\partial h_i} \frac{\partial h_i}{\partial q_j}`,
      ],
      symbols: [L, o, p, y, W2, b2, h, q, delta, indicator],
      code: code('MeanLoss.backward', 'Dense.backward', 'Activation.backward', 'softmaxJacobian'),
      net: 'B',
    },
  ],
  slips: [
    {
      id: 'slip-B2',
      note: 'B',
      kind: 'convention',
      title: 'the derivative of the ReLU at exactly 0',
      latex: [
        tex`\frac{\partial L}{\partial q_j} = \frac{\partial L}{\partial h_j} \cdot \mathbb{1}[q_j \geq 0]`,
      ],
      why: 'One brace gives the derivative at q = 0 as 1, the next as 0. The project takes 0, as C’s «is more than» and E5’s > do. It shows on a draw where some q are exactly 0.',
      net: 'B',
      right: [
        tex`\frac{\partial L}{\partial q_j} = \frac{\partial L}{\partial h_j} \cdot \mathbb{1}[q_j \gt 0]`,
      ],
      formulas: ['B8'],
    },
  ],
};
