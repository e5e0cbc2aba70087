/** Which formula of which note each step cites, and how it is written. */

import { describe, expect, test } from 'vitest';
import { networkFormulas } from '../../src/explain/network-formulas.ts';
import { FORMULAS } from '../../src/formulas/registry.ts';
import { LOSS_NAMES } from '../../src/network/losses.ts';
import { type NetworkSpec, type PerceptronOptions, perceptron } from '../../src/network/network.ts';
import { CLASSES, COMBINATIONS, explained, INPUTS, randomNetwork } from './nets.ts';

/** `C1 z1 = x0 W1 + b1` for each step of one sample. */
function cited(options: Omit<PerceptronOptions, 'inputs' | 'classes'>): string[] {
  const network = randomNetwork({ inputs: INPUTS, classes: CLASSES, ...options });
  return explained(network, 0).steps.map(({ formulas, text }) => `${formulas[0] ?? '-'} ${text}`);
}

test('one hidden layer, ReLU and softmax: note C', () => {
  expect(cited({ hidden: [5], l2: 0.1 })).toEqual([
    '- x0 = the sample, scaled',
    'C1 z1 = x0 W1 + b1',
    'C1 x1 = ReLU(z1)',
    'C1 s = x1 W2 + b2',
    'C1 p = softmax(s)',
    'C2 L = −Σⱼ yⱼ log pⱼ',
    'X17 L2 = (λ/2) Σ w² over all weights',
    'C3 ∂L/∂s = p − y',
    'E2 ∂L/∂W2 = x1ᵀ · ∂L/∂s',
    'C4 ∂L/∂b2 = ∂L/∂s',
    'C5 ∂L/∂x1 = ∂L/∂s · W2ᵀ',
    'C6 ∂L/∂z1 = ∂L/∂x1 ⊙ 𝟙[z1 > 0]',
    'E2 ∂L/∂W1 = x0ᵀ · ∂L/∂z1',
    'C6 ∂L/∂b1 = ∂L/∂z1',
    'C6 ∂L/∂W1 ← ∂L/∂W1 + λ W1',
    'C4 ∂L/∂W2 ← ∂L/∂W2 + λ W2',
    'X1 W1 ← W1 − α ∂L/∂W1',
    'X1 b1 ← b1 − α ∂L/∂b1',
    'X1 W2 ← W2 − α ∂L/∂W2',
    'X1 b2 ← b2 − α ∂L/∂b2',
    'C2 L′ = L at x0 and y, with the new weights and biases',
  ]);
});

test('squared error with sigmoids: note D, repeated below', () => {
  expect(cited({ hidden: [5, 3], loss: 'squared-error', activation: 'sigmoid' }).slice(0, -7)).toEqual([
    '- x0 = the sample, scaled',
    'D1 z1 = x0 W1 + b1',
    'D1 x1 = σ(z1)',
    'D1 z2 = x1 W2 + b2',
    'D1 x2 = σ(z2)',
    'D2 z3 = x2 W3 + b3',
    'D2 x3 = σ(z3)',
    'D3 L = ½ Σⱼ (x3ⱼ − yⱼ)²',
    'D9 ∂L/∂x3 = x3 − y',
    'D4 δ3 = ∂L/∂x3 ⊙ σ′(z3),  σ′(z3) = x3 ⊙ (1 − x3)',
    'D6 ∂L/∂W3 = x2ᵀ · δ3',
    'D6 ∂L/∂b3 = δ3',
    'E1 ∂L/∂x2 = δ3 · W3ᵀ',
    'D5 δ2 = ∂L/∂x2 ⊙ σ′(z2),  σ′(z2) = x2 ⊙ (1 − x2)',
    'D7 ∂L/∂W2 = x1ᵀ · δ2',
    'D7 ∂L/∂b2 = δ2',
    'E1 ∂L/∂x1 = δ2 · W2ᵀ',
    'D5 δ1 = ∂L/∂x1 ⊙ σ′(z1),  σ′(z1) = x1 ⊙ (1 − x1)',
    'D7 ∂L/∂W1 = x0ᵀ · δ1',
    'D7 ∂L/∂b1 = δ1',
  ]);
});

describe('the ids of other networks', () => {
  const ids = (options: Omit<PerceptronOptions, 'inputs' | 'classes'>) =>
    cited(options)
      .map((line) => line.split(' ')[0])
      .join(' ');

  test.each([
    [
      'two hidden layers: E of each affine layer, and the project’s own',
      { hidden: [5, 3] },
      '- X14 X16 X14 X16 X14 B2 E3 E3 E2 X14 E1 X16 E2 X14 E1 X16 E2 X14 X1 X1 X1 X1 X1 X1 E3',
    ],
    ['no hidden layer: E', { hidden: [] }, '- X14 B2 E3 E3 E2 X14 X1 X1 E3'],
    [
      'tanh under softmax',
      { hidden: [5], activation: 'tanh' as const },
      '- X14 X16 X14 B2 E3 E3 E2 X14 E1 X16 E2 X14 X1 X1 X1 X1 E3',
    ],
    [
      'sigmoid cross-entropy: X15, which no note has',
      { hidden: [5], loss: 'sigmoid-cross-entropy' as const },
      '- X14 X16 X14 X15 X15 X15 E2 X14 E1 X16 E2 X14 X1 X1 X1 X1 X15',
    ],
    ['a linear SVM: E', { hidden: [], loss: 'svm' as const }, '- X14 E4 E5 E2 X14 X1 X1 E4'],
    [
      'an SVM with a hidden layer',
      { hidden: [5], loss: 'svm' as const },
      '- X14 X16 X14 E4 E5 E2 X14 E1 X16 E2 X14 X1 X1 X1 X1 E4',
    ],
    [
      'squared error without a hidden layer',
      { hidden: [], loss: 'squared-error' as const, activation: 'identity' as const },
      '- D2 D2 D3 D9 D4 D6 D6 X1 X1 D3',
    ],
    [
      'ELU under softmax: X21, forward and backward',
      { hidden: [5], activation: 'elu' as const },
      '- X14 X21 X14 B2 E3 E3 E2 X14 E1 X21 E2 X14 X1 X1 X1 X1 E3',
    ],
  ])('%s', (_, options, expected) => {
    expect(ids(options)).toBe(expected);
  });

  test.each([
    ['leaky-relu', 'X20'],
    ['elu', 'X21'],
    ['gelu', 'X22'],
    ['softplus', 'X23'],
    ['silu', 'X28'],
  ] as const)('%s: %s, then what D states of every φ', (activation, id) => {
    for (const loss of LOSS_NAMES) {
      const network = randomNetwork({ inputs: INPUTS, classes: CLASSES, hidden: [5, 3], loss, activation });
      const steps = explained(network, 0).steps.filter(({ formulas }) => formulas[0] === id);
      expect(steps.map(({ symbol }) => symbol.replace('δ', '∂L/∂z'))).toEqual(
        loss === 'squared-error' ? ['x1', 'x2', 'x3', '∂L/∂z2', '∂L/∂z1'] : ['x1', 'x2', '∂L/∂z2', '∂L/∂z1'],
      );
      for (const { formulas, direction } of steps.slice(-2)) {
        expect([direction, formulas]).toEqual(['backward', [id, 'D5']]);
      }
    }
  });

  test('L1: X25, after L2', () => {
    const network = randomNetwork({ inputs: INPUTS, classes: CLASSES, hidden: [5], l2: 0.1 });
    const steps = explained(network, 0, 1e-3, 0.2).steps.map(
      ({ formulas, text }) => `${formulas[0] ?? '-'} ${text}`,
    );
    expect(steps.filter((step) => step.startsWith('X25') || step.includes('λ'))).toEqual([
      'X17 L2 = (λ/2) Σ w² over all weights',
      'X25 L1 = λ₁ Σ ∣w∣ over all weights',
      'C6 ∂L/∂W1 ← ∂L/∂W1 + λ W1',
      'C4 ∂L/∂W2 ← ∂L/∂W2 + λ W2',
      'X25 ∂L/∂W1 ← ∂L/∂W1 + λ₁ sign(W1)',
      'X25 ∂L/∂W2 ← ∂L/∂W2 + λ₁ sign(W2)',
    ]);
  });
});

test('every id is one of the registry', () => {
  const known = new Set(FORMULAS.map(({ id }) => id));
  const used = COMBINATIONS.flatMap(({ options }) =>
    explained(randomNetwork(options), 0).steps.flatMap(({ formulas }) => formulas),
  );
  expect(used.filter((id) => !known.has(id))).toEqual([]);
  // All notes have their say, and the project's own formulas.
  expect(new Set(used.map((id) => id[0]))).toEqual(new Set('ABCDEX'));
});

describe('stacks that only a model file can hold', () => {
  const dense = (inputs: number, outputs: number) => ({ type: 'dense', inputs, outputs }) as const;
  const act = (name: 'relu' | 'tanh') => ({ type: 'activation', name }) as const;
  const texts = (layers: NetworkSpec['layers'], loss = LOSS_NAMES[0]) => {
    const { layers: formulas, delta } = networkFormulas({ inputs: 2, layers, loss: { name: loss }, l2: 0 });
    return [...formulas.map(({ forward }) => forward.text), delta.text];
  };

  test('two dense layers in a row', () => {
    expect(texts([dense(2, 3), dense(3, 2)])).toEqual(['z1 = x0 W1 + b1', 's = z1 W2 + b2', '∂L/∂s = p − y']);
  });

  test('two activations in a row, and one under softmax', () => {
    expect(texts([dense(2, 3), act('relu'), act('tanh')])).toEqual([
      'z1 = x0 W1 + b1',
      'x1 = ReLU(z1)',
      'x1′ = tanh(x1)',
      '∂L/∂x1′ = p − y',
    ]);
  });

  test('squared error of the affine outputs', () => {
    expect(texts([dense(2, 3)], 'squared-error')).toEqual(['z1 = x0 W1 + b1', 'δ1 = z1 − y']);
  });

  test('the spec of a perceptron has formulas for every layer', () => {
    const spec = perceptron({ inputs: INPUTS, hidden: [5], classes: CLASSES });
    expect(networkFormulas(spec).layers).toHaveLength(spec.layers.length);
  });
});
