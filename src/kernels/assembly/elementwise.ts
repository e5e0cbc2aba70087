/** What is done entry by entry, over `bytes` bytes (whole vectors) from each address. */

/** Zeros behind the first `used` bytes of each of `rows` rows. */
export function clearPadding(x: usize, rows: u32, rowBytes: u32, used: u32): void {
  for (let i: u32 = 0; i < rows; i++) {
    for (let k = used; k < rowBytes; k += 4) store<f32>(x + k, 0);
    x += rowBytes;
  }
}

/** y += factor · x. */
export function addScaled(x: usize, factor: f32, y: usize, bytes: usize): void {
  const f = f32x4.splat(factor);
  for (let k: usize = 0; k < bytes; k += 16) {
    v128.store(y + k, f32x4.add(v128.load(y + k), f32x4.mul(f, v128.load(x + k))));
  }
}

/** Σ x² in float64, lane by lane in four sums that are then added in order. */
export function sumOfSquares(x: usize, bytes: usize): f64 {
  let low = f64x2.splat(0);
  let high = low;
  for (let k: usize = 0; k < bytes; k += 16) {
    const v = v128.load(x + k);
    const a = f64x2.promote_low_f32x4(v);
    const b = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  return (
    f64x2.extract_lane(low, 0) +
    f64x2.extract_lane(low, 1) +
    f64x2.extract_lane(high, 0) +
    f64x2.extract_lane(high, 1)
  );
}

/** Whether every entry is finite: x · 0 is 0 for a finite x and NaN otherwise. */
export function allFinite(x: usize, bytes: usize): bool {
  let sum = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 16)
    sum = f32x4.add(sum, f32x4.mul(v128.load(x + k), f32x4.splat(0)));
  return v128.any_true(f32x4.ne(sum, sum)) == false;
}
