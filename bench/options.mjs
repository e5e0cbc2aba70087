// The benchmark's command line.

import { parseArgs } from 'node:util';

export const HELP = `Usage: npm run bench -- [options]

Trains 784 → K → 10 (ReLU, softmax cross-entropy, SGD at 0.1) on MNIST and prints seconds per epoch.

What to measure:
  (nothing)          this project's training alone
  --peers            beside other libraries, run in turns with ours
  --commands         whole commands: train, eval, --help; and training beside a busy neighbour

Options:
  --hidden <K,…>     hidden units (default: 200,800; with --peers 200)
  --batch <B,…>      samples in a step (default: 64,128; with --peers 64)
  --threads <T,…>    (default: 1,2)
  --epochs <N>       epochs trained in a run, the first of them an untimed warm-up (default: 5, at least 2)
  --runs <N>         runs of a pair with --peers, of a command with --commands (default: 3)
  --dense            MNIST plus a little noise so that no pixel is 0: every byte is at least 1
  --only <NAME,…>    of --peers only those whose name holds one of these
  --slow <0|1>       0 leaves out of --peers what takes minutes an epoch (default: 1)
  --json <FILE>      write every result to FILE as well, one JSON object a line
  --help             print this`;

/**
 * @typedef {object} Options
 * @property {boolean} peers
 * @property {boolean} commands
 * @property {number[]} hidden
 * @property {number[]} batch
 * @property {number[]} threads
 * @property {number} epochs
 * @property {number} runs
 * @property {boolean} dense
 * @property {string[]} only
 * @property {boolean} slow
 * @property {string | undefined} json
 * @property {boolean} help
 */

/**
 * @param {string[]} args
 * @returns {Options}
 * @throws {Error} whose message says what was wrong
 */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      peers: { type: 'boolean', default: false },
      commands: { type: 'boolean', default: false },
      hidden: { type: 'string' },
      batch: { type: 'string' },
      threads: { type: 'string', default: '1,2' },
      epochs: { type: 'string', default: '5' },
      runs: { type: 'string', default: '3' },
      dense: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      slow: { type: 'string', default: '1' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const { peers, commands, dense, json, help } = values;
  if (peers && commands) throw new Error('expected --peers or --commands, got both');
  if (values.slow !== '0' && values.slow !== '1') {
    throw new Error(`--slow: expected 0 or 1, got ${values.slow}`);
  }
  return {
    peers,
    commands,
    hidden: wholes('hidden', values.hidden ?? (peers ? '200' : '200,800')),
    batch: wholes('batch', values.batch ?? (peers ? '64' : '64,128')),
    threads: wholes('threads', values.threads),
    epochs: whole('epochs', values.epochs, 2),
    runs: whole('runs', values.runs),
    dense,
    only: values.only.split(',').filter((name) => name !== ''),
    slow: values.slow === '1',
    json,
    help,
  };
}

/** @param {string} name @param {string} text */
const wholes = (name, text) => text.split(',').map((item) => whole(name, item));

/** @param {string} name @param {string} text @param {number} least */
function whole(name, text, least = 1) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) {
    throw new Error(`--${name}: expected a whole number of at least ${least}, got ${text}`);
  }
  return value;
}
