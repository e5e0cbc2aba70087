/** Note E: matrix calculus of the affine layer, softmax cross-entropy, and the multi-class SVM. */

import type { WrittenNote } from '../formula.ts';
import { code } from './code.ts';
import { letter, tex } from './notation.ts';

const X = letter('X', 'X', 'N × D', 'the inputs, one sample a row (in the note 2 × 2)');
const W = letter('W', 'W', 'D × M', 'weights (2 × 3)');
const Y = letter('Y', 'Y', 'N × M', 'XW, the scores; in the losses sᵢⱼ (2 × 3)');
const L = letter(
  'L',
  'L',
  'scalar',
  'any loss; of E3 to E5 the sum of the rows’ Lᵢ, where the project has their mean',
);
const Li = letter('Lᵢ', 'L_i', 'scalar', 'the loss of row i');
const s = letter('sᵢⱼ', 's_{ij}', 'scalar', 'the score of class j in row i, an entry of Y');
const sy = letter('s_{i,yᵢ}', 's_{i y_i}', 'scalar', 'the score of the row’s own class');
const p = letter('pᵢⱼ', 'p_{ij}', 'scalar', 'the softmax of the row: e^{sᵢⱼ} / Σₖ e^{sᵢₖ}');
const yi = letter('yᵢ', 'y_i', 'class', 'the class of row i');
const indicator = letter('𝟙[·]', tex`\mathbb{1}[\cdot]`, 'scalar', '1 where the condition holds, else 0');

/** Note E in the registry: the affine layer and two losses. */
export const NOTE_E: WrittenNote = {
  name: 'E',
  title: 'Matrix calculus of the affine layer, and two losses',
  formulas: [
    {
      id: 'E1',
      note: 'E',
      title: 'the gradient of the affine layer by its input',
      latex: [tex`\frac{\partial L}{\partial X} = \frac{\partial L}{\partial Y} \cdot W^\top`],
      symbols: [L, X, Y, W],
      code: code('Dense.backward', 'ReferenceKernels.inputGradient'),
      net: 'E',
    },
    {
      id: 'E2',
      note: 'E',
      title: 'the gradient of the affine layer by its weights',
      latex: [tex`\frac{\partial L}{\partial W} = X^\top \cdot \frac{\partial L}{\partial Y}`],
      symbols: [L, W, X, Y],
      code: code('Dense.backward', 'ReferenceKernels.weightGradient'),
      net: 'E',
    },
    {
      id: 'E3',
      note: 'E',
      title: 'softmax cross-entropy and its gradient',
      latex: [
        tex`L_i = -\log \frac{e^{s_{i y_i}}}{\sum_j e^{s_{ij}}}`,
        tex`\frac{\partial L_i}{\partial s_{ij}} = p_{ij} - \mathbb{1}[j = y_i]`,
      ],
      symbols: [Li, sy, s, p, yi, indicator],
      code: code(
        'MeanLoss.forward',
        'MeanLoss.backward',
        'softmaxCrossEntropy',
        'softmaxCrossEntropyGradient',
      ),
      net: 'E',
    },
    {
      id: 'E4',
      note: 'E',
      title: 'the multi-class SVM loss',
      latex: [tex`L_i = \sum_{j \neq y_i} \max(0, s_{ij} - s_{i y_i} + 1)`],
      symbols: [Li, s, sy, yi],
      code: code('MeanLoss.forward', 'svm'),
      net: 'E-svm',
    },
    {
      id: 'E5',
      note: 'E',
      title: 'the gradient of the SVM loss',
      latex: [
        tex`\frac{\partial L_i}{\partial s_{ij}} = \mathbb{1}[s_{ij} - s_{i y_i} + 1 \gt 0] \quad \text{for } j \neq y_i`,
        tex`\frac{\partial L_i}{\partial s_{i y_i}} = -\sum_{j \neq y_i} \mathbb{1}[s_{ij} - s_{i y_i} + 1 \gt 0]`,
      ],
      symbols: [Li, s, sy, yi, indicator],
      code: code('MeanLoss.backward', 'svmGradient'),
      net: 'E-svm',
    },
    {
      id: 'E6',
      note: 'E',
      title: 'the example of 2 × 2 times 2 × 3, entry by entry',
      latex: [
        tex`\frac{\partial L}{\partial x_{11}} = \frac{\partial L}{\partial y_{11}} \cdot w_{11} + \frac{\partial L}{\partial y_{12}} \cdot w_{12} + \frac{\partial L}{\partial y_{13}} \cdot w_{13}`,
        tex`\frac{\partial L}{\partial x_{21}} = \frac{\partial L}{\partial y_{21}} \cdot w_{11} + \frac{\partial L}{\partial y_{22}} \cdot w_{12} + \frac{\partial L}{\partial y_{23}} \cdot w_{13}`,
        tex`\frac{\partial L}{\partial w_{11}} = \frac{\partial L}{\partial y_{11}} \cdot x_{11} + \frac{\partial L}{\partial y_{21}} \cdot x_{21}`,
        tex`\frac{\partial L}{\partial w_{22}} = \frac{\partial L}{\partial y_{12}} \cdot x_{12} + \frac{\partial L}{\partial y_{22}} \cdot x_{22}`,
      ],
      symbols: [L, X, W, Y],
      code: code('Dense.backward', 'ReferenceKernels.inputGradient', 'ReferenceKernels.weightGradient'),
      net: 'E-example',
    },
  ],
  slips: [],
};
