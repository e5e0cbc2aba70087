/** The affine layers of a user's network, one after the other, read from the shapes of its parameters. */

import type { TensorShape } from '../../module/arrays.ts';
import type { Point } from '../../module/point.ts';
import { transposeValues } from '../evidence.ts';

/** One affine layer z = aW + b. */
export interface Affine {
  /** The parameter that multiplies, by the user's name. */
  readonly w: string;
  /** The bias, if the layer has one. */
  readonly b: string | undefined;
  readonly inputs: number;
  readonly outputs: number;
}

/** How the tensors of a way back are called; layers count from 0. */
export interface Letters {
  /** ∂L/∂z of a layer: `δ2`. */
  delta(l: number): string;
  z(l: number): string;
  /** The input of a layer: `x`, then `x1`. */
  input(l: number): string;
}

/** The letters of note D. */
const LETTERS: Letters = {
  delta: (l) => `δ${l + 1}`,
  z: (l) => `z${l + 1}`,
  input: (l) => (l === 0 ? 'x' : `x${l}`),
};

/** δ of a layer times its W, as it pulls back to the layer's input. */
export function pulledText({ layers, columns, flipped, letters }: Chain, l: number): string {
  const { w } = layers[l];
  const delta = letters.delta(l);
  return columns ? `${w}${flipped ? 'ᵀ' : ''} ${delta}` : `${delta} ${w}${flipped ? '' : 'ᵀ'}`;
}

/** The product that gives dW of a layer. */
export function weightsText({ columns, flipped, letters }: Chain, l: number): string {
  const [x, delta] = [letters.input(l), letters.delta(l)];
  if (columns) return flipped ? `${delta} ${x}ᵀ` : `${x} ${delta}ᵀ`;
  return flipped ? `${delta}ᵀ ${x}` : `${x}ᵀ ${delta}`;
}

/** Affine layers that fit each other, and how the user stores them. */
export interface Chain {
  readonly layers: readonly Affine[];
  readonly rows: number;
  /** Whether samples are the columns of x. */
  readonly columns: boolean;
  /** Whether a W is stored as [outputs, inputs]. */
  readonly flipped: boolean;
  readonly letters: Letters;
  /** A tensor of the user's as this project has it: samples as rows, W as [inputs, outputs]. */
  read(tensor: string, values: Float64Array): Float64Array;
  /** The reverse of `read`. */
  store(tensor: string, values: Float64Array): Float64Array;
}

/** Every way to read a point's parameters as a chain of affine layers: rows or columns, W or its transpose. */
export function chainsOf({ tensors }: Point): Chain[] {
  const { x } = tensors;
  if (x === undefined || x.shape.length === 0 || x.shape.length > 2) return [];
  const names = Object.keys(tensors).filter((name) => name !== 'x' && name !== 'y');
  const shapeOf = (name: string): TensorShape => tensors[name].shape;
  const isVector = (name: string) => shapeOf(name).filter((n) => n !== 1).length < 2;
  const weights = names.filter((name) => shapeOf(name).length === 2 && (!isVector(name) || /w/i.test(name)));
  const biases = names.filter((name) => !weights.includes(name));
  if (weights.length === 0 || biases.some((name) => !isVector(name))) return [];
  const orientations = x.shape.length === 1 ? [false] : [false, true];
  return orientations.flatMap((columns) =>
    [false, true].flatMap((flipped): Chain[] => {
      const rows = x.shape.length === 1 ? 1 : x.shape[columns ? 1 : 0];
      const layers = affineLayers(x.values.length / rows, weights, biases, flipped, tensors);
      if (layers === undefined) return [];
      const shapes = new Map<string, readonly [number, number]>();
      if (flipped) for (const { w, inputs, outputs } of layers) shapes.set(w, [outputs, inputs]);
      if (columns) shapes.set('x', [x.values.length / rows, rows]);
      const turn = (tensor: string, values: Float64Array, back: boolean): Float64Array => {
        const shape = shapes.get(tensor);
        if (shape === undefined) return values;
        return back ? transposeValues(values, shape[1], shape[0]) : transposeValues(values, ...shape);
      };
      return [
        {
          layers,
          rows,
          columns,
          flipped,
          letters: LETTERS,
          read: (tensor, values) => turn(tensor, values, false),
          store: (tensor, values) => turn(tensor, values, true),
        },
      ];
    }),
  );
}

function affineLayers(
  width: number,
  weights: readonly string[],
  biases: readonly string[],
  flipped: boolean,
  tensors: Point['tensors'],
): Affine[] | undefined {
  const layers: Affine[] = [];
  const free = [...biases];
  let inputs = width;
  for (const [l, w] of weights.entries()) {
    const { shape } = tensors[w];
    const [from, outputs] = flipped ? [shape[1], shape[0]] : shape;
    if (from !== inputs) return undefined;
    const fits = (name: string | undefined) =>
      name !== undefined && tensors[name].values.length === outputs && free.includes(name);
    const sameOrder = biases.length === weights.length && fits(biases[l]) ? biases[l] : undefined;
    const b = sameOrder ?? free.find(fits);
    if (b !== undefined) free.splice(free.indexOf(b), 1);
    layers.push({ w, b, inputs, outputs });
    inputs = outputs;
  }
  return free.length === 0 ? layers : undefined;
}
