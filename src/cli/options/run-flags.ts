/** The flags of `train` that decide no weights: how many runs, and which files are written. */

import { MAX_SEED } from '../../kernels/random.ts';
import type { OptionRows } from '../../options/option-row.ts';
import { asNumber, COUNT, FILE, SWITCH, wholeNumber } from '../../options/values.ts';

/** More is a mistake: it would take days. */
const MAX_REPEATS = 1000;

const TRAINS_NOTHING = { option: 'findLearningRate', because: 'which trains no model' };

/** Runs and files. */
export const RUN_FLAGS = {
  repeat: {
    belongsTo: 'process',
    group: 'Run',
    value: 'N',
    fromText: asNumber,
    schema: wholeNumber(1, MAX_REPEATS),
    off: 1,
    byDefault: () => 1,
    alsoKnownAs: ['runs', 'repeats', 'n-runs'],
    help: 'train N times, with consecutive seeds from --seed on, and report mean ± sd',
    excludes: [
      { option: 'resume', because: 'which continues one run' },
      { option: 'checkpoint', because: 'which is of one run' },
      { option: 'ui', because: 'which shows one run' },
      TRAINS_NOTHING,
    ],
    check: (repeat: number, { seed }) => {
      const last = seed + repeat - 1;
      return last > MAX_SEED ? `expected seeds up to ${MAX_SEED}, got ${last}` : undefined;
    },
  },
  out: {
    belongsTo: 'process',
    group: 'Most used options',
    value: 'FILE',
    schema: FILE,
    byDefault: () => 'model.json',
    alsoKnownAs: ['output', 'o', 'save', 'model', 'output-file'],
    help: 'file to write the model to',
    file: 'written',
    staysOnResume: true,
  },
  checkpoint: {
    belongsTo: 'process',
    group: 'Files',
    value: 'FILE',
    schema: FILE,
    alsoKnownAs: ['ckpt', 'checkpoint-file'],
    help: 'file to which the state of the run is saved during training and on Ctrl-C',
    defaultText: 'none; with --resume, its file',
    excludes: [TRAINS_NOTHING],
    file: 'written',
  },
  checkpointEvery: {
    belongsTo: 'process',
    group: 'Files',
    value: 'STEPS',
    fromText: asNumber,
    schema: COUNT,
    help: 'save a checkpoint every STEPS steps',
    defaultText: 'at the end of each epoch',
    needs: { anyOf: ['checkpoint', 'resume'], because: 'the file that it writes' },
    excludes: [TRAINS_NOTHING],
    staysOnResume: true,
  },
  resume: {
    belongsTo: 'process',
    group: 'Files',
    value: 'FILE',
    schema: FILE,
    alsoKnownAs: ['continue', 'restore', 'load'],
    help: 'continue the run of a checkpoint with its options; the model is the same as without the interruption',
    defaultText: 'a new run',
    excludes: [TRAINS_NOTHING],
  },
  log: {
    belongsTo: 'process',
    group: 'Files',
    value: 'FILE',
    schema: FILE,
    help: 'append the events to this file, one JSON object per line',
    defaultText: 'none',
    excludes: [TRAINS_NOTHING],
    file: 'written',
    staysOnResume: true,
  },
  findLearningRate: {
    belongsTo: 'shell',
    group: 'Run',
    schema: SWITCH,
    alsoKnownAs: ['lr-finder', 'lr-find', 'find-lr', 'range-test'],
    help: 'do not train: plot the loss over rising learning rates, and print a cautious one to start from',
  },
} as const satisfies OptionRows;
