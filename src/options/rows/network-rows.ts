/** The options that describe the network. */

import * as v from 'valibot';
import { ACTIVATION_NAMES } from '../../network/activations.ts';
import { ACTIVATED_LOSSES, LOSS_NAMES, LOSSES } from '../../network/losses.ts';
import type { OptionRows } from '../option-row.ts';
import { asNumber, oneOf } from '../values.ts';

const WIDTHS = 'one or more positive whole numbers (200 or 200,100) or `none`';
const width = v.pipe(v.number(WIDTHS), v.integer(WIDTHS), v.minValue(1, WIDTHS), v.maxValue(1e6, WIDTHS));

/** `none` and the widths of a text as a list; what is no text stays what it is. */
function asWidths(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value === 'none' ? [] : value.split(',').map((part) => asNumber(part.trim()));
}

/** Layers, activations and loss. */
export const NETWORK_ROWS = {
  hidden: {
    belongsTo: 'network',
    group: 'Most used options',
    value: 'WIDTHS',
    schema: v.pipe(
      v.unknown(),
      v.transform(asWidths),
      v.union([v.array(width), width], WIDTHS),
      v.transform((widths) => (typeof widths === 'number' ? [widths] : widths)),
    ),
    byDefault: () => [200],
    separator: ',',
    alsoKnownAs: ['layers', 'hidden-layers', 'hidden-size', 'hidden-units', 'units', 'widths'],
    help: 'widths of the hidden layers (200 or 200,100), or none',
    seenInLayers: true,
  },
  activation: {
    belongsTo: 'network',
    group: 'Most used options',
    value: 'NAME',
    schema: oneOf(ACTIVATION_NAMES),
    alsoKnownAs: ['act', 'activation-function', 'nonlinearity'],
    valuesAlsoKnownAs: { linear: 'identity', none: 'identity', logistic: 'sigmoid', lrelu: 'leaky-relu' },
    byDefault: ({ loss }) => LOSSES[loss].activation,
    help: ACTIVATION_NAMES.join(', '),
    defaultText: 'relu; sigmoid with squared-error',
    seenInLayers: true,
  },
  outputActivation: {
    belongsTo: 'network',
    group: 'Network',
    value: 'NAME',
    schema: oneOf(ACTIVATION_NAMES),
    byDefault: ({ loss, activation }) => (LOSSES[loss].scores ? undefined : activation),
    help: `activation of the output layer (${ACTIVATED_LOSSES.join(', ')} only)`,
    defaultText: 'that of --activation',
    onlyWith: { option: 'loss', values: ACTIVATED_LOSSES },
    chosenFor: () => ['loss'],
  },
  loss: {
    belongsTo: 'network',
    group: 'Network',
    value: 'NAME',
    schema: oneOf(LOSS_NAMES),
    byDefault: () => 'softmax-cross-entropy',
    alsoKnownAs: ['criterion', 'objective', 'cost'],
    valuesAlsoKnownAs: {
      ...{
        ce: 'softmax-cross-entropy',
        'cross-entropy': 'softmax-cross-entropy',
        nll: 'softmax-cross-entropy',
      },
      ...{ softmax: 'softmax-cross-entropy', 'categorical-crossentropy': 'softmax-cross-entropy' },
      ...{ mse: 'squared-error', 'mean-squared-error': 'squared-error', l2: 'squared-error' },
      ...{ bce: 'sigmoid-cross-entropy', 'binary-cross-entropy': 'sigmoid-cross-entropy' },
      ...{ hinge: 'svm', 'multi-margin': 'svm', 'multiclass-hinge': 'svm' },
    },
    help: LOSS_NAMES.join(', '),
  },
} as const satisfies OptionRows;
