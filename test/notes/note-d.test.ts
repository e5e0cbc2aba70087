/** Note D, literally: MNIST 784 → K → 10, one sample as a column, any activation φ, squared error. */

import { describe, expect, test } from 'vitest';
import type { Matrix, Samples } from '../../src/kernels/matrix.ts';
import { Random } from '../../src/kernels/random.ts';
import type { ActivationName } from '../../src/network/activations.ts';
import {
  add,
  expectAgreement,
  expectBothSides,
  expectClasses,
  expectDisagreement,
  fill,
  hadamard,
  map,
  multiply,
  oneHot,
  type Rows,
  reluDerivative,
  scale,
  shape,
  subtract,
  sum,
  transpose,
} from '../support/notes-matrix.ts';
import { kernels, matrixOf, oneStep, rowsOf } from '../support/notes-network.ts';

const [PIXELS, K, CLASSES] = [784, 30, 10];
const alpha = 0.5;

const random = new Random(4, 'note D');

/** A pixel of an image like MNIST's: 28 × 28 with an empty border of 4, 0 to 255, and mostly 0 inside it too. */
function pixel(at: number): number {
  const [r, c] = [Math.floor(at / 28), at % 28];
  const inside = r >= 4 && r < 24 && c >= 4 && c < 24;
  return inside && random.uniform() < 0.37 ? 1 + random.below(255) : 0;
}

const labels = [7, 2, 1, 0, 4, 9, 5];
const images = fill(labels.length, PIXELS, (_, at) => pixel(at));
const samples: Samples = {
  count: labels.length,
  cols: PIXELS,
  values: Uint8Array.from(images.flat()),
  scale: 1 / 255,
  labels: Uint8Array.from(labels),
  classes: CLASSES,
};

const uniform = (rows: number, cols: number, a: number): Rows =>
  fill(rows, cols, () => random.uniform(-a, a));

// W¹ as the note uses it, 784 × K under a transpose, not as it declares it (slip-D1).
const W1 = uniform(PIXELS, K, 0.15);
const b1 = uniform(K, 1, 0.5);
const W2 = uniform(K, CLASSES, 0.4);
const b2 = uniform(CLASSES, 1, 0.5);

/** An activation and its derivative, both as functions of z. */
interface Phi {
  readonly phi: (z: number) => number;
  readonly derivative: (z: number) => number;
}

const logistic = (z: number): number => 1 / (1 + Math.exp(-z));

/** √(2/π) (z + 0.044715 z³). */
const bent = (z: number): number => Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3);

const PHIS: Record<ActivationName, Phi> = {
  sigmoid: { phi: logistic, derivative: (z) => logistic(z) * (1 - logistic(z)) },
  tanh: { phi: Math.tanh, derivative: (z) => 1 - Math.tanh(z) ** 2 },
  relu: { phi: (z) => Math.max(0, z), derivative: reluDerivative },
  identity: { phi: (z) => z, derivative: () => 1 },
  'leaky-relu': { phi: (z) => (z > 0 ? z : z / 100), derivative: (z) => (z > 0 ? 1 : 1 / 100) },
  elu: { phi: (z) => (z > 0 ? z : Math.exp(z) - 1), derivative: (z) => (z > 0 ? 1 : Math.exp(z)) },
  gelu: {
    phi: (z) => z * logistic(2 * bent(z)),
    derivative: (z) =>
      logistic(2 * bent(z)) +
      2 *
        z *
        logistic(2 * bent(z)) *
        logistic(-2 * bent(z)) *
        Math.sqrt(2 / Math.PI) *
        (1 + 0.134145 * z * z),
  },
  softplus: { phi: (z) => Math.log(1 + Math.exp(z)), derivative: logistic },
  silu: {
    phi: (z) => z * logistic(z),
    derivative: (z) => logistic(z) * (1 + z * (1 - logistic(z))),
  },
};

/** The inputs of one sample as a dense row, and the way the project reads samples, sparse because most are 0. */
const INPUTS: Record<'dense' | 'sparse', (sample: number) => Matrix> = {
  dense: (sample) => matrixOf([images[sample].map((value) => value / 255)]),
  sparse: (sample) => {
    const loaded = kernels.load(samples);
    const x = kernels.batch(loaded, 1);
    kernels.gather(loaded, Uint32Array.from(labels.keys()), sample, 1, x, kernels.matrix(1, CLASSES));
    return x;
  },
};

test('the images are mostly zeros, the classes several, and the sparse input is sparse', () => {
  const values = images.flat();
  const nonzero = values.filter((value) => value !== 0).length;
  expect(nonzero / values.length).toBeGreaterThan(0.1);
  expect(nonzero / values.length).toBeLessThan(0.3);
  expectClasses(labels, 5);
  expect(INPUTS.dense(0).nonzeros).toBeUndefined();
  expect(INPUTS.sparse(0).nonzeros).toBeDefined();
  expect([W1, b1, W2, b2].map(shape)).toEqual([
    [784, 30],
    [30, 1],
    [30, 10],
    [10, 1],
  ]);
});

test('D3: gather gives the one-hot target y ∈ R¹⁰ of the sample', () => {
  const y = kernels.matrix(1, CLASSES);
  kernels.gather(samples, Uint32Array.of(3, 5), 1, 1, kernels.batch(samples, 1), y);
  expect(rowsOf(y)).toEqual(oneHot([9], CLASSES));
});

const cases = (Object.keys(PHIS) as ActivationName[]).flatMap((name, i) =>
  (['dense', 'sparse'] as const).map((input) => ({
    name,
    input,
    sample: (i + (input === 'sparse' ? 3 : 0)) % images.length,
  })),
);

describe.each(cases)('φ = $name, $input input', ({ name, input, sample }) => {
  const { phi, derivative } = PHIS[name];

  const x0 = transpose([images[sample].map((value) => value / 255)]);
  const y = transpose(oneHot([labels[sample]], CLASSES));
  const z1 = add(multiply(transpose(W1), x0), b1);
  const x1 = map(z1, phi);
  const z2 = add(multiply(transpose(W2), x1), b2);
  const x2 = map(z2, phi);
  const L = sum(map(subtract(x2, y), (difference) => difference ** 2)) / 2;

  const delta2 = hadamard(subtract(x2, y), map(z2, derivative));
  const delta1 = hadamard(multiply(W2, delta2), map(z1, derivative));
  const dW2 = multiply(x1, transpose(delta2));
  const dW1 = multiply(x0, transpose(delta1));

  // One sample is a batch of N = 1, so that the project's mean is the note's loss.
  const project = oneStep(
    { inputs: PIXELS, hidden: [K], classes: CLASSES, activation: name, loss: 'squared-error' },
    { W1, b1: transpose(b1), W2, b2: transpose(b2) },
    INPUTS[input](sample),
    transpose(y),
    alpha,
  );
  // The layers are dense, φ, dense, φ: what enters the first φ is z¹, what enters the second z².
  const [, projectDelta1, , projectDelta2] = project.deltas;

  test('D1, D2: units on both sides of 0 in both layers', () => {
    expectBothSides(z1);
    expectBothSides(z2);
  });

  test('D1, D2, D3: the loss', () => expectAgreement('L', project.loss, L));

  test('D4: δ²', () => expectAgreement('δ²', transpose(projectDelta2 as Rows), delta2));

  test('D5: δ¹', () => expectAgreement('δ¹', transpose(projectDelta1 as Rows), delta1));

  test('D5: δ¹ⱼ by the note’s sum (Σₖ wⱼₖ δ²ₖ) φ′(z¹ⱼ)', () => {
    const literal = fill(K, 1, (j) => {
      let total = 0;
      for (let k = 0; k < CLASSES; k++) total += W2[j][k] * delta2[k][0];
      return total * derivative(z1[j][0]);
    });
    expectAgreement('δ¹', project.gradient.b1, transpose(literal));
  });

  test('D6: ∂L/∂W² and ∂L/∂b²', () => {
    expectAgreement('∂L/∂W²', project.gradient.W2, dW2);
    expectAgreement('∂L/∂b²', transpose(project.gradient.b2), delta2);
  });

  test('D7: ∂L/∂W¹ and ∂L/∂b¹', () => {
    expectAgreement('∂L/∂W¹', project.gradient.W1, dW1);
    expectAgreement('∂L/∂b¹', transpose(project.gradient.b1), delta1);
  });

  test('D6, D7: the weights after one step', () => {
    expectAgreement('W¹', project.updated.W1, subtract(W1, scale(alpha, dW1)));
    expectAgreement('b¹', transpose(project.updated.b1), subtract(b1, scale(alpha, delta1)));
    expectAgreement('W²', project.updated.W2, subtract(W2, scale(alpha, dW2)));
    expectAgreement('b²', transpose(project.updated.b2), subtract(b2, scale(alpha, delta2)));
  });

  test('control: a sign, the ½, or a φ′ wrong does not agree', () => {
    expectDisagreement('L', project.loss, 2 * L);
    expectDisagreement('∂L/∂W¹', project.gradient.W1, scale(-1, dW1));
    const other = PHIS[name === 'sigmoid' ? 'tanh' : 'sigmoid'].derivative;
    expectDisagreement('δ²', projectDelta2 as Rows, transpose(hadamard(subtract(x2, y), map(z2, other))));
    expectDisagreement(
      'δ¹',
      projectDelta1 as Rows,
      transpose(hadamard(multiply(W2, delta2), map(z1, other))),
    );
  });

  test('control: ∂L/∂bᵢ = 1 does not agree', () => {
    const slipped = (width: number) => fill(1, width, () => 1);
    expectDisagreement('∂L/∂b¹', project.gradient.b1, slipped(K));
    expectDisagreement('∂L/∂b²', project.gradient.b2, slipped(CLASSES));
  });
});

test('slip-D1: (W¹)ᵀx⁰ does not exist for W¹ of K × 784', () => {
  const declared = transpose(W1);
  expect(() => multiply(transpose(declared), transpose([images[0]]))).toThrow(RangeError);
});
