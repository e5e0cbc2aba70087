/** The frame in which most layers stand, y = φ(xW + b) or y = φ(x), recognised by its numbers. */

import type { Float64Tensor } from '../module/arrays.ts';
import type { Point } from '../module/point.ts';
import { type Evidence, explains, multiplyValues, sumColumns, transposeValues } from './evidence.ts';

/** A layer whose output is φ of z, entry by entry, with z = xW + b or z = x. */
export interface AffineLayer {
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly x: Float64Array;
  /** The parameter that multiplies, as [inputs, outputs]; undefined for z = x. */
  readonly w: Float64Array | undefined;
  readonly b: Float64Array | undefined;
  /** Whether the parameter is [outputs, inputs], and z = xWᵀ + b. */
  readonly flipped: boolean;
  readonly z: Float64Array;
  /** y = φ(z). */
  readonly y: Float64Array;
  readonly delta: Float64Array;
  /** δ ⊙ φ′(z). */
  readonly dz: Float64Array;
  /** Which of x, W and b the evidence is about. */
  readonly role: 'x' | 'w' | 'b';
  /** δ ⊙ φ′(at), for pre-activations of one's choice [rows, outputs]. */
  slopes(at: Float64Array): Float64Array;
  /** The gradient of the evidence's tensor that follows from ∂L/∂z (E1, E2). */
  pull(dz: Float64Array): Float64Array;
}

/** The most numbers in z for which a frame is looked for: each takes a derivative. */
const MAX_OUTPUTS = 256;

/** Frames that were looked for: several searches ask. */
const known = new WeakMap<Evidence, { readonly frame: AffineLayer | undefined }>();

/** The frame of a layer, if it has one: what follows from it must be the numeric gradient. */
export function affineLayerOf(evidence: Evidence): AffineLayer | undefined {
  const found = known.get(evidence) ?? { frame: lookFor(evidence) };
  known.set(evidence, found);
  return found.frame;
}

function lookFor(evidence: Evidence): AffineLayer | undefined {
  const { point, output, derivative } = evidence;
  if (point?.delta === undefined || output === undefined || derivative === undefined) return undefined;
  if (output.values.length > MAX_OUTPUTS || output.values.length !== point.delta.values.length)
    return undefined;
  for (const frame of candidates(evidence, point, point.delta, output)) {
    if (explains({ text: '', right: frame.pull(frame.dz) }, evidence)) return frame;
  }
  return undefined;
}

function* candidates(
  evidence: Evidence,
  point: Point,
  delta: Float64Tensor,
  output: Float64Tensor,
): Generator<AffineLayer> {
  const [rows, outputs] = matrixShape(output);
  const inputs = point.tensors.x.values.length / rows;
  if (evidence.tensor === 'x' && inputs === outputs) yield* elementwise(evidence, point, delta, output);
  const parameters = Object.keys(point.tensors).filter((name) => name !== 'x' && name !== 'y');
  for (const wName of parameters) {
    const { shape } = point.tensors[wName];
    if (shape.length !== 2) continue;
    const bName = parameters.find((name) => name !== wName && point.tensors[name].values.length === outputs);
    for (const flipped of [false, true]) {
      const [from, to] = flipped ? [shape[1], shape[0]] : shape;
      if (from !== inputs || to !== outputs) continue;
      yield* affine(evidence, point, delta, output, { wName, bName, flipped });
    }
  }
}

/** y = φ(x), if that is what it is. */
function* elementwise(
  evidence: Evidence,
  point: Point,
  delta: Float64Tensor,
  output: Float64Tensor,
): Generator<AffineLayer> {
  const { x } = point.tensors;
  const [rows, outputs] = matrixShape(output);
  const slopes = (at: Float64Array) =>
    derivativeOf(evidence, 'x', withTensors(point, { x: { ...x, values: at } }));
  const dz = slopes(x.values);
  const gradient = (values: Float64Array) =>
    derivativeOf(evidence, 'x', { ...point, delta: { ...delta, values } });
  if (!isElementwise(gradient, delta, dz, outputs)) return;
  yield {
    ...{ rows, inputs: outputs, outputs, x: x.values, w: undefined, b: undefined, flipped: false },
    ...{ z: x.values, y: output.values, delta: delta.values, dz, role: 'x' as const },
    slopes,
    pull: (values) => values,
  };
}

/** y = φ(xW + b), or with W as [outputs, inputs] y = φ(xWᵀ + b). */
function* affine(
  evidence: Evidence,
  point: Point,
  delta: Float64Tensor,
  output: Float64Tensor,
  { wName, bName, flipped }: { wName: string; bName: string | undefined; flipped: boolean },
): Generator<AffineLayer> {
  const { tensor } = evidence;
  if (tensor !== 'x' && tensor !== wName && tensor !== bName) return;
  const role = tensor === 'x' ? 'x' : tensor === wName ? 'w' : 'b';
  const [rows, outputs] = matrixShape(output);
  const x = point.tensors.x;
  const inputs = x.values.length / rows;
  const stored = point.tensors[wName];
  const b = bName === undefined ? undefined : point.tensors[bName];
  const w = flipped ? transposeValues(stored.values, outputs, inputs) : stored.values;
  const store = (values: Float64Array) => (flipped ? transposeValues(values, inputs, outputs) : values);
  const read = (values: Float64Array) => (flipped ? transposeValues(values, outputs, inputs) : values);

  const z = multiplyValues(x.values, w, rows, inputs, outputs).map(
    (sum, k) => sum + (b?.values[k % outputs] ?? 0),
  );
  // φ′ anywhere, row by row: with W = 0 the row of z is b; without b, with x all first unit vectors, the first row of W.
  const unit = x.values.map((_, k) => (k % inputs === 0 ? 1 : 0));
  const placed = (row: Float64Array): Point['tensors'] =>
    bName !== undefined && b !== undefined
      ? { [wName]: { ...stored, values: w.map(() => 0) }, [bName]: { ...b, values: row } }
      : {
          x: { ...x, values: unit },
          [wName]: { ...stored, values: store(w.map((_, k) => (k < outputs ? row[k] : 0))) },
        };
  const slopes = (at: Float64Array) => {
    const all = new Float64Array(rows * outputs);
    for (let n = 0; n < rows; n++) {
      const moved = withTensors(point, placed(at.slice(n * outputs, (n + 1) * outputs)));
      const masked = {
        ...delta,
        values: delta.values.map((d, k) => (Math.floor(k / outputs) === n ? d : 0)),
      };
      const slope = derivativeOf(evidence, bName ?? wName, { ...moved, delta: masked });
      all.set((bName === undefined ? read(slope) : slope).subarray(0, outputs), n * outputs);
    }
    return all;
  };
  const pull = (dz: Float64Array) => {
    if (role === 'b') return sumColumns(dz, outputs);
    if (role === 'w')
      return store(multiplyValues(transposeValues(x.values, rows, inputs), dz, inputs, rows, outputs));
    return multiplyValues(dz, transposeValues(w, inputs, outputs), rows, outputs, inputs);
  };
  yield {
    ...{ rows, inputs, outputs, x: x.values, w, b: b?.values, flipped },
    ...{ z, y: output.values, delta: delta.values, dz: slopes(z), role },
    slopes,
    pull,
  };
}

const derivativeOf = ({ derivative }: Evidence, tensor: string, at: Point): Float64Array =>
  derivative?.(tensor, at) ?? new Float64Array(0);

/** Whether each entry of the gradient comes from the same entry of δ: seen by leaving out columns and rows of δ. */
function isElementwise(
  gradient: (delta: Float64Array) => Float64Array,
  { values }: Float64Tensor,
  dz: Float64Array,
  cols: number,
): boolean {
  const masks = [
    ...Array.from({ length: cols }, (_, j) => (k: number) => k % cols === j),
    (k: number) => Math.floor(k / cols) % 2 === 0,
  ];
  const largest = dz.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return masks.every((mask) => {
    const masked = gradient(values.map((value, k) => (mask(k) ? value : 0)));
    return dz.every((value, k) => Math.abs(masked[k] - (mask(k) ? value : 0)) <= 1e-7 * largest);
  });
}

const withTensors = (point: Point, tensors: Point['tensors']): Point => ({
  ...point,
  tensors: { ...point.tensors, ...tensors },
});

/** Rows and columns of an output; a flat one is a single row. */
function matrixShape({ shape, values }: Float64Tensor): [rows: number, cols: number] {
  return shape.length < 2 ? [1, values.length] : [shape[0], values.length / shape[0]];
}
