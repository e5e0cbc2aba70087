/** A tensor in a few numbers. */

/** An entry and where it stands, counted row-major from 0. */
export interface Entry {
  readonly index: number;
  readonly value: number;
}

/** What is worth knowing of a tensor too large to show. */
export interface Summary {
  /** √Σ v². */
  readonly norm: number;
  readonly min: number;
  readonly max: number;
  /** How many entries are not 0. */
  readonly nonzero: number;
  /** The entries of largest magnitude, largest first; of equals the one that comes first. */
  readonly largest: readonly Entry[];
}

/**
 * The summary of a tensor.
 *
 * @param values at least one
 * @param entries how many of the largest to give, or 0
 */
export function summary(values: ArrayLike<number>, entries = 5): Summary {
  let [min, max, nonzero, top] = [values[0], values[0], 0, 0];
  const largest: Entry[] = [];
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (value < min) min = value;
    if (value > max) max = value;
    if (value !== 0) nonzero++;
    const size = Math.abs(value);
    if (size > top) top = size;
    if (largest.length < entries || size > Math.abs(largest[entries - 1]?.value ?? Infinity)) {
      const at = largest.findIndex((entry) => Math.abs(entry.value) < size);
      largest.splice(at === -1 ? largest.length : at, 0, { index, value });
      largest.length = Math.min(largest.length, entries);
    }
  }
  return { norm: norm(values, top), min, max, nonzero, largest };
}

/** Scaled by the largest magnitude, so that no square overflows or vanishes. */
function norm(values: ArrayLike<number>, top: number): number {
  if (top === 0) return 0;
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += (values[index] / top) * (values[index] / top);
  return top * Math.sqrt(sum);
}
