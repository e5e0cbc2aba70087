/** Layers and losses as users write them, right and wrong in each of the usual ways. */

export type Rows = number[][];

/** σ and its derivative. */
export const sigma = (z: number): number => 1 / (1 + Math.exp(-z));
export const sigmaPrime = (z: number): number => sigma(z) * (1 - sigma(z));

/** A matrix of this many rows and columns. */
export const fill = (rows: number, cols: number, entry: (i: number, j: number) => number): Rows =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: cols }, (_, j) => entry(i, j)));

export const map = (a: Rows, f: (value: number, i: number, j: number) => number): Rows =>
  a.map((row, i) => row.map((value, j) => f(value, i, j)));

export const transpose = (a: Rows): Rows => fill(a[0].length, a.length, (i, j) => a[j][i]);

export const product = (a: Rows, b: Rows): Rows =>
  fill(a.length, b[0].length, (i, j) => a[i].reduce((sum, value, k) => sum + value * b[k][j], 0));

export const columnSums = (a: Rows): number[] => a[0].map((_, j) => a.reduce((sum, row) => sum + row[j], 0));

export const softmax = (a: Rows): Rows =>
  a.map((row) => {
    const powers = row.map((s) => Math.exp(s));
    const sum = powers.reduce((s, p) => s + p);
    return powers.map((p) => p / sum);
  });

export interface AffineParams {
  W: Rows;
  b: number[];
}

export interface Gradients {
  x?: Rows;
  W?: Rows;
  b?: number[] | Rows;
}

/** y = xW + b; `spoil` changes what its right backward gives. */
export const affine = (
  spoil: (right: Required<Gradients>, delta: Rows, x: Rows, params: AffineParams) => Gradients = (g) => g,
  [rows, inputs, outputs]: readonly [number, number, number] = [4, 3, 2],
) => ({
  shapes: { x: [rows, inputs], W: [inputs, outputs], b: [outputs] },
  forward: (x: Rows, { W, b }: AffineParams) => map(product(x, W), (z, _, j) => z + b[j]),
  backward: (delta: Rows, x: Rows, params: AffineParams) =>
    spoil(
      {
        x: product(delta, transpose(params.W)),
        W: product(transpose(x), delta),
        b: columnSums(delta),
      },
      delta,
      x,
      params,
    ),
});

/** y = φ(xW + b), given δ ⊙ φ′(z) or what stands for it. */
export const dense = (
  phi: (z: number) => number,
  dz: (delta: number, z: number, y: number, xw: number) => number,
) => ({
  shapes: { x: [4, 3], W: [3, 2], b: [2] },
  forward: (x: Rows, { W, b }: AffineParams) => map(product(x, W), (xw, _, j) => phi(xw + b[j])),
  backward: (delta: Rows, x: Rows, { W, b }: AffineParams) => {
    const d = map(product(x, W), (xw, i, j) => dz(delta[i][j], xw + b[j], phi(xw + b[j]), xw));
    return { x: product(d, transpose(W)), W: product(transpose(x), d), b: columnSums(d) };
  },
});

/** y = φ(x), given δ ⊙ φ′(x) or what stands for it. */
export const activation = (
  phi: (x: number) => number,
  dx: (delta: number, x: number, y: number) => number,
) => ({
  forward: (x: Rows) => map(x, phi),
  backward: (delta: Rows, x: Rows, _: unknown, y: Rows) =>
    map(x, (value, i, j) => dx(delta[i][j], value, y[i][j])),
});

/** Softmax cross-entropy, the mean over the batch; `dx` is given p, y and N. */
export const crossEntropy = (dx: (p: number, y: number, n: number, x: number) => number) => ({
  loss: true,
  forward: (x: Rows, y: Rows) => {
    const p = softmax(x);
    return (
      -y.reduce((sum, row, i) => sum + row.reduce((s, t, j) => s + t * Math.log(p[i][j]), 0), 0) / y.length
    );
  },
  backward: (x: Rows, y: Rows) => {
    const p = softmax(x);
    return map(p, (value, i, j) => dx(value, y[i][j], y.length, x[i][j]));
  },
});

/** Squared error behind a sigmoid: (1/N) Σ ½‖σ(z) − y‖². */
export const squaredError = (dx: (out: number, y: number, n: number, z: number) => number) => ({
  loss: true,
  forward: (z: Rows, y: Rows) =>
    z.reduce((sum, row, i) => sum + row.reduce((s, v, j) => s + (sigma(v) - y[i][j]) ** 2 / 2, 0), 0) /
    z.length,
  backward: (z: Rows, y: Rows) => map(z, (v, i, j) => dx(sigma(v), y[i][j], z.length, v)),
});

/** The multi-class SVM, a mean over the batch (E4); `spoil` is given each entry of its right gradient. */
export const svm = (spoil: (right: number, y: number) => number = (g) => g) => ({
  targets: 'labels',
  range: [-2, 2],
  forward: (s: Rows, labels: number[]) =>
    s.reduce(
      (sum, row, i) =>
        sum + row.reduce((m, sj, j) => (j === labels[i] ? m : m + Math.max(0, sj - row[labels[i]] + 1)), 0),
      0,
    ) / s.length,
  backward: (s: Rows, labels: number[]) =>
    s.map((row, i) => {
      const inside = row.map((sj, j) => (j !== labels[i] && sj - row[labels[i]] + 1 > 0 ? 1 : 0));
      const count = inside.reduce((a: number, b) => a + b, 0);
      return inside.map((one, j) =>
        spoil((j === labels[i] ? -count : one) / s.length, j === labels[i] ? 1 : 0),
      );
    }),
});

/** A linear classifier with its loss: softmax cross-entropy + λ/2 Σ w²; `decay` is what backward adds to dW. */
export const classifier = (lambda: number, decay: (w: number) => number, onBias = 0) => ({
  shapes: { x: [5, 4], y: [5, 3], W: [4, 3], b: [3] },
  inputGradient: false,
  forward: (x: Rows, y: Rows, { W, b }: AffineParams) => {
    const s = map(product(x, W), (z, _, j) => z + b[j]);
    // Log-sum-exp with the largest score taken out, as one writes it.
    const each = s.map((row, i) => {
      const most = Math.max(...row);
      const sum = row.reduce((t, v) => t + Math.exp(v - most), 0);
      return most + Math.log(sum) - row.reduce((t, v, j) => t + v * y[i][j], 0);
    });
    const squares = W.flat().reduce((t, w) => t + w * w, 0);
    return each.reduce((a, c) => a + c) / x.length + (lambda / 2) * squares;
  },
  backward: (x: Rows, y: Rows, { W, b }: AffineParams) => {
    const p = softmax(map(product(x, W), (z, _, j) => z + b[j]));
    const d = map(p, (value, i, j) => (value - y[i][j]) / x.length);
    return {
      W: map(product(transpose(x), d), (g, i, j) => g + decay(W[i][j])),
      b: columnSums(d).map((g, j) => g + onBias * b[j]),
    };
  },
});
