/**
 * exp, log, their relatives, cosine and sine from +, −, ×, ÷ alone. `Math.exp` and its like may differ in the last bit from one
 * engine or release to the next; these give the same float64 bits everywhere, within 2.2 units in the last place.
 */

const LN2_HI = 0.6931471803691238; // the leading 33 bits of ln 2, so that k · LN2_HI is exact for |k| < 2¹¹
const LN2_LO = 1.9082149292705877e-10;
const INV_LN2 = Math.LOG2E;

/** Above the first and below the second, e^x is Infinity and 0 in float64. */
const EXP_OVERFLOW = 709.782712893384;
const EXP_UNDERFLOW = -745.1332191019412;

/** Where log's word access finds sign and exponent: filled through a DataView, so byte order does not matter. */
const bits = new DataView(new ArrayBuffer(8));

/** 2^k for integers −1074 ≤ k ≤ 1023. */
const POWERS_OF_TWO = (() => {
  const table = new Float64Array(1074 + 1024);
  table[1074] = 1;
  for (let k = 1; k <= 1023; k++) table[1074 + k] = table[1073 + k] * 2;
  for (let k = 1; k <= 1074; k++) table[1074 - k] = table[1075 - k] / 2;
  return table;
})();

/** e^r − 1 for |r| ≤ ln 2 / 2 by its Taylor series; the first term left out is below 2⁻⁵⁷ of the sum. */
function expm1Reduced(r: number): number {
  let p = 1 / 87178291200;
  p = p * r + 1 / 6227020800;
  p = p * r + 1 / 479001600;
  p = p * r + 1 / 39916800;
  p = p * r + 1 / 3628800;
  p = p * r + 1 / 362880;
  p = p * r + 1 / 40320;
  p = p * r + 1 / 5040;
  p = p * r + 1 / 720;
  p = p * r + 1 / 120;
  p = p * r + 1 / 24;
  p = p * r + 1 / 6;
  p = p * r + 0.5;
  return r + r * r * p;
}

/** e^x: x = k ln 2 + r with |r| ≤ ln 2 / 2, then 2^k · e^r. */
export function exp(x: number): number {
  if (!(x <= EXP_OVERFLOW)) return x > EXP_OVERFLOW ? Infinity : x; // NaN too
  if (x < EXP_UNDERFLOW) return 0;
  const k = Math.round(x * INV_LN2);
  const hi = x - k * LN2_HI;
  const lo = k * LN2_LO;
  const r = hi - lo;
  // What rounding took from r is given back at first order: e^(r + c) ≈ e^r + c.
  const e = 1 + (expm1Reduced(r) + (hi - r - lo));
  // In two factors, so that neither overflows and a subnormal result is rounded once.
  const half = k >> 1;
  return e * POWERS_OF_TWO[1074 + half] * POWERS_OF_TWO[1074 + k - half];
}

/** e^x − 1, accurate near 0 where exp(x) − 1 cancels. */
export function expm1(x: number): number {
  if (x === 0) return x; // −0 stays −0
  if (x < -40) return -1;
  if (!(x <= 40)) return exp(x) - 1; // NaN too
  const k = Math.round(x * INV_LN2);
  const hi = x - k * LN2_HI;
  const lo = k * LN2_LO;
  const r = hi - lo;
  const scale = POWERS_OF_TWO[1074 + k];
  return scale * (expm1Reduced(r) + (hi - r - lo)) + (scale - 1);
}

/** ln x: x = 2^k · m with m in [√½, √2), then ln m = 2 atanh((m − 1) / (m + 1)) by its series. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  let k = 0;
  let m = x;
  if (m < 2.2250738585072014e-308) {
    m *= 18014398509481984; // 2⁵⁴ brings a subnormal into the normal range
    k = -54;
  }
  bits.setFloat64(0, m);
  const high = bits.getUint32(0);
  k += (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0x000fffff) | 0x3ff00000);
  m = bits.getFloat64(0);
  if (m > Math.SQRT2) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let p = 2 / 23;
  p = p * z + 2 / 21;
  p = p * z + 2 / 19;
  p = p * z + 2 / 17;
  p = p * z + 2 / 15;
  p = p * z + 2 / 13;
  p = p * z + 2 / 11;
  p = p * z + 2 / 9;
  p = p * z + 2 / 7;
  p = p * z + 2 / 5;
  p = p * z + 2 / 3;
  // 2s = f − s f exactly in real numbers; written so, the large part f is kept without rounding.
  return k * LN2_HI + (f - (s * (f - z * p) - k * LN2_LO));
}

/** ln(1 + x), accurate near 0: what rounding took from u = 1 + x is given back at first order, divided by u. */
export function log1p(x: number): number {
  const u = 1 + x;
  if (u === 1) return x;
  if (!(u > 0) || u === Infinity) return log(u);
  return log(u) + (x - (u - 1)) / u;
}

/** tanh x, odd in x. */
export function tanh(x: number): number {
  if (x === 0) return x; // −0 stays −0
  const a = Math.abs(x);
  if (a < 0.625) {
    // Lambert's continued fraction x / (1 + x² / (3 + x² / (5 + …))) to x² / 17, as x minus a small part, so that
    // hardly more than the last rounding is lost; the error of breaking off is below 2⁻⁶⁴ of the result.
    const z = x * x;
    const small = 11486475 + z * (810810 + z * (12870 + z * 44));
    const all = 34459425 + z * (16216200 + z * (945945 + z * (13860 + z * 45)));
    return x - x * ((z * small) / all);
  }
  const t = 1 - 2 / (exp(2 * a) + 1);
  return x < 0 ? -t : t;
}

/** σ(x) = 1 / (1 + e^{−x}), never by way of an overflowing exponential. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + exp(-x));
  const e = exp(x);
  return e / (1 + e);
}

/** The slope of leaky ReLU below 0 (Maas, Hannun and Ng 2013). */
export const LEAK = 0.01;

/** 2 √(2/π) and the factor of the cube, of the tanh form of GELU (Hendrycks and Gimpel 2016, arXiv:1606.08415). */
export const GELU_SCALE = 1.5957691216057308;
export const GELU_CUBE = 0.044715;

/** Beyond this σ(t) is exactly 0 or 1 in float64, t the argument in `gelu`. */
export const GELU_REACH = 32;

/** GELU in its tanh form, ½ x (1 + tanh(t/2)) = x σ(t) with t = 2 √(2/π) (x + 0.044715 x³): σ loses no digits below 0. */
export function gelu(x: number): number {
  if (x > GELU_REACH) return x;
  if (x < -GELU_REACH) return -0;
  return x * sigmoid(GELU_SCALE * (x + GELU_CUBE * (x * x * x)));
}

/** ln(1 + e^x) = max(x, 0) + ln(1 + e^{−|x|}). */
export function softplus(x: number): number {
  return Math.max(x, 0) + log1p(exp(x > 0 ? -x : x));
}

/** cos y for |y| ≤ π/4 by its Taylor series; the first term left out is below 2⁻⁵⁸. */
function cosReduced(y: number): number {
  const z = y * y;
  let p = 1 / 20922789888000;
  p = p * z - 1 / 87178291200;
  p = p * z + 1 / 479001600;
  p = p * z - 1 / 3628800;
  p = p * z + 1 / 40320;
  p = p * z - 1 / 720;
  p = p * z + 1 / 24;
  return 1 - (0.5 * z - z * z * p);
}

/** sin y for |y| ≤ π/4 by its Taylor series; the first term left out is below 2⁻⁶² of the result. */
function sinReduced(y: number): number {
  const z = y * y;
  let p = 1 / 355687428096000;
  p = p * z - 1 / 1307674368000;
  p = p * z + 1 / 6227020800;
  p = p * z - 1 / 39916800;
  p = p * z + 1 / 362880;
  p = p * z - 1 / 5040;
  p = p * z + 1 / 120;
  p = p * z - 1 / 6;
  return y + y * (z * p);
}

/** cos πx: of an argument in half turns the whole turns are taken off exactly, so quarter turns give 1, 0 and −1. */
export function cosPi(x: number): number {
  const turned = Math.abs(x) % 2; // NaN where x is not finite
  const t = turned > 1 ? 2 - turned : turned;
  if (t > 0.75) return -cosReduced(Math.PI * (1 - t));
  return t > 0.25 ? sinReduced(Math.PI * (0.5 - t)) : cosReduced(Math.PI * t);
}

/** sin πx, odd in x: as with cosPi, whole turns are taken off exactly, and quarter turns give 0, 1 and −1. */
export function sinPi(x: number): number {
  const turned = Math.abs(x) % 2; // NaN where x is not finite
  const sign = x < 0 !== turned > 1 ? -1 : 1;
  const t = turned > 1 ? turned - 1 : turned;
  if (t > 0.75) return sign * sinReduced(Math.PI * (1 - t));
  return sign * (t > 0.25 ? cosReduced(Math.PI * (t - 0.5)) : sinReduced(Math.PI * t));
}
