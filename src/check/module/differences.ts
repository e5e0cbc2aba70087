/** The derivatives of a module's scalar, with what rounding may have done to them. */

import type { Random } from '../../kernels/random.ts';
import type { Derivative } from '../gradients/derivative.ts';
import { centralDifferences, STEP } from '../gradients/finite-differences.ts';
import { tensorSize } from './arrays.ts';
import type { ModuleCalls } from './calls.ts';
import type { Point } from './point.ts';

/** The differences of one tensor's entries, or of those that were drawn. */
export interface Differences extends Derivative {
  /** By how much each of the values may be off because forward is rounded. */
  readonly noise: Float64Array;
}

/** How much is computed for a tensor: entries differentiated × numbers in all tensors and the output. */
const WORK = 4e6;

/** Of however large a tensor at least this many entries are differentiated. */
const MIN_DRAWN = 50;

/** How many roundings of its largest intermediate sum a scalar may have gone through. */
const ROUNDINGS = 64;

/** Which entries are differentiated, by tensor; a tensor that is small enough has no entry here, all of it is. */
export function drawEntries(
  calls: ModuleCalls,
  outputSize: number,
  random: Random,
): Map<string, Uint32Array> {
  const { shapes } = calls.subject.settings;
  const names = ['x', ...calls.parameters];
  const total = names.reduce((sum, name) => sum + tensorSize(shapes[name]), outputSize);
  const most = Math.max(MIN_DRAWN, Math.floor(WORK / total));
  const drawn = new Map<string, Uint32Array>();
  for (const name of calls.checked) {
    const size = tensorSize(shapes[name]);
    if (size <= most) continue;
    const order = Uint32Array.from({ length: size }, (_, k) => k);
    random.shuffle(order);
    drawn.set(name, order.slice(0, most).sort());
  }
  return drawn;
}

/**
 * The derivative of the scalar by a tensor. Where a step of 2⁻¹² drowns in rounding, as beside numbers of a million, a
 * step in proportion to each number is tried, and used if both agree to the precision of the first.
 *
 * @param entries of which entries; default all
 */
export function differencesBy(
  calls: ModuleCalls,
  name: string,
  point: Point,
  tolerance: number,
  entries?: Uint32Array,
): Differences {
  const { shape, values } = point.tensors[name];
  const places = entries ?? Uint32Array.from(values.keys());
  const moved = { shape, values: values.slice() };
  const at = { ...point, tensors: { ...point.tensors, [name]: moved } };
  const { size } = sizeAt(calls, point);
  const by = (scales: Float64Array): Differences => {
    // In units of each entry's scale all steps are alike.
    const units = Float64Array.from(places, (k, i) => values[k] / scales[i]);
    const found = centralDifferences(units, () => {
      for (const [i, k] of places.entries()) moved.values[k] = units[i] * scales[i];
      return calls.scalar(at);
    });
    for (const k of places) moved.values[k] = values[k];
    const slopes = found.values.map((value, i) => value / scales[i]);
    const largest = slopes.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return {
      values: slopes,
      kinks: new Map(
        [...found.kinks].map(([i, [low, high]]) => [i, [low / scales[i], high / scales[i]] as const]),
      ),
      // The scalar is rounded, and so is a number far from 0 when a step is added to it.
      noise: Float64Array.from(
        places,
        (k, i) => (Number.EPSILON * (ROUNDINGS * size + Math.abs(values[k]) * largest)) / (STEP * scales[i]),
      ),
    };
  };

  const near = by(new Float64Array(places.length).fill(1));
  const largest = near.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scales = Float64Array.from(places, (k) => scaleOf(values[k]));
  const isClear = near.noise.every((noise) => noise <= tolerance * largest);
  if (isClear || scales.every((scale) => scale === 1)) return near;
  const far = by(scales);
  const agrees = far.values.every((value, i) => Math.abs(value - near.values[i]) <= near.noise[i]);
  return agrees && far.kinks.size <= near.kinks.size ? far : near;
}

/** The largest power of two that is not above |v|, and 1 at least: dividing by it rounds nothing. */
function scaleOf(v: number): number {
  let scale = 1;
  while (2 * scale <= Math.abs(v)) scale *= 2;
  return scale;
}

/** Σ |δ ⊙ output|, of a loss |L|, and Σ |δ|, of a loss 1. */
function sizeAt(calls: ModuleCalls, point: Point): { size: number; delta: number } {
  const { values } = calls.output(point);
  const weight = (k: number) => Math.abs(point.delta?.values[k] ?? 1);
  return {
    size: values.reduce((sum, y, k) => sum + Math.abs(y) * weight(k), 0),
    delta: values.reduce((sum, _, k) => sum + weight(k), 0),
  };
}

/**
 * A gradient up to this is the rounding of one that is 0. It does not grow with the output, since a formula for the
 * gradient need not contain what forward adds to it.
 */
export function zeroOf(calls: ModuleCalls, name: string, point: Point): number {
  const { size, delta } = sizeAt(calls, point);
  const largest = point.tensors[name].values.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
  return (ROUNDINGS * Number.EPSILON * Math.min(size, delta)) / largest;
}
