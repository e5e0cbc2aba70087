/** The messages of a run so far, in an amount that does not grow with the run. */

import type { RunMessage, RunSnapshot, RunSteps } from '../protocol.ts';

/** Beyond so many steps every second one is let go. */
export const MAX_HISTORY_STEPS = 20_000;
export const MAX_HISTORY_EPOCHS = 5_000;
/** Snapshots have images in them. */
export const MAX_HISTORY_SNAPSHOTS = 24;

/** Decimal places that a curve shows; a loss has sixteen, which are three times as long. */
const DIGITS = 6;

/** A list that, when full, lets every second entry go, and from then on takes every second of what comes. */
export class ThinnedList<T> {
  readonly #most: number;
  #entries: T[] = [];
  #stride = 1;
  #count = 0;
  #newest: T | undefined;

  /** @param most how many entries it holds at most, besides the newest */
  constructor(most: number) {
    this.#most = most;
  }

  /** How many of those that came lie between one entry and the next. */
  get stride(): number {
    return this.#stride;
  }

  add(entry: T): void {
    if (this.#count++ % this.#stride === 0) this.#entries.push(entry);
    this.#newest = entry;
    if (this.#entries.length <= this.#most) return;
    this.#entries = this.#entries.filter((_, i) => i % 2 === 0);
    this.#stride *= 2;
  }

  /** The entries, each `stride` after the one before. */
  entries(): readonly T[] {
    return this.#entries;
  }

  /** The entries and, if it is not among them, the newest. */
  withNewest(): readonly T[] {
    const newest = this.#newest;
    return newest === undefined || this.#entries.at(-1) === newest
      ? this.#entries
      : [...this.#entries, newest];
  }
}

interface HistoryStep {
  readonly number: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly learningRate: number;
}

/** The messages that a page receives first if it opens during a run. A `start` clears them. */
export class RunHistory {
  #start: RunMessage | undefined;
  #steps = new ThinnedList<HistoryStep>(MAX_HISTORY_STEPS);
  #epochs = new ThinnedList<RunMessage>(MAX_HISTORY_EPOCHS);
  #snapshots = new ThinnedList<RunSnapshot>(MAX_HISTORY_SNAPSHOTS);
  #state: RunMessage | undefined;
  #over: RunMessage | undefined;

  add(message: RunMessage): void {
    switch (message.type) {
      case 'start':
        this.#start = message;
        this.#steps = new ThinnedList(MAX_HISTORY_STEPS);
        this.#epochs = new ThinnedList(MAX_HISTORY_EPOCHS);
        this.#snapshots = new ThinnedList(MAX_HISTORY_SNAPSHOTS);
        this.#over = undefined;
        break;
      case 'steps':
        this.#addSteps(message);
        break;
      case 'epoch':
        this.#epochs.add(message);
        break;
      case 'snapshot':
        this.#snapshots.add(message);
        break;
      case 'state':
        this.#state = message;
        break;
      default:
        this.#over = message;
    }
  }

  #addSteps({ firstStep, stride, losses, accuracies, learningRates }: RunSteps): void {
    losses.forEach((loss, i) => {
      this.#steps.add({
        number: firstStep + i * stride,
        loss,
        accuracy: accuracies[i],
        learningRate: learningRates[i],
      });
    });
  }

  /** All that is remembered, in an order in which it could have happened. */
  messages(): RunMessage[] {
    const steps = this.#steps.entries();
    const stepMessage: RunSteps | undefined =
      steps.length === 0
        ? undefined
        : {
            type: 'steps',
            firstStep: steps[0].number,
            stride: this.#steps.stride,
            losses: steps.map(({ loss }) => rounded(loss)),
            accuracies: steps.map(({ accuracy }) => rounded(accuracy)),
            learningRates: steps.map(({ learningRate }) => rounded(learningRate)),
          };
    return [
      this.#start,
      stepMessage,
      ...this.#epochs.withNewest(),
      ...this.#snapshots.withNewest(),
      this.#state,
      this.#over,
    ].filter((message) => message !== undefined);
  }
}

const rounded = (value: number) => Number(value.toPrecision(DIGITS));
