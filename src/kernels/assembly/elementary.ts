/** log1p in float64, as `src/kernels/elementary.ts` has it. */

const LN2_HI: f64 = 0.6931471803691238;
const LN2_LO: f64 = 1.9082149292705877e-10;

/** ln x for a normal x > 0: x = 2^k · m with m in [√½, √2), then 2 atanh((m − 1) / (m + 1)). */
function log(x: f64): f64 {
  const bits = reinterpret<i64>(x);
  let k = ((bits >> 52) as i32) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    k += 1;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  let p: f64 = 2.0 / 23;
  p = p * z + 2.0 / 21;
  p = p * z + 2.0 / 19;
  p = p * z + 2.0 / 17;
  p = p * z + 2.0 / 15;
  p = p * z + 2.0 / 13;
  p = p * z + 2.0 / 11;
  p = p * z + 2.0 / 9;
  p = p * z + 2.0 / 7;
  p = p * z + 2.0 / 5;
  p = p * z + 2.0 / 3;
  return (k as f64) * LN2_HI + (f - (s * (f - z * p) - (k as f64) * LN2_LO));
}

/** ln(1 + x) for x ≥ 0; NaN and Infinity stay what they are. */
export function log1p(x: f64): f64 {
  const u: f64 = 1 + x;
  if (!(u < Infinity)) return u;
  return log(u) + (x - (u - 1)) / u;
}
