/** The losses by name: what each makes of one row of outputs and targets, and the facts of it that follow from its formula. */

import { exp, log1p, sigmoid, softplus } from './elementary.ts';
import type { Floats } from './matrix.ts';

/** A loss of one row, and its derivative. A row lies from `start` up to, not including, `end`. */
export interface LossFunctions {
  /** Whether `forward` turns the outputs into probabilities. */
  readonly probabilities: boolean;
  /** The loss of a row of outputs x and targets y; fills the row of p where there are probabilities. */
  readonly forward: (x: Floats, y: Floats, p: Floats, start: number, end: number) => number;
  /** What the gradient is computed from: the outputs or their probabilities. */
  readonly from: 'x' | 'p';
  /** Fills the row of delta with ∂L/∂x · scale; `at` is x or p, as `from` says. */
  readonly gradient: (
    at: Floats,
    y: Floats,
    scale: number,
    delta: Floats,
    start: number,
    end: number,
  ) => void;
  /** Whether each entry of the gradient follows from the entry of x, or p, and of y at its place alone. */
  readonly separable: boolean;
  /** What jumps where a margin sⱼ − s_c + 1 is 0: the gradient (`slope`), its derivative alone (`curvature`), or neither. */
  readonly jump: 'slope' | 'curvature' | 'none';
}

/** ½ Σₖ (x − y)². */
function squaredError(x: Floats, y: Floats, _p: Floats, start: number, end: number): number {
  let sum = 0;
  for (let k = start; k < end; k++) sum += (x[k] - y[k]) * (x[k] - y[k]);
  return sum / 2;
}

/** delta = (x − y) · scale. */
function squaredErrorGradient(
  x: Floats,
  y: Floats,
  scale: number,
  delta: Floats,
  start: number,
  end: number,
): void {
  for (let k = start; k < end; k++) delta[k] = (x[k] - y[k]) * scale;
}

/** p = softmax(s), −Σⱼ yⱼ log pⱼ by log-sum-exp. */
function softmaxCrossEntropy(s: Floats, y: Floats, p: Floats, start: number, end: number): number {
  const top = largestAt(s, start, end);
  const max = s[top];
  let others = 0;
  for (let j = start; j < end; j++) {
    const e = exp(s[j] - max);
    p[j] = e;
    if (j !== top) others += e;
  }
  // The largest term is e⁰ = 1, so the sum is 1 + others and its log keeps the digits of a small `others`.
  const logSum = log1p(others);
  let loss = 0;
  for (let j = start; j < end; j++) {
    p[j] /= 1 + others;
    if (y[j] !== 0) loss += y[j] * (logSum + (max - s[j]));
  }
  return loss;
}

/** delta = (p − y) · scale where p and y sum to 1; without cancellation where p is near y. */
function softmaxCrossEntropyGradient(
  p: Floats,
  y: Floats,
  scale: number,
  delta: Floats,
  start: number,
  end: number,
): void {
  for (let j = start; j < end; j++) {
    const target = y[j];
    // 1 − pⱼ as the sum of the others: near pⱼ = 1 the subtraction would leave only rounding errors.
    let rest = 0;
    if (target !== 0) for (let k = start; k < end; k++) if (k !== j) rest += p[k];
    delta[j] = ((1 - target) * p[j] - target * rest) * scale;
  }
}

/** p = σ(s), −Σⱼ (yⱼ log pⱼ + (1 − yⱼ) log(1 − pⱼ)). */
function sigmoidCrossEntropy(s: Floats, y: Floats, p: Floats, start: number, end: number): number {
  let loss = 0;
  for (let j = start; j < end; j++) {
    const [score, target] = [s[j], y[j]];
    p[j] = sigmoid(score);
    loss += target * softplus(-score) + (1 - target) * softplus(score);
  }
  return loss;
}

/** delta = (σ(s) − y) · scale as ((1 − y) σ(s) − y σ(−s)) · scale; without cancellation where σ(s) is near y. */
function sigmoidCrossEntropyGradient(
  s: Floats,
  y: Floats,
  scale: number,
  delta: Floats,
  start: number,
  end: number,
): void {
  // 1 − σ(s) as σ(−s): near σ(s) = 1 the subtraction would leave only rounding errors.
  for (let j = start; j < end; j++) delta[j] = ((1 - y[j]) * sigmoid(s[j]) - y[j] * sigmoid(-s[j])) * scale;
}

/** Σ_{j ≠ c} max(0, sⱼ − s_c + 1), c the class where y is largest. */
function svm(s: Floats, y: Floats, _p: Floats, start: number, end: number): number {
  const c = largestAt(y, start, end);
  let loss = 0;
  for (let j = start; j < end; j++) {
    const margin = s[j] - s[c] + 1;
    if (j !== c && !(margin <= 0)) loss += margin;
  }
  return loss;
}

/** delta = scale · 𝟙[sⱼ − s_c + 1 > 0] for j ≠ c, and at c minus their sum. */
function svmGradient(s: Floats, y: Floats, scale: number, delta: Floats, start: number, end: number): void {
  const c = largestAt(y, start, end);
  let violations = 0;
  for (let j = start; j < end; j++) {
    const violates = j !== c && s[j] - s[c] + 1 > 0;
    if (violates) violations++;
    delta[j] = violates ? scale : 0;
  }
  delta[c] = -violations * scale;
}

/** The place of the largest entry from `start` to `end`, the first of equals. */
export function largestAt(x: Floats, start: number, end: number): number {
  let at = start;
  for (let j = start + 1; j < end; j++) if (x[j] > x[at]) at = j;
  return at;
}

/** Every loss by the name that `--loss` and model.json give it. */
export const LOSS_FUNCTIONS = {
  'softmax-cross-entropy': {
    probabilities: true,
    forward: softmaxCrossEntropy,
    from: 'p',
    gradient: softmaxCrossEntropyGradient,
    separable: false,
    jump: 'none',
  },
  'squared-error': {
    probabilities: false,
    forward: squaredError,
    from: 'x',
    gradient: squaredErrorGradient,
    separable: true,
    jump: 'none',
  },
  'sigmoid-cross-entropy': {
    probabilities: true,
    forward: sigmoidCrossEntropy,
    from: 'x',
    gradient: sigmoidCrossEntropyGradient,
    separable: true,
    jump: 'none',
  },
  svm: {
    probabilities: false,
    forward: svm,
    from: 'x',
    gradient: svmGradient,
    separable: false,
    jump: 'slope',
  },
} as const satisfies Readonly<Record<string, LossFunctions>>;

export type LossName = keyof typeof LOSS_FUNCTIONS;

export const LOSS_NAMES = Object.keys(LOSS_FUNCTIONS) as LossName[];

/** The functions of a loss, of whatever name. */
export const lossFunctions = (name: LossName): LossFunctions => LOSS_FUNCTIONS[name];
