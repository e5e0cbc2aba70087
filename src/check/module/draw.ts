/** One comparison of a module's gradients with differences, at one random point. */

import { Random } from '../../kernels/random.ts';
import type { Evidence } from '../diagnosis/evidence.ts';
import { REACH } from '../gradients/finite-differences.ts';
import { entryText, type Float64Tensor, sameTensorShape, type TensorShape } from './arrays.ts';
import { type Modified, ModuleCalls } from './calls.ts';
import { classesOf } from './classes.ts';
import { type Differences, differencesBy, drawEntries, zeroOf } from './differences.ts';
import { ModuleError } from './errors.ts';
import type { FoundGradient } from './gradients.ts';
import { drawTensors, drawUniform, type Point } from './point.ts';
import { expectFloat64 } from './precision.ts';
import type { ModuleSettings, Settings } from './settings.ts';
import { openModule, type Subject } from './subject.ts';
import { change, entriesOf, judge } from './verdict.ts';

/** One tensor's gradient at the point. */
export interface DrawnGradient {
  readonly tensor: string;
  readonly shape: TensorShape;
  readonly found: FoundGradient;
  /** Of all entries, or of those that were drawn. */
  readonly derivative: Differences;
  /** The entries that were drawn, where they are too many to differentiate all. */
  readonly drawn: Uint32Array | undefined;
  /** max |a − n| / max |n|; Infinity where the gradient is missing or does not fit. */
  readonly error: number;
  /** Whether it fails by no more than the rounding of the differences. */
  readonly drowned: boolean;
  /** What a diagnosis can go by; undefined where there is no gradient. */
  readonly evidence: Evidence | undefined;
}

/** What was found at one point. */
export interface DrawResult {
  readonly calls: ModuleCalls;
  readonly point: Point;
  readonly output: Float64Tensor;
  readonly gradients: readonly DrawnGradient[];
  readonly modified: readonly Modified[];
  /** How far a second backward's gradient is from the first's, by tensor. */
  readonly repeated: ReadonlyMap<string, number>;
  readonly undeclared: readonly string[];
  readonly thrown: string | undefined;
  /** The points of the calls that a module might remember, in order. */
  readonly visited: readonly Point[];
}

/** How much a check is going to compute. */
export interface CheckPlan {
  /** How often forward will be called, if no point has to be drawn again. */
  readonly forwardCalls: number;
  /** Calls forward once, as the check is about to do, for whoever has a clock. */
  forward(): void;
}

/** What a draw is to go by. */
export interface DrawOptions {
  readonly settings: ModuleSettings;
  readonly random: Random;
  readonly tolerance: number;
  /** The results of the draws before this one. */
  readonly before: readonly DrawResult[];
  /** How many draws there are, this one included. */
  readonly draws: number;
  /** Called before the first draw's derivatives. */
  onPlan?(plan: CheckPlan): void;
}

/** How often a point is drawn anew to get away from kinks. */
const MAX_TRIES = 10;

/**
 * Draws a point, takes the derivatives, and compares what backward gives there after a call elsewhere.
 *
 * @throws ModuleError if the module cannot be checked
 */
export function runDraw(source: unknown, options: DrawOptions): DrawResult {
  const { random, tolerance, before } = options;
  const subject = withClasses(openModule(source, options.settings));
  const { settings } = subject;
  const trial: Point = { tensors: drawTensors(settings, random), delta: undefined };
  const calls = new ModuleCalls(subject, trial, before[0]?.output.shape);
  try {
    const elsewhere = drawPoint(calls, settings, random);
    const entries = drawEntries(calls, elsewhere.delta?.values.length ?? 1, random);
    if (before.length === 0) announce(calls, elsewhere, entries, options);
    const { point, derivatives, output } = drawAwayFromKinks(calls, { settings, random, tolerance, entries });
    expectFunction(calls, point, output);
    // Another batch first, so that what backward must not use any more differs from what it must use.
    calls.backward(elsewhere);
    const first = calls.backward(point);
    const second = calls.backward(point);
    const earlier = [...before.flatMap(({ visited }) => visited), trial, elsewhere];
    const modified = first.modified;
    const judged = [...first.gradients].map(([tensor, found]) => {
      const derivative = derivatives.get(tensor) as Differences;
      const drawn = entries.get(tensor);
      const verdict = judge(found, derivative, drawn, zeroOf(calls, tensor, point), tolerance);
      return { tensor, shape: settings.shapes[tensor], found, derivative, drawn, ...verdict };
    });
    const failing = judged.filter(({ error }) => !(error <= tolerance)).map(({ tensor }) => tensor);
    if (failing.length > 0 || [...derivatives.values()].some(({ kinks }) => kinks.size > 0)) {
      expectFloat64(calls, point);
    }
    const evidenceOf = (tensor: string, found: FoundGradient, numeric: Differences): Evidence | undefined =>
      found.gradient && {
        tensor,
        shape: settings.shapes[tensor],
        analytic: found.gradient.values,
        analyticShape: sameTensorShape(found.gradient.shape, settings.shapes[tensor])
          ? undefined
          : found.gradient.shape,
        numeric,
        tolerance,
        point,
        output,
        loss: calls.isLoss,
        lambda: settings.lambda,
        earlier,
        failing,
        noise: numeric.noise.reduce((a, b) => Math.max(a, b)),
        second: second.gradients.get(tensor)?.gradient?.values,
        modified: modified.map(({ what, by }) => `${what} by ${by}`),
        derivative: (other, at) => differencesBy(calls, other, at, tolerance).values,
        scalar: (at) => calls.scalar(at),
        untouched: () => calls.backward(point, true).gradients.get(tensor)?.gradient?.values,
      };
    const gradients = judged.map((gradient): DrawnGradient => {
      const { tensor, found, derivative, drawn, error } = gradient;
      if (error <= tolerance || !found.gradient?.values.every(Number.isFinite)) {
        return { ...gradient, evidence: undefined };
      }
      if (drawn === undefined) return { ...gradient, evidence: evidenceOf(tensor, found, derivative) };
      if (found.problem !== null) return { ...gradient, evidence: undefined };
      const analytic = entriesOf(found.gradient.values, drawn);
      const few = { tensor, shape: [drawn.length], analytic, numeric: derivative, tolerance, sampled: true };
      return {
        ...gradient,
        evidence: { ...few, point, output, loss: calls.isLoss, lambda: settings.lambda },
      };
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

/** The subject with labels of as many classes as its loss tells apart, where it does not say how many. */
function withClasses(subject: Subject): Subject {
  const { settings } = subject;
  if (settings.targets !== 'labels' || settings.saysClasses || settings.fixed.y !== undefined) return subject;
  const random = new Random(0, 'classes');
  const point: Point = { tensors: drawTensors(settings, random), delta: undefined };
  const calls = new ModuleCalls(subject, point, undefined);
  try {
    const classes = classesOf(calls, point);
    return classes === undefined ? subject : { ...subject, settings: { ...settings, classes } };
  } finally {
    calls.release();
  }
}

/** Reports how often forward will be called. */
function announce(
  calls: ModuleCalls,
  point: Point,
  entries: ReadonlyMap<string, Uint32Array>,
  { draws, onPlan }: DrawOptions,
): void {
  const sizes = calls.checked.map(
    (tensor) => entries.get(tensor)?.length ?? point.tensors[tensor].values.length,
  );
  onPlan?.({
    forwardCalls: draws * (2 * REACH + 1) * sizes.reduce((sum, size) => sum + size, 0),
    forward: () => {
      calls.scalar(point);
    },
  });
}

/** A point with a δ of the output's shape, if it is not a loss. */
function drawPoint(calls: ModuleCalls, settings: Settings, random: Random): Point {
  const tensors = drawTensors(settings, random);
  if (calls.isLoss) return { tensors, delta: undefined };
  const { shape } = calls.output({ tensors, delta: undefined });
  return { tensors, delta: drawUniform(shape, [-1, 1], random) };
}

/** The derivatives at a point with no kink within their reach, or, of some that were tried, the one with the fewest. */
function drawAwayFromKinks(
  calls: ModuleCalls,
  {
    settings,
    random,
    tolerance,
    entries,
  }: {
    settings: Settings;
    random: Random;
    tolerance: number;
    entries: ReadonlyMap<string, Uint32Array>;
  },
) {
  let best: { point: Point; derivatives: Map<string, Differences>; kinks: number } | undefined;
  for (let i = 0; i < MAX_TRIES && best?.kinks !== 0; i++) {
    const point = drawPoint(calls, settings, random);
    const derivatives = new Map(
      calls.checked.map((tensor) => [
        tensor,
        differencesBy(calls, tensor, point, tolerance, entries.get(tensor)),
      ]),
    );
    const kinks = [...derivatives.values()].reduce((sum, derivative) => sum + derivative.kinks.size, 0);
    if (best === undefined || kinks < best.kinks) best = { point, derivatives, kinks };
    // Of thousands of numbers some always lie at a kink; then drawing again costs much and helps little.
    if (entries.size > 0) break;
  }
  const { point, derivatives } = best as NonNullable<typeof best>;
  return { point, derivatives, output: calls.output(point) };
}

/** @throws ModuleError if forward gives something else on the same inputs */
function expectFunction(calls: ModuleCalls, point: Point, output: Float64Tensor): void {
  const again = calls.output(point);
  const odd = again.values.findIndex((value, k) => value !== output.values[k]);
  if (odd === -1) return;
  const where = output.shape.length === 0 ? '' : ` at ${entryText(output.shape, odd)}`;
  throw new ModuleError(
    `forward: expected the same output for the same inputs, got ${output.values[odd]} and ${again.values[odd]}${where}; fix its random numbers, and let it forget earlier calls`,
  );
}
