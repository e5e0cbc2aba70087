/** Note D: MNIST 784 → K → 10, any activation φ, squared error, the δ recursion. */

import { code } from './code.ts';
import type { Note } from './formula.ts';
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
export const NOTE_D: Note = {
  name: 'D',
  title: 'MNIST 784 → K → 10, any activation, squared error, and the δ recursion',
  formulas: [
    {
      id: 'D1',
      note: 'D',
      title: 'the hidden layer',
      latex: [tex`z^1 = (W^1)^\top x^0 + b^1`, tex`x^1 = \varphi(z^1)`],
      unicode: ['z¹ = W¹ᵀ x⁰ + b¹', 'x¹ = φ(z¹)'],
      symbols: [x0, W1, b1, z1, x1, phi],
      code: code('Dense.forward', 'Activation.forward', 'sigmoid', 'tanh', 'relu', 'identity'),
      net: 'D',
      equations: ['z¹ = W¹ᵀ x⁰ + b¹', 'x¹ = φ(z¹)'],
    },
    {
      id: 'D2',
      note: 'D',
      title: 'the output layer, which has its φ too',
      latex: [tex`z^2 = (W^2)^\top x^1 + b^2`, tex`x^2 = \varphi(z^2)`],
      unicode: ['z² = W²ᵀ x¹ + b²', 'x² = φ(z²)'],
      symbols: [x1, W2, b2, z2, x2, phi],
      code: code('Dense.forward', 'Activation.forward', 'sigmoid', 'tanh', 'relu', 'identity'),
      net: 'D',
      equations: ['z² = W²ᵀ x¹ + b²', 'x² = φ(z²)'],
    },
    {
      id: 'D3',
      note: 'D',
      title: 'the squared error',
      latex: [tex`L = \frac{1}{2} \sum_k (x^2_k - y_k)^2`],
      unicode: ['L = ½ Σₖ (x²ₖ − yₖ)²'],
      symbols: [L, x2, y],
      code: code('MeanLoss.forward', 'squaredError'),
      net: 'D',
      equations: ['L = (1/2) sum((x² − y) ⊙ (x² − y))'],
    },
    {
      id: 'D4',
      note: 'D',
      title: 'the δ of the output layer',
      latex: [tex`\delta^2 = (x^2 - y) \odot \varphi'(z^2)`],
      unicode: ['δ² = (x² − y) ⊙ φ′(z²)'],
      symbols: [delta2, x2, y, phi, z2],
      code: code('MeanLoss.backward', 'squaredErrorGradient', ...PHI_GRADIENTS),
      net: 'D',
      equations: ['δ² = (x² − y) ⊙ φ′(z²)'],
    },
    {
      id: 'D5',
      note: 'D',
      title: 'the δ recursion',
      latex: [tex`\delta^1 = (W^2 \delta^2) \odot \varphi'(z^1)`],
      unicode: ['δ¹ = (W² δ²) ⊙ φ′(z¹)'],
      symbols: [delta1, W2, delta2, phi, z1],
      code: code(
        'Network.backward',
        'Dense.backward',
        'Activation.backward',
        'ReferenceKernels.inputGradient',
      ),
      net: 'D',
      equations: ['δ¹ = (W² δ²) ⊙ φ′(z¹)'],
    },
    {
      id: 'D6',
      note: 'D',
      title: 'the gradient of the output layer',
      latex: [
        tex`\frac{\partial L}{\partial W^2} = x^1 (\delta^2)^\top`,
        tex`\frac{\partial L}{\partial b^2} = \delta^2`,
      ],
      unicode: ['∂L/∂W² = x¹ (δ²)ᵀ', '∂L/∂b² = δ²'],
      symbols: [L, W2, b2, x1, delta2],
      code: code('Dense.backward', 'ReferenceKernels.weightGradient', 'ReferenceKernels.columnSums'),
      net: 'D',
      equations: ['∂L/∂W² = x¹ (δ²)ᵀ', '∂L/∂b² = δ²'],
    },
    {
      id: 'D7',
      note: 'D',
      title: 'the gradient of the hidden layer',
      latex: [
        tex`\frac{\partial L}{\partial W^1} = x^0 (\delta^1)^\top`,
        tex`\frac{\partial L}{\partial b^1} = \delta^1`,
      ],
      unicode: ['∂L/∂W¹ = x⁰ (δ¹)ᵀ', '∂L/∂b¹ = δ¹'],
      symbols: [L, W1, b1, x0, delta1],
      code: code('Dense.backward', 'ReferenceKernels.weightGradient', 'ReferenceKernels.columnSums'),
      net: 'D',
      equations: ['∂L/∂W¹ = x⁰ (δ¹)ᵀ', '∂L/∂b¹ = δ¹'],
    },
  ],
  slips: [
    {
      id: 'slip-D1',
      note: 'D',
      kind: 'shape',
      title: 'the declared shape of W¹',
      latex: [tex`W^1 \in \mathbb{R}^{K \times 784}, \quad z^1 = (W^1)^\top x^0 + b^1`],
      unicode: ['W¹ ∈ R^{K×784}, z¹ = W¹ᵀ x⁰ + b¹'],
      why: 'Of a W¹ of K × 784 the transpose is 784 × K, which cannot multiply the 784 × 1 column x⁰: the formula needs W¹ to be 784 × K. In the equation the declared matrix is W¹ᵀ.',
      net: 'D',
      equations: ['z¹ = (W¹ᵀ)ᵀ x⁰ + b¹'],
      right: ['z¹ = W¹ᵀ x⁰ + b¹'],
      formulas: ['D1'],
    },
  ],
};
