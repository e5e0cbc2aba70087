/** What `mlp train` shows of a run: lines, JSON or a bar, as the options have it. */

import type { BatchEvent, StartEvent } from '../../train/events.ts';
import type { TrainFlags } from '../options/train-flags.ts';
import type { Terminal } from '../text/terminal.ts';
import type { EventLog } from './event-log.ts';
import { EpochBar } from './progress.ts';

/** Keeps the bar and the lines out of each other's way. */
export class Screen {
  readonly #terminal: Terminal;
  readonly #options: Pick<TrainFlags, 'json' | 'quiet'>;
  #bar: EpochBar | undefined;

  constructor(terminal: Terminal, options: Pick<TrainFlags, 'json' | 'quiet'>) {
    this.#terminal = terminal;
    this.#options = options;
  }

  /** A line on stderr that goes with no event. */
  readonly warn = (line: string): void => {
    this.clear();
    this.#terminal.err(`warning: ${line}`);
  };

  /** An event as JSON: to the log, and with --json to stdout. */
  report<E extends { readonly event: string }>(log: EventLog | undefined, event: E): void {
    this.clear();
    log?.append(event);
    if (this.#options.json) this.#terminal.out(JSON.stringify(event));
  }

  /** The bar is drawn again by the next `progress`. */
  clear(): void {
    this.#bar?.clear();
  }

  /** @param done the part of the run that an earlier one has done */
  begin({ epochs, batchesPerEpoch }: StartEvent, line: string, done = 0): void {
    const { json, quiet } = this.#options;
    if (json || quiet) return;
    for (const one of line.split('\n')) this.#terminal.err(one);
    if (this.#terminal.redraws) this.#bar = new EpochBar(epochs, batchesPerEpoch, done);
  }

  progress({ epoch, batch, trainLoss }: BatchEvent): void {
    this.#bar?.update(epoch, batch, trainLoss);
  }

  /** A line on stdout that --quiet takes away. */
  line(text: string): void {
    const { json, quiet } = this.#options;
    if (!json && !quiet) this.#terminal.out(text);
  }

  /** A line that --quiet leaves. */
  result(line: string): void {
    if (!this.#options.json) this.#terminal.out(line);
  }
}
