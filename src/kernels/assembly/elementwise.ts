/** What is done entry by entry, over `bytes` bytes (whole vectors) from each address. */

import { sigmoid4, tanh4 } from './vector';

/** x = max(0, z); NaN stays NaN. */
export function relu(z: usize, x: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 16) v128.store(x + k, f32x4.max(zero, v128.load(z + k)));
}

/** dz = delta where z > 0, else 0. */
export function reluGradient(delta: usize, z: usize, dz: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 16) {
    v128.store(dz + k, v128.and(v128.load(delta + k), f32x4.gt(v128.load(z + k), zero)));
  }
}

/** x = σ(z). */
export function sigmoid(z: usize, x: usize, bytes: usize): void {
  for (let k: usize = 0; k < bytes; k += 16) v128.store(x + k, sigmoid4(v128.load(z + k)));
}

/** Zeros behind the first `used` bytes of each of `rows` rows. */
export function clearPadding(x: usize, rows: u32, rowBytes: u32, used: u32): void {
  for (let i: u32 = 0; i < rows; i++) {
    for (let k = used; k < rowBytes; k += 4) store<f32>(x + k, 0);
    x += rowBytes;
  }
}

/** dz = delta ⊙ x (1 − x). */
export function sigmoidGradient(delta: usize, x: usize, dz: usize, bytes: usize): void {
  const one = f32x4.splat(1);
  for (let k: usize = 0; k < bytes; k += 16) {
    const v = v128.load(x + k);
    v128.store(dz + k, f32x4.mul(v128.load(delta + k), f32x4.mul(v, f32x4.sub(one, v))));
  }
}

/** x = tanh z. */
export function tanh(z: usize, x: usize, bytes: usize): void {
  for (let k: usize = 0; k < bytes; k += 16) v128.store(x + k, tanh4(v128.load(z + k)));
}

/** dz = delta ⊙ (1 − x²). */
export function tanhGradient(delta: usize, x: usize, dz: usize, bytes: usize): void {
  const one = f32x4.splat(1);
  for (let k: usize = 0; k < bytes; k += 16) {
    const v = v128.load(x + k);
    v128.store(dz + k, f32x4.mul(v128.load(delta + k), f32x4.sub(one, f32x4.mul(v, v))));
  }
}

/** delta = (x − y) · scale. */
export function scaledDifference(x: usize, y: usize, scale: f32, delta: usize, bytes: usize): void {
  const s = f32x4.splat(scale);
  for (let k: usize = 0; k < bytes; k += 16) {
    v128.store(delta + k, f32x4.mul(f32x4.sub(v128.load(x + k), v128.load(y + k)), s));
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
