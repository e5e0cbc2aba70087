/** A user's network, recognised: affine layers with one activation, and what it ends in, which together give its forward. */

import { ModuleError } from '../../module/errors.ts';
import type { Point } from '../../module/point.ts';
import { type Evidence, multiplyValues, sumColumns, transposeValues } from '../evidence.ts';
import { type Affine, type Chain, chainsOf } from './chain.ts';
import { PHIS, type Phi } from './functions.ts';
import { type Head, type HeadInput, LOSSES, OUTPUTS } from './heads.ts';

/** The values of a forward pass. */
export interface Activations {
  /** The input of each layer: x, then φ of each pre-activation but the last. */
  readonly inputs: readonly Float64Array[];
  readonly z: readonly Float64Array[];
}

/** A network that computes what the user's forward does. */
export interface NetworkModel extends Activations {
  readonly chain: Chain;
  readonly layers: readonly Affine[];
  readonly phi: Phi;
  readonly head: Head;
  readonly headInput: HeadInput;
  /** L = scale · head + λ/2 Σ w²; of a network with δ, 1 and 0. */
  readonly scale: number;
  readonly lambda: number;
  /** Whether it ends in a loss, and not in an output that gets δ from above. */
  readonly hasLoss: boolean;
  /** Each layer's W as [inputs, outputs], and b. */
  readonly w: readonly Float64Array[];
  readonly b: readonly (Float64Array | undefined)[];
  /** δ = ∂L/∂z of the last layer. */
  readonly delta: Float64Array;
}

/** The most numbers in all tensors for which a network is looked for. */
const MAX_NUMBERS = 20_000;

const EXACT = 1e-9;

const known = new WeakMap<Point, { readonly model: NetworkModel | undefined }>();

/** The network that computes what forward does at this point and at others; undefined if none of these does. */
export function networkOf({ point, output, loss, scalar }: Evidence): NetworkModel | undefined {
  if (point === undefined || output === undefined || scalar === undefined) return undefined;
  const found = known.get(point) ?? {
    model: lookFor(point, output.values, loss === true ? scalar : undefined),
  };
  known.set(point, found);
  return found.model;
}

function lookFor(
  point: Point,
  output: Float64Array,
  scalar: ((point: Point) => number) | undefined,
): NetworkModel | undefined {
  const size = Object.values(point.tensors).reduce((sum, { values }) => sum + values.length, 0);
  if (size > MAX_NUMBERS) return undefined;
  for (const chain of chainsOf(point)) {
    for (const phi of chain.layers.length === 1 ? PHIS.slice(0, 1) : PHIS) {
      const found =
        scalar === undefined ? withOutput(chain, phi, point, output) : withLoss(chain, phi, point, scalar);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** A network whose output is φ of its last scores, or the scores. */
function withOutput(chain: Chain, phi: Phi, point: Point, output: Float64Array): NetworkModel | undefined {
  const pass = forwardPass(chain, phi, point);
  const z = pass.z[pass.z.length - 1];
  const { delta } = point;
  if (delta === undefined || z.length !== output.length || delta.values.length !== z.length) return undefined;
  const classes = z.length / chain.rows;
  const asRows = (values: Float64Array) =>
    chain.columns ? transposeValues(values, classes, chain.rows) : values;
  const headInput = { z, y: asRows(delta.values), classes };
  const wanted = asRows(output);
  const head = OUTPUTS.find((candidate) => isClose(candidate.value(headInput), wanted));
  return (
    head && {
      ...modelOf(chain, phi, point, pass),
      head,
      headInput,
      scale: 1,
      lambda: 0,
      hasLoss: false,
      delta: head.delta(headInput),
    }
  );
}

/** A network whose loss is scale · head + λ/2 Σ w², by its values at several points. */
function withLoss(
  chain: Chain,
  phi: Phi,
  point: Point,
  scalar: (point: Point) => number,
): NetworkModel | undefined {
  const passes = trialPoints(point).flatMap((trial) => {
    try {
      const pass = forwardPass(chain, phi, trial);
      const headInput = headInputOf(chain, pass, trial);
      const squares = chain.layers.reduce(
        (sum, { w }) => trial.tensors[w].values.reduce((s, v) => s + v * v, sum),
        0,
      );
      return headInput === undefined ? [] : [{ pass, headInput, squares, value: scalar(trial) }];
    } catch (error) {
      if (error instanceof ModuleError) return [];
      throw error;
    }
  });
  if (passes.length < 4) return undefined;
  const [{ pass, headInput }] = passes;
  for (const head of LOSSES) {
    const bases = passes.map((trial) => head.value(trial.headInput)[0]);
    const values = passes.map(({ value }) => value);
    const squares = passes.map((trial) => trial.squares);
    const fit = fitPair(bases, squares, values);
    if (fit === undefined) continue;
    const [scale, half] = fit;
    const largest = Math.max(...values.map(Math.abs));
    const fits = values.every(
      (v, i) => Math.abs(scale * bases[i] + half * squares[i] - v) <= EXACT * largest,
    );
    if (!fits || !(Math.abs(scale) > 1e-6)) continue;
    const lambda = Math.abs(half) < EXACT ? 0 : Number((2 * half).toPrecision(8));
    const delta = head.delta(headInput).map((d) => scale * d);
    return { ...modelOf(chain, phi, point, pass), head, headInput, scale, lambda, hasLoss: true, delta };
  }
  return undefined;
}

const modelOf = (chain: Chain, phi: Phi, { tensors }: Point, pass: Activations) => ({
  ...pass,
  chain,
  layers: chain.layers,
  phi,
  w: chain.layers.map(({ w }) => chain.read(w, tensors[w].values)),
  b: chain.layers.map(({ b }) => (b === undefined ? undefined : tensors[b].values)),
});

/** The point, and others with its tensors stretched, which pull the loss and its L2 term apart. */
function trialPoints(point: Point): Point[] {
  const stretched = (x: number, parameters: number): Point => ({
    ...point,
    tensors: Object.fromEntries(
      Object.entries(point.tensors).map(([name, tensor]) => {
        const by = name === 'y' ? 1 : name === 'x' ? x : parameters;
        return [name, { ...tensor, values: tensor.values.map((v) => by * v) }];
      }),
    ),
  });
  return [point, stretched(1, 0.75), stretched(0.5, 1.25), stretched(1.25, 0.5), stretched(0.75, 1)];
}

function forwardPass({ layers, rows, read }: Chain, phi: Phi, { tensors }: Point): Activations {
  const inputs: Float64Array[] = [];
  const z: Float64Array[] = [];
  let a = read('x', tensors.x.values);
  for (const [l, layer] of layers.entries()) {
    if (l > 0) a = phi.at(z[l - 1]);
    inputs.push(a);
    const w = read(layer.w, tensors[layer.w].values);
    const b = layer.b === undefined ? undefined : tensors[layer.b].values;
    z.push(
      multiplyValues(a, w, rows, layer.inputs, layer.outputs).map(
        (sum, k) => sum + (b?.[k % layer.outputs] ?? 0),
      ),
    );
  }
  return { inputs, z };
}

/** The targets as rows of the scores' width, where they are that or labels. */
function headInputOf(chain: Chain, { z: all }: Activations, { tensors }: Point): HeadInput | undefined {
  const z = all[all.length - 1];
  const classes = z.length / chain.rows;
  const { values } = tensors.y;
  if (values.length === z.length) {
    return { z, y: chain.columns ? transposeValues(values, classes, chain.rows) : values, classes };
  }
  if (values.length !== chain.rows || values.some((label) => !(label >= 0 && label < classes)))
    return undefined;
  const y = new Float64Array(z.length);
  for (const [row, label] of values.entries()) y[row * classes + label] = 1;
  return { z, y, classes };
}

/** α and β of α u + β v = w in the sense of least squares. */
function fitPair(u: number[], v: number[], w: number[]): [number, number] | undefined {
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, k) => sum + value * b[k], 0);
  const [uu, uv, vv, uw, vw] = [dot(u, u), dot(u, v), dot(v, v), dot(u, w), dot(v, w)];
  const determinant = uu * vv - uv * uv;
  if (!(Math.abs(determinant) > 1e-9 * uu * vv)) return undefined;
  const found: [number, number] = [(uw * vv - vw * uv) / determinant, (vw * uu - uw * uv) / determinant];
  return found.every(Number.isFinite) ? found : undefined;
}

function isClose(a: Float64Array, b: Float64Array): boolean {
  const largest = b.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-300);
  return a.length === b.length && a.every((v, k) => Math.abs(v - b[k]) <= EXACT * largest);
}

/** The steps of a way back; each may be replaced by a wrong one. */
export interface Steps {
  /** δ of the last layer. */
  top(): Float64Array;
  /** ∂L/∂a of layer l's output from δ of the layer above. */
  pull(l: number, delta: Float64Array): Float64Array;
  /** δ of layer l from ∂L/∂a. */
  slope(l: number, da: Float64Array): Float64Array;
  weights(l: number, delta: Float64Array): Float64Array;
  bias(l: number, delta: Float64Array): Float64Array;
}

/** The right steps. */
export function rightSteps(model: NetworkModel): Steps {
  const { layers, w, z, inputs, phi, delta, lambda, chain } = model;
  const { rows } = chain;
  return {
    top: () => delta,
    pull: (l, d) => timesTransposed(model, l + 1, d),
    slope: (l, da) => {
      const slopes = phi.slope(z[l]);
      return da.map((v, k) => v * slopes[k]);
    },
    weights: (l, d) => {
      const { inputs: from, outputs } = layers[l];
      const product = multiplyValues(transposeValues(inputs[l], rows, from), d, from, rows, outputs);
      return product.map((v, k) => v + lambda * w[l][k]);
    },
    bias: (l, d) => sumColumns(d, layers[l].outputs),
  };
}

/** δ Wᵀ of layer l. */
export function timesTransposed(
  { layers, w, chain }: NetworkModel,
  l: number,
  d: Float64Array,
): Float64Array {
  const { inputs, outputs } = layers[l];
  return multiplyValues(d, transposeValues(w[l], inputs, outputs), chain.rows, outputs, inputs);
}

/** What a way back gives. */
export interface WayBack {
  /** By the tensor's name, in the user's own layout: x and the parameters. */
  readonly gradients: ReadonlyMap<string, Float64Array>;
  /** ∂L/∂z of each layer. */
  readonly deltas: readonly Float64Array[];
  /** ∂L/∂a of the output of each layer but the last. */
  readonly pulled: readonly Float64Array[];
}

/** The gradients of every tensor by these steps. */
export function backwardPass(model: NetworkModel, changed: Partial<Steps> = {}): WayBack {
  const { layers, chain } = model;
  const steps = { ...rightSteps(model), ...changed };
  const gradients = new Map<string, Float64Array>();
  const [deltas, pulled]: [Float64Array[], Float64Array[]] = [[], []];
  let delta = steps.top();
  for (let l = layers.length - 1; l >= 0; l--) {
    const { w, b } = layers[l];
    deltas[l] = delta;
    gradients.set(w, chain.store(w, steps.weights(l, delta)));
    if (b !== undefined) gradients.set(b, steps.bias(l, delta));
    if (l === 0) continue;
    pulled[l - 1] = steps.pull(l - 1, delta);
    delta = steps.slope(l - 1, pulled[l - 1]);
  }
  gradients.set('x', chain.store('x', timesTransposed(model, 0, delta)));
  return { gradients, deltas, pulled };
}
