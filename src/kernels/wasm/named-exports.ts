/** The exports of the wasm module that compute the activations and losses, found by their names. */

import { ACTIVATION_NAMES, type ActivationName, activationFunctions } from '../activations.ts';
import { LOSS_NAMES, type LossName, lossFunctions } from '../losses.ts';
import type { WasmExports } from './memory.ts';

type Export = WasmExports[string];

/** The kernels of an activation. */
export interface ActivationExports {
  /** (z, x, bytes). */
  readonly forward: Export;
  /** (delta, z or x, dz, bytes). */
  readonly gradient: Export;
  /** Whether φ(0) = 0, so that the padding behind the last column stays 0. */
  readonly keepsZero: boolean;
}

/** The kernels of a loss. */
export interface LossExports {
  /** (x, y, rows, cols, rowBytes, p where there are probabilities, losses, lossRow). */
  readonly forward: Export;
  /** (x or p, y, rows, cols, rowBytes, scale, delta), or where it is separable (x or p, y, scale, delta, bytes). */
  readonly gradient: Export;
  readonly probabilities: boolean;
  readonly separable: boolean;
  /** Whether the gradient of an entry of 0 with a target of 0 is 0. */
  readonly keepsZero: boolean;
}

/** @throws Error if the module lacks a kernel of an activation */
export function activationExports(wasm: WasmExports): Readonly<Record<ActivationName, ActivationExports>> {
  return byName(ACTIVATION_NAMES, (name) => ({
    ...pairOf(wasm, name),
    keepsZero: activationFunctions(name).forward(0) === 0,
  }));
}

/** @throws Error if the module lacks a kernel of a loss */
export function lossExports(wasm: WasmExports): Readonly<Record<LossName, LossExports>> {
  return byName(LOSS_NAMES, (name) => {
    const { probabilities, separable, gradient } = lossFunctions(name);
    const [zero, delta] = [new Float64Array(1), new Float64Array(1)];
    gradient(zero, zero, 1, delta, 0, 1);
    return { ...pairOf(wasm, name), probabilities, separable, keepsZero: delta[0] === 0 };
  });
}

const byName = <N extends string, T>(names: readonly N[], make: (name: N) => T): Record<N, T> =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<N, T>;

/** `leaky-relu`: the exports `leakyRelu` and `leakyReluGradient`. */
function pairOf(wasm: WasmExports, name: string): { forward: Export; gradient: Export } {
  const camelCase = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return { forward: exportOf(wasm, camelCase), gradient: exportOf(wasm, `${camelCase}Gradient`) };
}

function exportOf(wasm: WasmExports, name: string): Export {
  const found = wasm[name];
  if (found === undefined) throw new Error(`kernels: expected the wasm module to export ${name}`);
  return found;
}
