/** The letters of the notes' networks: what each is, its shape, and where it stands in the project's network. */

import type { LossName } from '../../kernels/losses.ts';
import type { NoteNet } from '../formula.ts';

/** Where a tensor of a note stands in the project's network. */
export type TensorSource =
  | { readonly kind: 'input' }
  /** The parameter of that index: W1, b1, W2, … */
  | { readonly kind: 'parameter'; readonly index: number }
  /** The output of the layer of that index, counted from 0. */
  | { readonly kind: 'layer'; readonly index: number }
  | { readonly kind: 'probabilities' }
  | { readonly kind: 'targets' }
  /** The loss of each sample. */
  | { readonly kind: 'losses' }
  /** The L2 term. */
  | { readonly kind: 'penalty' };

export interface TensorDefinition {
  /** As it is typed: `W2`. */
  readonly name: string;
  /** Its dimensions' letters, or `1`. */
  readonly rows: string;
  readonly cols: string;
  readonly meaning: string;
  readonly source: TensorSource;
  /** Whether the project has it the other way round; default: where samples are columns. */
  readonly transposed?: boolean;
  /** Other names for it. */
  readonly aliases?: readonly string[];
  /** Names for its gradient beside dW2 and ∂L/∂W2. */
  readonly gradientAliases?: readonly string[];
}

export interface Dimension {
  readonly letter: string;
  readonly size: number;
  readonly meaning: string;
  /** Its size in the note, which a Σ may go up to: 10 for net D's M. */
  readonly inNote?: number;
}

/** One of the notes' networks. */
export interface NetDefinition {
  readonly name: NoteNet;
  readonly title: string;
  readonly samples: 'rows' | 'columns';
  /** The letter of the number of samples, or null for a single one. */
  readonly sampleLetter: string | null;
  readonly inputs: string;
  readonly hidden: readonly string[];
  readonly classes: string;
  readonly loss: LossName;
  /** How the note adds up the losses of its samples. */
  readonly reduction: 'mean' | 'sum';
  /** Whether its sizes are the note's own, the same on every draw. */
  readonly isFixed?: boolean;
  /** The function that the note's σ is, where it is not the sigmoid. */
  readonly sigma?: 'softmax' | undefined;
  /** The activation, null where there is none, and whether it can be chosen. */
  readonly activation: 'relu' | 'sigmoid' | null;
  readonly activationIsOpen: boolean;
  /** Whether the loss has the term (λ/2) Σ w². */
  readonly l2: boolean;
  /** Whether the note's layers have no biases; default: they have. */
  readonly isLinear?: boolean;
  /** Whether the note has a step −α∇. */
  readonly step: boolean;
  /** The loss's name, and in words. */
  readonly lossName: 'L' | 'loss';
  readonly lossMeaning: string;
  readonly dimensions: readonly Dimension[];
  readonly tensors: readonly TensorDefinition[];
}

const input: TensorSource = { kind: 'input' };
const probabilities: TensorSource = { kind: 'probabilities' };
const targets: TensorSource = { kind: 'targets' };
const parameter = (index: number): TensorSource => ({ kind: 'parameter', index });
const layer = (index: number): TensorSource => ({ kind: 'layer', index });

const tensor = (
  name: string,
  rows: string,
  cols: string,
  source: TensorSource,
  meaning: string,
  more: Partial<TensorDefinition> = {},
): TensorDefinition => ({ name, rows, cols, source, meaning, ...more });

const dimension = (letter: string, size: number, meaning: string, inNote?: number): Dimension => ({
  letter,
  size,
  meaning,
  ...(inNote !== undefined && { inNote }),
});

const COLUMNS = {
  samples: 'columns',
  loss: 'softmax-cross-entropy',
  reduction: 'mean',
  activation: 'relu',
  activationIsOpen: false,
  l2: false,
} as const;

const A: NetDefinition = {
  ...COLUMNS,
  name: 'A',
  title: 'a batch of columns, one hidden layer, ReLU, softmax cross-entropy',
  sampleLetter: 'N',
  inputs: 'M',
  hidden: ['K'],
  classes: 'J',
  step: true,
  lossName: 'loss',
  lossMeaning: '−(1/N) Σᵢ Σⱼ Lᵢⱼ ln Sᵢⱼ',
  dimensions: [
    dimension('M', 7, 'features', 400),
    dimension('N', 6, 'samples', 50),
    dimension('K', 5, 'hidden units', 200),
    dimension('J', 3, 'classes', 2),
  ],
  tensors: [
    tensor('X', 'M', 'N', input, 'inputs, a sample a column'),
    tensor('HW', 'K', 'M', parameter(0), 'weights of the hidden layer'),
    tensor('HB', 'K', '1', parameter(1), 'biases of the hidden layer'),
    tensor('H', 'K', 'N', layer(0), 'HW·X + HB, before the ReLU'),
    tensor('Z', 'K', 'N', layer(1), 'R(H), the hidden units', { aliases: ['n'] }),
    tensor('W', 'J', 'K', parameter(2), 'weights of the output layer'),
    tensor('B', 'J', '1', parameter(3), 'biases of the output layer'),
    tensor('Y', 'J', 'N', layer(2), 'W·Z + B, the scores'),
    tensor('S', 'J', 'N', probabilities, 'softmax of Y down each column'),
    tensor('L', 'J', 'N', targets, 'labels, one-hot'),
  ],
};

const A2: NetDefinition = {
  ...A,
  name: 'A2',
  title: 'a batch of columns, two hidden layers, ReLU, softmax cross-entropy',
  hidden: ['K', 'Q'],
  dimensions: [
    dimension('M', 7, 'features', 400),
    dimension('N', 6, 'samples', 50),
    dimension('K', 5, 'units of the first hidden layer', 200),
    dimension('Q', 4, 'units of the second hidden layer', 100),
    dimension('J', 3, 'classes', 2),
  ],
  tensors: [
    tensor('X', 'M', 'N', input, 'inputs, a sample a column'),
    tensor('CW', 'K', 'M', parameter(0), 'weights of the first hidden layer'),
    tensor('CB', 'K', '1', parameter(1), 'biases of the first hidden layer'),
    tensor('C', 'K', 'N', layer(0), 'CW·X + CB, before the ReLU'),
    tensor('Z', 'K', 'N', layer(1), 'R(C), the first hidden units'),
    tensor('HW', 'Q', 'K', parameter(2), 'weights of the second hidden layer'),
    tensor('HB', 'Q', '1', parameter(3), 'biases of the second hidden layer'),
    tensor('H', 'Q', 'N', layer(2), 'HW·Z + HB, before the ReLU'),
    tensor('G', 'Q', 'N', layer(3), 'R(H), the second hidden units'),
    tensor('W', 'J', 'Q', parameter(4), 'weights of the output layer'),
    tensor('B', 'J', '1', parameter(5), 'biases of the output layer'),
    tensor('Y', 'J', 'N', layer(4), 'W·G + B, the scores'),
    tensor('S', 'J', 'N', probabilities, 'softmax of Y down each column'),
    tensor('L', 'J', 'N', targets, 'labels, one-hot'),
  ],
};

const B: NetDefinition = {
  ...COLUMNS,
  name: 'B',
  title: 'one sample, ReLU, softmax, cross-entropy',
  sampleLetter: null,
  inputs: 'D',
  hidden: ['H'],
  classes: 'M',
  step: false,
  lossName: 'L',
  lossMeaning: '−Σᵢ yᵢ log pᵢ',
  dimensions: [dimension('D', 6, 'inputs'), dimension('H', 5, 'hidden units'), dimension('M', 3, 'classes')],
  tensors: [
    tensor('x', 'D', '1', input, 'the input'),
    tensor('W1', 'H', 'D', parameter(0), 'weights of the hidden layer'),
    tensor('b1', 'H', '1', parameter(1), 'biases of the hidden layer'),
    tensor('q', 'H', '1', layer(0), 'W1·x + b1, before the ReLU'),
    tensor('h', 'H', '1', layer(1), 'R(q), the hidden units'),
    tensor('W2', 'M', 'H', parameter(2), 'weights of the output layer'),
    tensor('b2', 'M', '1', parameter(3), 'biases of the output layer'),
    tensor('o', 'M', '1', layer(2), 'W2·h + b2, the scores'),
    tensor('p', 'M', '1', probabilities, 'softmax(o)'),
    tensor('y', 'M', '1', targets, 'the label, one-hot'),
  ],
};

const C: NetDefinition = {
  ...COLUMNS,
  name: 'C',
  title: 'a batch of rows, ReLU, softmax cross-entropy with L2',
  samples: 'rows',
  sampleLetter: 'N',
  sigma: 'softmax',
  inputs: 'D',
  hidden: ['H'],
  classes: 'C',
  l2: true,
  step: false,
  lossName: 'L',
  lossMeaning: '−(1/N) Σₙ Σⱼ yₙⱼ log Pₙⱼ + (λ/2) Σ w² over W1 and W2',
  dimensions: [
    dimension('N', 6, 'samples'),
    dimension('D', 5, 'inputs'),
    dimension('H', 4, 'hidden units'),
    dimension('C', 3, 'classes'),
  ],
  tensors: [
    tensor('X', 'N', 'D', input, 'inputs, a sample a row'),
    tensor('W1', 'D', 'H', parameter(0), 'weights of the hidden layer'),
    tensor('b1', '1', 'H', parameter(1), 'biases of the hidden layer'),
    tensor('Z1', 'N', 'H', layer(0), 'X·W1 + b1, before the ReLU'),
    tensor('X1', 'N', 'H', layer(1), 'R(Z1), the hidden units'),
    tensor('W2', 'H', 'C', parameter(2), 'weights of the output layer'),
    tensor('b2', '1', 'C', parameter(3), 'biases of the output layer'),
    tensor('S', 'N', 'C', layer(2), 'X1·W2 + b2, the scores', { aliases: ['h'] }),
    tensor('P', 'N', 'C', probabilities, 'softmax of S by rows'),
    tensor('Y', 'N', 'C', targets, 'labels, one-hot'),
  ],
};

const C_SIGMOID: NetDefinition = {
  ...C,
  name: 'C-sigmoid',
  title: 'net C with sigmoid cross-entropy, which is not in the notes',
  loss: 'sigmoid-cross-entropy',
  sigma: undefined,
  lossMeaning: '−(1/N) Σₙ Σⱼ (y log P + (1 − y) log(1 − P)) + (λ/2) Σ w² over W1 and W2',
  tensors: C.tensors.map((t) =>
    t.name === 'P' ? { ...t, meaning: 'σ(S), a probability for each class' } : t,
  ),
};

const D: NetDefinition = {
  ...COLUMNS,
  name: 'D',
  title: 'one sample, any activation φ in both layers, squared error',
  sampleLetter: null,
  inputs: 'D',
  hidden: ['K'],
  classes: 'M',
  loss: 'squared-error',
  activation: 'sigmoid',
  activationIsOpen: true,
  step: false,
  lossName: 'L',
  lossMeaning: '½ Σₖ (x2ₖ − yₖ)²',
  dimensions: [
    dimension('D', 6, 'inputs (784 in the note)', 784),
    dimension('K', 5, 'hidden units'),
    dimension('M', 3, 'classes (10 in the note)', 10),
  ],
  tensors: [
    tensor('x0', 'D', '1', input, 'the input'),
    tensor('W1', 'D', 'K', parameter(0), 'weights of the hidden layer', { transposed: false }),
    tensor('b1', 'K', '1', parameter(1), 'biases of the hidden layer'),
    tensor('z1', 'K', '1', layer(0), 'W1ᵀ·x0 + b1', { gradientAliases: ['delta1'] }),
    tensor('x1', 'K', '1', layer(1), 'φ(z1), the hidden units'),
    tensor('W2', 'K', 'M', parameter(2), 'weights of the output layer', { transposed: false }),
    tensor('b2', 'M', '1', parameter(3), 'biases of the output layer'),
    tensor('z2', 'M', '1', layer(2), 'W2ᵀ·x1 + b2', { gradientAliases: ['delta2'] }),
    tensor('x2', 'M', '1', layer(3), 'φ(z2), the outputs'),
    tensor('y', 'M', '1', targets, 'the label, one-hot'),
  ],
};

const E_LINEAR: readonly TensorDefinition[] = [
  tensor('X', 'N', 'D', input, 'inputs, a sample a row'),
  tensor('W', 'D', 'M', parameter(0), 'weights'),
  tensor('Y', 'N', 'M', layer(0), 'X·W, the scores', { aliases: ['S'] }),
];

const E: NetDefinition = {
  ...C,
  name: 'E',
  title: 'the layer Y = XW on a batch of rows, softmax cross-entropy summed over the rows',
  isLinear: true,
  hidden: [],
  classes: 'M',
  sigma: undefined,
  reduction: 'sum',
  activation: null,
  l2: false,
  lossMeaning: '−Σᵢ log Pᵢ,ᵧᵢ, summed over the rows',
  dimensions: [dimension('N', 5, 'samples'), dimension('D', 4, 'inputs'), dimension('M', 3, 'classes')],
  tensors: [
    ...E_LINEAR,
    tensor('P', 'N', 'M', probabilities, 'softmax of Y by rows'),
    tensor('T', 'N', 'M', targets, 'labels, one-hot'),
  ],
};

const E_EXAMPLE: NetDefinition = {
  ...E,
  name: 'E-example',
  title: 'net E with the sizes of the note, 2 × 2 times 2 × 3',
  isFixed: true,
  dimensions: E.dimensions.map((of) => ({ ...of, size: of.letter === 'M' ? 3 : 2 })),
};

const E_BIAS: NetDefinition = {
  ...E,
  name: 'E-bias',
  title: 'net E with a bias, Y = XW + b, which is not in the notes',
  isLinear: false,
  tensors: E.tensors.flatMap((t) =>
    t.name === 'Y'
      ? [tensor('b', '1', 'M', parameter(1), 'biases'), { ...t, meaning: 'X·W + b, the scores' }]
      : [t],
  ),
};

const E_SVM: NetDefinition = {
  ...E,
  name: 'E-svm',
  title: 'the layer Y = XW on a batch of rows, multi-class SVM summed over the rows',
  loss: 'svm',
  lossMeaning: 'Σᵢ Σ_{j≠yᵢ} max(0, sᵢⱼ − sᵢ,ᵧᵢ + 1), summed over the rows',
  tensors: [...E_LINEAR, tensor('T', 'N', 'M', targets, 'labels, one-hot')],
};

/** The networks of the notes by name. */
export const NET_DEFINITIONS: Readonly<Record<NoteNet, NetDefinition>> = {
  A,
  A2,
  B,
  C,
  'C-sigmoid': C_SIGMOID,
  D,
  E,
  'E-example': E_EXAMPLE,
  'E-bias': E_BIAS,
  'E-svm': E_SVM,
};

/** Their names. */
export const NOTE_NETS = Object.keys(NET_DEFINITIONS) as NoteNet[];
