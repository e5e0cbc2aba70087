/** The options of regularisation besides L2. */

import { SMOOTHABLE_LOSSES } from '../../network/losses.ts';
import type { OptionRow } from '../option-row.ts';
import { asNumber, NON_NEGATIVE, POSITIVE, SHARE } from '../values.ts';

/** All are off by default. */
export const REGULARISATION_ROWS = {
  l1: {
    belongsTo: 'training',
    group: 'Regularisation',
    value: 'LAMBDA',
    fromText: asNumber,
    schema: NON_NEGATIVE,
    off: 0,
    help: 'λ of the term λ Σ|w|',
    name: 'L1',
  },
  dropout: {
    belongsTo: 'training',
    group: 'Regularisation',
    value: 'RATE',
    fromText: asNumber,
    schema: SHARE,
    off: 0,
    alsoKnownAs: ['drop-out', 'dropout-rate', 'p'],
    help: 'probability of dropping a hidden unit in training',
    check: (_: number, { hidden }) =>
      hidden.length === 0 ? 'expected with hidden layers, got --hidden none' : undefined,
    name: 'dropout',
  },
  inputDropout: {
    belongsTo: 'training',
    group: 'Regularisation',
    value: 'RATE',
    fromText: asNumber,
    schema: SHARE,
    off: 0,
    help: 'probability of dropping an input in training',
    name: 'input dropout',
  },
  maxNorm: {
    belongsTo: 'training',
    group: 'Regularisation',
    value: 'NORM',
    fromText: asNumber,
    schema: POSITIVE,
    alsoKnownAs: ['max-weight-norm', 'weight-constraint'],
    help: "largest norm of a unit's incoming weights",
    defaultText: 'no limit',
    name: 'max-norm',
  },
  labelSmoothing: {
    belongsTo: 'training',
    group: 'Regularisation',
    value: 'EPSILON',
    fromText: asNumber,
    schema: SHARE,
    off: 0,
    alsoKnownAs: ['smoothing', 'smooth'],
    help: 'ε of the targets (1 − ε) y + ε/C (cross-entropies only)',
    onlyWith: { option: 'loss', values: SMOOTHABLE_LOSSES },
    chosenFor: () => ['loss'],
    name: 'label smoothing',
  },
} as const satisfies Readonly<Record<string, OptionRow & { readonly name: string }>>;

/** `dropout 0.5, max-norm 3`; empty where there is none. */
export function regularisationText(
  options: {
    readonly [K in keyof typeof REGULARISATION_ROWS]?: number | undefined;
  },
): string {
  const values = new Map(Object.entries(options));
  return Object.entries(REGULARISATION_ROWS)
    .flatMap(([key, { name }]) => (values.get(key) ? [`${name} ${values.get(key)}`] : []))
    .join(', ');
}
