/** The thread beside the training threads that distorts their batches ahead of them. Started by threads.ts. */

import { workerData } from 'node:worker_threads';
import type { Samples } from '../../kernels/matrix.ts';
import { Random } from '../../kernels/random.ts';
import type { WasmMemory } from '../../kernels/wasm/memory.ts';
import { WasmKernels } from '../../kernels/wasm/wasm-kernels.ts';
import { Augmentation, type AugmentationOptions, distortBatch } from '../augmentation.ts';
import { EpochOrder, type Subset } from '../batches.ts';
import type { RunState } from '../run/run-state.ts';
import { SlotWriter } from './slot-ring.ts';

/** What the thread is started with. */
export interface AugmenterData {
  readonly memory: WasmMemory;
  readonly augmentation: AugmentationOptions;
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** Its samples lie in the memory already. */
  readonly train: Subset;
  /** Room for a batch each, in the same memory. */
  readonly slots: readonly Samples[];
  /** Where an earlier run stood. */
  readonly resumeFrom?: Pick<RunState, 'epoch' | 'batch' | 'generators'> | undefined;
}

/** Distorts every batch of the run, in its order; whoever started the thread ends it when the run is over. */
function work(given: AugmenterData): void {
  const { memory, augmentation, seed, epochs, batchSize, train, slots, resumeFrom } = given;
  const kernels = new WasmKernels(memory);
  const distortions = new Augmentation(augmentation, seed);
  const ring = new SlotWriter(memory.memory, slots);
  const order = new EpochOrder(train.rows, batchSize);
  // The same shuffles as the trainer's.
  const shuffles = new Random(seed, 'shuffle');
  if (resumeFrom?.generators.shuffle !== undefined) shuffles.restore(resumeFrom.generators.shuffle);
  for (let epoch = resumeFrom?.epoch ?? 1; epoch <= epochs; epoch++) {
    order.shuffle(shuffles);
    const first = epoch === resumeFrom?.epoch ? resumeFrom.batch : 0;
    for (let i = first; i < order.count; i++) {
      const batch = { epoch, order: order.order, ...order.batch(i) };
      ring.write((slot) => distortBatch(kernels, distortions, train.samples, slot, batch));
    }
  }
}

work(workerData as AugmenterData);
