/** The steps of optimizers, entry by entry over `bytes` bytes (whole vectors) from each address. */

/** The smallest normal float32, 2⁻¹²⁶. */
const SMALLEST_NORMAL: f32 = 1.1754943508222875e-38;

/**
 * What an optimizer goes on remembering, with 0 for numbers below the normal ones: of a unit that gets no gradient any
 * more they would stay in that range for ever (0.9 times the least of them rounds to itself), and processors are a
 * hundred times slower there. NaN stays NaN.
 */
// @ts-ignore: decorator
@inline
function normal(v: v128): v128 {
  return v128.andnot(v, f32x4.lt(f32x4.abs(v), f32x4.splat(SMALLEST_NORMAL)));
}

/** v = momentum · v + g, w −= rate · v. */
export function momentumStep(g: usize, v: usize, momentum: f32, rate: f32, w: usize, bytes: usize): void {
  const mu = f32x4.splat(momentum);
  const eta = f32x4.splat(rate);
  for (let k: usize = 0; k < bytes; k += 16) {
    const velocity = normal(f32x4.add(f32x4.mul(mu, v128.load(v + k)), v128.load(g + k)));
    v128.store(v + k, velocity);
    v128.store(w + k, f32x4.sub(v128.load(w + k), f32x4.mul(eta, velocity)));
  }
}

/** v = momentum · v + g, w −= rate · (g + momentum · v). */
export function nesterovStep(g: usize, v: usize, momentum: f32, rate: f32, w: usize, bytes: usize): void {
  const mu = f32x4.splat(momentum);
  const eta = f32x4.splat(rate);
  for (let k: usize = 0; k < bytes; k += 16) {
    const gradient = v128.load(g + k);
    const velocity = normal(f32x4.add(f32x4.mul(mu, v128.load(v + k)), gradient));
    v128.store(v + k, velocity);
    const ahead = f32x4.add(gradient, f32x4.mul(mu, velocity));
    v128.store(w + k, f32x4.sub(v128.load(w + k), f32x4.mul(eta, ahead)));
  }
}

/** s = rho · s + rest · g², w −= rate · g / (√s + epsilon); rest = 1 − rho. */
export function rmsPropStep(
  g: usize,
  s: usize,
  rho: f32,
  rest: f32,
  rate: f32,
  epsilon: f32,
  w: usize,
  bytes: usize,
): void {
  const kept = f32x4.splat(rho);
  const taken = f32x4.splat(rest);
  const eta = f32x4.splat(rate);
  const eps = f32x4.splat(epsilon);
  for (let k: usize = 0; k < bytes; k += 16) {
    const gradient = v128.load(g + k);
    const square = f32x4.mul(gradient, gradient);
    const squares = normal(f32x4.add(f32x4.mul(kept, v128.load(s + k)), f32x4.mul(taken, square)));
    v128.store(s + k, squares);
    const change = f32x4.div(f32x4.mul(eta, gradient), f32x4.add(f32x4.sqrt(squares), eps));
    v128.store(w + k, f32x4.sub(v128.load(w + k), change));
  }
}

/**
 * m = beta1 · m + rest1 · g, s = beta2 · s + rest2 · g², w = shrink · w − rate · m / (√(squareScale · s) + epsilon);
 * rest1 = 1 − beta1, rest2 = 1 − beta2.
 */
export function adamStep(
  g: usize,
  m: usize,
  s: usize,
  w: usize,
  bytes: usize,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  rate: f32,
  squareScale: f32,
  epsilon: f32,
  shrink: f32,
): void {
  const kept1 = f32x4.splat(beta1);
  const taken1 = f32x4.splat(rest1);
  const kept2 = f32x4.splat(beta2);
  const taken2 = f32x4.splat(rest2);
  const eta = f32x4.splat(rate);
  const scale = f32x4.splat(squareScale);
  const eps = f32x4.splat(epsilon);
  const left = f32x4.splat(shrink);
  for (let k: usize = 0; k < bytes; k += 16) {
    const gradient = v128.load(g + k);
    const mean = normal(f32x4.add(f32x4.mul(kept1, v128.load(m + k)), f32x4.mul(taken1, gradient)));
    v128.store(m + k, mean);
    const square = f32x4.mul(gradient, gradient);
    const squares = normal(f32x4.add(f32x4.mul(kept2, v128.load(s + k)), f32x4.mul(taken2, square)));
    v128.store(s + k, squares);
    const root = f32x4.sqrt(f32x4.mul(scale, squares));
    const change = f32x4.div(f32x4.mul(eta, mean), f32x4.add(root, eps));
    v128.store(w + k, f32x4.sub(f32x4.mul(left, v128.load(w + k)), change));
  }
}
