/** Suspects in how a layer sums over samples and entries; all of them by further numeric derivatives of its forward. */

import { entryText } from '../module/arrays.ts';
import type { Point } from '../module/point.ts';
import { asRows } from './batch-axis.ts';
import { type Evidence, type SuspectSearch, sumColumns, transposeValues } from './evidence.ts';
import { couldBe } from './probe.ts';

const rowsUnsummed: SuspectSearch = function* ({ tensor, shape, analytic, analyticShape, columns }) {
  const cols = shape.at(-1) ?? 1;
  if (analyticShape === undefined || analyticShape.length !== 2 || analyticShape[1] !== cols) return;
  if (shape.slice(0, -1).some((n) => n !== 1)) return;
  const [line, id] = columns ? ['column', 'A4'] : ['row', 'E2'];
  yield {
    text: `not summed over the batch: d${tensor} has a ${line} for each of the ${analyticShape[0]} samples. Add them up: ∂L/∂b = Σₙ δₙ (${id}).`,
    right: sumColumns(analytic, cols),
  };
};

/** db has an entry for each sample: not summed. */
export const unsummed: SuspectSearch = asRows(rowsUnsummed);

const rowsSingleSample: SuspectSearch = function* (evidence) {
  const { tensor, point, derivative, numeric } = evidence;
  const delta = point?.delta;
  if (tensor === 'x' || point === undefined || delta === undefined || derivative === undefined) return;
  if (delta.shape.length < 2) return;
  const rows = delta.shape[0];
  const cols = delta.values.length / rows;
  const order = [...new Set([0, rows - 1, ...Array.from({ length: rows }, (_, n) => n)])];
  for (const row of order) {
    const which = row === 0 ? 'the first' : row === rows - 1 ? 'the last' : `the one at ${row}`;
    const isRow = (k: number) => Math.floor(k / cols) === row;
    const alone = withDelta(
      point,
      delta.values.map((value, k) => (isRow(k) ? value : 0)),
    );
    if (couldBe(evidence, alone)) {
      yield {
        text: `only one sample of the batch counts, ${which}. Sum over all ${rows}: += over the samples, after setting it to 0.`,
        right: numeric.values,
        wrong: derivative(tensor, alone),
      };
    }
    const without = withDelta(
      point,
      delta.values.map((value, k) => (isRow(k) ? 0 : value)),
    );
    // Of two samples, leaving one out is counting the other alone.
    if (rows > 2 && couldBe(evidence, without)) {
      yield {
        text: `one sample of the batch is left out, ${which}. Sum over all ${rows}: does the loop end too early, or start too late?`,
        right: numeric.values,
        wrong: derivative(tensor, without),
      };
    }
  }
};

/** One sample of the batch counts and not their sum, or all but one. */
export const singleSample: SuspectSearch = asRows(rowsSingleSample);

/** The upstream gradient is not multiplied in. */
export const withoutDelta: SuspectSearch = function* ({ tensor, point, derivative, numeric, analytic }) {
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
      text: `1 in every entry: that is ∂z/∂${tensor}, not ∂L/∂${tensor}. Multiply by δ and sum over the batch: ∂L/∂b = Σₙ δₙ (X14).`,
      right: numeric.values,
      wrong: analytic.map(() => 1),
    };
  }
};

/** Largest x for which the Jacobian's diagonal is taken, entry by entry. */
const MAX_ENTRIES = 64;

/** Of the Jacobian of a layer that mixes its entries, only the diagonal. */
export const diagonal: SuspectSearch = function* ({ tensor, point, output, derivative, numeric }) {
  const delta = point?.delta;
  if (tensor !== 'x' || point === undefined || delta === undefined || derivative === undefined) return;
  const size = point.tensors.x.values.length;
  if (output?.values.length !== size || size > MAX_ENTRIES) return;
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
export const swapped: SuspectSearch = function* (evidence) {
  const { tensor, point, derivative, analytic, numeric, failing } = evidence;
  if (point === undefined || derivative === undefined) return;
  for (const [other, { shape, values }] of Object.entries(point.tensors)) {
    if (other === tensor || other === 'y' || values.length !== analytic.length) continue;
    const wrong = derivative(other, point);
    const text = `this is the gradient of ${other}`;
    // Where the other one is right, one value was only given twice.
    const both = failing === undefined || failing.includes(other);
    yield {
      text: both
        ? `${text}: d${tensor} and d${other} are swapped.`
        : `${text}, which d${other} has already: ${tensor} needs one of its own.`,
      right: numeric.values,
      wrong,
    };
    if (shape.length === 2) {
      const flipped = transposeValues(wrong, shape[0], shape[1]);
      yield {
        text: both
          ? `${text}, transposed: d${tensor} and d${other} are mixed up.`
          : `${text}, transposed, which d${other} has already: ${tensor} needs one of its own.`,
        right: numeric.values,
        wrong: flipped,
      };
    }
  }
};

/** Whether differences are so small beside the gradient that forward cannot depend on the tensor as backward says. */
export const isFlat = (numeric: Float64Array, analytic: Float64Array): boolean => {
  const [n, a] = [numeric, analytic].map((all) => all.reduce((most, v) => Math.max(most, Math.abs(v)), 0));
  return n <= 1e-5 * a;
};

/** forward does not read the parameter. */
export const unread: SuspectSearch = function* ({ tensor, analytic, numeric, noise = 1e-9 }: Evidence) {
  if (numeric.kinks.size > 0 || numeric.values.some((value) => Math.abs(value) > noise)) return;
  if (!isFlat(numeric.values, analytic)) return;
  if (analytic.every((value) => value === 0)) return;
  yield {
    text: `forward does not change with ${tensor}. If it should, let it read ${tensor === 'x' ? 'x' : `params.${tensor} or this.${tensor}`}; if not, the gradient is 0.`,
    right: numeric.values,
  };
};

/** The gradient is right but at kinks, where it leaves the slopes of both sides. */
export const beyondKink: SuspectSearch = function* ({ tensor, shape, analytic, numeric }) {
  const { values, kinks } = numeric;
  if (kinks.size === 0 || kinks.size === values.length || analytic.length !== values.length) return;
  const beyond = [...kinks].filter(([k, [low, high]]) => !(analytic[k] >= low && analytic[k] <= high));
  if (beyond.length === 0) return;
  const places = beyond.slice(0, 6).map(([k]) => entryText(shape, k));
  const more = beyond.length > 6 ? ` and ${beyond.length - 6} more` : '';
  yield {
    text: `wrong at a kink of forward, ${places.join(', ')}${more}; the other entries are right. There d${tensor} may be either slope, or anything between: give it the value of one side.`,
    right: analytic.map((a, k) => {
      const slopes = kinks.get(k);
      return slopes === undefined ? a : Math.min(Math.max(a, slopes[0]), slopes[1]);
    }),
  };
};

/** backward leaves zeros. */
export const untold: SuspectSearch = function* ({ tensor, analytic, numeric }) {
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
