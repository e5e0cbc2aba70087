/** How far each loss of a row and its gradient in float32 can be from exact ones. */

import { exp, expm1, sigmoid } from '../../kernels/elementary.ts';
import { type LossName, largestAt } from '../../kernels/losses.ts';
import type { Floats } from '../../kernels/matrix.ts';
import { type BoundedMatrix, EXP, gamma, LEAST, off, offSigmoid, U } from './rounding.ts';

/** What the forward reads, and the bounds of p, to be filled where there are probabilities. */
interface Outputs {
  readonly x: BoundedMatrix;
  readonly y: Floats;
  readonly p: Float64Array;
}

/** What the gradient reads, and its bounds, to be filled. */
interface Gradients {
  /** x or p, as the loss's entry says. */
  readonly at: BoundedMatrix;
  readonly y: Floats;
  readonly scale: number;
  readonly delta: Float64Array;
}

/** To be called with every number that is compared with 0, its bound, and the place that it belongs to. */
type Doubt = (value: number, bound: number, k: number) => void;

/** The bounds of one row, from `start` up to, not including, `end`. */
interface LossBounds {
  /** How far off the loss is, before it is rounded when it is stored. */
  readonly forward: (rows: Outputs, start: number, end: number, doubt: Doubt) => number;
  readonly gradient: (rows: Gradients, start: number, end: number) => void;
}

/** By name; the derivations are those of `Float32Bounds`. */
export const LOSS_BOUNDS: Readonly<Record<LossName, LossBounds>> = {
  'softmax-cross-entropy': {
    forward: ({ x, y, p }, start, end) => {
      const row = boundSoftmax(x, y, start, end);
      p.set(row.p, start);
      return row.loss;
    },
    gradient: ({ at: { values, bound }, y, scale, delta }, start, end) => {
      let sumOff = 0;
      for (let k = start; k < end; k++) sumOff += bound[k];
      const row = values.subarray(start, end);
      for (let k = start; k < end; k++) {
        const target = y[k];
        const rest = target === 0 ? 0 : sumWithout(row, k - start);
        const size = (1 - target) * values[k] + target * rest;
        const shifted = (1 - target) * bound[k] + target * (sumOff - bound[k]);
        // (1 − y) p − y · rest, times a scale that was rounded: 1 − y or the rest, a product, −, scale and product.
        delta[k] = off(size * scale, shifted * scale, 5);
      }
    },
  },
  'squared-error': {
    forward: ({ x: { values, bound }, y }, start, end) => {
      let sum = 0;
      for (let k = start; k < end; k++) sum += bound[k] * (2 * Math.abs(values[k] - y[k]) + bound[k]);
      return sum / 2;
    },
    gradient: ({ at: { values, bound }, y, scale, delta }, start, end) => {
      // The difference, the scale and the product are each rounded.
      for (let k = start; k < end; k++) delta[k] = off((values[k] - y[k]) * scale, bound[k] * scale, 3);
    },
  },
  'sigmoid-cross-entropy': {
    forward: ({ x: { values, bound }, y, p }, start, end) => {
      let sum = 0;
      for (let k = start; k < end; k++) {
        const [v, e, target] = [values[k], bound[k], y[k]];
        p[k] = offSigmoid(v, e);
        // ln(1 + e^{−|s|}) is made in float64, of a float32 exponential.
        const tail = exp(-Math.max(0, Math.abs(v) - e));
        const slope = target * sigmoid(e - v) + (1 - target) * sigmoid(v + e);
        sum += e * slope + (EXP * tail) / (1 + tail) + LEAST;
      }
      return sum;
    },
    gradient: ({ at: { values, bound }, y, scale, delta }, start, end) => {
      for (let k = start; k < end; k++) {
        const [v, e, target] = [values[k], bound[k], y[k]];
        const size = (1 - target) * sigmoid(v) + target * sigmoid(-v);
        const shifted = (1 - target) * offSigmoid(v, e) + target * offSigmoid(-v, e);
        // (1 − y) σ(s) − y σ(−s), times a scale that was rounded: 1 − y, a product, −, scale and product.
        delta[k] = off(size * scale, shifted * scale, 5);
      }
    },
  },
  svm: {
    forward: ({ x, y }, start, end, doubt) => {
      let sum = 0;
      forEachMargin(x, y, start, end, (k, margin, e) => {
        doubt(margin, e, k);
        if (margin > -e) sum += e;
      });
      return sum;
    },
    gradient: ({ at, y, scale, delta }, start, end) => {
      let [violations, doubts] = [0, 0];
      const c = forEachMargin(at, y, start, end, (k, margin, e) => {
        const doubtful = e > 0 && Math.abs(margin) <= e;
        const violates = margin > 0 || doubtful;
        if (violates) violations++;
        if (doubtful) doubts++;
        delta[k] = violates ? off(scale, doubtful ? scale : 0, 1) : 0;
      });
      delta[c] = off(violations * scale, doubts * scale, 2);
    },
  },
};

/**
 * Bounds a row of p = softmax(s) and its loss. Of scores off by e, pⱼ is off by at most a factor exp(eⱼ + Σ pₖ (e^{eₖ} −
 * 1)), and no p on the way to them by more than exp(2 max e).
 */
function boundSoftmax(
  s: BoundedMatrix,
  y: Floats,
  start: number,
  end: number,
): { p: Float64Array; loss: number } {
  const [scores, e] = [s.values.subarray(start, end), s.bound.subarray(start, end)];
  let top = 0;
  for (let j = 1; j < scores.length; j++) if (scores[j] > scores[top]) top = j;
  const sure = scores.every((score, j) => j === top || score + e[j] < scores[top] - e[top]);
  const p = scores.map((score) => exp(score - scores[top]));
  const others = sumWithout(p, top);
  for (let j = 0; j < p.length; j++) p[j] /= 1 + others;
  const most = e.reduce((max, bound) => Math.max(max, bound), 0);
  const way = exp(2 * most);

  // s − max is rounded and exp is not exact, but e⁰ = 1 of the largest score is.
  const terms = scores.map((score, j) =>
    j === top && sure ? 0 : (1 + expm1(U * (scores[top] - score + 2 * most))) * (1 + EXP) - 1,
  );
  let [sumOff, mean] = [p.length * LEAST, 0];
  let shifted = 0;
  for (let j = 0; j < p.length; j++) {
    sumOff += way * p[j] * terms[j];
    mean += p[j] * expm1(e[j]);
    const target = y[start + j];
    if (e[j] > 0) shifted += way * e[j] * ((1 - target) * p[j] + target * sumWithout(p, j));
  }
  const logOff = sumOff < 1 ? sumOff / (1 - sumOff) : Infinity;
  // The sum and the quotient are rounded to float32, too.
  const pOff = p.map((value, j) => value * expm1(e[j] + mean + terms[j] + logOff + gamma(2)) + 3 * LEAST);
  return { p: pOff, loss: shifted + logOff };
}

/** Calls `visit` with the place, the value and the bound of each margin sⱼ − s_c + 1 of a row; returns the place of c. */
function forEachMargin(
  { values, bound }: BoundedMatrix,
  y: Floats,
  start: number,
  end: number,
  visit: (k: number, margin: number, bound: number) => void,
): number {
  const c = largestAt(y, start, end);
  for (let k = start; k < end; k++) {
    if (k !== c) visit(k, values[k] - values[c] + 1, bound[k] + bound[c]);
  }
  return c;
}

/** Σ over all entries but one. */
function sumWithout(values: Float64Array, without: number): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) if (k !== without) sum += values[k];
  return sum;
}
