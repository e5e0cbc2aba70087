/** Whole networks as users write them, whose way back can be spoilt at any step. */

import { columnSums, fill, map, product, type Rows, sigma, softmax, transpose } from '../module/modules.ts';

/** φ and its derivative. */
export const PHI = {
  relu: { at: (z: number) => Math.max(0, z), slope: (z: number) => (z > 0 ? 1 : 0) },
  sigmoid: { at: sigma, slope: (z: number) => sigma(z) * (1 - sigma(z)) },
  tanh: { at: Math.tanh, slope: (z: number) => 1 - Math.tanh(z) ** 2 },
  softplus: { at: (z: number) => Math.log1p(Math.exp(z)), slope: sigma },
} as const;

/** What a way back has at hand. */
export interface Pass {
  readonly x: Rows;
  readonly y: Rows;
  readonly w: readonly Rows[];
  readonly b: readonly number[][];
  readonly z: readonly Rows[];
  /** φ of each z; of the last, what the loss computes its difference with. */
  readonly a: readonly Rows[];
  readonly n: number;
  readonly lambda: number;
  slope(z: Rows): Rows;
}

/** The steps of the way back, as in the notes; a mistake replaces one. */
export interface WayBack {
  top(pass: Pass): Rows;
  hidden(pass: Pass, above: Rows, l: number): Rows;
  weights(pass: Pass, delta: Rows, l: number): Rows;
  bias(pass: Pass, delta: Rows, l: number): number[];
}

export type LossName = 'softmax' | 'squared' | 'svm';

export interface NetworkOptions {
  readonly sizes?: readonly number[];
  readonly rows?: number;
  readonly phi?: keyof typeof PHI;
  readonly loss?: LossName;
  readonly lambda?: number;
  /** Samples as columns and W as [outputs, inputs], as in note A. */
  readonly columns?: boolean;
}

export const times = (a: Rows, b: Rows): Rows => map(a, (v, i, j) => v * b[i][j]);
export const minus = (a: Rows, b: Rows): Rows => map(a, (v, i, j) => v - b[i][j]);
export const scale = (a: Rows, c: number): Rows => map(a, (v) => c * v);
export const plus = (a: Rows, b: Rows): Rows => map(a, (v, i, j) => v + b[i][j]);

/** How often another class is inside the margin, and which. */
export function marginsOf(s: Rows, y: Rows): Rows {
  return map(s, (v, i, j) => {
    const own = s[i].reduce((sum, score, k) => sum + score * y[i][k], 0);
    return y[i][j] === 1 ? 0 : v - own + 1;
  });
}

const right = (loss: LossName): WayBack => ({
  top: ({ a, z, y, n, slope }) => {
    const last = a.length - 1;
    if (loss === 'softmax') return scale(minus(a[last], y), 1 / n);
    if (loss === 'squared') return scale(times(minus(a[last], y), slope(z[last])), 1 / n);
    const inside = map(marginsOf(z[last], y), (m) => (m > 0 ? 1 : 0));
    return map(inside, (v, i, j) => (y[i][j] === 1 ? -inside[i].reduce((s: number, u) => s + u, 0) : v) / n);
  },
  hidden: ({ w, z, slope }, above, l) => times(product(above, transpose(w[l + 1])), slope(z[l])),
  weights: ({ x, a, w, lambda }, delta, l) =>
    plus(product(transpose(l === 0 ? x : a[l - 1]), delta), scale(w[l], lambda)),
  bias: (_, delta) => columnSums(delta),
});

/** A network with its loss, and its way back with some steps replaced. */
export function networkModule(
  {
    sizes = [5, 4, 3],
    rows = 6,
    phi = 'sigmoid',
    loss = 'softmax',
    lambda = 0,
    columns = false,
  }: NetworkOptions,
  wrong: Partial<WayBack> = {},
) {
  const { at, slope } = PHI[phi];
  const layers = sizes.length - 1;
  const turn = (a: Rows) => (columns ? transpose(a) : a);
  const shapes: Record<string, number[]> = {
    x: columns ? [sizes[0], rows] : [rows, sizes[0]],
    y: columns ? [sizes[layers], rows] : [rows, sizes[layers]],
  };
  for (let l = 0; l < layers; l++) {
    shapes[`W${l + 1}`] = columns ? [sizes[l + 1], sizes[l]] : [sizes[l], sizes[l + 1]];
    shapes[`b${l + 1}`] = columns ? [sizes[l + 1], 1] : [sizes[l + 1]];
  }
  const passOf = (given: Rows, targets: Rows, params: Record<string, Rows | number[]>): Pass => {
    const [x, y] = [turn(given), turn(targets)];
    const w = Array.from({ length: layers }, (_, l) => turn(params[`W${l + 1}`] as Rows));
    const b = Array.from({ length: layers }, (_, l) => (params[`b${l + 1}`] as Rows).flat());
    const [z, a]: [Rows[], Rows[]] = [[], []];
    for (let l = 0; l < layers; l++) {
      z.push(map(product(l === 0 ? x : a[l - 1], w[l]), (v, _, j) => v + b[l][j]));
      const isScores = l === layers - 1 && loss !== 'squared';
      a.push(isScores ? softmax(z[l]) : map(z[l], at));
    }
    return { x, y, w, b, z, a, n: rows, lambda, slope: (at) => map(at, slope) };
  };
  const back = { ...right(loss), ...wrong };
  return {
    shapes,
    inputGradient: false,
    targets: 'one-hot',
    forward: (x: Rows, y: Rows, params: Record<string, Rows>) => {
      const pass = passOf(x, y, params);
      const out = pass.a[layers - 1];
      const each =
        loss === 'softmax'
          ? map(out, (p, i, j) => (pass.y[i][j] === 0 ? 0 : -Math.log(p)))
          : loss === 'squared'
            ? map(out, (v, i, j) => (v - pass.y[i][j]) ** 2 / 2)
            : map(marginsOf(pass.z[layers - 1], pass.y), (m) => Math.max(0, m));
      const squares = pass.w.flat(2).reduce((sum, v) => sum + v * v, 0);
      return each.flat().reduce((sum, v) => sum + v, 0) / rows + (lambda / 2) * squares;
    },
    backward: (x: Rows, y: Rows, params: Record<string, Rows>) => {
      const pass = passOf(x, y, params);
      const gradients: Record<string, Rows | number[]> = {};
      let delta = back.top(pass);
      for (let l = layers - 1; l >= 0; l--) {
        gradients[`dW${l + 1}`] = turn(back.weights(pass, delta, l));
        const db = back.bias(pass, delta, l);
        gradients[`db${l + 1}`] = columns ? db.map((v) => [v]) : db;
        if (l > 0) delta = back.hidden(pass, delta, l - 1);
      }
      return gradients;
    },
  };
}

/** Ones in the shape of a matrix. */
export const ones = (a: Rows): Rows => fill(a.length, a[0].length, () => 1);
