/** Which formula of which note a step of a network is. */

import type { FormulaId } from '../formulas/formula.ts';
import { FORMULAS } from '../formulas/registry.ts';
import type { ActivationName } from '../network/activations.ts';
import { LOSSES } from '../network/losses.ts';
import type { NetworkSpec } from '../network/network.ts';
import type { Role } from './step-formula.ts';

/** The roles that have formulas of their own: the input has the first layer's, the loss after the step the loss's. */
export type CitedRole = Exclude<Role, 'input' | 'lossAfter'>;

/** The notes' networks that a spec can match: E without a hidden layer, C with one, A with two or more. */
type Family = 'E' | 'C' | 'A' | 'C-sigmoid' | 'D' | 'E-svm';

/** The note's own formula first, then others that state the same. */
type Ids = readonly [FormulaId, ...FormulaId[]];

/**
 * The formulas of a role by how many dense layers lie above the one concerned: of the output layer, of the one below
 * it, and so on; the last entry also serves every layer further down, where the recursion repeats.
 */
type ByHeight = readonly [Ids, ...Ids[]];

/** What the networks with a ReLU and the scores in the loss have in common: the forward pass and weight decay as C has them. */
const SHARED: Record<CitedRole, ByHeight> = {
  affine: [['C1', 'B1']],
  activation: [['C1', 'B1']],
  probabilities: [['C1', 'B2']],
  loss: [['C2', 'B3', 'E3']],
  penalty: [['C2']],
  delta: [['C3', 'B5', 'E3']],
  weightGradient: [
    ['C4', 'B6', 'E2'],
    ['C6', 'E2'],
  ],
  biasGradient: [
    ['C4', 'B6', 'E2'],
    ['C6', 'E2'],
  ],
  inputGradient: [['C5', 'B7', 'E1']],
  activationGradient: [['C6', 'B8']],
  decay: [['C4'], ['C6']],
  // No note has L1.
  l1Penalty: [['X25']],
  l1Decay: [['X25']],
  // Note A takes a step, but not of the top layer.
  weightStep: [['X12'], ['A4']],
  biasStep: [['X12'], ['A5']],
};

const ROLES: Record<Family, Record<CitedRole, ByHeight>> = {
  C: SHARED,
  E: {
    ...SHARED,
    probabilities: [['E3', 'B2', 'C1']],
    loss: [['E3', 'B3', 'C2']],
    delta: [['E3', 'B5', 'C3']],
    weightGradient: [['E2', 'C4', 'B6']],
    biasGradient: [['E2', 'C4', 'B6']],
  },
  A: {
    ...SHARED,
    affine: [['A6']],
    activation: [['A6']],
    probabilities: [['A1', 'B2', 'C1']],
    loss: [['A2', 'B3', 'C2']],
    delta: [['X13', 'B5', 'C3']],
    weightGradient: [
      ['X13', 'C4', 'E2'],
      ['X13', 'E2'],
      ['A7', 'E2'],
    ],
    biasGradient: [
      ['X13', 'C4', 'E2'],
      ['X13', 'E2'],
      ['A7', 'E2'],
    ],
    inputGradient: [
      ['X13', 'C5', 'E1'],
      ['A7', 'E1'],
    ],
    activationGradient: [['X13'], ['X13'], ['A7']],
    weightStep: [['X13'], ['X13'], ['A7']],
    biasStep: [['X13'], ['X13'], ['A7']],
  },
  'C-sigmoid': {
    ...SHARED,
    probabilities: [['X15']],
    loss: [['X15']],
    delta: [['X15']],
    weightGradient: [
      ['C4', 'E2'],
      ['C6', 'E2'],
    ],
    biasGradient: [
      ['C4', 'E2'],
      ['C6', 'E2'],
    ],
    inputGradient: [['C5', 'E1']],
  },
  D: {
    ...SHARED,
    affine: [['D2'], ['D1']],
    activation: [['D2'], ['D1']],
    loss: [['D3']],
    delta: [['D4']],
    weightGradient: [
      ['D6', 'E2'],
      ['D7', 'E2'],
    ],
    biasGradient: [
      ['D6', 'E2'],
      ['D7', 'E2'],
    ],
    inputGradient: [['D5', 'E1']],
    activationGradient: [['D4'], ['D5']],
  },
  'E-svm': {
    ...SHARED,
    loss: [['E4']],
    delta: [['E5']],
    weightGradient: [['E2']],
    biasGradient: [['E2']],
    inputGradient: [['E1']],
  },
};

/** Only D leaves φ open: under the other losses a φ that is no ReLU is D's, forward and backward. */
const OPEN_ACTIVATION: Partial<Record<CitedRole, Ids>> = { activation: ['D1'], activationGradient: ['D5'] };

/** The formula of the project's own of an activation that no note names; D's hold for every φ. */
const ownActivation = (name: ActivationName): FormulaId | undefined =>
  FORMULAS.find(({ activation }) => activation === name)?.id;

/**
 * The ids of the formulas that a step of a network is, the note's own first.
 *
 * @param layer the index in `spec.layers` of the layer concerned; of the loss, of the last layer
 */
export function noteFormulas(spec: NetworkSpec, role: CitedRole, layer: number): Ids {
  const family = familyOf(spec);
  const acting = spec.layers[layer];
  const byHeight = ROLES[family][role];
  const height = spec.layers.slice(layer + 1).filter(({ type }) => type === 'dense').length;
  const ids = byHeight[Math.min(height, byHeight.length - 1)];
  const open = OPEN_ACTIVATION[role];
  if (acting?.type !== 'activation' || open === undefined) return ids;
  const own = ownActivation(acting.name);
  if (own !== undefined) return [own, ...(family === 'D' ? ids : open)];
  return family === 'D' || acting.name === LOSSES[spec.loss.name].activation ? ids : open;
}

function familyOf({ loss, layers }: NetworkSpec): Family {
  const { net } = LOSSES[loss.name];
  if (net !== 'C') return net;
  const dense = layers.filter(({ type }) => type === 'dense').length;
  return dense === 1 ? 'E' : dense === 2 ? 'C' : 'A';
}
