/** Note C, literally: a batch of rows, ReLU, softmax or sigmoid cross-entropy, and λ/2 Σw². */

import { describe, expect, test } from 'vitest';
import { Random } from '../../src/kernels/random.ts';
import {
  add,
  addRow,
  columnSums,
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
  relu,
  reluDerivative,
  scale,
  shape,
  softmaxByRows,
  subtract,
  sum,
  transpose,
  zip,
} from '../support/notes-matrix.ts';
import { lossAt, oneStep } from '../support/notes-network.ts';

const [N, D, H, C] = [12, 6, 10, 4];
const lambda = 0.07;
const alpha = 0.25;

const random = new Random(3, 'note C');
const uniform = (rows: number, cols: number, a: number): Rows =>
  fill(rows, cols, () => random.uniform(-a, a));

const X = uniform(N, D, 1);
const labels = Array.from({ length: N }, () => random.below(C));
const Y = oneHot(labels, C);
const W1 = uniform(D, H, 1);
const b1 = uniform(1, H, 0.5);
const W2 = uniform(H, C, 1);
const b2 = uniform(1, C, 0.5);
const parameters = { W1, b1, W2, b2 };

// C1 up to the scores, which both outputs of the page share.
const Z1 = addRow(multiply(X, W1), b1);
const X1 = map(Z1, relu);
const S = addRow(multiply(X1, W2), b2);

/** (λ/2) Σ w² over all weights (C2). */
const penalty = (lambda / 2) * (sum(hadamard(W1, W1)) + sum(hadamard(W2, W2)));

/** C4 to C6: every gradient from ∂L/∂S. */
function gradients(dS: Rows) {
  const dX1 = multiply(dS, transpose(W2));
  const dZ1 = hadamard(dX1, map(Z1, reluDerivative));
  return {
    dX1,
    dZ1,
    W1: add(multiply(transpose(X), dZ1), scale(lambda, W1)),
    b1: columnSums(dZ1),
    W2: add(multiply(transpose(X1), dS), scale(lambda, W2)),
    b2: columnSums(dS),
  };
}

test('the shapes are the note’s, the labels of several classes, some units active and some not', () => {
  expect([X, W1, X1, W2, S].map(shape)).toEqual([
    [N, D],
    [D, H],
    [N, H],
    [H, C],
    [N, C],
  ]);
  expectClasses(labels, C);
  expectBothSides(Z1);
});

describe('softmax', () => {
  const P = softmaxByRows(S);
  const dataLoss = -sum(hadamard(Y, map(P, Math.log))) / N;
  const dS = scale(1 / N, subtract(P, Y));
  const literal = gradients(dS);
  const project = oneStep({ inputs: D, hidden: [H], classes: C, l2: lambda }, parameters, X, Y, alpha);
  const [, projectDZ1, projectDX1] = project.deltas;

  test('C1, C2: the loss, mean and L2 term', () => {
    expectAgreement('mean', project.loss, dataLoss);
    expectAgreement('λ/2 Σw²', project.penalty, penalty);
    expectAgreement('L', project.loss + project.penalty, dataLoss + penalty);
  });

  test('C3: ∂L/∂S', () => expectAgreement('∂L/∂S', lossAt('softmax-cross-entropy', S, Y).delta, dS));

  test('C4: ∂L/∂W₂ and ∂L/∂b₂', () => {
    expectAgreement('∂L/∂W₂', project.gradient.W2, literal.W2);
    expectAgreement('∂L/∂b₂', project.gradient.b2, literal.b2);
  });

  test('C5: ∂L/∂X₁', () => expectAgreement('∂L/∂X₁', projectDX1 as Rows, literal.dX1));

  test('C6: ∂L/∂W₁ and ∂L/∂b₁', () => {
    expectAgreement('∂L/∂X₁ ⊙ 𝟙', projectDZ1 as Rows, literal.dZ1);
    expectAgreement('∂L/∂W₁', project.gradient.W1, literal.W1);
    expectAgreement('∂L/∂b₁', project.gradient.b1, literal.b1);
  });

  test('C7: the long way round by one C × C Jacobian a row', () => {
    const dP = zip(Y, P, (y, p) => -y / (N * p));
    const longWay = dP.map((dPn, n) => {
      const jacobian = fill(C, C, (i, j) => P[n][i] * ((i === j ? 1 : 0) - P[n][j]));
      return multiply([dPn], jacobian)[0];
    });
    expectAgreement('∂L/∂S', lossAt('softmax-cross-entropy', S, Y).delta, longWay);
    const throughJacobians = gradients(longWay);
    for (const name of ['W1', 'b1', 'W2', 'b2'] as const) {
      expectAgreement(name, project.gradient[name], throughJacobians[name]);
    }
  });

  test('C4, C6: the parameters after one step', () => {
    for (const name of ['W1', 'b1', 'W2', 'b2'] as const) {
      expectAgreement(name, project.updated[name], subtract(parameters[name], scale(alpha, literal[name])));
    }
  });

  test('control, slip-C1: without the 1/N neither loss nor gradient agrees', () => {
    expectDisagreement('mean', project.loss, N * dataLoss);
    expectDisagreement('∂L/∂W₂', project.gradient.W2, gradients(subtract(P, Y)).W2);
  });

  test('control: a loss or gradient without λ, or with decayed biases, does not agree', () => {
    expectDisagreement('L', project.loss + project.penalty, dataLoss);
    expectDisagreement('λ/2 Σw²', project.penalty, penalty + (lambda / 2) * sum(hadamard(b1, b1)));
    expectDisagreement('∂L/∂W₁', project.gradient.W1, multiply(transpose(X), literal.dZ1));
    expectDisagreement('∂L/∂b₁', project.gradient.b1, add(literal.b1, scale(lambda, b1)));
  });

  test('control: the derivative 𝟙[X W₁ > 0] without b₁, or the sign for it, does not agree with C6', () => {
    // Both stand on the page: «ismorethan(x w₁)» beside x₁ = Relu(x w₁ + b₁), and sign(x₂ᵢ) further down.
    const withoutBias = hadamard(literal.dX1, map(multiply(X, W1), reluDerivative));
    const withSign = hadamard(literal.dX1, map(Z1, Math.sign));
    expectDisagreement('∂L/∂b₁', project.gradient.b1, columnSums(withoutBias));
    expectDisagreement('∂L/∂b₁', project.gradient.b1, columnSums(withSign));
  });
});

describe('sigmoid', () => {
  const P = map(S, (s) => 1 / (1 + Math.exp(-s)));
  const dataLoss = -sum(zip(Y, P, (y, p) => y * Math.log(p) + (1 - y) * Math.log(1 - p))) / N;
  const dS = scale(1 / N, subtract(P, Y));
  const literal = gradients(dS);
  const project = oneStep(
    { inputs: D, hidden: [H], classes: C, loss: 'sigmoid-cross-entropy', l2: lambda },
    parameters,
    X,
    Y,
    alpha,
  );

  test('X15: the binary cross-entropy, with the L2 term', () => {
    expectAgreement('mean', project.loss, dataLoss);
    expectAgreement('L', project.loss + project.penalty, dataLoss + penalty);
  });

  test('X15: ∂L/∂S', () => expectAgreement('∂L/∂S', lossAt('sigmoid-cross-entropy', S, Y).delta, dS));

  test('X15, C4, C5, C6: every gradient below it', () => {
    const [, projectDZ1, projectDX1] = project.deltas;
    expectAgreement('∂L/∂X₁', projectDX1 as Rows, literal.dX1);
    expectAgreement('∂L/∂X₁ ⊙ 𝟙', projectDZ1 as Rows, literal.dZ1);
    for (const name of ['W1', 'b1', 'W2', 'b2'] as const) {
      expectAgreement(name, project.gradient[name], literal[name]);
    }
  });

  test('X15: the parameters after one step', () => {
    for (const name of ['W1', 'b1', 'W2', 'b2'] as const) {
      expectAgreement(name, project.updated[name], subtract(parameters[name], scale(alpha, literal[name])));
    }
  });

  test('control: the softmax’s P, or only the classes’ own terms of the loss, do not agree', () => {
    const softmaxDS = scale(1 / N, subtract(softmaxByRows(S), Y));
    expectDisagreement('∂L/∂b₂', project.gradient.b2, columnSums(softmaxDS));
    expectDisagreement('mean', project.loss, -sum(hadamard(Y, map(P, Math.log))) / N);
  });
});
