/** `mlp reproduce`: a model is trained again from its record, and must get the same weights. */

import { FileError } from '../../data/errors.ts';
import { weightsDigest } from '../../formats/model.ts';
import { openTrainingData } from '../data/training-data.ts';
import { EXIT } from '../errors.ts';
import { readModel } from '../files/reading.ts';
import type { ReproduceFlags } from '../options/model-flags.ts';
import { newRunFlags } from '../options/train-flags.ts';
import { openTerminal } from '../text/terminal.ts';
import { readConfig } from '../train/config-file.ts';
import { runOnce } from '../train/one-run.ts';
import { specOf } from '../train/run-config.ts';
import { Screen } from '../train/screen.ts';
import { stopOnSignals, stoppedCode } from '../train/stop-signals.ts';
import { VERSION } from '../version.ts';

/**
 * Trains a model again and compares the digests of the weights; gives the exit code: 4 if they differ.
 *
 * @throws FileError if the model does not record a whole run, or its data cannot be found or have changed
 */
export async function reproduce(path: string, flags: ReproduceFlags): Promise<number> {
  const terminal = openTerminal(flags);
  const { training, sha256: expected } = await readModel(path);
  if (training.interrupted) {
    throw new FileError(`${path}: expected the model of a whole run, got one that was interrupted`);
  }
  const { data, threads } = flags;
  const options = newRunFlags({
    ...(await readConfig(path)),
    ...(data && { data }),
    ...(threads && { threads }),
  });
  const screen = new Screen({ ...terminal, out: terminal.err }, flags);
  const source = await openTrainingData(options, () => {});
  const known = training.data?.sha256;
  if (known !== undefined && source.sha256 !== known) {
    throw new FileError(
      `${path}: expected the data it was trained on, with the SHA-256 ${known}, got ${source.source} with ${source.sha256}`,
    );
  }
  if (training.mlp !== undefined && training.mlp !== VERSION) {
    screen.warn(`${path} was trained by mlp ${training.mlp}; the weights may differ in ${VERSION}`);
  }
  const stop = stopOnSignals();
  const { signal } = stop.controller;
  try {
    const session = { signal, options, source, spec: specOf(options, source), terminal, screen };
    // The events of the run are no result of this command.
    const quiet = { ...session, screen: flags.json ? new Screen(terminal, { quiet: true }) : screen };
    const outcome = await runOnce({ ...quiet, log: undefined, page: undefined }, options);
    if (outcome === undefined || outcome.end.interrupted) {
      terminal.err('interrupted; nothing was compared');
      return stoppedCode(signal);
    }
    const got = await weightsDigest(outcome.tensors.map(({ values }) => values));
    const reproduced = got === expected;
    if (flags.json) terminal.out(JSON.stringify({ model: path, reproduced, expected, got }));
    else if (reproduced)
      terminal.out(`${terminal.colour.green('reproduced')}  the same weights, sha256 ${got}`);
    if (!reproduced) terminal.err(`${path}: expected weights with the SHA-256 ${expected}, got ${got}`);
    return reproduced ? EXIT.done : EXIT.check;
  } finally {
    stop.release();
  }
}
