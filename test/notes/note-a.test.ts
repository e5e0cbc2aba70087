/** Note A, literally: a batch of 50 columns, one and two hidden layers, and the step α/N. */

import { describe, expect, test } from 'vitest';
import { Random } from '../../src/kernels/random.ts';
import {
  add,
  addColumn,
  expectAgreement,
  expectBothSides,
  expectClasses,
  expectDisagreement,
  fill,
  hadamard,
  map,
  multiply,
  oneHot,
  ones,
  type Rows,
  relu,
  reluDerivative,
  scale,
  shape,
  softmaxByRows,
  subtract,
  sum,
  transpose,
} from '../support/notes-matrix.ts';
import { oneStep } from '../support/notes-network.ts';

// The sizes of the note: i = 50 samples, j = 2 classes, k = 200, m = 400 features, q = 100.
const [N, J, K, M, Q] = [50, 2, 200, 400, 100];
const alpha = 0.3;

/** The note's S is a softmax down each column. */
const softmaxByColumns = (Y: Rows): Rows => transpose(softmaxByRows(transpose(Y)));

/** A2, with Lᵢⱼ and Sᵢⱼ as class × sample. */
const lossA2 = (L: Rows, S: Rows): number => -sum(hadamard(L, map(S, Math.log))) / N;

const random = new Random(1, 'note A');
const uniform = (rows: number, cols: number, a: number): Rows =>
  fill(rows, cols, () => random.uniform(-a, a));

const X = uniform(M, N, 1);
const labels = Array.from({ length: N }, () => random.below(J));
const L = transpose(oneHot(labels, J));

test('the labels are of both classes', () => {
  expect(shape(X)).toEqual([400, 50]);
  expect(shape(L)).toEqual([2, 50]);
  expectClasses(labels, 2);
});

describe('one hidden layer, 400 → 200 → 2', () => {
  const HW = uniform(K, M, 0.12);
  const HB = uniform(K, 1, 0.5);
  const W = uniform(J, K, 0.15);
  const B = uniform(J, 1, 0.5);

  const H = addColumn(multiply(HW, X), HB);
  const Z = map(H, relu);
  const Y = addColumn(multiply(W, Z), B);
  const S = softmaxByColumns(Y);
  const error = subtract(L, S);
  const atH = hadamard(multiply(transpose(W), error), map(H, reluDerivative));

  const stepW = scale(alpha / N, multiply(error, transpose(Z)));
  const stepB = scale(alpha / N, multiply(error, ones(N)));
  const stepHW = scale(alpha / N, multiply(atH, transpose(X)));
  const stepHB = scale(alpha / N, multiply(atH, ones(N)));

  const project = oneStep(
    { inputs: M, hidden: [K], classes: J },
    { W1: transpose(HW), b1: transpose(HB), W2: transpose(W), b2: transpose(B) },
    transpose(X),
    transpose(L),
    alpha,
  );
  /** −α∇ of a parameter in the note's orientation. */
  const step = (name: string) => scale(-alpha, transpose(project.gradient[name]));
  const updated = (name: string) => transpose(project.updated[name]);

  test('the shapes are the note’s and each ReLU is both on and off', () => {
    expect([HW, HB, W, B, S].map(shape)).toEqual([
      [200, 400],
      [200, 1],
      [2, 200],
      [2, 1],
      [2, 50],
    ]);
    expectBothSides(H);
  });

  test('A1, A2: the loss', () => expectAgreement('loss', project.loss, lossA2(L, S)));

  test('X12: −α∇_W and −α∇_B', () => {
    expectAgreement('W', step('W2'), stepW);
    expectAgreement('B', step('b2'), stepB);
  });

  test('A4: −α∇_HW', () => expectAgreement('HW', step('W1'), stepHW));

  test('A4: −α∇_HW by the note’s sum over i and j', () => {
    const literal = fill(K, M, (k, m) => {
      let total = 0;
      for (let i = 0; i < N; i++) {
        for (let j = 0; j < J; j++)
          total += (L[j][i] - S[j][i]) * W[j][k] * reluDerivative(H[k][i]) * X[m][i];
      }
      return (alpha / N) * total;
    });
    expectAgreement('HW', step('W1'), literal);
  });

  test('A5: −α∇_HB', () => expectAgreement('HB', step('b1'), stepHB));

  test('X12, A4, A5: the weights after the step α/N', () => {
    expectAgreement('W', updated('W2'), add(W, stepW));
    expectAgreement('B', updated('b2'), add(B, stepB));
    expectAgreement('HW', updated('W1'), add(HW, stepHW));
    expectAgreement('HB', updated('b1'), add(HB, stepHB));
  });

  test('control: A2 to A5 with a sign, the 1/N, R′ or the step itself wrong do not agree', () => {
    expectDisagreement('loss', project.loss, N * lossA2(L, S));
    expectDisagreement('W', step('W2'), scale(-1, stepW));
    expectDisagreement('W', step('W2'), scale(N, stepW));
    expectDisagreement(
      'HW',
      step('W1'),
      scale(alpha / N, multiply(multiply(transpose(W), error), transpose(X))),
    );
    expectDisagreement('HW', updated('W1'), HW);
    expectDisagreement('HB', updated('b1'), subtract(HB, stepHB));
  });

  test('slip-A1: [R′(HW·X + HB)·X][(Lᵀ − Sᵀ)·W] does not exist, nor with X transposed', () => {
    const derivative = map(H, reluDerivative);
    const right = multiply(subtract(transpose(L), transpose(S)), W);
    expect(() => multiply(derivative, X)).toThrow(RangeError);
    expect(() => multiply(multiply(derivative, transpose(X)), right)).toThrow(RangeError);
  });
});

describe('two hidden layers, 400 → 200 → 100 → 2', () => {
  const CW = uniform(K, M, 0.12);
  const CB = uniform(K, 1, 0.5);
  const HW = uniform(Q, K, 0.15);
  const HB = uniform(Q, 1, 0.5);
  const W = uniform(J, Q, 0.2);
  const B = uniform(J, 1, 0.5);

  const C = addColumn(multiply(CW, X), CB);
  const Z = map(C, relu);
  const H = addColumn(multiply(HW, Z), HB);
  const G = map(H, relu);
  const S = softmaxByColumns(addColumn(multiply(W, G), B));
  const Rc = map(C, reluDerivative);
  const Rh = map(H, reluDerivative);
  const error = subtract(L, S);
  const atH = hadamard(multiply(transpose(W), error), Rh);
  const atC = hadamard(multiply(transpose(HW), atH), Rc);

  const stepW = scale(alpha / N, multiply(error, transpose(G)));
  const stepB = scale(alpha / N, multiply(error, ones(N)));
  const stepHW = scale(alpha / N, multiply(atH, transpose(Z)));
  const stepHB = scale(alpha / N, multiply(atH, ones(N)));
  const stepCW = scale(alpha / N, multiply(atC, transpose(X)));
  const stepCB = scale(alpha / N, multiply(atC, ones(N)));

  const project = oneStep(
    { inputs: M, hidden: [K, Q], classes: J },
    {
      W1: transpose(CW),
      b1: transpose(CB),
      W2: transpose(HW),
      b2: transpose(HB),
      W3: transpose(W),
      b3: transpose(B),
    },
    transpose(X),
    transpose(L),
    alpha,
  );
  const step = (name: string) => scale(-alpha, transpose(project.gradient[name]));
  const updated = (name: string) => transpose(project.updated[name]);

  test('the shapes are the note’s and each ReLU is both on and off', () => {
    expect([CW, CB, HW, HB, W, B].map(shape)).toEqual([
      [200, 400],
      [200, 1],
      [100, 200],
      [100, 1],
      [2, 100],
      [2, 1],
    ]);
    expectBothSides(C);
    expectBothSides(H);
  });

  test('A6, A2: the loss', () => expectAgreement('loss', project.loss, lossA2(L, S)));

  test('A7: −α∇_CW and −α∇_CB', () => {
    expectAgreement('CW', step('W1'), stepCW);
    expectAgreement('CB', step('b1'), stepCB);
  });

  test('A7: −α∇_CB by the note’s sum over i, j and q', () => {
    const literal = fill(K, 1, (k) => {
      let total = 0;
      for (let i = 0; i < N; i++) {
        for (let j = 0; j < J; j++) {
          let chain = 0;
          for (let q = 0; q < Q; q++) chain += W[j][q] * Rh[q][i] * HW[q][k] * Rc[k][i];
          total += (L[j][i] - S[j][i]) * chain;
        }
      }
      return (alpha / N) * total;
    });
    expectAgreement('CB', step('b1'), literal);
  });

  test('X13: −α∇_W, −α∇_HW, −α∇_B and −α∇_HB', () => {
    expectAgreement('W', step('W3'), stepW);
    expectAgreement('HW', step('W2'), stepHW);
    expectAgreement('B', step('b3'), stepB);
    expectAgreement('HB', step('b2'), stepHB);
  });

  test('A7, X13: the weights after the step α/N', () => {
    expectAgreement('W', updated('W3'), add(W, stepW));
    expectAgreement('B', updated('b3'), add(B, stepB));
    expectAgreement('HW', updated('W2'), add(HW, stepHW));
    expectAgreement('HB', updated('b2'), add(HB, stepHB));
    expectAgreement('CW', updated('W1'), add(CW, stepCW));
    expectAgreement('CB', updated('b1'), add(CB, stepCB));
  });

  test('control, slip-A2: R′ where the forward value R is meant does not agree', () => {
    const slippedH = addColumn(multiply(HW, Rc), HB);
    const slippedS = softmaxByColumns(addColumn(multiply(W, map(slippedH, reluDerivative)), B));
    const slippedError = subtract(L, slippedS);
    const slipped = hadamard(multiply(transpose(W), slippedError), map(slippedH, reluDerivative));
    expectDisagreement('loss', project.loss, lossA2(L, slippedS));
    expectDisagreement(
      'CB',
      step('b1'),
      scale(alpha / N, multiply(hadamard(multiply(transpose(HW), slipped), Rc), ones(N))),
    );
  });

  test('control: the chain with W untransposed before (L − S) does not exist', () => {
    expect(() => multiply(W, error)).toThrow(RangeError);
  });
});
