/** The options that say how the network is trained. */

import { NORMALISED_RATE, OPTIMIZER_NAMES, OPTIMIZERS } from '../../train/optimizers/optimizers.ts';
import { SCHEDULE_NAMES, SCHEDULES } from '../../train/optimizers/schedules.ts';
import { learningRateOf } from '../default-learning-rate.ts';
import type { OptionRows } from '../option-row.ts';
import { aboveZeroUpTo, asNumber, COUNT, NON_NEGATIVE, oneOf, POSITIVE, SHARE } from '../values.ts';

const NORMALISED = OPTIMIZER_NAMES.filter((name) => OPTIMIZERS[name].normalised);
const WITH_MOMENTUM = OPTIMIZER_NAMES.filter((name) => OPTIMIZERS[name].momentum !== undefined);
const DECOUPLED = OPTIMIZER_NAMES.filter((name) => OPTIMIZERS[name].decoupledDecay);
const DECAYING = SCHEDULE_NAMES.flatMap((name) => {
  const { decay } = SCHEDULES[name];
  return decay === undefined ? [] : [{ name, ...decay }];
});

/** Optimizer, schedule, L2 and the length of a run. */
export const TRAINING_ROWS = {
  epochs: {
    belongsTo: 'training',
    group: 'Most used options',
    value: 'N',
    fromText: asNumber,
    schema: COUNT,
    byDefault: () => 10,
    alsoKnownAs: ['epoch', 'n-epochs', 'num-epochs', 'max-epochs', 'iterations'],
    help: 'passes over the training samples',
  },
  batchSize: {
    belongsTo: 'training',
    group: 'Most used options',
    value: 'N',
    fromText: asNumber,
    schema: COUNT,
    byDefault: () => 128,
    alsoKnownAs: ['batch', 'bs', 'b', 'minibatch', 'mini-batch', 'mini-batch-size', 'mb'],
    help: 'samples in a step',
  },
  learningRate: {
    belongsTo: 'training',
    group: 'Most used options',
    value: 'RATE',
    fromText: asNumber,
    schema: POSITIVE,
    byDefault: learningRateOf,
    alsoKnownAs: ['lr', 'alpha', 'eta', 'step-size', 'rate'],
    help: 'step size of the optimizer',
    defaultText:
      `${NORMALISED_RATE} with ${NORMALISED.join(', ')}; with the others it depends ` +
      'on loss and activation, and is smaller with momentum',
    chosenFor: ({ optimizer }) => [
      ...['optimizer', 'momentum', 'schedule'],
      ...(OPTIMIZERS[optimizer].normalised ? [] : ['loss', 'activation', 'outputActivation']),
    ],
  },
  optimizer: {
    belongsTo: 'training',
    group: 'Training',
    value: 'NAME',
    schema: oneOf(OPTIMIZER_NAMES),
    byDefault: () => 'sgd',
    alsoKnownAs: ['opt', 'optim', 'optimiser', 'solver'],
    valuesAlsoKnownAs: { 'gradient-descent': 'sgd', gd: 'sgd', nag: 'nesterov', 'rms-prop': 'rmsprop' },
    help: OPTIMIZER_NAMES.join(', '),
  },
  momentum: {
    belongsTo: 'training',
    group: 'Training',
    value: 'MU',
    fromText: asNumber,
    schema: SHARE,
    alsoKnownAs: ['mu'],
    byDefault: ({ optimizer }) => OPTIMIZERS[optimizer].momentum,
    help: `μ of ${WITH_MOMENTUM.join(' and ')}: the share of the last step that is kept`,
    defaultText: [...new Set(WITH_MOMENTUM.map((name) => OPTIMIZERS[name].momentum))].join(' or '),
    onlyWith: { option: 'optimizer', values: WITH_MOMENTUM },
    chosenFor: () => ['optimizer'],
  },
  schedule: {
    belongsTo: 'training',
    group: 'Training',
    value: 'NAME',
    schema: oneOf(SCHEDULE_NAMES),
    byDefault: () => 'constant',
    alsoKnownAs: ['lr-schedule', 'lr-scheduler', 'scheduler', 'learning-rate-schedule'],
    valuesAlsoKnownAs: {
      onecycle: 'one-cycle',
      'cosine-annealing': 'cosine',
      none: 'constant',
      exp: 'exponential',
    },
    help: `how the learning rate changes over the run: ${SCHEDULE_NAMES.join(', ')}`,
    chosenFor: () => ['optimizer'],
  },
  decay: {
    belongsTo: 'training',
    group: 'Training',
    value: 'GAMMA',
    fromText: asNumber,
    schema: aboveZeroUpTo(1),
    alsoKnownAs: ['gamma', 'lr-decay'],
    byDefault: ({ schedule }) => SCHEDULES[schedule].decay?.byDefault,
    help: `factor of the learning rate: ${DECAYING.map(({ name, when }) => `with ${name} ${when}`).join(', ')}`,
    defaultText: DECAYING.map(({ name, byDefault }) => `${name} ${byDefault}`).join(', '),
    onlyWith: {
      option: 'schedule',
      values: DECAYING.map(({ name }) => name),
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
    alsoKnownAs: ['warmup', 'warmup-epochs', 'lr-warmup'],
    help: 'epochs, or a fraction of one, in which the learning rate first rises to its value',
    check: (warmUp: number, { schedule, epochs }) => {
      if (SCHEDULES[schedule].warmsUp) {
        return `expected 0 with --schedule ${schedule}, which warms up itself, got ${warmUp}`;
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
    alsoKnownAs: ['wd', 'weight-decay', 'lambda', 'reg', 'regularization', 'regularisation'],
    help: `weight decay: λ of the term λ/2 Σw²; with ${DECOUPLED.join(', ')}, of its decoupled decay`,
    chosenFor: () => ['optimizer'],
  },
  patience: {
    belongsTo: 'training',
    group: 'Training',
    value: 'EPOCHS',
    fromText: asNumber,
    schema: COUNT,
    alsoKnownAs: ['early-stopping', 'early-stop'],
    help: 'stop after EPOCHS epochs without a better one on the validation samples',
    defaultText: 'all epochs run',
    needs: { anyOf: ['validation'], because: 'the samples that it goes by' },
  },
} as const satisfies OptionRows;
