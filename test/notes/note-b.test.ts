/** Note B, literally: one sample, ReLU, softmax and cross-entropy, index by index. */

import { describe, expect, test } from 'vitest';
import { Random } from '../../src/kernels/random.ts';
import {
  expectAgreement,
  expectBothSides,
  expectDisagreement,
  fill,
  oneHot,
  type Rows,
  transpose,
} from '../support/notes-matrix.ts';
import { lossAt, oneStep } from '../support/notes-network.ts';

// D inputs, H hidden units, M outputs; W¹ is H × D and W² is M × H, outputs × inputs as in the note.
const [D, H, M] = [7, 9, 4];
const alpha = 0.2;

const random = new Random(2, 'note B');
const vector = (n: number, a: number): number[] => Array.from({ length: n }, () => random.uniform(-a, a));

const W1 = fill(H, D, () => random.uniform(-1, 1));
const b1 = vector(H, 0.5);
const W2 = fill(M, H, () => random.uniform(-1, 1));
const b2 = vector(M, 0.5);

const kronecker = (i: number, j: number): number => (i === j ? 1 : 0);

/** f(0) + f(1) + … + f(n − 1): the note's Σ. */
function sigma(n: number, f: (index: number) => number): number {
  let total = 0;
  for (let index = 0; index < n; index++) total += f(index);
  return total;
}

const indexed = (n: number, f: (index: number) => number): number[] =>
  Array.from({ length: n }, (_, i) => f(i));

/** A row vector, as the project has a single sample. */
const row = (values: number[]): Rows => [values];

// Each sample is its own batch of N = 1, so that the project's mean is the note's loss. Every class is a label once.
describe.each(indexed(M, (label) => label))('one sample of class %i', (label) => {
  const x = vector(D, 1);
  const y = oneHot([label], M)[0];

  const q = indexed(H, (j) => sigma(D, (k) => W1[j][k] * x[k]) + b1[j]);
  const h = q.map((value) => Math.max(0, value));
  const o = indexed(M, (i) => sigma(H, (k) => W2[i][k] * h[k]) + b2[i]);
  const p = indexed(M, (i) => Math.exp(o[i]) / sigma(M, (k) => Math.exp(o[k])));
  const L = -sigma(M, (i) => y[i] * Math.log(p[i]));

  const dpdo = fill(M, M, (i, j) => p[i] * (kronecker(i, j) - p[j]));
  const dLdo = indexed(M, (j) => p[j] - y[j]);
  const dLdW2 = fill(M, H, (i, j) => (p[i] - y[i]) * h[j]);
  const dLdh = indexed(H, (j) => sigma(M, (i) => (p[i] - y[i]) * W2[i][j]));
  const dLdq = indexed(H, (j) => dLdh[j] * (q[j] > 0 ? 1 : 0));
  const dLdW1 = fill(H, D, (i, j) => dLdq[i] * x[j]);

  const project = oneStep(
    { inputs: D, hidden: [H], classes: M },
    { W1: transpose(W1), b1: row(b1), W2: transpose(W2), b2: row(b2) },
    row(x),
    row(y),
    alpha,
  );
  // The layers are dense, ReLU, dense: what enters the last is h, what enters the ReLU is q.
  const [, projectDq, projectDh] = project.deltas;

  test('B1: some hidden units are active and some are not', () => expectBothSides(row(q)));

  test('B1, B2, B3: the loss', () => expectAgreement('L', project.loss, L));

  test('B2, B4: p and the Jacobian ∂pᵢ/∂oⱼ', () => {
    // With class i as the target Lᵢ = −log pᵢ, so that pᵢ = e^{−Lᵢ} and ∂pᵢ/∂oⱼ = −pᵢ ∂Lᵢ/∂oⱼ.
    const perClass = indexed(M, (i) => i).map((i) => lossAt('softmax-cross-entropy', row(o), oneHot([i], M)));
    const projectP = perClass.map(({ loss }) => Math.exp(-loss));
    expectAgreement('p', row(projectP), row(p));
    expectAgreement(
      '∂p/∂o',
      fill(M, M, (i, j) => -projectP[i] * perClass[i].delta[0][j]),
      dpdo,
    );
  });

  test('B5: ∂L/∂oⱼ through the Jacobian, Σᵢ −yᵢ/pᵢ ∂pᵢ/∂oⱼ', () => {
    const throughJacobian = indexed(M, (j) => sigma(M, (i) => (-y[i] / p[i]) * dpdo[i][j]));
    expectAgreement('∂L/∂o', lossAt('softmax-cross-entropy', row(o), row(y)).delta, row(throughJacobian));
    expectAgreement('∂L/∂b²', project.gradient.b2, row(throughJacobian));
  });

  test('B5: ∂L/∂oⱼ = pⱼ − yⱼ directly', () => {
    expectAgreement('∂L/∂o', lossAt('softmax-cross-entropy', row(o), row(y)).delta, row(dLdo));
  });

  test('B6: ∂L/∂b² and ∂L/∂W²', () => {
    expectAgreement('∂L/∂b²', project.gradient.b2, row(dLdo));
    expectAgreement('∂L/∂W²', transpose(project.gradient.W2), dLdW2);
  });

  test('B6: ∂L/∂W²ᵢⱼ by the note’s sum Σₖ (pₖ − yₖ) δₖᵢ hⱼ', () => {
    const literal = fill(M, H, (i, j) => sigma(M, (k) => (p[k] - y[k]) * kronecker(k, i) * h[j]));
    expectAgreement('∂L/∂W²', transpose(project.gradient.W2), literal);
  });

  test('B7: ∂L/∂h', () => expectAgreement('∂L/∂h', projectDh as Rows, row(dLdh)));

  test('B8: ∂L/∂q, and with it ∂L/∂b¹ and ∂L/∂W¹', () => {
    expectAgreement('∂L/∂q', projectDq as Rows, row(dLdq));
    expectAgreement('∂L/∂b¹', project.gradient.b1, row(dLdq));
    expectAgreement('∂L/∂W¹', transpose(project.gradient.W1), dLdW1);
  });

  test('B6, B8: the weights after one step', () => {
    const stepped = (w: Rows, dw: Rows) => fill(w.length, w[0].length, (i, j) => w[i][j] - alpha * dw[i][j]);
    expectAgreement('W¹', transpose(project.updated.W1), stepped(W1, dLdW1));
    expectAgreement('b¹', project.updated.b1, stepped(row(b1), row(dLdq)));
    expectAgreement('W²', transpose(project.updated.W2), stepped(W2, dLdW2));
    expectAgreement('b²', project.updated.b2, stepped(row(b2), row(dLdo)));
  });

  test('control: a sign, W² transposed, or no ReLU derivative does not agree', () => {
    expectDisagreement(
      '∂L/∂W²',
      transpose(project.gradient.W2),
      fill(M, H, (i, j) => (y[i] - p[i]) * h[j]),
    );
    expectDisagreement('∂L/∂q', projectDq as Rows, row(dLdh));
    expect(() => expectAgreement('∂L/∂W²', project.gradient.W2, dLdW2)).toThrow(RangeError);
  });

  test('control: Σᵢ yᵢpᵢ − Σᵢ yᵢδᵢⱼ, with pᵢ where pⱼ belongs, does not agree', () => {
    const slipped = indexed(M, (j) => sigma(M, (i) => y[i] * p[i]) - sigma(M, (i) => y[i] * kronecker(i, j)));
    expectDisagreement('∂L/∂b²', project.gradient.b2, row(slipped));
  });
});

test('slip-B2: at q = 0 exactly the project takes the derivative 0', () => {
  const project = oneStep(
    { inputs: 1, hidden: [1], classes: 2 },
    { W1: [[1]], b1: [[0]], W2: [[1, -1]], b2: [[0, 0]] },
    [[0]],
    [[1, 0]],
    alpha,
  );
  expect(project.deltas[2]).toEqual([[-1]]);
  expect(project.deltas[1]).toEqual([[0]]);
});
