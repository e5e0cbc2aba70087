// `npm run bench -- --peers`: other libraries and ours in turns, so that a drift of the machine hits both.

import { measure, oursArgs } from './child.mjs';
import { environments, missing, PEERS, start } from './peers/catalog.mjs';
import { median, printTable, range, seconds, span } from './statistics.mjs';

/** @typedef {import('./child.mjs').Result} Result */
/** @typedef {import('./peers/catalog.mjs').Peer} Peer */
/** @typedef {{ hidden: number, batch: number, threads: number }} Config */
/** @typedef {{ ours: Result, theirs: Result }} Pair */

const HEAD = [
  'peer',
  'threads',
  'theirs s',
  'min–max',
  'ours s',
  'min–max',
  'ours/theirs',
  'accuracy',
  'ours',
  'peak MB',
  'ours',
  'version',
];

/** @param {import('./run.mjs').Bench} bench */
export async function benchPeers(bench) {
  const { options, progress } = bench;
  const { only, slow } = options;
  for (const name of only) {
    if (PEERS.some((peer) => peer.name.includes(name))) continue;
    throw new Error(`--only: expected names of ${PEERS.map((peer) => peer.name).join(', ')}, got ${name}`);
  }
  const chosen = PEERS.filter(
    (peer) =>
      (slow || peer.slow !== true) && (only.length === 0 || only.some((name) => peer.name.includes(name))),
  );
  /** @type {string[]} */
  const unavailable = [];
  /** @type {Peer[]} */
  const peers = [];
  for (const peer of chosen) {
    const why = await missing(peer);
    if (why === undefined) peers.push(peer);
    else unavailable.push(`${peer.name}: not available: ${why}`);
  }
  for (const hidden of options.hidden) {
    for (const batch of options.batch) {
      const rows = [];
      for (const peer of peers) {
        for (const threads of options.threads) {
          if (threads > 1 && !peer.threaded) continue;
          progress(`${peer.name}, ${hidden} hidden units, batch ${batch}, threads ${threads}`);
          rows.push(await beside(peer, { hidden, batch, threads }, bench));
        }
      }
      if (rows.length === 0) continue;
      console.log(`784 → ${hidden} → 10, batch ${batch}, accuracy after ${options.epochs} epochs\n`);
      printTable(HEAD, rows, 1);
      console.log('');
    }
  }
  for (const { name, about, subset } of peers) {
    const part = subset === undefined ? '' : `; * trained on ${subset} images, time extrapolated to all`;
    console.log(`${name}: ${about}${part}`);
  }
  for (const line of unavailable) console.log(line);
  for (const line of unavailable) bench.record({ unavailable: line });
}

/**
 * Pairs of runs, ours first, in each environment that the peer may do best in; the row of the table is that of the
 * environment in which it did.
 *
 * @param {Peer} peer
 * @param {Config} config
 * @param {import('./run.mjs').Bench} bench
 */
async function beside(peer, config, { options, env, record }) {
  const { epochs, runs, dense } = options;
  const candidates = environments(peer).map((environment) => ({
    environment,
    pairs: /** @type {Pair[]} */ ([]),
  }));
  const times = Math.min(runs, peer.slow ? 1 : (peer.runs ?? runs));
  try {
    for (let run = 0; run < times; run++) {
      for (const { environment, pairs } of candidates) {
        const ours = await measure(process.execPath, oursArgs(config, options), env);
        const theirs = await measureTheirs(peer, { ...config, epochs }, { ...env, ...environment });
        pairs.push({ ours, theirs });
        const ratio = ratioOf({ ours, theirs });
        record({ name: peer.name, ...config, dense, environment, ratio, ours, theirs });
      }
    }
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    record({ name: peer.name, ...config, dense, failed });
    return [peer.name, String(config.threads), `failed: ${failed}`, ...HEAD.slice(3).map(() => '')];
  }
  const theirMedian = (/** @type {{ pairs: Pair[] }} */ { pairs }) =>
    median(pairs.map(({ theirs }) => theirs.secondsPerEpoch));
  const [best] = candidates.sort((a, b) => theirMedian(a) - theirMedian(b));
  return row(peer, config, best.pairs);
}

/** @param {Pair} pair */
const ratioOf = ({ ours, theirs }) => ours.secondsPerEpoch / theirs.secondsPerEpoch;

/**
 * @param {Peer} peer
 * @param {Config} config
 * @param {readonly Pair[]} pairs
 */
function row(peer, { threads }, pairs) {
  const ours = summary(pairs.map((pair) => pair.ours));
  const theirs = summary(pairs.map((pair) => pair.theirs));
  const mark = peer.subset === undefined ? '' : '*';
  return [
    peer.name,
    String(threads),
    theirs.seconds + mark,
    theirs.span,
    ours.seconds,
    ours.span,
    median(pairs.map(ratioOf)).toFixed(3),
    theirs.accuracy + mark,
    ours.accuracy,
    theirs.peakMb,
    ours.peakMb,
    // OpenBLAS tells its build options as well.
    pairs[0].theirs.version.replace(/(OpenBLAS [\d.]+).*/, '$1'),
  ];
}

/** @param {readonly Result[]} results */
function summary(results) {
  return {
    seconds: seconds(median(results.map((result) => result.secondsPerEpoch))),
    span: span(range(results.flatMap((result) => result.range))),
    accuracy: median(results.map((result) => result.testAccuracy)).toFixed(4),
    peakMb: String(Math.max(...results.map((result) => result.peakRssMb))),
  };
}

/**
 * @param {Peer} peer
 * @param {Config & { epochs: number }} config
 * @param {Record<string, string>} env
 */
function measureTheirs(peer, config, env) {
  const [command, ...args] = start(peer);
  const all = { ...config, ...(peer.subset !== undefined && { subset: peer.subset }) };
  return measure(
    command,
    [...args, ...Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)])],
    env,
  );
}
