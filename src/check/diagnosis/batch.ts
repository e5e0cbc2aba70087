/** Suspects in how a layer sums over samples and entries; all of them by further numeric derivatives of its forward. */

import type { Point } from '../module/point.ts';
import { columnSums, type Evidence, type Search, transposed } from './evidence.ts';
import { couldBe } from './probe.ts';

/** db is one row for each sample: not summed. */
export const unsummed: Search = function* ({ tensor, shape, analytic, analyticShape }) {
  const cols = shape.at(-1) ?? 1;
  if (analyticShape === undefined || analyticShape.length !== 2 || analyticShape[1] !== cols) return;
  if (shape.slice(0, -1).some((n) => n !== 1)) return;
  yield {
    text: `not summed over the batch: d${tensor} has a row for each of the ${analyticShape[0]} samples. Add them up: ∂L/∂b = Σₙ δₙ (E2).`,
    right: columnSums(analytic, cols),
  };
};

/** One sample of the batch counts, and not their sum. */
export const singleSample: Search = function* (evidence) {
  const { tensor, point, derivative, numeric } = evidence;
  const delta = point?.delta;
  if (tensor === 'x' || point === undefined || delta === undefined || derivative === undefined) return;
  if (delta.shape.length < 2) return;
  const rows = delta.shape[0];
  const cols = delta.values.length / rows;
  const order = [...new Set([0, rows - 1, ...Array.from({ length: rows }, (_, n) => n)])];
  for (const row of order) {
    const masked = delta.values.map((value, k) => (Math.floor(k / cols) === row ? value : 0));
    const alone = withDelta(point, masked);
    if (!couldBe(evidence, alone)) continue;
    const which = row === 0 ? 'the first' : row === rows - 1 ? 'the last' : `the one at ${row}`;
    yield {
      text: `only one sample of the batch counts, ${which}. Sum over all ${rows}: += over the samples, after setting it to 0.`,
      right: numeric.values,
      wrong: derivative(tensor, alone),
    };
  }
};

/** The upstream gradient is not multiplied in. */
export const withoutDelta: Search = function* ({ tensor, point, derivative, numeric, analytic }) {
  const delta = point?.delta;
  if (point === undefined || delta === undefined || derivative === undefined) return;
  yield {
    text: `δ is not multiplied in: this is the derivative of the output's sum, as if δ were 1. Chain rule: ∂L/∂${tensor} = δ · ∂y/∂${tensor}.`,
    right: numeric.values,
    wrong: derivative(
      tensor,
      withDelta(
        point,
        delta.values.map(() => 1),
      ),
    ),
  };
  if (tensor !== 'x') {
    yield {
      text: `1 in every entry: that is ∂z/∂${tensor}, not ∂L/∂${tensor}. Multiply by δ and sum over the batch: ∂L/∂b = Σₙ δₙ (E2; the slip of slip-D2).`,
      right: numeric.values,
      wrong: analytic.map(() => 1),
    };
  }
};

/** Largest x for which the Jacobian's diagonal is taken, entry by entry. */
const MOST_ENTRIES = 64;

/** Of the Jacobian of a layer that mixes its entries, only the diagonal. */
export const diagonal: Search = function* ({ tensor, point, output, derivative, numeric }) {
  const delta = point?.delta;
  if (tensor !== 'x' || point === undefined || delta === undefined || derivative === undefined) return;
  const size = point.tensors.x.values.length;
  if (output?.values.length !== size || size > MOST_ENTRIES) return;
  const wrong = Float64Array.from({ length: size }, (_, k) => {
    const masked = delta.values.map((value, j) => (j === k ? value : 0));
    return derivative(tensor, withDelta(point, masked))[k];
  });
  yield {
    text: 'only the diagonal of the Jacobian is there. Every output depends on every input of its row: ∂L/∂xᵢ = Σⱼ δⱼ ∂yⱼ/∂xᵢ, with j ≠ i too (B4 for softmax).',
    right: numeric.values,
    wrong,
  };
};

/** The gradient of another tensor. */
export const swapped: Search = function* (evidence) {
  const { tensor, point, derivative, analytic, numeric } = evidence;
  if (point === undefined || derivative === undefined) return;
  for (const [other, { shape, values }] of Object.entries(point.tensors)) {
    if (other === tensor || other === 'y' || values.length !== analytic.length) continue;
    const wrong = derivative(other, point);
    const text = `this is the gradient of ${other}`;
    yield { text: `${text}: d${tensor} and d${other} are swapped.`, right: numeric.values, wrong };
    if (shape.length === 2) {
      const flipped = transposed(wrong, shape[0], shape[1]);
      yield {
        text: `${text}, transposed: d${tensor} and d${other} are mixed up.`,
        right: numeric.values,
        wrong: flipped,
      };
    }
  }
};

/** forward does not read the parameter. */
export const unread: Search = function* ({ tensor, analytic, numeric }: Evidence) {
  if (numeric.kinks.size > 0 || numeric.values.some((value) => Math.abs(value) > 1e-9)) return;
  if (analytic.every((value) => value === 0)) return;
  yield {
    text: `forward does not change with ${tensor}. If it should, let it read ${tensor === 'x' ? 'x' : `params.${tensor} or this.${tensor}`}; if not, the gradient is 0.`,
    right: numeric.values,
  };
};

/** backward leaves zeros. */
export const untold: Search = function* ({ tensor, analytic, numeric }) {
  if (analytic.some((value) => value !== 0)) return;
  yield {
    text: `0 in every entry: backward never computes d${tensor}.`,
    right: numeric.values,
    wrong: analytic,
  };
};

const withDelta = (point: Point, values: Float64Array): Point => ({
  ...point,
  delta: point.delta && { ...point.delta, values },
});
