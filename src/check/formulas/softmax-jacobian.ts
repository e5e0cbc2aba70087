/** The softmax Jacobian, and the gradient of the cross-entropy by it: the long way round, kept as a cross-check. */

/**
 * ∂pᵢ/∂oⱼ = pᵢ(δᵢⱼ − pⱼ). Formula B4.
 *
 * @param p a softmax's output, C probabilities
 * @returns [C, C], row-major
 */
export function softmaxJacobian(p: ArrayLike<number>): Float64Array {
  const c = p.length;
  const jacobian = new Float64Array(c * c);
  for (let i = 0; i < c; i++) {
    for (let j = 0; j < c; j++) jacobian[i * c + j] = p[i] * ((i === j ? 1 : 0) - p[j]);
  }
  return jacobian;
}

/**
 * ∂L/∂S of the mean cross-entropy through ∂L/∂P = −Y/(N·P) and one Jacobian a row; equal to (P − Y)/N. Formula C7.
 *
 * @param p the softmax of each row, [n, C], row-major
 * @param y the targets, [n, C], row-major, each row of sum 1
 * @param n N, the number of rows
 * @returns [n, C], row-major
 * @throws RangeError if p and y are not n rows of one width, or a probability is not above 0, by which ∂L/∂P divides
 */
export function throughJacobians(p: ArrayLike<number>, y: ArrayLike<number>, n: number): Float64Array {
  const c = p.length / n;
  if (!Number.isInteger(c) || y.length !== p.length) {
    throw new RangeError(
      `throughJacobians: expected ${n} rows of as many probabilities as targets, got ${p.length} and ${y.length} entries`,
    );
  }
  const zero = Array.from(p).findIndex((probability) => !(probability > 0));
  if (zero !== -1) {
    throw new RangeError(
      `throughJacobians: expected probabilities above 0, got ${p[zero]} in row ${Math.floor(zero / c)}`,
    );
  }
  const ds = new Float64Array(n * c);
  for (let start = 0; start < n * c; start += c) {
    const jacobian = softmaxJacobian(Array.from({ length: c }, (_, i) => p[start + i]));
    for (let i = 0; i < c; i++) {
      const dp = -y[start + i] / (n * p[start + i]);
      for (let j = 0; j < c; j++) ds[start + j] += dp * jacobian[i * c + j];
    }
  }
  return ds;
}
