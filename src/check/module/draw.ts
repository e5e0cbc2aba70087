/** One comparison of a module's gradients with differences, at one random point. */

import type { Random } from '../../kernels/random.ts';
import { compare, type Derivative, relativeError } from '../derivative.ts';
import type { Evidence } from '../diagnosis/evidence.ts';
import { centralDifferences, STEP } from '../finite-differences.ts';
import { entryText, type Shape, sameShape, type Tensor } from './arrays.ts';
import { type Modified, ModuleCalls } from './calls.ts';
import { ModuleError } from './errors.ts';
import type { Found } from './gradients.ts';
import { drawTensors, drawUniform, type Point } from './point.ts';
import type { ModuleSettings, Settings } from './settings.ts';
import { openModule } from './subject.ts';

/** One tensor's gradient at the point. */
export interface DrawnGradient {
  readonly tensor: string;
  readonly shape: Shape;
  readonly found: Found;
  readonly derivative: Derivative;
  /** max |a − n| / max |n|; Infinity where the gradient is missing or does not fit. */
  readonly error: number;
  readonly unchecked: number;
  /** What a diagnosis can go by; undefined where there is no gradient. */
  readonly evidence: Evidence | undefined;
}

/** What was found at one point. */
export interface DrawResult {
  readonly calls: ModuleCalls;
  readonly point: Point;
  readonly output: Tensor;
  readonly gradients: readonly DrawnGradient[];
  readonly modified: readonly Modified[];
  /** How far a second backward's gradient is from the first's, by tensor. */
  readonly repeated: ReadonlyMap<string, number>;
  readonly undeclared: readonly string[];
  readonly thrown: string | undefined;
  /** The points of the calls that a module might remember, in order. */
  readonly visited: readonly Point[];
}

/** How often a point is drawn anew to get away from kinks. */
const MOST_TRIES = 10;

/**
 * Draws a point, takes the derivatives, and compares what backward gives there after a call elsewhere.
 *
 * @param before the results of the draws before this one
 * @throws ModuleError if the module cannot be checked
 */
export function runDraw(
  source: unknown,
  options: ModuleSettings,
  random: Random,
  tolerance: number,
  before: readonly DrawResult[],
): DrawResult {
  const subject = openModule(source, options);
  const { settings } = subject;
  const trial: Point = { tensors: drawTensors(settings, random), delta: undefined };
  const calls = new ModuleCalls(subject, trial, before[0]?.output.shape);
  try {
    const elsewhere = drawPoint(calls, settings, random);
    const { point, derivatives, output } = drawAwayFromKinks(calls, settings, random);
    expectFunction(calls, point, output);
    // Another batch first, so that what backward must not use any more differs from what it must use.
    calls.backward(elsewhere);
    const first = calls.backward(point);
    const second = calls.backward(point);
    const earlier = [...before.flatMap(({ visited }) => visited), trial, elsewhere];
    const modified = first.modified;
    const noise = noiseOf(output, point);
    const evidenceOf = (tensor: string, found: Found, derivative: Derivative): Evidence | undefined =>
      found.gradient && {
        tensor,
        shape: settings.shapes[tensor],
        analytic: found.gradient.values,
        analyticShape: sameShape(found.gradient.shape, settings.shapes[tensor])
          ? undefined
          : found.gradient.shape,
        numeric: derivative,
        tolerance,
        point,
        output,
        loss: calls.isLoss,
        lambda: settings.lambda,
        earlier,
        second: second.gradients.get(tensor)?.gradient?.values,
        modified: modified.map(({ what, by }) => `${what} by ${by}`),
        derivative: (other, at) => derivativeBy(calls, other, at).values,
        scalar: (at) => calls.scalar(at),
        untouched: () => calls.backward(point, true).gradients.get(tensor)?.gradient?.values,
      };
    const gradients = [...first.gradients].map(([tensor, found]): DrawnGradient => {
      const derivative = derivatives.get(tensor) as Derivative;
      const { error, unchecked } = judge(found, derivative, noise);
      const isComparable = found.gradient?.values.every(Number.isFinite);
      const evidence =
        error <= tolerance || !isComparable ? undefined : evidenceOf(tensor, found, derivative);
      return { tensor, shape: settings.shapes[tensor], found, derivative, error, unchecked, evidence };
    });
    return {
      calls,
      point,
      output,
      gradients,
      modified,
      repeated: new Map(
        [...first.gradients].map(([tensor, found]) => [tensor, change(found, second.gradients.get(tensor))]),
      ),
      undeclared: first.undeclared,
      thrown: first.thrown ?? second.thrown,
      visited: [trial, elsewhere, point],
    };
  } catch (error) {
    calls.release();
    throw error;
  }
}

/** A point with a δ of the output's shape, if it is not a loss. */
function drawPoint(calls: ModuleCalls, settings: Settings, random: Random): Point {
  const tensors = drawTensors(settings, random);
  if (calls.isLoss) return { tensors, delta: undefined };
  const { shape } = calls.output({ tensors, delta: undefined });
  return { tensors, delta: drawUniform(shape, [-1, 1], random) };
}

/** The derivatives at a point with no kink within their reach, or, of some that were tried, the one with the fewest. */
function drawAwayFromKinks(calls: ModuleCalls, settings: Settings, random: Random) {
  let best: { point: Point; derivatives: Map<string, Derivative>; kinks: number } | undefined;
  for (let i = 0; i < MOST_TRIES && best?.kinks !== 0; i++) {
    const point = drawPoint(calls, settings, random);
    const derivatives = new Map(calls.checked.map((tensor) => [tensor, derivativeBy(calls, tensor, point)]));
    const kinks = [...derivatives.values()].reduce((sum, derivative) => sum + derivative.kinks.size, 0);
    if (best === undefined || kinks < best.kinks) best = { point, derivatives, kinks };
  }
  const { point, derivatives } = best as NonNullable<typeof best>;
  return { point, derivatives, output: calls.output(point) };
}

function derivativeBy(calls: ModuleCalls, name: string, point: Point): Derivative {
  const { shape, values } = point.tensors[name];
  const moved = { shape, values: values.slice() };
  const at = { ...point, tensors: { ...point.tensors, [name]: moved } };
  return centralDifferences(moved.values, () => calls.scalar(at));
}

/** @throws ModuleError if forward gives something else on the same inputs */
function expectFunction(calls: ModuleCalls, point: Point, output: Tensor): void {
  const again = calls.output(point);
  const odd = again.values.findIndex((value, k) => value !== output.values[k]);
  if (odd === -1) return;
  const where = output.shape.length === 0 ? '' : ` at ${entryText(output.shape, odd)}`;
  throw new ModuleError(
    `forward: expected the same output for the same inputs, got ${output.values[odd]} and ${again.values[odd]}${where}; fix its random numbers, and let it forget earlier calls`,
  );
}

/** Differences and gradients below this are the rounding of a scalar whose true derivative is 0. */
function noiseOf({ values }: Tensor, { delta }: Point): number {
  const size = values.reduce((sum, y, k) => sum + Math.abs(y * (delta?.values[k] ?? 1)), 0);
  return (64 * Number.EPSILON * size) / STEP;
}

function judge(found: Found, derivative: Derivative, noise: number): { error: number; unchecked: number } {
  const { gradient, problem } = found;
  const unchecked = derivative.kinks.size;
  if (gradient === undefined || problem !== null) return { error: Infinity, unchecked };
  const isNoise = (value: number) => Math.abs(value) <= noise;
  if (unchecked === 0 && derivative.values.every(isNoise) && gradient.values.every(isNoise)) {
    return { error: 0, unchecked };
  }
  return compare(gradient.values, derivative);
}

/** How far the second of two gradients is from the first. */
function change(first: Found, second: Found | undefined): number {
  if (first.gradient === undefined) return 0;
  const values = second?.gradient?.values;
  if (values === undefined || values.length !== first.gradient.values.length) return Infinity;
  return values.every((value, k) => Object.is(value, first.gradient?.values[k]))
    ? 0
    : relativeError(values, first.gradient.values);
}
