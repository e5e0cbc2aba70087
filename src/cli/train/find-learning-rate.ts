/** `mlp train --find-learning-rate`: the range test, its curve and what follows from it. */

import { WasmKernels } from '../../kernels/wasm/wasm-kernels.ts';
import { memoryFor } from '../../network/memory.ts';
import type { TrainConfig, TrainData } from '../../train/config.ts';
import { OPTIMIZERS } from '../../train/optimizers/optimizers.ts';
import { HIGHEST_RATE, LOWEST_RATE, type RangeTest, rangeTest } from '../../train/range-test.ts';
import { EXIT, type SignalName } from '../errors.ts';
import type { TrainFlags } from '../options/train-flags.ts';
import { curve } from '../text/curve.ts';
import { networkLine } from '../text/network-text.ts';
import { grouped, type Terminal } from '../text/terminal.ts';
import { extraLines } from './run-lines.ts';

/** Characters across and lines down of the picture. */
const WIDTH = 60;
const HEIGHT = 15;

/** Runs the test on the training samples and prints the result; no model is written. Gives the exit code. */
export async function findLearningRate(
  signal: AbortSignal,
  terminal: Terminal,
  options: TrainFlags,
  { run, data: { train } }: { run: TrainConfig; data: TrainData },
): Promise<number> {
  if (!options.json && !options.quiet) {
    const { optimizer, batchSize, seed } = options;
    terminal.err(`${networkLine(run.network)}, ${optimizer}, batch size ${batchSize}, seed ${seed}`);
    for (const line of extraLines(options)) terminal.err(line);
  }
  const rows = Math.min(run.batchSize, train.rows.length);
  const slots = run.augmentation === undefined ? 0 : 1;
  const remembered = OPTIMIZERS[options.optimizer].matrices;
  const memory = memoryFor(run.network, [train.samples], rows, 0, remembered, slots);
  const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
  const test = await rangeTest(new WasmKernels(memory), run, train, signal, turn);
  if (test.interrupted) {
    terminal.err('interrupted before the end of the sweep');
    return EXIT[signal.reason as SignalName];
  }
  const { points, suggestion, divergence } = test;
  if (options.json) {
    terminal.out(JSON.stringify({ event: 'range-test', suggestion, divergence, points }));
    return EXIT.done;
  }
  if (!options.quiet && points.length > 0) for (const line of picture(test)) terminal.out(line);
  terminal.out(verdict(terminal, test));
  return EXIT.done;
}

function picture({ points }: RangeTest): string[] {
  const losses = points.map(({ smoothedLoss }) => smoothedLoss);
  const least = Math.min(...losses);
  const first = losses[0];
  // A little above where it begins: what lies higher is divergence, whose size says nothing.
  const high = first + 0.25 * Math.max(first - least, 0.1 * first);
  const log10 = (rate: number) => Math.round(Math.log10(rate));
  return [
    `smoothed loss of ${grouped(points.length)} steps over the learning rate`,
    ...curve(
      points.map(({ learningRate, smoothedLoss }) => [learningRate, smoothedLoss] as const),
      {
        width: WIDTH,
        height: HEIGHT,
        decades: [log10(LOWEST_RATE), log10(HIGHEST_RATE)],
        range: [least, high],
      },
    ),
  ];
}

function verdict({ colour }: Terminal, { suggestion, divergence }: RangeTest): string {
  const rate = (value: number) => String(Number(value.toPrecision(2)));
  const ends =
    divergence === null ? `no divergence up to ${HIGHEST_RATE}` : `diverges at ${rate(divergence)}`;
  if (suggestion === null) return `the loss falls at no learning rate from ${LOWEST_RATE} on; ${ends}`;
  return `${colour.green(`falls fastest at ${rate(suggestion)}`)}, which is the suggestion: --learning-rate ${rate(suggestion)}; ${ends}`;
}
