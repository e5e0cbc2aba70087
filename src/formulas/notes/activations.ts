/** The project's own formulas of the activations that no note has, on note D's network. */

import type { WrittenFormula } from '../formula.ts';
import { code } from './code.ts';
import { letter, tex } from './notation.ts';

const z1 = letter('z¹', 'z^1', 'K × 1', 'pre-activations of the hidden layer');
const x1 = letter('x¹', 'x^1', 'K × 1', 'outputs of the hidden layer');
const W2 = letter('W²', 'W^2', 'K × M', 'weights of the output layer');
const delta1 = letter('δ¹', tex`\delta^1`, 'K × 1', '∂L/∂z¹');
const delta2 = letter('δ²', tex`\delta^2`, 'M × 1', '∂L/∂z²');
const symbols = [z1, x1, W2, delta1, delta2];

/** t/2 of GELU, for t = 2 √(2/π) (z + 0.044715 z³). */
const HALF_T = tex`\sqrt{2 / \pi} (z^1 + 0.044715 (z^1)^{\odot 3})`;

export const ACTIVATION_FORMULAS: readonly WrittenFormula[] = [
  {
    id: 'X20',
    note: 'X',
    title: 'leaky ReLU',
    latex: [
      tex`x^1 = \max(0, z^1) - 0.01 \max(0, -z^1)`,
      tex`\delta^1 = (W^2 \delta^2) \odot (\mathbb{1}[z^1 \gt 0] + 0.01 \cdot \mathbb{1}[z^1 \le 0])`,
    ],
    symbols,
    code: code('Activation.forward', 'Activation.backward', 'leakyRelu', 'leakyReluGradient'),
    derivation:
      'Each side of 0 is linear, with slope 1 above and 0.01 below. At 0 the two slopes differ, and that from below is taken.',
    source:
      'Maas, Hannun and Ng 2013, Rectifier nonlinearities improve neural network acoustic models, ICML.',
    net: 'D',
    activation: 'leaky-relu',
  },
  {
    id: 'X21',
    note: 'X',
    title: 'ELU with α = 1',
    latex: [
      tex`x^1 = \max(0, z^1) + e^{\min(0, z^1)} - 1`,
      tex`\delta^1 = (W^2 \delta^2) \odot e^{\min(0, z^1)}`,
      tex`\delta^1 = (W^2 \delta^2) \odot (\min(0, x^1) + 1)`,
    ],
    symbols,
    code: code('Activation.forward', 'Activation.backward', 'elu', 'eluGradient'),
    derivation:
      'Above 0 it is z with slope 1; below, (e^z − 1)′ = e^z, which the output gives without another exponential as x + 1. Both slopes are 1 at 0: the derivative has a corner there, the function none.',
    source: 'Clevert, Unterthiner and Hochreiter 2016, arXiv:1511.07289.',
    net: 'D',
    activation: 'elu',
  },
  {
    id: 'X22',
    note: 'X',
    title: 'GELU in its tanh form',
    latex: [
      tex`x^1 = \frac{1}{2} z^1 \odot (1 + \tanh(${HALF_T}))`,
      tex`x^1 = z^1 \odot \sigma(2 ${HALF_T})`,
      tex`\delta^1 = (W^2 \delta^2) \odot (\sigma(2 ${HALF_T}) + z^1 \odot \sigma(2 ${HALF_T}) \odot \sigma(-2 ${HALF_T}) \odot (2 \sqrt{2 / \pi} (1 + 3 \cdot 0.044715 (z^1)^{\odot 2})))`,
    ],
    symbols,
    code: code('Activation.forward', 'Activation.backward', 'gelu', 'geluGradient'),
    derivation:
      '½ (1 + tanh(t/2)) is σ(t), which unlike the former loses no digits where t is far below 0. The product rule gives σ(t) + z (σ(t))′, the chain rule (σ(t))′ = σ′(t) t′, and σ′ = σ (1 − σ) = σ(t) σ(−t).',
    source:
      'Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2. The tanh form is taken, and not z Φ(z): it needs no error function, of which every machine would have to compute the same bits.',
    net: 'D',
    activation: 'gelu',
  },
  {
    id: 'X23',
    note: 'X',
    title: 'softplus',
    latex: [tex`x^1 = \log(1 + e^{z^1})`, tex`\delta^1 = (W^2 \delta^2) \odot \sigma(z^1)`],
    symbols,
    code: code('Activation.forward', 'Activation.backward', 'softplus', 'softplusGradient'),
    derivation:
      '(log(1 + e^z))′ = e^z / (1 + e^z), which is σ(z). The code computes max(0, z) + log(1 + e^{−∣z∣}), the same without an exponential that overflows.',
    source:
      'Dugas, Bengio, Bélisle, Nadeau and Garcia 2001, Incorporating second-order functional knowledge for better option pricing, NIPS 13.',
    net: 'D',
    activation: 'softplus',
  },
  {
    id: 'X28',
    note: 'X',
    title: 'SiLU',
    latex: [
      tex`x^1 = z^1 \odot \sigma(z^1)`,
      tex`\delta^1 = (W^2 \delta^2) \odot (\sigma(z^1) + z^1 \odot \sigma(z^1) \odot \sigma(-z^1))`,
    ],
    symbols,
    code: code('Activation.forward', 'Activation.backward', 'silu', 'siluGradient'),
    derivation:
      'The product rule gives (z σ(z))′ = σ(z) + z σ′(z), and σ′ = σ (1 − σ) = σ(z) σ(−z). Below 0 it has a minimum, near −1.28, and then rises to 0. With a factor β in the sigmoid it is called Swish.',
    source:
      'S. Elfwing, E. Uchibe and K. Doya 2018, Sigmoid-weighted linear units for neural network function approximation in reinforcement learning, Neural Networks 107.',
    net: 'D',
    activation: 'silu',
  },
];
