/** Finds out whether a forward computes more coarsely than in float64, which central differences cannot bear. */

import { Random } from '../../kernels/random.ts';
import type { ModuleCalls } from './calls.ts';
import { ModuleError } from './errors.ts';
import type { Point } from './point.ts';

/** So close together, a smooth function of float64 has a sixth difference of 0 but for its rounding. */
const CLOSE = 2 ** -20;

/** The sixth difference of independent roundings is about this many times as large as one of them: √924. */
const GROWTH = 30;

/** Relative roundings above this are not those of float64, even where much cancels. */
const COARSE = 2 ** -35;

/** At how many points the roundings are looked at: one may lie beside a kink, or round well by chance. */
const PLACES = 5;

/** @throws ModuleError if forward is rounded as float32 is */
export function expectFloat64(calls: ModuleCalls, point: Point): void {
  const random = new Random(0, 'precision');
  const roundings = Array.from({ length: PLACES }, () => roundingAt(calls, point, random));
  const median = roundings.sort((a, b) => a - b)[Math.floor(PLACES / 2)];
  if (!(median > COARSE)) return;
  throw new ModuleError(
    `forward: expected float64 arithmetic, got values rounded by ${median.toExponential(0)} of their size, as float32's are, too coarse for differences; leave out Math.fround, Float32Array, and differences of nearly equal numbers`,
  );
}

/** How coarsely the scalar is rounded, relative to its terms, beside the point; 0 where it has no value. */
function roundingAt(calls: ModuleCalls, point: Point, random: Random): number {
  const lines = calls.checked.map((name) => {
    const { shape, values } = point.tensors[name];
    const size = (v: number) => Math.max(1, Math.abs(v));
    const from = values.map((v) => v + 1e-3 * size(v) * random.uniform(-1, 1));
    const direction = values.map((v) => size(v) * random.uniform(-1, 1));
    return { name, shape, from, direction };
  });
  const at = (t: number): Point => {
    const moved = lines.map(
      ({ name, shape, from, direction }) =>
        [name, { shape, values: from.map((v, k) => v + t * direction[k]) }] as const,
    );
    return { ...point, tensors: { ...point.tensors, ...Object.fromEntries(moved) } };
  };
  try {
    const [f0, f1, f2, f3, f4, f5, f6] = Array.from({ length: 7 }, (_, i) => calls.scalar(at(i * CLOSE)));
    const terms = calls
      .output(at(0))
      .values.reduce((sum, y, k) => sum + Math.abs(y * (point.delta?.values[k] ?? 1)), 0);
    const sixth = f0 - 6 * f1 + 15 * f2 - 20 * f3 + 15 * f4 - 6 * f5 + f6;
    return terms === 0 ? 0 : Math.abs(sixth) / (GROWTH * terms);
  } catch (error) {
    // Beside the range that was asked for, forward may have no value.
    if (error instanceof ModuleError) return 0;
    throw error;
  }
}
