/**
 * Looks at a run while it trains: asks for its weights, and has a thread of its own run probe samples through them. A
 * command that shows a run to a page uses it like this:
 *
 *     const control = new RunControl();
 *     const monitor = new RunMonitor({ spec, data, shape, control, view: (view) => live.publish(snapshotMessage(view)) });
 *     const course = { ...others, control, snapshot: monitor.snapshot, paused: (now) => live.publish(stateMessage(now)) };
 *     for await (const event of trainer.run(signal, course)) live.publish(…); // `batch` events hold every step's figures
 *     const last = { step: end.steps, epoch: end.bestEpoch ?? end.epochs, batch: start.batchesPerEpoch };
 *     const tested = await monitor.finish({ ...last, parameters: trainer.tensors() }, !end.interrupted);
 *
 * The page's buttons call `control.pause()`, `control.resume()`, and abort the signal. `monitor.watched` is to be true
 * while a page is open, and `monitor.sample(index)` gives the digit of a `Mistake`.
 */

import { Worker } from 'node:worker_threads';
import type { NetworkSpec } from '../../network/network.ts';
import type { TrainData } from '../config.ts';
import type { Classification, NetworkSnapshot } from '../watch/monitor.ts';
import { type Probe, probeOf } from '../watch/probe.ts';
import type { RunControl, WeightSnapshot } from '../watch/run-control.ts';
import type { MonitorAnswer, MonitorData, MonitorQuestion } from './monitor-worker.ts';

/** While somebody watches, there is a view about this often, in milliseconds. */
const WATCHED_EVERY = 1000;

/** How often it looks whether it is time to ask the run for its weights. */
const ASK_EVERY = 50;

/** After a view there is a rest this many times as long as it took: looking costs at most a tenth of one core. */
const REST_FACTOR = 9;

export interface RunMonitorOptions {
  readonly spec: NetworkSpec;
  readonly data: TrainData;
  /** Rows and columns of the inputs, where they are images. */
  readonly shape?: readonly [number, number];
  /** Of the run, which is to be given `snapshot` as `course.snapshot`. */
  readonly control: RunControl;
  /** Receives what there is to see: at first, where epochs end, and in between while somebody watches. */
  readonly view: (view: NetworkSnapshot) => void;
  /** Called once when the monitor fails: there are no more snapshots, and the run continues. */
  readonly failed?: (error: Error) => void;
}

/** One sample of those that a run is looked at with. */
export interface MonitorSample {
  readonly label: number;
  /** [cols], not scaled. */
  readonly values: Uint8Array | Float32Array;
}

/**
 * To be made just before one run, and to be ended with `finish` or `close`. Neither it nor its thread keeps the process
 * alive; whatever goes wrong in it, the run never hears of.
 *
 * @throws RangeError if there are no samples to look with
 */
export class RunMonitor {
  /** Whether somebody watches. Otherwise there is a view at the start and where epochs end. */
  watched = false;
  readonly probe: Probe;
  /** To be given to the run as `course.snapshot`. */
  readonly snapshot: (snapshot: WeightSnapshot) => void;
  readonly #options: RunMonitorOptions;
  readonly #worker: Worker;
  readonly #timer: NodeJS.Timeout;
  /** Those whose questions the thread has not answered yet, in order. */
  readonly #waiting: ((answer: MonitorAnswer | undefined) => void)[] = [];
  /** Came while the thread was busy. */
  #next: WeightSnapshot | undefined;
  #over = false;
  /** Whether the weights of an epoch's end have been asked for. */
  #asked = false;
  /** When it may ask again. */
  #restsUntil = 0;
  #lastSnapshot = 0;
  #lastStep = -1;

  constructor(options: RunMonitorOptions) {
    this.#options = options;
    this.probe = probeOf(options.data);
    const { spec, shape, control } = options;
    const workerData: MonitorData = { spec, samples: this.probe.samples, shape };
    this.#worker = new Worker(new URL('./monitor-worker.js', import.meta.url), { workerData, execArgv: [] });
    this.#worker.on('message', (answer: MonitorAnswer) => this.#waiting.shift()?.(answer));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', (code) => this.#end(new Error(`the monitor's thread ended with code ${code}`)));
    this.#worker.unref();
    this.snapshot = (snapshot) => this.#take(snapshot);
    this.#timer = setInterval(() => this.#ask(), ASK_EVERY).unref();
    control.requestSnapshot();
  }

  /**
   * Of a `Mistake`: the probe samples count from 0, and those of the test set on from where they end.
   *
   * @throws RangeError if there is no such sample
   */
  sample(index: number): MonitorSample {
    const { samples } = this.probe;
    const { test } = this.#options.data;
    const most = samples.count + (test?.count ?? 0);
    if (!Number.isInteger(index) || index < 0 || index >= most) {
      throw new RangeError(
        `RunMonitor: expected the number of a sample, from 0 to ${most - 1}, got ${index}`,
      );
    }
    const set = index < samples.count || test === undefined ? samples : test;
    const row = index - (set === samples ? 0 : samples.count);
    return {
      label: set.labels[row],
      values: set.values.slice(row * set.cols, (row + 1) * set.cols),
    };
  }

  /**
   * To be called when the run has ended, with the weights that are kept: there is a last view of them, and the test set,
   * if there is one, is classified. The `index` of its mistakes is that of `sample`. After that there are no more views.
   *
   * @param test whether the test set is to be opened
   */
  async finish(kept?: WeightSnapshot, test = true): Promise<Classification | undefined> {
    this.#worker.ref();
    const last = [this.#next, kept].filter((snapshot) => snapshot !== undefined);
    this.#next = undefined;
    this.#asked = true;
    for (const snapshot of last) this.#look(snapshot);
    const samples = test ? this.#options.data.test : undefined;
    const question: MonitorQuestion =
      kept === undefined || samples === undefined
        ? { kind: 'rest' }
        : { kind: 'classify', samples, parameters: kept.parameters };
    const answer = await this.#put(question);
    await this.close();
    if (answer?.kind !== 'classify') return undefined;
    const { classification } = answer;
    const first = this.probe.samples.count;
    const mistakes = classification.mistakes.map(({ index, ...rest }) => ({ index: first + index, ...rest }));
    return { ...classification, mistakes };
  }

  /** Ends the thread at once. */
  async close(): Promise<void> {
    this.#end();
    await this.#worker.terminate();
  }

  /** Asks the run for its weights, if it is time to. */
  #ask(): void {
    const now = performance.now();
    if (this.#over || this.#waiting.length > 0 || now < this.#restsUntil) return;
    const { control } = this.#options;
    if (!this.#asked) control.requestSnapshot('epoch-end');
    this.#asked = true;
    if (this.watched && now - this.#lastSnapshot >= WATCHED_EVERY) control.requestSnapshot();
  }

  #take(snapshot: WeightSnapshot): void {
    this.#lastSnapshot = performance.now();
    this.#asked = false;
    // A paused run has nothing new to show.
    if (this.#over || snapshot.step === this.#lastStep) return;
    this.#lastStep = snapshot.step;
    if (this.#waiting.length > 0) this.#next = snapshot;
    else this.#look(snapshot);
  }

  async #look(snapshot: WeightSnapshot): Promise<void> {
    const answer = await this.#put({ kind: 'look', snapshot });
    if (answer?.kind !== 'look' || this.#over) return;
    this.#restsUntil = performance.now() + REST_FACTOR * answer.took;
    try {
      this.#options.view(answer.view);
    } catch (error) {
      this.#end(error instanceof Error ? error : new Error(String(error)));
    }
    const next = this.#next;
    this.#next = undefined;
    if (next !== undefined) this.#look(next);
  }

  /** What the thread answers; undefined if it has ended. */
  #put(question: MonitorQuestion): Promise<MonitorAnswer | undefined> {
    if (this.#over) return Promise.resolve(undefined);
    this.#worker.postMessage(question);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** @param error what ended it, unless it was closed */
  #end(error?: Error): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#timer);
    for (const resolve of this.#waiting.splice(0)) resolve(undefined);
    if (error !== undefined) this.#options.failed?.(error);
  }
}
