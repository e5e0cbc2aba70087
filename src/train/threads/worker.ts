/** One thread of a training run: the trainer on its share of the kernels. Started by threads.ts. */

import { parentPort, workerData } from 'node:worker_threads';
import type { Samples } from '../../kernels/matrix.ts';
import type { Thread, WasmMemory } from '../../kernels/wasm/memory.ts';
import { WasmKernels } from '../../kernels/wasm/wasm-kernels.ts';
import type { NamedTensor } from '../../network/network.ts';
import type { TrainConfig, TrainData } from '../config.ts';
import type { TrainEvent } from '../events.ts';
import { DivergenceError, type DivergencePoint } from '../run/divergence.ts';
import { type RunState, StateError } from '../run/run-state.ts';
import { Trainer } from '../trainer.ts';
import type { WeightSnapshot } from '../watch/run-control.ts';
import { SharedRequests } from './shared-requests.ts';
import { SlotReader } from './slot-ring.ts';

/** What a thread is started with. */
export interface WorkerData {
  readonly memory: WasmMemory;
  readonly thread: Thread;
  /** Where in the memory the run's matrices begin. */
  readonly from: number;
  readonly config: TrainConfig;
  /** Its samples lie in the memory already. */
  readonly data: TrainData;
  /** The word of the memory (i32) that holds what is asked of the run. */
  readonly requestWord: number;
  /** With augmentation: where another thread puts the distorted batches. */
  readonly slots?: readonly Samples[] | undefined;
  /** Where an earlier run stood. */
  readonly resumeFrom?: RunState | undefined;
  /** Whether states are wanted on the way, and after how many steps each. */
  readonly checkpoints: boolean;
  readonly checkpointEvery?: number | undefined;
}

/** What the first thread says; the others are silent, and any one's fault arrives as its `error` event. */
export type WorkerMessage =
  | { readonly kind: 'event'; readonly event: TrainEvent }
  | { readonly kind: 'checkpoint'; readonly state: RunState }
  | { readonly kind: 'snapshot'; readonly snapshot: WeightSnapshot }
  | { readonly kind: 'paused'; readonly paused: boolean }
  | { readonly kind: 'tensors'; readonly tensors: NamedTensor[] }
  | { readonly kind: 'misfit'; readonly message: string }
  | { readonly kind: 'diverged'; readonly point: DivergencePoint };

async function work(given: WorkerData): Promise<void> {
  const { memory, thread, from, config, data, requestWord, checkpoints } = given;
  const first = thread.index === 0;
  const say = (message: WorkerMessage) => parentPort?.postMessage(message);
  const words = new Int32Array(memory.memory.buffer);
  const kernels = new WasmKernels(memory, thread, from);
  const distorted = given.slots && new SlotReader(memory.memory, given.slots, first);
  const trainer = new Trainer(kernels, config, data, distorted);
  const requests = new SharedRequests(words, requestWord, first, (said) => kernels.agree(said));
  // Reading a divided matrix takes all threads, so that each makes the state and the first sends its own.
  const checkpoint = (state: RunState) => {
    if (first) say({ kind: 'checkpoint', state });
  };
  const course = {
    ...(given.resumeFrom && { from: given.resumeFrom }),
    ...(checkpoints && { checkpoint }),
    ...(given.checkpointEvery && { checkpointEvery: given.checkpointEvery }),
    control: requests,
    snapshot: (snapshot: WeightSnapshot) => {
      if (first) say({ kind: 'snapshot', snapshot });
    },
    paused: (paused: boolean) => {
      if (first) say({ kind: 'paused', paused });
    },
  };
  try {
    // Nothing else runs in this thread, so the event loop needs no turns.
    for await (const event of trainer.run(requests, null, course)) if (first) say({ kind: 'event', event });
  } catch (error) {
    // Every thread finds the same.
    if (error instanceof StateError) {
      if (first) say({ kind: 'misfit', message: error.message });
      return;
    }
    if (!(error instanceof DivergenceError)) throw error;
    if (first) say({ kind: 'diverged', point: error.point });
    return;
  }
  const tensors = trainer.network.tensors();
  if (first) say({ kind: 'tensors', tensors });
}

await work(workerData as WorkerData);
