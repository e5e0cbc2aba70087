/** Where note C slips. */

import type { WrittenSlip } from '../formula.ts';
import { tex } from './notation.ts';

export const SLIPS_C: readonly WrittenSlip[] = [
  {
    id: 'slip-C1',
    note: 'C',
    kind: 'convention',
    title: 'the loss as a sum and as a mean',
    latex: [
      tex`L = -\sum_n \sum_j y_{nj} \log P_{nj} + \frac{\lambda}{2} \sum w^2`,
      tex`\frac{\partial L}{\partial S} = P - Y`,
    ],
    why: 'The loss is written as a sum over the samples, the gradient of the biases as (1/N) Σⱼ ∂Lⱼ/∂b. The project takes the mean everywhere.',
    net: 'C',
    right: [
      tex`L = -\frac{1}{N} \sum_n \sum_j y_{nj} \log P_{nj} + \frac{\lambda}{2} \sum w^2`,
      tex`\frac{\partial L}{\partial S} = \frac{P - Y}{N}`,
    ],
    formulas: ['C2', 'C3'],
  },
  {
    id: 'slip-C2',
    note: 'C',
    kind: 'gradient',
    title: 'the ReLU derivative without its bias',
    latex: [
      tex`\frac{\partial L}{\partial W_1} = X^\top \left( \frac{\partial L}{\partial X_1} \odot \mathrm{ismorethan}(X W_1) \right) + \lambda W_1`,
    ],
    why: 'Beside x₁ = Relu(x w₁ + b₁) the derivative asks where x w₁ is more than 0; it must ask where x w₁ + b₁ is. The line shows it in the gradient of W₁.',
    net: 'C',
    right: [
      tex`\frac{\partial L}{\partial W_1} = X^\top \left( \frac{\partial L}{\partial X_1} \odot \mathrm{ismorethan}(X W_1 + b_1) \right) + \lambda W_1`,
    ],
    formulas: ['C6'],
  },
  {
    id: 'slip-C4',
    note: 'C',
    kind: 'convention',
    title: 'a ReLU on the scores, and two meanings of h',
    latex: [
      tex`P = \mathrm{softmax}(\mathrm{ReLU}(X_1 W_2 + b_2))`,
      tex`\frac{\partial L_n}{\partial S_{nj}} = \sum_i (P_{ni} - y_{ni}) \frac{\partial P_{ni}}{\partial S_{nj}}`,
    ],
    why: 'Page 2 puts a ReLU on the scores, which page 1 leaves affine; the project does not. And h is the scores in one line and the softmax’s output in the next: with ∂L/∂h = P − y, which is true of the scores, the factor ∂h/∂x₂ of the softmax must not follow.',
    net: 'C',
    right: [
      tex`P = \mathrm{softmax}(X_1 W_2 + b_2)`,
      tex`\frac{\partial L_n}{\partial S_{nj}} = P_{nj} - y_{nj}`,
    ],
    formulas: ['C1', 'C8'],
  },
  {
    id: 'slip-C5',
    note: 'C',
    kind: 'convention',
    title: 'X₁ with and without its ReLU, and W₁ for W₂',
    latex: [tex`X_1 = X W_1 + b_1`, tex`S = X_1 W_1 + b_2`],
    why: 'The list of shapes, and later the line below h = x₁w₂ + b₂, have x₁ as the affine map alone; in between it is Relu(x w₁ + b₁). The project’s X₁ is the output of the ReLU. The scores are once written as x₁w₁ + b, with w₁ for w₂.',
    net: 'C',
    right: [tex`X_1 = \mathrm{ReLU}(X W_1 + b_1)`, tex`S = X_1 W_2 + b_2`],
    formulas: ['C1'],
  },
  {
    id: 'slip-C6',
    note: 'C',
    kind: 'convention',
    title: 'the affine map’s derivative under the softmax’s name',
    latex: [tex`\frac{\partial L}{\partial W_2} = X_1^\top \left( -\frac{Y}{N P} \right) + \lambda W_2`],
    why: '∂softmax(x₂)/∂w = [0 … xⱼ … 0] is ∂x₂/∂w, the derivative of the affine map alone: read as the softmax’s, it drops the Jacobian between −Y/P and the scores. The equation shows the gradient that results.',
    net: 'C',
    right: [tex`\frac{\partial L}{\partial W_2} = X_1^\top \frac{P - Y}{N} + \lambda W_2`],
    formulas: ['C4', 'C7'],
  },
];
