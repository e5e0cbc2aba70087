/** The project's own formulas on the notes' networks: the gradients and the loss that no note states. */

import type { WrittenFormula } from '../formula.ts';
import { code } from './code.ts';
import { letter, tex } from './notation.ts';

const L = letter('L', 'L', 'J × N', 'labels, one-hot: 1 at a sample’s class');
const S = letter('S', 'S', 'J × N', 'probabilities: the softmax of each column of the scores');
const Z = letter('Z', 'Z', 'K × N', 'outputs of the first hidden layer');
const G = letter('G', 'G', 'Q × N', 'outputs of the second hidden layer');
const W = letter('W', 'W', 'J × Q', 'weights of the output layer');
const H = letter('H', 'H', 'Q × N', 'HW·Z + HB, before the second ReLU; R′ is its derivative 𝟙[· > 0]');
const ALPHA = letter('α', tex`\alpha`, 'scalar', 'learning rate');
const SAMPLES = letter('N', 'N', 'scalar', 'how many samples the batch has');
const ONES = letter('𝟏', tex`\mathbf{1}`, 'N × 1', 'a column of ones: A·𝟏 are the row sums of A');

const BACKPROPAGATION =
  'D. E. Rumelhart, G. E. Hinton and R. J. Williams 1986, Learning representations by back-propagating errors, Nature 323.';

export const BEYOND_NOTES: readonly WrittenFormula[] = [
  {
    id: 'X12',
    note: 'X',
    title: 'the step of the output layer, in note A’s letters',
    latex: [
      tex`-\alpha \nabla_W = \frac{\alpha}{N} (L - S) Z^\top`,
      tex`-\alpha \nabla_B = \frac{\alpha}{N} \sum_i (L - S)_i`,
    ],
    symbols: [L, S, Z, ALPHA, SAMPLES],
    code: code('MeanLoss.backward', 'Dense.backward', 'Sgd.step', 'ReferenceKernels.weightGradient'),
    derivation:
      'The δ of the scores is (S − L)/N. Y = W·Z + B gives ∂L/∂W = δZᵀ and ∂L/∂B = δ summed over the samples. The step is −α times each. Note A derives the steps of the layers below only.',
    source: BACKPROPAGATION,
    net: 'A',
  },
  {
    id: 'X13',
    note: 'X',
    title: 'the steps above the first of two hidden layers, in note A’s letters',
    latex: [
      tex`-\alpha \nabla_W = \frac{\alpha}{N} (L - S) G^\top`,
      tex`-\alpha \nabla_B = \frac{\alpha}{N} (L - S) \cdot \mathbf{1}`,
      tex`-\alpha \nabla_{\mathit{HW}} = \frac{\alpha}{N} \left[ W^\top (L - S) \odot R'(H) \right] Z^\top`,
      tex`-\alpha \nabla_{\mathit{HB}} = \frac{\alpha}{N} \left[ W^\top (L - S) \odot R'(H) \right] \cdot \mathbf{1}`,
    ],
    symbols: [L, S, G, W, H, Z, ONES, ALPHA, SAMPLES],
    code: code('Network.backward', 'Activation.backward', 'Dense.backward', 'Sgd.step'),
    derivation:
      'As X12 at the output. Below it, Wᵀ takes the δ back to G, and R′(H) takes it through the ReLU: the same line as A4, with Z in the place of X.',
    source: BACKPROPAGATION,
    net: 'A2',
  },
  {
    id: 'X14',
    note: 'X',
    title: 'the affine layer with a bias',
    latex: [
      tex`Y = X W + b`,
      tex`\frac{\partial L}{\partial b} = \sum_n \left( \frac{\partial L}{\partial Y} \right)_n`,
    ],
    symbols: [
      letter('X', 'X', 'N × D', 'the inputs, one sample a row'),
      letter('W', 'W', 'D × M', 'weights'),
      letter('b', 'b', '1 × M', 'biases, added to every row'),
      letter('Y', 'Y', 'N × M', 'the scores'),
      letter('L', 'L', 'scalar', 'any loss of Y'),
    ],
    code: code('Dense.forward', 'Dense.backward', 'ReferenceKernels.columnSums'),
    derivation:
      'yₙⱼ = Σₖ xₙₖ wₖⱼ + bⱼ, so ∂yₙⱼ/∂bⱼ = 1 for every row n, and the chain rule adds up the rows: ∂L/∂bⱼ = Σₙ ∂L/∂yₙⱼ. Note E’s Y = XW has no b.',
    source: BACKPROPAGATION,
    net: 'E-bias',
  },
  {
    id: 'X15',
    note: 'X',
    title: 'the sigmoid output and its binary cross-entropy',
    latex: [
      tex`P = \sigma(S)`,
      tex`L = -\frac{1}{N} \sum_n \sum_j \left( y_{nj} \log P_{nj} + (1 - y_{nj}) \log (1 - P_{nj}) \right) + \frac{\lambda}{2} \sum w^2`,
      tex`\frac{\partial L}{\partial S} = \frac{P - Y}{N}`,
    ],
    symbols: [
      letter('P', 'P', 'N × C', 'probabilities: σ of each score, a class by itself'),
      letter('S', 'S', 'N × C', 'scores of the C classes'),
      letter('σ', tex`\sigma`, 'elementwise', 'the sigmoid, 1 / (1 + e^{−·})'),
      letter('L', 'L', 'scalar', 'the loss, L2 term included'),
      letter('Y', 'Y', 'N × C', 'targets, one-hot by rows'),
      SAMPLES,
      letter('λ', tex`\lambda`, 'scalar', 'the weight of the L2 term'),
      letter('w', 'w', 'a column', 'all entries of W₁ and W₂; biases are not decayed'),
    ],
    code: code('MeanLoss.forward', 'MeanLoss.backward', 'sigmoidCrossEntropy', 'sigmoidCrossEntropyGradient'),
    derivation:
      'σ′ = σ(1 − σ), so ∂/∂s of −y log σ(s) − (1 − y) log(1 − σ(s)) is −y(1 − p) + (1 − y)p = p − y. The mean over the batch gives the 1/N.',
    source:
      'S. A. Solla, E. Levin and M. Fleisher 1988, Accelerated learning in layered neural networks, Complex Systems 2.',
    net: 'C-sigmoid',
  },
  {
    id: 'X16',
    note: 'X',
    title: 'an activation under any loss',
    latex: [
      tex`x^1 = \varphi(z^1)`,
      tex`\frac{\partial L}{\partial z^1} = \frac{\partial L}{\partial x^1} \odot \varphi'(z^1)`,
    ],
    symbols: [
      letter('z¹', 'z^1', 'K × 1', 'pre-activations of the layer'),
      letter('x¹', 'x^1', 'K × 1', 'outputs of the layer'),
      letter('φ', tex`\varphi`, 'elementwise', 'the activation'),
      letter('L', 'L', 'scalar', 'any loss'),
    ],
    code: code('Network.forward', 'Network.backward'),
    derivation:
      'xᵢ depends on zᵢ alone, with the slope φ′(zᵢ). The Jacobian ∂x/∂z is therefore diagonal, and the chain rule ∂L/∂zᵢ = Σⱼ ∂L/∂xⱼ ∂xⱼ/∂zᵢ has one term.',
    source: BACKPROPAGATION,
    net: 'D',
  },
  {
    id: 'X17',
    note: 'X',
    title: 'the L2 term of a network of any depth',
    latex: [tex`R = \frac{\lambda}{2} \sum w^2`, tex`\frac{\partial R}{\partial w} = \lambda w`],
    symbols: [
      letter('R', 'R', 'scalar', 'what is added to the loss'),
      letter('λ', tex`\lambda`, 'scalar', 'the strength of the penalty'),
      letter('w', 'w', 'scalar', 'a weight; biases have no penalty'),
    ],
    code: code('L2.forward', 'L2.backward', 'Network.penalty'),
    derivation:
      'Each weight is in one term of the sum, and (λ/2 w²)′ = λ w. Note C has it with two layers of weights.',
    source: 'Krogh and Hertz 1992, A simple weight decay can improve generalization, NIPS 4.',
  },
];
