/** Note E: matrix calculus of the affine layer, softmax cross-entropy, and the multi-class SVM. */

import { code } from './code.ts';
import type { Note } from './formula.ts';
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
const s = letter('sⱼ', 's_j', 'scalar', 'the score of class j in row i');
const sy = letter('s_{yᵢ}', 's_{y_i}', 'scalar', 'the score of the row’s own class');
const p = letter('pⱼ', 'p_j', 'scalar', 'the softmax of the row: e^{sⱼ} / Σₖ e^{sₖ}');
const yi = letter('yᵢ', 'y_i', 'class', 'the class of row i');
const indicator = letter('𝟙[·]', tex`\mathbb{1}[\cdot]`, 'scalar', '1 where the condition holds, else 0');

/** The violated margins 𝟙[sⱼ − s_{yᵢ} + 1 > 0], j ≠ yᵢ, of all rows: N × M, with T the one-hot classes. */
const VIOLATIONS = '(𝟙[S − rowsum(S ⊙ T) + 1 > 0] ⊙ (1 − T))';

/** Note E in the registry: the affine layer and two losses. */
export const NOTE_E: Note = {
  name: 'E',
  title: 'Matrix calculus of the affine layer, and two losses',
  formulas: [
    {
      id: 'E1',
      note: 'E',
      title: 'the gradient of the affine layer by its input',
      latex: [tex`\frac{\partial L}{\partial X} = \frac{\partial L}{\partial Y} \cdot W^\top`],
      unicode: ['∂L/∂X = ∂L/∂Y · Wᵀ'],
      symbols: [L, X, Y, W],
      code: code('Dense.backward', 'ReferenceKernels.inputGradient'),
      net: 'E',
      equations: ['∂L/∂X = ∂L/∂Y · Wᵀ'],
    },
    {
      id: 'E2',
      note: 'E',
      title: 'the gradient of the affine layer by its weights',
      latex: [tex`\frac{\partial L}{\partial W} = X^\top \cdot \frac{\partial L}{\partial Y}`],
      unicode: ['∂L/∂W = Xᵀ · ∂L/∂Y'],
      symbols: [L, W, X, Y],
      code: code('Dense.backward', 'ReferenceKernels.weightGradient'),
      net: 'E',
      equations: ['∂L/∂W = Xᵀ · ∂L/∂Y'],
    },
    {
      id: 'E3',
      note: 'E',
      title: 'softmax cross-entropy and its gradient',
      latex: [
        tex`L_i = -\log \frac{e^{s_{y_i}}}{\sum_j e^{s_j}}`,
        tex`\frac{\partial L_i}{\partial s_j} = p_j - \mathbb{1}[j = y_i]`,
      ],
      unicode: ['Lᵢ = −log(e^{s_{yᵢ}} / Σⱼ e^{sⱼ})', '∂Lᵢ/∂sⱼ = pⱼ − 𝟙[j = yᵢ]'],
      symbols: [Li, sy, s, p, yi, indicator],
      code: code(
        'MeanLoss.forward',
        'MeanLoss.backward',
        'softmaxCrossEntropy',
        'softmaxCrossEntropyGradient',
      ),
      net: 'E',
      equations: ['L = −sum(log(rowsum(T ⊙ exp(S)) ./ rowsum(exp(S))))', '∂L/∂S = softmax(S) − T'],
    },
    {
      id: 'E4',
      note: 'E',
      title: 'the multi-class SVM loss',
      latex: [tex`L_i = \sum_{j \neq y_i} \max(0, s_j - s_{y_i} + 1)`],
      unicode: ['Lᵢ = Σ_{j≠yᵢ} max(0, sⱼ − s_{yᵢ} + 1)'],
      symbols: [Li, s, sy, yi],
      code: code('MeanLoss.forward', 'svm'),
      net: 'E-svm',
      equations: ['L = sum(max(0, S − rowsum(S ⊙ T) + 1) ⊙ (1 − T))'],
    },
    {
      id: 'E5',
      note: 'E',
      title: 'the gradient of the SVM loss',
      latex: [
        tex`\frac{\partial L_i}{\partial s_j} = \mathbb{1}[s_j - s_{y_i} + 1 \gt 0] \quad \text{for } j \neq y_i`,
        tex`\frac{\partial L_i}{\partial s_{y_i}} = -\sum_{j \neq y_i} \mathbb{1}[s_j - s_{y_i} + 1 \gt 0]`,
      ],
      unicode: [
        '∂Lᵢ/∂sⱼ = 𝟙[sⱼ − s_{yᵢ} + 1 > 0] for j ≠ yᵢ',
        '∂Lᵢ/∂s_{yᵢ} = −Σ_{j≠yᵢ} 𝟙[sⱼ − s_{yᵢ} + 1 > 0]',
      ],
      symbols: [Li, s, sy, yi, indicator],
      code: code('MeanLoss.backward', 'svmGradient'),
      net: 'E-svm',
      equations: [`∂L/∂S = ${VIOLATIONS} − T ⊙ (rowsum${VIOLATIONS} ones(1, M))`],
    },
  ],
  slips: [],
};
