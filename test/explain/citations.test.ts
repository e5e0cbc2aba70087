/** Every formula that an explanation cites holds on the numbers that it is cited over. */

import { describe, expect, test } from 'vitest';
import { citedLines } from '../../src/explain/citation.ts';
import { formula } from '../../src/formulas/registry.ts';
import { citationErrors } from './evaluate-citation.ts';
import { COMBINATIONS, explained, randomNetwork } from './nets.ts';

const LABEL = 2;
const TOLERANCE = 1e-12;

describe.each(COMBINATIONS)('$title', ({ options }) => {
  const activation = options.activation ?? 'relu';

  test.each([0, 0.05])('every citation holds on the numbers shown, λ₁ = %s', (l1) => {
    const network = randomNetwork(options);
    const explanation = explained(network, LABEL, 0.5, l1);
    const errors = citationErrors(network, activation, LABEL, explanation);
    const wrong = errors.filter(({ error }) => !(error <= TOLERANCE));
    expect(wrong.map(({ step, citation, error }) => `${citation.id} for ${step.text}: ${error}`)).toEqual([]);
  });

  test('every step but the input has a citation, and its line is one of the formula', () => {
    for (const { role, citations, formulas, text } of explained(randomNetwork(options), LABEL).steps) {
      if (role === 'input') expect(citations).toEqual([]);
      else expect(citations.length, text).toBeGreaterThan(0);
      expect(formulas).toEqual(citations.map(({ id }) => id));
      for (const citation of citations) {
        const lines = citedLines(citation, 'unicode');
        expect(lines.length).toBeGreaterThan(0);
        expect(formula(citation.id).unicode).toEqual(expect.arrayContaining([...lines]));
        expect(citedLines(citation, 'latex')).toHaveLength(lines.length);
      }
    }
  });

  test('the first citation never writes L for the labels', () => {
    for (const { citations, text } of explained(randomNetwork(options), LABEL).steps) {
      const labels = citations.slice(0, 1).filter(({ letters }) => letters.L === 'y');
      expect(labels, text).toEqual([]);
    }
  });

  test('the loss after the step is the loss of a network with the new parameters', () => {
    const network = randomNetwork(options);
    const { steps, lossAfter } = explained(network, LABEL, 0.5);
    const parameters = new Map(
      steps.filter(({ direction }) => direction === 'step').map(({ symbol, values }) => [symbol, values]),
    );
    const moved = randomNetwork(options);
    for (const { name, value } of moved.parameters) value.values.set(parameters.get(name) ?? []);
    expect(explained(moved, LABEL).loss).toBe(lossAfter);
  });
});
