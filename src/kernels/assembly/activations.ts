/** The activations with their gradients, entry by entry over `bytes` bytes (whole vectors). */

import { exp4, expm1Below4, log1p4, sigmoid4, tanh4 } from './vector';

const LEAK: f32 = 0.01;

/** 2 √(2/π), the factor of the cube, and where σ(t) has become exactly 0 or 1 in float32. */
const SCALE: f32 = 1.5957691216057308;
const CUBE: f32 = 0.044715;
const REACH: f32 = 16;

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

/** x = z. */
export function identity(z: usize, x: usize, bytes: usize): void {
  memory.copy(x, z, bytes);
}

/** dz = delta. */
export function identityGradient(delta: usize, z: usize, dz: usize, bytes: usize): void {
  memory.copy(dz, delta, bytes);
}

/** x = z where z > 0, else 0.01 z. */
export function leakyRelu(z: usize, x: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  const leak = f32x4.splat(LEAK);
  for (let k: usize = 0; k < bytes; k += 16) {
    const v = v128.load(z + k);
    v128.store(x + k, v128.bitselect(v, f32x4.mul(v, leak), f32x4.gt(v, zero)));
  }
}

/** dz = delta where z > 0, else 0.01 delta. */
export function leakyReluGradient(delta: usize, z: usize, dz: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  const leak = f32x4.splat(LEAK);
  for (let k: usize = 0; k < bytes; k += 16) {
    const d = v128.load(delta + k);
    v128.store(dz + k, v128.bitselect(d, f32x4.mul(d, leak), f32x4.gt(v128.load(z + k), zero)));
  }
}

/** x = z where z > 0, else e^z − 1. */
export function elu(z: usize, x: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 16) {
    const v = v128.load(z + k);
    v128.store(x + k, v128.bitselect(v, expm1Below4(v), f32x4.gt(v, zero)));
  }
}

/** dz = delta where x > 0, else delta ⊙ (x + 1). */
export function eluGradient(delta: usize, x: usize, dz: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  for (let k: usize = 0; k < bytes; k += 16) {
    const d = v128.load(delta + k);
    const v = v128.load(x + k);
    v128.store(dz + k, v128.bitselect(d, f32x4.mul(d, f32x4.add(v, one)), f32x4.gt(v, zero)));
  }
}

/** z between the bounds beyond which GELU is 0 or z; NaN stays NaN. */
// @ts-expect-error: decorator
@inline
function within(z: v128): v128 {
  return f32x4.max(f32x4.splat(-REACH), f32x4.min(f32x4.splat(REACH), z));
}

/** t = 2 √(2/π) (z + 0.044715 z³). */
// @ts-expect-error: decorator
@inline
function argument(z: v128): v128 {
  const cube = f32x4.mul(f32x4.mul(z, z), z);
  return f32x4.mul(f32x4.splat(SCALE), f32x4.add(z, f32x4.mul(f32x4.splat(CUBE), cube)));
}

/** x = z σ(t). */
export function gelu(z: usize, x: usize, bytes: usize): void {
  const least = f32x4.splat(-REACH);
  for (let k: usize = 0; k < bytes; k += 16) {
    const v = v128.load(z + k);
    v128.store(x + k, f32x4.mul(f32x4.max(least, v), sigmoid4(argument(within(v)))));
  }
}

/** dz = delta ⊙ (σ(t) + z σ(t) σ(−t) t′), both σ made of one e^{−|t|}, and neither as a difference from 1. */
export function geluGradient(delta: usize, z: usize, dz: usize, bytes: usize): void {
  const one = f32x4.splat(1);
  const scale = f32x4.splat(SCALE);
  const cube = f32x4.splat(<f32>3 * CUBE);
  for (let k: usize = 0; k < bytes; k += 16) {
    const v = within(v128.load(z + k));
    const t = argument(v);
    const e = exp4(f32x4.neg(f32x4.abs(t)));
    const sum = f32x4.add(one, e);
    const large = f32x4.div(one, sum);
    const small = f32x4.div(e, sum);
    const on = v128.bitselect(small, large, f32x4.lt(t, f32x4.splat(0)));
    const slope = f32x4.mul(scale, f32x4.add(one, f32x4.mul(cube, f32x4.mul(v, v))));
    const bend = f32x4.mul(f32x4.mul(v, f32x4.mul(large, small)), slope);
    v128.store(dz + k, f32x4.mul(v128.load(delta + k), f32x4.add(on, bend)));
  }
}

/** x = max(z, 0) + ln(1 + e^{−|z|}). */
export function softplus(z: usize, x: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  for (let k: usize = 0; k < bytes; k += 16) {
    const v = v128.load(z + k);
    const tail = log1p4(exp4(f32x4.neg(f32x4.abs(v))));
    v128.store(x + k, f32x4.add(f32x4.max(v, zero), tail));
  }
}

/** dz = delta ⊙ σ(z). */
export function softplusGradient(delta: usize, z: usize, dz: usize, bytes: usize): void {
  for (let k: usize = 0; k < bytes; k += 16) {
    v128.store(dz + k, f32x4.mul(v128.load(delta + k), sigmoid4(v128.load(z + k))));
  }
}

/** x = z σ(z). */
export function silu(z: usize, x: usize, bytes: usize): void {
  for (let k: usize = 0; k < bytes; k += 16) {
    const v = v128.load(z + k);
    v128.store(x + k, f32x4.mul(v, sigmoid4(v)));
  }
}

/** dz = delta ⊙ (σ(z) + z σ(z) σ(−z)), both σ made of one e^{−|z|}, and neither as a difference from 1. */
export function siluGradient(delta: usize, z: usize, dz: usize, bytes: usize): void {
  const one = f32x4.splat(1);
  for (let k: usize = 0; k < bytes; k += 16) {
    const v = v128.load(z + k);
    const e = exp4(f32x4.neg(f32x4.abs(v)));
    const sum = f32x4.add(one, e);
    const large = f32x4.div(one, sum);
    const small = f32x4.div(e, sum);
    const on = v128.bitselect(small, large, f32x4.lt(v, f32x4.splat(0)));
    const bend = f32x4.mul(v, f32x4.mul(large, small));
    v128.store(dz + k, f32x4.mul(v128.load(delta + k), f32x4.add(on, bend)));
  }
}
