/** The project's own formulas of the activations that no note has, on note D's network. */

import { code } from './code.ts';
import type { Formula } from './formula.ts';
import { letter, tex } from './notation.ts';

const z1 = letter('z¹', 'z^1', 'K × 1', 'pre-activations of the hidden layer');
const x1 = letter('x¹', 'x^1', 'K × 1', 'outputs of the hidden layer');
const W2 = letter('W²', 'W^2', 'K × M', 'weights of the output layer');
const delta1 = letter('δ¹', tex`\delta^1`, 'K × 1', '∂L/∂z¹');
const delta2 = letter('δ²', tex`\delta^2`, 'M × 1', '∂L/∂z²');
const symbols = [z1, x1, W2, delta1, delta2];

const T = '1.5957691216057308 * (z¹ + 0.044715 z¹ ⊙ z¹ ⊙ z¹)';
const SLOPE = '1.5957691216057308 * (1 + 0.134145 z¹ ⊙ z¹)';

export const ACTIVATION_FORMULAS: readonly Formula[] = [
  {
    id: 'X20',
    note: 'X',
    title: 'leaky ReLU',
    latex: [
      tex`x^1 = \max(0, z^1) - 0.01 \max(0, -z^1)`,
      tex`\delta^1 = (W^2 \delta^2) \odot (\mathbb{1}[z^1 \gt 0] + 0.01 \cdot \mathbb{1}[z^1 \le 0])`,
    ],
    unicode: ['x¹ = max(0, z¹) − 0.01 max(0, −z¹)', 'δ¹ = (W² δ²) ⊙ (𝟙[z¹ > 0] + 0.01 · 𝟙[z¹ ≤ 0])'],
    symbols,
    code: code('Activation.forward', 'Activation.backward', 'leakyRelu', 'leakyReluGradient'),
    derivation:
      'Each side of 0 is linear, with slope 1 above and 0.01 below. At 0 the two slopes differ, and that from below is taken.',
    source:
      'Maas, Hannun and Ng 2013, Rectifier nonlinearities improve neural network acoustic models, ICML.',
    net: 'D',
    activation: 'leaky-relu',
    equations: ['x¹ = max(0, z¹) − 0.01 max(0, −z¹)', 'δ¹ = (W² δ²) ⊙ (1[z¹ > 0] + 0.01 * 1[z¹ <= 0])'],
  },
  {
    id: 'X21',
    note: 'X',
    title: 'ELU with α = 1',
    latex: [
      tex`x^1 = \max(0, z^1) + e^{\min(0, z^1)} - 1`,
      tex`\delta^1 = (W^2 \delta^2) \odot e^{\min(0, z^1)}, \quad e^{\min(0, z^1)} = \min(0, x^1) + 1`,
    ],
    unicode: [
      'x¹ = max(0, z¹) + exp(min(0, z¹)) − 1',
      'δ¹ = (W² δ²) ⊙ exp(min(0, z¹)), exp(min(0, z¹)) = min(0, x¹) + 1',
    ],
    symbols,
    code: code('Activation.forward', 'Activation.backward', 'elu', 'eluGradient'),
    derivation:
      'Above 0 it is z with slope 1; below, (e^z − 1)′ = e^z, which the output gives without another exponential as x + 1. Both slopes are 1 at 0: the derivative has a corner there, the function none.',
    source: 'Clevert, Unterthiner and Hochreiter 2016, arXiv:1511.07289.',
    net: 'D',
    activation: 'elu',
    equations: [
      'x¹ = max(0, z¹) + exp(−max(0, −z¹)) − 1',
      'δ¹ = (W² δ²) ⊙ exp(−max(0, −z¹))',
      'δ¹ = (W² δ²) ⊙ (1 − max(0, −x¹))',
    ],
  },
  {
    id: 'X22',
    note: 'X',
    title: 'GELU in its tanh form',
    latex: [
      tex`x^1 = \frac{1}{2} z^1 \odot (1 + \tanh \frac{t}{2}) = z^1 \odot \sigma(t), \quad t = 2 \sqrt{2/\pi} (z^1 + 0.044715 (z^1)^{\odot 3})`,
      tex`\delta^1 = (W^2 \delta^2) \odot (\sigma(t) + z^1 \odot \sigma(t) \odot \sigma(-t) \odot t'), \quad t' = 2 \sqrt{2/\pi} (1 + 3 \cdot 0.044715 (z^1)^{\odot 2})`,
    ],
    unicode: [
      'x¹ = ½ z¹ ⊙ (1 + tanh(t/2)) = z¹ ⊙ σ(t), t = 2√(2/π) (z¹ + 0.044715 z¹ ⊙ z¹ ⊙ z¹)',
      'δ¹ = (W² δ²) ⊙ (σ(t) + z¹ ⊙ σ(t) ⊙ σ(−t) ⊙ t′), t′ = 2√(2/π) (1 + 3 · 0.044715 z¹ ⊙ z¹)',
    ],
    symbols,
    code: code('Activation.forward', 'Activation.backward', 'gelu', 'geluGradient'),
    derivation:
      '½ (1 + tanh(t/2)) is σ(t), which unlike the former loses no digits where t is far below 0. The product rule gives σ(t) + z (σ(t))′, the chain rule (σ(t))′ = σ′(t) t′, and σ′ = σ (1 − σ) = σ(t) σ(−t).',
    source:
      'Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2. The tanh form is taken, and not z Φ(z): it needs no error function, of which every machine would have to compute the same bits.',
    net: 'D',
    activation: 'gelu',
    equations: [
      `x¹ = (1/2) z¹ ⊙ (1 + tanh((1/2) * ${T}))`,
      `x¹ = z¹ ⊙ σ(${T})`,
      `δ¹ = (W² δ²) ⊙ (σ(${T}) + z¹ ⊙ σ(${T}) ⊙ σ(−${T}) ⊙ (${SLOPE}))`,
    ],
  },
  {
    id: 'X23',
    note: 'X',
    title: 'softplus',
    latex: [tex`x^1 = \log(1 + e^{z^1})`, tex`\delta^1 = (W^2 \delta^2) \odot \sigma(z^1)`],
    unicode: ['x¹ = log(1 + exp(z¹))', 'δ¹ = (W² δ²) ⊙ σ(z¹)'],
    symbols,
    code: code('Activation.forward', 'Activation.backward', 'softplus', 'softplusGradient'),
    derivation:
      '(log(1 + e^z))′ = e^z / (1 + e^z), which is σ(z). The code computes max(0, z) + log(1 + e^{−∣z∣}), the same without an exponential that overflows.',
    source:
      'Dugas, Bengio, Bélisle, Nadeau and Garcia 2001, Incorporating second-order functional knowledge for better option pricing, NIPS 13.',
    net: 'D',
    activation: 'softplus',
    equations: ['x¹ = log(1 + exp(z¹))', 'δ¹ = (W² δ²) ⊙ σ(z¹)'],
  },
];
