/** A letter of a network's formulas. */

/** A letter with all that is known of it before it has values. */
export interface Letter {
  readonly symbol: string;
  readonly latex: string;
  /** [1, n] of a row, [inputs, outputs] of weights, [outputs] of biases, empty of a scalar. */
  readonly shape: readonly number[];
  /** What it holds, in words: `the weights of layer 2, the output layer`. */
  readonly meaning: string;
  readonly kind:
    | 'input'
    | 'layer'
    | 'probabilities'
    | 'target'
    | 'weights'
    | 'biases'
    | 'gradient'
    | 'scalar';
  /** Whether its last axis counts the classes. */
  readonly perClass: boolean;
  /** Whether its entries, or the rows of its matrix, belong to the network's inputs. */
  readonly perInput: boolean;
}

const scalar = (symbol: string, latex: string, meaning: string): Letter => ({
  symbol,
  latex,
  meaning,
  ...{ shape: [], kind: 'scalar', perClass: false, perInput: false },
});

export const LAMBDA = scalar('λ', String.raw`\lambda`, 'the weight of the L2 term');
/** The strength of L1, where λ is that of L2. */
export const LAMBDA_1 = scalar('λ₁', String.raw`\lambda_{1}`, 'the weight of the L1 term');
export const ALPHA = scalar('α', String.raw`\alpha`, 'the learning rate of the step');
export const LOSS = scalar('L', 'L', 'the loss of this sample');
/** Shown by the notes that add the L2 term to the loss. */
export const TOTAL_LOSS = scalar('L + L2', String.raw`L + \mathrm{L2}`, 'the loss with its L2 term');
export const LOSS_AFTER = scalar('L′', "L'", 'the loss of this sample after the step');
export const L2_TERM = scalar('L2', String.raw`\mathrm{L2}`, 'the L2 term, which is added to the loss');
export const L1_TERM = scalar('L1', String.raw`\mathrm{L1}`, 'the L1 term, which is added to the loss');

/** ∂L by a letter: of the same shape and axes. */
export function gradientOf(letter: Letter): Letter {
  return {
    ...letter,
    symbol: `∂L/∂${letter.symbol}`,
    latex: String.raw`\frac{\partial L}{\partial ${letter.latex}}`,
    meaning: `the gradient of the loss by ${letter.meaning}`,
    kind: 'gradient',
  };
}
