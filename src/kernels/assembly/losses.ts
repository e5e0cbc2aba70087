/**
 * The losses, row by row: matrices [count, rowBytes] of which the first `cols` columns count and the rest are 0. The
 * gradients of separable losses go entry by entry.
 */

import { log1p } from './elementary';
import { exp4, sigmoid4 } from './vector';

/** The place of a row's largest entry, the first of equals. */
// @ts-expect-error: decorator
@inline
function largest(row: usize, cols: u32): u32 {
  let at: u32 = 0;
  let max = load<f32>(row);
  for (let j: u32 = 1; j < cols; j++) {
    const value = load<f32>(row + (j << 2));
    if (value > max) {
      max = value;
      at = j;
    }
  }
  return at;
}

/** x and y [count, rowBytes], losses one in `lossRow` bytes. */
export function squaredError(
  x: usize,
  y: usize,
  count: u32,
  cols: u32,
  rowBytes: u32,
  losses: usize,
  lossRow: u32,
): void {
  for (let i: u32 = 0; i < count; i++) {
    let sum: f64 = 0;
    for (let j: u32 = 0; j < cols; j++) {
      const d = (load<f32>(x + (j << 2)) as f64) - (load<f32>(y + (j << 2)) as f64);
      sum += d * d;
    }
    store<f32>(losses, (sum / 2) as f32);
    x += rowBytes;
    y += rowBytes;
    losses += lossRow;
  }
}

/** delta = (x − y) · scale over `bytes` bytes (whole vectors). */
export function squaredErrorGradient(x: usize, y: usize, scale: f32, delta: usize, bytes: usize): void {
  const s = f32x4.splat(scale);
  for (let k: usize = 0; k < bytes; k += 16) {
    v128.store(delta + k, f32x4.mul(f32x4.sub(v128.load(x + k), v128.load(y + k)), s));
  }
}

/** p = softmax(s), losses = −Σ y log p: the largest term is e⁰ = 1, the others are summed apart for log1p. */
export function softmaxCrossEntropy(
  s: usize,
  y: usize,
  count: u32,
  cols: u32,
  rowBytes: u32,
  p: usize,
  losses: usize,
  lossRow: u32,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const top = largest(s, cols);
    const max = load<f32>(s + (top << 2));
    const m = f32x4.splat(max);
    for (let v: u32 = 0; v < rowBytes; v += 16) v128.store(p + v, exp4(f32x4.sub(v128.load(s + v), m)));
    let others: f64 = 0;
    for (let j: u32 = 0; j < cols; j++) if (j != top) others += load<f32>(p + (j << 2)) as f64;
    const sum = f32x4.splat((1 + others) as f32);
    for (let v: u32 = 0; v < rowBytes; v += 16) v128.store(p + v, f32x4.div(v128.load(p + v), sum));
    for (let j = cols; j < rowBytes >> 2; j++) store<f32>(p + (j << 2), 0);
    const logSum = log1p(others);
    let loss: f64 = 0;
    for (let j: u32 = 0; j < cols; j++) {
      const target = load<f32>(y + (j << 2)) as f64;
      if (target != 0) loss += target * (logSum + ((max as f64) - (load<f32>(s + (j << 2)) as f64)));
    }
    store<f32>(losses, loss as f32);
    s += rowBytes;
    y += rowBytes;
    p += rowBytes;
    losses += lossRow;
  }
}

/** delta = (p − y) · scale, where y is not 0 with 1 − p as the sum of the others. */
export function softmaxCrossEntropyGradient(
  p: usize,
  y: usize,
  count: u32,
  cols: u32,
  rowBytes: u32,
  scale: f32,
  delta: usize,
): void {
  const factor = f32x4.splat(scale);
  const one = f32x4.splat(1);
  for (let i: u32 = 0; i < count; i++) {
    for (let v: u32 = 0; v < rowBytes; v += 16) {
      const share = f32x4.mul(f32x4.sub(one, v128.load(y + v)), v128.load(p + v));
      v128.store(delta + v, f32x4.mul(share, factor));
    }
    for (let j: u32 = 0; j < cols; j++) {
      const target = load<f32>(y + (j << 2));
      if (target == 0) continue;
      let rest: f64 = 0;
      for (let k: u32 = 0; k < cols; k++) if (k != j) rest += load<f32>(p + (k << 2)) as f64;
      const own = load<f32>(p + (j << 2));
      const share = (<f32>1 - target) * own - target * (rest as f32);
      store<f32>(delta + (j << 2), share * scale);
    }
    p += rowBytes;
    y += rowBytes;
    delta += rowBytes;
  }
}

/** p = σ(s), losses = Σ (y softplus(−s) + (1 − y) softplus(s)). */
export function sigmoidCrossEntropy(
  s: usize,
  y: usize,
  count: u32,
  cols: u32,
  rowBytes: u32,
  p: usize,
  losses: usize,
  lossRow: u32,
): void {
  for (let i: u32 = 0; i < count; i++) {
    for (let v: u32 = 0; v < rowBytes; v += 16) {
      const x = v128.load(s + v);
      // e^{−|x|} is kept in p until the loss is summed, then replaced by σ.
      v128.store(p + v, exp4(f32x4.neg(f32x4.abs(x))));
    }
    let loss: f64 = 0;
    for (let j: u32 = 0; j < cols; j++) {
      const score = load<f32>(s + (j << 2)) as f64;
      const target = load<f32>(y + (j << 2)) as f64;
      const tail = log1p(load<f32>(p + (j << 2)) as f64);
      const positive = max<f64>(score, 0) + tail;
      const negative = max<f64>(-score, 0) + tail;
      loss += target * negative + (1 - target) * positive;
    }
    store<f32>(losses, loss as f32);
    for (let v: u32 = 0; v < rowBytes; v += 16) v128.store(p + v, sigmoid4(v128.load(s + v)));
    for (let j = cols; j < rowBytes >> 2; j++) store<f32>(p + (j << 2), 0);
    s += rowBytes;
    y += rowBytes;
    p += rowBytes;
    losses += lossRow;
  }
}

/**
 * delta = ((1 − y) σ(s) − y σ(−s)) · scale over `bytes` bytes (whole vectors), padding included. Both σ are made of one
 * e^{−|s|}, and neither as a difference from 1.
 */
export function sigmoidCrossEntropyGradient(s: usize, y: usize, scale: f32, delta: usize, bytes: usize): void {
  const factor = f32x4.splat(scale);
  const one = f32x4.splat(1);
  for (let k: usize = 0; k < bytes; k += 16) {
    const score = v128.load(s + k);
    const target = v128.load(y + k);
    const e = exp4(f32x4.neg(f32x4.abs(score)));
    const sum = f32x4.add(one, e);
    const large = f32x4.div(one, sum);
    const small = f32x4.div(e, sum);
    const negative = f32x4.lt(score, f32x4.splat(0));
    const p = v128.bitselect(small, large, negative);
    const rest = v128.bitselect(large, small, negative);
    const share = f32x4.sub(f32x4.mul(f32x4.sub(one, target), p), f32x4.mul(target, rest));
    v128.store(delta + k, f32x4.mul(share, factor));
  }
}

/** losses = Σ_{j ≠ c} max(0, sⱼ − s_c + 1). */
export function svm(
  s: usize,
  y: usize,
  count: u32,
  cols: u32,
  rowBytes: u32,
  losses: usize,
  lossRow: u32,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const c = largest(y, cols);
    const own = load<f32>(s + (c << 2)) as f64;
    let loss: f64 = 0;
    for (let j: u32 = 0; j < cols; j++) {
      const margin = (load<f32>(s + (j << 2)) as f64) - own + 1;
      if (j != c && !(margin <= 0)) loss += margin;
    }
    store<f32>(losses, loss as f32);
    s += rowBytes;
    y += rowBytes;
    losses += lossRow;
  }
}

/** delta = scale where the margin is violated, and at c minus their sum. */
export function svmGradient(
  s: usize,
  y: usize,
  count: u32,
  cols: u32,
  rowBytes: u32,
  scale: f32,
  delta: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const c = largest(y, cols);
    const own = load<f32>(s + (c << 2)) as f64;
    let violations: u32 = 0;
    for (let j: u32 = 0; j < rowBytes >> 2; j++) {
      const violates = j < cols && j != c && (load<f32>(s + (j << 2)) as f64) - own + 1 > 0;
      if (violates) violations++;
      store<f32>(delta + (j << 2), violates ? scale : 0);
    }
    store<f32>(delta + (c << 2), -(violations as f32) * scale);
    s += rowBytes;
    y += rowBytes;
    delta += rowBytes;
  }
}

/** The sum of the losses in float64. */
export function sumOfLosses(losses: usize, count: u32, lossRow: u32): f64 {
  let sum: f64 = 0;
  for (let i: u32 = 0; i < count; i++) sum += load<f32>(losses + i * lossRow) as f64;
  return sum;
}

/** classes[i] = the place of the largest score. */
export function argmax(s: usize, count: u32, cols: u32, rowBytes: u32, classes: usize, classRow: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    store<f32>(classes + i * classRow, largest(s + i * rowBytes, cols) as f32);
  }
}

/** In how many rows s and y have their largest entry in the same place. */
export function countCorrect(s: usize, y: usize, count: u32, cols: u32, rowBytes: u32): u32 {
  let correct: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    correct += largest(s + i * rowBytes, cols) == largest(y + i * rowBytes, cols) ? 1 : 0;
  }
  return correct;
}
