/** The project's own formulas: the updates of the optimizers and the schedules of the learning rate. */

import type { WrittenFormula } from '../formula.ts';
import { code } from './code.ts';
import { letter, tex } from './notation.ts';

const w = letter('w', 'w', 'any', 'a parameter: the entries of a weight matrix or bias, each for itself');
const g = letter(
  'g',
  'g',
  'as w',
  '∂L/∂w, the mean over the batch; what the terms L2 and L1 of the loss add is included',
);
const eta = letter('η', tex`\eta`, 'scalar', 'the learning rate of the step (α in the notes)');
const v = letter('v', 'v', 'as w', 'the velocity; 0 before the first step');
const mu = letter('μ', tex`\mu`, 'scalar', 'momentum, from 0 up to 1 (default 0.9)');
const s = letter('s', 's', 'as w', 'the mean square of the gradients; 0 before the first step');
const rho = letter('ρ', tex`\rho`, 'scalar', 'how much of the mean square is kept (0.9)');
const eps = letter('ε', tex`\varepsilon`, 'scalar', 'keeps the divisor above 0 (1e-8)');
const m = letter('m', 'm', 'as w', 'the mean of the gradients; 0 before the first step');
const t = letter('t', 't', 'count', 'the step, counted from 1');
const beta1 = letter('β₁', tex`\beta_1`, 'scalar', 'how much of the mean is kept (0.9)');
const beta2 = letter('β₂', tex`\beta_2`, 'scalar', 'how much of the mean square is kept (0.999)');
const lambda = letter('λ', tex`\lambda`, 'scalar', 'the decay; of biases 0');
const f = letter('f', 'f', 'scalar', 'the factor of the learning rate at step t');
const from0 = letter('t', 't', 'count', 'the step, counted from 0');
const T = letter('T', 'T', 'count', 'the steps of the run; after a warm-up those that are left');
const gamma = letter('γ', tex`\gamma`, 'scalar', 'the decay, above 0 and at most 1');
const E = letter('E', 'E', 'count', 'the steps of an epoch');

const adamMoments = {
  latex: [tex`m \leftarrow \beta_1 m + (1 - \beta_1) g`, tex`s \leftarrow \beta_2 s + (1 - \beta_2) g^2`],
};
const adamStep = tex`\frac{m / (1 - \beta_1^t)}{\sqrt{s / (1 - \beta_2^t)} + \varepsilon}`;

export const OPTIMIZER_FORMULAS: readonly WrittenFormula[] = [
  {
    id: 'X1',
    note: 'X',
    title: 'stochastic gradient descent',
    latex: [tex`w \leftarrow w - \eta g`],
    symbols: [w, eta, g],
    code: code('Sgd.step', 'ReferenceKernels.addScaled'),
    derivation:
      'To first order the loss changes by g · Δw, which of all steps of one length is least along −g. After T steps w is w₀ − Σ ηₜ gₜ.',
    source:
      'H. Robbins and S. Monro 1951, A stochastic approximation method, Annals of Mathematical Statistics 22.',
  },
  {
    id: 'X2',
    note: 'X',
    title: 'momentum',
    latex: [tex`v \leftarrow \mu v + g`, tex`w \leftarrow w - \eta v`],
    symbols: [v, mu, g, w, eta],
    code: code('Momentum.step', 'ReferenceKernels.momentumStep'),
    derivation:
      'Unrolled, vₜ = Σᵢ μ^{t−i} gᵢ over i = 1 … t. Along a direction in which g stays the same this grows to g / (1 − μ), the length of 1 / (1 − μ) plain steps; where g changes its sign it cancels. η stands outside of v, so that a schedule acts at once.',
    source:
      'B. T. Polyak 1964, Some methods of speeding up the convergence of iteration methods, USSR Computational Mathematics and Mathematical Physics 4.',
  },
  {
    id: 'X3',
    note: 'X',
    title: 'Nesterov’s accelerated gradient',
    latex: [tex`v \leftarrow \mu v + g`, tex`w \leftarrow w - \eta (g + \mu v)`],
    symbols: [v, mu, g, w, eta],
    code: code('Nesterov.step', 'ReferenceKernels.nesterovStep'),
    derivation:
      'Nesterov takes the gradient where the velocity is about to lead: u ← u − η v with v ← μ v + g, g taken at w = u − ημ v. Written for w, the point looked ahead to, with v′ the velocity before, a step is Δw = −η v − ημ v + ημ v′ = −η (μ v′ + g) − ημ v + ημ v′ = −η (g + μ v), if η stays the same.',
    source:
      'Y. Nesterov 1983, A method of solving a convex programming problem with convergence rate O(1/k²), Soviet Mathematics Doklady 27; I. Sutskever, J. Martens, G. Dahl and G. Hinton 2013, On the importance of initialization and momentum in deep learning, ICML.',
  },
  {
    id: 'X4',
    note: 'X',
    title: 'RMSProp',
    latex: [
      tex`s \leftarrow \rho s + (1 - \rho) g^2`,
      tex`w \leftarrow w - \eta \frac{g}{\sqrt{s} + \varepsilon}`,
    ],
    symbols: [s, rho, g, w, eta, eps],
    code: code('RmsProp.step', 'ReferenceKernels.rmsPropStep'),
    derivation:
      'Unrolled, sₜ = (1 − ρ) Σᵢ ρ^{t−i} gᵢ², a mean of the squares in which older ones count less. Gradients c times as large make √s c times as large, so the step does not depend on their size.',
    source:
      'T. Tieleman and G. Hinton 2012, Lecture 6.5, rmsprop, Neural Networks for Machine Learning (Coursera).',
  },
  {
    id: 'X5',
    note: 'X',
    title: 'Adam',
    latex: [...adamMoments.latex, tex`w \leftarrow w - \eta ${adamStep}`],
    symbols: [m, s, beta1, beta2, g, t, w, eta, eps],
    code: code('Adam.step', 'ReferenceKernels.adamStep'),
    derivation:
      'Unrolled, mₜ = (1 − β₁) Σᵢ β₁^{t−i} gᵢ: the weights of the gradients sum to (1 − β₁)(1 + β₁ + … + β₁^{t−1}) = 1 − β₁ᵗ, not to 1, because m begins at 0. Divided by that sum it is a weighted mean of the gradients; likewise s of their squares.',
    source: 'D. P. Kingma and J. Ba 2015, Adam: a method for stochastic optimization, ICLR.',
  },
  {
    id: 'X6',
    note: 'X',
    title: 'AdamW, Adam with decoupled decay',
    latex: [...adamMoments.latex, tex`w \leftarrow (1 - \eta \lambda) w - \eta ${adamStep}`],
    symbols: [m, s, beta1, beta2, { ...g, meaning: '∂L/∂w, without an L2 term' }, t, w, eta, lambda, eps],
    code: code('AdamW.step', 'ReferenceKernels.adamStep'),
    derivation:
      'With λw in the gradient, Adam would divide the decay by √s too, so that weights of large gradients would decay less. Outside of the gradient every weight decays by the same factor 1 − ηλ, as it does under SGD with L2, where w − η (g + λw) = (1 − ηλ) w − η g.',
    source: 'I. Loshchilov and F. Hutter 2019, Decoupled weight decay regularization, ICLR.',
  },
  {
    id: 'X7',
    note: 'X',
    title: 'the step schedule',
    latex: [tex`f = \gamma^{k}, \quad k = \mathbb{1}[t \geq T/2] + \mathbb{1}[t \geq 3T/4]`],
    symbols: [f, gamma, from0, T],
    code: code('makeSchedule'),
    derivation: 'The noise of the steps is proportional to η: with a smaller one the weights settle.',
    source: 'K. He, X. Zhang, S. Ren and J. Sun 2016, Deep residual learning for image recognition, CVPR.',
  },
  {
    id: 'X8',
    note: 'X',
    title: 'the exponential schedule',
    latex: [tex`f = \gamma^{t / E}`],
    symbols: [f, gamma, from0, E],
    code: code('makeSchedule'),
    derivation: 'The same factor from step to step, γ over an epoch.',
    source: 'common practice, as exponential_decay in TensorFlow (M. Abadi and others 2016, OSDI).',
  },
  {
    id: 'X9',
    note: 'X',
    title: 'the cosine schedule',
    latex: [tex`f = \frac{1}{2} \left( 1 + \cos \frac{\pi t}{T} \right)`],
    symbols: [f, from0, T],
    code: code('makeSchedule'),
    derivation: 'Half a period from 1 to 0, level at both ends; there are no restarts.',
    source: 'I. Loshchilov and F. Hutter 2017, SGDR: stochastic gradient descent with warm restarts, ICLR.',
  },
  {
    id: 'X10',
    note: 'X',
    title: 'the one-cycle schedule',
    latex: [
      tex`f = \frac{1}{25} + \frac{24}{25} \cdot \frac{t}{0.3 T}, \quad t \lt 0.3 T`,
      tex`f = \frac{1}{2} \left( 1 + \cos \frac{\pi (t - 0.3 T)}{0.7 T} \right), \quad t \geq 0.3 T`,
    ],
    symbols: [f, from0, T],
    code: code('makeSchedule'),
    derivation:
      'A short rise lets the first steps find a region where a large η is stable; most of the run is spent on the way down. The two lines meet at 1. Smith goes down in straight lines; the cosine is that of the fastai library.',
    source:
      'L. N. Smith 2018, A disciplined approach to neural network hyper-parameters, part 1, arXiv:1803.09820.',
  },
  {
    id: 'X11',
    note: 'X',
    title: 'warm-up',
    latex: [tex`f = \frac{t + 1}{U}, \quad t \lt U`],
    symbols: [f, from0, letter('U', 'U', 'count', 'the steps of the warm-up, before those of the schedule')],
    code: code('makeSchedule'),
    derivation:
      'The first gradients are those of random weights. The rate reaches its value with the last step of the warm-up, and the schedule has the rest of the run.',
    source:
      'P. Goyal and others 2017, Accurate, large minibatch SGD: training ImageNet in 1 hour, arXiv:1706.02677.',
  },
];
