/** Everything that a run has reported, assembled from its messages. */

import type { EndEvent, EpochEvent } from '../../../../train/events.ts';
import type { RunMessage, RunPhase, RunSnapshot, RunStart, RunStatus } from '../../../protocol.ts';
import { everySecond, StepCurves } from './step-curves.ts';

/** Runs on few samples have very many epochs. */
export const MAX_KEPT_EPOCHS = 10_000;

/** Snapshots have images in them, so only so many are kept. */
export const MAX_KEPT_SNAPSHOTS = 64;

/** Where the run is. */
export interface RunPosition {
  /** Of the epoch that is running or, at the end, was the last; 0 before a start. */
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  readonly steps: number;
}

/** A run as far as it is known; a `start` begins it anew. */
export class RunRecord {
  start: RunStart | undefined;
  curves = new StepCurves(1);
  /** In their order, each once; of very many a selection, with the newest. */
  epochs: EpochEvent[] = [];
  /** In their order; of a long run a selection, with the newest. */
  snapshots: readonly RunSnapshot[] = [];
  state: RunStatus | undefined;
  end: EndEvent | undefined;
  /** Why it ended, where that was an error. */
  failed: string | undefined;

  /** Takes the next message. */
  add(message: RunMessage): void {
    switch (message.type) {
      case 'start':
        this.#begin(message);
        break;
      case 'steps':
        this.curves.add(message);
        break;
      case 'epoch':
        this.#addEpoch(message.epoch);
        break;
      case 'snapshot':
        this.#keep(message);
        break;
      case 'state':
        this.state = message;
        break;
      case 'end':
        this.end = message.end;
        break;
      case 'failed':
        this.failed = message.message;
        break;
    }
  }

  /** The state of the run; undefined before the first message. */
  get phase(): RunPhase | undefined {
    return this.end === undefined ? this.state?.state : 'ended';
  }

  get batchesPerEpoch(): number {
    return this.start?.start.batchesPerEpoch ?? 1;
  }

  get place(): RunPosition {
    const epochs = this.start?.start.epochs ?? 0;
    const perEpoch = this.batchesPerEpoch;
    const reported = this.epochs.at(-1)?.epoch ?? 0;
    const step = this.end?.steps ?? Math.max(this.curves.newest, reported * perEpoch);
    const running = Math.max(1, Math.ceil(step / perEpoch));
    return { epoch: Math.min(epochs, running), epochs, step, steps: epochs * perEpoch };
  }

  /** Of the last whole epoch or, before its end, of the steps so far; undefined before there are any. */
  get samplesPerSecond(): number | undefined {
    const last = this.epochs.at(-1);
    if (last !== undefined) return last.samplesPerSecond;
    const seconds = this.state?.seconds ?? 0;
    const first = this.curves.steps[0];
    if (this.start === undefined || first === undefined || seconds <= 0) return undefined;
    const { trainSamples, batchesPerEpoch } = this.start.start;
    return ((this.curves.newest - first + 1) * trainSamples) / batchesPerEpoch / seconds;
  }

  #begin(start: RunStart): void {
    this.start = start;
    this.curves = new StepCurves(start.start.batchesPerEpoch);
    this.epochs = [];
    this.snapshots = [];
    this.state = undefined;
    this.end = undefined;
    this.failed = undefined;
  }

  #addEpoch(epoch: EpochEvent): void {
    const last = this.epochs.at(-1);
    // A resumed run reports its epochs again from the checkpoint on.
    if (last !== undefined && epoch.epoch <= last.epoch) {
      this.epochs = this.epochs.filter((earlier) => earlier.epoch < epoch.epoch);
    }
    if (this.epochs.length >= MAX_KEPT_EPOCHS) this.epochs = everySecond(this.epochs);
    this.epochs.push(epoch);
  }

  #keep(snapshot: RunSnapshot): void {
    const kept = this.snapshots.length < MAX_KEPT_SNAPSHOTS ? this.snapshots : everySecond(this.snapshots);
    this.snapshots = [...kept, snapshot];
  }
}
