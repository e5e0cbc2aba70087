/** A quick look whether a gradient could be that of another point, before all of its entries are computed. */

import { Random } from '../../kernels/random.ts';
import { centralDifferences } from '../gradients/finite-differences.ts';
import type { Point } from '../module/point.ts';
import type { Evidence } from './evidence.ts';

/** How far apart two ratios may be: what passes is computed exactly afterwards. */
const NEAR = 1e-3;

/**
 * Whether the gradient that backward gave could be, but for a factor, the scalar's gradient at this point: seen by the
 * slopes in two random directions, which take as many evaluations as two entries.
 */
export function couldBe({ tensor, analytic, scalar }: Evidence, point: Point): boolean {
  if (scalar === undefined) return true;
  const { shape, values } = point.tensors[tensor];
  if (values.length !== analytic.length) return false;
  const random = new Random(0, 'probe');
  const [first, second] = [0, 1].map(() => {
    const direction = values.map(() => random.uniform(-1, 1));
    const step = new Float64Array(1);
    const slope = centralDifferences(step, () =>
      scalar({
        ...point,
        tensors: {
          ...point.tensors,
          [tensor]: { shape, values: values.map((v, k) => v + step[0] * direction[k]) },
        },
      }),
    ).values[0];
    return { slope, analytic: direction.reduce((sum, d, k) => sum + d * analytic[k], 0) };
  });
  const [left, right] = [first.slope * second.analytic, second.slope * first.analytic];
  return Math.abs(left - right) <= NEAR * (Math.abs(left) + Math.abs(right));
}
