/** Training on threads of their own: the calling thread only listens. The one place where threads start. */

import { Worker } from 'node:worker_threads';
import { CONTROL_BYTES } from '../../kernels/wasm/memory.ts';
import { WasmKernels } from '../../kernels/wasm/wasm-kernels.ts';
import { memoryFor } from '../../network/memory.ts';
import type { NamedTensor } from '../../network/network.ts';
import { Augmentation } from '../augmentation.ts';
import type { TrainConfig, TrainData } from '../config.ts';
import type { TrainEvent } from '../events.ts';
import { OPTIMIZERS } from '../optimizers/optimizers.ts';
import { DivergenceError, inputRange } from '../run/divergence.ts';
import { type RunCourse, StateError } from '../run/run-state.ts';
import { STOP } from '../watch/run-control.ts';
import type { AugmenterData } from './augmenter.ts';
import { ringSize } from './slot-ring.ts';
import type { WorkerData, WorkerMessage } from './worker.ts';

/** What is asked of the run: the last word of the memory's first bytes, which belong to no barrier. */
const REQUEST_WORD = CONTROL_BYTES / 4 - 1;

/**
 * A run of `Trainer` on the wasm kernels in `threads` worker threads, and with augmentation one more that distorts. The trained weights are the same bits for every
 * number of threads.
 *
 * @throws RangeError as `Trainer` does; MemoryError if the run needs more memory than wasm can address
 */
export class ThreadedTrainer {
  readonly #config: TrainConfig;
  readonly #data: TrainData;
  readonly #threads: number;
  #tensors: NamedTensor[] | undefined;

  constructor(config: TrainConfig, data: TrainData, threads: number) {
    if (!Number.isInteger(threads) || threads < 1) {
      throw new RangeError(`ThreadedTrainer: expected a positive whole number of threads, got ${threads}`);
    }
    this.#config = config;
    this.#data = data;
    this.#threads = threads;
  }

  /**
   * Runs all epochs; an aborted `signal` ends the run a step or two later. The threads have ended when this has,
   * however it ends.
   *
   * `course.checkpoint` is called with copies while the threads train on: whoever keeps them decides how many. What it
   * throws ends the run. `course.snapshot` and `course.paused` are called in turn with the events.
   *
   * @throws DivergenceError as `Trainer.run` does
   */
  async *run(signal?: AbortSignal, course: RunCourse = {}): AsyncGenerator<TrainEvent, void, void> {
    this.#tensors = undefined;
    const { train, validation, test } = this.#data;
    const { network, batchSize, optimizer, augmentation, seed, epochs } = this.#config;
    const sets = [train.samples, validation?.samples, test].filter((set) => set !== undefined);
    const remembered = OPTIMIZERS[optimizer?.name ?? 'sgd'].matrices;
    const rows = Math.min(batchSize, train.rows.length);
    const ring = augmentation === undefined ? 0 : ringSize(rows, train.samples.cols);
    const memory = memoryFor(network, sets, rows, this.#threads, remembered, ring);
    const loader = new WasmKernels(memory);
    const data = loaded(loader, this.#data);
    const slots =
      augmentation &&
      Array.from({ length: ring }, () =>
        // A value out of its range is thrown from here, before any thread starts.
        loader.sampleSlot(data.train.samples, rows, new Augmentation(augmentation, seed).shape),
      );
    const words = new Int32Array(memory.memory.buffer);
    const detach = course.control?.attach(words, REQUEST_WORD);
    const inbox = new Inbox();
    const workers = Array.from({ length: this.#threads }, (_, index) => {
      const workerData: WorkerData = {
        memory,
        thread: { index, count: this.#threads },
        from: loader.end,
        config: this.#config,
        data,
        requestWord: REQUEST_WORD,
        slots,
        resumeFrom: course.from,
        checkpoints: course.checkpoint !== undefined,
        checkpointEvery: course.checkpointEvery,
      };
      const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData, execArgv: [] });
      worker.on('message', (message: WorkerMessage) => {
        if (message.kind !== 'checkpoint') inbox.put(message);
        else {
          try {
            course.checkpoint?.(message.state);
          } catch (error) {
            inbox.put(error instanceof Error ? error : new Error(String(error)));
          }
        }
      });
      worker.on('error', (error) => inbox.put(error));
      worker.on('exit', (code) => {
        if (index === 0 || code !== 0) inbox.put(new Error(`thread ${index} ended early, with code ${code}`));
      });
      return worker;
    });
    if (augmentation !== undefined && slots !== undefined) {
      const from = course.from;
      const workerData: AugmenterData = {
        memory,
        ...{ augmentation, seed, epochs, batchSize: rows, train: data.train, slots },
        ...(from && { resumeFrom: { epoch: from.epoch, batch: from.batch, generators: from.generators } }),
      };
      const augmenter = new Worker(new URL('./augmenter.js', import.meta.url), { workerData, execArgv: [] });
      augmenter.on('error', (error) => inbox.put(error));
      augmenter.on('exit', (code) => {
        if (code !== 0) inbox.put(new Error(`the augmenting thread ended early, with code ${code}`));
      });
      workers.push(augmenter);
    }
    const stop = () => {
      Atomics.or(words, REQUEST_WORD, STOP);
      Atomics.notify(words, REQUEST_WORD);
    };
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
    try {
      while (this.#tensors === undefined) {
        const message = await inbox.take();
        if (message instanceof Error) throw message;
        if (message.kind === 'event') yield message.event;
        else if (message.kind === 'misfit') throw new StateError(message.message);
        else if (message.kind === 'diverged') {
          // The threads' samples are compressed, so what the inputs are like is seen from here.
          const inputs = inputRange(train.samples);
          throw new DivergenceError({ ...message.point, ...(inputs && { inputs }) });
        } else if (message.kind === 'snapshot') course.snapshot?.(message.snapshot);
        else if (message.kind === 'paused') course.paused?.(message.paused);
        else if (message.kind === 'tensors') this.#tensors = message.tensors;
      }
    } finally {
      signal?.removeEventListener('abort', stop);
      detach?.();
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
  }

  /**
   * The trained parameters: W1, b1, W2, b2, …
   *
   * @throws RangeError if the run has not come to its end
   */
  tensors(): NamedTensor[] {
    if (this.#tensors === undefined)
      throw new RangeError('ThreadedTrainer: expected run to have ended first');
    return this.#tensors;
  }
}

/** What the threads have said and nobody has taken yet, in order. */
class Inbox {
  readonly #waiting: (WorkerMessage | Error)[] = [];
  #wake: (() => void) | undefined;

  put(message: WorkerMessage | Error): void {
    this.#waiting.push(message);
    this.#wake?.();
  }

  async take(): Promise<WorkerMessage | Error> {
    while (this.#waiting.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#waiting.shift() as WorkerMessage | Error;
  }
}

/** The data with their samples in the kernels' memory. */
function loaded(kernels: WasmKernels, { train, validation, test }: TrainData): TrainData {
  return {
    train: { samples: kernels.load(train.samples), rows: train.rows },
    ...(validation && { validation: { samples: kernels.load(validation.samples), rows: validation.rows } }),
    ...(test && { test: kernels.load(test) }),
  };
}
