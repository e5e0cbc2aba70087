/** The options that say how the network is trained. */

import { OPTIMIZER_NAMES } from '../train/optimizers/optimizers.ts';
import { DEFAULT_DECAY, SCHEDULE_NAMES } from '../train/optimizers/schedules.ts';
import { hasMomentum, isNormalised, learningRateOf, NORMALISED_RATE } from './default-learning-rate.ts';
import type { OptionRows } from './option-row.ts';
import { aboveZeroUpTo, asNumber, COUNT, NON_NEGATIVE, oneOf, POSITIVE, SHARE } from './values.ts';

/** Optimizer, schedule, L2 and the length of a run. */
export const TRAINING_ROWS = {
  epochs: {
    belongsTo: 'training',
    group: 'Most used options',
    value: 'N',
    fromText: asNumber,
    schema: COUNT,
    byDefault: () => 10,
    help: 'passes over the training samples',
  },
  batchSize: {
    belongsTo: 'training',
    group: 'Most used options',
    value: 'N',
    fromText: asNumber,
    schema: COUNT,
    byDefault: () => 128,
    help: 'samples in a step',
  },
  learningRate: {
    belongsTo: 'training',
    group: 'Most used options',
    value: 'RATE',
    fromText: asNumber,
    schema: POSITIVE,
    byDefault: learningRateOf,
    help: 'step size of the optimizer',
    defaultText:
      `${NORMALISED_RATE} with ${OPTIMIZER_NAMES.filter(isNormalised).join(', ')}; with the others it depends ` +
      'on loss and activation, and is smaller with momentum',
    chosenFor: ({ optimizer }) => [
      ...['optimizer', 'momentum', 'schedule'],
      ...(isNormalised(optimizer) ? [] : ['loss', 'activation', 'outputActivation']),
    ],
  },
  optimizer: {
    belongsTo: 'training',
    group: 'Training',
    value: 'NAME',
    schema: oneOf(OPTIMIZER_NAMES),
    byDefault: () => 'sgd',
    help: OPTIMIZER_NAMES.join(', '),
  },
  momentum: {
    belongsTo: 'training',
    group: 'Training',
    value: 'MU',
    fromText: asNumber,
    schema: SHARE,
    byDefault: ({ optimizer }) => (hasMomentum(optimizer) ? 0.9 : undefined),
    help: 'μ of momentum and nesterov: the share of the last step that is kept',
    defaultText: '0.9',
    onlyWith: { option: 'optimizer', values: OPTIMIZER_NAMES.filter(hasMomentum) },
    chosenFor: () => ['optimizer'],
  },
  schedule: {
    belongsTo: 'training',
    group: 'Training',
    value: 'NAME',
    schema: oneOf(SCHEDULE_NAMES),
    byDefault: () => 'constant',
    help: `how the learning rate changes over the run: ${SCHEDULE_NAMES.join(', ')}`,
    chosenFor: () => ['optimizer'],
  },
  decay: {
    belongsTo: 'training',
    group: 'Training',
    value: 'GAMMA',
    fromText: asNumber,
    schema: aboveZeroUpTo(1),
    byDefault: ({ schedule }) => DEFAULT_DECAY[schedule],
    help: 'factor of the learning rate: with step at ½ and at ¾ of the run, with exponential in every epoch',
    defaultText: `step ${DEFAULT_DECAY.step}, exponential ${DEFAULT_DECAY.exponential}`,
    onlyWith: {
      option: 'schedule',
      values: SCHEDULE_NAMES.filter((name) => DEFAULT_DECAY[name] !== undefined),
    },
    chosenFor: () => ['optimizer', 'schedule'],
  },
  warmUp: {
    belongsTo: 'training',
    group: 'Training',
    value: 'EPOCHS',
    fromText: asNumber,
    schema: NON_NEGATIVE,
    off: 0,
    byDefault: () => 0,
    help: 'epochs, or a fraction of one, in which the learning rate first rises to its value',
    check: (warmUp: number, { schedule, epochs }) => {
      if (schedule === 'one-cycle') {
        return `expected 0 with --schedule one-cycle, which warms up itself, got ${warmUp}`;
      }
      const run = epochs === 1 ? 'the 1 epoch' : `the ${epochs} epochs`;
      return warmUp >= epochs ? `expected less than ${run} of the run, got ${warmUp}` : undefined;
    },
    chosenFor: () => ['optimizer'],
  },
  l2: {
    belongsTo: 'training',
    group: 'Regularisation',
    value: 'LAMBDA',
    fromText: asNumber,
    schema: NON_NEGATIVE,
    off: 0,
    byDefault: () => 0,
    help: 'weight decay: λ of the term λ/2 Σw²; with adamw, of its decoupled decay',
    chosenFor: () => ['optimizer'],
  },
  patience: {
    belongsTo: 'training',
    group: 'Training',
    value: 'EPOCHS',
    fromText: asNumber,
    schema: COUNT,
    help: 'stop after EPOCHS epochs without a better one on the validation samples',
    defaultText: 'all epochs run',
    needs: { anyOf: ['validation'], because: 'the samples that it goes by' },
  },
} as const satisfies OptionRows;
