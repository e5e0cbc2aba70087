/** Suspects in weight decay: λW missing, doubled, of the wrong sign, or where it does not belong. */

import { Random } from '../../kernels/random.ts';
import { ModuleError } from '../module/errors.ts';
import { batchOf } from './batch-axis.ts';
import { type Evidence, factorOf, plus, type SuspectSearch } from './evidence.ts';
import { short } from './factors.ts';

/** A factor below this is the rounding of the differences, no λ. */
const MIN_DECAY = 1e-8;

/** The gradient is right but for some c · W. */
export const decay: SuspectSearch = function* (evidence) {
  const { tensor, point, analytic, numeric } = evidence;
  const values = point?.tensors[tensor]?.values;
  if (tensor === 'x' || tensor === 'y' || values === undefined || values.length !== analytic.length) return;
  // Of a single entry any difference is some multiple.
  if (values.length < 2) return;
  const c = factorOf(values, plus(numeric.values, -1, analytic));
  if (!(Math.abs(c) > MIN_DECAY)) return;
  yield { text: textOf(c, evidence), right: plus(analytic, c, values) };
};

/** @param c what the gradient lacks, n − a = c W */
function textOf(c: number, evidence: Evidence): string {
  const { tensor, shape, loss, lambda } = evidence;
  const term = `λ${tensor}`;
  const gradient = `∂/∂${tensor} of λ/2 Σ w² is ${term} (C4)`;
  const amount = `${short(Math.abs(c))} × ${tensor}`;
  const isBias = shape.filter((n) => n !== 1).length < 2;
  const seen = lambda ?? (loss === true ? lambdaOf(evidence) : 0);
  const is = (factor: number) => Math.abs(c - factor * seen) <= 1e-3 * Math.abs(seen);
  if (seen > MIN_DECAY && !isBias) {
    const n = batchOf(evidence);
    // What backward adds is (λ − c) W; of λ as it is seen far out only three digits are sure, of c all.
    const share = decayShares(n).find((factor) => is(1 - factor));
    const found = `λ = ${short(share === undefined ? seen : c / (1 - share))}`;
    if (share !== undefined) return decayText(share, tensor, found, n);
    if (lambda !== undefined) {
      return `the factor of ${tensor} is not λ: ${short(seen - c)} × ${tensor} is added, ${found} is right; ${gradient}.`;
    }
  }
  if (c < 0 && isBias)
    return `${amount} is added as weight decay, but biases are not decayed (C2): leave it out.`;
  // A loss that grows with the square of W may owe that to its L2 term or to itself.
  if (c < 0 && seen > 1e-3 * -c)
    return `${amount} too much: ${term} is added twice, or forward has no L2 term.`;
  if (c < 0) return `${amount} is added as weight decay, but forward has no L2 term: leave ${term} out.`;
  if (seen > MIN_DECAY && !isBias) {
    return `${amount} is missing: the factor of ${tensor} is not the λ of the loss; ${gradient}.`;
  }
  if (isBias || loss !== true)
    return `${amount} is missing, as if weight decay of the wrong sign were in it.`;
  return `the L2 term is missing: add ${term} with λ = ${short(c)}; ${gradient}. (If ${term} is subtracted already, λ is half of that and its sign is wrong.)`;
}

/** The wrong factors of λW that have a name. */
export const decayShares = (n: number): number[] => [0, 2, -1, 1 / 2, ...(n === 1 ? [] : [1 / n, n])];

/**
 * What is wrong with `share` × λW.
 *
 * @param found what λ is: `λ = 0.1`
 * @param n how many samples the batch has
 */
export function decayText(share: number, tensor: string, found: string, n: number): string {
  const term = `λ${tensor}`;
  const right = `∂/∂${tensor} of λ/2 Σ w² is ${term} (C4)`;
  if (share === 0) return `the L2 term is missing: add ${term} with ${found}; ${right}.`;
  if (share === -1) return `${term} has the wrong sign: add it, with ${found}; ${right}.`;
  if (share === 1 / 2)
    return `half of ${term} is missing: the 2 of the square cancels the ½; ${right}, ${found}.`;
  if (share === 1 / n)
    return `${term} is divided by N = ${n}: the loss is a mean over the samples, its L2 term is not; ${right}, ${found}.`;
  if (share === 2) return `${term} is added twice, or 2${term}: ${found} once is right; ${right}.`;
  return `${term} is multiplied by N = ${n}; ${right}, ${found}.`;
}

/** How far out the loss is looked at first: there λ/2 Σ w² outgrows every loss that is at most linear. */
const FAR = 2 ** 24;

/** Along how many random directions, besides W and −W. */
const DIRECTIONS = 6;

/**
 * The λ of a loss with an L2 term: along a line t · D the second difference f(3t) − 2f(2t) + f(t) is λ t² Σ d², as the
 * rest of the loss is nearly straight far out. It is looked at as far out as the loss has values: log p is −∞ where
 * p is rounded to 0. What is not straight yet curves upwards in most losses, so that the least of several lines is best.
 */
function lambdaOf({ tensor, point, scalar }: Evidence): number {
  if (point === undefined || scalar === undefined) return 0;
  const { shape, values } = point.tensors[tensor];
  const random = new Random(0, 'weight decay');
  const lines = [
    values,
    values.map((w) => -w),
    ...Array.from({ length: DIRECTIONS }, () => values.map(() => random.uniform(-1, 1))),
  ];
  const found = lines.map((line) => {
    const at = (t: number) =>
      scalar({
        ...point,
        tensors: { ...point.tensors, [tensor]: { shape, values: line.map((w) => t * w) } },
      });
    const square = line.reduce((sum, w) => sum + w * w, 0);
    for (let t = FAR; t >= 1; t /= 2) {
      try {
        return (at(3 * t) - 2 * at(2 * t) + at(t)) / (t * t * square);
      } catch (error) {
        if (!(error instanceof ModuleError)) throw error;
      }
    }
    return 0;
  });
  return found.reduce((least, lambda) => Math.min(least, lambda));
}
