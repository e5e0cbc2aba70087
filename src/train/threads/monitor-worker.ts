/** The thread in which a run is looked at while it trains. Started by run-monitor.ts. */

import { parentPort, workerData } from 'node:worker_threads';
import type { Samples } from '../../kernels/matrix.ts';
import { WasmKernels } from '../../kernels/wasm/wasm-kernels.ts';
import { memoryFor } from '../../network/memory.ts';
import type { NamedTensor, NetworkSpec } from '../../network/network.ts';
import { type Classification, MONITOR_BATCH, Monitor, type NetworkSnapshot } from '../watch/monitor.ts';
import type { WeightSnapshot } from '../watch/run-control.ts';

/** What the thread is started with. */
export interface MonitorData {
  readonly spec: NetworkSpec;
  readonly samples: Samples;
  /** Rows and columns of the inputs, where they are images. */
  readonly shape: readonly [number, number] | undefined;
}

/** What it is asked: each question has one answer, and the answers come in their order. */
export type MonitorQuestion =
  | { readonly kind: 'look'; readonly snapshot: WeightSnapshot }
  | { readonly kind: 'classify'; readonly samples: Samples; readonly parameters: readonly NamedTensor[] }
  | { readonly kind: 'rest' };

/** Its answer, with the milliseconds that it took. */
export type MonitorAnswer =
  | { readonly kind: 'look'; readonly view: NetworkSnapshot; readonly took: number }
  | { readonly kind: 'classify'; readonly classification: Classification }
  | { readonly kind: 'rest' };

const { spec, samples, shape } = workerData as MonitorData;

/** On kernels with a memory of its own, which no thread of the run ever waits for. */
function monitorOf(watched: Samples): Monitor {
  return new Monitor(new WasmKernels(memoryFor(spec, [watched], MONITOR_BATCH, 0)), spec, watched, shape);
}

const monitor = monitorOf(samples);

parentPort?.on('message', (question: MonitorQuestion) => {
  parentPort?.postMessage(answerTo(question));
});

function answerTo(question: MonitorQuestion): MonitorAnswer {
  if (question.kind === 'rest') return question;
  if (question.kind === 'classify') {
    const { kind, samples: set, parameters } = question;
    return { kind, classification: monitorOf(set).classify(parameters) };
  }
  const began = performance.now();
  const view = monitor.look(question.snapshot);
  return { kind: 'look', view, took: performance.now() - began };
}
