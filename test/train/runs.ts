/** Small data and short runs for the tests of training. */

import { readIdxFolder } from '../../src/data/idx/idx-folder.ts';
import type { Samples } from '../../src/kernels/matrix.ts';
import { Random } from '../../src/kernels/random.ts';
import { ReferenceKernels } from '../../src/kernels/reference.ts';
import { type Network, perceptron } from '../../src/network/network.ts';
import { allOf } from '../../src/train/batches.ts';
import type { TrainConfig, TrainData } from '../../src/train/config.ts';
import type { TrainEvent } from '../../src/train/events.ts';
import { Trainer } from '../../src/train/trainer.ts';
import { digitsFolder, folderReader } from '../data/files.ts';

/** Samples of floats from rows; the scale is 1. */
export function samplesOf(rows: number[][], labels: number[], classes = 3): Samples {
  const values = Float32Array.from(rows.flat());
  return {
    count: rows.length,
    cols: rows[0].length,
    values,
    scale: 1,
    labels: Uint8Array.from(labels),
    classes,
  };
}

/** Samples at random, each class around a corner of its own, so that they can be learnt. */
export function corners(count: number, seed = 5): Samples {
  const random = new Random(seed, 'corners');
  const rows = Array.from({ length: count }, (_, i) =>
    Array.from({ length: 3 }, (_, k) => (k === i % 3 ? 1 : 0) + random.uniform(-0.4, 0.4)),
  );
  return samplesOf(
    rows,
    rows.map((_, i) => i % 3),
  );
}

/** 100 training and 40 test digits. */
export async function digits(): Promise<{ train: Samples; test: Samples }> {
  const { train, test } = await readIdxFolder(digitsFolder, folderReader(digitsFolder));
  return { train: train as Samples, test: test as Samples };
}

export const baseConfig: TrainConfig = {
  network: perceptron({ inputs: 3, hidden: [4], classes: 3 }),
  epochs: 3,
  batchSize: 4,
  learningRate: 0.3,
  seed: 1,
};

export function makeTrainer(
  config: Partial<TrainConfig> = {},
  data: Samples | TrainData = corners(10),
  precision: 'float32' | 'float64' = 'float64',
): Trainer {
  const sets = 'train' in data ? data : { train: allOf(data) };
  return new Trainer(new ReferenceKernels(precision), { ...baseConfig, ...config }, sets);
}

export async function eventsOf(trainer: Trainer, signal?: AbortSignal): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  for await (const event of trainer.run(signal)) events.push(event);
  return events;
}

/** The events of one kind. */
export function only<K extends TrainEvent['event']>(events: readonly TrainEvent[], kind: K) {
  return events.filter((event): event is Extract<TrainEvent, { event: K }> => event.event === kind);
}

/** Every parameter's values, bit for bit comparable: −0 and NaN are told apart by `toEqual` on bytes. */
export function weightBytes(network: Network): string {
  return network.parameters
    .map(({ name, value }) => `${name} ${Buffer.from(value.values.slice().buffer).toString('hex')}`)
    .join('\n');
}

/** Trains to the end and gives the weights. */
export async function trained(...args: Parameters<typeof makeTrainer>): Promise<string> {
  const trainer = makeTrainer(...args);
  await eventsOf(trainer);
  return weightBytes(trainer.network);
}
