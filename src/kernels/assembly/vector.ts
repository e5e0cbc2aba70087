/** Vectors of 4 floats: sums of their lanes, and exp, σ and tanh lane by lane from +, −, ×, ÷ alone. */

/** (Σ a, Σ b, Σ c, Σ d), each as (0 + 2) + (1 + 3). */
// @ts-expect-error: decorator
@inline
export function sumEach(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/**
 * e^x: x = k ln 2 + r with |r| ≤ ln 2 / 2, the Taylor series to r⁷ (the next term is below 2⁻²⁷), times 2^k in two
 * factors. NaN stays NaN; overflow is Infinity, underflow 0.
 */
export function exp4(x: v128): v128 {
  const clamped = f32x4.max(f32x4.splat(-104), f32x4.min(f32x4.splat(89), x));
  const k = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(1.44269504)));
  let r = f32x4.sub(clamped, f32x4.mul(k, f32x4.splat(0.693145752))); // the leading 16 bits of ln 2: k times it is exact
  r = f32x4.sub(r, f32x4.mul(k, f32x4.splat(1.42860677e-6)));
  let p = f32x4.splat(1.0 / 5040);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 720));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 120));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 24));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 6));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  const e = f32x4.add(f32x4.splat(1), f32x4.add(r, f32x4.mul(f32x4.mul(r, r), p)));
  const n = i32x4.trunc_sat_f32x4_s(k);
  const half = i32x4.shr_s(n, 1);
  return f32x4.mul(f32x4.mul(e, powerOfTwo(half)), powerOfTwo(i32x4.sub(n, half)));
}

/** 2^n lane by lane, −126 ≤ n ≤ 127, by writing the exponent's bits. */
// @ts-expect-error: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** σ(x) by the exponential of −|x|, which never overflows. */
export function sigmoid4(x: v128): v128 {
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  const top = v128.bitselect(e, f32x4.splat(1), f32x4.lt(x, f32x4.splat(0)));
  return f32x4.div(top, f32x4.add(f32x4.splat(1), e));
}

/**
 * tanh x = 1 − 2 / (e^{2|x|} + 1) with the sign of x; below 0.625, where that would cancel, Lambert's continued
 * fraction cut at x⁴, whose error there is below 2⁻²⁶.
 */
export function tanh4(x: v128): v128 {
  const a = f32x4.abs(x);
  const e = exp4(f32x4.add(a, a));
  const large = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), f32x4.add(e, f32x4.splat(1))));
  const z = f32x4.mul(a, a);
  const top = f32x4.add(f32x4.mul(f32x4.add(z, f32x4.splat(105)), z), f32x4.splat(945));
  const bottom = f32x4.add(
    f32x4.mul(f32x4.add(f32x4.mul(z, f32x4.splat(15)), f32x4.splat(420)), z),
    f32x4.splat(945),
  );
  const small = f32x4.div(f32x4.mul(a, top), bottom);
  const t = v128.bitselect(small, large, f32x4.lt(a, f32x4.splat(0.625)));
  return v128.bitselect(x, t, f32x4.splat(-0.0));
}

/**
 * e^x − 1 for x ≤ 0, whatever for others; NaN stays NaN. As `exp4` reduces x; 2^k (e^r − 1) + (2^k − 1) keeps the digits
 * near 0, where k = 0. Below −30 it is −1.
 */
export function expm1Below4(x: v128): v128 {
  const clamped = f32x4.max(f32x4.splat(-30), f32x4.min(f32x4.splat(0), x));
  const k = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(1.44269504)));
  let r = f32x4.sub(clamped, f32x4.mul(k, f32x4.splat(0.693145752)));
  r = f32x4.sub(r, f32x4.mul(k, f32x4.splat(1.42860677e-6)));
  let p = f32x4.splat(1.0 / 5040);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 720));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 120));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 24));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 6));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  const q = f32x4.add(r, f32x4.mul(f32x4.mul(r, r), p));
  const scale = powerOfTwo(i32x4.trunc_sat_f32x4_s(k));
  return f32x4.add(f32x4.mul(scale, q), f32x4.sub(scale, f32x4.splat(1)));
}

/**
 * ln(1 + x) = 2 atanh(s) with s = x / (2 + x), for x from 0 to 1: the series to s¹⁵, the next term is below 2⁻²⁷ of the
 * sum. NaN stays NaN.
 */
export function log1p4(x: v128): v128 {
  const s = f32x4.div(x, f32x4.add(f32x4.splat(2), x));
  const z = f32x4.mul(s, s);
  let p = f32x4.splat(2.0 / 15);
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.0 / 13));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.0 / 11));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.0 / 9));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.0 / 7));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.0 / 5));
  p = f32x4.add(f32x4.mul(p, z), f32x4.splat(2.0 / 3));
  return f32x4.add(f32x4.add(s, s), f32x4.mul(s, f32x4.mul(z, p)));
}
