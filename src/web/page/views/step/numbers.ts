/** Numbers as `mlp explain` prints them. */

/** A loss, with six significant digits. */
export function lossText(value: number): string {
  const size = Math.abs(value);
  const plain = size >= 1e-3 && size < 1e5;
  const text = plain ? value.toPrecision(6) : value.toExponential(3).replace('e+', 'e');
  return (Number.isInteger(value) && size < 1e5 ? String(value) : text).replaceAll('-', '−');
}
