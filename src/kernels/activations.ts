/** The activations by name: what each does to one entry, and the facts of it that follow from its formula. */

import { expm1, GELU_CUBE, GELU_SCALE, gelu, LEAK, sigmoid, softplus, tanh } from './elementary.ts';

/** φ of one entry, and its derivative. */
export interface ActivationFunctions {
  /** φ(z). */
  readonly forward: (z: number) => number;
  /** What φ′ is computed from: z, x = φ(z), or neither. */
  readonly from: 'z' | 'x' | 'neither';
  /** delta · φ′, where `at` is z or x, as `from` says. */
  readonly gradient: (delta: number, at: number) => number;
  /** What jumps at z = 0: φ′ (`slope`), φ″ alone (`curvature`), or neither. */
  readonly jump: 'slope' | 'curvature' | 'none';
}

/** max(0, z); NaN stays NaN, so that a diverged run is seen. */
function relu(z: number): number {
  return Math.max(0, z);
}

/** delta 𝟙[z > 0]. */
function reluGradient(delta: number, z: number): number {
  return z > 0 ? delta : 0;
}

/** delta x (1 − x). */
function sigmoidGradient(delta: number, x: number): number {
  return delta * (x * (1 - x));
}

/** delta (1 − x²). */
function tanhGradient(delta: number, x: number): number {
  return delta * (1 - x * x);
}

/** z. */
function identity(z: number): number {
  return z;
}

/** delta. */
function identityGradient(delta: number): number {
  return delta;
}

/** z where z > 0, 0.01 z elsewhere. */
function leakyRelu(z: number): number {
  return z > 0 ? z : LEAK * z;
}

/** delta where z > 0, 0.01 delta elsewhere. */
function leakyReluGradient(delta: number, z: number): number {
  return z > 0 ? delta : LEAK * delta;
}

/** z where z > 0, e^z − 1 elsewhere. */
function elu(z: number): number {
  return z > 0 ? z : expm1(z);
}

/** delta where x > 0, delta (x + 1) elsewhere. */
function eluGradient(delta: number, x: number): number {
  return x > 0 ? delta : delta * (x + 1);
}

/** delta (σ(t) + z σ(t) σ(−t) t′), t′ = 2 √(2/π) (1 + 3 · 0.044715 z²). */
function geluGradient(delta: number, z: number): number {
  const t = GELU_SCALE * (z + GELU_CUBE * (z * z * z));
  const slope = GELU_SCALE * (1 + 3 * GELU_CUBE * (z * z));
  return delta * (sigmoid(t) + z * sigmoid(t) * sigmoid(-t) * slope);
}

/** delta σ(z). */
function softplusGradient(delta: number, z: number): number {
  return delta * sigmoid(z);
}

/** z σ(z). */
function silu(z: number): number {
  return z * sigmoid(z);
}

/** delta (σ(z) + z σ(z) σ(−z)). */
function siluGradient(delta: number, z: number): number {
  return delta * (sigmoid(z) + z * sigmoid(z) * sigmoid(-z));
}

/** Every activation by the name that `--activation` and model.json give it. */
export const ACTIVATION_FUNCTIONS = {
  relu: { forward: relu, from: 'z', gradient: reluGradient, jump: 'slope' },
  sigmoid: { forward: sigmoid, from: 'x', gradient: sigmoidGradient, jump: 'none' },
  tanh: { forward: tanh, from: 'x', gradient: tanhGradient, jump: 'none' },
  identity: { forward: identity, from: 'neither', gradient: identityGradient, jump: 'none' },
  'leaky-relu': { forward: leakyRelu, from: 'z', gradient: leakyReluGradient, jump: 'slope' },
  elu: { forward: elu, from: 'x', gradient: eluGradient, jump: 'curvature' },
  gelu: { forward: gelu, from: 'z', gradient: geluGradient, jump: 'none' },
  softplus: { forward: softplus, from: 'z', gradient: softplusGradient, jump: 'none' },
  silu: { forward: silu, from: 'z', gradient: siluGradient, jump: 'none' },
} as const satisfies Readonly<Record<string, ActivationFunctions>>;

export type ActivationName = keyof typeof ACTIVATION_FUNCTIONS;

export const ACTIVATION_NAMES = Object.keys(ACTIVATION_FUNCTIONS) as ActivationName[];

/** The functions of an activation, of whatever name. */
export const activationFunctions = (name: ActivationName): ActivationFunctions => ACTIVATION_FUNCTIONS[name];
