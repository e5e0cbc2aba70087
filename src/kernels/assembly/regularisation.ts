/** What regularisation does to weights and targets: magnitudes and signs, column norms, smoothed targets. */

/** Σ |x| in float64, lane by lane in four sums that are then added in order. */
export function sumOfMagnitudes(x: usize, bytes: usize): f64 {
  let low = f64x2.splat(0);
  let high = low;
  for (let k: usize = 0; k < bytes; k += 16) {
    const v = f32x4.abs(v128.load(x + k));
    low = f64x2.add(low, f64x2.promote_low_f32x4(v));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3)));
  }
  return (
    f64x2.extract_lane(low, 0) +
    f64x2.extract_lane(low, 1) +
    f64x2.extract_lane(high, 0) +
    f64x2.extract_lane(high, 1)
  );
}

/** y += factor · sign(x), sign(0) = 0. */
export function addScaledSign(x: usize, factor: f32, y: usize, bytes: usize): void {
  const f = f32x4.splat(factor);
  const zero = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 16) {
    const v = v128.load(x + k);
    const up = v128.and(f32x4.gt(v, zero), f);
    const down = v128.and(f32x4.lt(v, zero), f);
    v128.store(y + k, f32x4.add(v128.load(y + k), f32x4.sub(up, down)));
  }
}

/** to = factor · x + shift. */
export function scaleAndShift(x: usize, factor: f32, shift: f32, to: usize, bytes: usize): void {
  const f = f32x4.splat(factor);
  const s = f32x4.splat(shift);
  for (let k: usize = 0; k < bytes; k += 16) {
    v128.store(to + k, f32x4.add(f32x4.mul(f, v128.load(x + k)), s));
  }
}

/**
 * For each column of w [rows, rowBytes] the factor that takes its norm down to `limit`, 1 where it is not above. The
 * squares are summed in float64, from the first row to the last.
 */
export function columnFactors(w: usize, rows: u32, rowBytes: u32, limit: f64, factors: usize): void {
  const most = f64x2.splat(limit);
  const one = f64x2.splat(1);
  for (let v: u32 = 0; v < rowBytes; v += 16) {
    let low = f64x2.splat(0);
    let high = low;
    for (let i: u32 = 0; i < rows; i++) {
      const x = v128.load(w + v + (i as usize) * rowBytes);
      const a = f64x2.promote_low_f32x4(x);
      const b = f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
      low = f64x2.add(low, f64x2.mul(a, a));
      high = f64x2.add(high, f64x2.mul(b, b));
    }
    low = f64x2.sqrt(low);
    high = f64x2.sqrt(high);
    low = v128.bitselect(f64x2.div(most, low), one, f64x2.gt(low, most));
    high = v128.bitselect(f64x2.div(most, high), one, f64x2.gt(high, most));
    const factor = v128.shuffle<f32>(
      f32x4.demote_f64x2_zero(low),
      f32x4.demote_f64x2_zero(high),
      0,
      1,
      4,
      5,
    );
    v128.store(factors + v, factor);
  }
}

/** Each column of w [rows, rowBytes] times its factor. */
export function scaleColumns(factors: usize, w: usize, rows: u32, rowBytes: u32): void {
  for (let i: u32 = 0; i < rows; i++) {
    for (let v: u32 = 0; v < rowBytes; v += 16) {
      v128.store(w + v, f32x4.mul(v128.load(w + v), v128.load(factors + v)));
    }
    w += rowBytes;
  }
}
