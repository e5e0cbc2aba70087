/** Note B: one sample, ReLU, softmax, cross-entropy, index by index. */

import { code } from './code.ts';
import type { Note } from './formula.ts';
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
export const NOTE_B: Note = {
  name: 'B',
  title: 'One sample, ReLU, softmax and cross-entropy, index by index',
  formulas: [
    {
      id: 'B1',
      note: 'B',
      title: 'the forward pass up to the scores',
      latex: [tex`q = W^1 x + b^1`, tex`h = \mathrm{ReLU}(q)`, tex`o = W^2 h + b^2`],
      unicode: ['q = W¹x + b¹', 'h = ReLU(q)', 'o = W²h + b²'],
      symbols: [x, W1, b1, q, h, W2, b2, o],
      code: code('Dense.forward', 'Activation.forward', 'ReferenceKernels.affine', 'relu'),
      net: 'B',
      equations: ['q = W¹ x + b¹', 'h = ReLU(q)', 'o = W² h + b²'],
    },
    {
      id: 'B2',
      note: 'B',
      title: 'the softmax',
      latex: [tex`p_i = \frac{e^{o_i}}{\sum_k e^{o_k}}`],
      unicode: ['pᵢ = e^{oᵢ} / Σₖ e^{oₖ}'],
      symbols: [p, o],
      code: code('MeanLoss.forward', 'softmaxCrossEntropy'),
      net: 'B',
      equations: ['p = exp(o) / sum(exp(o))'],
    },
    {
      id: 'B3',
      note: 'B',
      title: 'the cross-entropy',
      latex: [tex`L = -\sum_i y_i \log p_i`],
      unicode: ['L = −Σᵢ yᵢ log pᵢ'],
      symbols: [L, y, p],
      code: code('MeanLoss.forward', 'softmaxCrossEntropy'),
      net: 'B',
      equations: ['L = −sum(y ⊙ log(p))'],
    },
    {
      id: 'B4',
      note: 'B',
      title: 'the softmax Jacobian',
      latex: [tex`\frac{\partial p_i}{\partial o_j} = p_i (\delta_{ij} - p_j)`],
      unicode: ['∂pᵢ/∂oⱼ = pᵢ(δᵢⱼ − pⱼ)'],
      symbols: [p, o, delta],
      code: code('softmaxJacobian'),
      net: 'B',
      equations: ['∂p/∂o = diag(p) − p pᵀ'],
    },
    {
      id: 'B5',
      note: 'B',
      title: 'the gradient by the scores',
      latex: [tex`\frac{\partial L}{\partial o_j} = p_j - y_j`],
      unicode: ['∂L/∂oⱼ = pⱼ − yⱼ'],
      symbols: [L, o, p, y],
      code: code('MeanLoss.backward', 'softmaxCrossEntropyGradient'),
      net: 'B',
      equations: ['∂L/∂o = p − y'],
    },
    {
      id: 'B6',
      note: 'B',
      title: 'the gradient of the output layer',
      latex: [
        tex`\frac{\partial L}{\partial b^2_j} = p_j - y_j`,
        tex`\frac{\partial L}{\partial W^2_{ij}} = (p_i - y_i) h_j`,
      ],
      unicode: ['∂L/∂b²ⱼ = pⱼ − yⱼ', '∂L/∂W²ᵢⱼ = (pᵢ − yᵢ) hⱼ'],
      symbols: [L, b2, W2, p, y, h],
      code: code('Dense.backward', 'ReferenceKernels.columnSums', 'ReferenceKernels.weightGradient'),
      net: 'B',
      equations: ['∂L/∂b² = p − y', '∂L/∂W² = (p − y) hᵀ'],
    },
    {
      id: 'B7',
      note: 'B',
      title: 'the gradient by the hidden outputs',
      latex: [tex`\frac{\partial L}{\partial h_j} = \sum_i (p_i - y_i) W^2_{ij}`],
      unicode: ['∂L/∂hⱼ = Σᵢ (pᵢ − yᵢ) W²ᵢⱼ'],
      symbols: [L, h, p, y, W2],
      code: code('Dense.backward', 'ReferenceKernels.inputGradient'),
      net: 'B',
      equations: ['∂L/∂h = W²ᵀ (p − y)'],
    },
    {
      id: 'B8',
      note: 'B',
      title: 'the gradient through the ReLU',
      latex: [
        tex`\frac{\partial L}{\partial q_j} = \frac{\partial L}{\partial h_j} \cdot \mathbb{1}[q_j \gt 0]`,
      ],
      unicode: ['∂L/∂qⱼ = ∂L/∂hⱼ · 𝟙[qⱼ > 0]'],
      symbols: [L, q, h, indicator],
      code: code('Activation.backward', 'reluGradient'),
      net: 'B',
      equations: ['∂L/∂q = ∂L/∂h ⊙ 𝟙[q > 0]'],
    },
  ],
  slips: [
    {
      id: 'slip-B2',
      note: 'B',
      kind: 'convention',
      title: 'the derivative of the ReLU at exactly 0',
      latex: [tex`a = 1 \text{ if } q_j \geq 0`, tex`a = 0 \text{ if } q_j \leq 0`],
      unicode: ['a = 1 if qⱼ ≥ 0', 'a = 0 if qⱼ ≤ 0'],
      why: 'One brace gives the derivative at q = 0 as 1, the next as 0. The project takes 0, as C’s «is more than» and E5’s > do. No equation can show this at random numbers, where no q is exactly 0: a test pins the backward at 0, and the gradient check looks at the kink.',
      net: 'B',
      equations: [],
      right: ['∂L/∂q = ∂L/∂h ⊙ 𝟙[q > 0]'],
      formulas: ['B8'],
    },
  ],
};
