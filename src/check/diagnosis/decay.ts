/** Suspects in weight decay: λW missing, doubled, of the wrong sign, or where it does not belong. */

import { type Evidence, factorOf, plus, type Search } from './evidence.ts';
import { short } from './factors.ts';

/** A factor below this is the rounding of the differences, no λ. */
const LEAST = 1e-8;

/** The gradient is right but for some c · W. */
export const decay: Search = function* (evidence) {
  const { tensor, point, analytic, numeric } = evidence;
  const values = point?.tensors[tensor]?.values;
  if (tensor === 'x' || tensor === 'y' || values === undefined || values.length !== analytic.length) return;
  // Of a single entry any difference is some multiple.
  if (values.length < 2) return;
  const c = factorOf(values, plus(numeric.values, -1, analytic));
  if (!(Math.abs(c) > LEAST)) return;
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
  const is = (factor: number) => Math.abs(c - factor * seen) <= 1e-4 * Math.abs(seen);
  if (seen > LEAST) {
    const found = `λ = ${short(seen)}`;
    if (is(1)) return `the L2 term is missing: add ${term} with ${found}; ${gradient}.`;
    if (is(-1)) return `${term} is added twice, or 2${term}: ${found} once is right; ${gradient}.`;
    if (is(2)) return `${term} has the wrong sign: add it, with ${found}; ${gradient}.`;
    if (is(1 / 2))
      return `half of ${term} is missing: the 2 of the square cancels the ½; ${gradient}, ${found}.`;
  }
  if (c < 0 && isBias)
    return `${amount} is added as weight decay, but biases are not decayed (C2): leave it out.`;
  // A loss that grows with the square of W may owe that to its L2 term or to itself.
  if (c < 0 && seen > 1e-3 * -c)
    return `${amount} too much: ${term} is added twice, or forward has no L2 term.`;
  if (c < 0) return `${amount} is added as weight decay, but forward has no L2 term: leave ${term} out.`;
  if (isBias || loss !== true)
    return `${amount} is missing, as if weight decay of the wrong sign were in it.`;
  return `the L2 term is missing: add ${term} with λ = ${short(c)}; ${gradient}. (If ${term} is subtracted already, λ is half of that and its sign is wrong.)`;
}

/** How far out the loss is looked at: there λ/2 Σ w² outgrows every loss that is at most linear. */
const FAR = 2 ** 24;

/** The λ of a loss with an L2 term: its second difference far out, over that of ½ Σ w². */
function lambdaOf({ tensor, point, scalar }: Evidence): number {
  if (point === undefined || scalar === undefined) return 0;
  const { shape, values } = point.tensors[tensor];
  const at = (t: number) =>
    scalar({
      ...point,
      tensors: { ...point.tensors, [tensor]: { shape, values: values.map((w) => t * w) } },
    });
  const square = values.reduce((sum, w) => sum + w * w, 0);
  return (at(FAR) - 2 * at(0) + at(-FAR)) / (FAR * FAR * square);
}
