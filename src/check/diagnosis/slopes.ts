/** Formulas for φ′ that are misremembered. */

import { sigmoid, tanh } from '../../kernels/elementary.ts';

/** A wrong φ′. */
export interface Slope {
  readonly text: string;
  slope(z: number, y: number): number;
}

/**
 * Formulas that are nearly σ′ = y(1 − y) or tanh′ = 1 − y², and those two where φ is neither.
 *
 * @param values y = φ(z), by which φ is recognised
 * @param here the letter of its input
 */
export function misremembered(
  { z, y }: { readonly z: Float64Array; readonly y: Float64Array },
  here: string,
): Slope[] {
  const is = (phi: (z: number) => number) => y.every((value, k) => Math.abs(value - phi(z[k])) <= 1e-9);
  const given = `the input ${here}`;
  if (is(sigmoid)) {
    const right = 'σ′ = y(1 − y) with the output y (D5)';
    return [
      {
        text: `σ′ is written ${here}(1 − ${here}), of ${given}: it is ${right}.`,
        slope: (v) => v * (1 - v),
      },
      { text: `1 − y alone: a factor y is missing, ${right}.`, slope: (_, v) => 1 - v },
      { text: `1 − ${here} stands for φ′: ${right}.`, slope: (v) => 1 - v },
      { text: `this is the derivative of tanh, 1 − y²: ${right}.`, slope: (_, v) => 1 - v * v },
    ];
  }
  if (is(tanh)) {
    const right = 'tanh′ = 1 − y² with the output y (D5)';
    return [
      { text: `tanh′ is written 1 − ${here}², of ${given}: it is ${right}.`, slope: (v) => 1 - v * v },
      { text: `1 − y alone: the square is missing, ${right}.`, slope: (_, v) => 1 - v },
      { text: `1 + y²: the sign of the square is wrong, ${right}.`, slope: (_, v) => 1 + v * v },
      { text: `this is the derivative of σ, y(1 − y): ${right}.`, slope: (_, v) => v * (1 - v) },
    ];
  }
  return [
    { text: 'this is the derivative of σ, y(1 − y), but φ is not σ (D5).', slope: (_, v) => v * (1 - v) },
    { text: 'this is the derivative of tanh, 1 − y², but φ is not tanh (D5).', slope: (_, v) => 1 - v * v },
  ];
}
