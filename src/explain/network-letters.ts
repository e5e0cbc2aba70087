/** The letters of one network: its tensors between the layers, its parameters, and their gradients. */

import { LOSSES } from '../network/losses.ts';
import type { NetworkSpec } from '../network/network.ts';
import { gradientOf, type Letter } from './letter.ts';

/** A tensor between two layers, and ∂L by it. */
export interface Between {
  readonly value: Letter;
  /** δ1 of z1 in note D, else ∂L/∂z1. */
  readonly gradient: Letter;
}

/** W and b of a dense layer, and ∂L by them. */
export interface DenseLetters {
  /** Counted from 1. */
  readonly number: number;
  readonly w: Letter;
  readonly b: Letter;
  readonly dw: Letter;
  readonly db: Letter;
}

/** All letters of a network. */
export interface NetworkLetters {
  /** x0, then each layer's output: z1, x1, z2, …; what enters the loss as scores is s. */
  readonly between: readonly Between[];
  /** Of each layer of the spec; undefined of activations. */
  readonly dense: readonly (DenseLetters | undefined)[];
  readonly y: Letter;
  readonly p: Letter;
}

/** The letters of a network's spec. */
export function networkLetters({ inputs, layers, loss }: NetworkSpec): NetworkLetters {
  const depth = layers.filter(({ type }) => type === 'dense').length;
  // Note D, whose loss takes no scores, writes δ for ∂L/∂z.
  const { scores } = LOSSES[loss.name];
  const deltas = !scores;
  const layerName = (number: number) =>
    number === depth ? `layer ${number}, the output layer` : `layer ${number}`;
  const ofLayer = (
    base: string,
    number: number,
    what: string,
    rest: Pick<Letter, 'shape' | 'kind'>,
  ): Letter => ({
    symbol: `${base}${number}`,
    latex: `${base}_{${number}}`,
    meaning: `${what} ${layerName(number)}`,
    ...rest,
    perClass: number === depth,
    perInput: false,
  });

  const input: Letter = {
    symbol: 'x0',
    latex: 'x_{0}',
    meaning: 'the input: the sample’s values, scaled',
    shape: [1, inputs],
    kind: 'input',
    perClass: false,
    perInput: true,
  };
  const between: Between[] = [{ value: input, gradient: gradientOf(input) }];
  const dense: (DenseLetters | undefined)[] = [];
  let number = 0;
  let width = inputs;
  layers.forEach((layer, l) => {
    const last = l === layers.length - 1;
    if (layer.type === 'activation') {
      dense.push(undefined);
      const plain = ofLayer('x', number, 'the outputs of', { shape: [1, width], kind: 'layer' });
      // Two activations in a row are nothing that the notes have, but a model may: x1, then x1′.
      const again = layers[l - 1].type === 'activation';
      const value = again ? primed(between[l].value) : plain;
      between.push({ value, gradient: gradientOf(value) });
      return;
    }
    number++;
    const w = ofLayer('W', number, 'the weights of', {
      shape: [layer.inputs, layer.outputs],
      kind: 'weights',
    });
    const b = ofLayer('b', number, 'the biases of', { shape: [layer.outputs], kind: 'biases' });
    const weights = { ...w, perInput: number === 1 };
    dense.push({ number, w: weights, b, dw: gradientOf(weights), db: gradientOf(b) });
    width = layer.outputs;
    const shape = [1, width];
    const z = ofLayer('z', number, 'the pre-activations of', { shape, kind: 'layer' });
    if (last && scores) {
      const s: Letter = { ...z, symbol: 's', latex: 's', meaning: 'the scores of the classes' };
      between.push({ value: s, gradient: gradientOf(s) });
      return;
    }
    const delta: Letter = {
      ...gradientOf(z),
      symbol: `δ${number}`,
      latex: String.raw`\delta_{${number}}`,
      meaning: `∂L/∂z, ${gradientOf(z).meaning}`,
    };
    between.push({ value: z, gradient: deltas ? delta : gradientOf(z) });
  });

  const perClass = { shape: [1, width], perClass: true, perInput: false } as const;
  return {
    between,
    dense,
    y: {
      ...perClass,
      symbol: 'y',
      latex: 'y',
      meaning: 'the target: 1 at the label, else 0',
      kind: 'target',
    },
    p: {
      ...perClass,
      symbol: 'p',
      latex: 'p',
      meaning: 'the probabilities of the classes',
      kind: 'probabilities',
    },
  };
}

const primed = (letter: Letter): Letter => ({
  ...letter,
  symbol: `${letter.symbol}′`,
  latex: letter.latex.replace('_', "'_"),
});
