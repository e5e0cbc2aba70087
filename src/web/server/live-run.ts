/** A training run that pages watch and steer: its messages from whoever trains, to whoever listens. */

import type { RunMessage, SampleImage } from '../protocol.ts';
import { RunHistory } from './run-history.ts';

/** What a page may do to a run. */
export interface RunActions {
  pause(): void;
  resume(): void;
  /** Ends the run, keeping what was trained; of a run that is over, ends the command that still shows it. */
  stop(): void;
}

/** Images by the numbers that snapshots name them by. */
export interface ProbeImages {
  readonly count: number;
  /** @param index from 0 up to, not including, `count` */
  at(index: number): SampleImage;
}

/** Takes a message as the text of JSON. */
export type Listener = (json: string) => void;

/**
 * The hub between a trainer and the pages that watch it. Publishing costs next to nothing while nobody listens; who
 * comes later is given the history first. A listener that throws is no concern of the trainer's, and is let go.
 */
export class LiveRun {
  readonly control: RunActions;
  /** The samples that snapshots name by number, where they are images. */
  probe: ProbeImages | undefined;
  readonly #history = new RunHistory();
  readonly #listeners = new Set<Listener>();

  constructor(control: RunActions) {
    this.control = control;
  }

  /** Whether anybody is listening just now. */
  get watched(): boolean {
    return this.#listeners.size > 0;
  }

  /** Adds a message to the history and sends it to all listeners. */
  publish(message: RunMessage): void {
    this.#history.add(message);
    if (!this.watched) return;
    const json = JSON.stringify(message);
    for (const listener of this.#listeners) {
      try {
        listener(json);
      } catch {
        this.#listeners.delete(listener);
      }
    }
  }

  /** The run so far, as JSON, a text a message; what comes next is for those who subscribe in the same turn. */
  history(): string[] {
    return this.#history.messages().map((message) => JSON.stringify(message));
  }

  /** Has all messages from now on; gives what ends it. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
