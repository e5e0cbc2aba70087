/** The numbers of an explanation against the notes' formulas computed independently. */

import { describe, expect, test } from 'vitest';
import type { Explanation } from '../../src/explain/explain.ts';
import type { LossName } from '../../src/network/losses.ts';
import type { Network } from '../../src/network/network.ts';
import { expectAgreement, type Rows } from '../support/notes-matrix.ts';
import { literal, relativeDistance } from './literal.ts';
import { CLASSES, COMBINATIONS, explained, INPUTS, randomNetwork, SAMPLE, tensorsOf } from './nets.ts';

const LABEL = 2;

/** A gradient as rows, a bias's as one. */
function rowsOf({ gradients }: Explanation, name: string): Rows {
  const { shape, values } = gradients[name];
  const cols = shape[shape.length - 1];
  expect(values).toHaveLength(shape.reduce((a, b) => a * b));
  return Array.from({ length: values.length / cols }, (_, i) => [
    ...values.subarray(i * cols, (i + 1) * cols),
  ]);
}

function expectGradients(explanation: Explanation, network: Network, label: number, tolerance: number): void {
  const { gradients } = literal(network.spec, tensorsOf(network), SAMPLE, label);
  expect(Object.keys(explanation.gradients)).toEqual(network.parameters.map(({ name }) => name));
  for (const [name, expected] of Object.entries(gradients)) {
    const distance = relativeDistance(rowsOf(explanation, name), expected);
    expect(distance, `∂L/∂${name}`).toBeLessThanOrEqual(tolerance);
  }
}

describe.each(COMBINATIONS)('$title', ({ options }) => {
  const network = randomNetwork(options);
  // The class of the smallest output, so that every loss has something to correct.
  const guess = explained(network, LABEL).outputs;
  const label = guess.indexOf(Math.min(...guess));
  const explanation = explained(network, label, 1e-5);

  test('loss, L2 term and gradients are the literal ones to 1e-12', () => {
    const { loss, penalty, outputs } = literal(network.spec, tensorsOf(network), SAMPLE, label);
    expectAgreement('loss', explanation.loss, loss);
    if (network.spec.l2 > 0) expectAgreement('L2 term', explanation.penalty, penalty);
    else expect(explanation.penalty).toBe(0);
    expect(explanation.label).toBe(label);
    expect(explanation.prediction).toBe(outputs[0].indexOf(Math.max(...outputs[0])));
    expectGradients(explanation, network, label, 1e-12);
  });

  test('the step makes the whole loss smaller, by α ‖gradient‖²', () => {
    const { loss, penalty, lossAfter, penaltyAfter, gradients, learningRate } = explanation;
    const squares = Object.values(gradients)
      .flatMap(({ values }) => [...values])
      .reduce((sum, v) => sum + v * v, 0);
    const fall = loss + penalty - (lossAfter + penaltyAfter);
    expect(squares).toBeGreaterThan(0);
    // To first order: what is left is of the order of α.
    expect(fall / (learningRate * squares)).toBeGreaterThan(0.999);
    expect(fall / (learningRate * squares)).toBeLessThan(1.001);
  });
});

describe('with L1', () => {
  const STRENGTH = 0.05;
  const options = { inputs: INPUTS, classes: CLASSES, hidden: [5, 3], l2: 0.1 };

  test('the gradients of weights have λ₁ sign(W) besides, and the term is λ₁ Σ |w|', () => {
    const network = randomNetwork(options);
    network.parameters[0].value.values[3] = 0;
    const [without, result] = [explained(network, LABEL), explained(network, LABEL, 1e-3, STRENGTH)];
    let magnitudes = 0;
    for (const { name, isWeight, value } of network.parameters) {
      const before = without.gradients[name].values;
      result.gradients[name].values.forEach((got, i) => {
        if (isWeight) magnitudes += Math.abs(value.values[i]);
        const sign = isWeight ? Math.sign(value.values[i]) : 0;
        expect(got, name).toBeCloseTo(before[i] + STRENGTH * sign, 13);
      });
    }
    expectAgreement('L1 term', result.l1Penalty, STRENGTH * magnitudes);
    expect([result.l1, without.l1, without.l1Penalty]).toEqual([STRENGTH, 0, 0]);
    expect([result.loss, result.penalty]).toEqual([without.loss, without.penalty]);
  });

  test('the step makes loss, L2 and L1 smaller, by α ‖gradient‖²', () => {
    const result = explained(randomNetwork(options), LABEL, 1e-6, STRENGTH);
    const squares = Object.values(result.gradients)
      .flatMap(({ values }) => [...values])
      .reduce((sum, v) => sum + v * v, 0);
    const { loss, penalty, l1Penalty, lossAfter, penaltyAfter, l1PenaltyAfter } = result;
    const fall = loss - lossAfter + (penalty - penaltyAfter) + (l1Penalty - l1PenaltyAfter);
    expect(fall / (1e-6 * squares)).toBeCloseTo(1, 4);
    expect(l1PenaltyAfter).not.toBe(l1Penalty);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('λ₁ of %s is refused', (strength) => {
    expect(() => explained(randomNetwork(options), LABEL, 1e-3, strength)).toThrow(RangeError);
  });
});

describe('where the network is all but sure', () => {
  /** Moves the output biases until class `label` has this score and every other minus this score. */
  function madeSure(loss: LossName, hidden: readonly number[], score: number): Network {
    const activation = loss === 'squared-error' ? 'sigmoid' : 'relu';
    const network = randomNetwork({ inputs: INPUTS, hidden, classes: CLASSES, activation, loss }, 3);
    const scoreStep = `${loss === 'squared-error' ? `z${hidden.length + 1}` : 's'}`;
    const scores = explained(network, LABEL).steps.find(({ symbol }) => symbol === scoreStep)?.values;
    const bias = network.parameters[network.parameters.length - 1].value.values;
    for (let j = 0; j < CLASSES; j++) bias[j] += (j === LABEL ? score : -score) - (scores?.[j] ?? Number.NaN);
    return network;
  }

  const HIDDEN: readonly number[][] = [[], [5], [5, 7]];

  test.each(
    HIDDEN.flatMap((hidden) => [
      { loss: 'softmax-cross-entropy' as const, hidden, score: 12, tolerance: 1e-12 },
      { loss: 'softmax-cross-entropy' as const, hidden, score: 100, tolerance: 1e-12 },
      { loss: 'sigmoid-cross-entropy' as const, hidden, score: 22, tolerance: 1e-12 },
      { loss: 'sigmoid-cross-entropy' as const, hidden, score: 30, tolerance: 1e-12 },
      { loss: 'sigmoid-cross-entropy' as const, hidden, score: 100, tolerance: 1e-12 },
      // x − y and φ′ = x (1 − x) come from the output x, which has lost the digits of 1 − x.
      { loss: 'squared-error' as const, hidden, score: 22, tolerance: 1e-5 },
    ]),
  )('$loss of $hidden.length hidden layers, scores ±$score', ({ loss, hidden, score, tolerance }) => {
    const network = madeSure(loss, hidden, score);
    const explanation = explained(network, LABEL);
    const { probabilities, outputs } = explanation;
    expect(1 - (probabilities ?? outputs)[LABEL]).toBeLessThan(1e-9);
    expectGradients(explanation, network, LABEL, tolerance);
  });
});
