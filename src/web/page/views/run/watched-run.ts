/** The run that the page watches, as signals that change no oftener than can be seen. */

import { signal } from '@preact/signals';
import type { RunAction, RunSnapshot } from '../../../protocol.ts';
import { paced } from '../../charts/pace.ts';
import type { PageSource } from '../../source.ts';
import { RunRecord } from './run-record.ts';

/** Milliseconds between two drawings of the curves, and of a snapshot's images. */
const CURVES_EVERY = 100;
const SNAPSHOT_EVERY = 1000;

/** Where the server is: not yet heard, heard, or lost after that. */
export type Connection = 'waiting' | 'open' | 'lost';

/** One run, from the first to the last message. */
export class WatchedRun {
  readonly record = new RunRecord();
  /** Counts up whenever the record has something new to draw. */
  readonly drawn = signal(0);
  /** The snapshots so far; the same list until there is another. */
  readonly snapshots = signal<readonly RunSnapshot[]>([]);
  readonly connection = signal<Connection>('waiting');
  /** What the page has asked of the run, until its state says that it is done. */
  readonly asked = signal<RunAction | undefined>(undefined);
  /** Why that could not be asked. */
  readonly refusal = signal<string | undefined>(undefined);
  readonly #source: PageSource;

  constructor(source: PageSource) {
    this.#source = source;
  }

  /**
   * Listens until the function that is given is called.
   *
   * @param ended hears of the end
   */
  listen(ended: () => void): () => void {
    const { record } = this;
    const draw = paced(() => {
      this.drawn.value++;
    }, CURVES_EVERY);
    const look = paced(() => {
      this.snapshots.value = record.snapshots;
    }, SNAPSHOT_EVERY);
    return this.#source.listen({
      message: (message) => {
        record.add(message);
        if (message.type === 'state' || message.type === 'end') this.asked.value = undefined;
        if (message.type === 'start' || message.type === 'snapshot') look();
        if (message.type === 'end') ended();
        draw();
      },
      connected: (connected) => {
        this.connection.value = connected ? 'open' : 'lost';
      },
    });
  }

  /** Pauses, resumes or stops the run. */
  async ask(action: RunAction): Promise<void> {
    this.asked.value = action;
    this.refusal.value = undefined;
    try {
      await this.#source.control(action);
    } catch (error) {
      this.asked.value = undefined;
      this.refusal.value = (error as Error).message;
    }
  }
}
