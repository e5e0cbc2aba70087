/** The letters in which a network's formulas are written: its tensors, its φ and its loss. */

import type { ActivationName } from '../network/activations.ts';
import type { LossName } from '../network/losses.ts';
import type { NetworkSpec } from '../network/network.ts';

/** A letter of a statement. */
export interface Operand {
  readonly symbol: string;
  /** Empty for a scalar. */
  readonly shape: readonly number[];
}

/** φ(z), and φ′ as the layer computes it: from z, from x = φ(z), or from neither. */
export const PHI: Record<
  ActivationName,
  {
    readonly forward: (z: string) => string;
    readonly derivative: (z: string, x: string) => string;
    readonly from: 'z' | 'x' | 'neither';
  }
> = {
  relu: { forward: (z) => `ReLU(${z})`, derivative: (z) => `𝟙[${z} > 0]`, from: 'z' },
  sigmoid: {
    forward: (z) => `σ(${z})`,
    derivative: (z, x) => `σ′(${z}),  σ′(${z}) = ${x} ⊙ (1 − ${x})`,
    from: 'x',
  },
  tanh: {
    forward: (z) => `tanh(${z})`,
    derivative: (z, x) => `tanh′(${z}),  tanh′(${z}) = 1 − ${x} ⊙ ${x}`,
    from: 'x',
  },
  identity: { forward: (z) => z, derivative: () => '1', from: 'neither' },
  'leaky-relu': {
    forward: (z) => `leaky ReLU(${z})`,
    derivative: (z) => `(𝟙[${z} > 0] + 0.01 𝟙[${z} ≤ 0])`,
    from: 'z',
  },
  elu: {
    forward: (z) => `ELU(${z})`,
    derivative: (z, x) => `ELU′(${z}),  ELU′(${z}) = min(${x}, 0) + 1`,
    from: 'x',
  },
  gelu: {
    forward: (z) => `GELU(${z})`,
    derivative: (z) => `GELU′(${z}),  GELU′(${z}) = σ(t) + ${z} ⊙ σ(t) ⊙ σ(−t) ⊙ t′`,
    from: 'z',
  },
  softplus: { forward: (z) => `softplus(${z})`, derivative: (z) => `σ(${z})`, from: 'z' },
};

/** A loss of the outputs `o`, their probabilities p and the targets y, and its derivative by the outputs. */
export const LOSS: Record<
  LossName,
  {
    readonly probabilities?: (o: string) => string;
    readonly loss: (o: string) => string;
    readonly derivative: (o: string) => string;
    /** Whether the outputs that enter are scores, which the notes call S. */
    readonly scores: boolean;
  }
> = {
  'softmax-cross-entropy': {
    probabilities: (o) => `softmax(${o})`,
    loss: () => '−Σⱼ yⱼ log pⱼ',
    derivative: () => 'p − y',
    scores: true,
  },
  'sigmoid-cross-entropy': {
    probabilities: (o) => `σ(${o})`,
    loss: () => '−Σⱼ (yⱼ log pⱼ + (1 − yⱼ) log(1 − pⱼ))',
    derivative: () => 'p − y',
    scores: true,
  },
  'squared-error': { loss: (o) => `½ Σⱼ (${o}ⱼ − yⱼ)²`, derivative: (o) => `${o} − y`, scores: false },
  svm: {
    loss: (o) => `Σⱼ max(0, ${o}ⱼ − ${o}_c + 1) over j ≠ c, the class`,
    derivative: (o) => `𝟙[${o} − ${o}_c + 1 > 0], at the class c minus the sum of the others`,
    scores: true,
  },
};

/** A tensor between two layers, and ∂L by it. */
export interface Between {
  readonly value: Operand;
  /** δ1 of z1 in note D, else ∂L/∂z1. */
  readonly gradient: Operand;
}

/** The input, then each layer's output: x0, z1, x1, z2, …; what enters the loss as scores is s. */
export function tensorsBetween({ inputs, layers, loss }: NetworkSpec): Between[] {
  const between = (symbol: string, width: number, gradient = `∂L/∂${symbol}`): Between => ({
    value: { symbol, shape: [1, width] },
    gradient: { symbol: gradient, shape: [1, width] },
  });
  const tensors = [between('x0', inputs)];
  let number = 0;
  let width = inputs;
  layers.forEach((layer, l) => {
    if (layer.type === 'activation') {
      // Two activations in a row are nothing that the notes have, but a model may: x1, then x1′.
      const again = layers[l - 1].type === 'activation';
      tensors.push(between(again ? `${tensors[l].value.symbol}′` : `x${number}`, width));
      return;
    }
    number++;
    width = layer.outputs;
    if (l === layers.length - 1 && LOSS[loss.name].scores) tensors.push(between('s', width));
    else tensors.push(between(`z${number}`, width, loss.name === 'squared-error' ? `δ${number}` : undefined));
  });
  return tensors;
}
