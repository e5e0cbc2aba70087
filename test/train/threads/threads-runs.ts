/** Runs on threads for tests: from the built package, as worker threads need JavaScript files. */

import { createHash } from 'node:crypto';
import { perceptron } from '../../../src/network/network.ts';
import type { StopSignal, TrainConfig, TrainData } from '../../../src/train/config.ts';
import type { TrainEvent } from '../../../src/train/events.ts';

const built = (path: string) => new URL(`../../../dist/${path}`, import.meta.url).href;

export const threadsModule = built('train/threads/threads.js');

const threads: typeof import('../../../src/train/threads/threads.ts') = await import(threadsModule);
const trainer: typeof import('../../../src/train/trainer.ts') = await import(built('train/trainer.js'));
const wasm: typeof import('../../../src/kernels/wasm/wasm-kernels.ts') = await import(
  built('kernels/wasm/wasm-kernels.js')
);
const memory: typeof import('../../../src/network/memory.ts') = await import(built('network/memory.js'));

export const { ThreadedTrainer } = threads;

export interface Outcome {
  readonly digest: string;
  /** The events without what the clock decides. */
  readonly events: readonly object[];
}

const timeless = (event: TrainEvent): object => {
  const { seconds: _, samplesPerSecond: __, ...rest } = event as TrainEvent & Record<string, unknown>;
  return rest;
};

export function digestOf(tensors: readonly { readonly values: ArrayLike<number> }[]): string {
  const hash = createHash('sha256');
  for (const { values } of tensors) hash.update(new Uint8Array(Float32Array.from(values).buffer));
  return hash.digest('hex');
}

/** The events of a run; those of batches come when the clock says, but for the last of an epoch. */
export async function listen<S>(
  run: { run(signal?: S): AsyncGenerator<TrainEvent> },
  signal?: S,
): Promise<object[]> {
  const events: object[] = [];
  for await (const event of run.run(signal)) if (event.event !== 'batch') events.push(timeless(event));
  return events;
}

export async function onThreads(config: TrainConfig, data: TrainData, count: number): Promise<Outcome> {
  const run = new ThreadedTrainer(config, data, count);
  const events = await listen(run);
  return { digest: digestOf(run.tensors()), events };
}

/** The same run on this thread, without shared memory. */
export async function alone(config: TrainConfig, data: TrainData, stop?: StopSignal): Promise<Outcome> {
  const sets = [data.train.samples, data.validation?.samples, data.test].filter((set) => set !== undefined);
  const kernels = new wasm.WasmKernels(memory.memoryFor(config.network, sets, config.batchSize, 0));
  const run = new trainer.Trainer(kernels, config, data);
  const events = await listen(run, stop);
  return { digest: digestOf(run.network.tensors()), events };
}

export const config = (
  options: Omit<Parameters<typeof perceptron>[0], 'inputs'> & { inputs?: number },
  rest: Partial<TrainConfig> = {},
): TrainConfig => ({
  network: perceptron({ inputs: 784, ...options }),
  epochs: 2,
  batchSize: 16,
  learningRate: 0.05,
  seed: 3,
  ...rest,
});
