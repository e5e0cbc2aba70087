/** Server-sent events: a run's history and then what happens, to as many pages as are listening. */

import type { ServerResponse } from 'node:http';
import type { LiveRun } from './live-run.ts';

/** Pages that can listen at once. */
export const MAX_STREAMS = 32;
/** What a reader may be behind of what has happened since it came, in bytes of text. */
const MAX_BEHIND = 4 << 20;
/** So often something is written, lest anything between takes the connection for dead. */
const BEAT_EVERY = 15_000;

/** The open streams of a server. */
export class EventStreams {
  readonly #open = new Set<EventStream>();

  /** Whether no more can be opened. */
  get full(): boolean {
    return this.#open.size >= MAX_STREAMS;
  }

  /** Streams the run into the response, whose head has been written, until either side ends it. */
  add(response: ServerResponse, run: LiveRun): void {
    const stream = new EventStream(response, run);
    this.#open.add(stream);
    response.on('close', () => {
      stream.end();
      this.#open.delete(stream);
    });
  }

  /** Ends all of them, each after what it still has to say. */
  close(): void {
    for (const stream of this.#open) stream.end();
  }
}

class EventStream {
  readonly #response: ServerResponse;
  readonly #unsubscribe: () => void;
  readonly #beat: NodeJS.Timeout;
  /** What is yet to be written, from `#next` on; first the history, which counts for nothing in `#behind`. */
  readonly #queue: string[];
  #historyLeft: number;
  #next = 0;
  #behind = 0;
  #waiting = false;
  #ended = false;

  constructor(response: ServerResponse, run: LiveRun) {
    this.#response = response;
    this.#queue = run.history();
    this.#historyLeft = this.#queue.length;
    this.#unsubscribe = run.subscribe((json) => this.#add(json));
    this.#beat = setInterval(() => {
      if (!this.#waiting) response.write(':\n\n');
    }, BEAT_EVERY).unref();
    response.on('drain', () => {
      this.#waiting = false;
      this.#write();
    });
    response.write('retry: 1000\n\n');
    this.#write();
  }

  #add(json: string): void {
    this.#queue.push(json);
    this.#behind += json.length;
    if (!this.#waiting) this.#write();
    // It reads too slowly, or not at all. Should it come again, it gets the history, which is bounded.
    else if (this.#behind > MAX_BEHIND) this.#response.destroy();
  }

  /** Writes as much as the connection takes. */
  #write(): void {
    while (this.#next < this.#queue.length && !this.#waiting) {
      const json = this.#queue[this.#next];
      this.#queue[this.#next] = '';
      if (this.#historyLeft > 0) this.#historyLeft--;
      else this.#behind -= json.length;
      this.#next++;
      this.#waiting = !this.#response.write(`data: ${json}\n\n`);
    }
    if (this.#next < this.#queue.length) return;
    this.#queue.length = 0;
    this.#next = 0;
    if (this.#ended) this.#response.end();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#unsubscribe();
    clearInterval(this.#beat);
    if (this.#queue.length === 0) this.#response.end();
  }
}
