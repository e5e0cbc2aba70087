/** Note A: a batch of columns, one and two hidden layers, the step α/N. */

import { code } from './code.ts';
import type { Note } from './formula.ts';
import { letter, tex } from './notation.ts';
import { SLIPS_A } from './slips-a.ts';

const X = letter('X', 'X', 'M × N', 'the inputs, one sample a column (in the note 400 × 50)');
const HW = letter('HW', tex`\mathit{HW}`, 'K × M', 'weights of the hidden layer (200 × 400)');
const HB = letter('HB', tex`\mathit{HB}`, 'K × 1', 'biases of the hidden layer, added to every column');
const Z = letter('Z', 'Z', 'K × N', 'outputs of the hidden layer');
const W = letter('W', 'W', 'J × K', 'weights of the output layer (2 × 200)');
const B = letter('B', 'B', 'J × 1', 'biases of the output layer, added to every column');
const Y = letter('Y', 'Y', 'J × N', 'scores of the J classes');
const S = letter('S', 'S', 'J × N', 'probabilities: the softmax of each column of Y');
const L = letter('L', 'L', 'J × N', 'labels, one-hot: 1 at a sample’s class');
const R = letter('R', 'R', 'elementwise', 'ReLU, max(0, ·); R′ is its derivative 𝟙[· > 0]');
const ALPHA = letter('α', tex`\alpha`, 'scalar', 'learning rate');
const SAMPLES = letter('N', 'N', 'scalar', 'how many samples the batch has');
const ONES = letter('𝟏', tex`\mathbf{1}`, 'N × 1', 'a column of ones: A·𝟏 are the row sums of A');

// The second net: three layers, C, H and the output, of which the first has K units and the second Q.
const CW = letter('CW', tex`\mathit{CW}`, 'K × M', 'weights of the first hidden layer (200 × 400)');
const CB = letter('CB', tex`\mathit{CB}`, 'K × 1', 'biases of the first hidden layer');
const HW2 = letter('HW', tex`\mathit{HW}`, 'Q × K', 'weights of the second hidden layer (100 × 200)');
const HB2 = letter('HB', tex`\mathit{HB}`, 'Q × 1', 'biases of the second hidden layer');
const Z2 = letter('Z', 'Z', 'K × N', 'outputs of the first hidden layer');
const G = letter('G', 'G', 'Q × N', 'outputs of the second hidden layer');
const W2 = letter('W', 'W', 'J × Q', 'weights of the output layer (2 × 100)');
const RC = letter('R′_c', tex`R'_c`, 'K × N', 'R′(CW·X + CB): which first hidden units are active');
const RH = letter('R′_h', tex`R'_h`, 'Q × N', 'R′(HW·Z + HB): which second hidden units are active');

/** Note A in the registry: a batch of columns. */
export const NOTE_A: Note = {
  name: 'A',
  title: 'A batch of columns, one and two hidden layers, and the step α/N',
  formulas: [
    {
      id: 'A1',
      note: 'A',
      title: 'the forward pass with one hidden layer',
      latex: [
        tex`Z = R(\mathit{HW} \cdot X + \mathit{HB})`,
        tex`Y = W \cdot Z + B`,
        tex`S = \mathrm{softmax}(Y) \quad \text{by columns}`,
      ],
      unicode: ['Z = R(HW·X + HB)', 'Y = W·Z + B', 'S = softmax(Y) by columns'],
      symbols: [X, HW, HB, Z, W, B, Y, S, R],
      code: code('Dense.forward', 'Activation.forward', 'MeanLoss.forward', 'ReferenceKernels.affine'),
      net: 'A',
      equations: ['Z = R(HW·X + HB)', 'Y = W·Z + B', 'S = softmax(Y)'],
    },
    {
      id: 'A2',
      note: 'A',
      title: 'the loss, averaged over the batch',
      latex: [tex`\mathrm{loss} = -\frac{1}{N} \sum_i \sum_j L_{ij} \ln S_{ij}`],
      unicode: ['loss = −(1/N) Σᵢ Σⱼ Lᵢⱼ ln Sᵢⱼ'],
      symbols: [L, S, SAMPLES],
      code: code('MeanLoss.forward', 'softmaxCrossEntropy'),
      net: 'A',
      equations: ['loss = −(1/N) sum(L ⊙ ln(S))'],
    },
    {
      id: 'A4',
      note: 'A',
      title: 'the step of the hidden weights',
      latex: [
        tex`-\alpha \nabla_{\mathit{HW}} = \frac{\alpha}{N} \left[ W^\top (L - S) \odot R'(\mathit{HW} \cdot X + \mathit{HB}) \right] X^\top`,
      ],
      unicode: ['−α∇_HW = (α/N) [Wᵀ(L − S) ⊙ R′(HW·X + HB)] Xᵀ'],
      symbols: [W, L, S, R, HW, X, HB, ALPHA, SAMPLES],
      code: code('Activation.backward', 'Dense.backward', 'Sgd.step', 'ReferenceKernels.inputGradient'),
      net: 'A',
      equations: ['−α∇_HW = (α/N) (Wᵀ(L − S) ⊙ R′(HW·X + HB)) Xᵀ'],
    },
    {
      id: 'A5',
      note: 'A',
      title: 'the step of the hidden biases',
      latex: [
        tex`-\alpha \nabla_{\mathit{HB}} = \frac{\alpha}{N} \left[ W^\top (L - S) \odot R'(\mathit{HW} \cdot X + \mathit{HB}) \right] \cdot \mathbf{1}`,
      ],
      unicode: ['−α∇_HB = (α/N) [Wᵀ(L − S) ⊙ R′(HW·X + HB)] · 𝟏'],
      symbols: [W, L, S, R, HW, X, HB, ONES, ALPHA, SAMPLES],
      code: code('Activation.backward', 'Dense.backward', 'Sgd.step', 'ReferenceKernels.columnSums'),
      net: 'A',
      equations: ['−α∇_HB = (α/N) (Wᵀ(L − S) ⊙ R′(HW·X + HB)) · 𝟏'],
    },
    {
      id: 'A6',
      note: 'A',
      title: 'the forward pass with two hidden layers',
      latex: [
        tex`Z = R(\mathit{CW} \cdot X + \mathit{CB})`,
        tex`G = R(\mathit{HW} \cdot Z + \mathit{HB})`,
        tex`Y = W \cdot G + B`,
      ],
      unicode: ['Z = R(CW·X + CB)', 'G = R(HW·Z + HB)', 'Y = W·G + B'],
      symbols: [X, CW, CB, Z2, HW2, HB2, G, W2, B, Y, R],
      code: code('Network.forward', 'Dense.forward', 'Activation.forward', 'relu'),
      net: 'A2',
      equations: ['Z = R(CW·X + CB)', 'G = R(HW·Z + HB)', 'Y = W·G + B'],
    },
    {
      id: 'A7',
      note: 'A',
      title: 'the step of the first of two hidden layers',
      latex: [
        tex`-\alpha \nabla_{\mathit{CW}} = \frac{\alpha}{N} \left[ \mathit{HW}^\top \left( W^\top (L - S) \odot R'_h \right) \odot R'_c \right] X^\top`,
        tex`-\alpha \nabla_{\mathit{CB}} = \frac{\alpha}{N} \left[ \mathit{HW}^\top \left( W^\top (L - S) \odot R'_h \right) \odot R'_c \right] \cdot \mathbf{1}`,
      ],
      unicode: [
        '−α∇_CW = (α/N) [HWᵀ(Wᵀ(L − S) ⊙ R′_h) ⊙ R′_c] Xᵀ',
        '−α∇_CB = (α/N) [HWᵀ(Wᵀ(L − S) ⊙ R′_h) ⊙ R′_c] · 𝟏',
      ],
      symbols: [HW2, W2, L, S, RH, RC, X, ONES, ALPHA, SAMPLES],
      code: code('Network.backward', 'Activation.backward', 'Dense.backward', 'Sgd.step'),
      net: 'A2',
      equations: [
        '−α∇_CW = (α/N) (HWᵀ(Wᵀ(L − S) ⊙ R′(HW·Z + HB)) ⊙ R′(CW·X + CB)) Xᵀ',
        '−α∇_CB = (α/N) (HWᵀ(Wᵀ(L − S) ⊙ R′(HW·Z + HB)) ⊙ R′(CW·X + CB)) · 𝟏',
      ],
    },
  ],
  slips: SLIPS_A,
};
