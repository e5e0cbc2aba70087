/** Note D: MNIST 784 → K → 10, any activation φ, squared error, the δ recursion. */

import type { WrittenNote } from '../formula.ts';
import { code } from './code.ts';
import { letter, tex } from './notation.ts';

const x0 = letter('x⁰', 'x^0', 'D × 1', 'the input, a column (in the note D = 784 pixels)');
const W1 = letter('W¹', 'W^1', 'D × K', 'weights of the hidden layer (784 × K)');
const b1 = letter('b¹', 'b^1', 'K × 1', 'biases of the hidden layer');
const z1 = letter('z¹', 'z^1', 'K × 1', 'pre-activations of the hidden layer');
const x1 = letter('x¹', 'x^1', 'K × 1', 'outputs of the hidden layer');
const W2 = letter('W²', 'W^2', 'K × M', 'weights of the output layer (K × 10)');
const b2 = letter('b²', 'b^2', 'M × 1', 'biases of the output layer');
const z2 = letter('z²', 'z^2', 'M × 1', 'pre-activations of the output layer');
const x2 = letter('x²', 'x^2', 'M × 1', 'outputs of the network');
const y = letter('y', 'y', 'M × 1', 'the target, one-hot');
const L = letter('L', 'L', 'scalar', 'the loss of the sample');
const phi = letter('φ', tex`\varphi`, 'elementwise', 'the activation, any: sigmoid, tanh, ReLU, identity');
const delta1 = letter('δ¹', tex`\delta^1`, 'K × 1', '∂L/∂z¹');
const delta2 = letter('δ²', tex`\delta^2`, 'M × 1', '∂L/∂z²');

/** δ ⊙ φ′ of the φ that the note has in mind. */
const PHI_GRADIENTS = [
  'Activation.backward',
  'sigmoidGradient',
  'tanhGradient',
  'reluGradient',
  'identityGradient',
] as const;

/** Note D in the registry: squared error and the δ recursion. */
export const NOTE_D: WrittenNote = {
  name: 'D',
  title: 'MNIST 784 → K → 10, any activation, squared error, and the δ recursion',
  formulas: [
    {
      id: 'D1',
      note: 'D',
      title: 'the hidden layer',
      latex: [tex`z^1 = (W^1)^\top x^0 + b^1`, tex`x^1 = \varphi(z^1)`],
      symbols: [x0, W1, b1, z1, x1, phi],
      code: code('Dense.forward', 'Activation.forward', 'sigmoid', 'tanh', 'relu', 'identity'),
      net: 'D',
    },
    {
      id: 'D2',
      note: 'D',
      title: 'the output layer, which has its φ too',
      latex: [tex`z^2 = (W^2)^\top x^1 + b^2`, tex`x^2 = \varphi(z^2)`],
      symbols: [x1, W2, b2, z2, x2, phi],
      code: code('Dense.forward', 'Activation.forward', 'sigmoid', 'tanh', 'relu', 'identity'),
      net: 'D',
    },
    {
      id: 'D3',
      note: 'D',
      title: 'the squared error',
      latex: [tex`L = \frac{1}{2} \sum_k (x^2_k - y_k)^2`],
      symbols: [L, x2, y],
      code: code('MeanLoss.forward', 'squaredError'),
      net: 'D',
    },
    {
      id: 'D4',
      note: 'D',
      title: 'the δ of the output layer',
      latex: [tex`\delta^2 = (x^2 - y) \odot \varphi'(z^2)`],
      symbols: [delta2, x2, y, phi, z2],
      code: code('MeanLoss.backward', 'squaredErrorGradient', ...PHI_GRADIENTS),
      net: 'D',
    },
    {
      id: 'D5',
      note: 'D',
      title: 'the δ recursion',
      latex: [tex`\delta^1 = (W^2 \delta^2) \odot \varphi'(z^1)`],
      symbols: [delta1, W2, delta2, phi, z1],
      code: code(
        'Network.backward',
        'Dense.backward',
        'Activation.backward',
        'ReferenceKernels.inputGradient',
      ),
      net: 'D',
    },
    {
      id: 'D6',
      note: 'D',
      title: 'the gradient of the output layer',
      latex: [
        tex`\frac{\partial L}{\partial W^2} = x^1 (\delta^2)^\top`,
        tex`\frac{\partial L}{\partial b^2} = \delta^2`,
      ],
      symbols: [L, W2, b2, x1, delta2],
      code: code('Dense.backward', 'ReferenceKernels.weightGradient', 'ReferenceKernels.columnSums'),
      net: 'D',
    },
    {
      id: 'D7',
      note: 'D',
      title: 'the gradient of the hidden layer',
      latex: [
        tex`\frac{\partial L}{\partial W^1} = x^0 (\delta^1)^\top`,
        tex`\frac{\partial L}{\partial b^1} = \delta^1`,
      ],
      symbols: [L, W1, b1, x0, delta1],
      code: code('Dense.backward', 'ReferenceKernels.weightGradient', 'ReferenceKernels.columnSums'),
      net: 'D',
    },
    {
      id: 'D8',
      note: 'D',
      title: 'the gradients entry by entry',
      latex: [
        tex`\frac{\partial L}{\partial w^1_{ij}} = \delta^1_j x^0_i`,
        tex`\frac{\partial L}{\partial b^1_i} = \delta^1_i`,
        tex`\frac{\partial L}{\partial w^2_{ij}} = \delta^2_j x^1_i`,
        tex`\frac{\partial L}{\partial b^2_i} = \delta^2_i`,
      ],
      symbols: [L, W1, b1, W2, b2, x0, x1, delta1, delta2],
      code: code('Dense.backward', 'ReferenceKernels.weightGradient', 'ReferenceKernels.columnSums'),
      net: 'D',
    },
    {
      id: 'D9',
      note: 'D',
      title: 'the chain rule, line by line',
      latex: [
        tex`\frac{\partial L}{\partial w^1_{ij}} = \sum_k \frac{\partial L}{\partial z^1_k} \cdot \frac{\partial z^1_k}{\partial w^1_{ij}}`,
        tex`\frac{\partial z^1_k}{\partial w^1_{ij}} = \delta_{kj} x^0_i`,
        tex`\frac{\partial L}{\partial b^1_i} = \sum_k \frac{\partial L}{\partial z^1_k} \cdot \frac{\partial z^1_k}{\partial b^1_i}`,
        tex`\frac{\partial z^1_k}{\partial b^1_i} = \delta_{ki}`,
        tex`\delta^1_j = \left( \sum_k \delta^2_k \cdot \frac{\partial z^2_k}{\partial x^1_j} \right) \cdot \frac{\partial x^1_j}{\partial z^1_j}`,
        tex`\frac{\partial x^1_j}{\partial z^1_j} = \varphi'(z^1_j)`,
        tex`\frac{\partial z^2_k}{\partial x^1_j} = w^2_{jk}`,
        tex`\delta^1_j = \left( \sum_{k=1}^{10} w^2_{jk} \delta^2_k \right) \varphi'(z^1_j)`,
        tex`\frac{\partial L}{\partial w^2_{ij}} = \sum_k \frac{\partial L}{\partial z^2_k} \cdot \frac{\partial z^2_k}{\partial w^2_{ij}}`,
        tex`\frac{\partial L}{\partial b^2_i} = \sum_k \frac{\partial L}{\partial z^2_k} \cdot \frac{\partial z^2_k}{\partial b^2_i}`,
        tex`\delta^2_j = \frac{\partial L}{\partial x^2_j} \cdot \frac{\partial x^2_j}{\partial z^2_j}`,
        tex`\frac{\partial L}{\partial x^2_k} = x^2_k - y_k`,
        tex`\delta^2_j = [x^2 - y]_j \varphi'(z^2_j)`,
      ],
      symbols: [L, W1, b1, W2, b2, x0, x1, x2, z1, z2, y, phi, delta1, delta2],
      code: code('Network.backward', 'Dense.backward', 'MeanLoss.backward', 'ReferenceKernels.inputGradient'),
      net: 'D',
    },
  ],
  slips: [
    {
      id: 'slip-D1',
      note: 'D',
      kind: 'shape',
      title: 'the declared shape of W¹',
      latex: [tex`z^1 = ((W^1)^\top)^\top x^0 + b^1`],
      why: 'Of a W¹ of K × 784 the transpose is 784 × K, which cannot multiply the 784 × 1 column x⁰: the formula needs W¹ to be 784 × K. In the line the declared matrix is (W¹)ᵀ.',
      net: 'D',
      right: [tex`z^1 = (W^1)^\top x^0 + b^1`],
      formulas: ['D1'],
    },
  ],
};
