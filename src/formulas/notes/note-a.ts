/** Note A: a batch of columns, one and two hidden layers, the step α/N. */

import type { WrittenNote } from '../formula.ts';
import { code } from './code.ts';
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

/** Note A in the registry: a batch of columns. */
export const NOTE_A: WrittenNote = {
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
      symbols: [X, HW, HB, Z, W, B, Y, S, R],
      code: code('Dense.forward', 'Activation.forward', 'MeanLoss.forward', 'ReferenceKernels.affine'),
      net: 'A',
    },
    {
      id: 'A2',
      note: 'A',
      title: 'the loss, averaged over the batch',
      latex: [tex`\mathrm{loss} = -\frac{1}{N} \sum_i \sum_j L_{ij} \ln S_{ij}`],
      symbols: [L, S, SAMPLES],
      code: code('MeanLoss.forward', 'softmaxCrossEntropy'),
      net: 'A',
    },
    {
      id: 'A4',
      note: 'A',
      title: 'the step of the hidden weights',
      latex: [
        tex`-\alpha \nabla_{\mathit{HW}} = \frac{\alpha}{N} \left[ W^\top (L - S) \odot R'(\mathit{HW} \cdot X + \mathit{HB}) \right] X^\top`,
      ],
      symbols: [W, L, S, R, HW, X, HB, ALPHA, SAMPLES],
      code: code('Activation.backward', 'Dense.backward', 'Sgd.step', 'ReferenceKernels.inputGradient'),
      net: 'A',
    },
    {
      id: 'A5',
      note: 'A',
      title: 'the step of the hidden biases',
      latex: [
        tex`-\alpha \nabla_{\mathit{HB}} = \frac{\alpha}{N} \left[ W^\top (L - S) \odot R'(\mathit{HW} \cdot X + \mathit{HB}) \right] \cdot \mathbf{1}`,
      ],
      symbols: [W, L, S, R, HW, X, HB, ONES, ALPHA, SAMPLES],
      code: code('Activation.backward', 'Dense.backward', 'Sgd.step', 'ReferenceKernels.columnSums'),
      net: 'A',
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
      symbols: [X, CW, CB, Z2, HW2, HB2, G, W2, B, Y, R],
      code: code('Network.forward', 'Dense.forward', 'Activation.forward', 'relu'),
      net: 'A2',
    },
    {
      id: 'A7',
      note: 'A',
      title: 'the step of the first of two hidden layers',
      latex: [
        tex`-\alpha \nabla_{\mathit{CW}} = \frac{\alpha}{N} \left[ \mathit{HW}^\top \left( W^\top (L - S) \odot R'(\mathit{HW} \cdot Z + \mathit{HB}) \right) \odot R'(\mathit{CW} \cdot X + \mathit{CB}) \right] X^\top`,
        tex`-\alpha \nabla_{\mathit{CB}} = \frac{\alpha}{N} \left[ \mathit{HW}^\top \left( W^\top (L - S) \odot R'(\mathit{HW} \cdot Z + \mathit{HB}) \right) \odot R'(\mathit{CW} \cdot X + \mathit{CB}) \right] \cdot \mathbf{1}`,
      ],
      symbols: [CW, CB, Z2, HW2, HB2, W2, L, S, R, X, ONES, ALPHA, SAMPLES],
      code: code('Network.backward', 'Activation.backward', 'Dense.backward', 'Sgd.step'),
      net: 'A2',
    },
    {
      id: 'A9',
      note: 'A',
      title: 'the step of a hidden weight and of a hidden bias, entry by entry',
      latex: [
        tex`-\alpha \nabla_{\mathit{hw}_{km}} = \frac{\alpha}{N} \sum_i \sum_j (L_{ji} - S_{ji}) w_{jk} \cdot R'\left( \sum_m \mathit{hw}_{km} x_{mi} + \mathit{hb}_k \right) \cdot x_{mi}`,
        tex`-\alpha \nabla_{\mathit{hb}_k} = \frac{\alpha}{N} \sum_i \sum_j (L_{ji} - S_{ji}) w_{jk} \cdot R'\left( \sum_m \mathit{hw}_{km} x_{mi} + \mathit{hb}_k \right)`,
      ],
      symbols: [W, L, S, R, HW, X, HB, ALPHA, SAMPLES],
      code: code('Activation.backward', 'Dense.backward', 'Sgd.step', 'ReferenceKernels.weightGradient'),
      net: 'A',
    },
    {
      id: 'A10',
      note: 'A',
      title: 'the same with the samples gathered in a row',
      latex: [
        tex`-\alpha \nabla_{\mathit{hw}_{km}} = \frac{\alpha}{N} \sum_i \left( \sum_j w_{jk} (L - S)_{ji} \right) \left( x_{mi} \cdot R'(\mathit{HW} \cdot X + \mathit{HB})_{ki} \right)`,
      ],
      symbols: [W, L, S, R, HW, X, HB, ALPHA, SAMPLES],
      code: code('Activation.backward', 'Dense.backward', 'Sgd.step', 'ReferenceKernels.inputGradient'),
      net: 'A',
    },
    {
      id: 'A11',
      note: 'A',
      title: 'the step of the first of two hidden layers, entry by entry',
      latex: [
        tex`-\alpha \nabla_{\mathit{cw}_{km}} = \frac{\alpha}{N} \sum_i \sum_j (L_{ji} - S_{ji}) \left( \sum_q w_{jq} \cdot R'\left( \sum_k \mathit{hw}_{qk} z_{ki} + \mathit{hb}_q \right) \cdot \mathit{hw}_{qk} \cdot R'\left( \sum_m \mathit{cw}_{km} x_{mi} + \mathit{cb}_k \right) \cdot x_{mi} \right)`,
        tex`-\alpha \nabla_{\mathit{cb}_k} = \frac{\alpha}{N} \sum_i \sum_j (L_{ji} - S_{ji}) \left( \sum_q w_{jq} \cdot R'\left( \sum_k \mathit{hw}_{qk} z_{ki} + \mathit{hb}_q \right) \cdot \mathit{hw}_{qk} \cdot R'\left( \sum_m \mathit{cw}_{km} x_{mi} + \mathit{cb}_k \right) \right)`,
      ],
      symbols: [CW, CB, Z2, HW2, HB2, W2, L, S, R, X, ALPHA, SAMPLES],
      code: code('Network.backward', 'Activation.backward', 'Dense.backward', 'Sgd.step'),
      net: 'A2',
    },
  ],
  slips: SLIPS_A,
};
