/** What the letters of the general network mean, in words. */

const ALONE: Readonly<Record<string, string>> = {
  x0: 'the input: the sample’s values, scaled',
  s: 'the scores of the classes',
  p: 'the probabilities of the classes',
  y: 'the target: 1 at the label, else 0',
  L: 'the loss of this sample',
  'L′': 'the loss of this sample after the step',
  L2: 'the L2 term, which stands beside the loss',
  L1: 'the L1 term, which stands beside the loss',
  λ: 'the weight of the L2 term',
  'λ₁': 'the weight of the L1 term',
  α: 'the learning rate of the step',
};

const OF_LAYER: Readonly<Record<string, string>> = {
  W: 'the weights of',
  b: 'the biases of',
  z: 'the pre-activations of',
  x: 'the outputs of',
  δ: '∂L/∂z, the gradient of the loss by the pre-activations of',
};

/**
 * A symbol in words: of `W2`, the weights of layer 2.
 *
 * @param depth the number of dense layers
 */
export function meaningOf(symbol: string, depth: number): string {
  if (symbol.startsWith('∂L/∂')) return `the gradient of the loss by ${meaningOf(symbol.slice(4), depth)}`;
  if (ALONE[symbol] !== undefined) return ALONE[symbol];
  const [, letter, number] = /^(\D)(\d+)/u.exec(symbol) ?? [];
  const which = Number(number) === depth ? `layer ${number}, the output layer` : `layer ${number}`;
  return `${OF_LAYER[letter] ?? symbol} ${which}`;
}
