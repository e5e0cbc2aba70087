/** Numbers as `mlp explain` prints them. */

/** A loss, with six significant digits. */
export function lossText(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e5) return String(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(3).replace('e+', 'e');
  return value.toPrecision(6);
}
