/** The loss of a row, of each loss, on complex numbers. */

import type { IsPositive } from './complex-activations.ts';
import {
  add,
  type Complex,
  complexExp,
  complexLog1p,
  complexSigmoid,
  complexSoftplus,
  divide,
  multiply,
  subtract,
} from './complex-elementary.ts';
import type { LossName } from './losses.ts';

/** One row: its outputs, its targets, and where its probabilities go. */
export interface ComplexRow {
  readonly x: readonly Complex[];
  readonly y: readonly Complex[];
  readonly p: Complex[];
}

/** The margins sⱼ − s_c + 1, j ≠ c, that are above 0; c the class where y is largest. */
function violated({ x: s, y }: ComplexRow, isPositive: IsPositive): Complex[] {
  let c = 0;
  for (let j = 1; j < y.length; j++) if (y[j][0] > y[c][0]) c = j;
  return s
    .map((score) => add(subtract(score, s[c]), [1, 0]))
    .filter((margin, j) => j !== c && (isPositive(...margin) || Number.isNaN(margin[0])));
}

/** By name, the loss of a row; fills p where the loss makes probabilities. Jumps are decided by `isPositive`. */
export const COMPLEX_LOSSES: Readonly<
  Record<LossName, (row: ComplexRow, isPositive: IsPositive) => Complex>
> = {
  'softmax-cross-entropy': ({ x: s, y, p }) => {
    let top = 0;
    for (let j = 1; j < s.length; j++) if (s[j][0] > s[top][0]) top = j;
    let others: Complex = [0, 0];
    for (let j = 0; j < s.length; j++) {
      p[j] = complexExp(subtract(s[j], s[top]));
      if (j !== top) others = add(others, p[j]);
    }
    const logSum = complexLog1p(others);
    let loss: Complex = [0, 0];
    for (let j = 0; j < s.length; j++) {
      p[j] = divide(p[j], add([1, 0], others));
      if (y[j][0] === 0 && y[j][1] === 0) continue;
      loss = add(loss, multiply(y[j], add(logSum, subtract(s[top], s[j]))));
    }
    return loss;
  },
  'squared-error': ({ x, y }) => {
    let sum: Complex = [0, 0];
    for (let k = 0; k < x.length; k++) {
      const difference = subtract(x[k], y[k]);
      sum = add(sum, multiply(difference, difference));
    }
    return [sum[0] / 2, sum[1] / 2];
  },
  'sigmoid-cross-entropy': ({ x: s, y, p }) => {
    let loss: Complex = [0, 0];
    for (let j = 0; j < s.length; j++) {
      p[j] = complexSigmoid(s[j]);
      const on = multiply(y[j], complexSoftplus([-s[j][0], -s[j][1]]));
      const off = multiply(subtract([1, 0], y[j]), complexSoftplus(s[j]));
      loss = add(loss, add(on, off));
    }
    return loss;
  },
  svm: (row, isPositive) => violated(row, isPositive).reduce<Complex>(add, [0, 0]),
};
