/** One sample's loss and gradients by the formulas of the notes, in nested arrays: nothing of the project computes here. */

import type { ActivationName } from '../../src/network/activations.ts';
import type { LossName } from '../../src/network/losses.ts';
import type { NetworkSpec } from '../../src/network/network.ts';
import {
  add,
  addRow,
  hadamard,
  map,
  multiply,
  type Rows,
  scale,
  sum,
  transpose,
  zip,
} from '../support/notes-matrix.ts';

/** By name: W as [nIn, nOut], b as [1, nOut]. */
export type Tensors = Record<string, Rows>;

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** √(2/π) (z + 0.044715 z³). */
const bent = (z: number) => Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3);

const PHI: Record<ActivationName, { phi: (z: number) => number; derivative: (z: number) => number }> = {
  relu: { phi: (z) => Math.max(0, z), derivative: (z) => (z > 0 ? 1 : 0) },
  // σ′ = σ(z) σ(−z) and tanh′ = 1 / cosh² lose no digits where φ is nearly flat.
  sigmoid: { phi: sigmoid, derivative: (z) => sigmoid(z) * sigmoid(-z) },
  tanh: { phi: Math.tanh, derivative: (z) => 1 / Math.cosh(z) ** 2 },
  identity: { phi: (z) => z, derivative: () => 1 },
  'leaky-relu': { phi: (z) => Math.max(z, z / 100), derivative: (z) => (z > 0 ? 1 : 1 / 100) },
  elu: { phi: (z) => (z > 0 ? z : Math.expm1(z)), derivative: (z) => Math.exp(Math.min(z, 0)) },
  gelu: {
    phi: (z) => (z / 2) * (1 + Math.tanh(bent(z))),
    derivative: (z) =>
      (1 + Math.tanh(bent(z))) / 2 +
      (z / 2) * (1 / Math.cosh(bent(z)) ** 2) * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * z * z),
  },
  softplus: { phi: (z) => Math.log1p(Math.exp(z)), derivative: sigmoid },
  silu: { phi: (z) => z * sigmoid(z), derivative: (z) => sigmoid(z) + z * sigmoid(z) * sigmoid(-z) },
};

/** softmax(s) − y, the entry of the class as −Σ of the other probabilities. */
function softmaxMinusTarget(s: Rows, label: number): number[] {
  const e = s[0].map((score) => Math.exp(score - Math.max(...s[0])));
  const total = e.reduce((a, b) => a + b, 0);
  const others = e.reduce((rest, value, j) => (j === label ? rest : rest + value), 0);
  return e.map((value, j) => (j === label ? -others : value) / total);
}

const LOSS: Record<
  LossName,
  { loss: (o: Rows, label: number) => number; delta: (o: Rows, label: number) => Rows }
> = {
  'softmax-cross-entropy': {
    loss: (s, c) => Math.log(s[0].reduce((total, v) => total + Math.exp(v - s[0][c]), 0)),
    delta: (s, c) => [softmaxMinusTarget(s, c)],
  },
  'sigmoid-cross-entropy': {
    loss: (s, c) => s[0].reduce((total, v, j) => total + Math.log1p(Math.exp(j === c ? -v : v)), 0),
    delta: (s, c) => [s[0].map((v, j) => (j === c ? -sigmoid(-v) : sigmoid(v)))],
  },
  'squared-error': {
    loss: (x, c) => x[0].reduce((total, v, j) => total + (v - (j === c ? 1 : 0)) ** 2, 0) / 2,
    delta: (x, c) => [x[0].map((v, j) => v - (j === c ? 1 : 0))],
  },
  svm: {
    loss: (s, c) => s[0].reduce((total, v, j) => total + (j === c ? 0 : Math.max(0, v - s[0][c] + 1)), 0),
    delta: (s, c) => {
      const violated = s[0].map((v, j): number => (j !== c && v - s[0][c] + 1 > 0 ? 1 : 0));
      return [violated.map((v, j) => (j === c ? -sum([violated]) : v))];
    },
  },
};

/** Loss (without the L2 term), L2 term, and the gradients with λW, of the input row x with class `label`. */
export function literal(
  spec: NetworkSpec,
  tensors: Tensors,
  x: Rows,
  label: number,
): { loss: number; penalty: number; outputs: Rows; gradients: Tensors } {
  const values: Rows[] = [x];
  let number = 0;
  for (const layer of spec.layers) {
    const input = values[values.length - 1];
    if (layer.type === 'dense') {
      number++;
      values.push(addRow(multiply(input, tensors[`W${number}`]), tensors[`b${number}`]));
    } else {
      values.push(map(input, PHI[layer.name].phi));
    }
  }
  const outputs = values[values.length - 1];
  const { loss, delta } = LOSS[spec.loss.name];
  const gradients: Tensors = {};
  let d = delta(outputs, label);
  let squares = 0;
  for (let l = spec.layers.length - 1; l >= 0; l--) {
    const layer = spec.layers[l];
    if (layer.type === 'activation') {
      d = hadamard(d, map(values[l], PHI[layer.name].derivative));
      continue;
    }
    const w = tensors[`W${number}`];
    gradients[`W${number}`] = add(multiply(transpose(values[l]), d), scale(spec.l2, w));
    gradients[`b${number}`] = d;
    squares += sum(hadamard(w, w));
    d = multiply(d, transpose(w));
    number--;
  }
  return { loss: loss(outputs, label), penalty: (spec.l2 / 2) * squares, outputs, gradients };
}

/** ‖a − b‖ / ‖b‖. */
export function relativeDistance(a: Rows, b: Rows): number {
  const norm = (m: Rows) => Math.sqrt(sum(hadamard(m, m)));
  return norm(zip(a, b, (x, y) => x - y)) / norm(b);
}
