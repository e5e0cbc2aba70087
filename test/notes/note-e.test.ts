/** Note E, literally: the affine layer entry by entry, softmax cross-entropy, and the multi-class SVM. */

import { describe, expect, test } from 'vitest';
import { Random } from '../../src/kernels/random.ts';
import { Dense } from '../../src/network/dense.ts';
import {
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
  subtract,
  transpose,
} from '../support/notes-matrix.ts';
import { kernels, lossAt, matrixOf, oneStep, rowsOf, setRows } from '../support/notes-network.ts';

const random = new Random(5, 'note E');
const uniform = (rows: number, cols: number, a: number): Rows =>
  fill(rows, cols, () => random.uniform(-a, a));

/** A dense layer run forward on X and backward on ∂L/∂Y. */
function affine(X: Rows, W: Rows, b: Rows, dY: Rows) {
  const layer = new Dense(kernels, W.length, W[0].length, { batchSize: X.length });
  setRows(layer.w, W);
  setRows(layer.b, b);
  const Y = rowsOf(layer.forward(matrixOf(X)));
  const dX = layer.backward(matrixOf(dY));
  if (dX === undefined) throw new Error('the layer has no input gradient');
  return { Y, dX: rowsOf(dX), dW: rowsOf(layer.dw), db: rowsOf(layer.db) };
}

/** E4: Lᵢ of each row. */
function svmLosses(s: Rows, labels: readonly number[]): number[] {
  return s.map((row, i) => {
    let loss = 0;
    for (let j = 0; j < row.length; j++) {
      if (j !== labels[i]) loss += Math.max(0, row[j] - row[labels[i]] + 1);
    }
    return loss;
  });
}

/** E5: ∂Lᵢ/∂s of each row. */
function svmGradient(s: Rows, labels: readonly number[]): Rows {
  return s.map((row, i) => {
    const indicator = (j: number): number => (row[j] - row[labels[i]] + 1 > 0 ? 1 : 0);
    return row.map((_, j) => {
      if (j !== labels[i]) return indicator(j);
      let violations = 0;
      for (let k = 0; k < row.length; k++) if (k !== labels[i]) violations += indicator(k);
      return -violations;
    });
  });
}

/** The margins sⱼ − s_{yᵢ} + 1 for j ≠ yᵢ. */
const svmMargins = (s: Rows, labels: readonly number[]): Rows =>
  s.map((row, i) => row.filter((_, j) => j !== labels[i]).map((value) => value - row[labels[i]] + 1));

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

describe('the note’s own sizes: X 2 × 2, W 2 × 3, Y = XW 2 × 3', () => {
  const X = uniform(2, 2, 1);
  const W = uniform(2, 3, 1);
  const dY = uniform(2, 3, 1);
  // Named as on the page: row and column, counted from 1.
  const [[x11, x12], [x21, x22]] = X;
  const [[w11, w12, w13], [w21, w22, w23]] = W;
  const [[d11, d12, d13], [d21, d22, d23]] = dY;
  const project = affine(X, W, [[0, 0, 0]], dY);

  test('E1: Y = XW, and dL/dx₁₁ = dL/dy₁₁ w₁₁ + dL/dy₁₂ w₁₂ + dL/dy₁₃ w₁₃, and so on', () => {
    expectAgreement('Y', project.Y, [
      [x11 * w11 + x12 * w21, x11 * w12 + x12 * w22, x11 * w13 + x12 * w23],
      [x21 * w11 + x22 * w21, x21 * w12 + x22 * w22, x21 * w13 + x22 * w23],
    ]);
    expectAgreement('dL/dX', project.dX, [
      [d11 * w11 + d12 * w12 + d13 * w13, d11 * w21 + d12 * w22 + d13 * w23],
      [d21 * w11 + d22 * w12 + d23 * w13, d21 * w21 + d22 * w22 + d23 * w23],
    ]);
  });

  test('E2: dL/dw₁₁ = dL/dy₁₁ x₁₁ + dL/dy₂₁ x₂₁, and so on', () => {
    expectAgreement('dL/dW', project.dW, [
      [d11 * x11 + d21 * x21, d12 * x11 + d22 * x21, d13 * x11 + d23 * x21],
      [d11 * x12 + d21 * x22, d12 * x12 + d22 * x22, d13 * x12 + d23 * x22],
    ]);
  });
});

describe('the affine layer at other sizes, with b', () => {
  const [N, D, M] = [6, 5, 4];
  const X = uniform(N, D, 1);
  const W = uniform(D, M, 1);
  const b = uniform(1, M, 1);
  const dY = uniform(N, M, 1);
  const project = affine(X, W, b, dY);

  test('E1: dL/dX = dL/dY · Wᵀ', () => {
    expectAgreement('Y', project.Y, addRow(multiply(X, W), b));
    expectAgreement('dL/dX', project.dX, multiply(dY, transpose(W)));
  });

  test('E1: dL/dx as the sum over every entry of Y, Σᵢⱼ dL/dyᵢⱼ dyᵢⱼ/dxₙₖ', () => {
    const literal = fill(N, D, (n, k) => {
      let sum = 0;
      for (let i = 0; i < N; i++) for (let j = 0; j < M; j++) sum += dY[i][j] * (i === n ? W[k][j] : 0);
      return sum;
    });
    expectAgreement('dL/dX', project.dX, literal);
  });

  test('E2: dL/dW = Xᵀ · dL/dY and dL/db the column sums of dL/dY', () => {
    expectAgreement('dL/dW', project.dW, multiply(transpose(X), dY));
    expectAgreement('dL/db', project.db, columnSums(dY));
  });

  test('E2: dL/dw as the sum over every entry of Y, Σᵢⱼ dL/dyᵢⱼ dyᵢⱼ/dwₖₘ', () => {
    const literal = fill(D, M, (k, m) => {
      let sum = 0;
      for (let i = 0; i < N; i++) for (let j = 0; j < M; j++) sum += dY[i][j] * (j === m ? X[i][k] : 0);
      return sum;
    });
    expectAgreement('dL/dW', project.dW, literal);
  });

  test('control: transposed, sign-flipped or averaged gradients do not agree', () => {
    expect(() => expectAgreement('dL/dW', project.dW, multiply(transpose(dY), X))).toThrow(RangeError);
    expectDisagreement('dL/dW', project.dW, scale(-1, multiply(transpose(X), dY)));
    expectDisagreement('dL/db', project.db, scale(1 / N, columnSums(dY)));
    // A square W, where a forgotten transpose fits the shapes and only the numbers tell.
    const square = uniform(D, D, 1);
    const upstream = uniform(N, D, 1);
    const { dX } = affine(X, square, uniform(1, D, 1), upstream);
    expectAgreement('dL/dX', dX, multiply(upstream, transpose(square)));
    expectDisagreement('dL/dX', dX, multiply(upstream, square));
  });
});

// From here on the notes sum over the rows and the project averages: its loss and gradient times N are the note's.

describe('the losses of the note’s 2 × 3 scores, row 1 of class 2 and row 2 of class 3', () => {
  const Y = [
    [0.3, -0.4, 1.1],
    [-1.9, 0.7, 0.2],
  ];
  const [[y11, y12, y13], [y21, y22, y23]] = Y;
  const N = 2;
  const targets = oneHot([1, 2], 3);

  test('E3: the loss, and dL/dy with 1 taken from z₁₂ and from z₂₃', () => {
    const sum1 = Math.exp(y11) + Math.exp(y12) + Math.exp(y13);
    const sum2 = Math.exp(y21) + Math.exp(y22) + Math.exp(y23);
    const [z11, z12, z13] = [Math.exp(y11) / sum1, Math.exp(y12) / sum1, Math.exp(y13) / sum1];
    const [z21, z22, z23] = [Math.exp(y21) / sum2, Math.exp(y22) / sum2, Math.exp(y23) / sum2];
    const { loss, delta } = lossAt('softmax-cross-entropy', Y, targets);
    expectAgreement('L', N * loss, -Math.log(z12) - Math.log(z23));
    expectAgreement('dL/dY', scale(N, delta), [
      [z11, z12 - 1, z13],
      [z21, z22, z23 - 1],
    ]);
    // dL/dy₁₂ = dL/dz₁₂ · dz₁₂/dy₁₂, the way the note takes.
    expectAgreement('dL/dy₁₂', N * delta[0][1], (-1 / z12) * z12 * (1 - z12));
  });

  test('E4, E5: the loss and dL/dy by the note’s eight lines', () => {
    const one = (margin: number): number => (margin > 0 ? 1 : 0);
    const { loss, delta } = lossAt('svm', Y, targets);
    expectBothSides(svmMargins(Y, [1, 2]));
    expectAgreement(
      'L',
      N * loss,
      Math.max(0, y11 - y12 + 1) +
        Math.max(0, y13 - y12 + 1) +
        Math.max(0, y21 - y23 + 1) +
        Math.max(0, y22 - y23 + 1),
    );
    expectAgreement('dL/dY', scale(N, delta), [
      [one(y11 - y12 + 1), -one(y11 - y12 + 1) - one(y13 - y12 + 1), one(y13 - y12 + 1)],
      [one(y21 - y23 + 1), one(y22 - y23 + 1), -one(y21 - y23 + 1) - one(y22 - y23 + 1)],
    ]);
  });

  test('control: y₂₁ repeated where y₂₂ belongs does not agree', () => {
    const one = (margin: number): number => (margin > 0 ? 1 : 0);
    const { delta } = lossAt('svm', Y, targets);
    expectDisagreement('dL/dY', scale(N, delta), [
      [one(y11 - y12 + 1), -one(y11 - y12 + 1) - one(y13 - y12 + 1), one(y13 - y12 + 1)],
      [one(y21 - y23 + 1), one(y21 - y23 + 1), -one(y21 - y23 + 1) - one(y21 - y23 + 1)],
    ]);
  });
});

const [N, D, H, C] = [10, 6, 8, 5];
const alpha = 0.2;
const X = uniform(N, D, 1);
const labels = Array.from({ length: N }, () => random.below(C));
const targets = oneHot(labels, C);

test('the labels are of several classes', () => expectClasses(labels, 4));

describe('the losses of more rows and classes', () => {
  const s = uniform(N, C, 2);

  test('E3: softmax cross-entropy', () => {
    const denominators = s.map((row) => total(row.map(Math.exp)));
    const { loss, delta } = lossAt('softmax-cross-entropy', s, targets);
    const losses = s.map((row, i) => -Math.log(Math.exp(row[labels[i]]) / denominators[i]));
    const gradient = fill(N, C, (i, j) => Math.exp(s[i][j]) / denominators[i] - (j === labels[i] ? 1 : 0));
    expectAgreement('L', N * loss, total(losses));
    expectAgreement('dL/ds', scale(N, delta), gradient);
    expectDisagreement('dL/ds', delta, gradient);
  });

  test('E4, E5: multi-class SVM', () => {
    const { loss, delta } = lossAt('svm', s, targets);
    expectBothSides(svmMargins(s, labels));
    expectAgreement('L', N * loss, total(svmLosses(s, labels)));
    expectAgreement('dL/ds', scale(N, delta), svmGradient(s, labels));
    expectDisagreement('dL/ds', delta, svmGradient(s, labels));
  });
});

describe('a linear classifier with the SVM loss', () => {
  const W = uniform(D, C, 1);
  const b = uniform(1, C, 0.5);
  const Y = addRow(multiply(X, W), b);
  const dY = svmGradient(Y, labels);
  const dW = multiply(transpose(X), dY);
  const db = columnSums(dY);
  const project = oneStep(
    { inputs: D, hidden: [], classes: C, loss: 'svm' },
    { W1: W, b1: b },
    X,
    targets,
    alpha,
  );

  test('E4: the loss, with margins kept and margins violated', () => {
    expectBothSides(svmMargins(Y, labels));
    expectAgreement('L', N * project.loss, total(svmLosses(Y, labels)));
  });

  test('E5, E2: dL/dW and dL/db', () => {
    expectAgreement('dL/dW', scale(N, project.gradient.W1), dW);
    expectAgreement('dL/db', scale(N, project.gradient.b1), db);
  });

  test('E5, E2: the weights after one step, α on the mean being α/N on the note’s sum', () => {
    expectAgreement('W', project.updated.W1, subtract(W, scale(alpha / N, dW)));
    expectAgreement('b', project.updated.b1, subtract(b, scale(alpha / N, db)));
  });

  test('control: a step of α on the sum, or without the class’s own entry, does not agree', () => {
    expectDisagreement('W', project.updated.W1, subtract(W, scale(alpha, dW)));
    const withoutOwn = multiply(
      transpose(X),
      hadamard(
        dY,
        map(targets, (target) => 1 - target),
      ),
    );
    expectDisagreement('dL/dW', scale(N, project.gradient.W1), withoutOwn);
  });
});

describe('one hidden layer under the SVM loss', () => {
  const W1 = uniform(D, H, 1);
  const b1 = uniform(1, H, 0.5);
  const W2 = uniform(H, C, 1);
  const b2 = uniform(1, C, 0.5);
  const Z = addRow(multiply(X, W1), b1);
  const X1 = map(Z, relu);
  const Y = addRow(multiply(X1, W2), b2);
  const dY = svmGradient(Y, labels);
  const dX1 = multiply(dY, transpose(W2));
  const dZ = hadamard(dX1, map(Z, reluDerivative));
  const gradient = {
    W1: multiply(transpose(X), dZ),
    b1: columnSums(dZ),
    W2: multiply(transpose(X1), dY),
    b2: columnSums(dY),
  };
  const parameters = { W1, b1, W2, b2 };
  const names = ['W1', 'b1', 'W2', 'b2'] as const;
  const project = oneStep({ inputs: D, hidden: [H], classes: C, loss: 'svm' }, parameters, X, targets, alpha);

  test('E4: the loss, with margins and hidden units on both sides', () => {
    expectBothSides(Z);
    expectBothSides(svmMargins(Y, labels));
    expectAgreement('L', N * project.loss, total(svmLosses(Y, labels)));
  });

  test('E1: dL/dX₁ of the layer above', () => {
    expectAgreement('dL/dX₁', scale(N, project.deltas[2] as Rows), dX1);
    expectAgreement('dL/dZ', scale(N, project.deltas[1] as Rows), dZ);
  });

  test('E5, E1, E2: every gradient', () => {
    for (const name of names) expectAgreement(name, scale(N, project.gradient[name]), gradient[name]);
  });

  test('E5, E1, E2: the parameters after one step, α on the mean being α/N on the note’s sum', () => {
    for (const name of names) {
      expectAgreement(
        name,
        project.updated[name],
        subtract(parameters[name], scale(alpha / N, gradient[name])),
      );
    }
  });

  test('control: the unaveraged gradients, and W₁’s without the ReLU’s derivative, do not agree', () => {
    for (const name of names) expectDisagreement(name, project.gradient[name], gradient[name]);
    expectDisagreement('W1', scale(N, project.gradient.W1), multiply(transpose(X), dX1));
  });
});
