/** The float32 gradients that training uses against float64 ones, within a bound derived for each entry. */

import type { Kernels } from '../../kernels/kernels.ts';
import type { Matrix, Samples } from '../../kernels/matrix.ts';
import { WasmKernels } from '../../kernels/wasm/wasm-kernels.ts';
import { memoryFor } from '../../network/memory.ts';
import { type NamedTensor, Network, type NetworkSpec } from '../../network/network.ts';
import { relativeError } from '../gradients/derivative.ts';
import type { GradientCheck } from '../gradients/gradient-check.ts';
import type { Check } from '../result.ts';
import { Float32Bounds } from './bounds.ts';
import { float32Cases } from './cases.ts';

/** What the comparison of one tensor found: `analytic` is what float32 gave, `numeric` what float64 gave. */
export interface Float32Check extends GradientCheck {
  /** `loss`, `penalty` (only with L2), or the gradient of a parameter, `dW1`. */
  readonly what: string;
  /** The bound of the entry that may be off the furthest, divided by max |n| as `error` is. */
  readonly tolerance: number;
  /**
   * How many comparisons with 0 float32 may decide otherwise than float64, at the corner of a ReLU or of the SVM, in the
   * whole network. The bounds allow for both outcomes, so that they say little where this is not 0.
   */
  readonly unchecked: number;
  /** Whether every entry is within its own bound, which is more than an error within `tolerance`. */
  readonly passed: boolean;
  /** How far each entry of `analytic` may be from that of `numeric`. */
  readonly bound: Float64Array;
  /** The largest share of its bound that an entry is off by; at most 1 in a check that passes. */
  readonly share: number;
}

/** How one network is compared. */
export interface Float32Options {
  /** Room for that many rows (default all samples); the samples go through in batches, the last is compared. */
  readonly batchSize?: number;
  /** The float32 kernels (default the wasm ones on a memory of their own). */
  readonly kernels?: Kernels;
}

/** float64 itself rounds, by 2⁻²⁹ of what float32 does. */
const FLOAT64 = 1 + 2 ** -20;

/**
 * Compares the loss and every gradient of a network on float32 kernels with those on the float64 reference. The bounds
 * follow from the lengths of the sums and from the numbers in them, see `Float32Bounds`.
 *
 * @param tensors the parameters, as `Network.setTensors` takes them
 * @param samples as they are loaded, batched and gathered in training
 * @throws RangeError if samples, tensors or the batch size do not fit the network
 */
export function checkFloat32(
  spec: NetworkSpec,
  tensors: readonly NamedTensor[],
  samples: Samples,
  options: Float32Options = {},
): Float32Check[] {
  const { batchSize = samples.count } = options;
  if (samples.count < 1) throw new RangeError('checkFloat32: expected at least one sample, got 0');
  const kernels = options.kernels ?? new WasmKernels(memoryFor(spec, [samples], batchSize, 0));
  const single = run(kernels, spec, tensors, samples, batchSize);

  const bounds = new Float32Bounds();
  const start = samples.count - (samples.count % batchSize || batchSize);
  const exact = run(bounds, spec, tensors, rowsFrom(samples, start), batchSize);

  return exact.map(({ what, matrix }, i): Float32Check => {
    const numeric = bounds.read(matrix) as Float64Array;
    const bound = bounds.readBounds(matrix).map((value) => value * FLOAT64);
    const analytic = Float64Array.from(kernels.read(single[i].matrix));
    const error = relativeError(analytic, numeric);
    const tolerance = largest(bound) / largest(numeric) || 0;
    const share = largest(numeric.map((_, k) => shareOf(k, analytic, numeric, bound)));
    const [unchecked, passed] = [bounds.doubts.length, share <= 1];
    const shape = [matrix.rows, matrix.cols] as const;
    return { what, error, tolerance, unchecked, passed, shape, analytic, numeric, bound, share };
  });
}

/** How the whole set is compared. */
export interface Float32ChecksOptions {
  /** What samples and weights are drawn from. */
  readonly seed: number;
  /** Makes the float32 kernels for each check (default the wasm ones). */
  readonly makeKernels?: () => Kernels;
}

/** The comparison for every loss and activation, sparse and dense inputs, narrow and wide layers, 0 to 3 of them hidden. */
export function float32Checks({ seed, makeKernels }: Float32ChecksOptions): Check[] {
  return float32Cases(seed).map(({ name, spec, tensors, samples, batchSize }) => {
    const kernels = makeKernels?.();
    const rows = checkFloat32(spec, tensors, samples, kernels ? { batchSize, kernels } : { batchSize });
    // Each tensor has a bound of its own: the largest error is told with the bound of its tensor.
    const failed = rows.filter(({ passed }) => !passed);
    const worst = failed.length > 0 ? most(failed, 'share') : most(rows, 'error');
    return {
      name: `float32 ${name}`,
      formulas: [],
      method: 'float32',
      expected: 'pass',
      maxRelativeError: worst.error,
      tolerance: worst.tolerance,
      passed: failed.length === 0,
      unchecked: worst.unchecked,
      diagnosis: worst.passed ? null : diagnosis(worst),
    };
  });
}

const most = (rows: readonly Float32Check[], of: 'share' | 'error'): Float32Check =>
  rows.reduce((worst, row) => (row[of] > worst[of] ? row : worst));

/** The entry that is furthest beyond its bound. */
function diagnosis({ what, shape, analytic, numeric, bound }: Float32Check): string {
  const shares = numeric.map((_, k) => shareOf(k, analytic, numeric, bound));
  const k = shares.indexOf(shares.reduce((most, share) => Math.max(most, share)));
  const place = shape[0] * shape[1] === 1 ? '' : `[${Math.floor(k / shape[1])}, ${k % shape[1]}]`;
  const [got, want] = [analytic[k].toPrecision(9), numeric[k].toPrecision(9)];
  return `${what}${place} is ${got} in float32, expected ${want} within ${bound[k].toExponential(1)}`;
}

/** Runs all batches forward and backward, and gives what is to be compared of the last. */
function run(
  kernels: Kernels,
  spec: NetworkSpec,
  tensors: readonly NamedTensor[],
  samples: Samples,
  batchSize: number,
): { what: string; matrix: Matrix }[] {
  const network = new Network(kernels, spec, batchSize);
  network.setTensors(tensors);
  let loss: Matrix | undefined;
  const loaded = kernels.load(samples);
  const x = kernels.batch(loaded, batchSize);
  const y = kernels.matrix(batchSize, samples.classes);
  const order = Uint32Array.from({ length: samples.count }, (_, i) => i);
  for (let from = 0; from < samples.count; from += batchSize) {
    kernels.gather(loaded, order, from, Math.min(batchSize, samples.count - from), x, y);
    network.forward(x);
    loss = network.loss(y);
    network.backward();
  }
  return [
    { what: 'loss', matrix: loss as Matrix },
    ...(spec.l2 > 0 ? [{ what: 'penalty', matrix: network.penalty() }] : []),
    ...network.parameters.map(({ name, gradient }) => ({ what: `d${name}`, matrix: gradient })),
  ];
}

/** By what share of its bound entry k is off; Infinity where an entry or its bound is not finite. */
function shareOf(k: number, analytic: Float64Array, numeric: Float64Array, bound: Float64Array): number {
  const difference = Math.abs(analytic[k] - numeric[k]);
  if (!Number.isFinite(difference) || !Number.isFinite(bound[k])) return Infinity;
  return difference === 0 ? 0 : difference / bound[k];
}

const largest = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The samples from number `from` on. */
function rowsFrom(samples: Samples, from: number): Samples {
  const { count, cols, values, labels } = samples;
  return {
    ...samples,
    count: count - from,
    values: values.subarray(from * cols, count * cols),
    labels: labels.subarray(from, count),
  };
}
