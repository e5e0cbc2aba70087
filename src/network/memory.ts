/** How much memory the wasm kernels need for a network and its data. */

import type { Samples } from '../kernels/matrix.ts';
import { slotBytes } from '../kernels/wasm/distortion.ts';
import { reserveMemory, type WasmMemory } from '../kernels/wasm/memory.ts';
import { sampleBytes } from '../kernels/wasm/samples.ts';
import type { NetworkSpec } from './network.ts';

/**
 * A memory with room for a network, its gradients, its batches and these samples. What is reserved and never touched
 * costs nothing, so the figure is an upper bound.
 *
 * @param threads how many threads will compute in it; above 0 the memory is shared, 0 is for the calling thread alone
 * @param remembered how many matrices of each parameter's shape the optimizer remembers
 * @param slots how many batches of distorted samples are kept
 * @throws MemoryError if it is more than wasm can address (4 GiB)
 */
export function memoryFor(
  network: NetworkSpec,
  sets: readonly Samples[],
  batchSize: number,
  threads: number,
  remembered = 0,
  slots = 0,
): WasmMemory {
  const copies = Math.max(1, threads);
  let bytes = 1 << 26;
  for (const samples of new Set(sets)) bytes += sampleBytes(samples);
  bytes += slots * slotBytes(batchSize, network.inputs);
  const batch = batchSize + 20;
  // A batch of inputs, by rows and by columns, for each set and one more.
  bytes += copies * (sets.length + 1) * batch * (network.inputs + 64) * 20;
  for (const layer of network.layers) {
    if (layer.type !== 'dense') continue;
    const weights = (layer.inputs + 64) * (layer.outputs + 64);
    const narrow = layer.inputs <= 64;
    // Weights, gradients and what the optimizer remembers; activations and deltas; the parts of narrow sums, in two sets of ten.
    bytes += (2 + remembered) * 4 * weights * (narrow ? copies : 1);
    bytes += copies * (32 * batch * (layer.outputs + 64) + 80 * batch * 64 + 8192);
  }
  return reserveMemory(bytes, threads > 0);
}
