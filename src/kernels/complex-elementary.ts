/**
 * exp, log1p, tanh and their relatives of complex numbers near the real axis. On the axis, and beside it by steps so
 * small that their squares vanish, the real parts have the bits of the real functions in elementary.ts.
 */

import { exp, expm1, GELU_CUBE, GELU_REACH, GELU_SCALE, log1p, tanh } from './elementary.ts';

export type Complex = readonly [re: number, im: number];

/** How far from the real axis these functions are computed. */
const STRIP = 1 / 16;

/** @throws RangeError if |t| is above 1/16; `t` NaN passes, and spreads as it does through the real functions */
function expectNearAxis(t: number): void {
  if (Math.abs(t) > STRIP) {
    throw new RangeError(`complex numbers: expected an imaginary part within ${STRIP}, got ${t}`);
  }
}

/** The first term of each series that is left out is below 2⁻⁵⁶ of the sum for |t| ≤ 1/16. */
function sin(t: number): number {
  const z = t * t;
  return t - t * z * (1 / 6 - z * (1 / 120 - z * (1 / 5040 - z * (1 / 362880 - z / 39916800))));
}

function cos(t: number): number {
  const z = t * t;
  return 1 - z * (1 / 2 - z * (1 / 24 - z * (1 / 720 - z * (1 / 40320 - z / 3628800))));
}

function atan(t: number): number {
  const z = t * t;
  return t - t * z * (1 / 3 - z * (1 / 5 - z * (1 / 7 - z * (1 / 9 - z * (1 / 11 - z / 13)))));
}

export const add = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];
export const subtract = ([a, b]: Complex, [c, d]: Complex): Complex => [a - c, b - d];
export const multiply = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];

/** (a + ib) / (c + id) for |d| ≤ |c|, as Smith has it (1962, Communications of the ACM 5). */
export function divide([a, b]: Complex, [c, d]: Complex): Complex {
  const r = d / c;
  const scale = c + d * r;
  return [(a + b * r) / scale, (b - a * r) / scale];
}

/** e^{a + ib} = e^a (cos b + i sin b). @throws RangeError if |b| is above 1/16 */
export function complexExp([a, b]: Complex): Complex {
  expectNearAxis(b);
  const e = exp(a);
  return [e * cos(b), e * sin(b)];
}

/** e^{a + ib} − 1 = (e^a − 1) cos b − 2 sin²(b/2) + i e^a sin b. @throws RangeError if |b| is above 1/16 */
export function complexExpm1([a, b]: Complex): Complex {
  expectNearAxis(b);
  const half = sin(b / 2);
  return [expm1(a) * cos(b) - 2 * half * half, exp(a) * sin(b)];
}

/**
 * ln(1 + a + ib) for a > −1: the modulus is (1 + a) √(1 + t²) and the angle atan t, t = b / (1 + a).
 *
 * @throws RangeError if |t| is above 1/16
 */
export function complexLog1p([a, b]: Complex): Complex {
  const t = b / (1 + a);
  expectNearAxis(t);
  return [t === 0 ? log1p(a) : log1p(a) + log1p(t * t) / 2, atan(t)]; // a of −0 stays −0
}

/**
 * tanh(a + ib) = (t (1 + u²) + iu (1 − t²)) / (1 + t² u²), t = tanh a and u = tan b. @throws RangeError if |b| is
 * above 1/16
 */
export function complexTanh([a, b]: Complex): Complex {
  expectNearAxis(b);
  const t = tanh(a);
  const u = sin(b) / cos(b);
  const e = exp(-2 * Math.abs(a));
  const oneMinusSquare = (4 * e) / ((1 + e) * (1 + e)); // 1 − t² without the cancellation where t is near ±1
  const scale = 1 + t * t * (u * u);
  return [(t * (1 + u * u)) / scale, (u * oneMinusSquare) / scale];
}

/** σ(z) = 1 / (1 + e^{−z}), by e^z where the real part is below 0. @throws RangeError if |Im z| is above 1/16 */
export function complexSigmoid([a, b]: Complex): Complex {
  if (a >= 0) {
    const [re, im] = complexExp([-a, -b]);
    return divide([1, 0], [1 + re, im]);
  }
  const e = complexExp([a, b]);
  return divide(e, [1 + e[0], e[1]]);
}

/** ln(1 + e^z), as z + ln(1 + e^{−z}) where the real part is above 0. @throws RangeError if |Im z| is above 1/16 */
export function complexSoftplus([a, b]: Complex): Complex {
  const positive = a > 0;
  const [re, im] = complexLog1p(complexExp(positive ? [-a, -b] : [a, b]));
  return positive ? [a + re, b + im] : [Math.max(a, 0) + re, im];
}

/** GELU in its tanh form, z σ(t) with t = 2 √(2/π) (z + 0.044715 z³). @throws RangeError if |Im t| is above 1/16 */
export function complexGelu(z: Complex): Complex {
  if (z[0] > GELU_REACH) return z;
  if (z[0] < -GELU_REACH) return [-0, 0];
  const [re, im] = multiply(multiply(z, z), z);
  return multiply(
    z,
    complexSigmoid([GELU_SCALE * (z[0] + GELU_CUBE * re), GELU_SCALE * (z[1] + GELU_CUBE * im)]),
  );
}
